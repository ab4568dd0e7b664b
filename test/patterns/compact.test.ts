import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/detections/catalogue.ts'
import { compact } from '../../src/patterns/compact.ts'
import { compile } from '../../src/patterns/match/match.ts'
import { parsePattern } from '../../src/patterns/parse/parse.ts'
import type { JsonPattern } from '../../src/patterns/pattern.ts'
import { asPattern, meaning, message, spell } from './arbitrary.ts'

function json(text: string): JsonPattern {
  const parsed = parsePattern(text)
  if (parsed.validity === 'refused') throw new Error(`${text}: ${parsed.message}`)
  if (parsed.pattern.kind !== 'json') throw new Error(`${text} is no JSON pattern`)
  return parsed.pattern
}

describe('the shortest spelling of a pattern', () => {
  it('leaves out blanks, quotes and parentheses, and writes a list of names as one regular expression', () => {
    const names = ['StopLogging', 'DeleteTrail', 'UpdateTrail'].map((name) => `($.eventName = "${name}")`)
    const text = `{ ($.eventSource = "cloudtrail.amazonaws.com") && (${names.join(' || ')}) && ($.errorCode NOT EXISTS) }`
    expect(compact(json(text).where)).toBe(
      '{$.eventSource=cloudtrail.amazonaws.com&&($.eventName=%^StopLogging$|^DeleteTrail$|^UpdateTrail$%)&&$.errorCode NOT EXISTS}',
    )
  })

  it('keeps quotes around what AWS may read otherwise, and no more than two regular expressions', () => {
    const list = (field: string) => `(${['A', 'B', 'C'].map((name) => `$.${field} = ${name}`).join(' || ')})`
    expect(compact(json('{ ($.a = "true") && ($.b = "1") && ($.c = "x-y") && ($.d = 5) }').where)).toBe(
      '{$.a="true"&&$.b="1"&&$.c="x-y"&&$.d=5}',
    )
    expect(compact(json(`{ ${list('a')} && ${list('b')} && ${list('c')} }`).where).match(/%/g)).toHaveLength(4)
    expect(compact(json('{ $.a[*] = A || $.a[*] = B || $.a[*] = C }').where)).not.toContain('%')
  })

  it('matches what the pattern matches, whatever the pattern and the message', () => {
    fc.assert(
      fc.property(meaning, fc.array(message, { maxLength: 5 }), (node, messages) => {
        const pattern = parsePattern(asPattern(spell(node)))
        if (pattern.validity === 'refused' || pattern.pattern.kind !== 'json') throw new fc.PreconditionFailure()
        const again = json(compact(pattern.pattern.where))
        expect(messages.map(compile(again))).toEqual(messages.map(compile(pattern.pattern)))
      }),
      { numRuns: 500 },
    )
  })

  it.each(catalogue.map((one) => [one.id, one] as const))(
    'of %s matches its events and none beside',
    (_, detection) => {
      const text = compact(json(detection.paging.pattern).where)
      expect(parsePattern(text).validity).toBe('accepted')
      const matches = compile(json(text))
      for (const event of detection.ownEvents) expect(matches(JSON.stringify(event))).toBe(true)
      for (const event of detection.neighborEvents) expect(matches(JSON.stringify(event))).toBe(false)
    },
  )
})
