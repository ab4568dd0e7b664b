/** The page of `doctor --html` as text: whole, escaped, bounded, and without any outside resource. */

import fc from 'fast-check'
import { XMLValidator } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { isProblem } from '../../src/doctor/check.ts'
import { diagnose, unseen, withoutChain } from '../../src/doctor/diagnose.ts'
import { shortName } from '../../src/doctor/wording.ts'
import { escaped } from '../../src/html/escaped.ts'
import {
  aFilter,
  anAlarm,
  aSubscription,
  aTransformation,
  KEY,
  SITE,
  someFacts,
  unreadable,
} from '../support/builders.ts'
import { FIELD_ACCOUNTS, fieldAccount } from '../support/field-account.ts'
import { anyInventory } from './any-inventory.ts'
import { accountOf, inPlace, pageOf, timesOver } from './page-of.ts'

const BODY = /<body>[\s\S]*<\/body>/

/** HTML that is XML too, but for the elements and attributes that HTML leaves open. */
function wellFormed(html: string): unknown {
  const plain = html.replace(/<(style|script)>[\s\S]*?<\/\1>/g, '').replace(/^<!doctype html>\n/, '')
  return XMLValidator.validate(plain, { allowBooleanAttributes: true, unpairedTags: ['meta', 'br', 'input'] })
}

const headline = (html: string) => /<h1>.*?<span>(.*?)<\/span><\/h1>/.exec(html)?.[1]

describe('the page of a diagnosis', () => {
  it('loads nothing, and its links lead to pages of AWS and PagerDuty or to itself', () => {
    for (const name of FIELD_ACCOUNTS) {
      const html = pageOf([diagnose(fieldAccount(name))])
      expect(html).not.toMatch(/\ssrc=|@import|url\(|<link|<iframe|<form/)
      const links = [...html.matchAll(/href="([^"]*)"/g)].map(([, link]) => link)
      expect(links.filter((link) => !/^#|^https:\/\/[^/]*(aws\.amazon|pagerduty)\.com\//.test(link ?? ''))).toEqual([])
      expect(html).toContain("default-src 'none'")
    }
  })

  it.each(FIELD_ACCOUNTS)('of %s has each fault with its resource, evidence, impact, and fix', (name) => {
    const diagnosis = diagnose(fieldAccount(name))
    const html = pageOf([diagnosis])
    const faults = [...diagnosis.findings].filter(isProblem)
    const lost = faults.filter(
      ({ check, resource, name = shortName(resource), title, evidence, impact, fix }) =>
        ![check, name, evidence.slice(1), title.slice(1), impact, fix.summary.slice(1)].every((text) =>
          html.includes(escaped(text)),
        ),
    )
    expect(lost).toEqual([])
    for (const { alarm } of diagnosis.chains) if (alarm !== undefined) expect(html).toContain(escaped(alarm.name))
  })

  it('has headings without a gap, and every link of its own leads somewhere', () => {
    const html = pageOf([diagnose(fieldAccount('moj-default')), inPlace(accountOf(3), '111122223333', 'eu-west-1')])
    const levels = [...html.matchAll(/<h([1-6])/g)].map(([, level]) => Number(level))
    expect(levels[0]).toBe(1)
    expect(levels.filter((level, at) => level > (levels[at - 1] ?? 0) + 1)).toEqual([])
    const ids = new Set([...html.matchAll(/\sid="([^"]*)"/g)].map(([, id]) => id))
    expect([...html.matchAll(/href="#([^"]*)"/g)].filter(([, id]) => !ids.has(id))).toEqual([])
  })

  it('is well-formed, whatever filters, alarms and patterns are called', () => {
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '<img src=x onerror=alert(1)>',
        '"><script>',
        '\u202eevil',
        '</summary>',
        '&amp;',
        '\u0000',
        '\ud800',
      ),
    )
    fc.assert(
      fc.property(anyText, anyText, (name, pattern) => {
        const metric = { namespace: name, name }
        const filters = [aFilter({ name, pattern, transformations: [aTransformation(metric)] })]
        const alarms = [anAlarm({ name, description: pattern, okActions: [], metric: { ...metric, dimensions: {} } })]
        const html = pageOf([diagnose(someFacts({ filters, alarms }))])
        expect(wellFormed(html)).toBe(true)
        expect(html).not.toMatch(/<(img|script>[^\n])/)
      }),
      { numRuns: 60 },
    )
  })

  it('is well-formed for any inventory', () => {
    fc.assert(
      fc.property(anyInventory, (some) => {
        expect(wellFormed(pageOf([diagnose(some)]))).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('shows what nobody would see, and reverses no text', () => {
    const alarms = [anAlarm({ name: 'pr\u200bod\u202egnp', okActions: [] })]
    const html = pageOf([diagnose(someFacts({ alarms }))])
    expect(html).toContain('pr&lt;U+200B&gt;odgnp')
    expect(html).not.toContain('\u202e')
  })

  it('has no key of an endpoint', () => {
    expect(pageOf([diagnose(someFacts({ subscriptions: [aSubscription({ confirmed: false })] }))])).not.toContain(KEY)
  })
})

describe('the verdict on top of the page', () => {
  it('says how many chains page, and what is not known', () => {
    expect(headline(pageOf([diagnose(someFacts())]))).toBe('The chain pages')
    expect(headline(pageOf([diagnose(accountOf(1))]))).toBe('The chain pages, and does not resolve')
    expect(headline(pageOf([diagnose(accountOf(6))]))).toBe('All 6 chains page, 2 do not resolve')
    expect(headline(pageOf([diagnose(fieldAccount('moj-default'))]))).toBe('14 of 92 chains do not page')
    expect(headline(pageOf([diagnose(fieldAccount('rhythmictech'))]))).toBe('None of 14 chains pages')
    expect(headline(pageOf([diagnose(someFacts({ filters: [], alarms: [] }))]))).toMatch(/^No chain found/)
  })

  it('claims nothing of a list that could not be read', () => {
    const snapshot = someFacts().snapshot
    const blind = {
      ...someFacts(),
      snapshot: {
        ...snapshot,
        alarms: unreadable('DescribeAlarms was denied'),
        metricFilters: unreadable(),
        trails: unreadable(),
      },
    }
    const html = pageOf([diagnose(blind)])
    expect(headline(html)).toBe('Unknown whether there is a chain')
    expect(html).toContain('DescribeAlarms was denied')
  })

  it('names account, region, time and version, and what the look was narrowed to', () => {
    const since = { path: 'old<.json', standing: [], resolved: [], worse: ['the chain of a<b no longer pages'] }
    const html = pageOf([diagnose(accountOf(2))], { scope: { alarm: 'detection-1' }, since })
    for (const text of [
      SITE.account,
      SITE.region,
      '2026-11-25 10:00 UTC',
      '1.2.3',
      'alarm detection-1',
      'old&lt;.json',
    ])
      expect(html).toContain(text)
  })
})

describe('the page of a large account', () => {
  it.each([
    [47, 250_000],
    [1_000, 150_000],
    [10_000, 150_000],
  ])('with %i chains stays readable, in at most %i bytes', (chains, most) => {
    const html = pageOf([chains < 100 ? diagnose(accountOf(chains)) : timesOver(accountOf(100), chains / 100)])
    expect(Buffer.byteLength(html)).toBeLessThan(most)
    expect(html).toContain(chains.toLocaleString('en-US'))
    expect(html.match(/class="chain /g)?.length).toBeLessThan(60)
  })
})

describe('the page of an organization', () => {
  const one = diagnose(accountOf(5))
  const accounts = Array.from({ length: 300 }, (_, at) => ({ ...one, account: String(200_000_000_000 + at) }))
  const html = pageOf(
    accounts.flatMap((account) => [account, withoutChain({ ...account, region: 'eu-west-1', chains: [] })]),
    { accounts: true },
  )

  it('of 300 accounts stays below a megabyte, with every account in its table', () => {
    expect(Buffer.byteLength(html)).toBeLessThan(1_000_000)
    for (const { account } of accounts.slice(0, 250)) expect(html).toContain(account)
    expect(html).toContain('<p>And 200 further places, none of them worse: the table has them.</p>')
  })
})

describe('the page of several places', () => {
  const places = [
    inPlace(accountOf(3), '111122223333', 'us-east-1'),
    inPlace(accountOf(2), '222233334444', 'eu-west-1'),
    ...['eu-north-1', 'eu-south-1'].map((region) =>
      withoutChain(inPlace(someFacts({ filters: [], alarms: [] }), '222233334444', region)),
    ),
    unseen(
      { account: '333344445555', region: 'us-east-1' },
      '333344445555',
      'the role Audit could not be assumed there',
    ),
  ]
  const html = pageOf(places, { accounts: true })
  const table = /<table class="places"[\s\S]*?<\/table>/.exec(html)?.[0] ?? ''

  it('has a row for each, which leads to its part; equal ones of an account share one', () => {
    expect(table.match(/<tr /g)).toHaveLength(1 + 4)
    expect(table).toContain('<a href="#place-2">eu-west-1</a>')
    expect(table).toContain('eu-north-1, eu-south-1')
    expect(table).toContain('not looked at')
  })

  it('tells a fault once, and where it is', () => {
    expect(html.match(/<code[^>]*>alarm\.ok-action<\/code>/g)).toHaveLength(1)
    expect(html).toMatch(/resources in 2 places/)
  })

  it('says why a place was not looked at', () => {
    expect(BODY.exec(html)?.[0]).toContain('The role Audit could not be assumed there.')
  })
})
