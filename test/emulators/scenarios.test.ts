import { CloudWatchClient, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch'
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { SANDBOX_TOKEN } from '../../src/sandbox/pagerduty/state.ts'
import { KEY } from '../support/tool.ts'
import { describeWithEmulators } from './available.ts'
import { census, NOTHING, namesIn } from './census.ts'
import { seenByCli } from './cli.ts'
import { aCompanyAccount, aTrailWithoutDelivery } from './company.ts'
import { EMULATORS, type Emulator, startEmulator } from './servers.ts'
import { emulatedStage, REGION, type Stage } from './stage.ts'

const EMAIL = ['--fallback-email', 'oncall@example.com']

const CIS = ['--detections', 'cis-1.4']

/** The paging variants of the CIS benchmark's fifteen, as the catalogue ids name them. */
const CIS_IDS = [
  'aws-config-changes',
  'cloudtrail-config-changes',
  'console-authentication-failures',
  'console-signin-without-mfa',
  'iam-policy-changes',
  'kms-key-disable-or-delete',
  'network-acl-changes',
  'network-gateway-changes',
  'organizations-changes',
  'root-account-usage',
  'route-table-changes',
  's3-bucket-policy-changes',
  'security-group-changes',
  'unauthorized-api-calls',
  'vpc-changes',
]

interface DoctorReport {
  readonly healthy: boolean
  readonly summary: { readonly fail: number }
  readonly chains: readonly { readonly works: boolean | null }[]
  readonly findings: readonly { readonly check: string; readonly status: string; readonly evidence: string }[]
}

await describeWithEmulators('on real servers', () => {
  describe.each(EMULATORS)('%s', { timeout: 60_000 }, (name) => {
    let emulator: Emulator
    let stage: Stage

    beforeAll(async () => {
      emulator = await startEmulator(name)
    }, 60_000)
    beforeEach(async () => {
      stage = await emulatedStage(emulator)
    })
    afterEach(() => stage.close())
    afterAll(() => emulator.stop())

    const chain = (ids: readonly string[], prefix = 'cloudtrail-pd') => ({
      trails: [prefix],
      buckets: [`${prefix}-${stage.account}-${REGION}`],
      logGroups: [`${prefix}-events`],
      metricFilters: ids.map((id) => `${prefix}-events/${prefix}-${id}`).sort(),
      alarms: ids.map((id) => `${prefix}-${id}-${stage.account}-${REGION}`).sort(),
      topics: [`${prefix}-alerts`],
      subscriptions: [subscription(`${prefix}-alerts`)],
      roles: [`${prefix}-delivery-${REGION}`],
      dashboards: [],
      queues: [],
    })

    const subscription = (topic: string, key = KEY) =>
      name === 'ministack'
        ? `${topic} http ${stage.pagerDuty.eventsUrl}/integration/${key}/enqueue`
        : `${topic} https https://events.pagerduty.com/integration/${key}/enqueue`

    const seen = async () => namesIn(await census(stage.aws))

    it('init makes the whole chain, and the AWS CLI sees exactly that', async () => {
      const first = await stage.run(['init', '--yes', '--json', ...CIS])
      expect(first.exit, first.stdout + first.stderr).toBe(0)
      expect(first.json()).toMatchObject({ status: 'applied', subscription: { status: 'confirmed' }, remaining: [] })
      expect(await seen()).toEqual(chain(CIS_IDS))
      expect(await seenByCli(emulator.endpoint)).toEqual(chain(CIS_IDS))
    })

    it('a second init is unchanged, makes no write call, and needs at most 20 calls', async () => {
      const first = await stage.run(['init', '--yes', ...CIS])
      const before = await census(stage.aws)
      const second = await stage.run(['init', '--yes', '--json', ...CIS])
      expect(second.exit, second.stdout + second.stderr).toBe(0)
      expect(second.json()).toMatchObject({ status: 'unchanged' })
      expect(second.writes).toEqual([])
      expect(second.calls.length).toBeLessThanOrEqual(20)
      expect(first.writes).toHaveLength(43)
      expect(await census(stage.aws)).toEqual(before)
    })

    it('makes the parts that watch the chain, finds them unchanged, and takes them away', async () => {
      const line = ['--detections', 'root-account-usage', '--heartbeat', '--dashboard', '--dead-letter-queue', ...EMAIL]
      const first = await stage.run(['init', '--yes', '--json', ...line])
      expect(first.exit, first.stdout + first.stderr).toBe(0)
      const made = {
        ...chain(['delivery-failures', 'heartbeat', 'root-account-usage']),
        metricFilters: ['cloudtrail-pd-events/cloudtrail-pd-root-account-usage'],
        dashboards: [`cloudtrail-pd-${REGION}`],
        queues: ['cloudtrail-pd-dead-letters'],
        topics: ['cloudtrail-pd-alerts', 'cloudtrail-pd-fallback'],
        subscriptions: [subscription('cloudtrail-pd-alerts'), 'cloudtrail-pd-fallback email oncall@example.com'],
      }
      expect(await seen()).toEqual(made)
      expect(await seenByCli(emulator.endpoint)).toEqual(made)
      const second = await stage.run(['init', '--yes', '--json', ...line])
      expect(second.json(), second.stdout).toMatchObject({ status: 'unchanged' })
      expect(second.calls.length).toBeLessThanOrEqual(20)
      const gone = await stage.run(['destroy', '--yes', '--delete-trail', '--json'])
      expect(gone.json()).toMatchObject({ kept: [], failed: [] })
      expect(await seen()).toEqual(NOTHING)
    })

    it('destroy --delete-trail leaves nothing, and a second one finds nothing', async () => {
      await stage.run(['init', '--yes', ...CIS])
      const gone = await stage.run(['destroy', '--yes', '--delete-trail', '--json'])
      expect(gone.exit, gone.stdout + gone.stderr).toBe(0)
      expect(gone.json()).toMatchObject({ kept: [], failed: [] })
      expect(await seen()).toEqual(NOTHING)
      const again = await stage.run(['destroy', '--yes', '--delete-trail', '--json'])
      expect(again.json()).toMatchObject({ deleted: [], kept: [], failed: [] })
      expect([again.exit, again.writes]).toEqual([0, []])
    })

    it('destroy without --delete-trail keeps the audit record and says so', async () => {
      await stage.run(['init', '--yes', ...CIS])
      const gone = await stage.run(['destroy', '--yes', '--json'])
      expect(gone.exit, gone.stdout + gone.stderr).toBe(0)
      const { trails, buckets, logGroups, roles } = chain([])
      expect(await seen()).toEqual({ ...NOTHING, trails, buckets, logGroups, roles })
      expect(gone.json().kept).toHaveLength(4)
    })

    it('uses a trail that has a log group, and leaves everything foreign as it was', async () => {
      await aCompanyAccount(stage.aws)
      const before = await census(stage.aws)
      const made = await stage.run(['init', '--yes', '--json', '--detections', 'root-account-usage'])
      expect(made.exit, made.stdout + made.stderr).toBe(0)
      const after = await census(stage.aws)
      expect(after).toMatchObject(before)
      expect(namesIn(after)).toEqual({
        ...namesIn(before),
        metricFilters: ['company-logs/cloudtrail-pd-root-account-usage', 'company-logs/company-filter'],
        alarms: [`cloudtrail-pd-root-account-usage-${stage.account}-${REGION}`, 'company-alarm'],
        topics: ['cloudtrail-pd-alerts', 'company-topic'],
        subscriptions: [subscription('cloudtrail-pd-alerts'), 'company-topic email ops@example.com'],
      })
      const gone = await stage.run(['destroy', '--yes', '--delete-trail', '--delete-logs', '--json'])
      expect(gone.exit, gone.stdout + gone.stderr).toBe(0)
      expect(await census(stage.aws)).toEqual(before)
    })

    it('changes a foreign trail only when it is named, and gives it back as it was', async () => {
      await aTrailWithoutDelivery(stage.aws)
      const before = await census(stage.aws)
      const unnamed = await stage.run(['init', '--yes', ...CIS])
      expect([unnamed.exit, unnamed.writes]).toEqual([2, []])
      expect(unnamed.stderr).toContain('--trail company-audit')
      const named = await stage.run(['init', '--yes', '--json', '--trail', 'company-audit', ...CIS])
      expect(named.exit, named.stdout + named.stderr).toBe(0)
      const { trails, buckets, logGroups, roles } = namesIn(await census(stage.aws))
      expect({ trails, buckets, logGroups, roles }).toEqual({
        trails: ['company-audit'],
        buckets: ['company-audit-bucket'],
        logGroups: ['cloudtrail-pd-events-company-audit'],
        roles: [`cloudtrail-pd-delivery-${REGION}`],
      })
      const gone = await stage.run(['destroy', '--yes', '--delete-trail', '--json'])
      expect(gone.exit, gone.stdout + gone.stderr).toBe(0)
      expect(await census(stage.aws)).toEqual(before)
    })

    it('makes one detection of your own from flags', async () => {
      const own = [
        ...['--filter-name', 'vault-reads', '--filter-pattern', '{ $.eventName = "GetSecretValue" }'],
        ...['--metric-namespace', 'Vault', '--metric-name', 'Reads', '--metric-value', '1', '--default-value', '0'],
        ...['--alarm-name', 'vault-is-read', '--threshold', '3', '--period', '60', '--evaluation-periods', '5'],
        ...['--datapoints-to-alarm', '2', '--statistic', 'Maximum', '--comparison-operator', 'GreaterThanThreshold'],
      ]
      const made = await stage.run(['init', '--yes', '--json', ...own])
      expect(made.exit, made.stdout + made.stderr).toBe(0)
      const { metricFilters, alarms } = await census(stage.aws)
      expect(metricFilters).toEqual({
        'cloudtrail-pd-events/vault-reads': {
          filterPattern: '{ $.eventName = "GetSecretValue" }',
          metrics: [expect.objectContaining({ metricNamespace: 'Vault', metricName: 'Reads', defaultValue: 0 })],
        },
      })
      expect(alarms).toEqual({
        'vault-is-read': expect.objectContaining({
          ...{ Namespace: 'Vault', MetricName: 'Reads', Statistic: 'Maximum', Period: 60, Threshold: 3 },
          ...{ EvaluationPeriods: 5, DatapointsToAlarm: 2, ComparisonOperator: 'GreaterThanThreshold' },
        }),
      })
      const again = await stage.run(['init', '--yes', '--json', ...own])
      expect(again.json()).toMatchObject({ status: 'unchanged' })
      await stage.run(['destroy', '--yes', '--delete-trail'])
      expect(await seen()).toEqual(NOTHING)
    })

    it('doctor finds the chain healthy, and what the server cannot be asked is skip with the reason', async () => {
      await stage.run(['init', '--yes', ...CIS])
      const { exit, json, stdout } = await stage.run(['doctor', '--json'])
      expect(exit, stdout).toBe(0)
      const { healthy, chains, findings, summary } = json() as unknown as DoctorReport
      expect([healthy, chains.length, chains.every(({ works }) => works)]).toEqual([true, 15, true])
      expect(summary.fail).toBe(0)
      const unasked = findings.filter(({ status, evidence }) => status === 'skip' && evidence.includes('CloudWatch '))
      const checks = new Set(unasked.map(({ check }) => check))
      expect([...checks].sort()).toEqual(name === 'moto' ? ['alarm.last-action', 'alarm.muted'] : ['alarm.muted'])
    })

    it('keeps two chains of two names apart', async () => {
      const first = ['--name', 'team-a', '--create-trail', 'team-a', '--detections', 'root-account-usage']
      const second = ['--name', 'team-b', '--create-trail', 'team-b', '--detections', 'vpc-changes']
      await stage.run(['init', '--yes', ...first])
      const alone = await census(stage.aws)
      const other = await stage.run(['init', '--yes', '--json', ...second])
      expect(other.exit, other.stdout + other.stderr).toBe(0)
      expect(await census(stage.aws)).toMatchObject(alone)
      for (const flags of [first, second]) {
        expect((await stage.run(['init', '--yes', '--json', ...flags])).json()).toMatchObject({ status: 'unchanged' })
      }
      const gone = await stage.run(['destroy', '--yes', '--delete-trail', '--name', 'team-b'])
      expect(gone.exit, gone.stdout + gone.stderr).toBe(0)
      expect(await census(stage.aws)).toEqual(alone)
    })

    it('adopts a topic only when it is named, and never touches its subscribers', async () => {
      const sns = stage.aws.client(SNSClient)
      const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'company-topic' }))
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'ops@example.com' }))
      const before = await census(stage.aws)
      const made = await stage.run(['init', '--yes', '--json', '--topic', 'company-topic', ...CIS])
      expect(made.exit, made.stdout + made.stderr).toBe(0)
      expect(await census(stage.aws)).toMatchObject({ topics: before.topics, subscriptions: before.subscriptions })
      await stage.run(['destroy', '--yes', '--delete-trail'])
      expect((await seen()).topics).toEqual(['company-topic'])
      expect((await seen()).subscriptions).toContain('company-topic email ops@example.com')
    })

    // moto confirms unasked and runs no action.
    if (name === 'ministack') {
      it('pages over the chain that init made, and resolves', async () => {
        const made = await stage.run(['init', '--yes', '--detections', 'root-account-usage'])
        expect(made.exit, made.stdout + made.stderr).toBe(0)
        const AlarmName = `cloudtrail-pd-root-account-usage-${stage.account}-${REGION}`
        const statuses: string[] = []
        for (const StateValue of ['ALARM', 'OK'] as const) {
          await stage.aws
            .client(CloudWatchClient)
            .send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'test' }))
          await vi.waitFor(() => expect(stage.pagerDuty.state.received).toHaveLength(statuses.length + 2))
          statuses.push(...stage.pagerDuty.state.incidents.map(({ status }) => status))
        }
        expect(statuses).toEqual(['triggered', 'resolved'])
      })

      it('a fire drill by alarm state reaches PagerDuty over real HTTP, and its incident opens and resolves', async () => {
        await stage.run(['init', '--yes', '--detections', 'root-account-usage'])
        const alarm = `cloudtrail-pd-root-account-usage-${stage.account}-${REGION}`
        const env = { PAGERDUTY_TOKEN: SANDBOX_TOKEN, CLOUDTRAIL_PD_API_URL: stage.pagerDuty.apiUrl }
        const drill = ['test', '--yes', '--json', '--via', 'alarm-state', '--alarm', alarm]
        const result = await stage.run(drill, { env })
        expect(result.json(), result.stdout + result.stderr).toMatchObject({ verdict: 'delivered' })
        expect(result.exit).toBe(0)
        expect(stage.pagerDuty.state.incidents.map(({ status }) => status)).toEqual(['resolved'])
      })

      it('C01 is never reported as done while PagerDuty does not confirm; the rest is made, also by a second run', async () => {
        await stage.close()
        stage = await emulatedStage(emulator, { confirm: false })
        const init = ['init', '--yes', '--json', '--confirm-timeout', '1', '--detections', 'root-account-usage']
        const first = await stage.run(init)
        expect(first.exit, first.stdout + first.stderr).toBe(5)
        expect(first.json()).toMatchObject({ status: 'incomplete', subscription: { status: 'pending' } })
        expect((await seen()).alarms).toHaveLength(1)
        const second = await stage.run(init)
        expect([second.exit, second.writes]).toEqual([5, ['SNS:TagResource', 'SNS:Subscribe']])
        const gone = await stage.run(['destroy', '--yes', '--delete-trail'])
        expect(gone.exit, gone.stdout + gone.stderr).toBe(0)
        expect(await seen()).toEqual(NOTHING)
      })
    }
  })
})
