import { describe, expect, it } from 'vitest'
import type { ActionOutcome } from '../../../src/aws/readers/alarm-history.ts'
import { detectionById } from '../../../src/detections/select.ts'
import { isProblem } from '../../../src/doctor/check.ts'
import { diagnose } from '../../../src/doctor/diagnose.ts'
import { Secret } from '../../../src/domain/secret.ts'
import type { AlarmSnapshot } from '../../../src/domain/snapshot.ts'
import { alarmFingerprint, filterFingerprint, observedSettings } from '../../../src/plan/fingerprint.ts'
import { type AlarmChange, rewrittenAlarm } from '../../../src/plan/repair.ts'
import {
  ALARM,
  aFilter,
  anAlarm,
  aSubscription,
  aTopic,
  aTransformation,
  minutesAgo,
  rawOf,
  read,
  SITE,
  someFacts,
  TOPIC,
  URL_US,
  unreadable,
} from '../../support/builders.ts'
import { faults, findings, of, resolves, verdict, works } from '../verdicts.ts'

const alarms = (different: Partial<AlarmSnapshot>) => ({ alarms: [anAlarm(different)] })
const OURS = 'x\ncloudtrail-pd/1 name=cloudtrail-pd detection=root-account-usage'

/** As the catalogue writes them, but for what is different. */
const ours = (different: Partial<AlarmSnapshot>) => ({
  ...alarms({ evaluationPeriods: 12, ...different }),
  filters: [aFilter({ pattern: detectionById('root-account-usage').paging.pattern })],
})

/** Over a filter that writes nothing in a minute without a match. */
const sparse = (different: Partial<AlarmSnapshot>) => ({
  ...alarms(different),
  filters: [aFilter({ transformations: [aTransformation({ defaultValue: undefined })] })],
})

function repairOf(check: string, different: Parameters<typeof of>[1]): AlarmChange | undefined {
  const finding = of(check, different).find(isProblem)
  const repair = finding?.fix.repairs?.[0]
  return repair?.kind === 'alarm' ? repair.set : undefined
}

describe('C14 an alarm without an OK action', () => {
  it('fails: it pages once, and the incident hides the next page', () => {
    expect(faults(alarms({ okActions: [] }))).toEqual([`fail alarm.ok-action ${ALARM}`])
    expect(of('alarm.ok-action', alarms({ okActions: [] }))[0]).toMatchObject({
      impact: expect.stringContaining('It pages once'),
    })
    expect(works(alarms({ okActions: [] }))).toEqual([true])
    expect(resolves(alarms({ okActions: [] }))).toEqual([false])
  })

  it('is repaired by adding the topic alone', () => {
    const alarm = anAlarm({ okActions: ['arn:aws:sns:us-east-1:123456789012:other'] })
    const set = repairOf('alarm.ok-action', { alarms: [alarm] })
    expect(rewrittenAlarm(alarm.raw, set ?? {})).toEqual({
      ...rewrittenAlarm(alarm.raw, {}),
      OKActions: ['arn:aws:sns:us-east-1:123456789012:other', TOPIC],
    })
  })

  it('is a choice where the marker says so', () => {
    const chosen = ours({ okActions: [], description: `${OURS} auto-resolve=no` })
    expect(faults(chosen)).toEqual([])
    expect([works(chosen), resolves(chosen)]).toEqual([[true], [false]])
    expect(faults(ours({ okActions: [], description: OURS }))).toEqual([`fail alarm.ok-action ${ALARM}`])
  })

  it('is not repaired where the alarm would lose something', () => {
    const alarm = anAlarm({ okActions: [] })
    const odd = { ...alarm, raw: { ...rawOf(alarm), BrandNewMember: 1 } }
    expect(repairOf('alarm.ok-action', { alarms: [odd] })).toBeUndefined()
    expect(of('alarm.ok-action', { alarms: [odd] })[0]).toMatchObject({
      fix: { summary: expect.stringContaining('BrandNewMember') },
    })
  })
})

describe('C15 INSUFFICIENT_DATA', () => {
  it('to PagerDuty fails and is taken out', () => {
    const different = alarms({ insufficientDataActions: [TOPIC], treatMissingData: undefined })
    expect(faults(different)).toEqual([`fail alarm.insufficient-data-action ${ALARM}`])
    expect(works(different)).toEqual([null])
    expect(repairOf('alarm.insufficient-data-action', different)).toEqual({ InsufficientDataActions: [] })
  })

  it.each(['notBreaching', 'breaching', 'ignore'])('is never reached where missing data is %s', (treatMissingData) => {
    const different = alarms({ insufficientDataActions: [TOPIC], treatMissingData })
    expect(of('alarm.insufficient-data-action', different)[0]).toMatchObject({
      status: 'pass',
      note: expect.stringContaining('never gets there'),
    })
  })

  it("to others is nobody's business", () => {
    const other = `${TOPIC}-mail`
    const different = {
      ...alarms({ insufficientDataActions: [other] }),
      topics: [aTopic(), aTopic({ arn: other })],
      subscriptions: [aSubscription(), aSubscription({ topicArn: other, protocol: 'sqs' })],
    }
    expect(faults(different)).toEqual([])
  })

  it('as the state of a fresh alarm is no fault', () => {
    expect(verdict('alarm.stuck', alarms({ state: 'INSUFFICIENT_DATA' }))).toBe('pass')
  })
})

describe('C56 missing data', () => {
  it.each([
    [undefined, 'fail'],
    ['missing', 'fail'],
    ['ignore', 'fail'],
    ['breaching', 'fail'],
    ['notBreaching', 'pass'],
    ['Missing', 'skip'],
    ['someNewWord', 'skip'],
  ])('treated as %s: %s', (treatMissingData, expected) => {
    expect(verdict('alarm.missing-data', sparse({ treatMissingData }))).toBe(expected)
  })

  it.each([
    ['missing', 'OK', true],
    ['ignore', 'OK', true],
    ['ignore', 'ALARM', false],
    ['breaching', 'OK', null],
  ])('treated as %s in %s does not resolve, and works is %s', (treatMissingData, state, expected) => {
    const different = sparse({ treatMissingData, state })
    expect([works(different), resolves(different)]).toEqual([[expected], [false]])
  })

  it.each(['missing', 'ignore'])('treated as %s ends with the zeros that the filter writes', (treatMissingData) => {
    expect(of('alarm.missing-data', alarms({ treatMissingData }))[0]).toMatchObject({
      status: 'pass',
      evidence: expect.stringContaining('the filter writes 0'),
    })
    expect(resolves(alarms({ treatMissingData }))).toEqual([true])
  })

  it('is repaired by one member', () => {
    expect(repairOf('alarm.missing-data', sparse({ treatMissingData: undefined }))).toEqual({
      TreatMissingData: 'notBreaching',
    })
  })
})

describe('C57 filter and alarm that do not meet', () => {
  const apart = alarms({ metric: { namespace: 'CIS-SECURITY', name: 'RootUsage', dimensions: {} } })

  it('fail both ways and name the nearest', () => {
    expect(of('alarm.exists', apart)[0]).toMatchObject({
      status: 'fail',
      evidence: expect.stringContaining('CIS-SECURITY/RootUsage'),
    })
    expect(of('alarm.metric', apart)[0]).toMatchObject({
      status: 'fail',
      evidence: expect.stringContaining('trail-events:root-usage writes Security/RootUsage'),
    })
    expect(works(apart)).toEqual([false, false])
  })

  it.each([
    ['a letter in the name', { namespace: 'Security', name: 'RootUsages', dimensions: {} }],
    ['the case of the namespace', { namespace: 'security', name: 'RootUsage', dimensions: {} }],
    ['a dimension that the metric lacks', { namespace: 'Security', name: 'RootUsage', dimensions: { account: '1' } }],
  ])('because of %s', (_, metric) => {
    expect(verdict('alarm.metric', alarms({ metric }))).toBe('fail')
    expect(verdict('alarm.exists', alarms({ metric }))).toBe('fail')
  })

  it('leave alarms of applications alone', () => {
    const other = anAlarm({ name: 'checkout-latency', metric: { namespace: 'Shop', name: 'Latency', dimensions: {} } })
    const cpu = anAlarm({ name: 'cpu', metric: { namespace: 'AWS/EC2', name: 'CPUUtilization', dimensions: {} } })
    expect(faults({ alarms: [anAlarm(), other, cpu] })).toEqual([])
  })

  it('are not told apart where the filters could not be listed', () => {
    const different = { ...alarms({ description: OURS }), snapshot: { metricFilters: unreadable() } }
    expect(verdict('alarm.metric', different)).toBe('skip')
    expect(works(different)).toEqual([null])
  })

  it('join through metric math', () => {
    const alarm = anAlarm({ metric: undefined, statistic: undefined, period: undefined, threshold: 1 })
    const Metrics = [
      { Id: 'm', MetricStat: { Metric: { Namespace: 'Security', MetricName: 'RootUsage' }, Period: 300, Stat: 'Sum' } },
    ]
    const math = { ...alarm, raw: { ...rawOf(alarm), MetricName: undefined, Metrics } }
    expect(works({ alarms: [math] })).toEqual([null])
    expect(diagnose(someFacts({ alarms: [math] })).healthy).toBe(false)
    expect(verdict('alarm.can-fire', { alarms: [math] })).toBe('skip')
    expect(of('alarm.ok-action', { alarms: [{ ...math, okActions: [] }] })[0]).toMatchObject({
      status: 'fail',
      fix: { summary: expect.stringContaining('metric math') },
    })
  })

  it('differ in the unit (A6 of the CloudWatch guide: a unit that is not published is never seen)', () => {
    expect(verdict('alarm.metric', alarms({ unit: 'Count' }))).toBe('fail')
    const counted = {
      ...alarms({ unit: 'Count' }),
      filters: [aFilter({ transformations: [aTransformation({ unit: 'Count' })] })],
    }
    expect(verdict('alarm.metric', counted)).toBe('pass')
  })
})

describe('C54 alarm arithmetic', () => {
  it.each([
    ['12 of 12 periods', { evaluationPeriods: 12, datapointsToAlarm: undefined }, 'fail'],
    ['240 of 240 periods', { evaluationPeriods: 240, datapointsToAlarm: undefined }, 'fail'],
    ['1 of 12 periods', { evaluationPeriods: 12, datapointsToAlarm: 1 }, 'pass'],
    ['more than 1', { comparisonOperator: 'GreaterThanThreshold' }, 'warn'],
    ['more than 0', { comparisonOperator: 'GreaterThanThreshold', threshold: 0 }, 'pass'],
    ['at least 0, which is always', { threshold: 0 }, 'fail'],
    ['fewer than 1, which is silence', { comparisonOperator: 'LessThanThreshold' }, 'fail'],
    ['the average over 5 minutes with zeros between', { statistic: 'Average' }, 'fail'],
    ['the average over a minute', { statistic: 'Average', period: 60 }, 'pass'],
    ['a maximum of 2 that values of 1 never reach', { statistic: 'Maximum', threshold: 2 }, 'fail'],
    ['the maximum', { statistic: 'Maximum' }, 'pass'],
    ['the minimum, which the zeros hide', { statistic: 'Minimum' }, 'fail'],
    ['the count of samples, which the default feeds', { statistic: 'SampleCount' }, 'fail'],
    ['a percentile', { statistic: 'p99' }, 'skip'],
    ['an anomaly band', { comparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold' }, 'skip'],
    ['no threshold', { threshold: undefined }, 'skip'],
  ])('%s', (_, different, expected) => {
    expect(verdict('alarm.can-fire', alarms(different))).toBe(expected)
  })

  it('takes the value of the filter into account', () => {
    const filters = (value: string) => [aFilter({ transformations: [aTransformation({ value })] })]
    expect(verdict('alarm.can-fire', { ...alarms({ threshold: 10 }), filters: filters('10') })).toBe('pass')
    expect(verdict('alarm.can-fire', { ...alarms({}), filters: filters('$.bytes') })).toBe('skip')
    expect(verdict('metric-filter.transformation', { filters: filters('0') })).toBe('fail')
  })

  it('notes that 1 of 12 is blind for an hour, warns of a day, and respects a hold', () => {
    const hour = alarms({ evaluationPeriods: 12 })
    expect(of('alarm.blind-time', hour)[0]).toMatchObject({
      status: 'pass',
      note: 'no further page for 60 min after an event',
    })
    expect(verdict('alarm.blind-time', alarms({ evaluationPeriods: 288 }))).toBe('warn')
    expect(verdict('alarm.blind-time', ours({ evaluationPeriods: 288, description: `${OURS} hold=1440` }))).toBe('pass')
    expect(verdict('alarm.blind-time', ours({ evaluationPeriods: 288, description: OURS }))).toBe('warn')
  })

  it('that one event does not meet leaves it unknown whether the chain pages', () => {
    expect(works(alarms({ threshold: 3 }))).toEqual([null])
  })

  it.each([
    ['a percentile', { statistic: 'p99' }],
    ['an anomaly band', { comparisonOperator: 'LessThanLowerOrGreaterThanUpperThreshold' }],
  ])('over %s cannot be told, and neither can the chain', (_, different) => {
    expect(works(alarms(different))).toEqual([null])
  })
})

describe('a mark is not an alibi', () => {
  const changed: Partial<AlarmSnapshot> = { description: OURS, period: 86_400, evaluationPeriods: 1 }

  it('for a period that was changed by hand', () => {
    expect(faults(ours(changed))).toEqual([`warn alarm.blind-time ${ALARM}`, `warn alarm.drift ${ALARM}`])
    expect(of('alarm.drift', ours(changed))[0]).toMatchObject({ evidence: expect.stringContaining('period 86400') })
  })

  it('for a threshold that was changed by hand', () => {
    expect(verdict('alarm.can-fire', ours({ description: OURS, threshold: 5 }))).toBe('warn')
  })

  it('for a filter that was changed by hand', () => {
    const pattern = '{ $.eventName = "ConsoleLogin" }'
    const different = { ...ours({ description: OURS }), filters: [aFilter({ pattern })] }
    expect(of('metric-filter.drift', different)[0]).toMatchObject({
      status: 'warn',
      resource: 'trail-events:root-usage',
      evidence: expect.stringContaining(pattern),
    })
  })

  it('but what it records was chosen, whatever it is', () => {
    const alarm = anAlarm({ ...changed, threshold: 5 })
    const filter = aFilter({ pattern: '{ $.eventName = "ConsoleLogin" && $.awsRegion != "x y" }' })
    const respelled = { ...filter, pattern: '{$.eventName="ConsoleLogin"&&$.awsRegion  !=  "x y"}' }
    const recorded = {
      alarm: alarmFingerprint(alarm),
      filter: filterFingerprint([observedSettings(filter, 'Security/RootUsage')]),
    }
    const marked = { ...alarm, description: `${OURS} alarm=${recorded.alarm} filter=${recorded.filter}` }
    for (const check of ['alarm.drift', 'metric-filter.drift', 'alarm.blind-time', 'alarm.can-fire']) {
      expect(verdict(check, { alarms: [marked], filters: [respelled] })).toBe('pass')
    }
    expect(
      verdict('metric-filter.drift', { alarms: [marked], filters: [{ ...filter, pattern: '{ $.a = "xy" }' }] }),
    ).toBe('warn')
  })

  it('and an alarm of others is not asked', () => {
    expect(of('alarm.drift')).toEqual([])
    expect(of('metric-filter.drift')).toEqual([])
  })
})

describe('an alarm that reaches nobody', () => {
  it.each([
    ['without actions', alarms({ alarmActions: [], okActions: [], treatMissingData: undefined })],
    ['on a topic without a subscription', { ...alarms({ okActions: [] }), subscriptions: [] }],
  ])('%s is not blamed for how it resolves', (_, different) => {
    for (const check of ['alarm.ok-action', 'alarm.missing-data', 'alarm.blind-time', 'alarm.name-unique']) {
      expect(verdict(check, different)).toBe('skip')
    }
    expect([works(different), resolves(different)]).toEqual([[false], [false]])
  })
})

describe('C08 names', () => {
  const elsewhere = (url: string) =>
    read([{ name: ALARM, account: SITE.account, region: 'eu-west-1', endpoints: [new Secret(url)] }])

  it('without account and region are noted', () => {
    expect(faults(alarms({ name: 'CloudTrailRootUsage' }))).toEqual([])
    expect(of('alarm.name-unique', alarms({ name: 'CloudTrailRootUsage' }))[0]).toMatchObject({
      note: expect.stringContaining('neither account nor region'),
    })
  })

  it('that two scanned regions share at one endpoint are a failure', () => {
    expect(verdict('alarm.name-unique', { diagnostics: { elsewhere: elsewhere(URL_US) } })).toBe('fail')
  })

  it('that two scanned regions share at endpoints of their own are no fault', () => {
    const other = URL_US.replace('0123', '3210')
    expect(verdict('alarm.name-unique', { diagnostics: { elsewhere: elsewhere(other) } })).toBe('pass')
  })
})

describe('actions', () => {
  it('that are disabled fail and are enabled again', () => {
    expect(faults(alarms({ actionsEnabled: false }))).toEqual([`fail alarm.actions-enabled ${ALARM}`])
    expect(repairOf('alarm.actions-enabled', alarms({ actionsEnabled: false }))).toEqual({ ActionsEnabled: true })
  })

  it('that are missing page no one', () => {
    expect(verdict('alarm.alarm-action', alarms({ alarmActions: [], okActions: [] }))).toBe('fail')
    expect(works(alarms({ alarmActions: [], okActions: [] }))).toEqual([false])
  })

  it('in another region lead nowhere (C21)', () => {
    const away = TOPIC.replace('us-east-1', 'ca-central-1')
    const different = {
      ...alarms({ alarmActions: [away], okActions: [away] }),
      topics: [aTopic({ arn: away })],
      subscriptions: [aSubscription({ topicArn: away })],
    }
    expect(verdict('alarm.action-target', different)).toBe('fail')
    expect(verdict('topic.region', different)).toBe('fail')
  })

  it('of composite alarms may not be read by PagerDuty', () => {
    const child = anAlarm({ alarmActions: [], okActions: [] })
    const parent = anAlarm({
      type: 'composite',
      name: 'any-security',
      metric: undefined,
      rule: `ALARM("${ALARM}") OR FALSE`,
    })
    expect(faults({ alarms: [child, parent] })).toEqual(['warn alarm.composite any-security'])
  })

  it.each([
    ['SNS:Publish', 'is not authorized to perform: SNS:Publish on resource', 'topic.policy'],
    ['the key', 'null (Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException)', 'topic.encryption'],
    ['the topic', 'Topic does not exist', 'topic.exists'],
  ])('that failed because of %s name the check that explains it', (_, error, check) => {
    const item = actionOutcome(5, { succeeded: false, error })
    const diagnostics = { alarmHistory: new Map([[ALARM, read([item])]]) }
    expect(of('alarm.last-action', { diagnostics })[0]).toMatchObject({
      status: 'fail',
      fix: { summary: expect.stringContaining(check) },
    })
  })

  it('that failed once and succeeded since are well', () => {
    const items = [actionOutcome(50, { succeeded: false }), actionOutcome(5)]
    expect(verdict('alarm.last-action', { diagnostics: { alarmHistory: new Map([[ALARM, read(items)]]) } })).toBe(
      'pass',
    )
    expect(of('alarm.last-action', { diagnostics: { alarmHistory: new Map([[ALARM, read([])]]) } })[0]).toMatchObject({
      status: 'pass',
      note: expect.stringContaining('two weeks'),
    })
  })

  it('that a mute rule silences are a warning', () => {
    const schedule = { expression: 'cron(0 * * * *)', timezone: 'UTC', duration: 'PT1H' }
    const muteRules = read([{ name: 'night', alarms: [ALARM], schedule }])
    expect(verdict('alarm.muted', { diagnostics: { muteRules } })).toBe('warn')
    expect(of('alarm.muted', { diagnostics: { muteRules } })[0]).toMatchObject({
      evidence: expect.stringMatching(
        /^night, cron\(0 \* \* \* \*\) UTC for PT1H; this window ends at \S+:00:00\.000Z$/,
      ),
      impact: expect.stringContaining('lost for good'),
    })
    expect(works({ diagnostics: { muteRules } })).toEqual([null])
    const yearly = read([
      { name: 'night', alarms: [ALARM], schedule: { ...schedule, expression: 'cron(0 2 * * ? *)' } },
    ])
    expect(of('alarm.muted', { diagnostics: { muteRules: yearly } })[0]).toMatchObject({
      evidence: expect.stringContaining('the end of this window is unknown'),
    })
    expect(verdict('alarm.muted', { diagnostics: { muteRules: read([]) } })).toBe('pass')
    expect(of('alarm.muted', { diagnostics: { muteRules: unreadable('no such operation') } })).toMatchObject([
      { status: 'skip', evidence: 'no such operation' },
    ])
  })
})

describe('an alarm that stays in ALARM', () => {
  it.each([
    ['for minutes', 'ALARM', 20, 'pass'],
    ['for days', 'ALARM', 3 * 1440, 'warn'],
    ['in a state nobody knows', 'PAUSED', 3, 'skip'],
  ])('%s', (_, state, minutes, expected) => {
    expect(verdict('alarm.stuck', alarms({ state, stateChanged: minutesAgo(minutes) }))).toBe(expected)
  })
})

describe('a member that AWS leaves out', () => {
  it('never makes a pass of a fault', () => {
    const bare = alarms({
      treatMissingData: undefined,
      datapointsToAlarm: undefined,
      period: undefined,
      evaluationPeriods: undefined,
    })
    expect(findings(bare).filter(({ check }) => check === 'alarm.blind-time')).toMatchObject([{ status: 'skip' }])
  })
})

describe('two alarms that page for the same', () => {
  const second = anAlarm({ name: `second-${SITE.account}-${SITE.region}` })

  it('are a warning each', () => {
    expect(faults({ alarms: [anAlarm(), second] })).toEqual([
      `warn alarm.duplicate ${ALARM}`,
      `warn alarm.duplicate ${second.name}`,
    ])
  })

  it('are two detections when their conditions differ', () => {
    expect(faults({ alarms: [anAlarm(), { ...second, period: 60 }] })).toEqual([])
  })
})

function actionOutcome(minutes: number, over: Partial<ActionOutcome> = {}): ActionOutcome {
  const told = { target: TOPIC, error: undefined, announced: 'ALARM', summary: 'as AWS words it' }
  return { kind: 'action', at: minutesAgo(minutes), succeeded: true, ...told, ...over }
}

describe('C59 two alarms for the same event', () => {
  const second = (pattern: string, different: Partial<AlarmSnapshot> = {}) => ({
    filters: [
      aFilter(),
      aFilter({ name: 'by-hand', pattern, transformations: [aTransformation({ name: 'RootByHand' })] }),
    ],
    alarms: [
      anAlarm(),
      anAlarm({
        name: 'by-hand',
        metric: { namespace: 'Security', name: 'RootByHand', dimensions: {} },
        period: 60,
        ...different,
      }),
    ],
  })

  it('page twice although metrics and conditions differ', () => {
    const { pattern } = detectionById('root-account-usage').paging
    expect(verdict('alarm.duplicate', second(pattern))).toBe('warn')
  })

  it('page once each where they wait for other events, or tell another endpoint', () => {
    expect(verdict('alarm.duplicate', second('{ $.eventName = "ConsoleLogin" }'))).toBe('pass')
    const other = `${TOPIC}-other`
    const apart = {
      ...second(detectionById('root-account-usage').paging.pattern, { alarmActions: [other], okActions: [other] }),
      topics: [aTopic(), aTopic({ arn: other })],
      subscriptions: [
        aSubscription(),
        aSubscription({ topicArn: other, endpoint: new Secret(URL_US.replace('0123', '3210')) }),
      ],
    }
    expect(verdict('alarm.duplicate', apart)).toBe('pass')
  })
})
