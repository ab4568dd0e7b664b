/** Whether a policy document lets somebody do something; just the part of IAM that our chain meets. */

export interface Request {
  readonly principal: { readonly service: string } | { readonly arn: string } | undefined
  readonly action: string
  readonly resource: string
  /** Condition keys in lower case, such as `aws:sourceaccount`. */
  readonly conditions?: Readonly<Record<string, string>>
}

interface Statement {
  readonly Effect?: string
  readonly Principal?: unknown
  readonly Action?: unknown
  readonly Resource?: unknown
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** Allowed by one statement and denied by none. A document that cannot be read allows nothing. */
export function allows(document: string | null | undefined, request: Request): boolean {
  const applying = statements(document).filter((statement) => applies(statement, request))
  return applying.some((statement) => statement.Effect === 'Allow') && !applying.some((s) => s.Effect === 'Deny')
}

/** Whether the text is a policy document at all. */
export function isPolicy(document: string | null | undefined): boolean {
  return statements(document).length > 0
}

function statements(document: string | null | undefined): readonly Statement[] {
  try {
    const parsed: unknown = JSON.parse(document ?? '')
    if (typeof parsed !== 'object' || parsed === null || !('Statement' in parsed)) return []
    return list(parsed.Statement).filter((entry): entry is Statement => typeof entry === 'object' && entry !== null)
  } catch {
    return []
  }
}

function applies(statement: Statement, request: Request): boolean {
  return (
    (request.principal === undefined || principalApplies(statement.Principal, request.principal)) &&
    texts(statement.Action).some((action) => like(action.toLowerCase(), request.action.toLowerCase())) &&
    (statement.Resource === undefined || texts(statement.Resource).some((one) => like(one, request.resource))) &&
    conditionsHold(statement, request)
  )
}

function principalApplies(principal: unknown, who: NonNullable<Request['principal']>): boolean {
  if (principal === '*') return true
  if (typeof principal !== 'object' || principal === null) return false
  const { AWS, Service }: { AWS?: unknown; Service?: unknown } = principal
  // A service is let in by `AWS: "*"` as well: the default policy of a topic relies on it.
  if ('service' in who) return texts(Service).includes(who.service) || texts(AWS).includes('*')
  return texts(AWS).some((one) => one === '*' || one === who.arn || who.arn.includes(one.replace(/:root$/, ':')))
}

function conditionsHold({ Condition = {} }: Statement, { conditions = {} }: Request): boolean {
  return Object.entries(Condition).every(([operator, keys]) =>
    Object.entries(keys).every(([key, expected]) => holds(operator, conditions[key.toLowerCase()], texts(expected))),
  )
}

/** An operator or key that is not known here holds for nobody: the sandbox would rather refuse than invent a right. */
function holds(operator: string, actual: string | undefined, expected: readonly string[]): boolean {
  const base = operator.replace(/IfExists$/, '')
  if (actual === undefined) return base !== operator
  if (base === 'StringEquals') return expected.includes(actual)
  if (base === 'StringNotEquals') return !expected.includes(actual)
  if (base === 'StringLike' || base === 'ArnLike' || base === 'ArnEquals') return expected.some((e) => like(e, actual))
  if (base === 'Bool') return expected.includes(actual)
  return false
}

function like(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's').test(text)
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value]
}

function texts(value: unknown): readonly string[] {
  return list(value).filter((entry): entry is string => typeof entry === 'string')
}
