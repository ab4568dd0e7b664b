/** Everything the tool refuses or fails with: one class, one stable code, one hint, one exit number. */

import type { ErrorCode } from './error-codes.ts'
import { commandLine, type NextCommand } from './next-command.ts'

/** Exit codes; scripts rely on them. */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  access: 3,
  findings: 4,
  unverified: 5,
  pending: 6,
  interrupted: 130,
} as const

export type ExitCode = (typeof EXIT)[keyof typeof EXIT]

/** Words, and commands as values: who reports the error knows which account they are about. */
export type Hint = string | readonly (string | NextCommand)[]

export interface AppErrorOptions {
  /** What to do now: a command that can be pasted, or a thing to check. */
  readonly hint?: Hint
  readonly exit?: ExitCode
  readonly cause?: unknown
  /** Shown under `--verbose` only, such as an AWS request id. */
  readonly detail?: string
}

/**
 * A failure that a person can act on.
 * `code` is a row of the table of error codes; `message` is one lower-case sentence without a full stop that names the wrong value.
 */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly exit: ExitCode
  readonly detail: string | undefined
  readonly #hint: readonly (string | NextCommand)[]

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    const { hint } = options
    this.#hint = typeof hint === 'string' ? [hint] : (hint ?? [])
    this.hint = hint === undefined ? undefined : this.#hint.map(hintText).join('')
    this.exit = options.exit ?? EXIT.failed
    this.detail = options.detail
  }

  /** The same error, with every command of its hint as `place` has it. */
  placed(place: (command: NextCommand) => NextCommand): AppError {
    if (this.#hint.every((part) => typeof part === 'string')) return this
    const { code, message, exit, cause, detail } = this
    const hint = this.#hint.map((part) => (typeof part === 'string' ? part : place(part)))
    return new AppError(code, message, { hint, exit, cause, ...(detail === undefined ? {} : { detail }) })
  }
}

function hintText(part: string | NextCommand): string {
  return typeof part === 'string' ? part : commandLine(part)
}

/** The person, or a signal, ended the run before anything was decided. */
export class Cancelled extends Error {
  readonly exit: ExitCode = EXIT.interrupted

  constructor() {
    super('interrupted, nothing was changed')
    this.name = 'Cancelled'
  }
}

/** A person left a question for the one before it. Whoever asks with `back` handles it. */
export class WentBack extends Error {
  constructor() {
    super('back to the question before')
    this.name = 'WentBack'
  }
}

/** A usage error (exit 2): an option, file or pattern is wrong or missing, and nothing was written. */
export function usage(code: ErrorCode, message: string, hint?: Hint): AppError {
  return new AppError(code, message, { exit: EXIT.usage, ...(hint === undefined ? {} : { hint }) })
}

/** Something went wrong that the person did not cause (exit 1); part of the work may be done. */
export function failed(code: ErrorCode, message: string, hint?: Hint): AppError {
  return new AppError(code, message, hint === undefined ? {} : { hint })
}

/** A file of the person's that could not be written (exit 1). */
export function fileNotWritten(path: string, error: unknown): AppError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined
  // Node's own text names the draft beside the file, of which no one has heard.
  const known = code === undefined ? undefined : WRITE_FAULTS[code]
  const why = known === undefined ? (error instanceof Error ? error.message : String(error)) : `${code}: ${known}`
  const hint = code === 'ENOSPC' ? 'free some space' : 'name a file in a folder that exists and may be written to'
  return failed('file-not-written', `"${path}" could not be written (${why})`, hint)
}

const WRITE_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'what stands for its folder is a file',
  EISDIR: 'it is a folder',
  EACCES: 'no permission',
  EPERM: 'no permission',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left',
}
