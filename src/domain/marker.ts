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
}

const HEAD = 'cloudtrail-pd/1'

export function formatMarker(marker: Marker): string {
  const words = [HEAD, `name=${marker.name}`, `detection=${marker.detection}`]
  if (marker.hold !== undefined) words.push(`hold=${marker.hold}`)
  if (!marker.autoResolve) words.push('auto-resolve=no')
  if (marker.alarm !== undefined) words.push(`alarm=${marker.alarm}`)
  if (marker.filter !== undefined) words.push(`filter=${marker.filter}`)
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
  }
}
