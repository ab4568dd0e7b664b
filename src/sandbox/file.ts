/** The sandbox's memory between commands: one file that only its owner can read. */
import { readFileSync } from 'node:fs'
import { writeAtomically } from '../atomic-file.ts'
import { AppError } from '../errors.ts'
import { emptyState, type SandboxState } from './aws/state.ts'

/** The state that the file holds, or a new account where there is no file. */
export function loadState(file: string | undefined, now: number): SandboxState {
  const text = file === undefined ? undefined : readIfThere(file)
  if (text === undefined || file === undefined) return emptyState(now)
  const state = parse(text)
  if (state === undefined) {
    throw new AppError('sandbox-file-invalid', `the sandbox file ${file} cannot be understood`, {
      hint: 'delete the file to start with an empty account',
    })
  }
  return state
}

/** Replaces the file in one step, so that a killed process leaves either the old state or the new one. */
export function saveState(file: string, state: SandboxState): void {
  writeSandboxFile(file, state)
}

/** Writes one of the sandbox's files for its owner alone. Throws `sandbox-file-not-written` (exit 1), as on a full disk. */
export function writeSandboxFile(file: string, value: object): void {
  try {
    writeAtomically(file, JSON.stringify(value), { mode: 0o600, makeFolder: true })
  } catch (cause) {
    const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
    throw new AppError('sandbox-file-not-written', `the sandbox file ${file} cannot be written (${why})`, {
      hint: 'free some space, or name another file in CLOUDTRAIL_PD_SANDBOX_FILE',
      cause,
    })
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw new AppError('sandbox-file-unreadable', `the sandbox file ${file} cannot be read`, {
      hint: 'check who owns the file, or name another one in CLOUDTRAIL_PD_SANDBOX_FILE',
      cause: error,
    })
  }
}

function parse(text: string): SandboxState | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const known = typeof value === 'object' && value !== null && 'version' in value && value.version === 1
    return known ? { ...emptyState(0), ...(value as SandboxState) } : undefined
  } catch {
    return undefined
  }
}
