/** Runs the tool in this process against an embedded AWS and PagerDuty, and gives what a person or a script would see. */

import { Readable, Writable } from 'node:stream'
import type { AwsBackend } from '../../src/aws/backend.ts'
import { run } from '../../src/cli/main.ts'
import type { Clock, Env, Files } from '../../src/ports.ts'
import { openPagerDutySandbox } from '../../src/sandbox/pagerduty/server.ts'
import { SANDBOX_INTEGRATION_KEY, SANDBOX_TOKEN } from '../../src/sandbox/pagerduty/state.ts'
import { openSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts'
import { heldClock } from './held-clock.ts'

export const KEY = SANDBOX_INTEGRATION_KEY

export interface Result {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
  /** stdout as JSON; throws when it is not one document. */
  json(): Record<string, never>
}

export interface RunOptions {
  readonly env?: Env
  /** By path, `-` for standard input; bytes where text would not do. */
  readonly files?: Record<string, string | Uint8Array>
  /** Called with a function that sends SIGINT, before the run begins. */
  readonly interrupt?: (send: () => void) => void
  /** In place of the account's own. */
  readonly backend?: AwsBackend
  /** Of both streams; one that says nothing has 80. */
  readonly columns?: number
  /** Both streams are a terminal's; nobody is at the keyboard. */
  readonly terminal?: boolean
}

export interface Account {
  readonly sandbox: Sandbox
  readonly pagerDuty: Awaited<ReturnType<typeof openPagerDutySandbox>>
  run(args: readonly string[], options?: RunOptions): Promise<Result>
  /** The same with a token, and with PagerDuty's hosts replaced by this account's; without an integration key. */
  runWithToken(args: readonly string[], options?: RunOptions): Promise<Result>
  /** The calls since the last look that change something. */
  writes(): readonly string[]
  /** All calls since the last look. */
  calls(): Sandbox['calls']
  close(): Promise<void>
}

/** A fresh account whose clock does not wait; PagerDuty takes what SNS delivers. */
export async function anAccount(options: SandboxOptions = {}): Promise<Account> {
  let sandbox: Sandbox | undefined
  const pagerDuty = await openPagerDutySandbox({ clock: { now: () => sandbox?.clock.now() ?? new Date(0) } })
  const opened = await openSandbox({
    speed: 'instant',
    clock: heldClock(),
    eventsUrl: async () => pagerDuty.eventsUrl,
    ...options,
  })
  sandbox = opened
  let seen = 0
  const calls = () => {
    const fresh = opened.calls.slice(seen)
    seen = opened.calls.length
    return fresh
  }
  const run: Account['run'] = (args, more = {}) =>
    runTool(args, { backend: opened.backend, clock: opened.clock, ...more })
  const withToken = {
    CLOUDTRAIL_PD_INTEGRATION_KEY: '',
    CLOUDTRAIL_PD_API_URL: pagerDuty.apiUrl,
    PAGERDUTY_TOKEN: SANDBOX_TOKEN,
  }
  return {
    sandbox: opened,
    pagerDuty,
    run,
    runWithToken: (args, more = {}) => run(args, { ...more, env: { ...withToken, ...more.env } }),
    calls,
    writes: () =>
      calls()
        .filter(({ readOnly }) => !readOnly)
        .map(({ service, operation }) => `${service}:${operation}`),
    async close() {
      await opened.close()
      await pagerDuty.close()
    },
  }
}

export interface ToolHost extends RunOptions {
  readonly clock?: Clock
  /** Gets what would otherwise be collected as the result's `stdout`. */
  readonly stdout?: Writable
}

export async function runTool(args: readonly string[], platform: ToolHost): Promise<Result> {
  const stdout = collector(platform)
  const stderr = collector(platform)
  const listeners = new Set<() => void>()
  platform.interrupt?.(() => {
    for (const listener of listeners) listener()
  })
  const exit = await run(args, {
    stdin: Object.assign(Readable.from([]), { isTTY: false }),
    stdout: platform.stdout ?? stdout.stream,
    stderr: stderr.stream,
    env: { AWS_REGION: 'us-east-1', CLOUDTRAIL_PD_INTEGRATION_KEY: KEY, ...platform.env },
    clock: platform.clock ?? { now: () => new Date(), sleep: async () => {} },
    files: filesFrom(platform.files ?? {}),
    onInterrupt(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    exit: () => {},
    backend: platform.backend,
  })
  return {
    exit,
    stdout: stdout.text(),
    stderr: stderr.text(),
    json: () => JSON.parse(stdout.text()),
  }
}

function filesFrom(files: Record<string, string | Uint8Array>): Files {
  const held = (path: string): Buffer => {
    const content = files[path]
    if (content === undefined) throw Object.assign(new Error(`no such file: ${path}`), { code: 'ENOENT' })
    return Buffer.from(content)
  }
  return {
    async read(path) {
      return held(path).toString('utf8')
    },
    async *bytes(path) {
      // In pieces, as a stream gives them: a letter or a line may be cut anywhere.
      const bytes = held(path)
      for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE)
    },
    readableByOthers: async (path) => path.startsWith('/shared/'),
    async toReplace(path) {
      if (path.startsWith('/nosuch/')) throw Object.assign(new Error('no such folder'), { code: 'ENOENT' })
      return String(files[path] ?? '').slice(0, 64)
    },
    async write(path, text) {
      if (path.startsWith('/full/')) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
      files[path] = [...text].join('')
    },
    async append(path, text) {
      files[path] = `${files[path] ?? ''}${text}`
    },
  }
}

const PIECE = 1021

function collector({ columns, terminal }: RunOptions): { readonly stream: Writable; text(): string } {
  const chunks: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk))
      done()
    },
  })
  return { stream: Object.assign(stream, { columns, isTTY: terminal }), text: () => chunks.join('') }
}
