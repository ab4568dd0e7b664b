import fc from 'fast-check'
import { XMLValidator } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { diagnose } from '../../src/doctor/diagnose.ts'
import { diagnosisJunit } from '../../src/doctor/junit.ts'
import { aFilter, anAlarm, aTransformation, someFacts } from '../support/builders.ts'
import { anyInventory } from './any-inventory.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('<script>', ']]>', '&amp;', '"\'', '\u0000\u0008', '\ud800', '\ufffe', '\u001b]0;title'),
)

describe('the JUnit report', () => {
  it('is well-formed, whatever filters, alarms and patterns are called', () => {
    fc.assert(
      fc.property(anyText, anyText, fc.boolean(), (name, pattern, strict) => {
        const metric = { namespace: name, name }
        const filters = [aFilter({ name, pattern, transformations: [aTransformation(metric)] })]
        const alarms = [anAlarm({ name, description: pattern, okActions: [], metric: { ...metric, dimensions: {} } })]
        const text = [...diagnosisJunit([diagnose(someFacts({ filters, alarms }))], { strict, accounts: true })].join(
          '',
        )
        expect(XMLValidator.validate(text)).toBe(true)
        expect(unknownToXml(text)).toEqual([])
      }),
      { numRuns: 150 },
    )
  })

  it('is well-formed for any inventory', () => {
    fc.assert(
      fc.property(anyInventory, (some) => {
        expect(XMLValidator.validate([...diagnosisJunit([diagnose(some)], { strict: true })].join(''))).toBe(true)
      }),
      { numRuns: 150 },
    )
  })
})

/** Characters that XML 1.0 does not know, escaped or not (section 2.2). */
function unknownToXml(text: string): readonly string[] {
  return [...text].filter((character) => {
    const code = character.codePointAt(0) ?? 0
    return (
      (code < 0x20 && !'\t\n\r'.includes(character)) ||
      (code >= 0xd800 && code <= 0xdfff) ||
      code === 0xfffe ||
      code === 0xffff
    )
  })
}
