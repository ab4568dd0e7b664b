/** The five ways into PagerDuty, the integration URL of each, and the verdict on whatever a person pastes. */

import { usage } from '../errors.ts'
import type { Note } from './note.ts'
import { Secret } from './secret.ts'
import { isKey, isRestToken, isRoutingKey } from './secret-forms.ts'

/** In the order in which they are offered: the one that resolves by itself first, the one at its end of life last. */
export const ROUTES = [
  'service',
  'global-orchestration',
  'service-orchestration',
  'service-event-rules',
  'global-ruleset',
] as const

export type RouteKind = (typeof ROUTES)[number]
export type ServiceRegion = 'us' | 'eu'

export interface Route {
  /** Undefined when a pasted URL fits several routes: the URL alone decides what is subscribed. */
  readonly kind: RouteKind | undefined
  readonly shape: UrlShape
  readonly serviceRegion: ServiceRegion
  readonly key: Secret
  /** The integration URL that the topic is subscribed to. */
  readonly endpoint: Secret
}

/** `x-ere` runs through event orchestration, `enqueue` straight into a service's integration; `adapter` is the older form of the latter for CloudWatch. */
export type UrlShape = 'x-ere' | 'enqueue' | 'adapter'

/** What the person gave: a key or a URL, and perhaps the route and region that it has to agree with. */
export interface RouteNames {
  readonly route?: RouteKind | undefined
  readonly serviceRegion?: ServiceRegion | undefined
  readonly key?: string | undefined
  readonly url?: string | undefined
}

export interface RouteVerdict {
  readonly route: Route
  /** Each one sentence; nothing here stops the run. */
  readonly warnings: readonly string[]
}

/** PagerDuty's event hosts (Service Regions). */
export const HOSTS: Readonly<Record<ServiceRegion, string>> = {
  us: 'events.pagerduty.com',
  eu: 'events.eu.pagerduty.com',
}

export function shapeOf(kind: RouteKind): UrlShape {
  return kind === 'service' || kind === 'service-event-rules' ? 'enqueue' : 'x-ere'
}

/** Builds the route from a key or a URL. Throws a usage error (exit 2) that never echoes what was pasted. */
export function readRoute(words: RouteNames): RouteVerdict {
  if (words.url !== undefined && words.key !== undefined) {
    throw usage('route-conflict', '--integration-key and --integration-url were both given', 'give one of the two')
  }
  if (words.url !== undefined) return fromUrl(words.url, words)
  const key = readKey(words.key ?? '')
  return build(words.route ?? 'service', words.serviceRegion ?? 'us', key, [])
}

/** Checks the form of a key: 32 letters and digits (Events API overview). */
export function readKey(text: string): string {
  const key = text.trim()
  if (isKey(key)) return key
  if (/^https?:\/\//i.test(key)) {
    throw usage('key-is-url', 'an integration URL was given where a key belongs', 'pass it as --integration-url')
  }
  if (isRestToken(key)) {
    throw usage(
      'key-is-token',
      'this looks like a REST API token (20 characters), not an integration key (32)',
      "the key is on the integration's page in PagerDuty; a token goes into PAGERDUTY_TOKEN",
    )
  }
  throw usage(
    'key-form',
    `an integration key is 32 letters and digits, this one has ${describeKey(key)}`,
    "copy it again from the integration's page in PagerDuty",
  )
}

/** Notes for a person about a route that is going to be used: end of life, routing and auto-resolve that nobody promised. */
export function routeNotes(route: Pick<Route, 'kind' | 'shape'>, topic: string): readonly Note[] {
  const notes: Note[] = []
  if (route.kind === 'global-ruleset') {
    notes.push({
      code: 'ruleset-end-of-life',
      text: 'rulesets reached their end of life on 31 January 2025: migrate to an event orchestration, the key stays the same',
    })
  }
  if (route.shape === 'x-ere') {
    notes.push(
      {
        code: 'route-unproven',
        topic,
        text: `confirmed is not routed: an orchestration must route the event to a service, for example where raw_event.TopicArn is ${topic}`,
      },
      {
        code: 'resolve-unproven',
        text: 'resolving on OK is not promised on this route: check that the first incident resolves',
      },
    )
  }
  return notes
}

function fromUrl(text: string, words: RouteNames): RouteVerdict {
  const trimmed = text.trim()
  const warnings = trimmed === text ? [] : ['spaces around the integration URL were removed']
  const url = parseUrl(trimmed)
  const region = regionOf(url)
  if (url.protocol !== 'https:') {
    throw usage('url-protocol', 'an integration URL starts with https://', 'paste the URL that PagerDuty shows')
  }
  const { shape, key } = shapeAndKey(url)
  const kind = kindFor(shape, words.route)
  if (words.serviceRegion !== undefined && words.serviceRegion !== region) {
    throw usage(
      'region-conflict',
      `--service-region ${words.serviceRegion} and an integration URL of the ${region.toUpperCase()} region contradict each other`,
      'leave --service-region out: the URL decides',
    )
  }
  return build(kind, region, readKey(key), warnings, shape)
}

function build(
  kind: RouteKind | undefined,
  serviceRegion: ServiceRegion,
  key: string,
  warnings: readonly string[],
  shape: UrlShape = shapeOf(kind ?? 'service'),
): RouteVerdict {
  const route: Route = {
    kind,
    shape,
    serviceRegion,
    key: new Secret(key),
    endpoint: new Secret(`https://${HOSTS[serviceRegion]}${PATHS[shape](key)}`),
  }
  return { route, warnings: [...warnings, ...alphabetWarnings(shape, key, kind)] }
}

const PATHS: Readonly<Record<UrlShape, (key: string) => string>> = {
  'x-ere': (key) => `/x-ere/${key}`,
  enqueue: (key) => `/integration/${key}/enqueue`,
  adapter: (key) => `/adapter/cloudwatch_sns/v1/${key}`,
}

function alphabetWarnings(shape: UrlShape, key: string, kind: RouteKind | undefined): readonly string[] {
  if (shape === 'adapter') {
    return [
      'this is the older form of a CloudWatch integration URL: move to the Integration URL that PagerDuty shows today',
    ]
  }
  const orchestration = isRoutingKey(key)
  if (shape === 'enqueue' && orchestration) {
    return ['this key looks like one of an orchestration or ruleset (R…), which belong behind /x-ere/']
  }
  // A service orchestration takes the key of an Events API integration of its service (AWS CloudTrail Integration Guide).
  if (shape === 'x-ere' && !orchestration && kind !== 'service-orchestration') {
    return [
      "this key does not start with R as the keys of orchestrations and rulesets do: behind /x-ere/ a service's key is right for a service orchestration alone",
    ]
  }
  return []
}

function parseUrl(text: string): URL {
  if (/\s/.test(text)) throw usage('url-form', 'the integration URL contains a space', 'paste it again')
  if (!/^[a-z]+:\/\//i.test(text)) {
    throw usage('url-form', 'this is not a URL', 'a bare key is passed as --integration-key')
  }
  try {
    return new URL(text)
  } catch {
    throw usage('url-form', 'this is not a URL', 'paste the integration URL that PagerDuty shows')
  }
}

function regionOf(url: URL): ServiceRegion {
  const plain = url.username === '' && url.password === '' && url.port === ''
  if (plain && url.hostname === HOSTS.us) return 'us'
  if (plain && url.hostname === HOSTS.eu) return 'eu'
  if (url.hostname.endsWith('.pagerduty.com') && !url.hostname.startsWith('events.')) {
    throw usage('url-web-page', 'this is a page of the PagerDuty web app, not an integration URL', WHERE)
  }
  throw usage(
    'url-host',
    `"${url.hostname}" is not a PagerDuty events host`,
    `the hosts are ${HOSTS.us} and ${HOSTS.eu}`,
  )
}

const WHERE = 'service → Integrations → AWS CloudTrail → Integration URL'

function shapeAndKey(url: URL): { shape: UrlShape; key: string } {
  const [first, second, third, ...rest] = decodeURIComponent(url.pathname)
    .split('/')
    .filter((part) => part !== '')
  if (url.search !== '' || url.hash !== '') {
    throw usage('url-form', 'an integration URL has neither a query nor a fragment', 'paste it again')
  }
  if (first === 'x-ere' && second !== undefined && third === undefined) return { shape: 'x-ere', key: second }
  if (first === 'integration' && second !== undefined && third === 'enqueue' && rest.length === 0) {
    return { shape: 'enqueue', key: second }
  }
  if (first === 'adapter' && second === 'cloudwatch_sns' && third === 'v1' && rest.length === 1) {
    return { shape: 'adapter', key: rest[0] ?? '' }
  }
  throw usage('url-shape', whatItIs(first, second, third), WHERE)
}

function whatItIs(first?: string, second?: string, third?: string): string {
  if (first === 'v2' && (second === 'enqueue' || second === 'change')) {
    return 'this is the Events API v2 endpoint, which does not take SNS messages'
  }
  if (first === 'generic') return 'this is the Events API v1 endpoint, which does not take SNS messages'
  if (first === 'integration' && third === undefined) return 'this integration URL lacks /enqueue at its end'
  return 'this URL is not an integration URL: those end in /x-ere/KEY or /integration/KEY/enqueue'
}

function kindFor(shape: UrlShape, route: RouteKind | undefined): RouteKind | undefined {
  if (route === undefined) return undefined
  if (shapeOf(route) === shape || (shape === 'adapter' && route === 'service')) return route
  throw usage(
    'route-conflict',
    `--route ${route} and an integration URL with /${SEGMENT[shape]}/ contradict each other`,
    'leave --route out: the URL decides',
  )
}

const SEGMENT: Readonly<Record<UrlShape, string>> = { 'x-ere': 'x-ere', enqueue: 'integration', adapter: 'adapter' }

function describeKey(key: string): string {
  if (key === '') return 'none: it is empty'
  return /^[0-9A-Za-z]*$/.test(key) ? `${key.length}` : `${key.length}, some of them neither letter nor digit`
}
