/** What must hold for every pattern and every message. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { explain } from '../../src/patterns/explain/explain.ts'
import { lint } from '../../src/patterns/lint/lint.ts'
import { expressionTest } from '../../src/patterns/match/json.ts'
import { readJsonWithNumberText } from '../../src/patterns/match/json-value.ts'
import { compile, compileForEvents, compileMany } from '../../src/patterns/match/match.ts'
import { parsePattern } from '../../src/patterns/parse/parse.ts'
import { canonical, type Pattern, print, sameMeaning } from '../../src/patterns/pattern.ts'
import { asPattern, brokenPattern, meaning, message, mutatedPattern, respell, spell } from './arbitrary.ts'

/** The tree of a pattern that AWS takes or may take; refused ones are left out of a law. */
function read(text: string): Pattern {
  const parsed = parsePattern(text)
  if (parsed.validity !== 'refused') return parsed.pattern
  throw new fc.PreconditionFailure()
}

const anyPattern = fc.oneof(
  meaning.map((node) => asPattern(spell(node))),
  mutatedPattern,
  brokenPattern,
)

describe('printing and parsing', () => {
  test('a printed pattern is accepted, prints the same again and matches the same messages', () => {
    fc.assert(
      fc.property(anyPattern, fc.array(message, { maxLength: 5 }), (text, messages) => {
        const pattern = read(text)
        const printed = print(pattern)
        fc.pre(printed.length <= 1024)
        const again = parsePattern(printed)
        if (again.validity === 'refused') expect.fail(`${printed}: ${again.message}`)
        expect(print(again.pattern)).toBe(printed)
        expect(messages.map(compile(again.pattern))).toEqual(messages.map(compile(pattern)))
      }),
      { numRuns: 500 },
    )
  })

  test('two spellings of one meaning have one canonical form', () => {
    fc.assert(
      fc.property(meaning, fc.infiniteStream(fc.boolean()), (node, coins) => {
        const coin = () => coins.next().value === true
        const [one, other] = [read(asPattern(spell(node))), read(asPattern(respell(node, coin)))]
        expect(canonical(other)).toBe(canonical(one))
        expect(sameMeaning(one, other)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('the canonical form of a pattern matches what the pattern matches, and is its own canonical form', () => {
    fc.assert(
      fc.property(anyPattern, fc.array(message, { minLength: 1, maxLength: 5 }), (text, messages) => {
        const pattern = read(text)
        const again = parsePattern(canonical(pattern))
        fc.pre(again.validity !== 'refused' || again.rule !== 'too-long')
        if (again.validity === 'refused') expect.fail(`${canonical(pattern)}: ${again.message}`)
        expect(messages.map(compile(again.pattern))).toEqual(messages.map(compile(pattern)))
        expect(canonical(again.pattern)).toBe(canonical(pattern))
      }),
      { numRuns: 500 },
    )
  })
})

describe('bad input', () => {
  test('no text crashes the parser, and a refusal names a column of the text', () => {
    fc.assert(
      fc.property(fc.oneof(brokenPattern, mutatedPattern, fc.string({ unit: 'binary' })), (text) => {
        const parsed = parsePattern(text)
        if (parsed.validity === 'accepted') return
        expect(parsed.column).toBeGreaterThanOrEqual(1)
        expect(parsed.column).toBeLessThanOrEqual(text.length + 1)
        expect(parsed.message).not.toBe('')
      }),
      { numRuns: 2000 },
    )
  })

  test('no text and no message crash matching, linting or explaining', () => {
    fc.assert(
      fc.property(fc.oneof(brokenPattern, mutatedPattern), message, (text, line) => {
        lint(text)
        const pattern = read(text)
        expect(explain(pattern, line).match).toBe(compile(pattern)(line))
        explain(pattern)
      }),
      { numRuns: 500 },
    )
  })
})

describe('many patterns at once', () => {
  test('give the positions of those that match one by one', () => {
    fc.assert(
      fc.property(fc.array(anyPattern, { maxLength: 6 }), message, (texts, line) => {
        const patterns = texts
          .map(parsePattern)
          .flatMap((parsed) => (parsed.validity === 'refused' ? [] : [parsed.pattern]))
        const alone = patterns.flatMap((pattern, index) => (compile(pattern)(line) ? [index] : []))
        expect(compileMany(patterns)(line)).toEqual(alone)
      }),
      { numRuns: 500 },
    )
  })

  test('the index over names and fields never loses a match', () => {
    fc.assert(
      fc.property(fc.array(meaning, { minLength: 1, maxLength: 4 }), message, (nodes, line) => {
        const patterns = nodes.map((node) => read(asPattern(spell(node))))
        const root = readJsonWithNumberText(line, 20)
        const looked = patterns.flatMap((pattern, index) => {
          if (root === undefined || pattern.kind !== 'json') return []
          return expressionTest(pattern.where)(root, { needsText: false }) ? [index] : []
        })
        expect(compileMany(patterns)(line)).toEqual(looked)
      }),
      { numRuns: 1000 },
    )
  })

  test('a parsed event gives the answer of its message, or none', () => {
    fc.assert(
      fc.property(fc.array(meaning, { maxLength: 4 }), fc.jsonValue(), (nodes, value) => {
        const patterns = nodes.map((node) => read(asPattern(spell(node))))
        const event = { a: value, eventName: value }
        const answer = compileForEvents(patterns)(JSON.parse(JSON.stringify(event)))
        if (answer !== undefined) expect(answer).toEqual(compileMany(patterns)(JSON.stringify(event)))
      }),
    )
  })
})

describe('suggestions', () => {
  test('a suggestion of the linter is itself clean', () => {
    fc.assert(
      fc.property(fc.oneof(anyPattern, cloudTrailPattern()), (text) => {
        for (const { suggestion } of lint(text).findings) {
          if (suggestion !== undefined) {
            expect({ suggestion, ...lint(suggestion) }).toEqual({ suggestion, valid: true, findings: [] })
          }
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('explaining', () => {
  test('names the deciding terms whenever the event is JSON, and each of them is true or false', () => {
    fc.assert(
      fc.property(meaning, fc.jsonValue(), (node, value) => {
        const text = asPattern(spell(node))
        const { decidedBy, terms } = explain(read(text), JSON.stringify({ a: value }))
        expect(decidedBy.length).toBeGreaterThan(0)
        for (const term of decidedBy) expect(typeof term.holds).toBe('boolean')
        for (const term of terms) expect(text.slice(term.column - 1, term.end - 1)).toMatch(/^\$\./)
      }),
    )
  })
})

/** Conditions with the mistakes that the linter knows, on fields that it knows. */
function cloudTrailPattern(): fc.Arbitrary<string> {
  const condition = fc
    .tuple(
      fc.constantFrom(
        '$.eventName',
        '$.errorCode',
        '$.readOnly',
        '$.userIdentity.type',
        '$.resources.type',
        '$.resources[*].type',
        '$.userIdentity',
        '$.port',
      ),
      fc.constantFrom(
        '= "x"',
        '!= "x"',
        '!= "y"',
        '= *',
        '!= *',
        '= true',
        '= "True"',
        '= "22"',
        '= "x*y"',
        '= "**x"',
        'NOT EXISTS',
        'IS TRUE',
        '> 5',
        '< 3',
        '= root',
        '!= root',
      ),
    )
    .map((parts) => parts.join(' '))
  const joints = fc.array(fc.constantFrom('&&', '||'), { minLength: 4, maxLength: 4 })
  return fc.tuple(fc.array(condition, { minLength: 1, maxLength: 4 }), joints).map(([conditions, joint]) => {
    return `{ ${conditions.map((one, index) => (index === 0 ? one : `${joint[index]} ${one}`)).join(' ')} }`
  })
}
