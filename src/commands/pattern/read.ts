/** What the pattern commands share: a pattern that AWS would refuse, and messages out of files, unwrapped where AWS tools wrap them. */

import { fileMessages } from '../../backtest/file-messages.ts'
import type { CommandContext } from '../../context.ts'
import { AppError, usage } from '../../errors.ts'
import { unreadable } from '../../options/read.ts'
import { type Parsed, parsePattern } from '../../patterns/parse/parse.ts'
import { isCloudTrailRecord, readWrapped } from '../../patterns/unwrap.ts'

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

/** Messages of files, and whether any of them looks like a record of CloudTrail. */
export interface EventReader {
  /** The messages of one file in batches, unwrapped where that is unmistakable. Throws usage errors (exit 2) that name the file. */
  read(path: string): AsyncGenerator<readonly string[]>
  /** Of all that was read; false before. */
  sawRecord(): boolean
}

/** With `raw`, each line is a message as it stands. What was unwrapped is said on stderr, once a file. */
export function eventReader(
  raw: boolean,
  { files, signal, progress }: Pick<CommandContext, 'files' | 'signal' | 'progress'>,
): EventReader {
  let seen = false
  async function* read(path: string): AsyncGenerator<readonly string[]> {
    const name = path === '-' ? 'standard input' : `"${path}"`
    const unwrapped = new Map<string, number>()
    const open = (message: string): readonly string[] => {
      const wrapped = message.startsWith('{"eventVersion"') ? undefined : readWrapped(message)
      if (wrapped === undefined || !wrapped.records.some(isCloudTrailRecord)) {
        seen ||= isCloudTrailRecord(message)
        return [message]
      }
      seen = true
      unwrapped.set(wrapped.from, (unwrapped.get(wrapped.from) ?? 0) + wrapped.records.length)
      return wrapped.records
    }
    try {
      for await (const batch of fileMessages(files.bytes(path), { path: name, raw })) {
        signal.throwIfAborted()
        yield raw ? batch : batch.flatMap(open)
      }
    } catch (error) {
      if (error instanceof AppError || signal.aborted) throw error
      throw isOfZlib(error)
        ? usage('file-damaged', `${name} is damaged gzip data`, 'fetch it again')
        : unreadable(name, error)
    } finally {
      for (const [from, records] of unwrapped) {
        progress.note(`unwrapped ${records === 1 ? '1 record' : `${records} records`} of ${from} from ${name}`)
      }
    }
  }
  return { read, sawRecord: () => seen }
}

/** A no that rests on messages of another kind would be no answer. */
export function noRecord(hint: string): AppError {
  return usage('no-cloudtrail-record', 'none of these looks like a CloudTrail record: no eventName was found', hint)
}

function isOfZlib(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
}
