/** The shortest spelling of a JSON pattern, for where a text has little room, as an address has. */

import {
  type ComparisonCondition,
  type Condition,
  type Expression,
  isJunction,
  printCondition,
  printSelector,
} from './pattern.ts'
import { flatOperands } from './tree.ts'

/** A JSON or space-delimited pattern takes no more (CloudWatch Logs user guide, filter and pattern syntax). */
const MOST_REGEXES = 2

/** A list of fewer names is shorter as it is. */
const WORTH_A_REGEX = 3

/**
 * Matches what the expression matches, in fewer characters: no blanks, quotes and parentheses that are not needed, and a
 * list of values for one field as one regular expression.
 */
export function compact(where: Expression<Condition>): string {
  let regexes = countRegexes(where)
  const write = (node: Expression<Condition>): string => {
    if (!isJunction(node)) return compactCondition(node)
    const operands = node.kind === 'or' ? grouped(flatOperands(node)) : flatOperands(node)
    const texts = operands.map((operand) => {
      if (!Array.isArray(operand)) return parenthesized(operand as Expression<Condition>, write)
      const names = operand as readonly Equality[]
      if (names.length < WORTH_A_REGEX || regexes >= MOST_REGEXES) return names.map(compactCondition).join('||')
      regexes += 1
      return oneOf(names)
    })
    return texts.join(node.kind === 'and' ? '&&' : '||')
  }
  return `{${write(where)}}`
}

type Equality = ComparisonCondition & { readonly value: { readonly kind: 'text'; readonly text: string } }

/** The operands of an `||`, those that compare one field with a plain word together. */
function grouped(operands: readonly Expression<Condition>[]): readonly (Expression<Condition> | readonly Equality[])[] {
  const byField = new Map<string, Equality[]>()
  const rest: Expression<Condition>[] = []
  for (const operand of operands) {
    if (isPlainEquality(operand)) {
      const field = printSelector(operand.selector)
      byField.set(field, [...(byField.get(field) ?? []), operand])
    } else rest.push(operand)
  }
  return [...byField.values(), ...rest]
}

/** Of letters and digits alone: no character of it means anything else in a regular expression. */
function isPlainEquality(node: Expression<Condition>): node is Equality {
  if (node.kind !== 'compare' || node.operator !== '=' || node.value.kind !== 'text') return false
  const single = node.selector.steps.every(({ kind }) => kind !== 'wildcard')
  return single && /^[A-Za-z]\w*$/.test(node.value.text) && !KEYWORD.test(node.value.text)
}

/** Words that AWS may read as something other than text. */
const KEYWORD = /^(?:true|false|null|not|is|exists)$/i

function oneOf(names: readonly Equality[]): string {
  const [first] = names
  if (first === undefined) throw new RangeError('no value to choose from')
  return `${printSelector(first.selector)}=%${names.map(({ value }) => `^${value.text}$`).join('|')}%`
}

function parenthesized(node: Expression<Condition>, write: (node: Expression<Condition>) => string): string {
  const text = write(node)
  return isJunction(node) ? `(${text})` : text
}

/** Letters, digits, `_`, `.` and `*` need no quotes, unless they read as a number. */
function compactCondition(condition: Condition): string {
  if (condition.kind !== 'compare') return printCondition(condition)
  const { selector, operator, value } = condition
  const bare = value.kind === 'text' && /^(?![\d.])[\w.*]+$/.test(value.text) && !KEYWORD.test(value.text)
  const text = bare ? value.text : printCondition(condition).slice(`${printSelector(selector)} ${operator} `.length)
  return `${printSelector(selector)}${operator}${text}`
}

function countRegexes(node: Expression<Condition>): number {
  if (isJunction(node)) return node.operands.reduce((sum, operand) => sum + countRegexes(operand), 0)
  return node.kind === 'compare' && node.value.kind === 'regex' ? 1 : 0
}
