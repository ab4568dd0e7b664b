import { describe, expect, it } from 'vitest'
import { alarmsMayPublish } from '../../src/domain/policy-documents.ts'
import { mergeRepairs, repairDiff, rewrittenAlarm, whyNotRewritten } from '../../src/plan/repair.ts'
import { anAlarm, rawOf, SITE, TOPIC } from '../support/builders.ts'

const alarm = anAlarm()

describe('a rewritten alarm', () => {
  it('keeps every member that AWS lets us write, and changes one', () => {
    const raw: Record<string, unknown> = {
      ...rawOf(alarm),
      ExtendedStatistic: 'p99',
      EvaluateLowSampleCountPercentile: 'ignore',
      WarmUpConfiguration: { Duration: 10 },
      Dimensions: [{ Name: 'a', Value: 'b' }],
      Threshold: 0.1,
      StateUpdatedTimestamp: new Date(0),
    }
    const { StateValue, StateUpdatedTimestamp, AlarmArn, ...kept } = raw
    expect(rewrittenAlarm(raw, { OKActions: [TOPIC] })).toEqual({ ...kept, OKActions: [TOPIC] })
  })

  it.each([
    ['metric math', { Metrics: [{ Id: 'm' }] }, 'it uses metric math'],
    [
      'a member that is newer than this program',
      { Surprise: true },
      'it has members that would not survive a rewrite (Surprise)',
    ],
    [
      'criteria of a query',
      { EvaluationCriteria: { PromQL: {} } },
      'it has members that would not survive a rewrite (EvaluationCriteria)',
    ],
    ['no member beyond the usual', { Metrics: [], ThresholdMetricId: undefined }, undefined],
  ])('is refused for %s', (_, more, expected) => {
    expect(whyNotRewritten({ type: 'metric', raw: { ...rawOf(alarm), ...more } })).toBe(expected)
  })

  it('is refused for a composite alarm', () => {
    expect(whyNotRewritten({ type: 'composite', raw: {} })).toBe('it is a composite alarm')
  })
})

describe('repairs', () => {
  it('of one alarm become one call', () => {
    const merged = mergeRepairs([
      { kind: 'alarm', alarm, set: { OKActions: [TOPIC] } },
      { kind: 'topic-policy', topicArn: TOPIC, policyText: '{}', add: alarmsMayPublish(SITE, TOPIC) },
      { kind: 'alarm', alarm, set: { TreatMissingData: 'notBreaching' } },
      { kind: 'topic-policy', topicArn: TOPIC, policyText: '{}', add: alarmsMayPublish(SITE, TOPIC) },
    ])
    expect(merged.map((one) => (one.kind === 'alarm' ? one.set : one.kind))).toEqual([
      { OKActions: [TOPIC], TreatMissingData: 'notBreaching' },
      'topic-policy',
    ])
  })

  it('show what was and what will be', () => {
    const fresh = anAlarm({ okActions: [], treatMissingData: undefined })
    expect(
      repairDiff({ kind: 'alarm', alarm: fresh, set: { OKActions: [TOPIC], TreatMissingData: 'notBreaching' } }),
    ).toEqual([
      { field: 'OKActions', from: 'none', to: TOPIC },
      { field: 'TreatMissingData', from: 'none', to: 'notBreaching' },
    ])
  })
})
