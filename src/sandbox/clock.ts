/** The sandbox's time: real time plus what was slept or moved, so that minutes pass in fractions of a second. */
import type { Clock } from '../ports.ts'

/** How often really waiting is interrupted to let time-driven things happen, in real milliseconds. */
const SLICE_MS = 20

export interface VirtualClock extends Clock {
  /** Milliseconds that this clock is ahead of the real one. */
  offset(): number
  /** Lets `milliseconds` pass at once. */
  move(milliseconds: number): void
}

export interface VirtualClockOptions {
  readonly real: Clock
  /** Virtual milliseconds for each real one while somebody sleeps; `instant` jumps to the next sleeper's time. */
  readonly speed: number | 'instant'
  readonly offset: number
  /** When, after `from`, something happens by itself; no jump goes further. */
  readonly next: (from: number) => number
  /** Runs each time the clock has been moved on. */
  readonly passed: () => Promise<void>
}

interface Sleeper {
  readonly until: number
  readonly wake: () => void
  readonly fail: (reason: unknown) => void
}

/**
 * Sleepers share one time line: the earliest wakes first, whatever order they went to sleep in, so that
 * two lanes that wait side by side see the same minutes pass, not the sum of both.
 */
export function virtualClock({ real, speed, offset: initial, next, passed }: VirtualClockOptions): VirtualClock {
  let offset = initial
  let sleepers: readonly Sleeper[] = []
  let running = false
  const time = () => real.now().getTime() + offset

  async function run(): Promise<void> {
    while (sleepers.length > 0) {
      const before = time()
      const slice = speed === 'instant' ? 1 : Math.min(SLICE_MS, Math.max(1, untilNext(before) / speed))
      await real.sleep(slice)
      advance(before, slice)
      await passed()
      const due = sleepers.filter((sleeper) => sleeper.until <= time())
      sleepers = sleepers.filter((sleeper) => !due.includes(sleeper))
      for (const sleeper of due) sleeper.wake()
      // A woken sleeper that sleeps again must be in the list before the next jump.
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  function untilNext(from: number): number {
    return Math.min(...sleepers.map((sleeper) => sleeper.until), next(from)) - from
  }

  function advance(before: number, slice: number): void {
    if (sleepers.length === 0) return
    const elapsed = time() - before
    // A real clock that a test holds still has slept the slice all the same.
    const step = speed === 'instant' ? Number.POSITIVE_INFINITY : Math.max(elapsed, slice) * speed
    offset += Math.max(0, Math.min(untilNext(before), step) - elapsed)
  }

  function start(): void {
    if (running) return
    running = true
    run()
      .catch((reason: unknown) => {
        for (const sleeper of sleepers) sleeper.fail(reason)
        sleepers = []
      })
      .finally(() => {
        running = false
        if (sleepers.length > 0) start()
      })
  }

  function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (signal?.aborted) return Promise.reject(signal.reason)
    return new Promise((resolve, reject) => {
      const sleeper: Sleeper = { until: time() + milliseconds, wake: woken, fail: reject }
      function woken(): void {
        signal?.removeEventListener('abort', aborted)
        resolve()
      }
      function aborted(): void {
        sleepers = sleepers.filter((other) => other !== sleeper)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', aborted, { once: true })
      sleepers = [...sleepers, sleeper]
      start()
    })
  }

  return {
    now: () => new Date(time()),
    sleep,
    offset: () => offset,
    move(milliseconds) {
      offset += milliseconds
    },
  }
}

/** The machine's own time. */
export function realClock(): Clock {
  return {
    now: () => new Date(),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
  }
}
