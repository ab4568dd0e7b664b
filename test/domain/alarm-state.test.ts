import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AlarmSettings, evaluate, judge, type MetricPoint, type StateValue } from '../../src/domain/alarm-state.ts'

type Missing = AlarmSettings['treatMissingData']
type Row = readonly [range: string, missing: string, ignore: string, breaching: string, notBreaching: string]

const TREATMENTS: readonly Missing[] = ['missing', 'ignore', 'breaching', 'notBreaching']
// X breaches, 0 does not, - is missing; oldest first. "kept" is the state the alarm was in.
const THREE_OF_THREE: readonly Row[] = [
  ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
  ['0 - - - -', 'OK', 'OK', 'OK', 'OK'],
  ['- - - - -', 'INSUFFICIENT_DATA', 'kept', 'ALARM', 'OK'],
  ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['- - X - -', 'ALARM', 'kept', 'ALARM', 'OK'],
  ['X - - - -', 'ALARM', 'kept', 'ALARM', 'OK'],
  ['- - - - X', 'INSUFFICIENT_DATA', 'kept', 'ALARM', 'OK'],
]
const TWO_OF_THREE: readonly Row[] = [
  ['0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
  ['- - - X -', 'ALARM', 'kept', 'ALARM', 'OK'],
]
const ONE_OF_ONE: readonly Row[] = [
  ['X - -', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
  ['X - 0', 'OK', 'OK', 'OK', 'OK'],
  ['- - -', 'INSUFFICIENT_DATA', 'kept', 'ALARM', 'OK'],
]

function settings(over: Partial<AlarmSettings> = {}): AlarmSettings {
  return {
    period: 300,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    statistic: 'Sum',
    comparisonOperator: 'GreaterThanOrEqualToThreshold',
    threshold: 1,
    treatMissingData: 'notBreaching',
    ...over,
  }
}

function values(range: string): (number | null)[] {
  return range.split(' ').map((mark) => (mark === '-' ? null : mark === 'X' ? 1 : 0))
}

function cases(rows: readonly Row[], evaluationPeriods: number, datapointsToAlarm: number) {
  return rows.flatMap(([range, ...expected]) =>
    TREATMENTS.map((treatMissingData, index) => ({
      range,
      evaluationPeriods,
      datapointsToAlarm,
      treatMissingData,
      state: expected[index] ?? '',
    })),
  )
}

describe("the states of the CloudWatch guide's worked examples", () => {
  test.each([...cases(THREE_OF_THREE, 3, 3), ...cases(TWO_OF_THREE, 3, 2), ...cases(ONE_OF_ONE, 1, 1)])(
    '$datapointsToAlarm of $evaluationPeriods over $range is $state where missing data is $treatMissingData',
    ({ range, state, ...rest }) => {
      for (const current of ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const) {
        expect(judge(values(range), settings(rest), current)).toBe(state === 'kept' ? current : state)
      }
    },
  )
})

describe('a lonely event and an alarm of one period of five minutes', () => {
  const minute = 60_000
  const event = 1_000 * 300_000
  const lonely: readonly MetricPoint[] = [{ at: event, sum: 1, count: 1, min: 1, max: 1 }]
  const stateAfter = (minutes: number, points = lonely, over: Partial<AlarmSettings> = {}): StateValue =>
    evaluate(points, settings(over), event + minutes * minute, 'OK')

  test('alarms as soon as its minute is over', () => {
    expect(stateAfter(0)).toBe('OK')
    expect(stateAfter(1)).toBe('ALARM')
  })

  test('stays in ALARM while the event is in the evaluation range, then is OK', () => {
    expect(stateAfter(15)).toBe('ALARM')
    expect(stateAfter(16)).toBe('OK')
  })

  test('is OK after one period where later minutes measured a real zero', () => {
    const zeros = Array.from({ length: 12 }, (_, index) => ({
      at: event + (index + 1) * minute,
      sum: 0,
      count: 1,
      min: 0,
      max: 0,
    }))
    expect(stateAfter(5, [...lonely, ...zeros])).toBe('ALARM')
    expect(stateAfter(6, [...lonely, ...zeros])).toBe('OK')
  })

  test('never alarms where twelve of twelve periods must breach', () => {
    const never = Array.from({ length: 120 }, (_, index) =>
      stateAfter(index, lonely, { evaluationPeriods: 12, datapointsToAlarm: 12 }),
    )
    expect(new Set(never)).toEqual(new Set(['OK']))
  })

  test('the statistic decides what is compared', () => {
    const burst: readonly MetricPoint[] = [{ at: event, sum: 6, count: 3, min: 1, max: 3 }]
    const reached = (statistic: AlarmSettings['statistic']) =>
      [1, 2, 3, 6].filter((threshold) => stateAfter(1, burst, { statistic, threshold }) === 'ALARM').at(-1)
    expect({
      sum: reached('Sum'),
      count: reached('SampleCount'),
      average: reached('Average'),
      least: reached('Minimum'),
      most: reached('Maximum'),
    }).toEqual({ sum: 6, count: 3, average: 2, least: 1, most: 3 })
  })
})

describe('whatever was measured', () => {
  const RANK = { OK: 0, INSUFFICIENT_DATA: 1, ALARM: 2 }
  const anyRange = fc.array(fc.constantFrom(null, 0, 1), { minLength: 3, maxLength: 12 })
  const anyState = fc.constantFrom<StateValue>('OK', 'ALARM', 'INSUFFICIENT_DATA')

  test('a gap that counts as breaching never makes a milder state than one that does not', () => {
    fc.assert(
      fc.property(anyRange, fc.integer({ min: 1, max: 10 }), fc.nat(), anyState, (range, periods, points, current) => {
        const shape = { evaluationPeriods: periods, datapointsToAlarm: 1 + (points % periods) }
        const state = (treatMissingData: Missing) => judge(range, settings({ ...shape, treatMissingData }), current)
        expect(RANK[state('breaching')]).toBeGreaterThanOrEqual(RANK[state('missing')])
        expect(RANK[state('missing')]).toBeGreaterThanOrEqual(RANK[state('notBreaching')])
      }),
    )
  })

  test('only ignored gaps let the present state matter', () => {
    fc.assert(
      fc.property(
        anyRange,
        fc.constantFrom<Missing>('missing', 'breaching', 'notBreaching'),
        (range, treatMissingData) => {
          const states = (['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const).map((current) =>
            judge(range, settings({ evaluationPeriods: 3, datapointsToAlarm: 2, treatMissingData }), current),
          )
          expect(new Set(states).size).toBe(1)
        },
      ),
    )
  })
})
