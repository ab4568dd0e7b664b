import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { firing, holdSeconds } from '../../src/domain/alarm-arithmetic.ts'
import { type AlarmSettings, COMPARISON_OPERATORS, evaluate, type MetricPoint } from '../../src/domain/alarm-state.ts'

const oneOf12: AlarmSettings = {
  statistic: 'Sum',
  period: 300,
  evaluationPeriods: 12,
  datapointsToAlarm: 1,
  threshold: 1,
  comparisonOperator: 'GreaterThanOrEqualToThreshold',
  treatMissingData: 'notBreaching',
}
const counts = { value: '1', defaultValue: 0 }

describe('how many events fire an alarm', () => {
  it.each([
    [{}, counts, { kind: 'fires', events: 1 }],
    [{ threshold: 5 }, counts, { kind: 'fires', events: 5 }],
    [{ threshold: 5, comparisonOperator: 'GreaterThanThreshold' }, counts, { kind: 'fires', events: 6 }],
    [{ threshold: 5 }, { value: '2' }, { kind: 'fires', events: 3 }],
    [{ datapointsToAlarm: 12 }, counts, { kind: 'spread', events: 1, periods: 12 }],
    [{ statistic: 'Maximum', threshold: 2 }, counts, { kind: 'never' }],
    [{ comparisonOperator: 'LessThanThreshold' }, counts, { kind: 'always' }],
    [{}, { value: '$.bytes' }, { kind: 'unknown' }],
  ] as const)('%j of a metric %j: %j', (settings, made, expected) => {
    expect(firing({ ...oneOf12, ...settings }, made)).toMatchObject(expected)
  })

  it('agrees with the state that CloudWatch would give', () => {
    const law = fc.property(
      fc.integer({ min: 0, max: 50 }),
      fc.constantFrom(...COMPARISON_OPERATORS),
      (threshold, by) => {
        const alarm = { ...oneOf12, threshold, comparisonOperator: by }
        const needs = firing(alarm, counts)
        const stateAfter = (events: number) => evaluate(minutesWith(events), alarm, 300_000, 'OK')
        if (needs.kind === 'never') return stateAfter(0) === 'OK' && stateAfter(1_000) === 'OK'
        if (needs.kind === 'always') return stateAfter(0) === 'ALARM'
        return needs.kind === 'fires' && stateAfter(needs.events) === 'ALARM' && stateAfter(needs.events - 1) === 'OK'
      },
    )
    fc.assert(law)
  })
})

describe('how long an alarm stays in ALARM', () => {
  it.each([
    [{}, 3600],
    [{ evaluationPeriods: 1 }, 300],
    [{ evaluationPeriods: 5, datapointsToAlarm: 3 }, 900],
    [{ evaluationPeriods: 3, datapointsToAlarm: undefined }, 300],
    [{ period: undefined }, undefined],
  ])('%j: %s seconds', (settings, seconds) => {
    expect(holdSeconds({ ...oneOf12, ...settings })).toBe(seconds)
  })
})

/** Five minutes of a counting metric: all events in the first, and the default value in the others. */
function minutesWith(events: number): readonly MetricPoint[] {
  return [0, 1, 2, 3, 4].map((minute) => {
    const sum = minute === 0 ? events : 0
    return { at: minute * 60_000, sum, count: 1, min: sum, max: sum }
  })
}
