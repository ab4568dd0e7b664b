/** Texts, stars and regular expressions as SQL of Trino over one text expression. */

import type { Value } from '../../patterns/pattern.ts'
import { cannot } from './uncompiled.ts'

/** A string of SQL; Trino takes any character as it is. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** NULL where `text` is NULL. */
export function textCondition(text: string, value: Exclude<Value, { kind: 'number' }>): string {
  return value.kind === 'regex' ? regexCondition(text, value.source) : starCondition(text, value.text)
}

/**
 * Pieces between stars are taken at their first occurrence, without going back, and the last one must then end the
 * text: as the pattern engine reads AWS.
 */
function starCondition(text: string, pattern: string): string {
  const pieces = pattern.split(/\*+/)
  if (pieces.length === 1) return `${text} = ${literal(pattern)}`
  const first = pieces[0] ?? ''
  const last = pieces.at(-1) ?? ''
  const conditions = first === '' ? [] : [`starts_with(${text}, ${literal(first)})`]
  let rest = first === '' ? text : `substr(${text}, ${[...first].length + 1})`
  for (const piece of pieces.slice(1, -1)) {
    const found = `strpos(${rest}, ${literal(piece)})`
    conditions.push(`${found} > 0`)
    rest = `substr(${rest}, ${found} + ${[...piece].length})`
  }
  if (last !== '') {
    const found = `strpos(${rest}, ${literal(last)})`
    conditions.push(`${found} > 0`, `${found} = length(${rest}) - ${[...last].length - 1}`)
  }
  return conditions.length === 0
    ? `${text} IS NOT NULL`
    : conditions.length === 1
      ? (conditions[0] ?? '')
      : `(${conditions.join(' AND ')})`
}

const CLASSES: Readonly<Record<string, string>> = { d: '0-9', w: 'A-Za-z0-9_', s: '\\t\\n\\x0b\\f\\r\\x20' }

/** The dialect of AWS in that of Trino, whose classes know Unicode and whose `$` also stands before a last line feed. */
function regexCondition(text: string, source: string): string {
  let written = ''
  let inClass = false
  for (let at = 0; at < source.length; at += 1) {
    const character = source[at] ?? ''
    if (character === '\\') {
      at += 1
      const escaped = source[at] ?? ''
      const members = CLASSES[escaped.toLowerCase()]
      if (members === undefined) written += `\\${escaped}`
      else if (escaped !== escaped.toLowerCase()) {
        if (inClass) cannot(`\\${escaped} within a class of the regex %${source}%`)
        written += `[^${members}]`
      } else written += inClass ? members : `[${members}]`
    } else if (inClass) {
      if (character === ']') inClass = false
      written += character === '&' || character === '[' ? `\\${character}` : character
    } else if (character === '[') {
      inClass = true
      written += character
      if (source[at + 1] === '^') {
        written += '^'
        at += 1
      }
    } else if (character === '^') written += '\\A'
    else if (character === '$') written += '\\z'
    else written += character
  }
  return `regexp_like(${text}, ${literal(written)})`
}
