import { describe, expect, it } from 'vitest'
import { freshAccount } from '../support/fresh-account.ts'

const INIT = ['init', '--yes', '--json', '--detections', 'root-account-usage', '--pagerduty-service', 'Security']

interface Json {
  readonly created?: readonly string[]
  readonly next?: readonly string[]
  readonly error?: { readonly code: string; readonly message: string }
}

/** Runs init, and sends an interrupt when the call of this number has been answered. */
async function stoppedBehind(nth: number) {
  const aws = await freshAccount()
  const { backend } = aws.sandbox
  let send = () => {}
  let calls = 0
  const result = await aws.runWithToken(INIT, {
    interrupt: (signal) => {
      send = signal
    },
    backend: async (call) => {
      const answer = await backend(call)
      calls += 1
      if (calls === nth) send()
      return answer
    },
  })
  const { topics, alarms, logGroups, trails, roles, buckets, subscriptions } = aws.sandbox.state
  const exist = [topics, alarms, logGroups, trails, roles, buckets, subscriptions].flatMap((all) => Object.keys(all))
  return { result, calls, exist }
}

describe('a run of init that is interrupted', () => {
  it('behind any of its calls says that nothing was changed only where nothing was', async () => {
    const { calls } = await stoppedBehind(0)
    expect(calls).toBeGreaterThan(30)
    const seen = { nothing: 0, something: 0, whole: 0 }
    for (let nth = 1; nth <= calls; nth += 1) {
      const { result, exist } = await stoppedBehind(nth)
      const { created, next = [], error } = result.json() as unknown as Json
      const where = `call ${nth}: ${result.stdout}`
      if (result.exit === 0) {
        seen.whole += 1
        continue
      }
      expect(result.exit, where).toBe(130)
      expect(error?.code, where).toBe('interrupted')
      if (exist.length === 0) {
        seen.nothing += 1
        expect(error?.message, where).toContain('nothing was changed')
        continue
      }
      seen.something += 1
      expect(error?.message, where).not.toContain('nothing was changed')
      expect(created?.length, where).toBeGreaterThan(0)
      expect(
        next.some((line) => line.includes(' init ')) && next.some((line) => line.includes(' destroy')),
        where,
      ).toBe(true)
    }
    // Only behind the very last call is there nothing left to stop.
    expect(seen.nothing).toBeGreaterThan(2)
    expect(seen.something).toBeGreaterThan(30)
    expect(seen.whole).toBeLessThan(2)
  }, 120_000)
})
