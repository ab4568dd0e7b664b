import { beforeAll, describe, expect, it } from 'vitest'
import { ASSUMPTIONS, type Observation } from '../../accept/assumptions.ts'
import type { CallDrill, DrillIncident, DrillRecord, Evidence, Setting } from '../../accept/evidence.ts'
import type { HistoryEntry } from '../../src/aws/readers/alarm-history.ts'
import type { Reading } from '../../src/domain/snapshot.ts'
import { anAccount } from '../support/tool.ts'
import { acceptIn } from './sandbox-host.ts'

/** Of a whole run in the sandbox, in which every behavior is as assumed. */
let whole: Evidence

beforeAll(async () => {
  const account = await anAccount()
  whole = (await acceptIn(account)).outcome.evidence
  await account.close()
}, 60_000)

const UNREAD = { state: 'unreadable', why: 'not allowed to call it', denied: true } as const
const X_ERE = { route: 'global-orchestration' } as const

function readIn<T>(reading: Reading<T> | undefined): T {
  if (reading?.state !== 'read') throw new Error('unread')
  return reading.value
}

function setting(more: Partial<Setting>): (seen: Evidence) => Evidence {
  return (seen) => ({ ...seen, setting: { ...seen.setting, ...more } })
}

function drill(change: (drill: CallDrill) => Partial<CallDrill>): (seen: Evidence) => Evidence {
  return (seen) => {
    if (seen.callDrill === undefined) throw new Error('no drill')
    return { ...seen, callDrill: { ...seen.callDrill, ...change(seen.callDrill) } }
  }
}

function record(more: Partial<DrillRecord>) {
  return drill(({ record: read }) => ({
    record: { state: 'read', value: { ...(readIn(read) as DrillRecord), ...more } },
  }))
}

function incident(more: Partial<DrillIncident>) {
  return drill(({ incident: read }) => ({
    incident: { state: 'read', value: { ...(readIn(read) as DrillIncident), ...more } },
  }))
}

/** The drill with its hops altered. */
function hops(change: (hop: { hop: string; status: string; seconds: number }) => object) {
  return drill(({ run }) => {
    if (run.document === undefined) throw new Error('no document')
    const steps = run.document.steps.map((step) => ({ ...step, ...change(step) }))
    return { run: { ...run, document: { ...run.document, steps } } }
  })
}

function failedAt(name: string) {
  let behind = false
  return hops(({ hop }) => {
    const status = hop === name ? 'failed' : behind ? 'unknown' : 'ok'
    behind ||= hop === name
    return { status }
  })
}

function history(change: (entries: readonly HistoryEntry[]) => readonly HistoryEntry[]) {
  return drill(({ history: read }) => ({ history: { state: 'read', value: change(readIn(read)) } }))
}

function calls(
  of: 'init',
  change: (call: string, outcome: string) => string | undefined,
): (seen: Evidence) => Evidence {
  return (seen) => {
    const run = seen[of]
    if (run === undefined) throw new Error('no run')
    return {
      ...seen,
      [of]: {
        ...run,
        calls: run.calls.flatMap((one) => {
          const outcome = change(one.call, one.outcome)
          return outcome === undefined ? [] : [{ ...one, outcome }]
        }),
      },
    }
  }
}

function pending(seen: Evidence): Evidence {
  const document = seen.init?.document
  if (seen.init === undefined || document === undefined || document.subscription === null) throw new Error('no init')
  return {
    ...seen,
    init: { ...seen.init, document: { ...document, subscription: { ...document.subscription, status: 'pending' } } },
  }
}

const unseenAction = (seen: Evidence): Evidence => {
  const alarms = readIn(seen.firstOk?.alarms).map((alarm) => ({ ...alarm, actionAt: undefined }))
  return { ...seen, firstOk: { alarms: { state: 'read', value: alarms }, incidents: seen.firstOk?.incidents } }
}

const incidentsAfterInit =
  (count: number) =>
  (seen: Evidence): Evidence =>
    seen.firstOk === undefined
      ? seen
      : { ...seen, firstOk: { ...seen.firstOk, incidents: { state: 'read', value: count } } }

const integrations =
  (more: object) =>
  (seen: Evidence): Evidence =>
    seen.integrations === undefined ? seen : { ...seen, integrations: { ...seen.integrations, ...more } }

const later = (at: Date, seconds: number) => new Date(at.getTime() + seconds * 1000)

type Case = readonly [id: string, when: string, change: (seen: Evidence) => Evidence, result: Observation['result']]

const CASES: readonly Case[] = [
  [
    'role-trust',
    'CloudTrail reports an error of delivery',
    (seen) => withDeliveryError(failedAt('log-group')(seen)),
    'not seen',
  ],
  ['role-trust', 'nothing arrived and no error is known', failedAt('log-group'), 'cannot tell'],
  ['role-trust', 'the trail was there', setting({ ownTrail: false }), 'cannot tell'],
  ['role-trust', 'UpdateTrail never accepts it', calls('init', neverAccepted), 'not seen'],
  [
    'role-trust-conditions',
    'neither condition is met',
    roleConditions({ otherTrailRefused: true, acceptedAfter: undefined }),
    'not seen',
  ],
  [
    'role-trust-conditions',
    'conditions are not judged',
    roleConditions({ otherTrailRefused: false, acceptedAfter: undefined }),
    'cannot tell',
  ],
  ['role-trust-conditions', 'the experiment is denied', (seen) => ({ ...seen, roleConditions: UNREAD }), 'cannot tell'],
  [
    'new-role-lag',
    'the role works at once',
    calls('init', (_, outcome) => (/^Invalid/.test(outcome) ? undefined : outcome)),
    'not seen',
  ],
  ['new-role-lag', 'the role never works', calls('init', neverAccepted), 'not seen'],
  [
    'delivery-time',
    'it takes 20 minutes',
    hops(({ hop, seconds }) => ({ seconds: hop === 'event' ? 0 : seconds + 1_000 })),
    'not seen',
  ],
  ['delivery-time', 'nothing arrives', failedAt('log-group'), 'not seen'],
  [
    'delivery-time',
    'the run did not wait',
    (seen) => setting({ timeout: 5 })(failedAt('log-group')(seen)),
    'cannot tell',
  ],
  ['log-timestamp', 'it is eventTime', (seen) => record({ logTime: recordOf(seen).eventTime })(seen), 'not seen'],
  [
    'log-timestamp',
    'only the event history has the record',
    record({ foundIn: 'event history', logTime: undefined }),
    'cannot tell',
  ],
  [
    'user-agent-suffix',
    'the record lacks it',
    record({ userAgent: 'aws-sdk-js/3.0.0 cloudtrail-pd/0.1.0' }),
    'not seen',
  ],
  [
    'user-agent-suffix',
    'there is no record',
    drill(() => ({ record: { state: 'read', value: undefined } })),
    'cannot tell',
  ],
  ['user-agent-suffix', 'the record may not be read', drill(() => ({ record: UNREAD })), 'cannot tell'],
  [
    'one-trail-write-a-second',
    'CloudTrail throttles',
    calls('init', (call, outcome) => (call === 'CloudTrail:StartLogging' ? 'ThrottlingException' : outcome)),
    'not seen',
  ],
  ['test-metric-filter', 'the filter counts otherwise', failedAt('metric'), 'not seen'],
  [
    'test-metric-filter',
    'it may not be called',
    calls('init', (call, outcome) => (call.endsWith(':TestMetricFilter') ? 'AccessDeniedException' : outcome)),
    'cannot tell',
  ],
  [
    'metric-publishing',
    'it takes 10 minutes',
    hops(({ hop, seconds }) => ({ seconds: ['event', 'log-group'].includes(hop) ? seconds : seconds + 600 })),
    'not seen',
  ],
  [
    'metric-time',
    'the point lies elsewhere',
    drill(({ points }) => ({
      points: {
        state: 'read',
        value: readIn(points).map(({ minute, value }) => ({ minute: later(minute, 240), value })),
      },
    })),
    'not seen',
  ],
  ['metric-time', 'the metric may not be read', drill(() => ({ points: UNREAD })), 'cannot tell'],
  [
    'default-value',
    'it counts in idle minutes',
    drill(({ points }) => ({
      points: { state: 'read', value: [...readIn(points), { minute: new Date(0), value: 0 }] },
    })),
    'not seen',
  ],
  ['default-value', 'nothing came in', drill(() => ({ incoming: { state: 'read', value: [] } })), 'cannot tell'],
  [
    'alarm-range',
    'it stays up for an hour',
    history((entries) =>
      entries.map((one) => (one.kind === 'state' && one.to === 'OK' ? { ...one, at: later(one.at, 3_600) } : one)),
    ),
    'not seen',
  ],
  ['first-ok', 'no action ran', unseenAction, 'not seen'],
  [
    'first-ok',
    'the history may not be read',
    (seen) => ({ ...seen, firstOk: { alarms: UNREAD, incidents: undefined } }),
    'cannot tell',
  ],
  [
    'action-in-history',
    'it is not there',
    history((entries) => entries.filter(({ kind }) => kind !== 'action')),
    'not seen',
  ],
  ['set-alarm-state', 'CloudWatch ended it', endedByEvaluation, 'seen'],
  [
    'topic-policy',
    'SNS refuses',
    history((entries) => entries.map((one) => (one.kind === 'action' ? { ...one, succeeded: false } : one))),
    'not seen',
  ],
  [
    'sns-counters',
    'they stay away',
    drill(() => ({
      counts: { state: 'read', value: { hours: 1, published: 0, delivered: 0, failed: 0, filteredOut: 0 } },
    })),
    'not seen',
  ],
  ['sns-counters', 'they may not be read', drill(() => ({ counts: UNREAD })), 'cannot tell'],
  ['confirms-itself', 'it stays pending', pending, 'not seen'],
  ['alert-key', 'it is another', incident({ keyedBy: 'something else' }), 'not seen'],
  ['alert-key', 'there is no token', setting({ token: false }), 'cannot tell'],
  [
    'ok-resolves',
    'the incident stays open',
    (seen) => failedAt('incident-resolved')({ ...seen, stateDrill: undefined as never }),
    'not seen',
  ],
  ['incident-title', 'it is the name of the alarm', incident({ titledBy: 'alarm name' }), 'not seen'],
  ['ok-without-incident', 'an OK opens one', incidentsAfterInit(1), 'not seen'],
  [
    'incident-delay',
    'it takes 5 minutes',
    hops(({ hop, seconds }) => ({ seconds: hop === 'incident-opened' ? seconds + 300 : seconds })),
    'not seen',
  ],
  ['x-ere-parsing', 'it is an orchestration', setting(X_ERE), 'seen'],
  [
    'x-ere-parsing',
    'nothing opens',
    (seen) => setting(X_ERE)(drill(() => ({ incident: { state: 'read', value: undefined } }))(seen)),
    'not seen',
  ],
  ['x-ere-confirmation', 'an incident opens', (seen) => setting(X_ERE)(incidentsAfterInit(1)(seen)), 'seen'],
  ['x-ere-confirmation', 'none opens', setting(X_ERE), 'not seen'],
  ['eu-host', 'it is confirmed', setting({ ...X_ERE, serviceRegion: 'eu' }), 'seen'],
  ['eu-host', 'it stays pending', (seen) => pending(setting({ ...X_ERE, serviceRegion: 'eu' })(seen)), 'not seen'],
  ['integration-key', 'it is missing', integrations({ keys: { state: 'read', value: 0 } }), 'not seen'],
  ['integration-type', 'it is another', integrations({ types: ['service_integration'] }), 'not seen'],
  ['integration-delete', 'PagerDuty refuses', integrations({ deleted: UNREAD }), 'not seen'],
]

function neverAccepted(call: string, outcome: string): string {
  return call === 'CloudTrail:UpdateTrail' ? 'InvalidCloudWatchLogsRoleArnException' : outcome
}

function recordOf(seen: Evidence): DrillRecord {
  return readIn(seen.callDrill?.record) as DrillRecord
}

function roleConditions(value: NonNullable<Extract<Evidence['roleConditions'], { state: 'read' }>>['value']) {
  return (seen: Evidence): Evidence => ({ ...seen, roleConditions: { state: 'read', value } })
}

function withDeliveryError(seen: Evidence): Evidence {
  const { doctor } = seen
  if (doctor?.document === undefined) throw new Error('no doctor')
  const [first] = doctor.document.findings
  if (first === undefined) throw new Error('no finding')
  const findings = [{ ...first, check: 'delivery.error', status: 'fail' as const }]
  return { ...seen, doctor: { ...doctor, document: { ...doctor.document, findings } } }
}

function endedByEvaluation(seen: Evidence): Evidence {
  const { stateDrill } = seen
  if (stateDrill === undefined) throw new Error('no drill')
  const value = readIn(stateDrill.history).map((one) =>
    one.kind === 'state' && one.to === 'OK' ? { ...one, reason: 'Threshold Crossed' } : one,
  )
  return { ...seen, stateDrill: { ...stateDrill, history: { state: 'read', value } } }
}

function observed(id: string, seen: Evidence): Observation {
  const found = ASSUMPTIONS.find((one) => one.id === id)
  if (found === undefined) throw new Error(`no assumption ${id}`)
  return found.observe(seen)
}

describe('an assumption', () => {
  it.each(CASES)('%s, when %s', (id, _, change, result) => {
    expect(observed(id, change(whole))).toMatchObject({ result })
  })

  it('that a run can look at has been seen, and has been seen to be otherwise', () => {
    // The first keeps to the rate itself; the second is seen only where CloudWatch is quicker than the drill.
    const oneSided = ['one-trail-write-a-second', 'set-alarm-state']
    const looked = ASSUMPTIONS.filter(({ id, shownBy }) => shownBy !== undefined && !oneSided.includes(id))
    const resultsOf = (id: string) => [
      observed(id, whole).result,
      ...CASES.filter((one) => one[0] === id).map(([, , , result]) => result),
    ]
    const missing = looked.flatMap(({ id }) =>
      ['seen', 'not seen']
        .filter((result) => !resultsOf(id).includes(result as never))
        .map((result) => `${id}: ${result}`),
    )
    expect(missing).toEqual([])
  })

  it('cannot be told before the run has come so far, with a reason', () => {
    const early: Evidence = { setting: whole.setting }
    const results = ASSUMPTIONS.map(({ id, observe }) => ({ id, ...observe(early) }))
    expect(results.filter(({ result }) => result !== 'cannot tell')).toEqual([])
    expect(results.filter(({ detail }) => detail === '')).toEqual([])
  })

  it('that no run looks at cannot be told by a whole run either', () => {
    const unlooked = ASSUMPTIONS.filter(({ shownBy }) => shownBy === undefined)
    expect(unlooked.map(({ observe }) => observe(whole).result)).toEqual(unlooked.map(() => 'cannot tell'))
  })
})
