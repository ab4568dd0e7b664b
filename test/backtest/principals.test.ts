import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Principals } from '../../src/backtest/principals.ts'

const FROM = 29_000_000

function counts(principals: Principals): Readonly<Record<string, number>> {
  return Object.fromEntries([...principals.entries()].map(([name, { matches }]) => [name, matches]))
}

describe('who is behind the matches', () => {
  it('is counted exactly, however many there are beside them', () => {
    const principals = new Principals()
    for (let minute = 0; minute < 5; minute += 1) {
      for (let user = 0; user < 200; user += 1) principals.add(`u${user}`, FROM + minute, 1)
    }
    expect(new Set(Object.values(counts(principals)))).toEqual(new Set([5]))
    expect(principals.complete).toBe(true)
  })

  it('is known from the first match on where many quiet ones came before', () => {
    const principals = new Principals()
    for (let user = 0; user < 400; user += 1) principals.add(`u${user}`, FROM + user, 1)
    for (let minute = 0; minute < 2_000; minute += 1) principals.add('scanner', FROM + 1_000 + minute, 2)
    const scanner = new Map(principals.entries()).get('scanner')
    expect(scanner).toMatchObject({ matches: 4_000, whole: true })
    expect([999, 1_000, 2_999, 3_000].map((at) => scanner?.minutes.count(FROM + at))).toEqual([0, 2, 2, 0])
  })

  it('stays where it is loud and too many come; what came later is told as the least', () => {
    const principals = new Principals()
    for (let n = 0; n < 20_000; n += 1) {
      principals.add('loud', FROM + n, 1)
      principals.add(`once-${n}`, FROM + n, 1)
      if (n === 15_000) for (let again = 0; again < 9_000; again += 1) principals.add('late', FROM + again, 1)
    }
    const held = new Map(principals.entries())
    expect(principals.complete).toBe(false)
    expect(held.get('loud')).toMatchObject({ matches: 20_000, whole: true })
    expect(held.get('late')).toMatchObject({ matches: 9_000, whole: false })
    expect(held.size).toBeLessThanOrEqual(1_000)
  })

  it('is never told more often than it came, and where all are known just as often', () => {
    const match = fc.tuple(fc.integer({ min: 0, max: 2_500 }), fc.integer({ min: 0, max: 3_000 }), fc.nat(3))
    fc.assert(
      fc.property(fc.array(match, { maxLength: 6_000, size: 'max' }), (matches) => {
        const principals = new Principals()
        const exact: Record<string, number> = {}
        for (const [user, minute, more] of matches) {
          const name = `u${user}`
          exact[name] = (exact[name] ?? 0) + more + 1
          principals.add(name, FROM + minute, more + 1)
        }
        for (const [name, { matches: told, whole, minutes }] of principals.entries()) {
          expect(told).toBeLessThanOrEqual(exact[name] ?? 0)
          if (whole) expect(told).toBe(exact[name])
          let inMinutes = 0
          for (let minute = 0; minute <= 3_000; minute += 1) inMinutes += minutes.count(FROM + minute)
          if (principals.complete) expect(inMinutes).toBe(told)
        }
      }),
      { numRuns: 15 },
    )
  })
})
