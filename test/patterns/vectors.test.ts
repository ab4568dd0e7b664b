/** Every recorded, documented or reported answer of AWS that we know, run through the engine. */
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { compile } from '../../src/patterns/match/match.ts'
import { extractFields } from '../../src/patterns/match/space.ts'
import { parsePattern } from '../../src/patterns/parse/parse.ts'
import type { Pattern } from '../../src/patterns/pattern.ts'

interface Vectors {
  readonly kind: 'json' | 'space' | 'text' | 'refused'
  readonly pattern: string
  readonly confidence: 'aws-validated' | 'documented' | 'aws-reported' | 'inferred'
  readonly source: string
  readonly match?: readonly string[]
  readonly miss?: readonly string[]
  /** What TestMetricFilter extracted, by message. */
  readonly fields?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

const file = new URL('../fixtures/pattern-vectors.jsonl', import.meta.url)
const vectors: readonly Vectors[] = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line))

const tally = new Map<string, { agreed: number; all: number }>()

function count(confidence: string, agreed: boolean): void {
  const entry = tally.get(confidence) ?? { agreed: 0, all: 0 }
  tally.set(confidence, { agreed: entry.agreed + (agreed ? 1 : 0), all: entry.all + 1 })
}

afterAll(() => {
  const lines = [...tally].map(([confidence, { agreed, all }]) => `${confidence} ${agreed}/${all}`)
  process.stdout.write(`pattern vectors: ${lines.join(', ')}\n`)
})

describe('the engine answers as AWS did', () => {
  for (const vector of vectors) {
    test(`${vector.confidence}, ${vector.source}: ${vector.pattern || '(empty)'}`, () => {
      const parsed = parsePattern(vector.pattern)
      if (vector.kind === 'refused') {
        count(vector.confidence, parsed.validity === 'refused')
        expect(parsed.validity).toBe('refused')
        return
      }
      if (parsed.validity === 'refused') expect.fail(`refused at column ${parsed.column}: ${parsed.message}`)
      expect(parsed.validity).toBe('accepted')
      expect(wrongAnswers(vector, parsed.pattern)).toEqual([])
    })
  }
})

describe('the fields of a line are those that TestMetricFilter reported', () => {
  for (const { pattern, fields = {} } of vectors) {
    for (const [message, expected] of Object.entries(fields)) {
      test(`${pattern} on ${message}`, () => {
        const parsed = parsePattern(pattern)
        if (parsed.validity === 'refused' || parsed.pattern.kind !== 'space') {
          expect.fail('not a space-delimited pattern')
        }
        expect(extractFields(parsed.pattern, message)).toEqual(expected)
      })
    }
  }
})

function wrongAnswers({ confidence, match = [], miss = [] }: Vectors, pattern: Pattern): readonly string[] {
  const matches = compile(pattern)
  const judge = (message: string, expected: boolean) => {
    const agreed = matches(message) === expected
    count(confidence, agreed)
    return agreed ? [] : [`${expected ? 'should match' : 'should not match'}: ${message}`]
  }
  return [...match.flatMap((message) => judge(message, true)), ...miss.flatMap((message) => judge(message, false))]
}
