/** What the pattern commands share: a pattern that AWS would refuse, and messages out of files, unwrapped where AWS tools wrap them. */

import { fileMessages } from '../../backtest/file-messages.ts'
import type { CommandContext } from '../../context.ts'
import { AppError, usage } from '../../errors.ts'
import { unreadable } from '../../options/read.ts'
import { lint } from '../../patterns/lint/lint.ts'
import { type Parsed, parsePattern } from '../../patterns/parse/parse.ts'
import { compact, isJson } from '../../patterns/records.ts'
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

/** A field that CloudTrail never writes: with it the answer is of no use, though AWS takes the pattern. */
export interface FieldWarning {
  readonly column: number
  readonly message: string
  /** A whole pattern without the fault. */
  readonly suggestion?: string
}

/** For whoever tests or explains a pattern on records of CloudTrail. */
export function fieldWarnings(text: string): readonly FieldWarning[] {
  return lint(text).findings.flatMap(({ rule, column, message, suggestion }) =>
    rule === 'field-name' || rule === 'unknown-field'
      ? [{ column, message, ...(suggestion === undefined ? {} : { suggestion }) }]
      : [],
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
    const held = files.bytes(path)
    const bytes = raw ? held : inUtf8(held, () => progress.note(`${name} is read as UTF-16`))
    try {
      for await (const batch of fileMessages(bytes, { path: name, raw })) {
        signal.throwIfAborted()
        yield raw ? batch : (documentsIn(batch) ?? batch).flatMap(open)
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

/** The same text in UTF-8; `utf16` is called where a byte order mark says that it was UTF-16. */
async function* inUtf8(bytes: AsyncIterable<Uint8Array>, utf16: () => void): AsyncGenerator<Uint8Array> {
  let decoder: InstanceType<typeof TextDecoder> | undefined
  let first = true
  for await (const chunk of bytes) {
    if (first) decoder = utf16Decoder(chunk)
    if (first && decoder !== undefined) utf16()
    first = false
    yield decoder === undefined ? chunk : Buffer.from(decoder.decode(chunk, { stream: true }))
  }
}

function utf16Decoder([first, second]: Uint8Array): InstanceType<typeof TextDecoder> | undefined {
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le')
  return first === 0xfe && second === 0xff ? new TextDecoder('utf-16be') : undefined
}

/** Objects printed over several lines each, one behind the other, out of their lines; undefined for anything else. */
function documentsIn(lines: readonly string[]): readonly string[] | undefined {
  const [first = ''] = lines
  if (lines.length < 2 || !first.startsWith('{') || isJson(first)) return undefined
  const documents = lines.join('\n').split(/\n(?=\{)/)
  return documents.every(isJson) ? documents.map(compact) : undefined
}

function isOfZlib(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_')
}
