/** The conditions of a policy statement, judged with what is known of a call (IAM guide, condition operators). */

export type Certainty = 'yes' | 'no' | 'maybe'

type Context = Readonly<Record<string, string | undefined>>

/** Whether every condition holds; `maybe` where a key or an operator is beyond what can be known here. */
export function conditionsHold(condition: unknown, context: Context): Certainty {
  if (condition === undefined) return 'yes'
  if (!isRecord(condition)) return 'maybe'
  const known = new Map(Object.entries(context).map(([key, value]) => [key.toLowerCase(), value]))
  const verdicts = Object.entries(condition).flatMap(([operator, keys]) =>
    isRecord(keys)
      ? Object.entries(keys).map(([key, wanted]) => holds(operator, key, wanted, known))
      : ['maybe' as const],
  )
  if (verdicts.includes('no')) return 'no'
  return verdicts.includes('maybe') ? 'maybe' : 'yes'
}

/** `*` is any text and `?` any one character, as in the elements of a policy. */
export function matchesWildcard(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's').test(text)
}

function holds(
  written: string,
  key: string,
  wanted: unknown,
  known: ReadonlyMap<string, string | undefined>,
): Certainty {
  const name = key.toLowerCase()
  if (!known.has(name)) return 'maybe'
  const actual = known.get(name)
  const operator = parseOperator(written)
  const values = list(wanted)
  if (operator.base === 'null') return verdict(values.includes('true') === (actual === undefined))
  const test = TESTS[operator.base]
  if (test === undefined) return 'maybe'
  if (actual === undefined) return verdict(whenAbsent(operator))
  if (values.some((value) => value.includes('${'))) return 'maybe'
  const matched = values.some((value) => test(actual, value))
  return verdict(operator.negated ? !matched : matched)
}

interface Operator {
  /** Lower case, without prefix, `Not` and `IfExists`. */
  readonly base: string
  readonly negated: boolean
  readonly ifExists: boolean
  readonly set: 'all' | 'any' | undefined
}

function parseOperator(written: string): Operator {
  const lower = written.toLowerCase()
  const set = lower.startsWith('forallvalues:') ? 'all' : lower.startsWith('foranyvalue:') ? 'any' : undefined
  const plain = set === undefined ? lower : lower.slice(lower.indexOf(':') + 1)
  const ifExists = plain.endsWith('ifexists')
  const bare = ifExists ? plain.slice(0, -'ifexists'.length) : plain
  const negated = NEGATED.has(bare)
  return { base: negated ? bare.replace('not', '') : bare, negated, ifExists, set }
}

/** A negated comparison holds for a key that is not there; "for all of none" holds, "for any of none" does not. */
function whenAbsent({ ifExists, negated, set }: Operator): boolean {
  if (ifExists || set === 'all') return true
  return set === 'any' ? false : negated
}

const NEGATED = new Set([
  'stringnotequals',
  'stringnotequalsignorecase',
  'stringnotlike',
  'arnnotequals',
  'arnnotlike',
  'numericnotequals',
])

/** Dates and address ranges are left out on purpose: what a policy of this chain says with them cannot be told. */
const TESTS: Readonly<Record<string, (actual: string, wanted: string) => boolean>> = {
  stringequals: (actual, wanted) => actual === wanted,
  stringequalsignorecase: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
  stringlike: (actual, wanted) => matchesWildcard(wanted, actual),
  arnequals: (actual, wanted) => arnLike(wanted, actual),
  arnlike: (actual, wanted) => arnLike(wanted, actual),
  bool: (actual, wanted) => actual.toLowerCase() === wanted.toLowerCase(),
  numericequals: (actual, wanted) => Number(actual) === Number(wanted),
  numericlessthan: (actual, wanted) => Number(actual) < Number(wanted),
  numericlessthanequals: (actual, wanted) => Number(actual) <= Number(wanted),
  numericgreaterthan: (actual, wanted) => Number(actual) > Number(wanted),
  numericgreaterthanequals: (actual, wanted) => Number(actual) >= Number(wanted),
}

/**
 * The six parts of an ARN are compared one by one: a star does not reach over a colon before the last part.
 * A pattern may have a wildcard for its scheme, so neither is read by `parseArn`.
 */
function arnLike(pattern: string, arn: string): boolean {
  if (pattern === '*') return true
  const [wanted, found] = [arnParts(pattern), arnParts(arn)]
  return wanted.length === found.length && wanted.every((part, index) => matchesWildcard(part, found[index] ?? ''))
}

function arnParts(arn: string): readonly string[] {
  const parts = arn.split(':')
  return parts.length < 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')]
}

function verdict(holds: boolean): Certainty {
  return holds ? 'yes' : 'no'
}

function list(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).map(String)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
