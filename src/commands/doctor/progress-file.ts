/** What a cut-off run over many places had found, in a file, so that the next one goes on from there. */

import type { CommandContext } from '../../context.ts'
import type { Diagnosis } from '../../doctor/diagnose.ts'
import { AppError, EXIT, fileNotWritten, usage } from '../../errors.ts'

export interface ProgressFile {
  /** What an earlier run found at the place. */
  found(place: Place): Diagnosis | undefined
  /** Takes down what was found there, and adds to the file from time to time. Throws `file-not-written` (exit 1). */
  keep(place: Place, diagnosis: Diagnosis): Promise<void>
  /** Adds what was not written yet. A file of a finished run is begun anew by the next one. */
  close(complete: boolean): Promise<void>
}

export interface Place {
  readonly account: string
  readonly region: string
}

/** Places from one write to the next: at most so many are looked at twice. */
const PLACES_A_WRITE = 50

/** Of the owner alone: it names what an account lacks. */
const MODE = 0o600

/** The first line; a line for each place follows, and `DONE` ends a finished run. What is there is never written again. */
interface Header {
  readonly schemaVersion: 1
  readonly kind: 'doctor-progress'
  /** What was asked: another question has other answers. */
  readonly asked: string
}

interface Entry {
  readonly place: string
  readonly diagnosis: Diagnosis
}

const DONE = { complete: true } as const

/** Opens the file, or begins it. Throws a usage error (exit 2) when it is of another run, or no such file at all. */
export async function openProgressFile(
  path: string,
  asked: string,
  { files }: Pick<CommandContext, 'files'>,
): Promise<ProgressFile> {
  const before = await readKept(path, files)
  if (before !== undefined && before.asked !== asked) {
    throw otherFile(path, 'it is of a run with another account, role or scope')
  }
  const known: readonly Entry[] = before === undefined || before.complete ? [] : before.entries
  const places = new Map(known.map(({ place, diagnosis }) => [place, diagnosis]))
  const header: Header = { schemaVersion: 1, kind: 'doctor-progress', asked }
  // Whole, because a run that was cut off may have left half a line.
  let written = orNotWritten(path, files.write(path, linesOf([header, ...known]), MODE))
  let fresh: Entry[] = []
  // One after the other, so that lines do not mix.
  const add = (entries: readonly object[]) => {
    written = written.then(() => orNotWritten(path, files.append(path, linesOf(entries), MODE)))
    return written
  }
  const takeFresh = () => {
    const taken = fresh
    fresh = []
    return taken
  }
  await written
  return {
    found: (place) => places.get(keyOf(place)),
    async keep(place, diagnosis) {
      fresh.push({ place: keyOf(place), diagnosis: plain(diagnosis) })
      if (fresh.length >= PLACES_A_WRITE) await add(takeFresh())
    },
    close: (complete) => add(complete ? [...takeFresh(), DONE] : takeFresh()),
  }
}

async function orNotWritten(path: string, writing: Promise<void>): Promise<void> {
  try {
    await writing
  } catch (error) {
    throw fileNotWritten(path, error)
  }
}

function linesOf(values: readonly object[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('')
}

function keyOf({ account, region }: Place): string {
  return `${account} ${region}`
}

/** As the file will give it back: plain values, secrets masked by their own type, and no repair, which needs the facts. */
function plain(diagnosis: Diagnosis): Diagnosis {
  const findings = [...diagnosis.findings].map((finding) =>
    finding.status === 'warn' || finding.status === 'fail'
      ? { ...finding, fix: { ...finding.fix, repairs: [] } }
      : finding,
  )
  return JSON.parse(JSON.stringify({ ...diagnosis, findings })) as Diagnosis
}

interface Kept {
  readonly asked: string
  readonly complete: boolean
  readonly entries: readonly Entry[]
}

async function readKept(path: string, files: CommandContext['files']): Promise<Kept | undefined> {
  let text: string
  try {
    text = await files.read(path)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    const why = error instanceof Error ? error.message : String(error)
    throw new AppError('progress-file', `${path} could not be read: ${why}`, { exit: EXIT.usage, cause: error })
  }
  // What follows the last end of a line was cut off.
  const [first, ...rest] = text.split('\n').slice(0, -1)
  try {
    const header = JSON.parse(first ?? '') as Partial<Header> | null
    if (header?.kind === 'doctor-progress' && header.schemaVersion === 1) {
      const lines = rest.map((line) => JSON.parse(line) as Entry | typeof DONE)
      return {
        asked: header.asked ?? '',
        complete: lines.some((line) => 'complete' in line),
        entries: lines.filter((line) => 'place' in line),
      }
    }
  } catch {
    // Said below.
  }
  throw otherFile(path, 'it is no progress file of doctor')
}

function otherFile(path: string, why: string): AppError {
  return usage('progress-file', `${path} cannot be continued: ${why}`, 'name another file, or delete this one')
}
