/** Accounts of any kind, odd values and gaps included. */

import fc from 'fast-check'
import type { ActionOutcome } from '../../src/aws/readers/alarm-history.ts'
import type { Site } from '../../src/domain/names.ts'
import { Secret } from '../../src/domain/secret.ts'
import type { Reading } from '../../src/domain/snapshot.ts'
import type { PagerDutyTarget, TargetService } from '../../src/pagerduty/target.ts'
import {
  aFilter,
  aLogGroup,
  anAlarm,
  aRole,
  aSubscription,
  aTopic,
  aTopicWith,
  aTrail,
  aTransformation,
  NOW,
  ROOT_PATTERN,
  read,
  SITE,
  someAttributes,
  someFacts,
  TOPIC,
  unreadable,
} from '../support/builders.ts'

const oddText = fc.constantFrom(
  '',
  ' ',
  'arn:',
  'arn:aws:sns::::',
  TOPIC,
  'arn:aws-cn:sns:cn-north-1:1:x',
  'x'.repeat(300),
  '"',
  '*',
  '\u0000',
  '#{a}',
)
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const oddNumber = fc.constantFrom(undefined, 0, -1, 1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 86_400)
const topics = fc.array(
  fc.constantFrom(TOPIC, 'arn:aws:lambda:us-east-1:1:function:f', 'nonsense', 'arn:aws:sns:eu-west-1:9:gone'),
  { maxLength: 3 },
)

const alarms = fc.array(
  fc
    .record({
      type: fc.constantFrom('metric' as const, 'composite' as const),
      name: fc.constantFrom('a', 'b', 'c', ''),
      metric: fc.constantFrom(
        undefined,
        { namespace: 'Security', name: 'RootUsage', dimensions: {} },
        { namespace: '', name: '', dimensions: { x: '' } },
      ),
      statistic: fc.constantFrom(undefined, 'Sum', 'Average', 'Minimum', 'p99', 'SampleCount', 'Mode'),
      period: oddNumber,
      evaluationPeriods: oddNumber,
      datapointsToAlarm: oddNumber,
      threshold: oddNumber,
      comparisonOperator: fc.constantFrom(undefined, 'GreaterThanThreshold', 'LessThanThreshold', 'Sideways'),
      treatMissingData: fc.constantFrom(undefined, 'missing', 'notBreaching', 'Missing'),
      unit: maybe(fc.constantFrom('Count', 'Parsecs')),
      actionsEnabled: fc.boolean(),
      alarmActions: topics,
      okActions: topics,
      insufficientDataActions: topics,
      state: fc.constantFrom('OK', 'ALARM', 'INSUFFICIENT_DATA', 'DREAMING'),
      stateChanged: fc.constantFrom(undefined, new Date(0), NOW),
      rule: fc.constantFrom(
        undefined,
        'ALARM(a) OR ALARM("b")',
        'ALARM(c)',
        'ALARM(a) AND ALARM(b) AND ALARM(c)',
        '(((',
      ),
      description: fc.constantFrom(
        '',
        'cloudtrail-pd/1',
        'cloudtrail-pd/1 name=x detection=nobody',
        'x\ncloudtrail-pd/1 name=y detection=root-account-usage',
      ),
      raw: fc.constantFrom(
        {},
        { Metrics: [{}] },
        { Metrics: 'text' },
        {
          Metrics: [{ MetricStat: { Metric: { Namespace: 'Security', MetricName: 'RootUsage', Dimensions: [null] } } }],
        },
      ),
    })
    .map(anAlarm),
  { maxLength: 4 },
)

const filters = fc.array(
  fc
    .record({
      name: oddText,
      logGroup: fc.constantFrom('trail-events', 'elsewhere', ''),
      pattern: fc.constantFrom(
        ROOT_PATTERN,
        '',
        ' ',
        '{',
        '{ $.a = 1 }',
        '[w1, w2]',
        '{ $.eventName = x* }',
        'x'.repeat(1100),
        '{ $.errorCode = “x” }',
      ),
      transformations: fc.array(
        fc.constantFrom(
          aTransformation(),
          aTransformation({ value: '' }),
          aTransformation({ value: '$.x', dimensions: { a: 'b' } }),
        ),
        { maxLength: 2 },
      ),
      onTransformedLogs: fc.boolean(),
      emittedSystemDimensions: fc.constantFrom([], ['@aws.region']),
    })
    .map(aFilter),
  { maxLength: 3 },
)

const trails = fc.array(
  fc
    .record({
      name: fc.constantFrom('main', 'org', ''),
      account: fc.constantFrom(SITE.account, '999999999999', ''),
      homeRegion: fc.constantFrom('us-east-1', 'eu-west-1', 'mars-1'),
      logGroupArn: fc.constantFrom(
        undefined,
        'nonsense',
        'arn:aws:logs:us-east-1:123456789012:log-group:trail-events:*',
        'arn:aws:logs:us-east-1:123456789012:log-group:',
      ),
      roleArn: fc.constantFrom(undefined, '', aRole().arn),
      multiRegion: fc.boolean(),
      globalServiceEvents: fc.boolean(),
      organization: fc.boolean(),
      status: fc.constantFrom(unreadable(), aTrail().status),
      selectors: fc.constantFrom(
        unreadable(),
        read({
          basic: [
            { readWriteType: 'Sometimes', includeManagementEvents: true, excludedSources: [''], dataResources: [''] },
          ],
          advanced: [],
        }),
        aTrail().selectors,
      ),
    })
    .map(aTrail),
  { maxLength: 3 },
)

const subscriptions = fc.array(
  fc
    .record({
      arn: fc.constantFrom(undefined, `${TOPIC}:1`, 'PendingConfirmation'),
      protocol: fc.constantFrom('https', 'http', 'email', 'carrier-pigeon'),
      endpoint: oddText.map((text) => new Secret(text)),
      confirmed: maybe(fc.boolean()),
      attributes: fc.constantFrom(unreadable(), read(someAttributes({ filterPolicy: '{' })), read(someAttributes())),
    })
    .map((one) => aSubscription(one)),
  { maxLength: 3 },
)

/** The home of the chain, places abroad, and places that do not exist. */
const sites = fc.constantFrom<Site>(
  SITE,
  SITE,
  { partition: 'aws-cn', account: SITE.account, region: 'cn-north-1' },
  { partition: 'aws-us-gov', account: '999999999999', region: 'us-gov-west-1' },
  { partition: 'aws-iso', account: '', region: 'us-iso-east-1' },
  { partition: '', account: 'x', region: '' },
)

/** Something that was named somewhere and is gone, was not read, or is in the way. */
const gone = <T>(value: T) => fc.constantFrom<Reading<T | undefined>>(read(value), read(undefined), unreadable())
const targets = fc.record({
  topics: gone(aTopic()).map((topic) => new Map([[TOPIC, topic]])),
  logGroups: gone(aLogGroup()).map((group) => new Map([['trail-events', group]])),
  roles: gone(aRole()).map((role) => new Map([[aRole().arn, role]])),
})

const service: TargetService = {
  id: 'P1',
  name: '',
  status: 'dreaming',
  maintenance: read({ until: undefined }),
  rules: unreadable(),
  onCall: read([]),
}
const integration = { name: '', vendorId: undefined, type: '' }
const pagerDutyTargets = fc.constantFrom<Reading<PagerDutyTarget | undefined>>(
  unreadable(),
  read(undefined),
  read({ kind: 'service', integration, service }),
  read({ kind: 'orchestration', name: 'x', routes: read({ services: [service, service], dynamic: false }) }),
  read({ kind: 'orchestration', name: '', routes: unreadable() }),
  read({ kind: 'ruleset', name: 'old' }),
)
const action = { kind: 'action', target: undefined, announced: undefined } as const
const history = fc.constantFrom<readonly ActionOutcome[]>(
  [],
  [{ ...action, at: new Date(0), succeeded: undefined, error: undefined, summary: '' }],
  [{ ...action, at: new Date(8.64e15), succeeded: false, error: '', target: 'arn:aws:sns:::', summary: 'Failed' }],
)
const diagnostics = fc.record(
  {
    keys: gone({ arn: 'k', enabled: false, manager: 'NOBODY', policy: unreadable() }).map(
      (key) => new Map([['k', key]]),
    ),
    alarmHistory: history.map((items) => new Map([['a', read(items)]])),
    deliveries: fc.constantFrom(
      new Map(),
      new Map([[TOPIC, read({ hours: 0, published: Number.NaN, delivered: undefined, failed: -1, filteredOut: 0 })]]),
    ),
    muteRules: fc.constantFrom(unreadable(), read([])),
    transformers: fc.constantFrom(unreadable(), read(['trail-events', 'nowhere'])),
    elsewhere: fc.constantFrom(
      unreadable(),
      read([{ name: 'a', account: '', region: '', endpoints: [new Secret('')] }]),
    ),
    pagerduty: pagerDutyTargets.map((target) =>
      read({ serviceRegion: 'eu' as const, targets: new Map([[`${TOPIC}:1`, target]]) }),
    ),
  },
  { requiredKeys: [] },
)

export const anyInventory = fc
  .record({
    site: sites,
    diagnostics,
    targets: maybe(targets),
    trails,
    filters,
    alarms,
    subscriptions,
    topics: fc.constantFrom(
      [aTopic()],
      [],
      [aTopic({ fifo: true, kmsKeyId: 'k' })],
      [aTopicWith({ Statement: [{ Effect: 7 }] })],
      [aTopic({ policy: undefined, policyText: 'x' })],
    ),
    logGroups: fc.constantFrom([aLogGroup()], [], [aLogGroup({ class: 'NOVEL', kmsKeyId: 'k', retentionDays: -1 })]),
    roles: fc.constantFrom([aRole()], [], [aRole({ trust: undefined, policies: {} })]),
    unread: fc.subarray(['trails', 'metricFilters', 'alarms'] as const),
  })
  .map(({ unread, targets: others, ...different }) =>
    someFacts({
      ...different,
      snapshot: { ...others, ...Object.fromEntries(unread.map((key) => [key, unreadable()])) },
    }),
  )
