import stringWidth from 'string-width'
import { afterAll, describe, expect, it } from 'vitest'
import { pageLines } from '../../src/cli/program.ts'
import { TOPICS } from '../../src/cli/topics.ts'
import { detectionById } from '../../src/detections/select.ts'
import { organizationBackend } from '../../src/sandbox/organization.ts'
import { SANDBOX_TOKEN } from '../../src/sandbox/pagerduty/state.ts'
import { type Account, anAccount, type Result, type RunOptions, runTool } from '../support/tool.ts'

const WIDTHS = [40, 60, 80, 120, 200]
const WIDE_NAME = 'Sicherheitsabteilung 日本語のサービス名 é̂ for all accounts of the company'
const ALARM = 'cloudtrail-pd-root-account-usage-123456789012-us-east-1'
const HERE = '123456789012'

const opened: Account[] = []
afterAll(() => Promise.all(opened.map((one) => one.close())))

async function open(options: Parameters<typeof anAccount>[0] = {}): Promise<Account> {
  const account = await anAccount(options)
  opened.push(account)
  return account
}

/** What stands before something to paste. */
const LABEL = /^\s*(?:[✔✖!◌=+~-] )?(?:(?:Next|seen|fix|look|write|quieter:|saved|Example:|column \d+|#) +)?/u

/** To be pasted or opened as a whole: a command, a part of one, an address, an ARN, a pattern, or one word that is long by itself. */
function isWhole(line: string): boolean {
  const rest = line.replace(LABEL, '')
  return /^(?:\| npx|npx|aws|--[a-z]|https:|arn:|\{|\[|%)/.test(rest) || !/\s/.test(rest.trim())
}

/** Lines that a terminal of this width would break in a word. */
function tooWide({ stdout, stderr }: Result, columns: number): readonly string[] {
  const lines = `${stdout}\n${stderr}`.split('\n')
  return lines.filter((line) => stringWidth(line) > columns && !isWhole(line))
}

const SELECTION = ['--detections', 'root-account-usage,cloudtrail-config-changes,trail-stopped-or-blinded', '--drill']
const WATCHED = [
  '--heartbeat',
  '60',
  '--dead-letter-queue',
  '--fallback-email',
  'security-team@example.com',
  '--dashboard',
]

interface Scene {
  readonly name: string
  play(columns: number): Promise<readonly Result[]>
}

const SCENES: readonly Scene[] = [
  {
    name: 'a chain from its plan to its end',
    async play(columns) {
      const aws = await open()
      const results: Result[] = []
      const run = async (line: string, ...more: readonly string[]) => {
        results.push(await aws.run([...line.split(' '), ...more], { columns }))
      }
      await run('init --dry-run')
      await run('init --dry-run --detail', ...WATCHED)
      await run('init --yes', ...SELECTION, ...WATCHED)
      await run('init --yes', ...SELECTION)
      await run('init --dry-run --hold 60', ...SELECTION)
      await run('init --dry-run --detail --hold 60', ...SELECTION)
      await run('doctor')
      await run('test --yes')
      await run('test --yes --alarm', ALARM)
      await run('events', ALARM)
      await run('events --since 2h', ALARM)
      await run('destroy --dry-run')
      for (const alarm of Object.values(aws.sandbox.state.alarms)) Object.assign(alarm, { okActions: [] })
      for (const topic of Object.values(aws.sandbox.state.topics)) Object.assign(topic.attributes, { Policy: '{}' })
      await run('doctor')
      await run('doctor --fix --yes')
      await run('destroy --yes')
      await run('destroy --yes')
      await run('doctor')
      return results
    },
  },
  {
    name: 'every detection there is',
    async play(columns) {
      const aws = await open()
      return [
        await aws.run(['init', '--yes', '--detections', 'all', '--variant', 'both'], { columns }),
        await aws.run(['doctor'], { columns }),
        await aws.run(['init', '--yes', '--detections', 'cis-1.4'], { columns }),
      ]
    },
  },
  {
    name: 'a service with wide and combining letters in its name',
    async play(columns) {
      const aws = await open()
      const service = aws.pagerDuty.state.services.find(({ id }) => id === 'PSECURE')
      Object.assign(service ?? {}, { name: WIDE_NAME })
      const lines = [
        ['init', '--yes', '--pagerduty-service', 'PSECURE', '--create-integration', ...SELECTION],
        ['doctor'],
        ['test', '--yes'],
        ['destroy', '--yes'],
      ]
      const results: Result[] = []
      for (const line of lines) results.push(await aws.runWithToken(line, { columns }))
      return results
    },
  },
  {
    name: 'what does not go well',
    async play(columns) {
      const pending = await open({ confirm: false })
      const aws = await open()
      const results = [
        await pending.run(['init', '--yes', ...SELECTION], { columns }),
        await pending.run(['doctor'], { columns }),
      ]
      await aws.run(['init', '--yes', ...SELECTION])
      const lines = [
        'doctor --alarm nope',
        'test --yes --alarm nope',
        'events nope',
        'events cloudtrail-pd-root-account-usage',
        'init --yes --integration-key 0',
        'init --trail nope --dry-run',
        'init --dry-run --detections nope',
        'init',
        'test',
        'destroy',
        'destroy --delete-logs',
        'doctor --fix',
        'nope',
        'init --nope',
        'detections show root-acount-usage',
        'backtest',
        'backtest --engine athena',
        'pattern test --nope',
        'pattern',
        'help nope',
        'init --yes --topic arn:aws:sns:us-east-1:123456789012:nope',
      ]
      for (const line of lines) results.push(await aws.run(line.split(' '), { columns }))
      results.push(await aws.runWithToken(['init', '--yes', '--pagerduty-service', 'nope'], { columns }))
      results.push(await aws.run(['doctor', '--profile', 'nope'], { columns, env: { PAGERDUTY_TOKEN: SANDBOX_TOKEN } }))
      return results
    },
  },
  {
    name: 'an organization and all regions',
    async play(columns) {
      const [management, own, empty] = [await open(), await open(), await open()]
      management.sandbox.state.organization = {
        id: 'o-a1b2c3d4e5',
        managementAccount: HERE,
        accounts: [HERE, '111122223333', '222233334444', '333344445555'],
        trustedServices: ['cloudtrail.amazonaws.com'],
      }
      await own.run(['init', '--yes', ...SELECTION])
      const backend = organizationBackend(management.sandbox.backend, (account) =>
        account === '111122223333'
          ? own.sandbox.backend
          : account === '222233334444'
            ? empty.sandbox.backend
            : undefined,
      )
      return [
        await management.run(['doctor', '--accounts', 'Audit'], { backend, columns }),
        await own.run(['doctor', '--all-regions'], { columns }),
      ]
    },
  },
  {
    name: 'the catalogue and patterns',
    async play(columns) {
      const pattern = detectionById('console-signin-without-mfa').paging.pattern
      const event = JSON.stringify(detectionById('console-signin-without-mfa').ownEvents[0])
      const held: RunOptions = { columns, files: { '-': event } }
      const lines = [
        ['detections', 'list'],
        ['detections', 'show', 'root-account-usage'],
        ['detections', 'show', 'unauthorized-api-calls'],
        ['detections', 'show', 'console-signin-without-mfa'],
        ['pattern', 'test', pattern, '-'],
        ['pattern', 'test', '{ $.a = ', '-'],
        ['pattern', 'lint', pattern],
        ['pattern', 'lint', '{ ($.eventName = "ConsoleLogin") && ($.a.MFAUsed != "Yes") && ($.日本語.名前 != "値") }'],
        ['pattern', 'lint', '{ $.a = '],
        ['pattern', 'explain', pattern],
        ['pattern', 'explain', pattern, '--event', '-'],
      ]
      return Promise.all(lines.map((line) => runTool(line, held)))
    },
  },
  {
    name: 'past events',
    async play(columns) {
      const denied = detectionById('unauthorized-api-calls').ownEvents[0]
      const root = detectionById('root-account-usage').ownEvents[0]
      const by = (user: string) => ({
        ...denied,
        userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::111122223333:user/${user}` },
      })
      const records = Array.from({ length: 2_000 }, (_, n) => ({
        ...(n % 500 === 0
          ? root
          : by(n % 3 === 0 ? '日本語の名前' : 'a-very-long-name-of-a-user-who-has-no-permissions')),
        eventID: `wide-${n}`,
        eventTime: new Date(Date.UTC(2026, 0, 5) + n * 600_000).toISOString().replace('.000Z', 'Z'),
      }))
      const files = { 'a.json': JSON.stringify({ Records: records }), 'damaged.json': '{"Records": [' }
      const span = ['--since', '2026-01-05', '--until', '2026-01-19']
      return [
        await runTool(['backtest', '--files', 'a.json', 'damaged.json', ...span], { files, columns }),
        await runTool(['backtest', '--files', 'a.json', ...span, '--detections', 'all'], { files, columns }),
        await runTool(['backtest', '--files', 'a.json', ...span, '--filter-pattern', '{ $.eventName = "A" }'], {
          files,
          columns,
        }),
      ]
    },
  },
  {
    name: 'every page of help',
    play: (columns) => Promise.all(pageLines().map((line) => runTool(line.split(' '), { columns }))),
  },
  {
    name: 'every topic of help, but for its code',
    async play(columns) {
      const pages = await Promise.all(Object.keys(TOPICS).map((topic) => runTool(['help', topic], { columns })))
      return pages.map((page) => ({ ...page, stdout: page.stdout.replaceAll(/^```[\s\S]*?^```$/gm, '') }))
    },
  },
]

describe.each(WIDTHS)('in %i columns no word is broken by the terminal', (columns) => {
  it.each(SCENES)(
    '$name',
    async ({ play }) => {
      const results = await play(columns)
      expect(results.flatMap((result) => tooWide(result, columns))).toEqual([])
    },
    60_000,
  )
})
