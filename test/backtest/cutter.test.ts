import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCutter } from '../../src/backtest/cutter.ts'

function cut(text: string, size: number): { events: readonly string[]; whole: boolean } {
  const cutter = createCutter()
  const events: string[] = []
  for (let at = 0; at < text.length; at += size) events.push(...cutter.feed(text.slice(at, at + size)))
  return { events, whole: cutter.atEnd() }
}

const value = fc.jsonValue({ maxDepth: 4 })
const object = fc.dictionary(fc.string(), value)

describe('documents that stream by', () => {
  it('give the records of CloudTrail files and the elements of lists, wherever the text is divided', () => {
    const document = fc.oneof(
      fc
        .array(object, { maxLength: 4 })
        .map((records) => ({ text: (n: number) => JSON.stringify({ Records: records }, undefined, n), records })),
      fc
        .array(object, { maxLength: 4 })
        .map((records) => ({ text: (n: number) => JSON.stringify(records, undefined, n), records })),
      object
        .filter((one) => !('Records' in one))
        .map((one) => ({ text: (n: number) => JSON.stringify(one, undefined, n), records: [one] })),
    )
    fc.assert(
      fc.property(
        fc.array(document, { maxLength: 4 }),
        fc.constantFrom(0, 2),
        fc.integer({ min: 1, max: 40 }),
        (documents, indent, size) => {
          const text = documents.map((one) => one.text(indent)).join('\n')
          const { events, whole } = cut(text, size)
          expect(whole).toBe(true)
          expect(events.map((event) => JSON.parse(event))).toEqual(
            JSON.parse(JSON.stringify(documents.flatMap(({ records }) => records))),
          )
        },
      ),
    )
  })

  it('say that a document is open at its end', () => {
    expect(cut('{"Records":[{"a":1},{"b":', 7)).toEqual({ events: ['{"a":1}'], whole: false })
    expect(cut('{"Records":[{"a":1}]', 7).whole).toBe(false)
    expect(cut('  \n', 1)).toEqual({ events: [], whole: true })
  })
})
