/** How AWS compares a string or a number of a message with a value of a pattern. */
import { compareDecimals, type Decimal, decimal, isNumberText as looksLikeNumber } from '../decimal.ts'
import type { Operator, Value } from '../pattern.ts'
import { isNumberText, type Json, type NumberText, numberText } from './json-value.ts'
import { compileRegex } from './regex.ts'

/** Only strings and numbers compare; everything else makes every comparison false. */
export type Comparable = string | number | NumberText

/** One evaluation; `needsText` is set when a number was met whose spelling decides, and the answer is void then. */
export interface MatchRun {
  needsText: boolean
}

export type NodeTest = (node: Comparable, run: MatchRun) => boolean

export function isComparable(node: Json | undefined): node is Comparable {
  return (
    typeof node === 'string' ||
    typeof node === 'number' ||
    (typeof node === 'object' && node !== null && isNumberText(node))
  )
}

/** The comparison `node operator value` for nodes of JSON messages. */
export function nodeTest(operator: Operator, value: Value): NodeTest {
  if (value.kind === 'number') return numberLiteralTest(operator, value.text)
  const test = textTest(value)
  const wanted = operator === '='
  return (node, run) => {
    const text = typeof node === 'string' ? node : canonicalText(node, run)
    return text !== undefined && test(text) === wanted
  }
}

/** The comparison for a field of a line, which is always text. */
export function fieldTest(operator: Operator, value: Value): (field: string) => boolean {
  if (value.kind !== 'number') {
    const test = textTest(value)
    const wanted = operator === '='
    return (field) => test(field) === wanted
  }
  const literal = decimal(value.text)
  return (field) => {
    if (!looksLikeNumber(field)) return operator === '!='
    return holds(operator, compareDecimals(decimal(field), literal))
  }
}

/** Whether a text equals a word or quoted text, stars included, or contains a match of a regex. */
export function textTest(value: Exclude<Value, { kind: 'number' }>): (text: string) => boolean {
  if (value.kind === 'text') return globTest(value.text)
  const search = compileRegex(value.source)
  return (text) => search(text)
}

/**
 * A string compares with the literal as it is spelled, a number by its value; an ordering with a string is false, and
 * so is everything with a number that overflows.
 */
function numberLiteralTest(operator: Operator, literal: string): NodeTest {
  const value = decimal(literal)
  return (node, run) => {
    if (typeof node === 'string') {
      if (operator === '=') return node === literal
      return operator === '!=' && node !== literal
    }
    const number = numericValue(node, run)
    return number !== undefined && holds(operator, compareDecimals(number, value))
  }
}

function holds(operator: Operator, order: number): boolean {
  switch (operator) {
    case '=':
      return order === 0
    case '!=':
      return order !== 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
  }
}

/**
 * A star matches any run of characters. Pieces between stars are taken at their first occurrence, without going back,
 * and the last one must then end the text: `*111.111` does not match `111.111.111`, as a live run of 2019 saw.
 */
function globTest(glob: string): (text: string) => boolean {
  const pieces = glob.split(/\*+/)
  const first = pieces[0] ?? ''
  const last = pieces.length > 1 ? (pieces.at(-1) ?? '') : undefined
  if (last === undefined) return (text) => text === glob
  const inner = pieces.slice(1, -1)
  return (text) => {
    if (!text.startsWith(first)) return false
    let at = first.length
    for (const piece of inner) {
      const found = text.indexOf(piece, at)
      if (found < 0) return false
      at = found + piece.length
    }
    if (last === '') return true
    const found = text.indexOf(last, at)
    return found >= 0 && found + last.length === text.length
  }
}

const INTEGER = /^-?\d+$/

/** An integer is exact at any size, any other number an IEEE double; nothing for one that overflows. */
function numericValue(node: number | NumberText, run: MatchRun): Decimal | undefined {
  if (typeof node === 'number') {
    if (Number.isSafeInteger(node) || (Number.isFinite(node) && !Number.isInteger(node))) return decimal(String(node))
    run.needsText = true
    return undefined
  }
  const text = numberText(node)
  if (INTEGER.test(text)) return decimal(text)
  const double = Number(text)
  return Number.isFinite(double) ? decimal(String(double)) : undefined
}

/** The text that AWS sees in a number: digits of an integer, otherwise what Java prints for the double. */
export function canonicalText(node: number | NumberText, run: MatchRun): string | undefined {
  if (typeof node === 'number') {
    if (Number.isFinite(node) && !Number.isInteger(node)) return javaDouble(node)
    run.needsText = true
    return undefined
  }
  const text = numberText(node)
  if (!INTEGER.test(text)) return javaDouble(Number(text))
  return text === '-0' ? '0' : text
}

/** `Double.toString` of Java: always a point, and an exponent below 10⁻³ and from 10⁷ on. */
function javaDouble(double: number): string {
  if (!Number.isFinite(double)) return double < 0 ? '-Infinity' : 'Infinity'
  if (double === 0) return Object.is(double, -0) ? '-0.0' : '0.0'
  const size = Math.abs(double)
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(double) ? `${double}.0` : String(double)
  const [digits = '', exponent = ''] = double.toExponential().split('e')
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`
}
