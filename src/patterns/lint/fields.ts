/** Fields and forms that CloudTrail never writes: another case, a wrapper around the record, a value of another field. */
import { type KnownField, knownField, unwrapped } from '../cloudtrail-fields.ts'
import {
  type ComparisonCondition,
  type Condition,
  type Expression,
  isJunction,
  type JsonPattern,
  type Junction,
  printSelector,
  type Selector,
  type TextValue,
} from '../pattern.ts'
import { flatOperands, join, notExists, visits } from '../tree.ts'
import { type Draft, replacing } from './draft.ts'

export function lintFields(pattern: JsonPattern): readonly Draft[] {
  return visits(pattern.where).flatMap(({ node, parents }) => {
    if (isJunction(node)) return []
    const never = parents.some(({ kind }) => kind === 'or') ? 'warn' : 'fail'
    const place: Place = { pattern, never, beside: besideIt(node, parents) }
    const named = lintName(node, place)
    if (named !== undefined) return [named]
    const formed = node.kind === 'compare' && node.value.kind === 'text' ? lintForm(node, node.value, place) : undefined
    return formed === undefined ? [] : [formed]
  })
}

interface Place {
  readonly pattern: JsonPattern
  readonly never: 'warn' | 'fail'
  /** What must hold together with it. */
  readonly beside: readonly Condition[]
}

function besideIt(node: Condition, parents: readonly Junction<Condition>[]): readonly Condition[] {
  return parents
    .filter(({ kind }) => kind === 'and')
    .flatMap((parent) => flatOperands(parent))
    .filter((one): one is Condition => !isJunction(one) && one !== node)
}

function lintName(node: Condition, { pattern, never }: Place): Draft | undefined {
  const field = printSelector(node.selector)
  const without = unwrapped(node.selector)
  const known = knownField(without ?? node.selector)
  if (without === undefined && known === undefined) return undefined
  const selector = known === undefined ? (without ?? node.selector) : spelledAs(without ?? node.selector, known)
  const message =
    without === undefined
      ? `CloudTrail never writes ${field}; it writes ${printSelector(selector)}`
      : `a log event is the record itself, without what ${field} goes through; write ${printSelector(selector)}`
  const draft: Draft = { rule: 'field-name', status: never, column: node.column, message }
  return replacing(draft, pattern, node, { ...node, selector })
}

function spelledAs(selector: Selector, { names }: KnownField): Selector {
  const steps = selector.steps.map((step, index) => {
    const name = names[index]
    return step.kind === 'key' && name !== undefined ? { ...step, name } : step
  })
  return { ...selector, steps }
}

function lintForm(node: ComparisonCondition, value: TextValue, place: Place): Draft | undefined {
  if (node.operator !== '=' && node.operator !== '!=') return undefined
  return (
    invisible(node, value, place) ??
    interpolated(value, place) ??
    callInEventType(node, value, place) ??
    roleInIdentity(node, value, place) ??
    exactErrorCode(node, value, place) ??
    networkRange(node, value, place) ??
    neverBeside(node, value, place)
  )
}

function isField(node: Condition, path: string): boolean {
  return printSelector(node.selector) === `$.${path}`
}

function withText(node: ComparisonCondition, value: TextValue, text: string): ComparisonCondition {
  return { ...node, value: { ...value, text, quoted: true } }
}

function invisible(node: ComparisonCondition, value: TextValue, { pattern, never }: Place): Draft | undefined {
  const text = value.text.replaceAll('\u00a0', ' ').replaceAll(/[\u200b-\u200d\u2060\ufeff]/g, '')
  if (text === value.text) return undefined
  const message = 'the value holds an invisible character or a no-break space, from a web page or an editor'
  const draft: Draft = { rule: 'value-form', status: never, column: value.column, message }
  return replacing(draft, pattern, node, withText(node, value, text))
}

function interpolated(value: TextValue, { never }: Place): Draft | undefined {
  const found = /\$\{[^}]*\}|\{\{[^}]*\}\}/.exec(value.text)
  if (found === null) return undefined
  const message = `${found[0]} was never filled in: a template or a shell left it as it stands, and no event holds it`
  return { rule: 'value-form', status: never, column: value.column, message }
}

function callInEventType(node: ComparisonCondition, value: TextValue, { pattern, never }: Place): Draft | undefined {
  if (!isField(node, 'eventType') || !/^(?!Aws)[A-Z][a-z]+[A-Z]\w*$/.test(value.text)) return undefined
  const message = `$.eventType holds a kind of event such as AwsApiCall; the name of a call is in $.eventName`
  const selector = { ...node.selector, steps: [{ kind: 'key', name: 'eventName' } as const] }
  const draft: Draft = { rule: 'value-form', status: never, column: node.column, message }
  return replacing(draft, pattern, node, { ...node, selector })
}

/** Field case N08: a session carries the ARN of the session, and its role stands in the issuer. */
function roleInIdentity(node: ComparisonCondition, value: TextValue, { pattern, never }: Place): Draft | undefined {
  if (!isField(node, 'userIdentity.arn') || !value.text.includes(':role/')) return undefined
  const steps = ['userIdentity', 'sessionContext', 'sessionIssuer', 'arn'].map(
    (name) => ({ kind: 'key', name }) as const,
  )
  const right: ComparisonCondition = { ...node, selector: { ...node.selector, steps } }
  const effect = node.operator === '=' ? 'never matches' : 'excludes no one'
  const message = `this ${effect}: $.userIdentity.arn of a session is arn:…:assumed-role/…, and the ARN of its role is in ${printSelector(right.selector)}`
  const status = node.operator === '=' ? never : 'warn'
  const by: Expression<Condition> = node.operator === '=' ? right : join('or', [notExists(right.selector), right])
  return replacing({ rule: 'value-form', status, column: value.column, message }, pattern, node, by)
}

/** EC2 writes Client.UnauthorizedOperation; newer services write AccessDeniedException where older ones write AccessDenied. */
function exactErrorCode(node: ComparisonCondition, value: TextValue, { pattern }: Place): Draft | undefined {
  if (!isField(node, 'errorCode') || node.operator !== '=') return undefined
  const both = visits(pattern.where).some(
    ({ node: other }) =>
      other.kind === 'compare' && other.value.kind === 'text' && /UnauthorizedOperation/.test(other.value.text),
  )
  const text =
    value.text === 'UnauthorizedOperation'
      ? '*UnauthorizedOperation'
      : value.text === 'AccessDenied' && both
        ? 'AccessDenied*'
        : undefined
  if (text === undefined) return undefined
  const missed =
    value.text === 'AccessDenied' ? 'AccessDeniedException' : 'Client.UnauthorizedOperation, as EC2 writes it'
  const message = `"${value.text}" misses ${missed}`
  const draft: Draft = { rule: 'value-form', status: 'warn', column: value.column, message }
  return replacing(draft, pattern, node, withText(node, value, text))
}

function networkRange(node: ComparisonCondition, value: TextValue, { pattern, never }: Place): Draft | undefined {
  const range = /^((?:\d{1,3}\.){3}\d{1,3})\/(\d{1,2})$/.exec(value.text)
  if (!isField(node, 'sourceIPAddress') || range === null) return undefined
  const message = `${value.text} is compared as text, and no address is written so; a pattern knows no ranges`
  const draft: Draft = {
    rule: 'value-form',
    status: node.operator === '=' ? never : 'warn',
    column: value.column,
    message,
  }
  const [, address = '', bits = ''] = range
  if (!['8', '16', '24'].includes(bits)) return draft
  const prefix = address
    .split('.')
    .slice(0, Number(bits) / 8)
    .join('.')
  return replacing(draft, pattern, node, withText(node, value, `${prefix}.*`))
}

/** Values that occur, but not together with what the same branch asks for. */
function neverBeside(
  node: ComparisonCondition,
  value: TextValue,
  { pattern, never, beside }: Place,
): Draft | undefined {
  const asks = (path: string, text: string) => beside.some((one) => isField(one, path) && isText(one, text))
  const draft = (message: string): Draft => ({ rule: 'value-form', status: never, column: node.column, message })
  if (isField(node, 'userIdentity.userName') && asks('userIdentity.type', 'Root'))
    return draft('records of root carry no $.userIdentity.userName')
  if (!asks('eventName', 'ConsoleLogin')) return sourceOf(node, value, { pattern, never, beside })
  if (printSelector(node.selector).startsWith('$.userIdentity.sessionContext.attributes'))
    return draft(
      'a sign-in opens a session and has no $.userIdentity.sessionContext; the second factor is in $.additionalEventData.MFAUsed',
    )
  if (!isField(node, 'errorMessage') || node.operator !== '=' || SIGN_IN_ERRORS.some((text) => globs(value.text, text)))
    return undefined
  return replacing(
    // What AWS makes of an escaped quote is not known.
    {
      ...draft(`a failed sign-in says ${SIGN_IN_ERRORS.map((text) => `"${text}"`).join(' or ')}`),
      ...(value.text.includes('"') ? { status: 'warn' as const } : {}),
    },
    pattern,
    node,
    withText(node, value, SIGN_IN_ERRORS[0]),
  )
}

const SIGN_IN_ERRORS = ['Failed authentication', 'No username found in supplied account'] as const

function isText(one: Condition, text: string): boolean {
  return one.kind === 'compare' && one.operator === '=' && one.value.kind === 'text' && one.value.text === text
}

/** Whether the stars at the ends of a value let it equal the text. */
function globs(value: string, text: string): boolean {
  const core = value.replace(/^\*+|\*+$/g, '')
  if (value.startsWith('*') && value.endsWith('*')) return text.includes(core)
  if (value.startsWith('*')) return text.endsWith(core)
  return value.endsWith('*') ? text.startsWith(core) : text === core
}

/** Calls that one service alone has. */
const CALLS_OF: Readonly<Record<string, RegExp>> = {
  'cloudtrail.amazonaws.com': /^((Start|Stop)Logging|(Create|Update|Delete)Trail|Put(Event|Insight)Selectors)$/,
  'signin.amazonaws.com': /^ConsoleLogin$/,
  'kms.amazonaws.com': /^(ScheduleKeyDeletion|DisableKey)$/,
  's3.amazonaws.com': /^(Put|Delete)Bucket(Policy|Acl|Cors|Lifecycle|Replication)$/,
  'config.amazonaws.com': /^(Stop|Delete|Put)ConfigurationRecorder$/,
  'ec2.amazonaws.com': /^(RunInstances|(Authorize|Revoke)SecurityGroup(In|E)gress|(Create|Delete)Vpc)$/,
  'iam.amazonaws.com': /^(CreateAccessKey|(Attach|Detach|Put|Delete)(User|Role|Group)Policy|CreateUser|DeleteUser)$/,
}

function sourceOf(node: ComparisonCondition, value: TextValue, { pattern, never, beside }: Place): Draft | undefined {
  if (!isField(node, 'eventName') || node.operator !== '=') return undefined
  const source = Object.keys(CALLS_OF).find((one) => CALLS_OF[one]?.test(value.text))
  const asked = beside.find((one) => isField(one, 'eventSource'))
  if (source === undefined || asked?.kind !== 'compare' || asked.operator !== '=' || asked.value.kind !== 'text')
    return undefined
  if (!asked.value.text.endsWith('.amazonaws.com') || asked.value.text.includes('*') || asked.value.text === source)
    return undefined
  const message = `${value.text} is a call of ${source}, not of ${asked.value.text}`
  return replacing(
    { rule: 'value-form', status: never, column: node.column, message },
    pattern,
    asked,
    withText(asked, asked.value, source),
  )
}
