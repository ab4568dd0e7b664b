/** JSON conditions compiled to closures over the parsed message. */

import {
  type ComparisonCondition,
  type Condition,
  type Expression,
  isJunction,
  printSelector,
  type Selector,
  type SelectorStep,
} from '../pattern.ts'
import type { Json, JsonObject } from './json-value.ts'
import { canonicalText, isComparable, type MatchRun, nodeTest } from './value.ts'

export type JsonTest = (root: JsonObject, run: MatchRun) => boolean

/** The whole expression; the operands are tried from left to right until one decides. */
export function expressionTest(where: Expression<Condition>): JsonTest {
  if (!isJunction(where)) return conditionTest(where)
  const operands = where.kind === 'or' ? mergeEqualities(where.operands) : where.operands
  const tests = operands.map((operand) => (typeof operand === 'function' ? operand : expressionTest(operand)))
  return junctionTest(tests, where.kind === 'or')
}

/** A plain loop: a closure for `some` or `every` would be made anew for each event. */
function junctionTest(tests: readonly JsonTest[], deciding: boolean): JsonTest {
  return (root, run) => {
    for (const test of tests) if (test(root, run) === deciding) return deciding
    return !deciding
  }
}

export function conditionTest(condition: Condition): JsonTest {
  const { selector } = condition
  const at = selector.steps.findIndex((step) => step.kind === 'wildcard')
  if (at >= 0) return wildcardTest(condition, finder(selector.steps.slice(0, at)), finder(selector.steps.slice(at + 1)))
  const find = finder(selector.steps)
  if (condition.kind === 'not-exists') return (root) => find(root) === undefined
  if (condition.kind === 'is') return isTest(condition.constant, find)
  const test = nodeTest(condition.operator, condition.value)
  return (root, run) => {
    const node = find(root)
    return isComparable(node) && test(node, run)
  }
}

/** How many levels of a message the condition can look at. */
export function depthOf(where: Expression<Condition>): number {
  return isJunction(where) ? Math.max(...where.operands.map(depthOf)) : where.selector.steps.length + 1
}

/** Leads to the node that a selector without wildcard reaches, or to nothing. */
export function findNode(selector: Selector): (root: JsonObject) => Json | undefined {
  return finder(selector.steps)
}

type Find = (node: Json) => Json | undefined

function finder(steps: readonly SelectorStep[]): Find {
  const [first, second, ...rest] = steps.map(stepFinder)
  if (first === undefined) return (node) => node
  if (second === undefined) return first
  const others = [second, ...rest]
  return (node) => {
    let found = first(node)
    for (const step of others) {
      if (found === undefined) return undefined
      found = step(found)
    }
    return found
  }
}

function stepFinder(step: SelectorStep): Find {
  if (step.kind === 'wildcard') return () => undefined
  if (step.kind === 'index') return (node) => (isArray(node) ? node[step.index] : undefined)
  const { name } = step
  // Names such as constructor are found on every plain object, but are no keys of the message.
  const inherited = name in Object.prototype
  return (node) => {
    if (!hasKeys(node)) return undefined
    return inherited && !Object.hasOwn(node, name) ? undefined : node[name]
  }
}

/** A number with its text has no keys either, only a symbol; asking for that each time would be the slowest step. */
function hasKeys(node: Json): node is JsonObject {
  return typeof node === 'object' && node !== null && !isArray(node)
}

function isArray(node: Json | undefined): node is readonly Json[] {
  return Array.isArray(node)
}

function isTest(constant: 'NULL' | 'TRUE' | 'FALSE', find: Find): JsonTest {
  if (constant !== 'NULL') return (root) => find(root) === (constant === 'TRUE')
  // AWS looks for a null one level into an array as well.
  return (root) => {
    const node = find(root)
    return node === null || (isArray(node) && node.includes(null))
  }
}

/** `before` leads to the node under which all children are looked at, `after` on from each of them. */
function wildcardTest(condition: Condition, before: Find, after: Find): JsonTest {
  const nodes = (root: JsonObject) => children(before(root)).map(after)
  if (condition.kind === 'not-exists') return (root) => nodes(root).every((node) => node === undefined)
  if (condition.kind === 'is') {
    const wanted = condition.constant === 'NULL' ? null : condition.constant === 'TRUE'
    return (root) => nodes(root).includes(wanted)
  }
  // "None of them equals", not "one of them differs"; it holds even where there are no children.
  const none = condition.operator === '!='
  const test = nodeTest(none ? '=' : condition.operator, condition.value)
  const some: JsonTest = (root, run) => nodes(root).some((node) => isComparable(node) && test(node, run))
  return none ? (root, run) => before(root) !== undefined && !some(root, run) : some
}

function children(node: Json | undefined): readonly Json[] {
  if (typeof node !== 'object' || node === null) return []
  return isArray(node) ? node : Object.values(node)
}

/** Several `$.x = "…"` on one field become one look-up in a set: the usual list of event names. */
function mergeEqualities(operands: readonly Expression<Condition>[]): readonly (Expression<Condition> | JsonTest)[] {
  const groups = new Map<string, { readonly find: Find; readonly texts: Set<string> }>()
  const others = operands.filter((operand) => {
    const equality = exactEquality(operand)
    if (equality === undefined) return true
    const key = printSelector(equality.selector)
    const group = groups.get(key) ?? { find: finder(equality.selector.steps), texts: new Set() }
    groups.set(key, group)
    group.texts.add(equality.text)
    return false
  })
  const merged = [...groups.values()].map(({ find, texts }): JsonTest => {
    return (root, run) => {
      const node = find(root)
      if (typeof node === 'string') return texts.has(node)
      const text =
        typeof node === 'number' || (isComparable(node) && typeof node === 'object')
          ? canonicalText(node, run)
          : undefined
      return text !== undefined && texts.has(text)
    }
  })
  return [...merged, ...others]
}

/** The field and text of `$.field = "text"` without star or wildcard. */
export function exactEquality(where: Expression<Condition>): { selector: Selector; text: string } | undefined {
  if (isJunction(where) || !isTextEquality(where)) return undefined
  const { selector, value } = where
  if (value.kind !== 'text' || value.text.includes('*')) return undefined
  return selector.steps.some((step) => step.kind === 'wildcard') ? undefined : { selector, text: value.text }
}

function isTextEquality(condition: Condition): condition is ComparisonCondition {
  return condition.kind === 'compare' && condition.operator === '='
}
