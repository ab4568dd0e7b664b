import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ingest, mayConfirm } from '../../src/sandbox/pagerduty/ingest.ts'
import type { PagerDutyState } from '../../src/sandbox/pagerduty/state.ts'
import {
  SANDBOX_EVENTS_KEY,
  SANDBOX_INTEGRATION_KEY,
  SANDBOX_ROUTING_KEY,
  SANDBOX_SERVICE_ID,
  seedPagerDuty,
} from '../../src/sandbox/pagerduty/state.ts'

const AT = '2030-01-01T00:00:00.000Z'
const TOPIC = 'arn:aws:sns:us-east-1:111122223333:cloudtrail-pd'

const STATES = ['ALARM', 'OK', 'INSUFFICIENT_DATA'] as const
type State = (typeof STATES)[number]

function alarm(state: State, name = 'root-usage', subject = `${state}: "${name}" in US East (N. Virginia)`): string {
  return JSON.stringify({
    Type: 'Notification',
    MessageId: `${state}-${name}`,
    TopicArn: TOPIC,
    Subject: subject,
    Message: JSON.stringify({ AlarmName: name, NewStateValue: state, OldStateValue: 'OK' }),
  })
}

function confirmation(subscribeUrl: string): string {
  return JSON.stringify({ Type: 'SubscriptionConfirmation', TopicArn: TOPIC, Token: 't', SubscribeURL: subscribeUrl })
}

function send(state: PagerDutyState, route: string, ...bodies: readonly string[]): readonly string[] {
  const [, shape, key = ''] = /^(integration|x-ere)\/(.*)$/.exec(route) ?? []
  return bodies.map((body) => {
    const taken = ingest(state, { shape: shape === 'x-ere' ? 'x-ere' : 'integration', key, body, at: AT })
    return 'outcome' in taken ? taken.outcome : `confirm ${taken.confirm.host}`
  })
}

const SERVICE = `integration/${SANDBOX_INTEGRATION_KEY}`
const ORCHESTRATION = `x-ere/${SANDBOX_ROUTING_KEY}`
const NOTHING = (_state: PagerDutyState) => {}

interface Row {
  readonly says: string
  readonly route: string
  readonly change?: (state: PagerDutyState) => void
  readonly bodies: readonly string[]
  readonly outcomes: readonly string[]
  readonly open: number
}

const rows: readonly Row[] = [
  {
    says: 'ALARM opens an incident and OK resolves it',
    route: SERVICE,
    bodies: [alarm('ALARM'), alarm('OK')],
    outcomes: ['opened', 'resolved'],
    open: 0,
  },
  {
    says: 'a second ALARM of the same name is merged into the open incident',
    route: SERVICE,
    bodies: [alarm('ALARM'), alarm('ALARM')],
    outcomes: ['opened', 'merged'],
    open: 1,
  },
  {
    says: 'an ALARM of another name opens another incident, and each OK resolves its own',
    route: SERVICE,
    bodies: [alarm('ALARM', 'a'), alarm('ALARM', 'b'), alarm('OK', 'b')],
    outcomes: ['opened', 'opened', 'resolved'],
    open: 1,
  },
  {
    says: 'INSUFFICIENT_DATA opens an incident',
    route: SERVICE,
    bodies: [alarm('INSUFFICIENT_DATA')],
    outcomes: ['opened'],
    open: 1,
  },
  {
    says: 'INSUFFICIENT_DATA never resolves one',
    route: SERVICE,
    bodies: [alarm('ALARM'), alarm('INSUFFICIENT_DATA')],
    outcomes: ['opened', 'merged'],
    open: 1,
  },
  {
    says: 'OK without an open incident does nothing',
    route: SERVICE,
    bodies: [alarm('OK')],
    outcomes: ['nothing-to-resolve'],
    open: 0,
  },
  {
    says: 'after OK the next ALARM opens a new incident',
    route: SERVICE,
    bodies: [alarm('ALARM'), alarm('OK'), alarm('ALARM')],
    outcomes: ['opened', 'resolved', 'opened'],
    open: 1,
  },
  {
    says: 'raw delivery is dropped',
    route: SERVICE,
    bodies: [JSON.stringify({ AlarmName: 'root-usage', NewStateValue: 'ALARM' })],
    outcomes: ['not-an-envelope'],
    open: 0,
  },
  {
    says: 'what is no JSON is dropped',
    route: SERVICE,
    bodies: ['', 'ALARM', '[]', 'null'],
    outcomes: ['not-an-envelope', 'not-an-envelope', 'not-an-envelope', 'not-an-envelope'],
    open: 0,
  },
  {
    says: 'a subject that contradicts the state, or is missing, is dropped',
    route: SERVICE,
    bodies: [
      alarm('ALARM', 'x', 'OK: "x" in US East'),
      alarm('OK', 'x', 'ALARM: "x" in US East'),
      alarm('ALARM', 'x', ''),
    ],
    outcomes: ['subject-disagrees', 'subject-disagrees', 'subject-disagrees'],
    open: 0,
  },
  {
    says: 'a message that is no alarm is dropped',
    route: SERVICE,
    bodies: [
      JSON.stringify({ Type: 'Notification', TopicArn: TOPIC, Subject: 'ALARM: x', Message: 'plain text' }),
      JSON.stringify({ Type: 'Notification', TopicArn: TOPIC, Subject: 'ALARM: x', Message: '{"a":1}' }),
      JSON.stringify({ Type: 'Notification', TopicArn: TOPIC, Subject: 'ALARM: x' }),
    ],
    outcomes: ['not-an-alarm', 'not-an-alarm', 'not-an-alarm'],
    open: 0,
  },
  {
    says: 'a key that nobody knows swallows everything, the confirmation too',
    route: `integration/${'0'.repeat(32)}`,
    bodies: [alarm('ALARM'), confirmation('http://127.0.0.1/confirm')],
    outcomes: ['unknown-key', 'unknown-key'],
    open: 0,
  },
  {
    says: 'a routing key is unknown behind the integration path',
    route: `integration/${SANDBOX_ROUTING_KEY}`,
    bodies: [alarm('ALARM')],
    outcomes: ['unknown-key'],
    open: 0,
  },
  {
    says: "C06 a vendor integration's key behind x-ere confirms and then leads nowhere",
    route: `x-ere/${SANDBOX_INTEGRATION_KEY}`,
    bodies: [confirmation('http://127.0.0.1:4566/?Action=ConfirmSubscription'), alarm('ALARM')],
    outcomes: ['confirm 127.0.0.1:4566', 'unrouted'],
    open: 0,
  },
  {
    says: 'an Events API key behind x-ere reaches its service',
    route: `x-ere/${SANDBOX_EVENTS_KEY}`,
    bodies: [alarm('ALARM'), alarm('OK')],
    outcomes: ['opened', 'resolved'],
    open: 0,
  },
  {
    says: 'an orchestration with a route opens and resolves',
    route: ORCHESTRATION,
    bodies: [alarm('ALARM'), alarm('OK')],
    outcomes: ['opened', 'resolved'],
    open: 0,
  },
  {
    says: 'C06 an orchestration without a route confirms and opens nothing',
    route: ORCHESTRATION,
    change: (state) => state.orchestrations[0]?.rules.splice(0),
    bodies: [confirmation('http://127.0.0.1:4566/?Action=ConfirmSubscription'), alarm('ALARM')],
    outcomes: ['confirm 127.0.0.1:4566', 'unrouted'],
    open: 0,
  },
  {
    says: 'a catch-all that names a service routes what no rule took',
    route: ORCHESTRATION,
    change: (state) => {
      for (const orchestration of state.orchestrations) {
        orchestration.rules = []
        orchestration.catchAll = SANDBOX_SERVICE_ID
      }
    },
    bodies: [alarm('ALARM')],
    outcomes: ['opened'],
    open: 1,
  },
  {
    says: "a rule on this topic's ARN routes it",
    route: ORCHESTRATION,
    change: (state) => setCondition(state, `raw_event.TopicArn matches '${TOPIC}'`),
    bodies: [alarm('ALARM')],
    outcomes: ['opened'],
    open: 1,
  },
  {
    says: "a rule on another topic's ARN does not",
    route: ORCHESTRATION,
    change: (state) => setCondition(state, `raw_event.TopicArn matches '${TOPIC}-other'`),
    bodies: [alarm('ALARM')],
    outcomes: ['unrouted'],
    open: 0,
  },
  {
    says: 'a disabled rule routes nothing',
    route: ORCHESTRATION,
    change: (state) => {
      for (const rule of state.orchestrations[0]?.rules ?? []) rule.disabled = true
    },
    bodies: [alarm('ALARM')],
    outcomes: ['unrouted'],
    open: 0,
  },
  {
    says: 'an orchestration that does not understand alarms opens an incident for OK, too',
    route: ORCHESTRATION,
    change: (state) => {
      for (const orchestration of state.orchestrations) orchestration.understandsAlarms = false
    },
    bodies: [alarm('ALARM'), alarm('OK')],
    outcomes: ['opened', 'opened'],
    open: 2,
  },
  {
    says: 'a ruleset with a service routes, one without does not',
    route: `x-ere/R0${'1'.repeat(30)}`,
    change: (state) =>
      state.rulesets.push(
        { id: 'r1', name: 'Old rules', key: `R0${'1'.repeat(30)}`, serviceId: SANDBOX_SERVICE_ID },
        { id: 'r2', name: 'Older rules', key: `R0${'2'.repeat(30)}`, serviceId: null },
      ),
    bodies: [alarm('ALARM')],
    outcomes: ['opened'],
    open: 1,
  },
  {
    says: 'the catch-all of a service orchestration may suppress',
    route: ORCHESTRATION,
    change: (state) =>
      state.serviceOrchestrations.push({ serviceId: SANDBOX_SERVICE_ID, active: true, suppress: true }),
    bodies: [alarm('ALARM')],
    outcomes: ['suppressed'],
    open: 0,
  },
  {
    says: 'C07 a disabled service opens nothing',
    route: SERVICE,
    change: (state) => {
      for (const service of state.services) service.status = 'disabled'
    },
    bodies: [alarm('ALARM')],
    outcomes: ['service-disabled'],
    open: 0,
  },
  {
    says: 'C07 a service in maintenance opens nothing',
    route: SERVICE,
    change: (state) => addWindow(state, '2029-12-31T23:00:00Z', '2030-01-01T01:00:00+00:00'),
    bodies: [alarm('ALARM')],
    outcomes: ['in-maintenance'],
    open: 0,
  },
  {
    says: 'a maintenance window that has ended does not matter',
    route: SERVICE,
    change: (state) => addWindow(state, '2029-12-31T22:00:00Z', AT),
    bodies: [alarm('ALARM')],
    outcomes: ['opened'],
    open: 1,
  },
  {
    says: 'C07 with nobody on call no incident is opened',
    route: SERVICE,
    change: (state) => {
      for (const policy of state.escalationPolicies) policy.onCallUserIds = []
    },
    bodies: [alarm('ALARM')],
    outcomes: ['nobody-on-call'],
    open: 0,
  },
]

function setCondition(state: PagerDutyState, condition: string): void {
  for (const rule of state.orchestrations[0]?.rules ?? []) rule.conditions = [condition]
}

function addWindow(state: PagerDutyState, start: string, end: string): void {
  state.maintenanceWindows.push({ id: 'PWINDOW', start, end, description: '', serviceIds: [SANDBOX_SERVICE_ID] })
}

test.each(rows)('$says', ({ route, change = NOTHING, bodies, outcomes, open }) => {
  const state = seedPagerDuty()
  change(state)
  expect(send(state, route, ...bodies)).toEqual(outcomes)
  expect(state.incidents.filter(({ status }) => status !== 'resolved')).toHaveLength(open)
})

const addresses: readonly (readonly [address: string, allowed: boolean])[] = [
  ['https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription', false],
  ['http://127.0.0.1:4566/confirm', true],
  ['http://localhost:4566/confirm', true],
  ['http://[::1]:4566/confirm', true],
  ['http://sns.us-east-1.amazonaws.com/', false],
  ['https://sns.us-east-1.amazonaws.com.evil.example/', false],
  ['https://notamazonaws.com/', false],
  ['https://169.254.169.254/', false],
  ['file:///etc/passwd', false],
]

test.each(addresses)('a SubscribeURL at %s is fetched: %s', (address, allowed) => {
  expect(mayConfirm(new URL(address))).toBe(allowed)
})

test('the same messages make the same ids and titles, so that a snapshot holds', () => {
  const first = seedPagerDuty()
  const second = seedPagerDuty()
  for (const state of [first, second]) send(state, SERVICE, alarm('ALARM'), alarm('OK'))
  expect(second).toEqual(first)
  expect(JSON.parse(JSON.stringify(first))).toEqual(first)
  expect(first.incidents[0]?.title).toBe('ALARM: "root-usage" in US East (N. Virginia)')
})

const ALARM_MESSAGE = {
  AlarmName: 'root-usage',
  AlarmDescription: 'The root user was active.',
  NewStateValue: 'ALARM',
  Trigger: {
    MetricName: 'RootAccountUsagePage',
    Statistic: 'SUM',
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    Threshold: 1,
    Dimensions: [] as readonly { name: string; value: string }[],
  },
}
const SUBJECT = 'ALARM: "root-usage" in US East (N. Virginia)'
const CONDITION = 'Sum RootAccountUsagePage GreaterThanOrEqualToThreshold 1.0'
const INSTANCE = [{ name: 'InstanceId', value: 'i-1' }]

const titles: readonly (readonly [
  route: string,
  nameFrom: 'condition' | 'alarm-name' | 'alarm-description',
  dimensions: typeof INSTANCE,
  title: string,
])[] = [
  [SERVICE, 'condition', [], CONDITION],
  [SERVICE, 'condition', INSTANCE, `${CONDITION} for InstanceId i-1`],
  [SERVICE, 'alarm-name', [], 'root-usage'],
  [SERVICE, 'alarm-description', [], 'The root user was active.'],
  [`x-ere/${SANDBOX_ROUTING_KEY}`, 'condition', [], SUBJECT],
]

test.each(titles)(
  'a page through %s, named from %s with dimensions %j, reads %s',
  (route, nameFrom, dimensions, title) => {
    const state = seedPagerDuty()
    for (const integration of state.integrations) integration.nameFrom = nameFrom
    const message = { ...ALARM_MESSAGE, Trigger: { ...ALARM_MESSAGE.Trigger, Dimensions: dimensions } }
    const envelope = { Type: 'Notification', TopicArn: TOPIC, Subject: SUBJECT, Message: JSON.stringify(message) }
    expect(send(state, route, JSON.stringify(envelope))).toEqual(['opened'])
    expect(state.incidents[0]?.title).toBe(title)
    expect(state.logEntries[0]?.summary).toBe('Triggered through the API')
  },
)

test('whatever alarms come in whatever order, those are open that triggered after their last OK', () => {
  const events = fc.array(fc.record({ name: fc.constantFrom('a', 'b', 'c'), state: fc.constantFrom(...STATES) }))
  fc.assert(
    fc.property(events, (sent) => {
      const account = seedPagerDuty()
      const expected = new Set<string>()
      for (const { name, state } of sent) {
        send(account, SERVICE, alarm(state, name))
        if (state === 'OK') expected.delete(name)
        else expected.add(name)
      }
      const open = account.alerts.filter(({ status }) => status === 'triggered').map(({ key }) => key)
      expect(open.toSorted()).toEqual([...expected].sort())
    }),
  )
})
