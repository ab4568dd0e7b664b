import { describe, expect, it } from 'vitest'
import { selectDetections } from '../../src/detections/select.ts'
import { inFewWords } from '../../src/options/selection-words.ts'

const ids = (words: readonly string[], exclude?: readonly string[]) =>
  selectDetections(words, exclude).map(({ id }) => id)

describe('the words of a long selection', () => {
  it('become a pack without what is left out, and the other options stay', () => {
    const detections = ids(['all'], ['vpc-changes'])
    expect(inFewWords({ detections, hold: 5 })).toEqual({ detections: ['all'], exclude: ['vpc-changes'], hold: 5 })
  })

  it('take in what was excluded already', () => {
    const detections = ids(['recommended'])
    expect(inFewWords({ detections, exclude: ['root-account-usage'] })).toEqual({
      detections: ['recommended'],
      exclude: ['root-account-usage'],
    })
  })

  it('stay as they were said where they are short, and beside a pattern, which takes no pack', () => {
    const said = { detections: ['cis-1.5', 'root-account-usage'] }
    expect(inFewWords(said)).toBe(said)
    const own = { detections: ids(['recommended']), filterPattern: '{ $.eventName = "DeleteTrail" }' }
    expect(inFewWords(own)).toBe(own)
    expect(inFewWords({ hold: 5 })).toEqual({ hold: 5 })
  })
})
