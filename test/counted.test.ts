import { describe, expect, it } from 'vitest'
import { counted, thousands } from '../src/counted.ts'

describe('an amount in a sentence', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1_000, '1,000'],
    [12_345, '12,345'],
    [1_234_567, '1,234,567'],
    [1_000_000_000_000, '1,000,000,000,000'],
  ])('%s is written as %s', (n, text) => {
    expect(thousands(n)).toBe(text)
  })

  it.each([
    [0, '0 chains'],
    [1, '1 chain'],
    [2, '2 chains'],
    [10_000, '10,000 chains'],
  ])('of chains %s is written as %s', (n, text) => {
    expect(counted(n, 'chain')).toBe(text)
  })

  it('takes the plural that is not made with an s', () => {
    expect([1, 2].map((n) => counted(n, 'match', 'matches'))).toEqual(['1 match', '2 matches'])
  })
})
