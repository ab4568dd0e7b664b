/** From the options of a run to the complete wish; from here on nobody knows how it was said. */

import { customDetection } from '../detections/custom.ts'
import type { Detection } from '../detections/detection.ts'
import { fireDrill } from '../detections/drill.ts'
import { lossOf } from '../detections/principal.ts'
import { packs, selectDetections } from '../detections/select.ts'
import { type Override, parseExclusion, parseOverride, tuneAll } from '../detections/tune.ts'
import { parseDestination } from '../domain/destination.ts'
import { parseEndpoint } from '../domain/endpoint.ts'
import { DEFAULT_NAME } from '../domain/names.ts'
import { CREATED_BY } from '../domain/resources.ts'
import { type RouteVerdict, readRoute } from '../domain/route.ts'
import { Secret } from '../domain/secret.ts'
import { AppError, usage } from '../errors.ts'
import { controlsOf } from '../plan/security-hub.ts'
import { CONFIRM_TIMEOUT_S, LOG_RETENTION_DAYS, type Setup, type TrailSetup } from '../plan/setup.ts'
import type { DetectionOptions, InitOptions } from './command-options.ts'
import { flagOf, OPTION_NAMES, OPTIONS } from './table.ts'
import { collectUsageErrors } from './usage-errors.ts'

export interface SetupVerdict {
  readonly setup: Setup
  /** Each one sentence; nothing here stops the run. */
  readonly warnings: readonly string[]
}

/**
 * Judges the options and fills in the defaults; pure. The destination stays undefined when no option names one.
 * Throws usage errors (exit 2), all that were found at once.
 */
export function setupOf(options: InitOptions): SetupVerdict {
  const complaints = collectUsageErrors()
  const destination = complaints.collect(() => parseDestination(options))
  const tickets = complaints.collect(() => ticketsOf(options))
  const trail = complaints.collect(() => trailOf(options))
  const chosen = complaints.collect(() => detectionsOf(options))
  complaints.collect(() => judgeRun(options))
  complaints.collect(() => judgeName(options.name ?? DEFAULT_NAME, flagOf('name')))
  complaints.collect(() => judgeTags(options))
  complaints.settle()
  if (trail === undefined || chosen === undefined) throw new Error('a complaint was lost')
  const setup: Setup = {
    name: options.name ?? DEFAULT_NAME,
    destination,
    ticketRoute: tickets?.route,
    trail,
    logGroup: options.logGroup,
    logRetention: options.logRetention ?? LOG_RETENTION_DAYS,
    logRole: options.logRole,
    // Untuned: a hold or an exclusion would only make the drill longer, or blind.
    detections: options.drill ? [...chosen.detections, fireDrill] : chosen.detections,
    variant: options.variant ?? 'paging',
    autoResolve: options.autoResolve ?? true,
    hold: options.hold,
    heartbeat: options.heartbeat === 0 ? undefined : options.heartbeat,
    fallback: fallbackOf(options),
    deadLetterQueue: options.deadLetterQueue === true ? 'wanted' : undefined,
    dashboard: options.dashboard === true ? { alarms: [], metrics: [] } : undefined,
    topic: { nameOrArn: options.topic, displayName: options.displayName, kmsKey: options.kmsKey },
    tags: options.tag ?? {},
    confirmTimeout: options.confirmTimeout ?? CONFIRM_TIMEOUT_S,
  }
  const idle = tickets !== undefined && !chosen.detections.some(({ urgency }) => urgency === 'ticket')
  const warnings = [
    ...(destination?.how === 'integration' ? destination.warnings : []),
    ...(tickets?.warnings ?? []),
    ...(idle ? ['none of the selected detections has urgency ticket, so the low-urgency URL is not used'] : []),
    ...(isPagerDutyMailbox(options.fallbackEmail)
      ? ['the fallback e-mail address is a mailbox of PagerDuty, which fails when PagerDuty does']
      : []),
    ...chosen.warnings,
  ]
  return { setup, warnings }
}

function fallbackOf({ fallbackEmail: address }: InitOptions): Setup['fallback'] {
  return address === undefined ? undefined : { addresses: [address], recorded: [address], keepsHeartbeat: false }
}

function isPagerDutyMailbox(address: string | undefined): boolean {
  return address !== undefined && parseEndpoint('email', new Secret(address)).kind === 'email-integration'
}

/** Where detections of urgency `ticket` go; a URL says its own region. */
function ticketsOf({ lowUrgencyIntegrationUrl: url }: InitOptions): RouteVerdict | undefined {
  if (url === undefined) return undefined
  try {
    return readRoute({ url })
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    throw usage(error.code, `${flagOf('lowUrgencyIntegrationUrl')}: ${error.message}`, error.hint)
  }
}

function trailOf(options: InitOptions): TrailSetup {
  const { organization } = options
  return { ...sourceOf(options), ...(organization === true ? { organization } : {}) }
}

function sourceOf({ trail, createTrail, trailBucket }: InitOptions): TrailSetup {
  if (trail !== undefined && createTrail !== undefined) {
    throw usage('trail-conflict', '--trail and --create-trail were both given', 'give one of the two')
  }
  if (createTrail !== undefined) return { how: 'create', name: createTrail, bucket: trailBucket }
  if (trailBucket !== undefined) {
    throw usage('trail-bucket', '--trail-bucket is only for a new trail', 'add --create-trail NAME')
  }
  return trail === undefined ? { how: 'best' } : { how: 'existing', nameOrArn: trail }
}

export interface Chosen {
  readonly detections: readonly Detection[]
  readonly warnings: readonly string[]
}

/** The detections that the options choose, tuned. Throws usage errors (exit 2), all that were found at once. */
export function detectionsOf(options: DetectionOptions): Chosen {
  const complaints = collectUsageErrors()
  const own = complaints.collect(() => customOf(options))
  const named = complaints.collect(() => catalogueOf(options)) ?? []
  complaints.collect(() => judgeOwnId(own?.detection, named))
  const overrides = [
    ...(options.hold === undefined ? [] : [{ tuning: { hold: options.hold } }]),
    ...(options.set ?? []).map(({ id, field, value }) =>
      complaints.collect(() => parseOverride(`${id}.${field}=${value}`)),
    ),
    ...(options.excludePrincipal ?? []).map(({ id, principal }) =>
      complaints.collect(() => parseExclusion(id === undefined ? principal : `${id}=${principal}`)),
    ),
  ].filter((override): override is Override => override !== undefined)
  complaints.settle()
  const tuned = tuneAll([...named, ...(own === undefined ? [] : [own.detection])], overrides)
  const unfit = tuned.unfit.map(({ id, reason }) => `${id} still counts the excluded principals: ${reason}`)
  return {
    detections: tuned.detections,
    warnings: [...(own?.warnings ?? []), ...unfit, ...losses(options), ...unscanned(options, tuned.detections)],
  }
}

/** What nobody will see any more, said before it is approved (field case C37). */
function losses({ excludePrincipal = [] }: DetectionOptions): readonly string[] {
  const byDetection = new Map<string | undefined, string[]>()
  for (const { id, principal } of excludePrincipal) {
    byDetection.set(id, [...(byDetection.get(id) ?? []), principal])
  }
  return [...byDetection].flatMap(([id, principals]) => {
    const { lost, people } = lossOf([...new Set(principals)])
    const where = id === undefined ? 'in every detection' : `in ${id}`
    const human = people.map((arn) => `${arn} is used by people who sign in: nothing they do is detected ${where}`)
    return [`${where}: ${lost.charAt(0).toLowerCase()}${lost.slice(1).replace(/\.$/, '')}`, ...human]
  })
}

/** Whoever names a benchmark may expect its scanners to be satisfied; the tuned patterns satisfy none (field case C30). */
function unscanned({ detections = [], variant }: DetectionOptions, chosen: readonly Detection[]): readonly string[] {
  const named = detections.find((word) => word === 'security-hub' || word.startsWith('cis-'))
  const controls = controlsOf(chosen)
  if (named === undefined || controls.length === 0 || (variant !== undefined && variant !== 'paging')) return []
  return [
    `${named} uses tuned patterns, which scanners do not accept: Security Hub ${controls.join(', ')} stay failed; --variant both adds the published strings`,
  ]
}

function catalogueOf({ detections, exclude, filterPattern }: DetectionOptions): readonly Detection[] {
  if (detections === undefined && filterPattern !== undefined) return []
  return selectDetections(detections ?? ['recommended'], exclude)
}

function customOf(options: DetectionOptions): ReturnType<typeof customDetection> | undefined {
  const { filterPattern, detections = [] } = options
  const provided = OWN_OPTIONS.filter((name) => options[name] !== undefined)
  if (provided.length === 0) return undefined
  const flags = provided.map(flagOf).join(', ')
  if (filterPattern === undefined) {
    throw usage(
      'custom-without-pattern',
      `${flags} ${provided.length === 1 ? 'is' : 'are'} for a custom detection, but --filter-pattern is missing`,
      'to tune a built-in detection, use --set ID.threshold=VALUE',
    )
  }
  const pack = detections.find((word) => packs.some(({ name }) => name === word))
  if (pack !== undefined) {
    throw usage(
      'custom-with-pack',
      `${flags} cannot be combined with the pack "${pack}"`,
      'list single ids in --detections, or omit it',
    )
  }
  return customDetection({ ...options, filterPattern })
}

/** Metric and alarm are named by the id: under one of another detection each would replace the other's. */
function judgeOwnId(own: Detection | undefined, named: readonly Detection[]): void {
  if (own === undefined || ![fireDrill, ...named].some(({ id }) => id === own.id)) return
  throw usage('option-value', `"${own.title}" is the name of another detection`, 'choose another filter name')
}

const OWN_OPTIONS = OPTION_NAMES.filter((name) => OPTIONS[name].customDetection) as (keyof DetectionOptions)[]

/**
 * Trail and bucket carry the prefix, and both have rules of their own; `destroy` takes any prefix, to clear what is there.
 * Throws a usage error (exit 2) that starts with `provided`.
 */
export function judgeName(name: string, provided: string): void {
  const said = `${provided} "${name}"`
  if (name.includes('--')) {
    throw usage('option-value', `${said} has two consecutive hyphens, which trail names do not allow`, 'use one hyphen')
  }
  const reserved = ['sthree-', 'amzn-s3-demo-'].find((prefix) => name.toLowerCase().startsWith(prefix))
  if (reserved === undefined) return
  throw usage(
    'option-value',
    `${said} begins with ${reserved}, which is reserved by AWS in bucket names`,
    'use another prefix',
  )
}

/** Tags on one resource (AWS tagging limits). */
const MAX_TAGS = 50

/** Judged with the tag of our own: IAM takes no two keys that differ by case only (IAM user guide, rules for tagging). */
function judgeTags({ tag = {} }: InitOptions): void {
  const keys = Object.keys({ ...CREATED_BY, ...tag })
  if (keys.length > MAX_TAGS) {
    const own = Object.keys(CREATED_BY).join(', ')
    throw usage(
      'option-value',
      `${flagOf('tag')} gives ${keys.length} tags together with ${own}, and a resource takes ${MAX_TAGS}`,
      'give fewer tags',
    )
  }
  const seen = new Map<string, string>()
  for (const key of keys) {
    const other = seen.get(key.toLowerCase())
    if (other !== undefined) {
      throw usage(
        'option-value',
        `${flagOf('tag')} "${key}" and "${other}" differ only in case, which IAM does not allow`,
        'use one of them',
      )
    }
    seen.set(key.toLowerCase(), key)
  }
}

function judgeRun({ dryRun, exitCode }: InitOptions): void {
  if (exitCode && !dryRun) throw usage('exit-code', '--exit-code is only for --dry-run', 'add --dry-run')
}
