/** What a run sees of the machine: streams, environment, time, files and signals; tests hand in their own. */

import { writeAtomically } from '../atomic-file.ts'
import type { AwsBackend } from '../aws/backend.ts'
import type { Clock, Env, Files, StartSearch } from '../ports.ts'
import type { OutputStream } from '../ui/output.ts'
import type { InputStream } from '../ui/prompter-options.ts'
import { filesUnder } from './folders.ts'
import { searchThreads } from './search-thread.ts'

export interface Platform {
  readonly stdin: InputStream
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly env: Env
  readonly clock: Clock
  readonly files: Files
  /** Searches the same files on other threads. */
  readonly startSearch?: StartSearch | undefined
  /** Starts those threads ahead of the search where the files at these paths are worth it. */
  readonly expectSearch?: ((paths: readonly string[]) => Promise<void>) | undefined
  /** Calls back at each SIGINT, SIGTERM or SIGHUP; returns what ends that. */
  onInterrupt(listener: (signal?: NodeJS.Signals) => void): () => void
  /** Ends the process at once: the second signal. */
  exit(code: number): void
  /** Answers AWS calls in place of the network; for tests. */
  readonly backend?: AwsBackend | undefined
}

/** A closed terminal or a lost connection (SIGHUP) must leave a report like Ctrl-C does. */
const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** A platform whose output can be waited for. */
export interface ProcessPlatform extends Platform {
  /** Resolves when everything that was written has been handed over, with the error that stdout was lost to. */
  flushed(): Promise<NodeJS.ErrnoException | undefined>
}

/** The host of a real process. Each stream is opened by whoever uses it first: most runs do without one of them. */
export function processPlatform(running: NodeJS.Process): ProcessPlatform {
  const { env } = running
  const threads = searchThreads()
  const opened = new Set<OutputStream>()
  let lost: NodeJS.ErrnoException | undefined
  const open = (stream: OutputStream, onError: (error: NodeJS.ErrnoException) => void) => {
    if (!opened.has(stream)) stream.on('error', onError)
    opened.add(stream)
    return stream
  }
  return {
    get stdin() {
      return running.stdin
    },
    get stdout() {
      return open(running.stdout, (error) => {
        // A reader that has gone away (`| head`) ends the output, not the run.
        if (error.code !== 'EPIPE') lost ??= error
      })
    },
    get stderr() {
      // Progress is never worth a run, whatever befalls its stream.
      return open(running.stderr, () => {})
    },
    async flushed() {
      await Promise.all([...opened].map((stream) => new Promise((done) => stream.write('', done))))
      return lost
    },
    env,
    clock: wallClock(),
    files: filesOf(() => running.stdin),
    startSearch: threads.start,
    expectSearch: threads.expect,
    onInterrupt(listener) {
      for (const signal of INTERRUPTS) running.on(signal, listener)
      return () => {
        for (const signal of INTERRUPTS) running.removeListener(signal, listener)
      }
    },
    exit: (code) => running.exit(code),
  }
}

export function wallClock(): Clock {
  return {
    now: () => new Date(),
    async sleep(milliseconds, signal) {
      const { setTimeout: sleepFor } = await import('node:timers/promises')
      try {
        await sleepFor(milliseconds, undefined, { signal })
      } catch (error) {
        throw signal?.aborted ? signal.reason : error
      }
    },
  }
}

/** The file system, with `-` for standard input. Node's module for it is loaded by whoever needs it: most runs do not. */
export function filesOf(stdin: () => NodeJS.ReadableStream): Files {
  const fs = () => import('node:fs/promises')
  return {
    read: async (path) => (path === '-' ? readAll(stdin()) : decodeText(await (await fs()).readFile(path))),
    bytes: (path) => bytesOf(path, stdin),
    under: (path) => filesUnder(path),
    readableByOthers: async (path) => {
      if (path === '-' || process.platform === 'win32') return undefined
      const found = await (await fs()).stat(path).catch(() => undefined)
      // A pipe, such as a shell's <(command), is not kept.
      return found?.isFile() ? (found.mode & 0o077) !== 0 : undefined
    },
    toReplace: async (path) => toReplace(path, await fs()),
    write: async (path, text, mode) => {
      writeAtomically(path, text, { mode: mode ?? 0o644 })
    },
    append: async (path, text, mode) => (await fs()).appendFile(path, text, { mode: mode ?? 0o644 }),
  }
}

/** What says which kind of text it is. */
const BEGINNING_BYTES = 64

async function toReplace(path: string, { access, constants, open, stat }: typeof import('node:fs/promises')) {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  if (found?.isDirectory()) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' })
  if (found !== undefined && !found.isFile()) return ''
  const { dirname } = await import('node:path')
  await access(dirname(path), constants.W_OK)
  if (found === undefined) return ''
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(BEGINNING_BYTES), 0, BEGINNING_BYTES, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}

/** One read takes a whole file of CloudTrail, as nearly all are. */
const READ_BYTES = 1024 * 1024

async function* bytesOf(path: string, stdin: () => NodeJS.ReadableStream): AsyncGenerator<Uint8Array> {
  if (path !== '-') {
    const file = await (await import('node:fs/promises')).open(path)
    const { size } = await file.stat()
    if (size > 0 && size <= READ_BYTES) {
      try {
        yield await file.readFile()
      } finally {
        await file.close()
      }
      return
    }
    yield* file.createReadStream({ highWaterMark: READ_BYTES })
    return
  }
  // Standard input gives text where somebody set an encoding.
  for await (const chunk of stdin()) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
}

async function readAll(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk))
  return decodeText(Buffer.concat(chunks))
}

/** Text by its byte order mark: PowerShell's `>` writes UTF-16 (field case N31); UTF-8 where there is none. The mark is dropped. */
export function decodeText(bytes: Uint8Array): string {
  const [first, second] = bytes
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
  return new TextDecoder(encoding).decode(bytes)
}
