/** Puts what a pattern asks for into the places of a record, to tell a filter that is narrower on purpose from a blind one. */

import type { CloudTrailEvent, EventJson } from '../detections/detection.ts'
import { conditionTest } from '../patterns/match/json.ts'
import {
  type ComparisonCondition,
  type Condition,
  type Expression,
  isJunction,
  type JsonPattern,
  printSelector,
  type Selector,
  type SelectorStep,
  type Value,
} from '../patterns/pattern.ts'

export interface Narrowed {
  readonly event: CloudTrailEvent
  /** What was put in, such as `recipientAccountId 111122223333`; empty where nothing had to be. */
  readonly only: readonly string[]
}

/**
 * The record with the values that the pattern asks for in its places: account, principal, region, address, service and
 * call, and the parameters of the request. A field in `fixed` stays as it is, since the detection itself asks for it.
 * Nothing where the pattern asks for more than a place. The caller matches the result again.
 */
export function narrow(pattern: JsonPattern, event: CloudTrailEvent, fixed: ReadonlySet<string>): Narrowed | undefined {
  return satisfy(pattern.where, { event, only: [] }, fixed)
}

function satisfy(where: Expression<Condition>, so: Narrowed, fixed: ReadonlySet<string>): Narrowed | undefined {
  if (!isJunction(where)) return holds(where, so.event) ? so : put(where, so, fixed)
  if (where.kind === 'and') {
    return where.operands.reduce<Narrowed | undefined>(
      (sofar, operand) => (sofar === undefined ? undefined : satisfy(operand, sofar, fixed)),
      so,
    )
  }
  const choices = where.operands.map((operand) => satisfy(operand, so, fixed)).filter((choice) => choice !== undefined)
  return choices.toSorted((a, b) => a.only.length - b.only.length)[0]
}

function holds(condition: Condition, event: CloudTrailEvent): boolean {
  return conditionTest(condition)({ ...event }, { needsText: false })
}

function put(condition: Condition, so: Narrowed, fixed: ReadonlySet<string>): Narrowed | undefined {
  const path = printSelector(condition.selector).replace(/^\$\./, '')
  if (fixed.has(path) || !isPlace(path, so.event)) return undefined
  const value = wanted(condition)
  if (value === undefined || !isWritten(path, value, so.event)) return undefined
  const event = withValue(so.event, condition.selector, value)
  if (event === undefined) return undefined
  const told = condition.kind === 'compare' && condition.operator !== '!=' ? [`${path} ${spelled(condition)}`] : []
  return { event, only: [...so.only, ...told] }
}

const PLACES =
  /^(awsRegion|recipientAccountId|sourceIPAddress|userAgent|vpcEndpointId|eventSource|eventName|readOnly|userIdentity\.(arn|accountId|principalId|userName|accessKeyId)|userIdentity\.sessionContext\.sessionIssuer\.\w+|resources\b.*|requestParameters\..+)$/

/** A sign-in is no API call under another name, and only a request and its resources take fields that the example lacks. */
function isPlace(path: string, event: CloudTrailEvent): boolean {
  if (!PLACES.test(path)) return false
  return (path !== 'eventName' && path !== 'eventSource') || event.eventType === 'AwsApiCall'
}

const SIGN_IN_NAMES = /^(ConsoleLogin|PasswordUpdated|PasswordRecovery\w*|EmailUpdated|signin\..*)$/

/** Whether AWS writes such a value there: a session never has the ARN of its role, nor a user that of a session. */
function isWritten(path: string, value: EventJson, event: CloudTrailEvent): boolean {
  if (path === 'readOnly') return typeof value === 'boolean'
  if (typeof value !== 'string') return true
  if (path === 'eventName' || path === 'eventSource') return !SIGN_IN_NAMES.test(value)
  if (path !== 'userIdentity.arn') return true
  const type = at(event.userIdentity, 'type')
  if (value.includes(':role/')) return false
  if (type === 'AssumedRole') return !value.includes('user/')
  return !value.includes('assumed-role/') && (type !== 'Root' || value.endsWith(':root'))
}

function wanted(condition: Condition): EventJson | undefined {
  if (condition.kind === 'not-exists') return undefined
  if (condition.kind === 'is') return condition.constant === 'NULL' ? null : condition.constant === 'TRUE'
  const { operator, value } = condition
  if (operator === '!=') return 'another'
  if (operator !== '=') return value.kind === 'number' ? Number(value.text) + step(operator) : undefined
  return equalTo(value)
}

function step(operator: ComparisonCondition['operator']): number {
  if (operator === '>') return 1
  return operator === '<' ? -1 : 0
}

function equalTo(value: Value): EventJson {
  if (value.kind === 'number') return Number(value.text)
  if (value.kind === 'text') return value.text.replaceAll('*', '') || 'anything'
  return value.source.replaceAll(/\\(.)/g, '$1').replaceAll(/[\^$]|\.\*/g, '')
}

function spelled({ operator, value }: ComparisonCondition): string {
  const text = value.kind === 'regex' ? `%${value.source}%` : value.text
  return operator === '=' ? text : `${operator} ${text}`
}

/** The record with one value replaced; nothing where AWS would not write the field there. */
function withValue(event: CloudTrailEvent, { steps }: Selector, value: EventJson): CloudTrailEvent | undefined {
  const [first] = steps
  if (first?.kind !== 'key') return undefined
  const free = ['requestParameters', 'resources', 'vpcEndpointId'].includes(first.name)
  const made = placed(event[first.name], steps.slice(1), value, free || at(steps[1], 'name') === 'accessKeyId')
  return made === undefined ? undefined : { ...event, [first.name]: made }
}

function placed(
  node: EventJson | undefined,
  steps: readonly SelectorStep[],
  value: EventJson,
  free: boolean,
): EventJson | undefined {
  const [next, ...rest] = steps
  if (next === undefined) return node !== undefined || free ? value : undefined
  if (next.kind === 'key') {
    const object = typeof node === 'object' && node !== null && !isList(node) ? node : free ? {} : undefined
    const made = object === undefined ? undefined : placed(object[next.name], rest, value, free)
    return made === undefined ? undefined : { ...object, [next.name]: made }
  }
  const list = isList(node) ? node : free ? [] : undefined
  const index = next.kind === 'index' ? next.index : 0
  if (list === undefined || index > 20) return undefined
  const made = placed(list[index], rest, value, free)
  if (made === undefined) return undefined
  return Array.from({ length: Math.max(list.length, index + 1) }, (_, one) =>
    one === index ? made : (list[one] ?? {}),
  )
}

function isList(node: EventJson | undefined): node is readonly EventJson[] {
  return Array.isArray(node)
}

function at(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
