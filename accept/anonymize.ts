/** Takes account ids, ARNs, keys, names and addresses out of a report; the same one is replaced by the same words everywhere. */

/** What a report may hold. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** A name that is known from elsewhere, such as that of a PagerDuty service. */
export interface KnownName {
  readonly name: string
  /** What it is replaced by, with a number behind it; `chain` stands without one. */
  readonly as: 'chain' | 'account' | 'name' | 'person' | 'service' | 'key'
}

/** Fields whose values are words of the tool, never names: a trail that is called "trail" must not take them away. */
const WORDS = new Set([
  ...[
    'schemaVersion',
    'command',
    'kind',
    'check',
    'status',
    'link',
    'action',
    'hop',
    'verdict',
    'via',
    'code',
    'purpose',
  ],
  ...[
    'step',
    'assumption',
    'result',
    'confidence',
    'target',
    'route',
    'serviceRegion',
    'call',
    'outcome',
    'of',
    'region',
  ],
  ...['version', 'node', 'platform', 'drill', 'eventSource', 'eventName', 'errorCode', 'behavior', 'delay'],
])

/** Fields that hold a name or an address as a whole, whatever it looks like. */
const NAMES = new Set([
  ...['trail', 'logGroup', 'metricFilter', 'alarm', 'topic', 'subscription', 'principal', 'resource'],
])

/** Hosts that say nothing about anyone. */
const PUBLIC_HOST =
  /^(?:events(?:\.eu)?\.pagerduty\.com|api(?:\.eu)?\.pagerduty\.com|127\.0\.0\.1|localhost)(?::\d+)?$/i

/** What tells itself by its form, the more telling first. */
const ALIKE = [
  ['arn', /arn:[a-z0-9-]+:[a-z0-9-]*:[a-z0-9-]*:\d*:[^\s"'<>,;()[\]{}\\]+/],
  ['url', /https?:\/\/[^\s"'<>,;()[\]{}\\]+/],
  ['mail', /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/],
  ['uuid', /\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/],
  ['keyId', /\b(?:A3T|AKIA|ASIA|AIDA|AROA|AGPA|AIPA|ANPA|ANVA|APKA)[A-Z0-9]{12,}\b/],
  ['key', /(?<![0-9A-Za-z])[0-9A-Za-z]{32}(?![0-9A-Za-z])/],
  ['masked', /…[0-9A-Za-z]{4}(?![0-9A-Za-z])/],
  ['address', /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.])|(?<![\w:])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){3,7}(?![\w:])/],
  ['account', /(?<!\d)\d{12}(?!\d)/],
  ['organization', /\b(?:o|r|ou)-[a-z0-9]{4,32}\b/],
  ['pagerduty', /\b[PQR](?=[A-Z0-9]*\d)[A-Z0-9]{6,13}\b/],
  ['incident', /(?<=incident )#\d+/],
  ['quoted', /"[^"\n]{1,200}"/],
  ['path', /(?:\/(?:home|Users|root)\/|[A-Z]:\\)[^\s"']+/],
] as const

/** What stands before the name in the resource of an ARN. */
const TYPED =
  /^((?:(?:user|role|assumed-role|federated-user|group|policy|instance-profile|trail|log-group|alarm|key|alias|stack|table)[:/])?)(.+)$/

type Kind = (typeof ALIKE)[number][0]

/** One report's replacements; `text` and `json` may be called in any order. */
export interface Anonymizer {
  text(text: string): string
  json(value: Json): Json
}

export function anonymizer(known: readonly KnownName[]): Anonymizer {
  const names = knownNames(known)
  const given = new Map<string, string>()
  const counts = new Map<string, number>()

  function next(label: string): number {
    const number = (counts.get(label) ?? 0) + 1
    counts.set(label, number)
    return number
  }

  function replaced(label: string, value: string, form: (number: number) => string): string {
    const key = `${label} ${value}`
    const known = given.get(key) ?? form(next(label))
    given.set(key, known)
    return known
  }

  const account = (id: string) => replaced('account', id, (number) => String(number).padStart(12, '0'))
  const keyOf = (key: string) => replaced('key', key.slice(-4), (number) => `key${number}`)
  const named = (label: string, name: string) => replaced(label, name.toLowerCase(), (number) => `${label}-${number}`)

  function nameOf(name: string): string {
    const as = names.find((one) => one.name.toLowerCase() === name.toLowerCase())?.as ?? 'name'
    if (as === 'chain') return 'chain'
    return as === 'account' ? account(name) : as === 'key' ? keyOf(name) : named(as, name)
  }

  const literals = names.map(({ name }) => `(?<![0-9A-Za-z])${escaped(name)}(?![0-9A-Za-z])`)
  const kinds = [...ALIKE.map(([kind, form]) => `(?<${kind}>${form.source})`)]
  const everything = new RegExp(
    [...kinds, ...(literals.length === 0 ? [] : [`(?<known>${literals.join('|')})`])].join('|'),
    'g',
  )
  const inNames = new RegExp([...literals, String.raw`(?<!\d)\d{12}(?!\d)`].join('|'), 'g')

  /** Within a name: accounts and known names alone; whether anything of the rest is somebody's is for the caller. */
  const parts = (name: string) =>
    name.replace(inNames, (part) => (/^\d{12}$/.test(part) ? account(part) : nameOf(part)))

  /** A name of the chain keeps what the tool added; any other is somebody's. */
  function whole(name: string): string {
    return startsWithChain(name) ? parts(name) : nameOf(name)
  }

  function startsWithChain(name: string): boolean {
    const chain = names.find(({ as }) => as === 'chain')?.name
    return chain !== undefined && (name === chain || name.toLowerCase().startsWith(`${chain.toLowerCase()}-`))
  }

  function arn(text: string): string {
    const end = /[.:]*$/.exec(text)?.[0] ?? ''
    const [, head = '', owner = '', resource = ''] = /^((?:[^:]*:){4})(\d*):(.+?)[.:]*$/.exec(text) ?? []
    const [, type = '', name = resource] = TYPED.exec(resource) ?? []
    const pieces = name
      .split(/([:/])/)
      .map((piece, at) => (at % 2 === 1 || piece === '' || piece === '*' ? piece : piecewise(piece)))
    return `${head}${owner === '' ? '' : account(owner)}:${type}${pieces.join('')}${end}`
  }

  function piecewise(piece: string): string {
    if (/^(?:root|log-stream|stateful|aws-service-role|cloudtrail\.amazonaws\.com|\*+)$/.test(piece)) return piece
    if (/^\d{12}_CloudTrail_[\w-]+\*?$/.test(piece)) return parts(piece)
    if (/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(piece)) return named('uuid', piece)
    return whole(piece)
  }

  function url(text: string): string {
    const [, scheme = '', host = '', rest = ''] = /^(https?:\/\/)([^/?#]*)(.*)$/i.exec(text) ?? []
    if (!PUBLIC_HOST.test(host)) return `${scheme}${named('host', host)}.example${rest === '' ? '' : '/…'}`
    const [, path, key = '', end = ''] = /^(\/(?:integration|x-ere)\/)…?([^/?#]+)(\/enqueue)?/.exec(rest) ?? []
    if (path === undefined) return `${scheme}${host}${rest === '' ? '' : '/…'}`
    return `${scheme}${host}${path}…${keyOf(key)}${end}`
  }

  const BY_KIND: Readonly<Record<Kind, (text: string) => string>> = {
    arn,
    url,
    mail: (text) => `${named('mail', text)}@example.com`,
    uuid: (text) => named('uuid', text),
    keyId: (text) => named('access-key', text),
    key: keyOf,
    masked: (text) => `…${keyOf(text)}`,
    address: (text) => (text.startsWith('127.') ? text : named('address', text)),
    account,
    organization: (text) => named('organization', text),
    pagerduty: (text) => named('pagerduty', text),
    incident: (text) => replaced('incident', text, (number) => `#${number}`),
    quoted: (text) => `"${isPlainWords(text.slice(1, -1)) ? text.slice(1, -1) : nameOf(text.slice(1, -1))}"`,
    path: (text) => named('path', text),
  }

  function text(source: string): string {
    return source.replace(everything, (found: string, ...rest: unknown[]) => {
      const groups = rest.at(-1) as Readonly<Record<string, string | undefined>>
      const kind = ALIKE.map(([one]) => one).find((one) => groups[one] !== undefined)
      return kind === undefined ? nameOf(found) : BY_KIND[kind](found)
    })
  }

  function json(value: Json, field = ''): Json {
    if (typeof value === 'string') {
      if (WORDS.has(field)) return value
      if (field === 'sourceIp') return /amazonaws\.com$|^AWS Internal$/.test(value) ? value : named('address', value)
      return NAMES.has(field) && !/^(?:arn:|https?:)/.test(value) ? whole(value) : text(value)
    }
    if (Array.isArray(value)) return value.map((one) => json(one, field))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, json(one as Json, key)]))
  }

  return { text, json: (value) => json(value) }
}

/** Longest first, so that a name is not taken apart by a shorter one in it. */
function knownNames(known: readonly KnownName[]): readonly KnownName[] {
  // Bucket names are in lower case.
  const spelled = known.flatMap((one) => [one, { ...one, name: one.name.toLowerCase() }])
  const chain = known.find(({ as }) => as === 'chain')?.name
  // A name of the chain is told by its beginning, and what the tool added to it stays.
  const isOfChain = ({ name, as }: KnownName) => as !== 'chain' && chain !== undefined && name.startsWith(chain)
  const once = new Map(
    spelled
      .filter((one) => !isOfChain(one))
      .filter(({ name }) => name.trim() !== '')
      .map((one) => [one.name, one]),
  )
  return [...once.values()].toSorted((a, b) => b.name.length - a.name.length)
}

/** What the tool itself quotes: a state or a condition of a pattern, not a name. */
function isPlainWords(text: string): boolean {
  return /^(?:OK|ALARM|INSUFFICIENT_DATA|\*?cloudtrail-pd-(?:drill|chain)\/\S*)$/.test(text)
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
}
