import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { pageLines, parseCommandLine } from '../../src/cli/program.ts'
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
    ['destroy --yes'],
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
