/** The built tool in a pseudo-terminal, of 80 columns unless said otherwise: a person at a keyboard, as far as it can tell. */

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { spawn } from '@lydell/node-pty'
import { builtTool } from '../package/built.ts'
import { openScreen, type Screen } from './pty-screen.ts'

export interface Size {
  readonly columns: number
  readonly rows: number
}

const SIZE: Size = { columns: 80, rows: 40 }
const PATIENCE_MS = 20_000
const QUIET_MS = 400
const SAMPLE_MS = 15

/**
 * node-pty drops what it has not read 200 ms after a program has ended, so a shell holds the terminal open behind it, says
 * how it ended, and is killed once that was read. Ctrl-C reaches the shell too.
 */
const HOLD = `trap : INT; "$@"; printf '\\033]ended;%s\\007' $?; exec sleep 60`
// biome-ignore lint/suspicious/noControlCharactersInRegex: the sequence that the shell writes.
const ENDED = /\u001b\]ended;(\d+)\u0007/
/** The beginning of that sequence, at the end of what has come so far. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const ENDING = /\u001b(?:\](?:e(?:n(?:d(?:e(?:d(?:;\d*)?)?)?)?)?)?)?$/

/** Where a line is typed with `--plain`: nothing comes behind it. */
const PLACE_TO_TYPE = /[:?)\]] $/

export interface Session {
  /** Types, once the screen shows `text` in what came since the last answer. */
  answer(text: string, keys: string): Promise<void>
  /** What the screen shows once it shows `text` in what came since the last answer. */
  shown(text: string): Promise<string>
  /**
   * What the screen shows once something has come since the last answer and the program has nothing more to do; undefined
   * when it has ended. A program that waits for its turn on a busy machine has something to do.
   */
  settled(): Promise<string | undefined>
  /** Gives the window another width. */
  resize(columns: number): void
  end(): Promise<{
    readonly exit: number
    readonly screen: Screen
    readonly text: string
    /** Every byte that reached the terminal. */
    readonly raw: string
    /** Names in the sandbox's account. */
    readonly made: readonly string[]
  }>
}

export async function inTerminal(
  args: readonly string[],
  env: Record<string, string> = {},
  size: Size = SIZE,
): Promise<Session> {
  return runInTerminal([await builtTool(), ...args], env, size)
}

/** The same with any arguments of Node. */
export async function runInTerminal(
  line: readonly string[],
  env: Record<string, string> = {},
  size: Size = SIZE,
): Promise<Session> {
  const folder = mkdtempSync(join(tmpdir(), 'cloudtrail-pd-pty-'))
  const box = join(folder, 'box.json')
  const { PATH = '' } = process.env
  const base = { PATH, HOME: folder, LANG: 'C.UTF-8', TERM: 'xterm-256color', CLOUDTRAIL_PD_SANDBOX_FILE: box }
  const pty = spawn('/bin/sh', ['-c', HOLD, 'sh', process.execPath, ...line], {
    cols: size.columns,
    rows: size.rows,
    cwd: folder,
    env: { ...base, ...env },
  })
  const screen = openScreen(size.columns)
  let raw = ''
  let read = 0
  let held = ''
  const ended = new Promise<number>((resolve) => {
    pty.onData((data) => {
      const [text = '', code] = (held + data).split(ENDED)
      held = ENDING.exec(text)?.[0] ?? ''
      const seen = text.slice(0, text.length - held.length)
      raw += seen
      screen.write(seen)
      if (code === undefined) return
      resolve(Number(code))
      pty.kill('SIGKILL')
    })
    pty.onExit(({ exitCode }) => resolve(exitCode))
  })
  const text = () => screen.lines().join('\n')
  const isPlain = line.includes('--plain')
  async function until(wanted: string): Promise<void> {
    const last = Date.now() + PATIENCE_MS
    const stands = (came: string) =>
      came.includes(wanted) && (!isPlain || wanted === '' || PLACE_TO_TYPE.test(came.slice(came.lastIndexOf(wanted))))
    while (!stands(plain(raw.slice(read)))) {
      if (Date.now() > last) throw new Error(`"${wanted}" never came:\n${text()}`)
      await pause(SAMPLE_MS)
    }
  }
  return {
    async answer(wanted, keys) {
      await until(wanted)
      read = raw.length
      pty.write(keys)
    },
    async shown(wanted) {
      await until(wanted)
      // The rest of the frame comes with it.
      await pause(30)
      return text()
    },
    async settled() {
      const last = Date.now() + PATIENCE_MS
      let since = Date.now()
      for (let before = raw.length; Date.now() - since < QUIET_MS; before = raw.length) {
        if (Date.now() > last) throw new Error(`it never came to rest:\n${text()}`)
        if ((await Promise.race([pause(SAMPLE_MS), ended])) !== undefined) return undefined
        if (before !== raw.length || raw.length === read || childrenOf(pty.pid).some(isRunning)) since = Date.now()
      }
      return text()
    },
    resize(columns) {
      read = raw.length
      screen.resize(columns)
      pty.resize(columns, size.rows)
    },
    async end() {
      const timer = setTimeout(() => pty.kill(), PATIENCE_MS)
      const exit = await ended
      clearTimeout(timer)
      const made = madeIn(box)
      rmSync(folder, { recursive: true, force: true })
      return { exit, screen, text: text(), raw, made }
    },
  }
}

function pause(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds))
}

/** Whether one of its threads runs, waits for a processor or for a disk (proc(5), state R or D); false where the system does not tell. */
function isRunning(pid: number): boolean {
  return threadsOf(pid).some((stat) => /^\d+ \(.*\) [RD]/s.test(stat))
}

/** Of the shell: the program. */
function childrenOf(pid: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
  } catch {
    return []
  }
}

/** The state of each thread; one that ends meanwhile has none. */
function threadsOf(pid: number): readonly string[] {
  const threads = `/proc/${pid}/task`
  try {
    return readdirSync(threads).map((thread) => readFileSync(join(threads, thread, 'stat'), 'utf8'))
  } catch {
    return []
  }
}

/** Without what only moves or colours. */
export function plain(raw: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it takes out.
  return raw.replaceAll(/\u001b\[[0-9;?]*[A-Za-z]/g, '')
}

function madeIn(box: string): readonly string[] {
  if (!existsSync(box)) return []
  const state: Record<string, Record<string, unknown>> = JSON.parse(readFileSync(box, 'utf8'))
  return ['topics', 'trails', 'logGroups', 'alarms'].flatMap((kind) => Object.keys(state[kind] ?? {}))
}
