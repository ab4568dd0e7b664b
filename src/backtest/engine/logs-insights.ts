/** Detections as queries for Logs Insights over the trail's log group, one each, with the columns of the Athena query. */

import type { Detection } from '../../detections/detection.ts'
import { fieldKind } from '../../patterns/cloudtrail-fields.ts'
import { starsAsRegex } from '../../patterns/lint/values.ts'
import { parsePattern } from '../../patterns/parse/parse.ts'
import {
  type Condition,
  type Expression,
  isJunction,
  printSelector,
  type Selector,
  type Value,
} from '../../patterns/pattern.ts'
import { cannot, compileAll } from './uncompiled.ts'

/**
 * One query for each detection, with the detection's id above it. Written from the Logs Insights syntax reference.
 * Throws `not-compilable` (exit 2).
 */
export function logsInsightsQueries(detections: readonly Detection[]): string {
  return compileAll(detections, 'logs-insights', queryOf).join('\n')
}

function queryOf({ id, paging }: Detection): string {
  if (paging.metric.value.startsWith('$')) cannot(`its metric value is the field ${paging.metric.value}`)
  const parsed = parsePattern(paging.pattern)
  if (parsed.validity === 'refused') cannot(parsed.message)
  if (parsed.pattern.kind !== 'json') cannot('its pattern searches the text of a log message')
  return `# ${id}
fields concat("${id}", "") as detection
| fields coalesce(userIdentity.sessionContext.sessionIssuer.arn, userIdentity.arn, userIdentity.userName, userIdentity.invokedBy, userIdentity.principalId, userIdentity.type) as principal
| filter ${condition(parsed.pattern.where)}
| stats count_distinct(eventID) as matches by detection, bin(1m) as minute, principal, eventSource, eventName
| limit 10000
`
}

function condition(where: Expression<Condition>): string {
  if (isJunction(where)) return `(${where.operands.map(condition).join(where.kind === 'and' ? ' and ' : ' or ')})`
  const field = fieldOf(where.selector)
  const shown = printSelector(where.selector)
  const kind = fieldKind(where.selector)
  if (kind === 'object' || kind === 'array') cannot(`Logs Insights has no field for the ${kind} ${shown}`)
  if (where.kind === 'not-exists') return `not ispresent(${field})`
  if (where.kind === 'is') {
    if (where.constant === 'NULL') cannot(`Logs Insights does not tell whether ${shown} is null`)
    // It finds booleans as 1 and 0 (CloudWatch Logs user guide, supported logs and discovered fields).
    return `(ispresent(${field}) and ${field} = ${where.constant === 'TRUE' ? 1 : 0})`
  }
  // An absent field satisfies != there, and no comparison of a filter pattern (field case C23).
  const { operator, value } = where
  if (value.kind === 'number') return `(ispresent(${field}) and ${field} ${operator} ${value.text})`
  return `(ispresent(${field}) and ${textCondition(field, operator === '!=', value)})`
}

function fieldOf(selector: Selector): string {
  const parts = selector.steps.map((step) => {
    if (step.kind === 'wildcard') return cannot(`Logs Insights has no wildcard for ${printSelector(selector)}`)
    return step.kind === 'index' ? String(step.index) : step.name
  })
  const plain = parts.every((part) => /^[A-Za-z0-9_]+$/.test(part))
  if (!plain && parts.some((part) => /[`.]/.test(part))) cannot(`the key in ${printSelector(selector)}`)
  return plain ? parts.join('.') : `\`${parts.join('.')}\``
}

function textCondition(field: string, negated: boolean, value: Exclude<Value, { kind: 'number' }>): string {
  if (value.kind === 'text' && !value.text.includes('*')) {
    return `${field} ${negated ? '!=' : '='} ${JSON.stringify(value.text)}`
  }
  const regex = value.kind === 'regex' ? value.source : starsAsRegex(value.text)
  if (regex === undefined) cannot(`a character of ${JSON.stringify(value.kind === 'text' ? value.text : '')}`)
  return `${field} ${negated ? 'not like' : 'like'} /${regex.replaceAll('/', '\\/')}/`
}
