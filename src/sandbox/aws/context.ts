/** What an operation of the sandbox is given, and the small rules that all services share. */
import { createHash } from 'node:crypto'
import { awsFault } from '../../aws/backend.ts'
import { ACCOUNT, PARTITION, type SandboxState } from './state.ts'

/** The filter-pattern language as the sandbox needs it. */
export interface PatternEngine {
  /** Why AWS would refuse the pattern, or `undefined`. */
  refusal(pattern: string): string | undefined
  matches(pattern: string, message: string): boolean
}

/** The account as the services see it. */
export interface SandboxAws {
  readonly state: SandboxState
  readonly patterns: PatternEngine
  /** Entries; lists are cut into pages no longer than this. */
  readonly longestPage: number
}

/** The world at one moment, seen from one region. */
export interface OperationContext extends SandboxAws {
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly region: string
}

/** One operation: reads its input, changes the state, gives the output. Written against the SDK's own types. */
// `never` accepts functions of any input type; the dispatcher is the one place that lets a caller's input in.
export type Operation = (input: never, context: OperationContext) => object

export type Operations = Readonly<Record<string, Operation>>

/** So short that a caller who forgets the next page fails at once (field case C60). */
export const SHORT_PAGE = 2

/** What most lists of AWS give to a caller who does not ask for more or less. */
const USUAL_PAGE = 50

export interface Page<T> {
  readonly items: T[]
  readonly next: string | undefined
}

/** The next entries after `token`, never more than `longest`. */
export function page<T>(longest: number, all: readonly T[], token: string | undefined, limit = USUAL_PAGE): Page<T> {
  const from = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString())
  if (!Number.isInteger(from)) throw awsFault('InvalidParameterException', `Invalid parameter: next token ${token}`)
  const size = Math.max(1, Math.min(longest, limit))
  const to = from + size
  return {
    items: all.slice(from, to),
    next: to < all.length ? Buffer.from(String(to)).toString('base64url') : undefined,
  }
}

/** `{ key: value }`, or nothing at all where the value is absent. */
export function optional<K extends string, V>(key: K, value: V | null | undefined): { [P in K]?: V } {
  return value === null || value === undefined ? {} : ({ [key]: value } as { [P in K]?: V })
}

/** An id that only depends on how many were handed out before, in the form of a UUID. */
export function nextId(state: SandboxState): string {
  state.serial += 1
  const hex = createHash('sha256').update(`sandbox ${state.serial}`).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

export function arn(service: string, region: string, resource: string): string {
  return ['arn', PARTITION, service, region, ACCOUNT, resource].join(':')
}

export function tagRecord(
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
): Record<string, string> {
  return Object.fromEntries((tags ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? '']))
}

export function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}

/** Whether two JSON texts say the same; texts that are not JSON are compared as they are. */
export function sameJson(one: string, other: string): boolean {
  return one === other || canonical(one) === canonical(other)
}

function canonical(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text))
  } catch {
    return text
  }
}
