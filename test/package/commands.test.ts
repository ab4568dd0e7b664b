import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Metafile } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/cli/commands.ts'
import { inTerminal } from '../ui/pty-session.ts'
import { builtMetafile } from './built.ts'
import { openWorkplace, type Workplace } from './workplace.ts'

let built: Metafile
let place: Workplace

/** Damaged behind its header, so that only unpacking finds it out. */
const DAMAGED = Buffer.concat([gzipSync('{"a":1}').subarray(0, 12), Buffer.from('damage')])

beforeAll(async () => {
  built = await builtMetafile()
  place = await openWorkplace()
  const files = {
    'event.json': '{"a":1}',
    'events.json.gz': gzipSync('{"a":1}\n{"a":2}\n'),
    'damaged.json.gz': DAMAGED,
    'trail.json': JSON.stringify({
      Records: [{ eventName: 'StopLogging', eventTime: '2026-01-15T10:00:00Z', eventID: 'a', eventSource: 'x' }],
    }),
    config: `[profile mfa]\nregion = us-east-1\nrole_arn = arn:aws:iam::123456789012:role/a\nmfa_serial = arn:aws:iam::123456789012:mfa/a\nsource_profile = keys\n[profile keys]\naws_access_key_id = a\naws_secret_access_key = b\n`,
    'wrong.yaml': 'hold: 30\nhould: 30\n',
    'broken.yaml': 'hold: [30\n',
  }
  for (const [name, content] of Object.entries(files)) writeFileSync(join(place.folder, name), content)
}, 120_000)

afterAll(() => place.remove())

const ALARM = 'cloudtrail-pd-root-account-usage-123456789012-us-east-1'
const PATTERN = '{ $.a = 1 }'
const LISTED = ['--detections', 'root-account-usage', '--drill']

/** In this order, in one sandbox for texts and one for documents: what is said, what comes of it, and what is in the text that a person gets. */
const RUNS: readonly (readonly [args: readonly string[], exit: number, text: RegExp])[] = [
  [['init', '--sandbox', '--yes', ...LISTED, '--save', 'setup.yaml'], 0, /subscription ✔─ PagerDuty ✔/],
  [['init', '--sandbox', '--yes', '--config', 'setup.yaml', '--dry-run', '--exit-code'], 0, /No changes/],
  [['init', '--sandbox', '--dry-run', '--name', 'two', '--pagerduty-service', 'Security'], 0, /service Security/],
  [['init', '--sandbox', '--dry-run', '--name', 'two', '--kms-key', 'alias/none'], 1, /alias\/none/],
  [['doctor', '--sandbox'], 0, /2 chains/],
  [['doctor', '--sandbox', '--html', 'doctor.html', '--report', 'doctor.md'], 0, /2 chains/],
  [['doctor', '--sandbox', '--accounts', 'Audit'], 0, /Accounts {2}1 covered, 1 not covered, 1 unknown/],
  [['test', '--sandbox', '--yes', '--via', 'alarm-state', '--alarm', ALARM], 0, /resolved/],
  [['test', '--sandbox', '--yes'], 0, /resolved/],
  [['events', ALARM, '--sandbox'], 0, /drill/],
  [['init', '--sandbox', '--dry-run', '--name', 'two', '--detail', '--markdown', 'plan.md'], 0, /threshold: 1/],
  [['export', '--format', 'cloudformation'], 0, /AWS::CloudWatch::Alarm/],
  [['export', '--format', 'terraform', '--from-account', '--sandbox'], 0, /import \{/],
  [['export', '--format', 'cli'], 0, /aws sns create-topic/],
  [['export', '--format', 'iam-policy'], 0, /iam:PassedToService/],
  [
    ['backtest', '--files', 'trail.json', '--since', '2026-01-01', '--until', '2026-02-01', '--html', 'r.html'],
    0,
    /trail/,
  ],
  [['backtest', '--engine', 'athena', '--print'], 0, /FROM cloudtrail_logs/],
  [['completion', 'bash'], 0, /^complete -F /m],
  [['detections', 'list'], 0, /root-account-usage/],
  [['detections', 'show', 'root-account-usage'], 0, /Root account usage/],
  [['pattern', 'test', PATTERN, 'events.json.gz'], 0, /1 of 2 events/],
  [['pattern', 'lint', PATTERN], 0, /No problems found/],
  [['pattern', 'explain', PATTERN, '--event', 'event.json'], 0, /matches/],
  [['destroy', '--sandbox', '--yes', '--delete-trail', '--delete-logs'], 0, /Deleted \d+/],
]

describe('the built package', { timeout: 60_000 }, () => {
  it('is run with every command', () => {
    const run = RUNS.map(([[first, second]]) =>
      Object.keys(COMMANDS).find((n) => n === first || n === `${first} ${second}`),
    )
    expect(new Set(run)).toEqual(new Set(Object.keys(COMMANDS)))
  })

  it.each(RUNS)('answers %j in text', async (args, exit, text) => {
    const ended = await place.run(args, place.recording)
    expect([ended.exit, ended.stderr]).toEqual([exit, expect.not.stringContaining('should not happen')])
    expect(ended.stdout).toMatch(text)
  })

  it.each(RUNS.filter(([[command]]) => command !== 'export'))('answers %j as one JSON document', async (args, exit) => {
    const box = { CLOUDTRAIL_PD_SANDBOX_FILE: join(place.folder, 'another-box.json') }
    const ended = await place.run([...args, '--json'], box)
    expect([ended.exit, ended.stderr]).toEqual([exit, expect.not.stringContaining('should not happen')])
    const { schemaVersion, command } = JSON.parse(ended.stdout)
    expect([schemaVersion, args.join(' ').startsWith(command)]).toEqual([1, true])
  })

  it('keeps the setup in a file that it can read', () => {
    const setup = readFileSync(join(place.folder, 'setup.yaml'), 'utf8')
    expect(setup).toContain('detections:\n  - root-account-usage\n')
  })

  it('unpacks gzip from standard input too', async () => {
    const { exit, stdout } = await place.run(['pattern', 'test', PATTERN, '-', '--json'], {}, gzipSync('{"a":1}'))
    expect([exit, JSON.parse(stdout)]).toMatchObject([0, { results: [{ index: 0, match: true }] }])
  })

  it.each([
    ['the front', ['doktor'], 'unknown-command'],
    ['the front', ['init', '--nonsense'], 'unknown-option'],
    ['the runner', ['init', '--sandbox'], 'missing-options'],
    ['the reader of setup files', ['init', '--sandbox', '--yes', '--config', 'wrong.yaml'], 'setup-file'],
    ['the reader of setup files', ['init', '--sandbox', '--yes', '--config', 'broken.yaml'], 'setup-file'],
    [
      'the client of AWS',
      ['doctor', '--region', 'us-east-1', '--endpoint-url', 'http://127.0.0.1:9'],
      'aws-credentials',
    ],
    ['the client of PagerDuty', ['init', '--sandbox', '--yes', '--pagerduty-service', 'none'], 'pagerduty-no-service'],
    ['the commands of the catalogue', ['detections', 'show', 'none'], 'unknown-detection'],
    ['the commands of patterns', ['pattern', 'test', '{', 'event.json'], 'pattern-refused'],
    ['the commands of patterns', ['pattern', 'test', PATTERN, 'none.json'], 'file-unreadable'],
    ['the commands of patterns', ['pattern', 'test', PATTERN, 'damaged.json.gz'], 'file-damaged'],
  ])('knows the errors of its own that %s throws: %j', async (_, args, code) => {
    const { stdout } = await place.run([...args, '--json'])
    expect(JSON.parse(stdout).error).toMatchObject({ code })
  })
})

describe('the built package on a terminal', { timeout: 60_000 }, () => {
  it.each([
    [['init', '--sandbox', ...LISTED], 'Where should alerts go?'],
    [['init', '--sandbox', ...LISTED, '--plain'], 'Where should alerts go?'],
  ])('asks with %j and knows an interrupt', async (args, question) => {
    const session = await inTerminal(args, place.recording)
    await session.answer(question, '\u0003')
    const { exit, text } = await session.end()
    expect(exit, text).toBe(130)
    expect(text).toContain('interrupted, nothing was changed')
  })

  it.each([[['detections', 'list']], [['pattern', 'lint', PATTERN]], [['pattern', 'lint', PATTERN, '--plain']]])(
    'answers %j',
    async (args) => {
      const { exit, text } = await (await inTerminal(args)).end()
      expect(exit, text).toBe(0)
    },
  )

  it('asks for the code of an MFA device that a profile needs', async () => {
    const box = {
      AWS_CONFIG_FILE: join(place.folder, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(place.folder, 'none'),
    }
    const session = await inTerminal(['doctor', '--profile', 'mfa'], { ...place.recording, ...box })
    await session.answer('Code of the MFA device', '\u0003')
    expect((await session.end()).exit).toBe(130)
  })
})

describe('what the built package loads lazily', { timeout: 60_000 }, () => {
  it('was all loaded by these runs', async () => {
    // A proxy where nobody listens: what is loaded for it is loaded before the first call.
    const proxied = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' }
    await place.run(['doctor'], { ...proxied, HTTPS_PROXY: 'http://127.0.0.1:9', ...place.recording })
    const loaded = place.loaded()
    const lazy = lazyFiles()
    expect(lazy.length).toBeGreaterThan(20)
    expect(lazy.filter((file) => !loaded.has(file))).toEqual([])
  })
})

/** The built files that modules of ours import lazily; what is named but left to another bundle has no file behind it. */
function lazyFiles(): readonly string[] {
  const ours = Object.entries(built.inputs).filter(([module]) => module.startsWith('src/'))
  const lazy = ours.flatMap(([, { imports }]) => imports.filter(({ kind }) => kind === 'dynamic-import'))
  const targets = new Set(lazy.map(({ path }) => path).filter((path) => /^(src|node_modules)\//.test(path)))
  const files = Object.entries(built.outputs).filter(([, { entryPoint = '' }]) => targets.has(entryPoint))
  return files.map(([file]) => file.replace(/^dist\//, ''))
}
