import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clean, cleanButStyles, cleanLine, clip, hanging, pad, shorten, wrap } from '../../src/ui/clean.ts'
import { columns } from '../../src/ui/columns.ts'

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/

describe('foreign text', () => {
  it.each([
    ['a\u001b[31mred\u001b[0m', 'ared'],
    ['title\u001b]0;evil\u0007end', 'titleend'],
    ['a\rb\u0008c\u009b1m', 'abc1m'],
    ['tab\there', 'tab here'],
    ['over\u202eride', 'override'],
    ['two\nlines', 'two\nlines'],
  ])('%j is shown as %j', (text, shown) => {
    expect(clean(text)).toBe(shown)
  })

  it('never leaves a control character but the line feed', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !CONTROL.test(clean(text))))
  })

  it('on one line loses its line feeds', () => {
    expect(cleanLine('a\r\n  b')).toBe('a b')
  })

  it('for a terminal keeps colours and nothing else', () => {
    expect(cleanButStyles('\u001b[1mbold\u001b[22m\u001b[2J\rx', { coloured: true, links: false })).toBe(
      '\u001b[1mbold\u001b[22mx',
    )
  })
})

describe('columns', () => {
  it.each([
    ['short', 10, 'short'],
    ['cloudtrail-pd-root-account-usage', 15, 'cloudtr…t-usage'],
  ])('a long name is cut in the middle', (text, width, shown) => {
    expect(shorten(text, width, '…')).toBe(shown)
  })

  it('a long sentence loses its end', () => {
    expect(clip('a long sentence', 8, '…')).toBe('a long…')
  })

  it.each([20, 21, 7])('a wide character takes two columns of %i', (width) => {
    const text = '日本語'.repeat(10)
    for (const cut of [clip(text, width, '…'), shorten(text, width, '…')]) {
      expect(columns(cut)).toBeLessThanOrEqual(width)
      expect(columns(cut)).toBeGreaterThanOrEqual(width - 2)
    }
  })

  it('a cut text never takes more columns than there are, and what fits stays', () => {
    const anyText = fc.string({ unit: fc.constantFrom('a', ' ', 'é', '語', '👩‍💻', '…') })
    fc.assert(
      fc.property(anyText, fc.integer({ min: 5, max: 30 }), fc.constantFrom('…', '...'), (text, width, gap) => {
        for (const cut of [clip(text, width, gap), shorten(text, width, gap)]) {
          if (columns(text) <= width) expect(cut).toBe(text)
          else expect(columns(cut)).toBeLessThanOrEqual(width)
        }
      }),
    )
  })

  it('colours take no room', () => {
    expect(pad('\u001b[31mab\u001b[39m', 4)).toBe('\u001b[31mab\u001b[39m  ')
  })

  it('a text breaks at blanks, and a long word stands alone', () => {
    expect(wrap('one two three-and-more four', 8)).toEqual(['one two', 'three-and-more', 'four'])
  })
})

describe('a text behind what stands before it', () => {
  it('goes on where it began', () => {
    expect(hanging('! ', 'one two three', 9)).toEqual(['! one two', '  three'])
  })

  it('stands below where little room is left, and where a word needs more', () => {
    expect(hanging('  a long label  ', 'one two three', 24)).toEqual(['  a long label', '    one two three'])
    expect(hanging(' '.repeat(20), 'one two three', 30)).toEqual(['    one two three'])
    const address = `https://example.com/${'x'.repeat(30)}`
    expect(hanging('PagerDuty: ', `at ${address}`, 54)).toEqual(['PagerDuty:', '    at', `    ${address}`])
  })

  it('keeps a word whole that only fits without its indent, and what follows goes on below', () => {
    const address = `https://example.com/${'x'.repeat(30)}`
    expect(hanging('! ', `at ${address} (EU)`, 51)).toEqual(['! at', address, '  (EU)'])
    expect(hanging('! ', `${address} (EU)`, 51)).toEqual(['!', address, '  (EU)'])
    expect(hanging('PagerDuty: ', `at ${address}`, 50)).toEqual(['PagerDuty:', '    at', address])
    expect(hanging('! ', `at ${address}`, 49)).toEqual(['! at', `  ${address}`])
  })

  it('loses no word, and is no wider than it may be but for a word that is', () => {
    const words = fc.array(fc.string({ unit: fc.constantFrom('a', '日', 'e\u0301', '-'), minLength: 1, maxLength: 12 }))
    fc.assert(
      fc.property(
        words,
        fc.integer({ min: 8, max: 60 }),
        fc.constantFrom('! ', '    ', '  ✔ label       '),
        (all, width, start) => {
          const lines = hanging(start, all.join(' '), width)
          expect(lines.join(' ').split(/ +/).filter(Boolean)).toEqual(
            `${start} ${all.join(' ')}`.split(/ +/).filter(Boolean),
          )
          for (const line of lines.slice(1)) {
            if (columns(line) > width) expect(line.trim()).not.toContain(' ')
          }
        },
      ),
    )
  })
})

describe('a link', () => {
  const link = (url: string) => `a \u001b]8;;${url}\u001b\\text\u001b]8;;\u001b\\ b`
  it.each([
    'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/g$252F',
    'https://cn-north-1.console.amazonaws.cn/cloudtrailv2/home#/events/e',
    'https://acme.eu.pagerduty.com/incidents/P1',
  ])('to %s stays where colours may', (url) => {
    expect(cleanButStyles(link(url), { coloured: false, links: true })).toBe(link(url))
    expect(cleanButStyles(`\u001b[1m${link(url)}`, { coloured: false, links: true })).toBe(link(url))
    expect(cleanButStyles(`\u001b[1m${link(url)}`, { coloured: true, links: true })).toBe(`\u001b[1m${link(url)}`)
    expect(cleanButStyles(link(url), { coloured: true, links: false })).toBe('a text b')
    expect(clean(link(url))).toBe('a text b')
    expect(columns(link(url))).toBe('a text b'.length)
  })

  it.each([
    'https://evil.example/',
    'https://evil.example/.pagerduty.com/',
    'https://pagerduty.com.evil.example/x',
    'http://acme.pagerduty.com/x',
    'file:///etc/passwd',
    'https://acme.pagerduty.com/ x',
  ])('to %s is taken out', (url) => {
    expect(cleanButStyles(link(url), { coloured: true, links: true })).not.toContain(url)
  })
})
