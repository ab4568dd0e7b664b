/** What the pattern commands share: a pattern that AWS would refuse, and messages out of named files. */

import { fileMessages } from '../../backtest/file-messages.ts'
import type { CommandContext } from '../../context.ts'
import { AppError, usage } from '../../errors.ts'
import { unreadable } from '../../options/read.ts'
import { type Parsed, parsePattern } from '../../patterns/parse/parse.ts'

/** A pattern that AWS takes, or about which nobody knows. */
export type Readable = Exclude<Parsed, { validity: 'refused' }>

/** Throws `pattern-refused` (exit 2) with the column and what is wrong for a pattern that AWS would refuse. */
export function readPattern(text: string): Readable {
  const parsed = parsePattern(text)
  if (parsed.validity !== 'refused') return parsed
  const { column, message, suggestion } = parsed
  throw usage(
    'pattern-refused',
    `CloudWatch Logs would refuse this pattern at column ${column}: ${message}`,
    // With this one fault put right there may be another.
    suggestion === undefined || parsePattern(suggestion).validity === 'refused' ? undefined : `write ${suggestion}`,
  )
}

/** The messages of one file in batches. Throws usage errors (exit 2) that name the file. */
export async function* messagesOf(
  path: string,
  raw: boolean,
  { files, signal }: Pick<CommandContext, 'files' | 'signal'>,
): AsyncGenerator<readonly string[]> {
  const message = path === '-' ? 'standard input' : `"${path}"`
  try {
    for await (const batch of fileMessages(files.bytes(path), { path: message, raw })) {
      signal.throwIfAborted()
      yield batch
    }
  } catch (error) {
    if (error instanceof AppError || signal.aborted) throw error
    throw isOfZlib(error)
      ? usage('file-damaged', `${message} is damaged gzip data`, 'fetch it again')
      : unreadable(message, error)
  }
}

function isOfZlib(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
}
