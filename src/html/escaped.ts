/** Text of an account or of events inside HTML: shown as it is, never read as markup. */

import { clean } from '../visible-text.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Safe between tags and within quotes. Control characters are gone and invisible ones spelled out, before they could look like a tag. */
export function escaped(text: string): string {
  return clean(text).replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character)
}
