/** What a metric received minute by minute: sparse by day, so that a quiet detection costs nothing and years fit into memory. */

/** Minutes of one day. */
const DAY = 1_440

interface DayOfValues {
  readonly count: Uint32Array
  /** Only where values differ from event to event. */
  readonly values?: { readonly sum: Float64Array; readonly min: Float64Array; readonly max: Float64Array }
}

/** One minute as CloudWatch keeps it, a statistic set. */
export interface MinuteValue {
  readonly count: number
  readonly sum: number
  readonly min: number
  readonly max: number
}

/** A metric in minutes since the epoch. */
export class MinuteSeries {
  /** What every event adds; undefined where each brings its own value. */
  readonly constant: number | undefined
  readonly #days = new Map<number, DayOfValues>()
  #total = 0

  /** `each`: what every event adds, or that each brings its own value. */
  constructor(each: number | 'own values' = 1) {
    this.constant = each === 'own values' ? undefined : each
  }

  /** Events that were counted. */
  get total(): number {
    return this.#total
  }

  /** `times` events of `value` each; the value is left out where it is constant. */
  add(minute: number, value: number = this.constant ?? 0, times = 1): void {
    const day = Math.floor(minute / DAY)
    let held = this.#days.get(day)
    if (held === undefined) {
      held = this.#newDay()
      this.#days.set(day, held)
    }
    const at = minute - day * DAY
    const before = held.count[at] ?? 0
    held.count[at] = before + times
    this.#total += times
    if (held.values === undefined) return
    const { sum, min, max } = held.values
    sum[at] = (sum[at] ?? 0) + value * times
    min[at] = before === 0 ? value : Math.min(min[at] ?? value, value)
    max[at] = before === 0 ? value : Math.max(max[at] ?? value, value)
  }

  count(minute: number): number {
    const day = Math.floor(minute / DAY)
    return this.#days.get(day)?.count[minute - day * DAY] ?? 0
  }

  at(minute: number): MinuteValue | undefined {
    const day = Math.floor(minute / DAY)
    const held = this.#days.get(day)
    const at = minute - day * DAY
    const count = held?.count[at] ?? 0
    if (held === undefined || count === 0) return undefined
    const { constant = 0 } = this
    if (held.values === undefined) return { count, sum: count * constant, min: constant, max: constant }
    const { sum, min, max } = held.values
    return { count, sum: sum[at] ?? 0, min: min[at] ?? 0, max: max[at] ?? 0 }
  }

  /** Minutes with events, in order of time. */
  *minutes(): Generator<readonly [minute: number, count: number]> {
    for (const day of [...this.#days.keys()].sort((a, b) => a - b)) {
      const { count } = this.#days.get(day) ?? { count: new Uint32Array() }
      for (let at = 0; at < count.length; at += 1) {
        const events = count[at] ?? 0
        if (events > 0) yield [day * DAY + at, events]
      }
    }
  }

  #newDay(): DayOfValues {
    const count = new Uint32Array(DAY)
    if (this.constant !== undefined) return { count }
    const numbers = () => new Float64Array(DAY)
    return { count, values: { sum: numbers(), min: numbers(), max: numbers() } }
  }
}
