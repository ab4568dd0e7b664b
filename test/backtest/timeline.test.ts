import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MinuteSeries } from '../../src/backtest/minutes.ts'
import { type AlarmInput, runAlarm } from '../../src/backtest/timeline.ts'
import { type AlarmSettings, evaluate, type MetricPoint, type StateValue } from '../../src/domain/alarm-state.ts'

const FROM = 29_000_000

interface Case {
  readonly minutes: number
  /** By minute: values that match, and events that do not. */
  readonly values: readonly (readonly number[])[]
  readonly others: readonly number[]
  readonly defaultValue: number | undefined
  readonly settings: AlarmSettings
  readonly constant: boolean
}

/** The same question asked the long way: every minute's points from the events, every evaluation from the points. */
function slowly({ minutes, values, others, defaultValue, settings }: Case): readonly (readonly [number, number])[] {
  const points: MetricPoint[] = []
  for (let at = 0; at < minutes; at += 1) {
    const published = [...(values[at] ?? [])]
    if (defaultValue !== undefined) for (let n = 0; n < (others[at] ?? 0); n += 1) published.push(defaultValue)
    if (published.length === 0) continue
    points.push({
      at: (FROM + at) * 60_000,
      sum: published.reduce((a, b) => a + b, 0),
      count: published.length,
      min: Math.min(...published),
      max: Math.max(...published),
    })
  }
  const stays: [number, number][] = []
  let state: StateValue = 'OK'
  for (let end = 1; end <= minutes; end += 1) {
    const next = evaluate(points, settings, (FROM + end) * 60_000, state)
    if (next === 'ALARM' && state !== 'ALARM') stays.push([FROM + end, FROM + minutes])
    const open = stays.at(-1)
    if (next !== 'ALARM' && state === 'ALARM' && open !== undefined) open[1] = FROM + end
    state = next
  }
  return stays
}

function inputOf({ values, others, defaultValue, constant }: Case): AlarmInput {
  const matches = new MinuteSeries(constant ? 1 : 'own values')
  const arrivals = new MinuteSeries()
  for (const [at, published] of values.entries()) {
    for (const value of published) matches.add(FROM + at, value)
    const arrived = published.length + (others[at] ?? 0)
    if (arrived > 0) arrivals.add(FROM + at, undefined, arrived)
  }
  return { matches, arrivals, defaultValue }
}

const settings: fc.Arbitrary<AlarmSettings> = fc
  .record({
    period: fc.constantFrom(60, 120, 300),
    evaluationPeriods: fc.integer({ min: 1, max: 5 }),
    datapoints: fc.integer({ min: 1, max: 5 }),
    statistic: fc.constantFrom('Sum' as const, 'SampleCount', 'Average', 'Minimum', 'Maximum'),
    comparisonOperator: fc.constantFrom(
      'GreaterThanOrEqualToThreshold' as const,
      'GreaterThanThreshold',
      'LessThanThreshold',
      'LessThanOrEqualToThreshold',
    ),
    threshold: fc.integer({ min: 0, max: 5 }),
    treatMissingData: fc.constantFrom('missing' as const, 'ignore', 'breaching', 'notBreaching'),
  })
  .map(({ datapoints, ...rest }) => ({ ...rest, datapointsToAlarm: Math.min(datapoints, rest.evaluationPeriods) }))

const cases: fc.Arbitrary<Case> = fc
  .record({
    minutes: fc.integer({ min: 1, max: 90 }),
    constant: fc.boolean(),
    defaultValue: fc.constantFrom(undefined, 0, 2),
    settings,
    seed: fc.array(fc.tuple(fc.nat(89), fc.integer({ min: 1, max: 6 }), fc.integer({ min: -1, max: 4 })), {
      maxLength: 25,
    }),
    others: fc.array(fc.constantFrom(0, 0, 1, 3), { minLength: 90, maxLength: 90 }),
  })
  .map(({ seed, others, ...rest }) => {
    const values: number[][] = Array.from({ length: rest.minutes }, () => [])
    for (const [at, times, value] of seed) {
      for (let n = 0; n < times; n += 1) values[at]?.push(rest.constant ? 1 : value / 2)
    }
    return { ...rest, values, others: others.slice(0, rest.minutes) }
  })

describe('an alarm over past minutes', () => {
  it('is in ALARM when an evaluation of all its points, minute by minute, says so', () => {
    fc.assert(
      fc.property(cases, (one) => {
        const { stays } = runAlarm(inputOf(one), one.settings, { from: FROM, to: FROM + one.minutes })
        expect(stays.map(({ from, to }) => [from, to])).toEqual(slowly(one))
      }),
      { numRuns: 600 },
    )
  })

  it('behaves without a principal as if its events had not matched', () => {
    fc.assert(
      fc.property(cases, fc.array(fc.boolean(), { minLength: 200, maxLength: 200 }), (given, dropped) => {
        const one = { ...given, constant: true }
        const without = new MinuteSeries()
        let at = 0
        const others = [...one.others]
        const values = one.values.map((published, minute) =>
          published.flatMap(() => {
            at += 1
            if (!dropped[at % dropped.length]) return [1]
            without.add(FROM + minute)
            others[minute] = (others[minute] ?? 0) + 1
            return []
          }),
        )
        const all = inputOf({ ...one, values: one.values.map((published) => published.map(() => 1)) })
        const { stays } = runAlarm({ ...all, without }, one.settings, { from: FROM, to: FROM + one.minutes })
        expect(stays.map(({ from, to }) => [from, to])).toEqual(slowly({ ...one, values, others }))
      }),
      { numRuns: 300 },
    )
  })

  const oneEvent: AlarmSettings = {
    period: 300,
    evaluationPeriods: 1,
    datapointsToAlarm: 1,
    statistic: 'Sum',
    comparisonOperator: 'GreaterThanOrEqualToThreshold',
    threshold: 1,
    treatMissingData: 'notBreaching',
  }

  it('gets nothing at all for a match whose value is no number', () => {
    const [matches, silent, arrivals] = [new MinuteSeries('own values'), new MinuteSeries(), new MinuteSeries()]
    for (let minute = FROM; minute < FROM + 60; minute += 1) {
      matches.add(minute, 8)
      silent.add(minute, undefined, 3)
      arrivals.add(minute, undefined, 4)
    }
    const settings: AlarmSettings = {
      ...{ period: 60, evaluationPeriods: 1, datapointsToAlarm: 1, threshold: 4 },
      ...{ statistic: 'Average', comparisonOperator: 'GreaterThanOrEqualToThreshold', treatMissingData: 'missing' },
    }
    const input = { matches, silent, arrivals, defaultValue: 0 }
    const window = { from: FROM, to: FROM + 60 }
    expect(runAlarm(input, settings, window).pages).toBe(1)
    // As events that do not match they would each have published the default.
    expect(runAlarm({ ...input, silent: undefined }, settings, window).pages).toBe(0)
  })

  it('pages once for a burst, and again when the alarm was OK in between', () => {
    const matches = new MinuteSeries()
    for (const minute of [10, 11, 12, 60]) matches.add(FROM + minute)
    const input = { matches, arrivals: undefined, defaultValue: 0 }
    const { pages, stays, longestMinutes } = runAlarm(input, oneEvent, { from: FROM, to: FROM + 120 })
    expect({ pages, longestMinutes }).toEqual({ pages: 2, longestMinutes: 7 })
    expect(stays[0]).toEqual({ from: FROM + 11, to: FROM + 18 })
  })

  it('stays up to the end of what was looked at when nothing lowers it', () => {
    const matches = new MinuteSeries()
    matches.add(FROM + 5)
    const input = { matches, arrivals: undefined, defaultValue: undefined }
    const held = { ...oneEvent, treatMissingData: 'ignore' } as const
    expect(runAlarm(input, held, { from: FROM, to: FROM + 500 }).stays).toEqual([{ from: FROM + 6, to: FROM + 500 }])
  })
})
