/** The page of a backtest, also as a browser shows it: Chromium of Debian, headless. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backtestPage } from '../../src/backtest/page/page.ts'
import { judgeTally } from '../../src/backtest/result.ts'
import { createSighter } from '../../src/backtest/sight.ts'
import { soughtOf } from '../../src/backtest/sought.ts'
import { createTally } from '../../src/backtest/tally.ts'
import { catalogue } from '../../src/detections/catalogue.ts'
import { variations } from '../athena/records.ts'
import { type Browser, CHROMIUM, type ScreenOptions, startBrowser } from '../support/browser.ts'

const START = Date.UTC(2026, 0, 5)
const window = { from: START / 60_000, to: START / 60_000 + 10 * 1_440 }

function page(): string {
  const sighter = createSighter(soughtOf(catalogue))
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

  it('lets a long name break behind a colon or a slash, and an id nowhere', () => {
    expect(html).toMatch(/<td>arn:<wbr>aws:<wbr>iam::<wbr>111122223333:<wbr>user\/<wbr>/)
    expect(html).toContain('.id { white-space: nowrap; }')
  })

  it('escapes what came from events and from names of files', () => {
    expect(html).toContain('user/&lt;img onerror=alert(1)&gt;&quot;&#39;&amp;')
    expect(html).not.toContain('<img')
    expect(html).toContain('a&lt;b&gt;.json.gz')
  })
})

const PROBE = `(() => {
const visible = () => [...document.querySelectorAll('article')].filter((card) => card.getClientRects().length > 0).length
const type = (text) => { search.value = text; search.dispatchEvent(new Event('input')) }
const all = visible()
type('root-account-usage')
const one = visible()
type('no such thing')
const nothing = visible() + (document.querySelector('#none').hidden ? 10 : 0)
type('')
const charts = document.querySelectorAll('.charts')[0]
const [days, heat] = [...charts.querySelectorAll('svg')].map((svg) => svg.getBoundingClientRect())
return { all, one, nothing, overflow: document.documentElement.scrollWidth - innerWidth,
  sideBySide: Math.abs(days.top - heat.top) < 30, days: Math.round(days.width), ground: getComputedStyle(document.body).backgroundColor }
})()`

interface Probed {
  readonly all: number
  readonly days: number
  readonly ground: string
}

describe.runIf(CHROMIUM !== undefined)('the page in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cloudtrail-pd-page-'))
  const path = join(folder, 'page.html')
  let browser: Browser
  beforeAll(() => {
    writeFileSync(path, html)
    browser = startBrowser()
  })
  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function look(options: ScreenOptions) {
    const screen = await browser.open(path, options)
    const seen = await screen.evaluate<Probed>(PROBE)
    const picture = await screen.picture()
    const { requests, complaints } = screen
    await screen.close()
    return { ...seen, bytes: picture.length, requests, complaints }
  }

  it('fits a desk, with the charts side by side', async () => {
    const seen = await look({ width: 1_200, height: 1_600 })
    expect(seen).toMatchObject({ one: 1, nothing: 0, overflow: 0, sideBySide: true, requests: [], complaints: [] })
    expect(seen.all).toBeGreaterThan(40)
    // A picture of nothing compresses to a few thousand bytes.
    expect(seen.bytes).toBeGreaterThan(40_000)
  }, 120_000)

  it('fits a phone, with the charts below each other', async () => {
    const seen = await look({ width: 390, height: 844 })
    expect(seen).toMatchObject({ overflow: 0, sideBySide: false })
    expect(seen.days).toBeGreaterThan(280)
  }, 120_000)

  it('is dark where the system is', async () => {
    const light = (await look({ width: 800 })).ground
    const dark = (await look({ width: 800, scheme: 'dark' })).ground
    expect([light, dark]).toEqual(['rgb(246, 247, 249)', 'rgb(20, 23, 27)'])
  }, 120_000)
})
