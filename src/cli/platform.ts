/** What a run sees of the machine: streams, environment, time, files and signals; tests hand in their own. */

import type { AwsBackend } from '../aws/backend.ts'
import type { Clock, Env, Files } from '../ports.ts'
import type { OutputStream } from '../ui/output.ts'
import type { InputStream } from '../ui/prompter.ts'

export interface Platform {
  readonly stdin: InputStream
  readonly stdout: OutputStream
  readonly stderr: OutputStream
  readonly env: Env
  readonly clock: Clock
  readonly files: Files
  /** Calls back at each SIGINT or SIGTERM; returns what ends that. */
  onInterrupt(listener: () => void): () => void
  /** Ends the process at once: the second signal. */
  exit(code: number): void
  /** Answers AWS calls in place of the network; for tests. */
  readonly backend?: AwsBackend | undefined
}

/** A host whose output can be waited for. */
export interface ProcessPlatform extends Platform {
  /** Resolves when everything that was written has been handed over. */
  flushed(): Promise<void>
}

/** The host of a real process. Each stream is opened by whoever uses it first: most runs do without one of them. */
export function processPlatform(running: NodeJS.Process): ProcessPlatform {
  const { env } = running
  const opened = new Set<OutputStream>()
  const open = (stream: OutputStream) => {
    // A reader that has gone away (`| head`) ends the output, not the run.
    if (!opened.has(stream)) stream.on('error', passBrokenPipe)
    opened.add(stream)
    return stream
  }
  return {
    get stdin() {
      return running.stdin
    },
    get stdout() {
      return open(running.stdout)
    },
    get stderr() {
      return open(running.stderr)
    },
    async flushed() {
      await Promise.all([...opened].map((stream) => new Promise((done) => stream.write('', done))))
    },
    env,
    clock: wallClock(),
    files: filesOf(() => running.stdin),
    onInterrupt(listener) {
      running.on('SIGINT', listener)
      running.on('SIGTERM', listener)
      return () => {
        running.removeListener('SIGINT', listener)
        running.removeListener('SIGTERM', listener)
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
    write: async (path, text, mode) => (await fs()).writeFile(path, text, { mode: mode ?? 0o644 }),
  }
}

async function* bytesOf(path: string, stdin: () => NodeJS.ReadableStream): AsyncGenerator<Uint8Array> {
  const stream = path === '-' ? stdin() : (await (await import('node:fs/promises')).open(path)).createReadStream()
  // Standard input gives text where somebody set an encoding.
  for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk
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

function passBrokenPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error
}
