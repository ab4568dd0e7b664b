/** What a cut-off run over many places had found, in a file, so that the next one goes on from there. */

import type { CommandContext } from '../../context.ts'
import type { Diagnosis } from '../../doctor/diagnose.ts'
import { AppError, EXIT, fileNotWritten, usage } from '../../errors.ts'

export interface ProgressFile {
  /** What an earlier run found at the place. */
  found(place: Place): Diagnosis | undefined
  /** Takes down what was found there, and writes the file from time to time. Throws `file-not-written` (exit 1). */
  keep(place: Place, diagnosis: Diagnosis): Promise<void>
  /** Writes what was not written yet. A file of a finished run is begun anew by the next one. */
  close(complete: boolean): Promise<void>
}

export interface Place {
  readonly account: string
  readonly region: string
}

/** Places from one write of the file to the next: at most so many are looked at twice. */
const PLACES_A_WRITE = 50

interface Kept {
  readonly schemaVersion: 1
  readonly kind: 'doctor-progress'
  /** What was asked: another question has other answers. */
  readonly asked: string
  readonly complete: boolean
  readonly places: Readonly<Record<string, Diagnosis>>
}

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
  const places = new Map(before === undefined || before.complete ? [] : Object.entries(before.places))
  let fresh = 0
  const write = async (complete: boolean) => {
    const kept: Kept = {
      schemaVersion: 1,
      kind: 'doctor-progress',
      asked,
      complete,
      places: Object.fromEntries(places),
    }
    fresh = 0
    try {
      await files.write(path, `${JSON.stringify(kept)}\n`, 0o600)
    } catch (error) {
      throw fileNotWritten(path, error)
    }
  }
  return {
    found: (place) => places.get(keyOf(place)),
    async keep(place, diagnosis) {
      places.set(keyOf(place), frozen(diagnosis))
      fresh += 1
      if (fresh >= PLACES_A_WRITE) await write(false)
    },
    close: write,
  }
}

function keyOf({ account, region }: Place): string {
  return `${account} ${region}`
}

/** As the file will give it back: plain values, secrets masked by their own type, and no repair, which needs the facts. */
function frozen(diagnosis: Diagnosis): Diagnosis {
  const findings = [...diagnosis.findings].map((finding) =>
    finding.status === 'warn' || finding.status === 'fail'
      ? { ...finding, fix: { ...finding.fix, repairs: [] } }
      : finding,
  )
  return JSON.parse(JSON.stringify({ ...diagnosis, findings })) as Diagnosis
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
  try {
    const kept = JSON.parse(text) as Partial<Kept> | null
    if (kept?.kind === 'doctor-progress' && kept.schemaVersion === 1 && kept.places !== undefined) return kept as Kept
  } catch {
    // Said below.
  }
  throw otherFile(path, 'it is no progress file of doctor')
}

function otherFile(path: string, why: string): AppError {
  return usage('progress-file', `${path} cannot be continued: ${why}`, 'name another file, or delete this one')
}
