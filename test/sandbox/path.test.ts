import { GetTrailStatusCommand } from '@aws-sdk/client-cloudtrail'
import { DescribeAlarmHistoryCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch'
import {
  CreateLogGroupCommand,
  paginateDescribeLogGroups,
  paginateFilterLogEvents,
} from '@aws-sdk/client-cloudwatch-logs'
import { CreateTopicCommand, paginateListTopics } from '@aws-sdk/client-sns'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { expect, test } from 'vitest'
import { aConfirmedTopic, aFilter, anAlarm, aTrail } from '../support/chain-by-hand.ts'
import { anAccount, aReceiver, clientsOf } from '../support/sandbox-account.ts'

const MINUTE = 60_000

test('a call travels from the trail to the endpoint and back to OK', async () => {
  const receiver = await aReceiver()
  const sandbox = await anAccount({ eventsUrl: receiver.url })
  const clients = clientsOf(sandbox.backend)
  await aTrail(sandbox)
  const topic = await aConfirmedTopic(sandbox)
  await aFilter(clients, '{ $.eventName = GetCallerIdentity && $.userAgent = "*test/1*" }')
  await anAlarm(clients, { AlarmActions: [topic], OKActions: [topic] })
  await sandbox.clock.sleep(2 * MINUTE)
  await clients.sts.send(new GetCallerIdentityCommand({}))
  await sandbox.clock.sleep(30 * MINUTE)

  const messages = receiver.received.filter(({ json }) => json.Type === 'Notification').map(({ json }) => json.Message)
  const states = messages.map((message) => [JSON.parse(message).OldStateValue, JSON.parse(message).NewStateValue])
  expect(states).toEqual([
    ['INSUFFICIENT_DATA', 'OK'],
    ['OK', 'ALARM'],
    ['ALARM', 'OK'],
  ])
  const history = await clients.cloudwatch.send(
    new DescribeAlarmHistoryCommand({ AlarmName: 'hits', HistoryItemType: 'Action' }),
  )
  expect(history.AlarmHistoryItems?.[0]?.HistorySummary).toMatch(/^Successfully executed action arn:/)
})

test('an event reaches the log group minutes later, and the status of the trail says when', async () => {
  const sandbox = await anAccount()
  const { logs, sts, trail } = clientsOf(sandbox.backend)
  await aTrail(sandbox)
  await sts.send(new GetCallerIdentityCommand({}))
  const search = { logGroupName: 'trail-events', filterPattern: '{ $.eventName = GetCallerIdentity }' }
  const found = async () => {
    const events = []
    for await (const page of paginateFilterLogEvents({ client: logs }, search)) events.push(...(page.events ?? []))
    return events.length
  }
  expect(await found()).toBe(0)
  await sandbox.clock.sleep(5 * MINUTE)
  expect(await found()).toBe(1)
  const status = await trail.send(new GetTrailStatusCommand({ Name: 'main-trail' }))
  expect(status.LatestCloudWatchLogsDeliveryTime).toBeInstanceOf(Date)
})

test('a chain without matching events stays OK', async () => {
  const sandbox = await anAccount()
  const clients = clientsOf(sandbox.backend)
  await aTrail(sandbox)
  await aFilter(clients, '{ $.eventName = ConsoleLogin }')
  await anAlarm(clients)
  await sandbox.clock.sleep(20 * MINUTE)
  const { MetricAlarms } = await clients.cloudwatch.send(new DescribeAlarmsCommand({}))
  expect(MetricAlarms?.map((alarm) => alarm.StateValue)).toEqual(['OK'])
})

test('C60 lists come in pages of two, whichever way the service pages', async () => {
  const sandbox = await anAccount()
  const { logs, sns } = clientsOf(sandbox.backend)
  for (const name of ['a', 'b', 'c', 'd', 'e']) await logs.send(new CreateLogGroupCommand({ logGroupName: name }))
  const sizes = []
  for await (const page of paginateDescribeLogGroups({ client: logs }, {})) sizes.push(page.logGroups?.length)
  expect(sizes).toEqual([2, 2, 1])
  const topics = []
  for (const Name of ['a', 'b', 'c']) await sns.send(new CreateTopicCommand({ Name }))
  for await (const page of paginateListTopics({ client: sns }, {})) topics.push(page.Topics?.length)
  expect(topics).toEqual([2, 1])
})
