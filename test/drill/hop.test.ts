import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type DrillHop,
  type DrillStep,
  follow,
  HOPS,
  type HopName,
  type HopReading,
  verdictOf,
} from '../../src/drill/hop.ts'
import type { Clock } from '../../src/ports.ts'

/** A clock that nothing but sleeping moves. */
function aClock(): Clock {
  let at = 0
  return {
    now: () => new Date(at),
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted()
      at += milliseconds
    },
  }
}

const NOT_YET: HopReading = { seen: 'not-yet' }

/** Seen after that many looks. */
function seenAfter(readings: number, detail = 'seen'): () => Promise<HopReading> {
  let count = 0
  return async () => {
    count += 1
    return count > readings ? { seen: 'yes', detail } : NOT_YET
  }
}

function aHop(name: HopName, over: Partial<DrillHop> = {}): DrillHop {
  return {
    name,
    deadline: 60,
    passable: false,
    read: seenAfter(0),
    silence: async () => ({ status: 'failed', detail: 'silence' }),
    ...over,
  }
}

async function followed(hops: readonly DrillHop[], over: { timeout?: number; signal?: AbortSignal } = {}) {
  const clock = aClock()
  const reported: string[] = []
  const signal = over.signal ?? new AbortController().signal
  const steps = await follow(hops, {
    clock,
    signal,
    began: clock.now(),
    timeout: over.timeout ?? 3600,
    every: 5_000,
    watching: (hop) => reported.push(`watching ${hop}`),
    settled: ({ hop, status }) => reported.push(`${hop} ${status}`),
  })
  return { steps, reported, brief: steps.map(({ hop, status, seconds }) => `${hop} ${status} ${seconds}`) }
}

describe('following a signal', () => {
  it('takes hop after hop, each with the seconds since the drill began', async () => {
    const { brief, reported } = await followed([
      aHop('event'),
      aHop('log-group', { read: seenAfter(4) }),
      aHop('alarm', { read: seenAfter(2) }),
    ])
    expect(brief).toEqual(['event ok 0', 'log-group ok 20', 'alarm ok 30'])
    expect(reported).toEqual([
      'watching event',
      'event ok',
      'watching log-group',
      'log-group ok',
      'watching alarm',
      'alarm ok',
    ])
  })

  it('does not look at a hop before the one in front of it is settled', async () => {
    const looked: string[] = []
    const watched = (name: HopName, read: () => Promise<HopReading>) =>
      aHop(name, {
        read: () => {
          looked.push(name)
          return read()
        },
      })
    await followed([watched('event', seenAfter(2)), watched('alarm', seenAfter(1))])
    expect(looked).toEqual(['event', 'event', 'event', 'alarm', 'alarm'])
  })

  it('stops at a failure and leaves the rest unreached', async () => {
    const { brief, steps } = await followed([
      aHop('alarm'),
      aHop('topic', { read: async () => ({ seen: 'never', detail: 'no policy' }) }),
      aHop('incident-opened'),
    ])
    expect(brief).toEqual(['alarm ok 0', 'topic failed 0', 'incident-opened unknown 0'])
    expect(steps.at(-1)?.detail).toBe('not reached')
  })

  it('explains silence once the deadline of the hop has passed', async () => {
    const { brief, steps } = await followed([
      aHop('event'),
      aHop('log-group', {
        deadline: 30,
        read: async () => NOT_YET,
        silence: async () => ({ status: 'failed', detail: 'the trail is stopped' }),
      }),
    ])
    expect(brief).toEqual(['event ok 0', 'log-group failed 30'])
    expect(steps[1]?.detail).toBe('the trail is stopped')
  })

  it('explains silence once the time of the whole drill is up', async () => {
    const { brief } = await followed([aHop('alarm', { deadline: 600, read: async () => NOT_YET })], { timeout: 45 })
    expect(brief).toEqual(['alarm failed 45'])
  })

  it('goes on where a hop cannot be seen', async () => {
    const { brief } = await followed([
      aHop('log-group', { read: async () => ({ seen: 'unknowable', detail: 'denied' }) }),
      aHop('alarm'),
    ])
    expect(brief).toEqual(['log-group unknown 0', 'alarm ok 0'])
  })

  it('takes a passable hop for passed when the signal is seen further on', async () => {
    const { brief, steps } = await followed([
      aHop('subscription', { passable: true, read: async () => NOT_YET }),
      aHop('incident-opened', { read: seenAfter(2) }),
    ])
    expect(brief).toEqual(['subscription ok 10', 'incident-opened ok 10'])
    expect(steps[0]?.detail).toContain('seen further on (incident opened)')
  })

  it('keeps looking at a passable hop beside the next one, up to its deadline; an OK is no proof of the ALARM', async () => {
    const { brief } = await followed([
      aHop('subscription', {
        passable: true,
        deadline: 20,
        read: async () => NOT_YET,
        silence: async () => ({ status: 'unknown', detail: '' }),
      }),
      aHop('incident-opened', { read: async () => ({ seen: 'unknowable', detail: 'no token' }) }),
      aHop('alarm-ok', { read: seenAfter(1) }),
    ])
    expect(brief).toEqual(['subscription unknown 20', 'incident-opened unknown 0', 'alarm-ok ok 5'])
  })

  it('rejects with the reason of the signal', async () => {
    const controller = new AbortController()
    const reason = new Error('stop')
    const hop = aHop('alarm', {
      read: async () => {
        controller.abort(reason)
        return NOT_YET
      },
    })
    await expect(followed([hop], { signal: controller.signal })).rejects.toBe(reason)
  })
})

describe('the verdict', () => {
  const step = (hop: HopName, status: DrillStep['status']): DrillStep => ({ hop, status, seconds: 0, detail: '' })
  const cases: readonly [string, readonly DrillStep[], string][] = [
    ['the incident seen at both ends', [step('incident-opened', 'ok'), step('incident-resolved', 'ok')], 'delivered'],
    [
      'both messages taken, PagerDuty unseen',
      [step('topic', 'ok'), step('alarm-ok', 'ok'), step('incident-opened', 'unknown')],
      'sent',
    ],
    [
      'opened, and not known to be resolved',
      [
        step('topic', 'ok'),
        step('alarm-ok', 'ok'),
        step('incident-opened', 'ok'),
        step('incident-resolved', 'unknown'),
      ],
      'sent',
    ],
    ['one message unseen', [step('topic', 'unknown'), step('alarm-ok', 'ok')], 'failed'],
    [
      'a failure beside everything else',
      [step('incident-opened', 'ok'), step('incident-resolved', 'ok'), step('metric', 'failed')],
      'failed',
    ],
    ['nothing', [], 'failed'],
  ]
  it.each(cases)('%s', (_what, steps, verdict) => {
    expect(verdictOf(steps)).toBe(verdict)
  })

  it('is never delivered unless PagerDuty was seen to open and to resolve', () => {
    const status = fc.constantFrom('ok', 'failed', 'unknown')
    const steps = fc.array(fc.tuple(fc.constantFrom(...HOPS), status), { maxLength: 9 })
    fc.assert(
      fc.property(steps, (pairs) => {
        const all = pairs.map(([hop, one]) => step(hop, one as DrillStep['status']))
        const ok = (hop: HopName) => all.some((one) => one.hop === hop && one.status === 'ok')
        const delivered = verdictOf(all) === 'delivered'
        return (
          !delivered ||
          (ok('incident-opened') && ok('incident-resolved') && all.every((one) => one.status !== 'failed'))
        )
      }),
    )
  })
})
