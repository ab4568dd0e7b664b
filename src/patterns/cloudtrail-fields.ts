/** What CloudTrail promises about the fields of an event, from the record reference and from real records. */
import { nearest } from '../spelling.ts'
import type { Selector } from './pattern.ts'

/** Those that the record reference calls not optional, in every version of the record; any other field may be absent. */
const ALWAYS_PRESENT: ReadonlySet<string> = new Set([
  'eventVersion',
  'userIdentity',
  'eventTime',
  'eventSource',
  'eventName',
  'awsRegion',
  'sourceIPAddress',
  'eventID',
  'eventType',
  'userIdentity.type',
])

/** Fields that every event of this name has, also the failed ones: the exclusion of the CIS sign-in pattern rests on it. */
const PRESENT_IN: ReadonlyMap<string, readonly string[]> = new Map([
  ['ConsoleLogin', ['additionalEventData.MFAUsed', 'responseElements.ConsoleLogin']],
])

export type FieldKind = 'string' | 'boolean' | 'object' | 'array'

const KINDS: Readonly<Record<FieldKind, readonly string[]>> = {
  boolean: ['readOnly', 'managementEvent'],
  array: ['resources'],
  object: [
    'userIdentity',
    'userIdentity.sessionContext',
    'userIdentity.sessionContext.attributes',
    'userIdentity.sessionContext.sessionIssuer',
    'userIdentity.sessionContext.webIdFederationData',
    'userIdentity.onBehalfOf',
    'requestParameters',
    'responseElements',
    'additionalEventData',
    'serviceEventDetails',
    'tlsDetails',
    'insightDetails',
    'addendum',
  ],
  string: [
    'eventVersion',
    'eventTime',
    'eventSource',
    'eventName',
    'awsRegion',
    'sourceIPAddress',
    'userAgent',
    'errorCode',
    'errorMessage',
    'requestID',
    'eventID',
    'eventType',
    'eventCategory',
    'apiVersion',
    'recipientAccountId',
    'sharedEventID',
    'vpcEndpointId',
    'sessionCredentialFromConsole',
    'userIdentity.type',
    'userIdentity.principalId',
    'userIdentity.arn',
    'userIdentity.accountId',
    'userIdentity.accessKeyId',
    'userIdentity.userName',
    'userIdentity.invokedBy',
    'userIdentity.identityProvider',
    'userIdentity.sessionContext.assumedRoot',
    'userIdentity.sessionContext.attributes.mfaAuthenticated',
    'userIdentity.sessionContext.attributes.creationDate',
    'userIdentity.sessionContext.sessionIssuer.type',
    'userIdentity.sessionContext.sessionIssuer.principalId',
    'userIdentity.sessionContext.sessionIssuer.arn',
    'userIdentity.sessionContext.sessionIssuer.accountId',
    'userIdentity.sessionContext.sessionIssuer.userName',
    'additionalEventData.MFAUsed',
    'additionalEventData.MobileVersion',
    'additionalEventData.LoginTo',
    'responseElements.ConsoleLogin',
  ],
}

const KIND_OF: ReadonlyMap<string, FieldKind> = new Map(
  (['boolean', 'array', 'object', 'string'] as const).flatMap((kind) =>
    KINDS[kind].map((path) => [path, kind] as const),
  ),
)

/** Fields that take one of a few values; AWS may add values, so only another spelling of a known one is a mistake. */
const SPELLINGS: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    'userIdentity.type': [
      'Root',
      'IAMUser',
      'AssumedRole',
      'Role',
      'FederatedUser',
      'Directory',
      'AWSAccount',
      'AWSService',
      'IdentityCenterUser',
      'SAMLUser',
      'WebIdentityUser',
      'Unknown',
    ],
    eventType: [
      'AwsApiCall',
      'AwsServiceEvent',
      'AwsConsoleAction',
      'AwsConsoleSignIn',
      'AwsVpceEvents',
      'AwsCloudTrailInsight',
    ],
    eventCategory: ['Management', 'Data', 'NetworkActivity', 'Insight'],
    // Root sign-ins are seen with YES as well.
    'additionalEventData.MFAUsed': ['Yes', 'YES', 'No'],
    'responseElements.ConsoleLogin': ['Success', 'Failure'],
    'userIdentity.sessionContext.attributes.mfaAuthenticated': ['true', 'false'],
    'userIdentity.sessionContext.assumedRoot': ['true', 'false'],
    sessionCredentialFromConsole: ['true', 'false'],
  }),
)

/** Codes that tutorials print and AWS never sends (field case C26). */
const NEVER_SENT: ReadonlyMap<string, string> = new Map([
  ['UnauthorizedAccess', 'UnauthorizedOperation'],
  ['Unauthorized', 'UnauthorizedOperation'],
])

/** The dotted path of a selector made of keys alone, such as `userIdentity.arn`. */
export function fieldPath(selector: Selector): string | undefined {
  const names = selector.steps.map((step) => (step.kind === 'key' && !step.name.includes('.') ? step.name : undefined))
  return names.includes(undefined) ? undefined : names.join('.')
}

/** A field of the record under the names that CloudTrail gives it. */
export interface KnownField {
  readonly names: readonly string[]
}

const BY_SMALL_LETTERS: ReadonlyMap<string, string> = new Map(
  [...KIND_OF.keys(), ...ALWAYS_PRESENT].map((path) => [path.toLowerCase(), path]),
)

/** The longest known field that the selector spells in another case; nothing when each is spelled right or unknown. */
export function knownField(selector: Selector): KnownField | undefined {
  const names = selector.steps.map((step) => (step.kind === 'key' ? step.name : ''))
  for (let length = names.length; length > 0; length -= 1) {
    const written = names.slice(0, length).join('.')
    const right = BY_SMALL_LETTERS.get(written.toLowerCase())
    if (right !== undefined) return right === written ? undefined : { names: right.split('.') }
  }
  return undefined
}

/**
 * Fields at the top of a record besides those above. CloudTrail user guide, "record contents for management, data, and
 * network activity events" (event version 1.11), "… for Insights events for trails" and "… for aggregated events".
 */
const OTHER_TOP_FIELDS = [
  'vpcEndpointAccountId',
  'edgeDeviceDetails',
  'eventContext',
  'accountId',
  'eventId',
  'timeWindow',
  'summary',
] as const

const TOP_FIELDS: readonly string[] = [
  ...[...KIND_OF.keys()].filter((path) => !path.includes('.')),
  ...OTHER_TOP_FIELDS,
]

const SMALL_TOP_FIELDS: ReadonlySet<string> = new Set(TOP_FIELDS.map((name) => name.toLowerCase()))

/** Paths below the top, the shortest first, by their last name in small letters. */
const BY_LAST_NAME: ReadonlyMap<string, string> = new Map(
  [...KIND_OF.keys()]
    .filter((path) => path.includes('.'))
    .toSorted((one, other) => other.split('.').length - one.split('.').length)
    .map((path) => [path.slice(path.lastIndexOf('.') + 1).toLowerCase(), path]),
)

/** A name that holds another whole is near as a word, and seldom what was meant for a field. */
const MOST_LETTERS_OFF = 2

/** A field at the top of which no page of AWS's speaks. */
export interface UndocumentedField {
  readonly name: string
  /** The documented field that was probably meant, as a dotted path. */
  readonly near: string | undefined
}

/** Of a selector that begins with a name which no record is documented to have at its top, in any case of its letters. */
export function undocumentedField(selector: Selector): UndocumentedField | undefined {
  const [first] = selector.steps
  if (first?.kind !== 'key' || SMALL_TOP_FIELDS.has(first.name.toLowerCase())) return undefined
  const { name } = first
  const near = nearest(name, TOP_FIELDS).find((one) => Math.abs(one.length - name.length) <= MOST_LETTERS_OFF)
  return { name, near: BY_LAST_NAME.get(name.toLowerCase()) ?? near }
}

/** Whether the selector begins as a record does. */
export function isOfRecord(selector: Selector): boolean {
  const [first] = (unwrapped(selector) ?? selector).steps
  return first?.kind === 'key' && SMALL_TOP_FIELDS.has(first.name.toLowerCase()) && !SHARED.has(first.name)
}

/** Names at the top that other logs of AWS have as well. */
const SHARED: ReadonlySet<string> = new Set(['accountId', 'summary', 'resources', 'errorCode', 'errorMessage'])

const WRAPPERS: ReadonlySet<string> = new Set(['detail', 'Records', 'CloudTrailEvent', 'message', 'event'])

/** The selector without `detail` of EventBridge, `Records` of the files in S3 and the like around a field of the record. */
export function unwrapped(selector: Selector): Selector | undefined {
  const [first, ...rest] = selector.steps
  if (first?.kind !== 'key' || !WRAPPERS.has(first.name)) return undefined
  const steps = rest[0]?.kind === 'key' ? rest : rest.slice(1)
  const [root] = steps
  if (root?.kind !== 'key' || !BY_SMALL_LETTERS.has(root.name.toLowerCase())) return undefined
  return { ...selector, steps }
}

const ISSUER = 'userIdentity.sessionContext.sessionIssuer'

/** Whether a record in which `path` equals `text` has the field too: a type of caller brings its own fields. */
export function isImpliedBy(path: string, text: string, selector: Selector): boolean {
  const field = fieldPath(selector) ?? ''
  if (path === 'eventName') return isPresentIn(text, selector)
  if (path.startsWith(`${ISSUER}.`)) return field.startsWith('userIdentity.') && COMES_WITH.AssumedRole.includes(field)
  return path === 'userIdentity.type' && (COMES_WITH[text as keyof typeof COMES_WITH] ?? []).includes(field)
}

const CALLER = ['userIdentity.arn', 'userIdentity.accountId', 'userIdentity.principalId']

/** What every record of such a caller has (CloudTrail user guide, userIdentity element). */
const COMES_WITH = {
  Root: CALLER,
  IAMUser: [...CALLER, 'userIdentity.userName'],
  AssumedRole: [
    ...CALLER,
    'userIdentity.sessionContext',
    ...['type', 'arn', 'accountId', 'principalId', 'userName'].map((name) => `${ISSUER}.${name}`),
    'userIdentity.sessionContext.attributes.mfaAuthenticated',
    'userIdentity.sessionContext.attributes.creationDate',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>

export function isAlwaysPresent(selector: Selector): boolean {
  return ALWAYS_PRESENT.has(fieldPath(selector) ?? '')
}

/** Whether every event of this name has the field. */
export function isPresentIn(eventName: string, selector: Selector): boolean {
  return PRESENT_IN.get(eventName)?.includes(fieldPath(selector) ?? '') === true
}

export function fieldKind(selector: Selector): FieldKind | undefined {
  return KIND_OF.get(fieldPath(selector) ?? '')
}

/** How CloudTrail writes `text` in this field, when it never writes it as given; stars at the ends are kept. */
export function rightSpelling(selector: Selector, text: string): string | undefined {
  const path = fieldPath(selector) ?? ''
  const [, before = '', core = '', after = ''] = /^(\**)(.*?)(\**)$/.exec(text) ?? []
  const sent = path === 'errorCode' ? NEVER_SENT.get(core) : undefined
  // With stars around it the code that is sent may be among those it takes.
  if (sent !== undefined && before !== '' && after !== '' && sent.includes(core)) return undefined
  if (sent !== undefined) return (before === '' ? '*' : before) + sent + after
  if (path === 'eventSource' && text === core && /^[a-z0-9-]+$/i.test(core)) {
    return `${core.toLowerCase()}.amazonaws.com`
  }
  if (path === 'eventSource' && text !== text.toLowerCase()) return text.toLowerCase()
  const known = SPELLINGS.get(path)
  if (known === undefined || core !== text || known.includes(text)) return undefined
  return known.find((spelling) => spelling.toLowerCase() === text.toLowerCase())
}
