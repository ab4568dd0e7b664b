import { describe, expect, it } from 'vitest'
import { freshAccount } from '../../support/fresh-account.ts'
import type { Account } from '../../support/tool.ts'

interface Finding {
  readonly check: string
  readonly status: string
  readonly evidence: string
  readonly fix?: { readonly lines?: readonly string[] }
}

async function withChain(...words: string[]): Promise<Account> {
  const aws = await freshAccount()
  const made = await aws.runWithToken(['init', '--yes', '--detections', 'root-account-usage', ...words])
  expect(made.exit, made.stdout + made.stderr).toBe(0)
  return aws
}

async function pagerdutyOf(aws: Account): Promise<readonly Finding[]> {
  const { findings } = (await aws.runWithToken(['doctor', '--json'])).json() as unknown as { findings: Finding[] }
  return findings.filter(({ check }) => check.startsWith('pagerduty.'))
}

function statuses(findings: readonly Finding[], ...checks: string[]): readonly string[] {
  return checks.map((check) => `${check} ${findings.find((one) => one.check === `pagerduty.${check}`)?.status}`)
}

const SERVICE = ['--pagerduty-service', 'Security']
const ORCHESTRATION = ['--pagerduty-orchestration', 'Security events']

describe('doctor with a token', () => {
  it("finds PagerDuty's side of a fresh chain well, and who is on call", async () => {
    const findings = await pagerdutyOf(await withChain(...SERVICE))
    expect(findings.filter(({ status }) => status === 'fail' || status === 'warn')).toEqual([])
    expect(statuses(findings, 'token', 'region', 'integration', 'service-active', 'on-call')).toEqual([
      'token pass',
      'region pass',
      'integration pass',
      'service-active pass',
      'on-call pass',
    ])
    expect(findings.find(({ check }) => check === 'pagerduty.on-call')?.evidence).toBe('Security: Sandbox Responder')
  })

  it('sees a key that was deleted', async () => {
    const aws = await withChain(...SERVICE)
    aws.pagerDuty.state.integrations = []
    expect(statuses(await pagerdutyOf(aws), 'integration')).toEqual(['integration fail'])
  })

  it('sees a disabled service, nobody on call, and a maintenance window with its end', async () => {
    const aws = await withChain(...SERVICE)
    const { state } = aws.pagerDuty
    for (const policy of state.escalationPolicies) policy.onCallUserIds = []
    const now = aws.sandbox.clock.now().getTime()
    const at = (minutes: number) => new Date(now + minutes * 60_000).toISOString()
    state.maintenanceWindows.push({ id: 'PW', start: at(-60), end: at(60), description: '', serviceIds: ['PSECURE'] })
    const findings = await pagerdutyOf(aws)
    expect(statuses(findings, 'on-call', 'maintenance')).toEqual(['on-call fail', 'maintenance warn'])
    expect(findings.find(({ check }) => check === 'pagerduty.maintenance')?.evidence).toBe(`Security until ${at(60)}`)
    state.maintenanceWindows = []
    for (const service of state.services) service.status = 'disabled'
    expect(statuses(await pagerdutyOf(aws), 'service-active')).toEqual(['service-active fail'])
  })

  it('sees rules that suppress', async () => {
    const aws = await withChain(...ORCHESTRATION)
    aws.pagerDuty.state.serviceOrchestrations.push({ serviceId: 'PSECURE', active: true, suppress: true })
    expect(statuses(await pagerdutyOf(aws), 'suppression')).toEqual(['suppression fail'])
  })

  it('sees an orchestration that routes nowhere, and gives the rules for this topic', async () => {
    const aws = await withChain(...ORCHESTRATION)
    for (const one of aws.pagerDuty.state.orchestrations) one.rules = []
    const route = (await pagerdutyOf(aws)).find(({ check }) => check === 'pagerduty.orchestration-route')
    expect(route?.status).toBe('fail')
    expect(route?.fix?.lines?.join('\n')).toContain('123456789012:cloudtrail-pd-alerts')
    const { stdout } = await aws.runWithToken(['doctor'])
    expect(stdout).toContain("raw_event.Subject matches part 'OK: '")
  })

  it('does not take conditions that it cannot read for a proof', async () => {
    const aws = await withChain(...ORCHESTRATION)
    for (const { rules } of aws.pagerDuty.state.orchestrations) {
      for (const rule of rules) rule.conditions = ["event.summary matches part 'ALARM'"]
    }
    const route = (await pagerdutyOf(aws)).find(({ check }) => check === 'pagerduty.orchestration-route')
    expect(route).toMatchObject({ status: 'pass', note: expect.stringContaining('only a drill proves it') })
  })

  it('asks for services and integrations in pages, not one by one', async () => {
    const aws = await withChain(...SERVICE)
    const { state, calls } = aws.pagerDuty
    const [first] = state.services
    if (first === undefined) throw new Error('the seed has a service')
    for (let n = 0; n < 20; n += 1) state.services.push({ ...first, id: `PX${n}`, name: `A ${n}` })
    const before = calls.length
    await pagerdutyOf(aws)
    // Two a page: 11 pages, and a dozen questions about the one service.
    expect(calls.slice(before).filter((call) => call === 'GET /services').length).toBeLessThanOrEqual(12)
    expect(calls.slice(before).filter((call) => /^GET \/services\/PX/.test(call))).toEqual([])
  })

  it('takes the token from a file', async () => {
    const aws = await withChain(...SERVICE)
    const result = await aws.runWithToken(['doctor', '--json', '--pagerduty-token-file', 't'], {
      env: { PAGERDUTY_TOKEN: '' },
      files: { t: 'sandbox-token-000000' },
    })
    const { findings } = result.json() as unknown as { findings: Finding[] }
    expect(statuses(findings, 'token')).toEqual(['token pass'])
  })
})
