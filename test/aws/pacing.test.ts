import { describe, expect, it } from 'vitest'
import { createCloudTrailPacer, createLookupPacer, type Pacer } from '../../src/aws/pacing.ts'
import type { Clock } from '../../src/ports.ts'

/** A clock that passes only while somebody waits. */
function stoppedClock(): Clock & { pass(milliseconds: number): void } {
  let now = 0
  const pass = (milliseconds: number) => {
    now += milliseconds
  }
  return { now: () => new Date(now), sleep: async (milliseconds) => pass(milliseconds), pass }
}

/** When each call arrives at AWS, in milliseconds, if they are under way for so long. */
async function arrivals(pacerOn: (clock: Clock) => Pacer, underWay: readonly number[]): Promise<readonly number[]> {
  const clock = stoppedClock()
  const paced = pacerOn(clock)
  return Promise.all(
    underWay.map((milliseconds) =>
      paced(async () => {
        clock.pass(milliseconds)
        return clock.now().getTime()
      }),
    ),
  )
}

function gaps(times: readonly number[]): readonly number[] {
  return times.slice(1).map((time, index) => time - (times[index] ?? 0))
}

describe('the pace of calls', () => {
  it('of CloudTrail leaves a second between two writes, however long the first was under way', async () => {
    for (const gap of gaps(await arrivals(createCloudTrailPacer, [900, 20, 0, 400, 0])))
      expect(gap).toBeGreaterThanOrEqual(1_000)
  })

  it('of lookups counts from start to start, so that a slow answer costs nothing', async () => {
    expect(await arrivals(createLookupPacer, [400, 400, 400])).toEqual([400, 910, 1_420])
  })

  it('goes on behind a call that failed', async () => {
    const paced = createCloudTrailPacer(stoppedClock())
    const failed = paced(() => Promise.reject(new Error('no')))
    const next = paced(async () => 'done')
    await expect(failed).rejects.toThrow('no')
    expect(await next).toBe('done')
  })
})
