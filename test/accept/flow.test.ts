import { describe, expect, it } from 'vitest'
import { judged, passed, reportOf } from '../../accept/report.ts'
import type { InjectedFault } from '../../src/sandbox/aws/faults.ts'
import { SANDBOX_INTEGRATION_KEY, SANDBOX_ROUTING_KEY } from '../../src/sandbox/pagerduty/state.ts'
import { freshAccount } from '../support/fresh-account.ts'
import type { Account } from '../support/tool.ts'
import { acceptIn, NAME, stepsOf } from './sandbox-host.ts'

const BUCKET = `${NAME}-123456789012-us-east-1`

/** What stands in the account, apart from the bucket with its record. */
function standing({ sandbox: { state } }: Account): readonly string[] {
  return [state.trails, state.logGroups, state.topics, state.alarms, state.roles].flatMap((kind) => Object.keys(kind))
}

function resultsOf(outcome: Parameters<typeof judged>[0]): Readonly<Record<string, string>> {
  return Object.fromEntries(judged(outcome).map(({ assumption, result }) => [assumption, result]))
}

describe('an acceptance run', { timeout: 60_000 }, () => {
  it('does every step, pages twice, and leaves the record of events alone', async () => {
    const account = await freshAccount()
    const run = await acceptIn(account)
    expect(stepsOf(run)).toEqual([
      'name-is-free done',
      'integrations done',
      'init done',
      'first-ok done',
      'test-api-call done',
      'doctor done',
      'events done',
      'rotation done',
      'prune done',
      'test-alarm-state done',
      'role-conditions done',
      'destroy done',
      'remove-integrations done',
    ])
    expect(account.pagerDuty.state.incidents.map(({ status }) => status)).toEqual(['resolved', 'resolved'])
    expect(account.pagerDuty.state.integrations.map(({ name }) => name)).toEqual(['AWS CloudTrail', 'Events API V2'])
    expect(standing(account)).toEqual([])
    expect(run.outcome.left).toEqual([
      {
        resource: BUCKET,
        why: 'the bucket holds objects, which are the audit record',
        remove: `aws s3 rb s3://${BUCKET} --force`,
      },
    ])
    expect(passed(run.outcome)).toBe(true)
  })

  it('asks before whatever pages, and first of all before it makes anything', async () => {
    const run = await acceptIn(await freshAccount())
    expect(run.asked).toEqual([
      'Make two integrations in PagerDuty service "PSECURE", to be deleted at the end?',
      'Make a chain named pd-accept in the sandbox?',
      'Start a fire drill by an API call? This pages whoever is on call.',
      'Subscribe the second key, and then unsubscribe the first?',
      'Start a second fire drill, by setting the alarm? This pages again.',
    ])
  })

  it('that may not page pages no one, does the rest, and removes it', async () => {
    const account = await freshAccount()
    const run = await acceptIn(account, { agrees: (question) => !question.includes('drill') })
    expect(stepsOf(run)).toEqual(
      expect.arrayContaining([
        'test-api-call declined',
        'events skipped',
        'rotation done',
        'test-alarm-state declined',
      ]),
    )
    expect(account.pagerDuty.state.incidents).toEqual([])
    expect(standing(account)).toEqual([])
    expect(passed(run.outcome)).toBe(false)
  })

  it('that is not agreed to makes nothing', async () => {
    const account = await freshAccount()
    const run = await acceptIn(account, { agrees: () => false })
    expect(stepsOf(run)).toEqual(['name-is-free done', 'integrations declined'])
    expect(account.writes()).toEqual([])
    expect(account.pagerDuty.state.integrations).toHaveLength(2)
  })

  it('makes nothing and removes nothing where a chain of that name stands', async () => {
    const account = await freshAccount()
    await account.run(['init', '--yes', '--name', NAME, '--detections', 'root-account-usage'])
    account.calls()
    const run = await acceptIn(account)
    expect(stepsOf(run)).toEqual(['name-is-free failed'])
    expect(run.said.join('\n')).toContain(
      `a chain named ${NAME} stands already; remove it with npx cloudtrail-pd destroy`,
    )
    expect(account.writes()).toEqual([])
  })

  it('says what the tool said where the account cannot be read', async () => {
    const account = await freshAccount({
      faults: [{ operation: 'DescribeAlarms', every: true, kind: 'access-denied' }],
    })
    const run = await acceptIn(account)
    const [step] = run.outcome.steps
    expect(step).toMatchObject({ step: 'name-is-free', status: 'failed' })
    expect(step?.why).toMatch(/^exit 3: .*cloudwatch:DescribeAlarms/i)
    expect(run.said.join('\n')).toContain(step?.why)
  })

  it.each<[string, InjectedFault, string]>([
    ['init', { operation: 'PutMetricAlarm', every: true, kind: 'access-denied' }, 'init failed'],
    ['the drill', { operation: 'SetAlarmState', every: true, kind: 'access-denied' }, 'test-alarm-state failed'],
    [
      'the search for the record',
      { operation: 'FilterLogEvents', every: true, kind: 'access-denied' },
      'events failed',
    ],
  ])('ends with destroy when %s fails', async (_, fault, step) => {
    const account = await freshAccount({ faults: [fault] })
    const run = await acceptIn(account)
    expect(stepsOf(run)).toContain(step)
    expect(stepsOf(run)).toContain('destroy done')
    expect(standing(account)).toEqual([])
    expect(account.pagerDuty.state.integrations).toHaveLength(2)
  })

  it('runs destroy again when it fails, and names what is left when it fails twice', async () => {
    const account = await freshAccount({
      faults: [{ operation: 'DeleteTopic', nth: 1, times: 99, kind: 'access-denied' }],
    })
    const run = await acceptIn(account)
    expect(run.lines.filter((line) => line.startsWith('destroy --delete-trail'))).toHaveLength(2)
    expect(run.outcome.left.map(({ resource }) => resource)).toContain(
      'arn:aws:sns:us-east-1:123456789012:pd-accept-alerts',
    )
    expect(stepsOf(run)).toContain('destroy failed')
    expect(passed(run.outcome)).toBe(false)
  })

  it.each(['init', 'test', 'events', 'init --prune'])('that is stopped in %s goes on to destroy', async (command) => {
    const account = await freshAccount()
    const [word = '', flag = ''] = command.split(' ')
    const run = await acceptIn(account, {
      before: (line, interrupt) => {
        if (line.startsWith(`${word} `) && line.includes(flag)) interrupt()
      },
    })
    expect(
      stepsOf(run).filter((step) => step.endsWith('interrupted')),
      stepsOf(run).join(),
    ).toHaveLength(1)
    expect(stepsOf(run)).toContain('destroy done')
    expect(standing(account)).toEqual([])
    expect(account.pagerDuty.state.integrations).toHaveLength(2)
  })

  it('without a token sees AWS, and cannot tell what PagerDuty does', async () => {
    const account = await freshAccount()
    const keys = [SANDBOX_INTEGRATION_KEY, undefined] as const
    const run = await acceptIn(account, { token: false, service: undefined, keys })
    expect(stepsOf(run)).toEqual(expect.arrayContaining(['test-api-call done', 'rotation skipped', 'prune skipped']))
    const results = resultsOf(run.outcome)
    expect(results).toMatchObject({ 'user-agent-suffix': 'seen', 'confirms-itself': 'seen', 'first-ok': 'seen' })
    expect(results).toMatchObject({
      'incident-title': 'cannot tell',
      'alert-key': 'cannot tell',
      'ok-resolves': 'cannot tell',
    })
  })

  it.each<[string, readonly InjectedFault[]]>([
    ['ends', []],
    ['breaks off', [{ operation: 'UpdateTrail', nth: 6, times: 99, kind: 'access-denied' }]],
  ])('puts the trust policy of its role back when the experiment %s', async (_, faults) => {
    const account = await freshAccount({ faults })
    const trusts: string[] = []
    const noted = () => trusts.push(...Object.values(account.sandbox.state.roles).map(({ trust }) => trust))
    await acceptIn(account, {
      before: (line) => {
        if (line.startsWith('test --via alarm-state') || line.startsWith('destroy --delete-trail')) noted()
      },
    })
    const changes = account.sandbox.calls.filter(({ operation }) => operation === 'UpdateAssumeRolePolicy')
    expect(changes.length).toBeGreaterThanOrEqual(2)
    expect(trusts[1]).toBe(trusts[0])
    expect(trusts[0]).not.toContain('Condition')
  })

  it('through an orchestration says how the alarm was read there', async () => {
    const account = await freshAccount()
    const keys = [SANDBOX_ROUTING_KEY, undefined] as const
    const run = await acceptIn(account, { route: 'global-orchestration', service: undefined, keys })
    const found = judged(run.outcome).find(({ assumption }) => assumption === 'x-ere-parsing')
    expect(found).toEqual({
      assumption: 'x-ere-parsing',
      result: 'seen',
      detail: 'fields of the alarm parsed, keyed by alarm name, titled by subject, resolved by OK',
    })
    expect(run.asked[0]).toContain('The confirmation of its subscription may page.')
  })

  it('with a trail that was there uses it, and gives it back', async () => {
    const account = await freshAccount()
    await account.run(['init', '--yes', '--name', 'company', '--detections', 'root-account-usage'])
    const run = await acceptIn(account, { trail: 'company' })
    expect(stepsOf(run)).toContain('test-api-call done')
    expect(resultsOf(run.outcome)).toMatchObject({ 'role-trust': 'cannot tell', 'delivery-time': 'seen' })
    expect(run.outcome.left).toEqual([])
    expect(standing(account).filter((name) => name.includes(NAME))).toEqual([])
    expect(Object.keys(account.sandbox.state.trails)).toHaveLength(1)
    expect(JSON.stringify(reportOf(run.outcome))).not.toMatch(/company|123456789012/)
  })

  it('sees that the suffix of the user agent is not recorded', async () => {
    const account = await freshAccount()
    const { backend } = account.sandbox
    const run = await acceptIn(account, {
      toolBackend: (call) => backend({ ...call, userAgent: call.userAgent.replace(/ cloudtrail-pd-drill.*$/, '') }),
    })
    expect(stepsOf(run)).toContain('test-api-call failed')
    expect(judged(run.outcome).find(({ assumption }) => assumption === 'user-agent-suffix')).toMatchObject({
      result: 'not seen',
      detail: 'the record (log group) has the user agent without it',
    })
  })

  it('cannot tell what is recorded while a record of the drill is missing', async () => {
    const account = await freshAccount()
    const { backend } = account.sandbox
    const run = await acceptIn(account, {
      // The event history of the sandbox is two minutes behind, and no trail delivers so soon.
      timeout: 60,
      toolBackend: (call) => backend({ ...call, userAgent: call.userAgent.replace(/ cloudtrail-pd-drill.*$/, '') }),
    })
    expect(resultsOf(run.outcome)).toMatchObject({ 'user-agent-suffix': 'cannot tell', 'delivery-time': 'cannot tell' })
  })

  it('that follows another uses the bucket that was left', async () => {
    const account = await freshAccount()
    await acceptIn(account)
    const again = await acceptIn(account)
    expect(passed(again.outcome), stepsOf(again).join()).toBe(true)
    expect(again.outcome.left.map(({ resource }) => resource)).toEqual([BUCKET])
  })

  it('reports a name that is a word of the tool as little as any other', async () => {
    const account = await freshAccount()
    await account.run(['init', '--yes', '--name', 'alarm', '--detections', 'root-account-usage'])
    const run = await acceptIn(account, { trail: 'alarm', profile: 'topic' })
    const report = JSON.parse(JSON.stringify(reportOf(run.outcome)))
    const [drill] = report.steps.filter(({ step }: { step: string }) => step === 'test-api-call')
    expect(drill.document.steps.map(({ hop }: { hop: string }) => hop)).toContain('alarm')
    expect(JSON.stringify(report)).not.toContain('alarm-events')
  })
})
