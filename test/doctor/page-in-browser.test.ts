/** The page of `doctor --html` as Chromium shows it: on a phone and a desk, light and dark, without scripts, and on paper. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isProblem } from '../../src/doctor/check.ts'
import { diagnose } from '../../src/doctor/diagnose.ts'
import { commandLine } from '../../src/next-command.ts'
import { type Browser, CHROMIUM, type Screen, type ScreenOptions, startBrowser } from '../support/browser.ts'
import { anAlarm, someFacts } from '../support/builders.ts'
import { fieldAccount } from '../support/field-account.ts'
import { accountOf, inPlace, pageOf } from './page-of.ts'

const LONG = 'a-name-without-a-blank-'.repeat(9)
const SHOWN: Readonly<Record<string, string>> = {
  healthy: pageOf([diagnose(accountOf(1))]),
  broken: pageOf([diagnose(fieldAccount('moj-default'))]),
  encrypted: pageOf([diagnose(fieldAccount('rhythmictech'))]),
  long: pageOf([diagnose(someFacts({ alarms: [anAlarm({ name: LONG, okActions: [] })] }))]),
  places: pageOf(
    ['111122223333', '222233334444'].flatMap((account) =>
      ['us-east-1', 'ap-southeast-2'].map((region) => inPlace(accountOf(4), account, region)),
    ),
    { accounts: true },
  ),
}

/** Lightness and contrast as WCAG 2.2 defines them; the texts that are closer to their ground than AA allows. */
const FAINT = `(() => {
  const parts = (color) => (/rgba?\\(([^)]*)\\)/.exec(color)?.[1] ?? '').split(/[ ,/]+/).map(Number)
  const light = ([r, g, b]) => [r, g, b].map((one) => one / 255).map((one) => one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4)
    .reduce((sum, one, at) => sum + one * [0.2126, 0.7152, 0.0722][at], 0)
  const ground = (one) => { for (; one !== null; one = one.parentElement) { const c = parts(getComputedStyle(one).backgroundColor); if (c.length === 3 || c[3] === 1) return c } return [255, 255, 255] }
  const faint = new Set()
  for (const one of document.querySelectorAll('body *')) {
    if (![...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== '') || one.getClientRects().length === 0 || /STYLE|SCRIPT/.test(one.tagName)) continue
    const style = getComputedStyle(one)
    const [a, b] = [light(parts(one instanceof SVGElement ? style.fill : style.color)), light(ground(one))].sort((x, y) => y - x)
    if ((a + 0.05) / (b + 0.05) < 4.5) faint.add(one.tagName + '.' + (one.getAttribute('class') ?? '') + ': ' + one.textContent.slice(0, 30))
  }
  return [...faint]
})()`

/** What a person would miss: text that is cut off at the edge of the window, or hidden. */
const HIDDEN = `[...document.querySelectorAll('h1, .fault, .fault dd, .chain, .strip, details > *, li')]
  .filter((one) => !one.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }) || one.getClientRects().length === 0)
  .map((one) => one.outerHTML.slice(0, 80))`

const OVERFLOW = `({
  page: document.documentElement.scrollWidth - innerWidth,
  out: [...document.querySelectorAll('main *')].filter((one) => one.closest('.scroll') === null && !one.closest('[hidden]') && one.getBoundingClientRect().right > innerWidth + 1)
    .map((one) => one.outerHTML.slice(0, 80)),
})`

const SEEN = `({
  title: document.querySelector('h1').innerText,
  faults: [...document.querySelectorAll('.fault')].filter((one) => one.getClientRects().length > 0).length,
  chains: [...document.querySelectorAll('details.chain > summary .strip')].filter((one) => one.getBoundingClientRect().width > 250).length,
  // Drawn by a shape that is there: a reference that leads nowhere has no size.
  marks: [...document.querySelectorAll('.place use, .strip use')].filter((one) => one.getClientRects().length > 0).every((one) => one.getBBox().width > 10),
  pictures: [...document.querySelectorAll('.place')].filter((one) => one.getClientRects().length > 0).length,
  search: document.querySelector('.filter').getClientRects().length > 0,
})`

describe.runIf(CHROMIUM !== undefined)('the page of a diagnosis in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cloudtrail-pd-page-'))
  let browser: Browser
  beforeAll(() => {
    for (const [name, html] of Object.entries(SHOWN)) writeFileSync(join(folder, `${name}.html`), html)
    browser = startBrowser()
  })
  afterAll(async () => {
    await browser.close()
    rmSync(folder, { recursive: true, force: true })
  })

  async function on<T>(name: string, options: ScreenOptions, look: (screen: Screen) => Promise<T>): Promise<T> {
    const screen = await browser.open(join(folder, `${name}.html`), options)
    const seen = await look(screen)
    expect([screen.requests, screen.complaints]).toEqual([[], []])
    await screen.close()
    return seen
  }

  const everywhere = Object.keys(SHOWN).flatMap((name) => [
    [name, { width: 375, scheme: 'light', scripts: false }] as const,
    [name, { width: 1_280, scheme: 'dark', scripts: false }] as const,
  ])

  it.each(everywhere)(
    '%s fits without scripts, and nothing runs over the edge: %j',
    async (name, options) => {
      await on(name, options, async (screen) => {
        expect(await screen.evaluate(OVERFLOW)).toEqual({ page: 0, out: [] })
        expect(await screen.evaluate(SEEN)).toMatchObject({ marks: true, search: false })
      })
    },
    60_000,
  )

  it('shows every fault and one picture of the chain, with or without scripts', async () => {
    const { findings } = diagnose(fieldAccount('rhythmictech'))
    const kinds = new Set([...findings].filter(isProblem).map(({ check, title }) => `${check} ${title}`))
    for (const scripts of [false, true]) {
      for (const width of [375, 1_280]) {
        const seen = await on('encrypted', { width, scripts }, (screen) => screen.evaluate(SEEN))
        expect(seen).toMatchObject({
          title: 'None of 14 chains pages',
          faults: kinds.size,
          chains: 14,
          pictures: 1,
          search: scripts,
        })
      }
    }
  }, 60_000)

  it.each(['light', 'dark'] as const)(
    'has text that stands out from its ground, %s',
    async (scheme) => {
      for (const name of ['broken', 'places']) {
        const faint = await on(name, { width: 1_280, scheme }, async (screen) => {
          await screen.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
          return screen.evaluate(FAINT)
        })
        expect(faint).toEqual([])
      }
    },
    60_000,
  )

  it('is dark where the system is', async () => {
    const ground = (scheme: 'light' | 'dark') =>
      on('healthy', { width: 800, scheme }, (screen) =>
        screen.evaluate('getComputedStyle(document.body).backgroundColor'),
      )
    expect([await ground('light'), await ground('dark')]).toEqual(['rgb(246, 247, 249)', 'rgb(20, 23, 27)'])
  }, 60_000)

  it('is unfolded on paper, without scripts too', async () => {
    for (const name of ['encrypted', 'places']) {
      await on(name, { width: 800, scripts: false, media: 'print' }, async (screen) => {
        expect(await screen.evaluate(HIDDEN)).toEqual([])
        const sheets = (await screen.paper()).toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0
        expect(sheets).toBeGreaterThan(2)
      })
    }
  }, 60_000)

  it('filters findings and chains by what is typed', async () => {
    const left = await on('broken', { width: 1_280 }, (screen) =>
      screen.evaluate(`(() => {
        const visible = () => [...document.querySelectorAll('[data-words]')].filter((one) => one.getClientRects().length > 0).length
        const type = (text) => { search.value = text; search.dispatchEvent(new Event('input')); return visible() }
        return { some: type('never-matches') > 0, none: type('no such thing'), said: !document.querySelector('#none').hidden, all: type('') > 8 }
      })()`),
    )
    expect(left).toEqual({ some: true, none: 0, said: true, all: true })
  }, 60_000)

  it('has commands that are copied as one line', async () => {
    const { findings } = diagnose(fieldAccount('rhythmictech'))
    const offered = [...findings].filter(isProblem).flatMap(({ fix }) => fix.command ?? [])
    const copied = await on('encrypted', { width: 375, scripts: false }, (screen) =>
      screen.evaluate<readonly string[]>(`[...document.querySelectorAll('pre code')].map((code) => {
        getSelection().selectAllChildren(code)
        return getSelection().toString()
      })`),
    )
    expect(copied).toEqual(expect.arrayContaining(offered.map(commandLine)))
  }, 60_000)

  it('tells its pictures and tables to whoever does not see them', async () => {
    const told = await on('broken', { width: 1_280 }, (screen) =>
      screen.evaluate(`({
        lang: document.documentElement.lang,
        main: document.querySelectorAll('main').length,
        silent: [...document.querySelectorAll('svg')].filter((one) => one.getAttribute('aria-hidden') !== 'true' && !(one.getAttribute('role') === 'img' && one.getAttribute('aria-label'))).length,
        headless: [...document.querySelectorAll('table')].filter((one) => one.querySelector('thead th[scope=col]') === null).length,
        unreachable: [...document.querySelectorAll('.scroll')].filter((one) => one.tabIndex !== 0).length,
        picture: document.querySelector('.place.wide').getAttribute('aria-label'),
      })`),
    )
    expect(told).toMatchObject({ lang: 'en', main: 1, silent: 0, headless: 0, unreachable: 0 })
    expect((told as { picture: string }).picture).toMatch(
      /^The chain\. trail \(cloudtrail\): works; .*alarm \(28 alarms\): 13 broken/,
    )
  }, 60_000)
})
