import { describe, expect, it } from 'vitest'
import { destroy } from '../../../src/commands/destroy/run.ts'
import { asked } from '../../support/asked.ts'
import { freshAccount } from '../../support/fresh-account.ts'
import type { Step } from '../../support/scripted-prompter.ts'
import type { Account } from '../../support/tool.ts'

const OURS = 'cloudtrail-pd 123456789012 us-east-1'
const INIT = ['init', '--yes', '--detections', 'root-account-usage', '--create-integration']
const DELETE: Step = ['Delete these', true]

interface Json {
  readonly deleted: readonly string[]
  readonly kept: readonly { readonly resource: string; readonly why: string }[]
  readonly failed: readonly unknown[]
}

async function withIntegration(...where: string[]): Promise<Account> {
  const aws = await freshAccount()
  const words = where.length === 0 ? ['--pagerduty-service', 'Security'] : where
  const made = await aws.runWithToken([...INIT, ...words])
  expect(made.exit, made.stdout + made.stderr).toBe(0)
  return aws
}

function names({ pagerDuty }: Account): readonly string[] {
  return pagerDuty.state.integrations.map(({ name }) => name)
}

async function atTerminal(aws: Account, steps: readonly Step[]) {
  const run = asked(aws, steps)
  const report = await destroy({}, run.context)
  run.played.finish()
  return { exit: report.exit, json: report.json as Json }
}

describe('destroy and the integration that init made', () => {
  it('deletes it when the person says so', async () => {
    const aws = await withIntegration()
    const { exit, json } = await atTerminal(aws, [DELETE, [`Also delete integration "${OURS}"`, true]])
    expect(exit).toBe(0)
    expect(json.deleted).toContain(OURS)
    expect(names(aws)).toEqual(['AWS CloudTrail', 'Events API V2'])
  })

  it('keeps it by default, and names it with its page', async () => {
    const aws = await withIntegration()
    const { json } = await atTerminal(aws, [DELETE, [`Also delete integration "${OURS}"`, 'enter']])
    const kept = json.kept.find(({ resource }) => resource === OURS)
    expect(kept?.why).toMatch(
      /it is kept; delete it on the page of service Security \(https:\/\/sandbox\.pagerduty\.com/,
    )
    expect(names(aws)).toContain(OURS)
  })

  it('keeps it with --yes, which nobody meant for PagerDuty', async () => {
    const aws = await withIntegration()
    const result = await aws.runWithToken(['destroy', '--yes', '--json'])
    expect(result.exit, result.stdout).toBe(0)
    expect((result.json() as unknown as Json).kept.map(({ resource }) => resource)).toContain(OURS)
    expect(aws.pagerDuty.calls.filter((call) => call.startsWith('DELETE'))).toEqual([])
  })

  it('asks about it again when the chain in AWS is gone already', async () => {
    const aws = await withIntegration()
    await aws.runWithToken(['destroy', '--yes', '--delete-trail', '--delete-logs'])
    const { json } = await atTerminal(aws, [[`Also delete integration "${OURS}"`, true]])
    expect(json.deleted).toEqual([OURS])
  })

  it.each([
    ['does not know the call', { status: 404 }, 'PagerDuty still lists it'],
    [
      'refuses it',
      { status: 403, body: '{"error":{"message":"Access denied"}}' },
      'the PagerDuty token is not allowed to call DELETE',
    ],
    ['fails', { status: 500 }, 'PagerDuty failed at DELETE'],
  ] as const)('keeps it when PagerDuty %s, and says why', async (_, answer, why) => {
    const aws = await withIntegration()
    aws.pagerDuty.fail({ method: 'DELETE', answer, times: 9 })
    const { exit, json } = await atTerminal(aws, [DELETE, [`Also delete integration "${OURS}"`, true]])
    expect(exit).toBe(0)
    expect(json.kept.find(({ resource }) => resource === OURS)?.why).toContain(why)
    expect(json.failed).toEqual([])
  })

  it('never touches an integration of another name, vendor or chain', async () => {
    const aws = await withIntegration()
    const { integrations } = aws.pagerDuty.state
    const [first] = integrations
    if (first === undefined) throw new Error('the seed has an integration')
    integrations.push({ ...first, id: 'PA', name: 'audit 123456789012 us-east-1' })
    integrations.push({ ...first, id: 'PB', name: OURS, vendorId: 'PSBX001' })
    await atTerminal(aws, [DELETE, [`Also delete integration "${OURS}"`, true]])
    expect(integrations.map(({ id }) => id)).toEqual(['PINTEG1', 'PINTEG2', 'PA', 'PB'])
  })

  it('names a routing key that init made, which only the web page deletes', async () => {
    const aws = await withIntegration('--pagerduty-orchestration', 'Security events')
    const { json } = await atTerminal(aws, [DELETE])
    expect(json.kept.find(({ resource }) => resource === OURS)?.why).toContain('orchestration Security events')
  })

  it('goes on without PagerDuty when the token is refused', async () => {
    const aws = await withIntegration()
    const result = await aws.runWithToken(['destroy', '--yes', '--json'], {
      env: { PAGERDUTY_TOKEN: 'wrong-token-00000000' },
    })
    expect(result.exit).toBe(0)
    expect(result.stderr).toContain('PagerDuty was not checked')
    expect(aws.sandbox.state.topics).toEqual({})
  })

  it('is not looked for without a token', async () => {
    const aws = await withIntegration()
    const before = aws.pagerDuty.calls.length
    const result = await aws.run(['destroy', '--yes', '--json'])
    expect(result.exit).toBe(0)
    expect(aws.pagerDuty.calls).toHaveLength(before)
  })
})
