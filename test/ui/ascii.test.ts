import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { pageLines, parseCommandLine } from '../../src/cli/program.ts'
import { detectionById } from '../../src/detections/select.ts'
import { inAscii, jsonInAscii } from '../../src/ui/clean.ts'
import { anAccount, runTool } from '../support/tool.ts'

const env = { TERM: 'linux', LC_ALL: 'C' }
const FOREIGN = /[^\n\x20-\x7e]+/g

const account = await anAccount()
afterAll(account.close)

const ALARM = 'cloudtrail-pd-root-account-usage-123456789012-us-east-1'

describe('a terminal without Unicode gets ASCII alone, on both streams', () => {
  it.each([
    ['init --dry-run --detail'],
    ['doctor'],
    ['init --yes --detections recommended --drill'],
    ['init --yes'],
    ['init --yes --detections recommended --set root-account-usage.threshold=3 --dry-run --detail'],
    ['init --yes --set root-account-usage.threshold=3 --dry-run --json'],
    ['init --yes --integration-key 0 --verbose'],
    ['doctor'],
    ['doctor --json'],
    ['test --yes'],
    [`test --yes --alarm ${ALARM}`],
    [`events ${ALARM}`],
    ['detections list'],
    ['detections show root-account-usage'],
    ['detections show console-signin-without-mfa'],
    ['events nope'],
    ['test --yes --alarm nope'],
    ['doctor --alarm nope'],
    ['init --dry-run --hold 60 --detail'],
    ['init --dry-run --heartbeat --dead-letter-queue --fallback-email ops@example.com --dashboard --detail'],
    ['destroy --dry-run'],
    ['destroy --yes'],
    ['destroy'],
    ['doctor --nonsense'],
    ['help patterns'],
    ['help permissions'],
    ['help checks'],
    ['help drill'],
    ['help pagerduty'],
    ['help sandbox'],
  ])('%s', async (line) => {
    const { stdout, stderr } = await account.run(line.split(' '), { env })
    expect(`${stdout}${stderr}`.match(FOREIGN) ?? []).toEqual([])
  })

  it('what is broken, what is not confirmed, and what --plain says', async () => {
    const [broken, pending] = [await anAccount(), await anAccount({ confirm: false })]
    const made = await broken.run(['init', '--yes', '--detections', 'root-account-usage'], { env })
    for (const alarm of Object.values(broken.sandbox.state.alarms)) Object.assign(alarm, { okActions: [] })
    const said = [
      made,
      await broken.run(['doctor'], { env }),
      await broken.run(['doctor'], { env, columns: 40 }),
      await broken.run(['doctor', '--plain'], { env: { LANG: 'C.UTF-8' } }),
      await broken.run(['doctor', '--fix', '--yes'], { env }),
      await pending.run(['init', '--yes'], { env }),
      await pending.run(['doctor'], { env }),
      await broken.run(['destroy', '--yes', '--plain'], { env: { LANG: 'C.UTF-8' } }),
    ]
    await Promise.all([broken.close(), pending.close()])
    expect(said.flatMap(({ stdout, stderr }) => `${stdout}${stderr}`.match(FOREIGN) ?? [])).toEqual([])
  })

  it('past events', async () => {
    const records = [1, 2, 3].map((n) => ({
      ...detectionById('root-account-usage').ownEvents[0],
      eventID: `ascii-${n}`,
      eventTime: `2026-01-0${n + 4}T10:00:00Z`,
    }))
    const files = { 'a.json': JSON.stringify({ Records: records }), 'b.json': '{"Records": [' }
    const line = ['backtest', '--files', 'a.json', 'b.json', '--since', '2026-01-05', '--until', '2026-01-12']
    for (const columns of [40, 100]) {
      const { exit, stdout, stderr } = await runTool(line, { env, files, columns })
      expect(exit, stderr).toBe(0)
      expect(`${stdout}${stderr}`.match(FOREIGN) ?? []).toEqual([])
    }
  })

  it.each([
    [['pattern', 'test', '{ $.a = "x" }', '-'], '{"a":"x"}\n'],
    [['pattern', 'lint', '{ ($.eventName = "ConsoleLogin") && ($.a.MFAUsed != "Yes") }'], ''],
    [['pattern', 'explain', `{ $.eventName = "${'long'.repeat(60)}" }`], ''],
    [['pattern', 'explain', '{ ($.a = "x") && ($.b != "y") }', '--event', '-'], '{"eventName":"x","a":"x"}'],
  ])('%j', async (words, text) => {
    const { stdout, stderr } = await runTool(words, { env, files: { '-': text } })
    expect(stdout).not.toBe('')
    expect(`${stdout}${stderr}`.match(FOREIGN) ?? []).toEqual([])
  })
})

describe('a page of help is ASCII on every terminal', () => {
  it.each(pageLines())('%s', (line) => {
    const page = parseCommandLine(line.split(' '), '1')
    expect(page.kind === 'page' ? (page.text.match(FOREIGN) ?? []) : ['no page']).toEqual([])
  })
})

describe('in ASCII', () => {
  it('our own marks have a spelling, and the words of an account stay', () => {
    expect(inAscii('a → b · …cdef ✔ Zoë “quoted”')).toBe('a -> b - ...cdef ok Zoë “quoted”')
  })

  it('a document stays the same document', () => {
    const value = { from: '1 → 3', name: 'Zoë 👩 “x”' }
    const text = jsonInAscii(JSON.stringify(value))
    expect(text.match(FOREIGN)).toBeNull()
    expect(JSON.parse(text)).toEqual(value)
  })
})

describe('the sources', () => {
  it("write an apostrophe as ', in text and in comments", () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
    // The language of patterns knows the other form as a character that people paste.
    const found = files.filter((file) => /\w\u2019/.test(readFileSync(`src/${file}`, 'utf8')))
    expect(found).toEqual([])
  })
})
