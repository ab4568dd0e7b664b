import { afterEach, describe, expect, it } from 'vitest'
import { type Account, anAccount, KEY } from '../tool.ts'

const opened: Account[] = []

async function account(): Promise<Account> {
  const fresh = await anAccount()
  opened.push(fresh)
  return fresh
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()))
})

const INIT = ['init', '--yes', '--json', '--detections', 'root-account-usage']
const OURS = 'cloudtrail-pd 123456789012 us-east-1'

function posts({ pagerDuty }: Account): readonly string[] {
  return pagerDuty.calls.filter((call) => !call.startsWith('GET '))
}

describe('a token instead of a key', () => {
  it('fetches the key of the service’s integration and makes nothing in PagerDuty', async () => {
    const aws = await account()
    const result = await aws.runWithToken([...INIT, '--pagerduty-service', 'Security'])
    expect(result.exit, result.stdout + result.stderr).toBe(0)
    expect(result.json()).toMatchObject({ status: 'applied', subscription: { status: 'confirmed' } })
    expect(JSON.stringify(result.json().subscription)).toContain(KEY.slice(-4))
    expect(posts(aws)).toEqual([])
    expect(result.stderr).toContain('pages go to service Security, on call now: Sandbox Responder')
    expect(result.stdout + result.stderr).not.toContain(KEY)
  })

  it('makes an integration of its own, says so in the plan, and finds it again', async () => {
    const aws = await account()
    const words = [...INIT, '--pagerduty-service', 'Security', '--create-integration']
    const planned = await aws.runWithToken([...words.filter((word) => word !== '--yes'), '--dry-run'])
    expect(planned.json().changes).toContainEqual(
      expect.objectContaining({ link: 'pagerduty', action: 'create', resource: OURS }),
    )
    expect(posts(aws)).toEqual([])
    const made = await aws.runWithToken(words)
    expect(made.exit, made.stdout + made.stderr).toBe(0)
    expect(made.json()).toMatchObject({ status: 'applied', subscription: { status: 'confirmed' } })
    expect(made.json().created).toContain(OURS)
    const again = await aws.runWithToken(words)
    expect(again.json()).toMatchObject({ status: 'unchanged' })
    expect(posts(aws)).toEqual(['POST /services/PSECURE/integrations'])
    const own = aws.pagerDuty.state.integrations.find(({ name }) => name === OURS)
    expect(own?.vendorId).toBe('PSBXTRL')
    expect(made.stdout + made.stderr + again.stdout).not.toContain(own?.key)
  })
})
