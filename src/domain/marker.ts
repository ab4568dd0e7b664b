/** The last line of an alarm's description: it makes the alarm ours and remembers what was chosen on purpose. */

export interface Marker {
  /** The chain's `--name`. */
  readonly name: string
  readonly detection: string
  /** Minutes, when `--hold` or an override chose it. */
  readonly hold: number | undefined
  /** False: the missing OK action is a choice, not a fault. */
  readonly autoResolve: boolean
  /** Fingerprint of the alarm's settings as init wrote them; undefined in a mark that records none. */
  readonly alarm?: string | undefined
  /** The same of its metric filters. */
  readonly filter?: string | undefined
  /** The engine that owns the chain; undefined for one that this tool keeps up itself. */
  readonly deployedBy?: Deployer | undefined
}

/** Engines that keep a state of their own: what they made is changed and deleted through them alone. */
export const DEPLOYERS = ['cloudformation', 'terraform'] as const

export type Deployer = (typeof DEPLOYERS)[number]

export const DEPLOYER_NAMES: Readonly<Record<Deployer, string>> = {
  cloudformation: 'CloudFormation',
  terraform: 'Terraform',
}

/** What the marker of a heartbeat has in place of a detection's id. */
export const HEARTBEAT = 'heartbeat'

/** The same of the alarm on failed deliveries. */
export const DELIVERY_FAILURES = 'delivery-failures'

/** The same of a dashboard. */
export const DASHBOARD = 'dashboard'

const HEAD = 'cloudtrail-pd/1'

export function formatMarker(marker: Marker): string {
  const words = [HEAD, `name=${marker.name}`, `detection=${marker.detection}`]
  if (marker.hold !== undefined) words.push(`hold=${marker.hold}`)
  if (!marker.autoResolve) words.push('auto-resolve=no')
  if (marker.alarm !== undefined) words.push(`alarm=${marker.alarm}`)
  if (marker.filter !== undefined) words.push(`filter=${marker.filter}`)
  if (marker.deployedBy !== undefined) words.push(`by=${marker.deployedBy}`)
  return words.join(' ')
}

/** The marker at the end of a description; undefined when the alarm is not one of ours. */
export function parseMarker(description: string): Marker | undefined {
  const last = description.slice(description.lastIndexOf('\n') + 1)
  const [head, ...words] = last.split(' ')
  if (head !== HEAD) return undefined
  const fields = new Map(words.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]))
  const name = fields.get('name')
  const detection = fields.get('detection')
  if (name === undefined || detection === undefined) return undefined
  const hold = Number(fields.get('hold'))
  return {
    name,
    detection,
    hold: fields.has('hold') && Number.isFinite(hold) ? hold : undefined,
    autoResolve: fields.get('auto-resolve') !== 'no',
    alarm: fields.get('alarm'),
    filter: fields.get('filter'),
    deployedBy: DEPLOYERS.find((one) => one === fields.get('by')),
  }
}

/** Whether two descriptions say the same to a responder: what the marker remembers of hold and owner is no text of theirs. */
export function sameDescription(a: string, b: string): boolean {
  return a === b || withoutMemory(a) === withoutMemory(b)
}

function withoutMemory(description: string): string {
  const marker = parseMarker(description)
  if (marker === undefined) return description
  const prose = description.slice(0, description.lastIndexOf('\n') + 1)
  return (
    prose + formatMarker({ ...marker, hold: undefined, alarm: undefined, filter: undefined, deployedBy: undefined })
  )
}

/**
 * Tag of a topic for each endpoint that init subscribed to it, ended by the first eight hexadecimal digits of the URL's
 * SHA-256: they tell a few keys apart and give none of them away. SNS itself says of no subscription who made it (SNS API
 * reference, Subscription).
 */
export const SUBSCRIBED_TAG = 'cloudtrail-pd:subscribed-'
