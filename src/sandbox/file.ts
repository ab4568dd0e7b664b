/** The sandbox's memory between commands: one file that only its owner can read. */
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
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
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${process.pid}.tmp`
  writeFileSync(draft, JSON.stringify(state), { mode: 0o600 })
  chmodSync(draft, 0o600)
  renameSync(draft, file)
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
