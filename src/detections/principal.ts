/** Leaves known principals out of a filter pattern, without blinding it to events that lack the field. */

import { type AppError, usage } from '../errors.ts'
import { MAX_PATTERN_LENGTH } from '../patterns/parse/parse.ts'

/** What leaving principals out means, to be shown before it is done. */
export interface ExclusionLoss {
  /** What is not seen any more, one sentence in plain words. */
  readonly lost: string
  /** Those of the ARNs that stand for people who sign in through Identity Center: ask before leaving them out. */
  readonly people: readonly string[]
}

export interface ExcludedPattern extends ExclusionLoss {
  readonly pattern: string
}

const KINDS = ['role', 'user', 'assumed-role', 'federated-user'] as const

type Kind = (typeof KINDS)[number] | 'unnamed'

const ISSUER = '$.userIdentity.sessionContext.sessionIssuer.arn'
const IDENTITY = '$.userIdentity.arn'

/**
 * The pattern with terms that leave the principals out, each guarded by NOT EXISTS: a comparison with an absent field
 * is false, so a bare `!=` would drop every event without it (field case C23).
 * An ARN stands as it is, or with one `*` at its start, its end or both.
 *
 * Throws (exit 2) `bad-principal` for what is no ARN of a role, user or session; `blinding-principal` for root, or for
 * a star that covers every role or user; `pattern-too-long` beyond 1,024 characters; `exclusion-needs-json` for a
 * pattern that is not JSON. `subject` is named in the message: the id of the detection.
 */
export function excludePrincipals(pattern: string, arns: readonly string[], subject = 'the pattern'): ExcludedPattern {
  const principals = [...new Set(arns)]
  if (principals.length === 0) return { pattern, ...lossOf(principals) }
  for (const arn of principals) judge(arn, subject)
  const terms = [term(ISSUER, principals.filter(isIssuer)), term(IDENTITY, principals.filter(isIdentity))]
  const composed = `{ ${[body(pattern, subject), ...terms].filter((text) => text !== '').join(' && ')} }`
  if (composed.length > MAX_PATTERN_LENGTH) throw tooLong(subject, composed.length)
  return { pattern: composed, ...lossOf(principals) }
}

/** A JSON pattern that holds only where the term does too; any other pattern throws `exclusion-needs-json` (exit 2). */
export function withTerm(pattern: string, term: string): string {
  return `{ ${body(pattern, 'the pattern')} && ${term} }`
}

/** What is lost when these principals are left out; it does not judge the ARNs. */
export function lossOf(arns: readonly string[]): ExclusionLoss {
  const parts = arns.map((arn) => {
    const anywhere = arn.startsWith('*') ? ', in any account' : ''
    return `${whose[kindOf(arn)]} ${arn}${anywhere}${arn.includes('*') ? ', including names created later' : ''}`
  })
  return {
    lost: parts.length === 0 ? 'Nothing is lost.' : `No longer seen: ${parts.join('; ')}.`,
    people: arns.filter(standsForPeople),
  }
}

/** Two principals share one guard: it is the longest part of the term. */
function term(field: string, values: readonly string[]): string {
  if (values.length === 0) return ''
  const unequal = values.map((value) => `(${field} != "${value}")`).join(' && ')
  return `((${field} NOT EXISTS) || ${values.length === 1 ? unequal : `(${unequal})`})`
}

/** A session of a role carries the role's ARN as its issuer; a federated session of a user carries the user's. */
function isIssuer(arn: string): boolean {
  return ['role', 'user', 'unnamed'].includes(kindOf(arn))
}

/**
 * `userIdentity.arn` of a session ends in the session name, which the caller chooses: a star that names no kind of
 * principal must not look there, or anybody could name a session so that it is left out.
 */
function isIdentity(arn: string): boolean {
  return ['user', 'assumed-role', 'federated-user'].includes(kindOf(arn))
}

function kindOf(arn: string): Kind {
  return KINDS.find((kind) => arn.includes(`:${kind}/`)) ?? 'unnamed'
}

/** What stands between the braces, in parentheses where an OR at the top would swallow the new terms. */
function body(pattern: string, subject: string): string {
  const inner = /^\{(.*)\}$/s.exec(pattern.trim())?.[1]?.trim()
  if (inner === undefined || inner === '') {
    throw usage('exclusion-needs-json', `${subject}: principals can only be left out of a JSON pattern`)
  }
  return hasOrAtTop(inner) ? `(${inner})` : inner
}

function hasOrAtTop(text: string): boolean {
  const outsideQuotes = text.replace(/"(?:\\.|[^"\\])*"/g, '""')
  let depth = 0
  for (const [i, letter] of [...outsideQuotes].entries()) {
    if (letter === '(') depth += 1
    if (letter === ')') depth -= 1
    if (depth === 0 && outsideQuotes.startsWith('||', i)) return true
  }
  return false
}

function judge(arn: string, subject: string): void {
  const name = `${subject}: ${JSON.stringify(arn)}`
  const literal = arn.replace(/^\*/, '').replace(/\*$/, '')
  if (literal === '' || literal === '*') throw blinding(`${name} covers everybody`)
  if (literal.includes('*'))
    throw bad(`${name} has a star inside`, 'a star may stand at the start, at the end, or both')
  if (!/^[!-~]+$/.test(arn) || /["\\%]/.test(arn)) throw bad(`${name} holds a character that no ARN has`)
  const covered = probes(arn).find((probe) => covers(arn, probe))
  if (covered?.endsWith(':root')) throw blinding(`${name} covers root, which must never go unseen`)
  if (covered !== undefined) throw blinding(`${name} covers every role, user or session of an account`)
  if (arn.startsWith('*') && literal.length < SHORTEST) throw blinding(`${name} is too short to mean one principal`)
  const known = literal === arn ? EXACT.test(arn) : arn.startsWith('*') || arn.startsWith('arn:')
  if (!known) throw bad(`${name} is not the ARN of a role, a user or a session`)
}

/** Fewer letters than this behind a star are part of too many names. */
const SHORTEST = 6

const EXACT = /^arn:[a-z-]+:(iam::\d{12}:(role|user)\/.+|sts::\d{12}:(assumed-role\/.+\/.+|federated-user\/.+))$/

/** A letter that no ARN can hold: only a star covers it. */
const ANYBODY = '\uE000'

/** Principals that no exclusion may cover: root, and a role, a user and a session with names that nobody wrote. */
function probes(arn: string): readonly string[] {
  const partition = /^\*?arn:([a-z-]*)/.exec(arn)?.[1] ?? 'aws'
  const digits = /(?:^\*|:)(\d+)/.exec(arn)?.[1] ?? ''
  const accounts = new Set([digits.padEnd(12, '0'), digits.padStart(12, '0')])
  return [...accounts].flatMap((account) => [
    `arn:${partition}:iam::${account}:root`,
    `arn:${partition}:iam::${account}:role/${ANYBODY}`,
    `arn:${partition}:iam::${account}:user/${ANYBODY}`,
    `arn:${partition}:sts::${account}:assumed-role/${ANYBODY}/${ANYBODY}`,
    `arn:${partition}:sts::${account}:federated-user/${ANYBODY}`,
  ])
}

function covers(pattern: string, arn: string): boolean {
  const literal = pattern.replace(/^\*/, '').replace(/\*$/, '')
  const open = { start: pattern.startsWith('*'), end: pattern.endsWith('*') }
  if (open.start && open.end) return arn.includes(literal)
  if (open.start) return arn.endsWith(literal)
  return open.end ? arn.startsWith(literal) : arn === literal
}

/** Identity Center keeps the roles of people under this path and name. */
function standsForPeople(arn: string): boolean {
  return arn.includes('AWSReservedSSO') || arn.includes('role/aws-reserved')
}

const whose: Readonly<Record<Kind, string>> = {
  role: 'all sessions, whoever holds them, of the role',
  user: 'all acts, also with stolen keys, of the user',
  'assumed-role': 'all acts of the session',
  'federated-user': 'all acts of the federated session',
  unnamed: 'all sessions, whoever holds them, of the roles',
}

function bad(problem: string, hint = 'give the ARN as IAM shows it'): AppError {
  return usage('bad-principal', problem, hint)
}

function blinding(problem: string): AppError {
  return usage('blinding-principal', problem, 'name one role, user or session')
}

function tooLong(subject: string, length: number): AppError {
  const problem = `the pattern would have ${length} characters, and a metric filter holds ${MAX_PATTERN_LENGTH}`
  return usage('pattern-too-long', `${subject}: ${problem}`, 'leave fewer principals out, or name them with one star')
}
