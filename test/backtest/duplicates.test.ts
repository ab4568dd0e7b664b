import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDuplicates, fingerprint } from '../../src/backtest/duplicates.ts'

const DAY = 86_400_000

function seen(duplicates: ReturnType<typeof createDuplicates>, id: string, time: number): boolean {
  const { high, low } = fingerprint(id)
  return duplicates.seen(high, low, time)
}

describe('records that were delivered twice', () => {
  it('are told by their id, whatever their order, within 24 hours of their time', () => {
    const ids = fc.array(fc.tuple(fc.nat(20), fc.integer({ min: 0, max: 80 })), { maxLength: 60 })
    fc.assert(
      fc.property(ids, (given) => {
        const duplicates = createDuplicates()
        const known = new Map<number, number>()
        for (const [id, hours] of given) {
          const time = 1_770_000_000_000 + hours * 3_600_000
          const before = known.get(id)
          const expected = before !== undefined && Math.abs(before - time) <= DAY
          if (!expected) known.set(id, time)
          expect(seen(duplicates, `id-${id}`, time)).toBe(expected)
        }
      }),
    )
  })

  it('are forgotten only when there are more than can be remembered, and that is said', () => {
    const duplicates = createDuplicates(3_000)
    for (let at = 0; at < 3_000; at += 1) expect(seen(duplicates, `id-${at}`, 0)).toBe(false)
    for (let at = 0; at < 3_000; at += 1) expect(seen(duplicates, `id-${at}`, 0)).toBe(true)
    expect(duplicates.complete).toBe(true)
    for (let at = 3_000; at < 40_000; at += 1) expect(seen(duplicates, `id-${at}`, 0)).toBe(false)
    expect(duplicates.complete).toBe(false)
    for (let at = 38_000; at < 40_000; at += 1) expect(seen(duplicates, `id-${at}`, 0)).toBe(true)
  })

  it('have fingerprints that differ where their ids do', () => {
    const prints = new Set<string>()
    for (let at = 0; at < 200_000; at += 1) {
      const hex = at.toString(16).padStart(12, '0')
      const { high, low } = fingerprint(`a1b2c3d4-0000-4000-8000-${hex}`)
      prints.add(`${high}:${low}`)
    }
    expect(prints.size).toBe(200_000)
  })
})
