/** What Terraform, shells, web pages and editors leave around and inside of a pattern, told by its cause. */
import { type Parsed, parsePattern } from '../parse/parse.ts'
import type { Draft } from './draft.ts'

interface Residue {
  readonly found: RegExp
  readonly by: string
  /** Whether the text around it is a term search, which AWS takes. */
  readonly cause: string
}

/** In the order in which they are taken off. */
const RESIDUES: readonly Residue[] = [
  { found: /&(?:amp|#38);/g, by: '&', cause: 'an HTML entity, from the source of a web page' },
  { found: /&(?:quot|#34);/g, by: '"', cause: 'an HTML entity, from the source of a web page' },
  { found: /&(?:gt|#62);/g, by: '>', cause: 'an HTML entity, from the source of a web page' },
  { found: /&(?:lt|#60);/g, by: '<', cause: 'an HTML entity, from the source of a web page' },
  { found: /\\(?=")/g, by: '', cause: 'a backslash before a quote, from Terraform, JSON or a shell' },
  { found: /\$\$(?=\.)/g, by: '$', cause: '$$, which Makefiles and templates write for one $' },
  { found: /（/g, by: '(', cause: 'a full-width character, from an input method' },
  { found: /）/g, by: ')', cause: 'a full-width character, from an input method' },
  { found: /＝/g, by: '=', cause: 'a full-width character, from an input method' },
  { found: /\u00a0/g, by: ' ', cause: 'a no-break space, from a web page or a word processor' },
  { found: /[\u200b-\u200d\u2060\ufeff]/g, by: '', cause: 'an invisible character, from a web page or an editor' },
  {
    found: /^[^{[%]{1,4}(?=\{)|(?<=\})[^}\]%]{1,4}$/gs,
    by: '',
    cause: 'a character outside of the braces, as quotes of Terraform and shells leave it',
  },
]

/**
 * The one finding of a pattern that was wrapped on its way here, with the pattern that was meant. Nothing when the text is
 * well as it is, or is none without what surrounds it.
 */
export function lintWrapping(text: string, parsed: Parsed): Draft | undefined {
  const searched = parsed.validity !== 'refused' && parsed.pattern.kind === 'terms'
  if (parsed.validity !== 'refused' && !searched) return undefined
  if (!/\{.*\$\$?\./s.test(text)) return undefined
  let bare = text.trim()
  const removed: Residue[] = []
  for (const residue of RESIDUES) {
    const without = bare.replaceAll(residue.found, residue.by).trim()
    if (without === bare) continue
    removed.push(residue)
    bare = without
  }
  const [first] = removed
  if (first === undefined) return undefined
  // Single quotes are no quotes to AWS, and shells leave them inside as well.
  const meant = [bare, bare.replaceAll(/'([^'"]*)'/g, '"$1"')].find((one) => parsePattern(one).validity !== 'refused')
  if (meant === undefined && !searched) return undefined
  const column = Math.max(1, text.search(new RegExp(first.found.source, first.found.flags.replace('g', ''))) + 1)
  const effect = searched
    ? 'AWS takes the whole text for words to search for, and no event holds it'
    : 'AWS refuses the pattern'
  return {
    rule: searched ? 'never-matches' : 'syntax',
    status: 'fail',
    column,
    message: `the pattern holds ${first.cause}: ${effect}`,
    ...(meant === undefined ? {} : { fix: meant }),
  }
}
