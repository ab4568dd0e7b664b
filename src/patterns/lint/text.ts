/** The lint rules for patterns on raw text: terms, lines of fields, and regexes wherever they stand. */

import { compileRegex } from '../match/regex.ts'
import { parsePattern } from '../parse/parse.ts'
import { fieldConditions } from '../parse/space.ts'
import { type Pattern, print, type SpacePattern, type Term, type TermsPattern } from '../pattern.ts'
import { conditions } from '../tree.ts'
import type { Draft } from './draft.ts'

export function lintTerms({ terms }: TermsPattern): readonly Draft[] {
  const firm = terms.some((term) => term.role !== 'optional')
  const fixed = (change: readonly Term[]) =>
    change.length === 0 ? {} : { fix: print({ kind: 'terms', terms: change }) }
  return terms.flatMap((term, index): readonly Draft[] => {
    const at = { status: 'warn', column: term.column } as const
    const others = terms.filter((other) => other !== term)
    const previous = terms[index - 1]
    if (previous !== undefined && previous.end === term.column && !previous.quoted) {
      const message = `${sign(term)} starts a new term even without a blank before it; quote the whole word to search for it`
      const whole = { ...previous, text: previous.text + sign(term) + term.text, end: term.end }
      return [{ ...at, rule: 'split-term', message, ...fixed(terms.toSpliced(index - 1, 2, whole)) }]
    }
    if (term.role === 'optional' && firm) {
      const message =
        'an optional term is ignored beside a plain or an excluded one; the pattern means the same without it'
      return [{ ...at, rule: 'ignored-term', message, ...fixed(terms.filter((other) => other.role !== 'optional')) }]
    }
    if (/^ +$/.test(term.text)) {
      const message = 'a quoted blank matches every message with a blank, and only those'
      return [{ ...at, rule: 'tautology', message, ...fixed(others) }]
    }
    return starDraft(term, (text) => fixed(terms.with(index, { ...term, text })))
  })
}

function sign(term: Term): string {
  return term.role === 'exclude' ? '-' : '?'
}

/** A term is found anywhere, so a star at its ends was never needed. */
function starDraft(term: Term, fixed: (text: string) => { readonly fix?: string }): readonly Draft[] {
  if (!term.text.includes('*')) return []
  const bare = term.text.replace(/^\*+|\*+$/g, '')
  const message = 'a star in a phrase is a star, not a wildcard; a phrase is found anywhere in the message'
  const draft: Draft = { rule: 'dead-wildcard', status: 'warn', column: term.column, message }
  return [{ ...draft, ...(bare === '' || bare.includes('*') ? {} : fixed(bare)) }]
}

export function lintSpace({ entries }: SpacePattern): readonly Draft[] {
  if (!entries.every((entry) => entry.kind === 'ellipsis')) return []
  return [{ rule: 'tautology', status: 'fail', column: 1, message: 'a pattern without fields matches every event' }]
}

interface PlacedRegex {
  readonly source: string
  readonly column: number
}

export function lintRegexes(pattern: Pattern): readonly Draft[] {
  const whole = pattern.kind === 'regex'
  return regexes(pattern).flatMap(({ source, column }): readonly Draft[] => {
    if (whole && ['', 'Zz-1'].every((text) => compileRegex(source)(text))) {
      return [
        {
          rule: 'tautology',
          status: 'fail',
          column,
          message: 'this regex matches the empty text, so every message matches',
        },
      ]
    }
    const misanchored = anchorsOneAlternative(source)
    if (misanchored !== undefined) {
      return [{ rule: 'loose-value', status: 'warn', column, message: misanchored }]
    }
    const dotted = source.replace(ADDRESS, (address) => address.replace(/\./g, '\\.'))
    if (dotted === source) return []
    const message = 'a dot in a regex takes any character; write \\. for the dots of an address'
    const fix = print(pattern).replace(`%${source}%`, () => `%${dotted}%`)
    return [
      {
        rule: 'regex-dot',
        status: 'warn',
        column,
        message,
        ...(parsePattern(fix).validity === 'accepted' ? { fix } : {}),
      },
    ]
  })
}

/** There are no groups in this language, so an anchor holds for the alternative beside it alone. */
function anchorsOneAlternative(source: string): string | undefined {
  const alternatives = source.split(/(?<!\\)\|/)
  if (alternatives.length < 2) return undefined
  const starts = alternatives.filter((one) => one.startsWith('^')).length
  const ends = alternatives.filter((one) => /(?<!\\)\$$/.test(one)).length
  const isWhole = (count: number) => count === 0 || count === alternatives.length
  if (isWhole(starts) && isWhole(ends)) return undefined
  const anchor = isWhole(starts) ? '$' : '^'
  return `${anchor} holds for one alternative of this regex only, as there are no groups; write it in each of ${alternatives.join(' and ')}`
}

/** Four numbers with bare dots between them. */
const ADDRESS = /\d{1,3}(?:\.\d{1,3}){3}/g

function regexes(pattern: Pattern): readonly PlacedRegex[] {
  if (pattern.kind === 'regex') return [pattern]
  const values =
    pattern.kind === 'json'
      ? conditions(pattern.where).flatMap((one) => (one.kind === 'compare' ? [one.value] : []))
      : pattern.kind === 'space'
        ? pattern.entries.flatMap((entry) =>
            (entry.kind === 'field' && entry.where !== undefined ? fieldConditions(entry.where) : []).map(
              (one) => one.value,
            ),
          )
        : []
  return values.flatMap((value) => (value.kind === 'regex' ? [value] : []))
}
