import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { EVERY_QUESTION } from '../ui/every-question.ts'
import { runInTerminal, type Session } from '../ui/pty-session.ts'

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const SOURCE = ['--import', TSX, '--no-warnings', join(import.meta.dirname, '..', '..', 'scripts', 'dev.js')]
const LIMIT_MS = 30_000

let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudtrail-pd-process-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function environment(): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env
  return { PATH, HOME, TERM: 'xterm-256color', CLOUDTRAIL_PD_SANDBOX_FILE: join(folder, 'box.json') }
}

/** The program in a pseudo-terminal: a real one as far as the program can tell. */
function inTerminal(args: readonly string[], env: Record<string, string> = {}): Promise<Session> {
  return runInTerminal([...SOURCE, ...args], { ...environment(), ...env }, { columns: 80, rows: 30 })
}

/** The program with pipes. */
function withPipes(args: readonly string[]) {
  const child = spawn(process.execPath, [...SOURCE, ...args], { env: environment(), stdio: ['ignore', 'pipe', 'pipe'] })
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  return { child, stderr: () => stderr, ended }
}

function madeInSandbox(): readonly string[] {
  const file = join(folder, 'box.json')
  if (!existsSync(file)) return []
  const { topics, trails, alarms } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Record<string, unknown>>
  return [topics, trails, alarms].flatMap((kind) => Object.keys(kind ?? {}))
}

describe('the wizard in a terminal', () => {
  it(
    'ends with a confirmed chain when all that is said is yes to the plan',
    async () => {
      const terminal = await inTerminal(['init', '--sandbox'])
      for (const question of EVERY_QUESTION) await terminal.answer(question, '\r')
      await terminal.answer('Go ahead?', '\u001b[B\r')
      const { exit, text } = await terminal.end()
      expect(text).toContain('Alerts now take this path:')
      expect(text).toMatch(/subscription ✔─ PagerDuty ✔/)
      expect(exit).toBe(0)
    },
    LIMIT_MS,
  )

  it(
    'changes nothing when the plan is declined',
    async () => {
      const terminal = await inTerminal([
        'init',
        '--sandbox',
        '--pagerduty-service',
        'Security',
        '--detections',
        'root-account-usage',
        '--hold',
        '30',
        '--no-heartbeat',
      ])
      await terminal.answer('Go ahead?', '\r')
      expect(await terminal.end()).toMatchObject({ exit: 1 })
      expect(madeInSandbox()).toEqual([])
    },
    LIMIT_MS,
  )

  it.each([
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])(
    'C63 creates nothing when %s is pressed at a prompt',
    async (_, key) => {
      const terminal = await inTerminal(['init', '--sandbox'])
      await terminal.answer('Where should alerts go?', key)
      const { exit, text } = await terminal.end()
      expect(exit).toBe(130)
      expect(text).toContain('interrupted, nothing was changed')
      expect(madeInSandbox()).toEqual([])
    },
    LIMIT_MS,
  )

  it(
    'asks line by line and moves no cursor with --plain',
    async () => {
      const terminal = await inTerminal(
        [
          'init',
          '--sandbox',
          '--plain',
          ...['--pagerduty-service', 'Security', '--detections', 'root-account-usage', '--no-heartbeat'],
        ],
        {
          NO_COLOR: '1',
        },
      )
      await terminal.answer('When does an incident resolve?', '\r')
      await terminal.answer('Go ahead?', '1\r')
      const { exit, raw } = await terminal.end()
      expect(exit).toBe(1)
      expect(raw).not.toContain('\u001b')
    },
    LIMIT_MS,
  )
})

describe('the process', () => {
  it(
    'ends quietly when its reader goes away',
    async () => {
      const { child, stderr, ended } = withPipes(['detections', 'list'])
      child.stdout.destroy()
      expect(await ended).toBe(0)
      expect(stderr()).toBe('')
    },
    LIMIT_MS,
  )

  it(
    'C62 is told what is missing where there is no terminal',
    async () => {
      const { stderr, ended } = withPipes(['init', '--sandbox'])
      expect(await ended).toBe(2)
      expect(stderr()).toContain('--yes')
      expect(madeInSandbox()).toEqual([])
    },
    LIMIT_MS,
  )
})
