/** A JSON filter pattern as a condition of Athena's SQL (engine version 3, which is Trino). */

import { exactEquality } from '../../patterns/match/json.ts'
import {
  type ComparisonCondition,
  type Condition,
  type Expression,
  isJunction,
  printSelector,
  type SelectorStep,
} from '../../patterns/pattern.ts'
import { type Place, placeOf } from './table.ts'
import { literal, textCondition } from './text-condition.ts'
import { cannot } from './uncompiled.ts'

/**
 * TRUE where the pattern matches; otherwise FALSE, or NULL, which no AND or OR turns into TRUE. Throws `Uncompilable`
 * with the condition that cannot be said.
 */
export function conditionSql(where: Expression<Condition>): string {
  if (!isJunction(where)) return oneCondition(where)
  const operands = where.kind === 'or' ? withLists(where.operands) : where.operands.map(conditionSql)
  return operands.length === 1 ? (operands[0] ?? '') : `(${operands.join(where.kind === 'and' ? ' AND ' : ' OR ')})`
}

/** Equalities with one column become one IN: an expression of a thousand terms is more than Trino compiles. */
function withLists(operands: readonly Expression<Condition>[]): readonly string[] {
  const lists = new Map<string, string[]>()
  const others = operands.filter((operand) => {
    const equality = exactEquality(operand)
    const place = equality === undefined ? undefined : placeOf(equality.selector)
    if (equality === undefined || place?.kind !== 'text') return true
    lists.set(place.sql, [...(lists.get(place.sql) ?? []), equality.text])
    return false
  })
  const listed = [...lists].map(([sql, texts]) =>
    texts.length === 1 ? `${sql} = ${literal(texts[0] ?? '')}` : `${sql} IN (${texts.map(literal).join(', ')})`,
  )
  return [...listed, ...others.map(conditionSql)]
}

function oneCondition(condition: Condition): string {
  const place = placeOf(condition.selector)
  if (place.kind !== 'json') return columnCondition(place, condition)
  const at = place.steps.findIndex(({ kind }) => kind === 'wildcard')
  if (at < 0) return nodeCondition(pathNode(place.column, place.steps, true), condition)
  return wildcardCondition(place, at, condition)
}

/** A table does not tell null from absent. CloudTrail leaves a field out where it has nothing to say. */
function columnCondition(place: Exclude<Place, { kind: 'json' }>, condition: Condition): string {
  const shown = printSelector(condition.selector)
  if (condition.kind === 'not-exists') return `${place.sql} IS NULL`
  if (place.kind === 'boolean') {
    if (condition.kind === 'is' && condition.constant !== 'NULL') {
      return `${place.sql} = ${literal(condition.constant.toLowerCase())}`
    }
    cannot(`the table holds ${shown} as text, which does not tell true from "true"; write IS TRUE or IS FALSE`)
  }
  if (condition.kind === 'is') cannot(`the table does not tell whether ${shown} is null, true or false, or a text`)
  return comparison(place.sql, undefined, condition)
}

/** SQL expressions about one node of a JSON text. */
interface Node {
  /** Its JSON text; NULL where there is none. */
  readonly json: string
  /** Its text as AWS compares it, NULL where it is no string and no number. */
  readonly text: string
}

/**
 * Trino writes the JSON of a number as Java does, which is how AWS sees it. `json_extract` reads the first of two equal
 * keys where AWS reads the last; CloudTrail writes no key twice.
 */
function nodeOf(value: string): Node {
  const json = `json_format(${value})`
  const text = `CASE WHEN regexp_like(${json}, '\\A"') THEN json_extract_scalar(${value}, '$') WHEN regexp_like(${json}, '\\A[-0-9]') THEN ${json} END`
  return { json, text }
}

function pathNode(source: string, steps: readonly SelectorStep[], parse: boolean): Node {
  return nodeOf(pathSql(source, steps, parse))
}

/**
 * An expression of type JSON. `parse`: the source is text. Trino takes `[0]` for the key "0" of an object as well, and
 * the key for an index, so each step of the kind asks what it stands on.
 */
function pathSql(source: string, steps: readonly SelectorStep[], parse: boolean): string {
  if (steps.length === 0 && !parse) return source
  const path = steps.map((step) => {
    if (step.kind === 'index') return `[${step.index}]`
    if (step.kind === 'wildcard') return cannot('two wildcards in one selector')
    if (/["\\]/.test(step.name)) cannot(`the key ${JSON.stringify(step.name)}`)
    return `["${step.name}"]`
  })
  const extract = (count: number) => `json_extract(${source}, ${literal(`$${path.slice(0, count).join('')}`)})`
  const guards = steps.flatMap((step, at) => {
    if (step.kind === 'index') return [`regexp_like(json_format(${extract(at)}), '\\A\\[')`]
    return step.kind === 'key' && /^\d+$/.test(step.name) ? [`regexp_like(json_format(${extract(at)}), '\\A\\{')`] : []
  })
  const whole = extract(steps.length)
  return guards.length === 0 ? whole : `IF(${guards.join(' AND ')}, ${whole})`
}

function nodeCondition(node: Node, condition: Condition): string {
  if (condition.kind === 'not-exists') return `${node.json} IS NULL`
  if (condition.kind === 'is') {
    const is = `${node.json} = ${literal(condition.constant.toLowerCase())}`
    // AWS looks for a null one level into a list as well.
    if (condition.constant !== 'NULL') return is
    const within = `any_match(try(CAST(json_parse(${node.json}) AS array(json))), e -> e IS NULL OR json_format(e) = 'null')`
    return `(${is} OR ${within})`
  }
  return comparison(node.text, node.json, condition)
}

/** `text` is NULL for what does not compare, and then the condition is false whatever its operator. */
function comparison(text: string, json: string | undefined, { operator, value }: ComparisonCondition): string {
  if (value.kind !== 'number') {
    const holds = textCondition(text, value)
    return operator === '=' ? holds : `NOT (${holds})`
  }
  const spelled = `${text} = ${literal(value.text)}`
  const asString = operator === '=' ? spelled : operator === '!=' ? `NOT ${spelled}` : 'false'
  if (json === undefined) return asString
  const number = `try_cast(${json} AS double)`
  const compared = `${number} ${operator === '!=' ? '<>' : operator} DOUBLE ${literal(exact(value.text))}`
  return `CASE WHEN regexp_like(${json}, '\\A"') THEN ${asString} WHEN is_finite(${number}) THEN ${compared} END`
}

/** Beyond 15 digits a double no longer holds every number. */
function exact(text: string): string {
  const digits = text
    .replace(/[eE].*$/, '')
    .replaceAll(/[^0-9]/g, '')
    .replace(/^0+/, '')
  const double = Number(text)
  if (digits.length > 15 || !Number.isFinite(double)) cannot(`the number ${text} has more digits than a double holds`)
  return text.replace(/^\+/, '')
}

/** Children of a list or an object; a scalar, null and an absent node have none. */
function wildcardCondition(
  { column, steps }: Extract<Place, { kind: 'json' }>,
  at: number,
  condition: Condition,
): string {
  const before = pathSql(column, steps.slice(0, at), true)
  const after = steps.slice(at + 1)
  const children = `coalesce(try(CAST(${before} AS array(json))), map_values(try(CAST(${before} AS map(varchar, json)))), ARRAY[])`
  // A null among the children becomes NULL on the way.
  const child = "coalesce(e, JSON 'null')"
  const node = pathNode(child, after, false)
  if (condition.kind === 'not-exists') return `none_match(${children}, e -> ${node.json} IS NOT NULL)`
  if (condition.kind === 'is') {
    return `any_match(${children}, e -> ${node.json} = ${literal(condition.constant.toLowerCase())})`
  }
  const equal = { ...condition, operator: condition.operator === '!=' ? '=' : condition.operator } as const
  const some = `any_match(${children}, e -> ${comparison(node.text, node.json, equal)})`
  return condition.operator === '!=' ? `(${before} IS NOT NULL AND NOT coalesce(${some}, false))` : some
}
