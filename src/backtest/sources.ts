/** Reads the events of a source to its end and counts them: files, a log group, the event history. */

import { findLogEvents } from '../aws/readers/log-events.ts'
import { historyPages, logEventPages, logGroupReach } from '../aws/readers/past-events.ts'
import type { Aws } from '../aws/session.ts'
import { counted, thousands } from '../counted.ts'
import type { Detection } from '../detections/detection.ts'
import { usage } from '../errors.ts'
import type { Clock, Files, FoundFile, StartSearch } from '../ports.ts'
import { readArchive } from './archive.ts'
import { reachFrom, reachOf } from './reach.ts'
import type { Judged, SkippedFile, SourceKind, TimeBase } from './result.ts'
import { type ArchivePart, createSearch } from './search.ts'
import { createSighter, sightMessages } from './sight.ts'
import { soughtOf } from './sought.ts'
import { createTally, type Tally } from './tally.ts'
import { MINUTE_MS, type MinuteWindow } from './timeline.ts'
import { isLongEnough, timeText } from './window.ts'

export interface SourceRun {
  readonly detections: readonly Detection[]
  readonly window: MinuteWindow
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Searches files on other threads. */
  readonly startSearch?: StartSearch | undefined
  /** `done` of 1, what has been read so far in a few words, and its bytes where they tell the rate. */
  progress(done: number | undefined, text: string, bytes?: number): void
}

/** Files that are named one by one; beyond that they are counted. */
const NAMED = 1_000

/**
 * Files and folders. Throws a usage error (exit 2) for a path that does not exist, and when there is no event in the
 * window; what is damaged is named in the result.
 */
export async function countFiles(run: SourceRun, files: Files, paths: readonly string[]): Promise<Judged> {
  const { detections, window, signal, startSearch } = run
  const tally = createTally(detections, window)
  const read = { bytes: 0, stored: 0, files: 0, skippedLines: 0, digest: 0, insight: 0, window: 0, skipped: 0 }
  const skippedFiles: SkippedFile[] = []
  const otherDays: number[] = []
  let total: number | undefined
  const size = sizeUnder(files, paths).then((bytes) => {
    total = bytes
  })
  // What is wrong with a path is said by the reading below.
  size.catch(() => undefined)
  const setup = { sought: soughtOf(detections), window }
  const reading = { ...createSearch(setup, files), setup, startSearch, signal }
  for await (const part of readArchive(found(files, paths), reading)) {
    countPart(part, tally, read, skippedFiles)
    if (part.kind === 'passed' && part.why === 'window') widen(otherDays, part.day)
    if (part.kind === 'events') continue
    const events = tally.events + tally.duplicates + tally.before + tally.after
    run.progress(
      total === undefined || total === 0 ? undefined : read.stored / total,
      `${counted(events, 'event')} in ${counted(read.files, 'file')}`,
      read.bytes,
    )
  }
  if (tally.events === 0) throw noEvents(tally, window, { ...read, otherDays })
  const [firstDay = Number.POSITIVE_INFINITY, lastDay = Number.NEGATIVE_INFINITY] = otherDays
  const reached = reachOf(tally.arrivals, window, {
    earlier: tally.before > 0 || firstDay < window.from * MINUTE_MS,
    later: tally.after > 0 || lastDay >= window.to * MINUTE_MS,
  })
  const notes = [
    ...reached.notes,
    ...(read.digest > 0 ? [`${counted(read.digest, 'digest file')} passed over: they hold no events`] : []),
    ...(read.insight > 0 ? [`${counted(read.insight, 'file')} of CloudTrail Insights passed over`] : []),
    ...(read.skipped > NAMED
      ? [`${thousands(read.skipped)} files could not be read; the first ${NAMED} are named`]
      : []),
    ...duplicateNote(tally),
  ]
  const intake = { bytes: read.bytes, skippedLines: read.skippedLines, skippedFiles }
  return judged('files', 'eventTime', reached.window, tally, true, { ...intake, notes })
}

function countPart(
  part: ArchivePart,
  tally: Tally,
  read: Record<'bytes' | 'stored' | 'files' | 'skippedLines' | 'digest' | 'insight' | 'window' | 'skipped', number>,
  skippedFiles: SkippedFile[],
): void {
  switch (part.kind) {
    case 'events':
      tally.addAll(part.sightings)
      read.skippedLines += part.skipped
      break
    case 'file':
      read.files += 1
      read.bytes += part.bytes
      read.stored += part.stored
      break
    case 'passed':
      read[part.why] += 1
      read.stored += part.stored
      break
    case 'skipped':
      read.skipped += 1
      if (skippedFiles.length < NAMED) skippedFiles.push({ path: part.path, reason: part.reason })
      break
  }
}

async function* found(files: Files, paths: readonly string[]): AsyncGenerator<FoundFile> {
  for (const path of paths) {
    try {
      yield* files.under?.(path) ?? [{ path, bytes: 0 }]
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
      const why = { ENOENT: 'does not exist', EACCES: 'may not be read' }[code] ?? `cannot be read (${code})`
      throw usage('file-unreadable', `"${path}" ${why}`, 'check the path')
    }
  }
}

async function sizeUnder(files: Files, paths: readonly string[]): Promise<number> {
  let sum = 0
  for await (const { bytes } of found(files, paths)) sum += bytes
  return sum
}

/** Keeps the first and the last of all days. */
function widen(days: number[], day: number): void {
  const [first = day, last = day] = days
  days.splice(0, 2, Math.min(first, day), Math.max(last, day))
}

/** What was there in place of events. */
interface Instead {
  readonly skippedLines: number
  /** Files: read, damaged or unreadable, digests, of Insights. */
  readonly files?: number
  readonly skipped?: number
  readonly digest?: number
  readonly insight?: number
  /** The first and the last day of files whose names rule them out. */
  readonly otherDays?: readonly number[]
}

function noEvents({ first, last }: Tally, window: MinuteWindow, instead: Instead) {
  const span = `${timeText(window.from * MINUTE_MS)} to ${timeText(window.to * MINUTE_MS)}`
  if (first !== undefined && last !== undefined) {
    const since = new Date(first).toISOString().slice(0, 10)
    const until = new Date(last + 86_400_000).toISOString().slice(0, 10)
    return usage(
      'no-events',
      `there is no event from ${span}; the source holds events from ${timeText(first)} to ${timeText(last)}`,
      `ask for those: --since ${since} --until ${until}`,
    )
  }
  const { skippedLines, files, skipped = 0, digest = 0, insight = 0, otherDays: [firstDay, lastDay] = [] } = instead
  if (skippedLines > 0) {
    const none = skippedLines === 1 ? 'the one message does not look' : `none of these ${skippedLines} messages looks`
    return usage('no-events', `${none} like a CloudTrail record`, 'name CloudTrail files')
  }
  if (firstDay !== undefined && lastDay !== undefined) {
    const day = (time: number) => new Date(time).toISOString().slice(0, 10)
    return usage(
      'no-events',
      `there is no event from ${span}; by their names, the files are of ${day(firstDay)} to ${day(lastDay)}`,
      `ask for those: --since ${day(firstDay)} --until ${day(lastDay + 86_400_000)}`,
    )
  }
  const others = [
    ...(skipped > 0 ? [`${counted(skipped, 'file')} could not be read`] : []),
    ...(digest > 0 ? [`${counted(digest, 'digest file')} passed over`] : []),
    ...(insight > 0 ? [`${counted(insight, 'file')} of CloudTrail Insights passed over`] : []),
  ]
  if (files === 0 && others.length === 0) {
    return usage('no-events', 'there is no file in what was named', 'name files of CloudTrail, or their folder')
  }
  return usage(
    'no-events',
    [`there is no event from ${span}`, ...others].join('; '),
    files === undefined
      ? 'ask for another time by --since and --until'
      : 'name other files, or another time by --since and --until',
  )
}

/** One search for each detection: AWS itself says what its pattern matches. */
export async function countLogGroup(run: SourceRun, aws: Aws, logGroup: string): Promise<Judged> {
  const { detections, window: asked, clock } = run
  const held = await logGroupReach(aws, logGroup)
  if (held === undefined) {
    throw usage(
      'log-group-missing',
      `there is no log group "${logGroup}" in ${aws.region}`,
      'check its name and --region',
    )
  }
  const now = clock.now().getTime()
  const kept = held.retention === undefined ? 0 : now - held.retention * 86_400_000
  const clipped = clip(asked, Math.max(kept, held.created ?? 0), 'the log group')
  const first = await firstEvent(run, aws, logGroup, clipped.window)
  const begun = first === undefined ? undefined : reachFrom(Math.floor(first / MINUTE_MS), clipped.window)
  const window = begun?.window ?? clipped.window
  const span = { clock, signal: run.signal, from: window.from * MINUTE_MS, to: window.to * MINUTE_MS }
  const sighter = createSighter(soughtOf(detections))
  const tallies: Tally[] = []
  let bytes = 0
  let skippedLines = 0
  for (const [index, detection] of detections.entries()) {
    // A record may match several detections, so each tells its own duplicates.
    const tally = createTally([detection], window)
    tallies.push(tally)
    for await (const page of logEventPages(aws, { logGroup, pattern: detection.paging.pattern }, span)) {
      for (const { at, message } of page) {
        bytes += Buffer.byteLength(message)
        const sighting = sighter.ofMessage(message, at.getTime())
        if (sighting === undefined) skippedLines += 1
        else tally.add({ ...sighting, matches: [0] })
      }
      const last = page.at(-1)?.at.getTime() ?? span.from
      const part = Math.min(1, (last - span.from) / (span.to - span.from))
      run.progress((index + part) / detections.length, `${detection.id}, ${index + 1} of ${detections.length}`)
    }
  }
  const sum = (of: (tally: Tally) => number) => tallies.reduce((total, tally) => total + of(tally), 0)
  const tally = {
    detections: tallies.flatMap((one) => one.detections),
    arrivals: (tallies[0] as Tally).arrivals,
    events: sum(({ events }) => events),
    duplicates: sum(({ duplicates }) => duplicates),
  }
  const notes = [...clipped.notes, ...(begun?.notes ?? []), STEADY]
  return judged('log-group', 'log timestamp', window, tally, false, { bytes, skippedLines, skippedFiles: [], notes })
}

/** What is assumed where a source gives matches alone. */
export const STEADY = 'the source gives matches alone: assuming that other events arrived in every minute'

/**
 * Milliseconds since the epoch; undefined where the group does not tell. Throws a usage error (exit 2) where the window
 * holds none. Events come sorted by their timestamp (FilterLogEvents API reference).
 */
async function firstEvent(
  run: SourceRun,
  aws: Aws,
  logGroup: string,
  window: MinuteWindow,
): Promise<number | undefined> {
  const [since, until] = [new Date(window.from * MINUTE_MS), new Date(window.to * MINUTE_MS)]
  const any = await findLogEvents(aws, run, { logGroup, pattern: '', since, most: 1 })
  if (any.state !== 'read') return undefined
  const [first] = any.value.events
  if (first === undefined ? any.value.complete : first.at >= until) {
    throw usage(
      'no-events',
      `log group "${logGroup}" holds no event from ${timeText(since.getTime())} to ${timeText(until.getTime())}`,
      'ask for another time by --since and --until',
    )
  }
  return first?.at.getTime()
}

/** The event history goes back 90 days (CloudTrail user guide, viewing recent management events). */
const HISTORY_DAYS = 90

/**
 * The event history, the newest events first. `timeLimit` (milliseconds): what was read by then is what counts, where it
 * reaches back a day. Throws a usage error (exit 2) where it does not, and where there is no event.
 */
export async function countHistory(run: SourceRun, aws: Aws, timeLimit = Number.POSITIVE_INFINITY): Promise<Judged> {
  const { detections, window: asked, clock } = run
  const now = clock.now().getTime()
  const clipped = clip(asked, now - HISTORY_DAYS * 86_400_000, 'the event history')
  const { window } = clipped
  let isCut = false
  const tally = createTally(detections, window)
  const sighter = createSighter(soughtOf(detections))
  let bytes = 0
  let skippedLines = 0
  let oldest = window.to * MINUTE_MS
  for await (const page of historyPages(aws, { ...run, from: window.from * MINUTE_MS, to: window.to * MINUTE_MS })) {
    const { sightings, skipped } = sightMessages(sighter, page)
    skippedLines += skipped
    for (const message of page) bytes += Buffer.byteLength(message)
    tally.addAll(sightings)
    for (const time of sightings.times) oldest = Math.min(oldest, time)
    const done = (window.to - oldest / MINUTE_MS) / (window.to - window.from)
    run.progress(done, `${counted(tally.events, 'event')}, back to ${timeText(oldest)}`)
    isCut = clock.now().getTime() - now > timeLimit
    if (isCut) break
  }
  if (tally.events === 0) throw noEvents(tally, window, { skippedLines })
  // The minute in which it stopped was not read to its end.
  const seen = isCut ? { from: Math.floor(oldest / MINUTE_MS) + 1, to: window.to } : window
  if (isCut && !isLongEnough(seen)) {
    throw usage(
      'history-too-busy',
      `the event history is too busy: ${thousands(tally.events)} events reach back to ${timeText(oldest)} alone`,
      'backtest the files of the trail instead',
    )
  }
  const notes = [
    ...clipped.notes,
    ...(isCut ? [`read back to ${timeText(oldest)} in the time that was given: weeks are counted from there`] : []),
    `the event history holds management events of ${aws.region} alone`,
    ...duplicateNote(tally),
  ]
  return judged('lookup', 'eventTime', seen, tally, true, { bytes, skippedLines, skippedFiles: [], notes })
}

/** Throws a usage error (exit 2) where nothing of the window is left. */
function clip(asked: MinuteWindow, reaches: number, what: string): { window: MinuteWindow; notes: readonly string[] } {
  const from = Math.ceil(reaches / MINUTE_MS)
  if (from <= asked.from) return { window: asked, notes: [] }
  if (from >= asked.to) {
    throw usage(
      'no-events',
      `${what} reaches back to ${timeText(reaches)}, which is after the requested time range`,
      'ask for a later time by --until',
    )
  }
  return {
    window: { from, to: asked.to },
    notes: [`${what} reaches back to ${timeText(reaches)}, later than requested: weeks are counted from there`],
  }
}

function judged(
  source: SourceKind,
  timeBase: TimeBase,
  window: MinuteWindow,
  tally: Judged['tally'],
  allEvents: boolean,
  intake: Omit<Judged['intake'], 'source' | 'timeBase'>,
): Judged {
  return { window, tally, allEvents, intake: { source, timeBase, ...intake } }
}

function duplicateNote(tally: Tally): readonly string[] {
  if (tally.duplicatesComplete()) return []
  return ['there were more records than can be remembered: an event delivered again much later may count twice']
}
