/** Every command of README and docs, in order, page by page, each page in a fresh account and folder. */

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { detectionById } from '../../src/detections/select.ts'
import { SANDBOX_EVENTS_KEY, SANDBOX_INTEGRATION_KEY, SANDBOX_ROUTING_KEY } from '../../src/sandbox/pagerduty/state.ts'
import { shellWords } from '../options/reading.ts'
import { runTool } from '../support/tool.ts'
import { commandsOf, type Written } from './commands.ts'

const PAGES = [
  'README.md',
  ...readdirSync('docs').flatMap((name) => (name.endsWith('.md') ? [join('docs', name)] : [])),
]

const TIME = { timeout: 180_000 }
const FOLDER = join(tmpdir(), 'cloudtrail-pd-docs-')

interface Elsewhere {
  readonly page: string
  /** How the command begins. */
  readonly command: string
  /** Why it is not run here. */
  readonly reason: string
  /** The test that runs it. */
  readonly test?: string
}

/** Commands of the tool that need more than the sandbox, or a shell. */
const ELSEWHERE: readonly Elsewhere[] = [
  {
    page: 'docs/acceptance.md',
    command: 'npx cloudtrail-pd export --format iam-policy --command "$command"',
    reason: 'in a loop of the shell',
    test: 'test/accept/process.test.ts',
  },
  {
    page: 'docs/backtest.md',
    command: 'npx cloudtrail-pd backtest --engine athena --result',
    reason: 'needs the answer of Athena',
    test: 'test/commands/backtest/backtest.test.ts',
  },
  {
    page: 'docs/drill.md',
    command: 'npx --yes cloudtrail-pd test --yes --json | tee',
    reason: 'a workflow',
    test: 'test/package/commands.test.ts',
  },
  {
    page: 'docs/emulators.md',
    command: 'npx cloudtrail-pd',
    reason: 'needs an emulator',
    test: 'test/emulators/scenarios.test.ts',
  },
  {
    page: 'docs/patterns.md',
    command: 'aws logs tail',
    reason: 'needs an account',
    test: 'test/commands/pattern/wrapped.test.ts',
  },
  {
    page: 'docs/scheduled.md',
    command: 'npx cloudtrail-pd doctor $known',
    reason: 'a workflow',
    test: 'test/watching/scheduled.test.ts',
  },
  {
    page: 'docs/scheduled.md',
    command: '17 6 * * * out=$(npx cloudtrail-pd doctor',
    reason: 'a line of cron',
    test: 'test/watching/scheduled.test.ts',
  },
]

/** Other programs that a page tells its reader to run, by the first word, and why they are not run here. */
const OTHER_PROGRAMS: Readonly<Record<string, string>> = {
  npm: 'the tests themselves, and the acceptance run',
  aws: 'needs an account',
  terraform: 'needs an account; test/emulators/terraform.test.ts applies what is exported',
  cat: 'shows a file of the page',
  'CLOUDTRAIL_PD_INTEGRATION_URL="$INTEGRATION_URL"':
    'the exported script needs an account; test/emulators/shell-script.test.ts runs it',
  git: 'clones a repository',
  for: 'a loop of the shell',
  done: 'a loop of the shell',
  python3: 'installs emulators',
  '/tmp/emulators/bin/pip': 'installs emulators',
  '/tmp/emulators/bin/moto_server': 'an emulator',
  'GATEWAY_PORT=4566': 'an emulator',
  '/tmp/emulators/bin/aws': 'asks an emulator',
}

/** Answers that a page makes up, because the real one is about its reader's own events. */
const MADE_UP: readonly Elsewhere[] = [
  {
    page: 'docs/backtest.md',
    command: 'npx cloudtrail-pd backtest --files AWSLogs --since',
    reason: 'counts the events of an account in use',
    test: 'test/commands/backtest/backtest.test.ts',
  },
]

interface Setting {
  /** What has been run when a reader comes to this page. */
  readonly before?: readonly string[]
  /** Where the page says in a sentence how a command ends. */
  readonly exits?: readonly { readonly command: string; readonly exit: number; readonly sentence: string }[]
  /** By path; a file that a command writes is there for the next. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>
  /** Headings whose commands are one choice of several: what is there is another account. */
  readonly alternatives?: readonly string[]
}

const denied = detectionById('unauthorized-api-calls').ownEvents[0]
const events = gzipSync(
  JSON.stringify({
    Records: [1, 2, 3].map((day) => ({ ...denied, eventTime: `2026-01-0${day}T10:00:00Z`, eventID: `event-${day}` })),
  }),
)

const SETTINGS: Readonly<Record<string, Setting>> = {
  'docs/backtest.md': { files: { AWSLogs: events } },
  'docs/scheduled.md': { before: ['npx cloudtrail-pd init'] },
  'docs/getting-started.md': {
    alternatives: [
      'A service',
      'A global orchestration',
      'A service orchestration',
      'Service event rules',
      'A global ruleset',
      'Accounts in the EU',
    ],
  },
  'docs/patterns.md': {
    exits: [{ command: 'npx cloudtrail-pd pattern lint', exit: 4, sentence: 'Exit 4 when a finding fails.' }],
    files: {
      'denied.json': JSON.stringify({ eventName: 'CreateUser', errorCode: 'AccessDenied', userIdentity: {} }),
      '123456789012_CloudTrail_*.json.gz': events,
    },
  },
}

describe.each(PAGES)('%s', (page) => {
  const text = readFileSync(page, 'utf8')
  const { files = {}, alternatives = [], before = [], exits = [] } = SETTINGS[page] ?? {}
  const commands = commandsOf(text)
    .filter((command) => !isElsewhere(page, command))
    .map((command) => ({ ...command, ...exits.find((one) => command.text.startsWith(one.command)) }))

  it.each(exits)('says how $command ends', ({ sentence }) => expect(text).toContain(sentence))

  it.runIf(commands.length > 0)('offers commands that run in its order, and end as it says', TIME, async () => {
    const whole = openReader(files)
    const readers = new Map(alternatives.map((heading) => [heading, openReader(files)]))
    try {
      for (const line of before) await whole.does(`before ${page}`, { ...NOTHING_SHOWN, text: line })
      for (const command of commands) await (readers.get(command.heading) ?? whole).does(page, command)
    } finally {
      for (const reader of [whole, ...readers.values()]) reader.leaves()
    }
  })
})

/** What a sentence writes for the reader's own. */
const OWN_WORDS: Readonly<Record<string, string>> = {
  ID: 'root-account-usage',
  ALARM: 'cloudtrail-pd-root-account-usage-123456789012-us-east-1',
  PATTERN: '{ $.eventName = "DeleteTrail" }',
  FILE: 'event.json',
  CHECK: 'alarm.ok-action',
  TOPIC: 'report',
}

/** Once each, whatever page it is on. */
function inSentences(): readonly string[] {
  const found = PAGES.flatMap((page) => [...readFileSync(page, 'utf8').matchAll(/`npx cloudtrail-pd ([^`\n]+)`/g)])
  return [...new Set(found.map(([, tail = '']) => tail))]
}

describe('a command that a sentence offers', () => {
  it.each(inSentences())('has all that it needs to run: %s', TIME, async (tail) => {
    const [words] = argumentsOf(tail)
    const args = approved(words.map((word) => OWN_WORDS[word] ?? word))
    const files = { 'event.json': JSON.stringify({ eventName: 'DeleteTrail' }) }
    const folder = mkdtempSync(FOLDER)
    const asReader = {
      env: { ...sandboxIn(folder), CLOUDTRAIL_PD_INTEGRATION_KEY: SANDBOX_INTEGRATION_KEY },
      files,
      clock: FAST,
    }
    await runTool(['init', '--drill', '--yes'], asReader)
    const { exit, stderr } = await runTool(args, { ...asReader, clock: NEXT_DAY })
    rmSync(folder, { recursive: true, force: true })
    expect(exit, stderr).not.toBe(2)
  })
})

const NOTHING_SHOWN = { heading: '', line: 0, shown: [], exit: 0 }

describe('what is not run here', () => {
  it.each([...ELSEWHERE, ...MADE_UP])('is on $page, and in the test that it names: $command', (entry) => {
    const texts = commandsOf(readFileSync(entry.page, 'utf8')).map(({ text }) => text)
    expect(texts.some((text) => text.startsWith(entry.command))).toBe(true)
    if (entry.test !== undefined) expect(existsSync(entry.test), entry.test).toBe(true)
  })
})

function isElsewhere(page: string, { text }: Written): boolean {
  return isOf(ELSEWHERE, page, text) || Object.hasOwn(OTHER_PROGRAMS, text.split(' ')[0] ?? '')
}

function isOf(entries: readonly Elsewhere[], page: string, text: string): boolean {
  return entries.some((one) => one.page === page && text.startsWith(one.command))
}

interface Reader {
  does(page: string, command: Written): Promise<void>
  leaves(): void
}

/** Somebody in an empty folder, with a new account in the sandbox, who answers yes. */
function openReader(files: Readonly<Record<string, string | Uint8Array>>): Reader {
  const folder = mkdtempSync(FOLDER)
  const held = { ...files }
  const env: Record<string, string> = { CLOUDTRAIL_PD_INTEGRATION_KEY: '', ...sandboxIn(folder) }
  return {
    async does(page, { line, text, shown, exit }) {
      const where = `${page}:${line}: ${text}`
      const [, exported] = /^export (.*)$/.exec(text) ?? []
      if (exported !== undefined) {
        for (const word of exported.split(' '))
          env[word.slice(0, word.indexOf('='))] = word.slice(word.indexOf('=') + 1)
        return
      }
      const [, tail] = /^npx (?:--yes )?cloudtrail-pd (.*)$/.exec(text) ?? []
      if (tail === undefined) throw new Error(`${where}\nis neither a command of the tool nor in a table of this test`)
      const [args, output] = argumentsOf(tail)
      // Behind a pipe the shell ends as the last program does, whatever doctor found.
      const ends = text.includes(' | ') ? [exit, 4] : [exit]
      const found = await runTool(approved(args), { env: withKeys(env, args), files: held, clock: FAST })
      expect(ends, `${where}\n${found.stdout}${found.stderr}`).toContain(found.exit)
      if (output !== undefined) held[output] = found.stdout
      if (!isOf(MADE_UP, page, text)) expect(missing(shown, `${found.stderr}${found.stdout}`), where).toEqual([])
    },
    leaves: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function sandboxIn(folder: string): Readonly<Record<string, string>> {
  return { CLOUDTRAIL_PD_SANDBOX: '1', CLOUDTRAIL_PD_SANDBOX_FILE: join(folder, 'box.json') }
}

/** Twenty times as fast as the sandbox is anyway: all pages together take half a minute. */
const FAST = { now: () => new Date(), sleep: (milliseconds: number) => setTimeout(milliseconds / 20) }

/** By then every event has reached the event history. */
const NEXT_DAY = { ...FAST, now: () => new Date(Date.now() + 24 * 60 * 60_000) }

/** The words of a command, and the file that its output goes to. What comes behind a pipe gets it too. */
function argumentsOf(tail: string): readonly [readonly string[], string | undefined] {
  const words = shellWords(tail)
  const end = words.findIndex((word) => ['|', '||', '&&', ';'].includes(word))
  const own = end < 0 ? words : words.slice(0, end)
  const into = own.indexOf('>')
  return into < 0 ? [own, undefined] : [own.slice(0, into), own[into + 1]]
}

/** A page tells its reader to run a command, and the command asks. */
function approved(args: readonly string[]): readonly string[] {
  const asks = ['init', 'test', 'destroy'].includes(args[0] ?? '') || args.includes('--fix')
  const settled = ['--yes', '-y', '--dry-run'].some((flag) => args.includes(flag)) || args[1]?.includes('{')
  return asks && !settled ? [...args, '--yes'] : args
}

/** The keys that a page writes down stand for those of the sandbox. */
function withKeys(env: Readonly<Record<string, string>>, args: readonly string[]): Record<string, string> {
  const own = args.includes('service-orchestration') ? SANDBOX_EVENTS_KEY : SANDBOX_INTEGRATION_KEY
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      value
        .replace('0123456789abcdef0123456789abcdef', own)
        .replace('R0123456789ABCDEFGHIJKLMNOPQRSTU', SANDBOX_ROUTING_KEY),
    ]),
  )
}

/** Lines of a page that the answer does not have, in this order. */
function missing(shown: readonly string[], answer: string): readonly string[] {
  const lines = answer.split('\n').map((line) => line.trimEnd())
  let from = 0
  return shown.filter((line) => {
    const at = lines.indexOf(line.trimEnd(), from)
    if (at >= 0) from = at + 1
    return at < 0
  })
}
