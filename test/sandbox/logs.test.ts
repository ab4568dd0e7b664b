import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DescribeLogGroupsCommand,
  DescribeMetricFiltersCommand,
  FilterLogEventsCommand,
  GetTransformerCommand,
  ListTagsForResourceCommand,
  PutMetricFilterCommand,
  PutRetentionPolicyCommand,
  TestMetricFilterCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { describe, expect, test } from 'vitest'
import { aFilter, aTrail, GROUP_ARN } from '../support/chain-by-hand.ts'
import { anAccount, clientsOf } from '../support/sandbox-account.ts'

const MINUTE = 60_000
const ROOT = { source: 'signin.amazonaws.com', name: 'ConsoleLogin', readOnly: false }

async function aGroup(input: object = {}) {
  const sandbox = await anAccount()
  const clients = clientsOf(sandbox.backend)
  await clients.logs.send(new CreateLogGroupCommand({ logGroupName: 'trail-events', ...input }))
  return { sandbox, clients, logs: clients.logs }
}

describe('a log group', () => {
  test('has an ARN in two spellings and a class', async () => {
    const { logs } = await aGroup()
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'trail' }))
    expect(logGroups?.[0]).toMatchObject({ arn: `${GROUP_ARN}:*`, logGroupArn: GROUP_ARN, logGroupClass: 'STANDARD' })
    const byPattern = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePattern: 'events' }))
    expect(byPattern.logGroups?.[0]).not.toHaveProperty('logGroupClass')
  })

  test('is made once, tagged by the ARN without its ending, and takes only certain retentions', async () => {
    const { logs } = await aGroup({ tags: { team: 'a' } })
    const again = logs.send(new CreateLogGroupCommand({ logGroupName: 'trail-events' }))
    await expect(again).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' })
    const { tags } = await logs.send(new ListTagsForResourceCommand({ resourceArn: GROUP_ARN }))
    expect(tags).toEqual({ team: 'a' })
    const odd = logs.send(new PutRetentionPolicyCommand({ logGroupName: 'trail-events', retentionInDays: 42 }))
    await expect(odd).rejects.toMatchObject({ name: 'InvalidParameterException' })
  })

  test('does not go while it is protected', async () => {
    const { logs } = await aGroup({ deletionProtectionEnabled: true })
    const gone = logs.send(new DeleteLogGroupCommand({ logGroupName: 'trail-events' }))
    await expect(gone).rejects.toMatchObject({ name: 'ValidationException' })
  })

  test('has no transformer, which is an empty answer', async () => {
    const { logs } = await aGroup()
    const answer = await logs.send(new GetTransformerCommand({ logGroupIdentifier: 'trail-events' }))
    expect(answer.transformerConfig).toBeUndefined()
  })
})

describe('a metric filter', () => {
  test('gives its pattern back byte for byte, and replaces its namesake', async () => {
    const { clients, logs } = await aGroup()
    await aFilter(clients, '{ $.a = 1 }')
    await aFilter(clients, '{($.a="x")  ||  ($.b=1)}')
    const { metricFilters } = await logs.send(new DescribeMetricFiltersCommand({ logGroupName: 'trail-events' }))
    expect(metricFilters?.map((filter) => filter.filterPattern)).toEqual(['{($.a="x")  ||  ($.b=1)}'])
  })

  test.each([
    ['C27 a pattern without its end', '{ $.a = 1', {}],
    ['C27 a pattern with curly quotes', '{ $.a = “x” }', {}],
    ['a pattern that is too long', `{ $.a = "${'x'.repeat(1020)}" }`, {}],
    ['a name with a colon', '{ $.a = 1 }', { metricName: 'a:b' }],
    ['a value that is neither number nor selector', '{ $.a = 1 }', { metricValue: 'one' }],
    ['dimensions beside a default', '{ $.a = 1 }', { dimensions: { User: '$.user' } }],
  ])('is refused with %s', async (_what, pattern, over) => {
    const { clients } = await aGroup()
    await expect(aFilter(clients, pattern, over)).rejects.toMatchObject({ name: 'InvalidParameterException' })
  })

  test('C58 is refused in a group of another class', async () => {
    const { clients } = await aGroup({ logGroupClass: 'INFREQUENT_ACCESS' })
    await expect(aFilter(clients, '{ $.a = 1 }')).rejects.toMatchObject({ name: 'InvalidOperationException' })
  })

  test('C58 is refused as the hundred and first, while its namesake may change', async () => {
    const { logs } = await aGroup()
    const put = (name: string) =>
      logs.send(
        new PutMetricFilterCommand({
          logGroupName: 'trail-events',
          filterName: name,
          filterPattern: '',
          metricTransformations: [{ metricName: name, metricNamespace: 'Test', metricValue: '1' }],
        }),
      )
    for (let index = 0; index < 100; index += 1) await put(`filter-${index}`)
    await expect(put('filter-0')).resolves.toBeDefined()
    await expect(put('filter-100')).rejects.toMatchObject({ name: 'LimitExceededException' })
  })

  test('is found by its metric in all groups, by prefix only within one', async () => {
    const { clients, logs } = await aGroup()
    await aFilter(clients, '')
    const byMetric = { metricName: 'Hits', metricNamespace: 'Test' }
    expect((await logs.send(new DescribeMetricFiltersCommand(byMetric))).metricFilters).toHaveLength(1)
    const loose = logs.send(new DescribeMetricFiltersCommand({ filterNamePrefix: 'h' }))
    await expect(loose).rejects.toMatchObject({ name: 'InvalidParameterException' })
    const half = logs.send(new DescribeMetricFiltersCommand({ metricName: 'Hits' }))
    await expect(half).rejects.toMatchObject({ name: 'InvalidParameterException' })
  })

  test('C23 is tried on messages: a comparison with an absent field does not match', async () => {
    const { logs } = await aGroup()
    const filterPattern = '{ $.errorCode = "AccessDenied" && $.userIdentity.invokedBy != "x" }'
    const logEventMessages = [
      '{"errorCode":"AccessDenied","userIdentity":{"invokedBy":"y"}}',
      '{"errorCode":"AccessDenied"}',
    ]
    const { matches } = await logs.send(new TestMetricFilterCommand({ filterPattern, logEventMessages }))
    expect(matches?.map((match) => match.eventNumber)).toEqual([1])
  })
})

describe('the metric of a filter', () => {
  async function pointsAfter(prepare: (clients: ReturnType<typeof clientsOf>) => Promise<void>) {
    const sandbox = await anAccount()
    await aTrail(sandbox)
    await sandbox.clock.sleep(10 * MINUTE)
    await prepare(clientsOf(sandbox.backend))
    sandbox.occur(ROOT)
    await sandbox.clock.sleep(10 * MINUTE)
    const metric = Object.values(sandbox.state.metrics).find((one) => one.name === 'Hits')
    return Object.values(metric?.minutes ?? {}).map((minute) => minute.sum)
  }

  test('counts a match in the minute of its arrival, and the default where nothing matched', async () => {
    expect(await pointsAfter((clients) => aFilter(clients, '{ $.eventName = ConsoleLogin }'))).toEqual([1])
    expect(await pointsAfter((clients) => aFilter(clients, '{ $.eventName = Other }'))).toEqual([0])
  })

  test('has no point where nothing matched and no default is set', async () => {
    const without = (clients: ReturnType<typeof clientsOf>) =>
      aFilter(clients, '{ $.eventName = Other }', { defaultValue: undefined })
    expect(await pointsAfter(without)).toEqual([])
  })

  test('sees nothing that arrived before the filter was there', async () => {
    const sandbox = await anAccount()
    await aTrail(sandbox)
    sandbox.occur(ROOT)
    await sandbox.clock.sleep(10 * MINUTE)
    await aFilter(clientsOf(sandbox.backend), '{ $.eventName = ConsoleLogin }')
    await sandbox.clock.sleep(10 * MINUTE)
    const metric = Object.values(sandbox.state.metrics).find((one) => one.name === 'Hits')
    expect(Object.values(metric?.minutes ?? {}).map((minute) => minute.max)).toEqual([0])
  })
})

test('a search begins with an empty page, and the time of an event is that of its delivery', async () => {
  const sandbox = await anAccount()
  const { logs } = clientsOf(sandbox.backend)
  await aTrail(sandbox)
  const at = sandbox.clock.now().getTime()
  sandbox.occur(ROOT)
  await sandbox.clock.sleep(10 * MINUTE)
  const search = { logGroupName: 'trail-events', filterPattern: '{ $.eventName = ConsoleLogin }' }
  const first = await logs.send(new FilterLogEventsCommand(search))
  expect(first).toMatchObject({ events: [], nextToken: expect.any(String) })
  const { events } = await logs.send(new FilterLogEventsCommand({ ...search, nextToken: first.nextToken }))
  expect(events).toHaveLength(1)
  expect((events?.[0]?.timestamp ?? 0) - at).toBeGreaterThanOrEqual(4 * MINUTE)
})
