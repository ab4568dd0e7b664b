/** Time for tests in which a busy machine lets nothing happen by itself. */

import type { Clock } from '../../src/ports.ts'
import { realClock } from '../../src/sandbox/clock.ts'

/** The time at which it was made, however long the test takes: under a sandbox, minutes pass only where somebody sleeps. */
export function heldClock(): Clock {
  const held = new Date()
  return { ...realClock(), now: () => new Date(held) }
}
