/** Runs the built tool as a user does, as a process with pipes, and lets it end a call that a signal finds in flight. */

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import type { Env } from '../src/ports.ts'
import type { ToolCall } from './evidence.ts'

export interface Ran {
  readonly exit: number
  readonly stdout: string
  readonly calls: readonly ToolCall[]
}

export interface Tool {
  /** Runs one command line; an abort is passed on as SIGINT, and the tool's own report awaited. */
  run(args: readonly string[], env: Env, signal: AbortSignal | undefined): Promise<Ran>
}

/** As `--verbose` writes a call. */
const CALL = /^([\w ]+:\w+) \d+ ms, attempt \d+, (\w+)$/

/** The call of a line of `--verbose`; undefined for any other line. */
export function callIn(line: string, at: number | undefined): ToolCall | undefined {
  const [, call, outcome] = CALL.exec(line) ?? []
  return call === undefined || outcome === undefined ? undefined : { call, outcome, at }
}

/** `program` is the path of the executable; `heard` gets what the tool says to a person, line by line. */
export function builtTool(program: string, env: Env, heard: (line: string) => void): Tool {
  return {
    async run(args, more, signal) {
      // Apart from the terminal's group: its Ctrl-C reaches this run alone, which decides what becomes of the tool.
      const child = spawn(process.execPath, [program, ...args], {
        env: { ...env, ...more },
        stdio: ['ignore', 'pipe', 'pipe'],
        detached: true,
      })
      const stop = () => child.kill('SIGINT')
      signal?.addEventListener('abort', stop, { once: true })
      if (signal?.aborted) stop()
      running.add(child)
      try {
        const calls: ToolCall[] = []
        const lines = createInterface({ input: child.stderr })
        lines.on('line', (line) => {
          const call = callIn(line, Date.now())
          if (call === undefined) heard(line)
          else calls.push(call)
        })
        const [stdout, [exit]] = await Promise.all([text(child.stdout), once(child, 'close')])
        return { exit: exit ?? 130, stdout, calls }
      } finally {
        running.delete(child)
        signal?.removeEventListener('abort', stop)
      }
    },
  }
}

const running = new Set<ChildProcess>()

/** Ends whatever command is running, unfinished: for whoever will not wait. */
export function killRunning(): void {
  for (const child of running) child.kill('SIGKILL')
}
