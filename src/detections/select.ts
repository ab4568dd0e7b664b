/** From the words of `--detections` and `--exclude` to detections. */
import { type AppError, usage } from '../errors.ts'
import { nearest } from '../spelling.ts'
import { catalogue } from './catalogue.ts'
import type { BenchmarkPack, Detection } from './detection.ts'

export type PackName = 'recommended' | BenchmarkPack | 'all'

export interface Pack {
  readonly name: PackName
  /** One line for help and wizard. */
  readonly description: string
  readonly detections: readonly Detection[]
  readonly count: number
}

const benchmarks: readonly (readonly [BenchmarkPack, string])[] = [
  ['cis-1.2', 'CIS AWS Foundations 1.2, section 3'],
  ['cis-1.4', 'CIS AWS Foundations 1.4, section 4'],
  ['cis-1.5', 'CIS AWS Foundations 1.5, section 4'],
  ['cis-2.0', 'CIS AWS Foundations 2.0, section 4'],
  ['cis-3.0', 'CIS AWS Foundations 3.0, section 4'],
  ['cis-4.0', 'CIS AWS Foundations 4.0, section 4'],
  ['cis-5.0', 'CIS AWS Foundations 5.0, section 4'],
  ['cis-6.0', 'CIS AWS Foundations 6.0, section 5'],
  ['cis-7.0', 'CIS AWS Foundations 7.0, section 5'],
  ['security-hub', 'Security Hub controls CloudWatch.1 to CloudWatch.14'],
]

/** Every pack, the recommended one first. */
export const packs: readonly Pack[] = [
  pack('recommended', 'What a team should page on: rare, and bad when it happens', ({ tier }) => tier === 'core'),
  ...benchmarks.map(([name, description]) =>
    pack(name, description, (detection) => detection.packs.some((control) => control.pack === name)),
  ),
  pack('all', 'The whole catalogue', () => true),
]

/** The detection with this id. Throws `unknown-detection` (exit 2) that names the nearest ids. */
export function detectionById(id: string): Detection {
  const detection = catalogue.find((one) => one.id === id)
  if (detection === undefined) throw unknown(id)
  return detection
}

/**
 * The detections that the words name, without those that `exclude` names. A word is an id or a pack.
 * The order is the catalogue's whatever the order of the words, and nothing comes twice.
 * Throws `unknown-detection` for a word that is neither, `no-detections` when nothing is left (exit 2).
 */
export function selectDetections(words: readonly string[], exclude: readonly string[] = []): readonly Detection[] {
  const wanted = new Set(words.flatMap(named))
  const unwanted = new Set(exclude.flatMap(named))
  const selected = catalogue.filter((detection) => wanted.has(detection) && !unwanted.has(detection))
  if (selected.length > 0) return selected
  const without = exclude.length === 0 ? '' : ` without ${list(exclude)}`
  throw usage('no-detections', `no detection is left of ${list(words)}${without}`, 'name at least one id or pack')
}

/** The words that select just these ids: packs that are whole among them, the largest first, and the rest one by one. */
export function wordsFor(ids: readonly string[]): readonly string[] {
  const left = new Set(ids)
  const whole = packs.filter(({ detections }) => detections.every(({ id }) => left.has(id)))
  const words: string[] = []
  for (;;) {
    const [most] = whole
      .map(({ name, detections }) => ({ name, members: detections.filter(({ id }) => left.has(id)) }))
      .toSorted((one, other) => other.members.length - one.members.length)
    // A single id says more than a pack that is there already but for it.
    if (most === undefined || most.members.length < 2) return [...words, ...left]
    words.push(most.name)
    for (const { id } of most.members) left.delete(id)
  }
}

/** Words of `--detections` and `--exclude` that select the same detections. */
export interface ChosenWords {
  readonly detections: readonly string[]
  /** Empty where nothing has to be left out. */
  readonly exclude: readonly string[]
}

/** The shortest way to select just these ids: by what is in, or a pack without what is not. */
export function shortestWords(ids: readonly string[]): ChosenWords {
  const wanted = new Set(ids)
  const byPack = packs.map(({ name, detections }): ChosenWords => {
    const members = new Set(detections.map(({ id }) => id))
    return {
      detections: [name, ...wordsFor(ids.filter((id) => !members.has(id)))],
      exclude: [...members].filter((id) => !wanted.has(id)),
    }
  })
  const [shortest] = [{ detections: wordsFor(ids), exclude: [] }, ...byPack].toSorted(
    (a, b) => lengthOf(a) - lengthOf(b),
  )
  return shortest as ChosenWords
}

/** In characters, as options of a command. */
function lengthOf({ detections, exclude }: ChosenWords): number {
  return detections.join(',').length + (exclude.length === 0 ? 0 : ` --exclude ${exclude.join(',')}`.length)
}

function named(word: string): readonly Detection[] {
  const found = packs.find(({ name }) => name === word)
  return found === undefined ? [detectionById(word)] : found.detections
}

function pack(name: PackName, description: string, has: (detection: Detection) => boolean): Pack {
  const detections = catalogue.filter(has)
  return { name, description, detections, count: detections.length }
}

function unknown(word: string): AppError {
  const near = nearest(word, [...packs.map(({ name }) => name), ...catalogue.map(({ id }) => id)])
  const hint = near.length === 0 ? 'see cloudtrail-pd detections list' : `did you mean ${near.join(' or ')}?`
  return usage('unknown-detection', `there is no detection or pack ${JSON.stringify(word)}`, hint)
}

function list(words: readonly string[]): string {
  return words.length === 0 ? 'an empty list' : words.join(', ')
}
