import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { codeSpan, markdownText } from '../../src/doctor/markdown-text.ts'
import { escaped } from '../../src/html/escaped.ts'
import { clean, cleanLine } from '../../src/ui/clean.ts'

describe('text of an account', () => {
  it.each([
    ['<script>alert(1)</script>', '&lt;script&gt;alert\\(1\\)&lt;/script&gt;'],
    ['[a](http://evil)', '\\[a\\]\\(http&#58;//evil\\)'],
    ['a|b', 'a\\|b'],
    ['two\nlines', 'two lines'],
    ['@everyone', '&#64;everyone'],
  ])('is no markup in Markdown: %j', (text, shown) => {
    expect(markdownText(text)).toBe(shown)
  })

  it.each([
    ['<script>alert(1)</script>', '&lt;script&gt;alert(1)&lt;/script&gt;'],
    ['" onload="x', '&quot; onload=&quot;x'],
    ["it's & <b>", 'it&#39;s &amp; &lt;b&gt;'],
    ['prod\u200b', 'prod&lt;U+200B&gt;'],
    ['\u202egnp.exe\u0007', 'gnp.exe'],
  ])('is no markup in HTML: %j', (text, shown) => {
    expect(escaped(text)).toBe(shown)
  })

  it('holds no character that HTML reads as markup, nor one that the way to a file would turn into it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(clean(escaped(text))).not.toMatch(/[<>"']/)
      }),
    )
  })

  it('never leaves its code span', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('`', 'a', '\n', ' ') }), (text) => {
        const span = codeSpan(text)
        const fence = /^`+/.exec(span)?.[0] ?? ''
        const inside = span.slice(fence.length, -fence.length)
        expect(inside.split(/[^`]+/).every((run) => run.length < fence.length || run === '')).toBe(true)
        expect(span).not.toContain('\n')
      }),
    )
  })

  it('holds no character outside of escapes that Markdown reads as HTML', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(markdownText(text)).not.toMatch(/[<>\n]/)
      }),
    )
  })

  it('shows what nobody would see, so that two names cannot look alike', () => {
    expect(clean('prod\u200b')).toBe('prod<U+200B>')
    expect(clean('pr\u{e0061}od')).toBe('pr<U+E0061>od')
    expect(clean('\ufeffname')).toBe('<U+FEFF>name')
    expect(clean('family \u{1f468}\u200d\u{1f469}')).toBe('family \u{1f468}\u200d\u{1f469}')
    expect(clean('right\u200fmark')).toBe('right<U+200F>mark')
  })

  it('that differs still differs once it is clean, but for controls', () => {
    fc.assert(
      fc.property(fc.constantFrom('\u200b', '\u2060', '\ufeff', '\u061c', '\u{e0020}', '\u00ad'), (invisible) => {
        expect(cleanLine(`a${invisible}b`)).not.toBe('ab')
      }),
    )
  })

  it('with an unterminated title sequence ends at its line', () => {
    expect(clean('one \u001b]0;title\ntwo')).toBe('one \ntwo')
  })
})
