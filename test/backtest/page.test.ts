/** The page of a backtest, also as a browser shows it: Chromium of Debian, headless. */

import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { backtestPage } from '../../src/backtest/page/page.ts'
import { judgeTally } from '../../src/backtest/result.ts'
import { createSighter } from '../../src/backtest/sight.ts'
import { createTally } from '../../src/backtest/tally.ts'
import { catalogue } from '../../src/detections/catalogue.ts'
import { variations } from '../athena/records.ts'

const START = Date.UTC(2026, 0, 5)
const window = { from: START / 60_000, to: START / 60_000 + 10 * 1_440 }

function page(): string {
  const sighter = createSighter(catalogue)
  const tally = createTally(catalogue, window)
  const evil = { arn: 'arn:aws:iam::111122223333:user/<img onerror=alert(1)>"\'&', type: 'Root' }
  for (const record of variations(3_000, START, 5)) {
    const marked =
      Number(record.eventID?.toString().slice(5)) % 3 === 0
        ? { ...record, userIdentity: evil, eventName: 'x', eventType: 'AwsApiCall' }
        : record
    const sighting = sighter.ofMessage(JSON.stringify(marked))
    if (sighting !== undefined) tally.add(sighting)
  }
  const intake = {
    source: 'files',
    timeBase: 'eventTime',
    bytes: 1,
    skippedLines: 2,
    notes: ['the source ends early'],
  } as const
  const skippedFiles = [{ path: 'a<b>.json.gz', reason: 'damaged or cut-off gzip data' }]
  return backtestPage(judgeTally({ window, tally, allEvents: true, intake: { ...intake, skippedFiles } }))
}

const html = page()

describe('the page', () => {
  it('holds a card for each detection that matched, and reaches for nothing outside', () => {
    expect(html.match(/<article /g)?.length).toBeGreaterThan(40)
    expect(html).not.toMatch(/https?:|src=|href=|@import|url\(/)
    expect(html).toContain("default-src 'none'")
  })

  it('escapes what came from events and from names of files', () => {
    expect(html).toContain('user/&lt;img onerror=alert(1)&gt;&quot;&#39;&amp;')
    expect(html).not.toContain('<img')
    expect(html).toContain('a&lt;b&gt;.json.gz')
  })
})

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync)
if (CHROMIUM === undefined) {
  if (process.env.REQUIRE_CHROMIUM === '1') throw new Error('REQUIRE_CHROMIUM=1, and there is none')
  process.stdout.write('the look of the page is skipped: no Chromium\n')
}

/** Writes what it finds into the title, where `--dump-dom` shows it. */
const PROBE = `<script>
const visible = () => [...document.querySelectorAll('article')].filter((card) => card.getClientRects().length > 0).length
const all = visible()
search.value = 'root-account-usage'; search.dispatchEvent(new Event('input'))
const one = visible()
search.value = 'no such thing'; search.dispatchEvent(new Event('input'))
const nothing = visible() + (document.querySelector('#none').hidden ? 10 : 0)
search.value = ''; search.dispatchEvent(new Event('input'))
const charts = document.querySelectorAll('.charts')[0]
const [days, heat] = [...charts.querySelectorAll('svg')].map((svg) => svg.getBoundingClientRect())
document.title = JSON.stringify({ all, one, nothing, width: innerWidth, overflow: document.documentElement.scrollWidth - innerWidth,
  sideBySide: Math.abs(days.top - heat.top) < 30, days: Math.round(days.width), ground: getComputedStyle(document.body).backgroundColor })
</script></body>`

describe.runIf(CHROMIUM !== undefined)('the page in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cloudtrail-pd-page-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function look(name: string, width: number, height: number, more: readonly string[] = []) {
    const path = join(folder, 'page.html')
    writeFileSync(path, html.replace('</body>', PROBE))
    const flags = [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--hide-scrollbars',
      `--user-data-dir=${folder}/profile`,
      `--window-size=${width},${height}`,
      '--host-resolver-rules=MAP * ~NOTFOUND',
      ...more,
    ]
    const run = (flag: string) =>
      execFileSync(CHROMIUM ?? '', [...flags, flag, `file://${path}`], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        timeout: 60_000,
        maxBuffer: 64 * 1024 * 1024,
      })
    const picture = join(folder, `${name}.png`)
    run(`--screenshot=${picture}`)
    const [, title = '{}'] = /<title>([^<]*)<\/title>/.exec(run('--dump-dom')) ?? []
    const png = readFileSync(picture)
    return {
      ...JSON.parse(title.replaceAll('&quot;', '"')),
      shape: [png.readUInt32BE(16), png.readUInt32BE(20)],
      bytes: png.length,
    }
  }

  it('fits a desk, with the charts side by side', () => {
    const seen = look('desk', 1_200, 1_600)
    expect(seen).toMatchObject({ one: 1, nothing: 0, overflow: 0, sideBySide: true, shape: [1_200, 1_600] })
    expect(seen.all).toBeGreaterThan(40)
    // A picture of nothing compresses to a few thousand bytes.
    expect(seen.bytes).toBeGreaterThan(40_000)
  }, 120_000)

  it('fits a phone, with the charts below each other', () => {
    const seen = look('phone', 390, 844)
    expect(seen).toMatchObject({ overflow: 0, sideBySide: false })
    expect(seen.days).toBeGreaterThan(280)
  }, 120_000)

  it('is dark where the system is', () => {
    const light = look('light', 800, 600).ground
    const dark = look('dark', 800, 600, ['--blink-settings=preferredColorScheme=0']).ground
    expect([light, dark]).toEqual(['rgb(246, 247, 249)', 'rgb(20, 23, 27)'])
  }, 120_000)
})
