import {
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  GetMetricDataCommand,
  ListAlarmMuteRulesCommand,
  PutCompositeAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
  type StateValue,
} from '@aws-sdk/client-cloudwatch'
import { CreateKeyCommand, DescribeKeyCommand, PutKeyPolicyCommand } from '@aws-sdk/client-kms'
import { CreateTopicCommand, DeleteTopicCommand, SetTopicAttributesCommand } from '@aws-sdk/client-sns'
import { describe, expect, test } from 'vitest'
import { ACCOUNT, aConfirmedTopic, anAlarm, policy } from '../support/chain-by-hand.ts'
import { anAccount, aReceiver, clientsOf } from '../support/sandbox-account.ts'

const MINUTE = 60_000
const ALARM_ARN = `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:hits`

async function anAlarmedAccount(over: object = {}) {
  const sandbox = await anAccount()
  const clients = clientsOf(sandbox.backend)
  const { TopicArn = '' } = await clients.sns.send(new CreateTopicCommand({ Name: 'alerts' }))
  await anAlarm(clients, { AlarmActions: [TopicArn], OKActions: [TopicArn], ...over })
  const { cloudwatch } = clients
  const hit = (Value = 1) =>
    cloudwatch.send(
      new PutMetricDataCommand({ Namespace: 'Test', MetricData: [{ MetricName: 'Hits', Value, Unit: 'None' }] }),
    )
  const state = async () => (await cloudwatch.send(new DescribeAlarmsCommand({}))).MetricAlarms?.[0]?.StateValue
  const set = (StateValue: StateValue) =>
    cloudwatch.send(new SetAlarmStateCommand({ AlarmName: 'hits', StateValue, StateReason: 'drill' }))
  const actions = () => sandbox.state.history.filter((item) => item.type === 'Action').map((item) => item.summary)
  return { sandbox, clients, cloudwatch, TopicArn, hit, state, set, actions }
}

describe('an alarm', () => {
  test('starts without data, and is OK within the next minutes', async () => {
    const { sandbox, state } = await anAlarmedAccount()
    expect(await state()).toBe('INSUFFICIENT_DATA')
    await sandbox.clock.sleep(2 * MINUTE)
    expect(await state()).toBe('OK')
  })

  test('follows a lonely event up and, minutes later, down again', async () => {
    const { sandbox, hit, state } = await anAlarmedAccount()
    await sandbox.clock.sleep(2 * MINUTE)
    await hit()
    await sandbox.clock.sleep(2 * MINUTE)
    expect(await state()).toBe('ALARM')
    await sandbox.clock.sleep(20 * MINUTE)
    expect(await state()).toBe('OK')
  })

  test.each([
    [undefined, 'INSUFFICIENT_DATA'],
    ['ignore', 'ALARM'],
    ['breaching', 'ALARM'],
  ])('C56 does not come back to OK where missing data is %s', async (TreatMissingData, expected) => {
    const { sandbox, hit, state } = await anAlarmedAccount({ TreatMissingData })
    await hit()
    await sandbox.clock.sleep(60 * MINUTE)
    expect(await state()).toBe(expected)
  })

  test('sees nothing in a unit that nobody publishes', async () => {
    const { sandbox, hit, state } = await anAlarmedAccount({ Unit: 'Count', TreatMissingData: undefined })
    await hit()
    await sandbox.clock.sleep(5 * MINUTE)
    expect(await state()).toBe('INSUFFICIENT_DATA')
  })

  test('is overwritten as a whole, while its state and tags stay', async () => {
    const { sandbox, clients, cloudwatch } = await anAlarmedAccount({ Tags: [{ Key: 'a', Value: 'b' }] })
    await sandbox.clock.sleep(2 * MINUTE)
    await anAlarm(clients, { Threshold: 5, Tags: [{ Key: 'c', Value: 'd' }] })
    const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({}))
    expect(MetricAlarms?.[0]).toMatchObject({ StateValue: 'OK', Threshold: 5, AlarmActions: [], ActionsEnabled: true })
    expect(sandbox.state.alarms[ALARM_ARN]?.tags).toEqual({ a: 'b' })
  })

  test.each([
    ['a period of 45 seconds', { Period: 45 }],
    ['more than a day of short periods', { Period: 300, EvaluationPeriods: 300 }],
    ['more points to alarm than periods', { DatapointsToAlarm: 2 }],
    ['C56 a treatment in the wrong case', { TreatMissingData: 'Missing' }],
    ['C21 a topic of another region', { AlarmActions: [`arn:aws:sns:ca-central-1:${ACCOUNT}:alerts`] }],
    ['a description that is too long', { AlarmDescription: 'x'.repeat(1025) }],
    ['no statistic', { Statistic: undefined }],
  ])('is refused with %s', async (_what, over) => {
    const { clients } = await anAlarmedAccount()
    await expect(anAlarm(clients, over)).rejects.toMatchObject({ name: 'ValidationException' })
  })

  test('goes together with names that nobody knows', async () => {
    const { cloudwatch, sandbox } = await anAlarmedAccount()
    await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ['unknown', 'hits'] }))
    expect(sandbox.state.alarms).toEqual({})
  })
})

describe('SetAlarmState', () => {
  test('runs the actions of a change, and the real state is back within a minute', async () => {
    const { sandbox, set, state, actions } = await anAlarmedAccount()
    await sandbox.clock.sleep(2 * MINUTE)
    await set('ALARM')
    expect(await state()).toBe('ALARM')
    await sandbox.clock.sleep(MINUTE)
    expect(await state()).toBe('OK')
    expect(actions()).toHaveLength(3)
  })

  test('runs nothing where the alarm is in that state already', async () => {
    const { sandbox, set, actions } = await anAlarmedAccount()
    await sandbox.clock.sleep(2 * MINUTE)
    const before = actions().length
    await set('OK')
    expect(actions()).toHaveLength(before)
  })

  test('changes the state in silence where actions are disabled or muted', async () => {
    const { sandbox, cloudwatch, set, actions } = await anAlarmedAccount()
    await cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: ['hits'] }))
    await set('ALARM')
    expect(actions()).toEqual([])
    const now = sandbox.clock.now().getTime()
    const rule = { arn: 'rule', region: 'us-east-1', alarmNames: ['hits'], from: now - 1, until: now + 60 * MINUTE }
    sandbox.state.muteRules = { rule }
    const { AlarmMuteRuleSummaries } = await cloudwatch.send(
      new ListAlarmMuteRulesCommand({ AlarmName: 'hits', Statuses: ['ACTIVE'] }),
    )
    expect(AlarmMuteRuleSummaries).toHaveLength(1)
  })

  test('does not know an alarm that is not there', async () => {
    const { cloudwatch } = await anAlarmedAccount()
    const input = { AlarmName: 'other', StateValue: 'OK' as const, StateReason: '' }
    await expect(cloudwatch.send(new SetAlarmStateCommand(input))).rejects.toMatchObject({ name: 'ResourceNotFound' })
  })
})

describe('an action that fails shows in the history alone', () => {
  test.each([
    ['C19 the topic policy', /not authorized to perform: SNS:Publish/, 'policy'],
    ['C17 the managed key', /null \(Service: AWSKMS/, 'managed key'],
    ['C18 a key that does not admit CloudWatch', /null \(Service: AWSKMS/, 'own key'],
    ['a topic that is gone', /Topic does not exist/, 'topic'],
  ])('with the cause: %s', async (_what, text, broken) => {
    const { sandbox, clients, TopicArn, set, cloudwatch } = await anAlarmedAccount()
    const { sns, kms } = clients
    const attribute = (AttributeName: string, AttributeValue: string) =>
      sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }))
    const events = { Service: 'events.amazonaws.com' }
    const others = policy({ Effect: 'Allow', Principal: events, Action: 'sns:Publish', Resource: TopicArn })
    if (broken === 'policy') await attribute('Policy', others)
    if (broken === 'managed key') await attribute('KmsMasterKeyId', 'alias/aws/sns')
    if (broken === 'own key') {
      const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
      await attribute('KmsMasterKeyId', KeyMetadata?.Arn ?? '')
    }
    if (broken === 'topic') await sns.send(new DeleteTopicCommand({ TopicArn }))
    await set('ALARM')
    const { AlarmHistoryItems } = await cloudwatch.send(
      new DescribeAlarmHistoryCommand({ AlarmName: 'hits', HistoryItemType: 'Action' }),
    )
    expect(AlarmHistoryItems?.[0]?.HistorySummary).toMatch(/^Failed to execute action/)
    expect(AlarmHistoryItems?.[0]?.HistoryData).toMatch(text)
    expect(sandbox.state.outbox).toEqual([])
  })

  test('and not at all with a key that admits CloudWatch', async () => {
    const { clients, TopicArn, set, actions } = await anAlarmedAccount()
    const { KeyMetadata } = await clients.kms.send(new CreateKeyCommand({}))
    const cloudwatch = { Service: 'cloudwatch.amazonaws.com' }
    const Policy = policy({
      Effect: 'Allow',
      Principal: cloudwatch,
      Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
      Resource: '*',
    })
    await clients.kms.send(new PutKeyPolicyCommand({ KeyId: KeyMetadata?.KeyId, Policy }))
    const AttributeValue = KeyMetadata?.KeyId
    await clients.sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'KmsMasterKeyId', AttributeValue }))
    await set('ALARM')
    expect(actions()).toEqual([expect.stringMatching(/^Successfully/)])
  })
})

test('the managed key says that AWS manages it', async () => {
  const sandbox = await anAccount()
  const { kms } = clientsOf(sandbox.backend)
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/sns' }))
  expect(KeyMetadata?.KeyManager).toBe('AWS')
})

test('the message of an alarm is the JSON that CloudWatch publishes', async () => {
  const receiver = await aReceiver()
  const sandbox = await anAccount({ eventsUrl: receiver.url })
  const clients = clientsOf(sandbox.backend)
  const topic = await aConfirmedTopic(sandbox)
  await anAlarm(clients, { AlarmActions: [topic], AlarmDescription: 'why' })
  const drill = { AlarmName: 'hits', StateValue: 'ALARM' as const, StateReason: 'drill 7f3a' }
  await clients.cloudwatch.send(new SetAlarmStateCommand(drill))
  await sandbox.settle()
  const envelope = receiver.received.find(({ json }) => json.Type === 'Notification')?.json
  expect(envelope.Subject).toBe('ALARM: "hits" in US East (N. Virginia)')
  expect(JSON.parse(envelope.Message)).toMatchObject({
    AlarmName: 'hits',
    AlarmDescription: 'why',
    AWSAccountId: ACCOUNT,
    NewStateValue: 'ALARM',
    NewStateReason: 'drill 7f3a',
    Region: 'US East (N. Virginia)',
    AlarmArn: ALARM_ARN,
    OldStateValue: 'INSUFFICIENT_DATA',
    Trigger: { MetricName: 'Hits', Namespace: 'Test', Statistic: 'SUM', Period: 300, Dimensions: [] },
  })
})

describe('DescribeAlarms', () => {
  test('shows metric alarms alone, unless other types are asked for', async () => {
    const { cloudwatch } = await anAlarmedAccount()
    await cloudwatch.send(new PutCompositeAlarmCommand({ AlarmName: 'both', AlarmRule: 'ALARM("hits")' }))
    const bare = await cloudwatch.send(new DescribeAlarmsCommand({}))
    expect([bare.MetricAlarms?.length, bare.CompositeAlarms?.length]).toEqual([1, 0])
    const both = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }))
    expect([both.MetricAlarms?.length, both.CompositeAlarms?.length]).toEqual([1, 1])
  })

  test('finds by name, by prefix and by action', async () => {
    const { cloudwatch, TopicArn, clients } = await anAlarmedAccount()
    await anAlarm(clients, { AlarmName: 'other' })
    const found = async (input: object) =>
      (await cloudwatch.send(new DescribeAlarmsCommand(input))).MetricAlarms?.map((alarm) => alarm.AlarmName)
    expect(await found({ AlarmNames: ['other', 'unknown'] })).toEqual(['other'])
    expect(await found({ AlarmNamePrefix: 'hi' })).toEqual(['hits'])
    expect(await found({ ActionPrefix: TopicArn })).toEqual(['hits'])
  })
})

test('metric data leaves out the periods in which nothing was measured', async () => {
  const { sandbox, cloudwatch, hit } = await anAlarmedAccount()
  await hit(2)
  await sandbox.clock.sleep(10 * MINUTE)
  await hit(3)
  const Metric = { Namespace: 'Test', MetricName: 'Hits' }
  const { MetricDataResults } = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(0),
      EndTime: new Date(sandbox.clock.now().getTime() + MINUTE),
      MetricDataQueries: [{ Id: 'hits', MetricStat: { Metric, Period: 60, Stat: 'Sum' } }],
    }),
  )
  expect(MetricDataResults?.[0]?.Values).toEqual([3, 2])
})
