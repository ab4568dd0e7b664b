import { CloudWatchClient, PutCompositeAlarmCommand } from '@aws-sdk/client-cloudwatch'
import { CloudWatchLogsClient, PutMetricFilterCommand } from '@aws-sdk/client-cloudwatch-logs'
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns'
import { describe, expect, it } from 'vitest'
import type { Aws } from '../../../src/aws/session.ts'
import type { CommandContext } from '../../../src/context.ts'
import { Secret } from '../../../src/domain/secret.ts'
import { connectPagerDuty } from '../../../src/pagerduty/directory.ts'
import type { Env } from '../../../src/ports.ts'
import type { SandboxState } from '../../../src/sandbox/aws/state.ts'
import { type PagerDutyState, SANDBOX_TOKEN } from '../../../src/sandbox/pagerduty/state.ts'
import { accountWithChain, awsIn } from '../../support/fresh-account.ts'
import type { Account } from '../../support/tool.ts'
import { doctorOn, faultsOf } from '../live.ts'

/** Faults that come with time, with size, or by the console alone: the account is brought into the state, and doctor looks. */

interface Broken {
  readonly account: Account
  readonly state: SandboxState
  readonly aws: Aws
  readonly topic: string
}

async function chained(flags: readonly string[] = [], env: Env = {}, rulesets: PagerDutyState['rulesets'] = []) {
  const prepare = ({ pagerDuty }: Account) => void pagerDuty.state.rulesets.push(...rulesets)
  const account = await accountWithChain(flags, { env, prepare })
  const { state } = account.sandbox
  return { account, state, aws: await awsIn(account), topic: Object.keys(state.topics)[0] ?? '' }
}

const HOUR = 3_600_000
const now = ({ account }: Broken) => account.sandbox.clock.now().getTime()
const one = <T>(values: Readonly<Record<string, T>>): T => {
  const [first] = Object.values(values)
  if (first === undefined) throw new Error('init made none')
  return first
}

type Case = readonly [what: string, breaks: (on: Broken) => unknown, expected: readonly string[]]

const CASES: readonly Case[] = [
  [
    'a composite alarm that tells the topic',
    ({ aws, state, topic }) =>
      aws.client(CloudWatchClient).send(
        new PutCompositeAlarmCommand({
          AlarmName: 'Root-123456789012-us-east-1',
          AlarmRule: `ALARM("${one(state.alarms).name}")`,
          AlarmActions: [topic],
        }),
      ),
    ['warn alarm.composite'],
  ],
  [
    'a mute rule over the alarm',
    (on) => {
      const arn = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:night'
      const alarmNames = [one(on.state.alarms).name]
      on.state.muteRules[arn] = { arn, region: 'us-east-1', alarmNames, from: now(on) - HOUR, until: now(on) + HOUR }
    },
    ['warn alarm.muted'],
  ],
  [
    'an alarm that went up three days ago',
    (on) => {
      Object.assign(one(on.state.alarms), { value: 'ALARM', transitionedAt: now(on) - 72 * HOUR })
    },
    ['warn alarm.stuck'],
  ],
  [
    'a delivery that fails',
    ({ state }) => {
      one(state.trails).logsDeliveryError = 'AccessDenied'
    },
    ['fail delivery.error'],
  ],
  [
    'a delivery that dried up',
    (on) => {
      one(on.state.trails).logsDeliveredAt = now(on) - 5 * HOUR
    },
    ['warn delivery.recent'],
  ],
  [
    'a log group of another class',
    ({ state }) => {
      one(state.logGroups).logClass = 'INFREQUENT_ACCESS'
    },
    ['fail log-group.class'],
  ],
  [
    'a log group that masks',
    ({ state }) => {
      one(state.logGroups).dataProtection = 'ACTIVATED'
    },
    ['warn log-group.masking'],
  ],
  [
    'a log group with a transformer',
    ({ state }) => {
      one(state.logGroups).transformer = [{ parseJSON: {} }]
    },
    ['warn log-group.masking'],
  ],
  [
    'a log group behind a key for the account alone',
    ({ state }) => {
      const id = '1111aaaa-22bb-33cc-44dd-5555eeee6666'
      const root = { AWS: ['arn', 'aws', 'iam', '', '123456789012', 'root'].join(':') }
      const policy = { Statement: [{ Effect: 'Allow', Principal: root, Action: 'kms:*', Resource: '*' }] }
      state.keys[id] = {
        id,
        region: 'us-east-1',
        manager: 'CUSTOMER',
        state: 'Enabled',
        policy: JSON.stringify(policy),
      }
      one(state.logGroups).kmsKeyId = ['arn', 'aws', 'kms', 'us-east-1', '123456789012', `key/${id}`].join(':')
    },
    ['fail log-group.kms'],
  ],
  [
    'a log group full of filters',
    ({ state }) => {
      const { filters } = one(state.logGroups)
      const filter = one(filters)
      for (let at = 0; Object.keys(filters).length < 100; at += 1) {
        filters[`f${at}`] = { ...filter, name: `f${at}`, pattern: '{ $.level = 1 }', metricName: `m${at}` }
      }
    },
    ['warn metric-filter.quota', 'fail alarm.exists'],
  ],
  [
    'a sign-in pattern for IAM users alone, and no other filter that sees root',
    ({ aws, state }) =>
      putFilter(
        { aws, state },
        '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
        'ConsoleSigninWithoutMfa',
      ),
    ['warn metric-filter.root-signin'],
  ],
  [
    'exclusions that cover only a part of the alternatives',
    ({ aws, state }) =>
      putFilter(
        { aws, state },
        '{ $.userIdentity.type = "Root" || $.eventName = "CreateUser" && $.sourceIPAddress != "192.0.2.*" }',
        'RootAccountUsage',
      ),
    ['warn metric-filter.false-pages', 'warn metric-filter.precedence'],
  ],
  [
    'a value that takes in the calls of every service',
    ({ aws, state }) =>
      putFilter({ aws, state }, '{ $.userIdentity.type = "Root" && $.eventName = "Delete*" }', 'Custom'),
    ['warn metric-filter.matches-own-event', 'warn metric-filter.loose-value'],
  ],
  [
    'a field that no record has, in a part of a pattern',
    ({ aws, state }) =>
      putFilter({ aws, state }, '{ ($.eventName = "DeleteTrail") || ($.eventNames = "StopLogging") }', 'Custom'),
    ['warn metric-filter.unknown-field'],
  ],
  [
    'more than a hundred alarms on one key',
    ({ state }) => {
      const alarm = one(state.alarms)
      for (let at = 0; at < 101; at += 1) {
        const name = `${alarm.name}-${at}`
        state.alarms[`arn:aws:cloudwatch:us-east-1:123456789012:alarm:${name}`] = {
          ...alarm,
          name,
          threshold: at + 2,
          description: null,
        }
      }
    },
    ['warn alarm.can-fire', 'warn subscription.dead-letter-queue'],
  ],
  [
    'a FIFO topic',
    async ({ aws, state }) => {
      const input = { Name: 'alerts.fifo', Attributes: { FifoTopic: 'true' } }
      const { TopicArn = '' } = await aws.client(SNSClient).send(new CreateTopicCommand(input))
      Object.assign(one(state.alarms), { alarmActions: [TopicArn], okActions: [TopicArn] })
    },
    ['fail topic.type', 'fail subscription.exists'],
  ],
  [
    'a second trail into the same log group',
    ({ state }) => {
      const trail = one(state.trails)
      const arn = `${trail.arn}-second`
      state.trails[arn] = { ...trail, arn, name: `${trail.name}-second` }
    },
    ['warn trail.duplicate-delivery'],
  ],
  [
    'events that are kept for a day',
    ({ state }) => Object.assign(one(state.logGroups), { retention: 1 }),
    ['warn log-group.retention'],
  ],
  [
    'an alarm that tells a mailbox alone',
    ({ state }) => {
      one(state.alarms).description = null
      Object.assign(one(state.subscriptions), { protocol: 'email', endpoint: 'ops@example.com' })
    },
    ['warn alarm.destination'],
  ],
  [
    'a trail of the organization, which belongs to another account',
    ({ state }) => {
      const trail = one(state.trails)
      const arn = 'arn:aws:cloudtrail:us-east-1:210987654321:trail/org'
      delete state.trails[trail.arn]
      state.trails[arn] = { ...trail, arn, name: 'org', organization: true, logGroupArn: null, roleArn: null }
    },
    ['fail trail.exists', 'fail trail.organization-owner'],
  ],
]

async function putFilter({ aws, state }: Pick<Broken, 'aws' | 'state'>, filterPattern: string, metricName: string) {
  const group = one(state.logGroups)
  const { name, namespace } = one(group.filters)
  one(state.alarms).metricName = metricName
  one(state.alarms).name = `${metricName}-123456789012-us-east-1`
  one(state.alarms).description = null
  await aws.client(CloudWatchLogsClient).send(
    new PutMetricFilterCommand({
      logGroupName: group.name,
      filterName: name,
      filterPattern,
      metricTransformations: [{ metricNamespace: namespace, metricName, metricValue: '1' }],
    }),
  )
}

describe('doctor in an account that came to be so', () => {
  it.each(CASES)('finds %s', async (_, breaks, expected) => {
    const on = await chained()
    await breaks(on)
    expect([...new Set(faultsOf(await doctorOn(on.account)))]).toEqual(expected)
  })

  it('counts what SNS could not deliver', async () => {
    const on = await chained()
    await on.account.pagerDuty.close()
    one(on.state.alarms).value = 'OK'
    on.account.sandbox.occur({
      source: 'signin.amazonaws.com',
      name: 'ConsoleLogin',
      readOnly: false,
      other: { userIdentity: { type: 'Root' } },
    })
    await on.account.sandbox.clock.sleep(HOUR / 2)
    expect(faultsOf(await doctorOn(on.account))).toEqual(['warn topic.delivery-failures'])
  })
})

describe('doctor with a token of PagerDuty', () => {
  const withToken = (
    { account }: Broken,
    region: 'us' | 'eu' = 'us',
    token = SANDBOX_TOKEN,
  ): Partial<CommandContext> => ({
    connectPagerDuty: async () => ({
      client: connectPagerDuty({
        token: new Secret(token),
        region,
        baseUrl: account.pagerDuty.apiUrl,
        clock: account.sandbox.clock,
      }),
      serviceRegion: region,
    }),
  })

  it('of another service region says that the key cannot be of this account', async () => {
    const on = await chained()
    expect(faultsOf(await doctorOn(on.account, {}, withToken(on, 'eu')))).toEqual(['warn pagerduty.region'])
  })

  it.each<[string, (state: PagerDutyState, at: (hours: number) => string) => unknown, string]>([
    [
      'a maintenance window',
      ({ maintenanceWindows }, at) =>
        maintenanceWindows.push({ id: 'PW', start: at(-1), end: at(1), description: '', serviceIds: ['PSECURE'] }),
      'warn pagerduty.maintenance',
    ],
    [
      'rules of the service that keep every alert quiet',
      ({ serviceOrchestrations }) => serviceOrchestrations.push({ serviceId: 'PSECURE', active: true, suppress: true }),
      'fail pagerduty.suppression',
    ],
  ])('finds %s', async (_, change, expected) => {
    const on = await chained()
    change(on.account.pagerDuty.state, (hours) => new Date(now(on) + hours * HOUR).toISOString())
    expect(faultsOf(await doctorOn(on.account, {}, withToken(on)))).toEqual([expected])
  })

  it('leaves rules of a service alone that are not in force', async () => {
    const on = await chained()
    on.account.pagerDuty.state.serviceOrchestrations.push({ serviceId: 'PSECURE', active: false, suppress: true })
    expect(faultsOf(await doctorOn(on.account, {}, withToken(on)))).toEqual([])
  })

  it('finds a key of a ruleset', async () => {
    const key = `R0${'ULE'.repeat(10)}`
    const ruleset = { id: 'RS', name: 'Old rules', key, serviceId: 'PSECURE' }
    const on = await chained(['--route', 'global-ruleset'], { CLOUDTRAIL_PD_INTEGRATION_KEY: key }, [ruleset])
    expect(faultsOf(await doctorOn(on.account, {}, withToken(on)))).toEqual(['warn pagerduty.ruleset-end-of-life'])
  })

  it('that is refused says so', async () => {
    const on = await chained()
    expect(faultsOf(await doctorOn(on.account, {}, withToken(on, 'us', 'nonsense')))).toEqual(['warn pagerduty.token'])
  })
})
