import {
  CloudTrailClient,
  GetEventSelectorsCommand,
  GetTrailCommand,
  StopLoggingCommand,
} from '@aws-sdk/client-cloudtrail'
import {
  CloudWatchClient,
  ListTagsForResourceCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch'
import { CloudWatchLogsClient, PutMetricFilterCommand } from '@aws-sdk/client-cloudwatch-logs'
import { CreateAccountCommand, CreateOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations'
import {
  GetTopicAttributesCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { Aws } from '../../src/aws/session.ts'
import { alarmsIn, policyOfOthers, topicIn, trailIn } from '../doctor/breakages.ts'
import { describeWithEmulators } from './available.ts'
import { cisByHand } from './by-hand.ts'
import { makeByCli } from './cli.ts'
import { aCompanyAccount } from './company.ts'
import { type Emulator, startEmulator } from './servers.ts'
import { emulatedStage, REGION, type Stage } from './stage.ts'

interface Document {
  readonly healthy: boolean
  readonly chains: readonly Readonly<Record<string, unknown>>[]
  readonly findings: readonly {
    readonly check: string
    readonly status: string
    readonly resource: string
    readonly account?: string
    readonly fix?: { readonly command?: string; readonly summary: string }
  }[]
  readonly repairs?: readonly { readonly account: string; readonly resource: string; readonly made: boolean }[]
}

/** Each command line is a start of its own kind for the AWS CLI: half a second on a quick machine. */
const CLI_WITHIN_MS = 60_000

/** moto keeps no alarm history, measures no deliveries and sends nothing to a log group: those checks are skipped there. */
await describeWithEmulators('doctor on moto', () => {
  let moto: Emulator
  let stage: Stage

  beforeAll(async () => {
    moto = await startEmulator('moto')
  }, 60_000)
  beforeEach(async () => {
    stage = await emulatedStage(moto)
  })
  afterEach(() => stage.close())
  afterAll(() => moto.stop())

  async function doctor(...flags: readonly string[]): Promise<Document & { exit: number; stderr: string }> {
    const run = await stage.run(['doctor', '--json', ...flags])
    if (run.exit === 1 || run.exit === 2) throw new Error(run.stdout + run.stderr)
    return { ...(run.json() as unknown as Document), exit: run.exit, stderr: run.stderr }
  }

  const faults = ({ findings }: Document) =>
    findings
      .filter(({ status }) => status === 'fail' || status === 'warn')
      .map(({ status, check, resource }) => `${status} ${check} ${resource.replace(/^arn:.*[:/]/, '')}`)

  it(
    'finds a chain that was made by the AWS CLI, and each of its faults',
    async () => {
      await makeByCli(moto.endpoint, cisByHand(stage.account))
      const seen = await doctor()
      expect(
        seen.chains.map(({ trail, logGroup, metricFilter, alarm }) => [trail, logGroup, metricFilter, alarm]),
      ).toEqual([
        ['cis-trail', 'CloudTrail/Default', 'RootUsage', 'RootUsage'],
        ['cis-trail', 'CloudTrail/Default', 'NoMFA', 'ConsoleSignInWithoutMfa'],
      ])
      expect(faults(seen)).toEqual([
        'warn metric-filter.false-pages CloudTrail/Default:NoMFA',
        'fail alarm.ok-action RootUsage',
        'fail alarm.missing-data RootUsage',
      ])
      expect(seen.exit).toBe(4)
    },
    CLI_WITHIN_MS,
  )

  it(
    'repairs what the AWS CLI made, and then finds only what a person has to decide',
    async () => {
      await makeByCli(moto.endpoint, cisByHand(stage.account))
      const fixed = await doctor('--fix', '--yes')
      expect(fixed.repairs).toMatchObject([{ resource: 'RootUsage', made: true }])
      expect(fixed.stderr).toContain(`OKActions: none → arn:aws:sns:${REGION}:${stage.account}:CISAlarms`)
      expect(faults(fixed).filter((fault) => fault.startsWith('fail'))).toEqual([])
      expect(fixed.exit).toBe(0)
      expect((await doctor('--fix', '--yes')).repairs).toBeUndefined()
    },
    CLI_WITHIN_MS,
  )

  it('keeps every other field of a foreign alarm, topic policy and trail, and leaves alone what it could not keep', async () => {
    await aTeamsChain(stage)
    const before = await everythingOf(stage.aws)
    const fixed = await doctor('--fix', '--yes')
    expect(fixed.repairs?.map(({ made }) => made)).toEqual([true, true, true])
    const after = await everythingOf(stage.aws)
    const topic = await topicIn(stage.aws)
    const repaired = before.alarms.map((alarm) =>
      alarm.AlarmName === 'team-root' ? { ...alarm, OKActions: [topic] } : alarm,
    )
    expect(after.alarms).toEqual(repaired)
    expect(after.tags).toEqual(before.tags)
    expect(after.trail).toEqual(before.trail)
    expect(after.selectors).toEqual(before.selectors)
    const { Statement: kept, ...head } = JSON.parse(before.policy)
    expect(JSON.parse(after.policy)).toEqual({
      ...head,
      Statement: [...kept, expect.objectContaining({ Sid: 'CloudTrailPagerDutyAlarms' })],
    })
    expect(after.policy.startsWith(before.policy.slice(0, -2))).toBe(true)
  })

  it('finds what AWS would not let in any more, but moto does', async () => {
    const { aws } = stage
    await stage.run(['init', '--yes', '--detections', 'root-account-usage'])
    const [topic, [ours]] = await Promise.all([topicIn(aws), alarmsIn(aws)])
    const away = topic.replace(REGION, 'eu-west-1')
    const actions = { AlarmActions: [topic, away], OKActions: [topic, away] }
    await aws
      .client(CloudWatchClient)
      .send(new PutMetricAlarmCommand({ ...(ours as PutMetricAlarmCommandInput), ...actions }))
    const sns = aws.client(SNSClient)
    const Endpoint = `http://events.pagerduty.com/integration/${'a1b2'.repeat(8)}/enqueue`
    const slow = { healthyRetryPolicy: { numRetries: 3 }, throttlePolicy: { maxReceivesPerSecond: 0.5 } }
    const { SubscriptionArn } = await sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: 'http', Endpoint }))
    const AttributeValue = JSON.stringify(slow)
    await sns.send(
      new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName: 'DeliveryPolicy', AttributeValue }),
    )
    expect(new Set(faults(await doctor()).map((fault) => fault.split(' ').slice(0, 2).join(' ')))).toEqual(
      new Set([
        'fail alarm.action-target',
        'fail topic.exists',
        'fail topic.region',
        'fail subscription.protocol',
        'warn subscription.throttle',
        'fail subscription.endpoint',
      ]),
    )
  })

  it('says in China that PagerDuty lies abroad', async () => {
    const region = 'cn-north-1'
    const made = await stage.run(['init', '--yes', '--detections', 'root-account-usage', '--region', region])
    expect([made.exit, made.stderr]).toEqual([0, expect.any(String)])
    expect(faults(await doctor('--region', region))).toEqual([`warn identity.region ${region}`])
  })

  it('looks into every account of an organization through a role in each, and repairs there', async () => {
    const organizations = stage.aws.client(OrganizationsClient)
    await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }))
    const made = await organizations.send(
      new CreateAccountCommand({ Email: 'member@example.com', AccountName: 'member' }),
    )
    const id = made.CreateAccountStatus?.AccountId ?? ''
    const member = await stage.aws.assume(`arn:aws:iam::${id}:role/Audit`)
    expect(member.identity.account).toBe(id)
    await stage.run(['init', '--yes', '--detections', 'root-account-usage'])
    await aCompanyAccount(member)
    const [Protocol, Endpoint] = ['https', `https://events.pagerduty.com/integration/${'a1b2'.repeat(8)}/enqueue`]
    await member.client(SNSClient).send(new SubscribeCommand({ TopicArn: await topicIn(member), Protocol, Endpoint }))
    const seen = await doctor('--accounts', 'Audit')
    expect(seen.chains).toMatchObject([
      { account: stage.account, trail: 'cloudtrail-pd', works: true },
      { account: id, trail: 'company-audit', logGroup: 'company-logs', alarm: 'company-alarm', works: true },
    ])
    expect(new Set(seen.findings.map(({ account }) => account))).toEqual(new Set([stage.account, id]))
    const fixed = await doctor('--accounts', 'Audit', '--fix', '--yes')
    expect(fixed.repairs).toMatchObject([{ account: id, resource: 'company-alarm', made: true }])
    expect(fixed.chains.map(({ works }) => works)).toEqual([true, true])
    const unwatched = { filterName: 'unwatched', filterPattern: '{ $.eventName = "DeleteTrail" }' }
    const metricTransformations = [{ metricNamespace: 'company', metricName: 'unwatched', metricValue: '1' }]
    const filter = { logGroupName: 'company-logs', ...unwatched, metricTransformations }
    await member.client(CloudWatchLogsClient).send(new PutMetricFilterCommand(filter))
    const { findings } = await doctor('--accounts', 'Audit')
    expect(findings.find(({ check, status }) => check === 'alarm.exists' && status === 'fail')?.fix).toMatchObject({
      command: expect.stringMatching(/^aws cloudwatch put-metric-alarm .* --region us-east-1/),
      summary: expect.stringContaining(`(with credentials of account ${id})`),
    })
  })
})

/** A chain that init made, and beside it what a team put there by hand and broke. */
async function aTeamsChain(stage: Stage): Promise<void> {
  const { aws } = stage
  const made = await stage.run(['init', '--yes', '--detections', 'root-account-usage'])
  if (made.exit !== 0) throw new Error(made.stderr)
  const [ours] = await alarmsIn(aws)
  const topic = await topicIn(aws)
  const cloudwatch = aws.client(CloudWatchClient)
  const watched = { Namespace: ours?.Namespace, MetricName: ours?.MetricName }
  const rule = { Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold' as const, EvaluationPeriods: 3 }
  const Tags = [{ Key: 'team', Value: 'security' }]
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'team-root',
      AlarmDescription: 'by hand, with "quotes" and\nlines',
      ...{ ...watched, ...rule, Tags, AlarmActions: [topic], Statistic: 'Maximum', Period: 60, DatapointsToAlarm: 1 },
    }),
  )
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: 'team-math',
      ...{ ...rule, Tags, AlarmActions: [topic] },
      Metrics: [
        {
          Id: 'm1',
          MetricStat: {
            Metric: { Namespace: watched.Namespace, MetricName: watched.MetricName },
            Period: 60,
            Stat: 'Sum',
          },
          ReturnData: false,
        },
        { Id: 'e1', Expression: 'FILL(m1, 0)', Label: 'filled', ReturnData: true },
      ],
    }),
  )
  const policy = { TopicArn: topic, AttributeName: 'Policy', AttributeValue: policyOfOthers(topic) }
  await aws.client(SNSClient).send(new SetTopicAttributesCommand(policy))
  await aws.client(CloudTrailClient).send(new StopLoggingCommand({ Name: await trailIn(aws) }))
}

/** Alarms without what changes by itself at a write, their tags, the topic's policy as text, and the trail. */
async function everythingOf(aws: Aws) {
  const cloudwatch = aws.client(CloudWatchClient)
  const all = await alarmsIn(aws)
  const tags = all.map(({ AlarmArn }) =>
    cloudwatch.send(new ListTagsForResourceCommand({ ResourceARN: AlarmArn })).then((answer) => answer.Tags),
  )
  const Name = await trailIn(aws)
  const trails = aws.client(CloudTrailClient)
  const { Trail } = await trails.send(new GetTrailCommand({ Name }))
  const { EventSelectors } = await trails.send(new GetEventSelectorsCommand({ TrailName: Name }))
  const TopicArn = await topicIn(aws)
  const { Attributes } = await aws.client(SNSClient).send(new GetTopicAttributesCommand({ TopicArn }))
  return {
    alarms: all.map(
      ({ AlarmConfigurationUpdatedTimestamp, StateUpdatedTimestamp, StateTransitionedTimestamp, ...alarm }) => alarm,
    ),
    tags: await Promise.all(tags),
    policy: Attributes?.Policy ?? '',
    trail: Trail,
    selectors: EventSelectors,
  }
}
