/** A text with stars as a regex that AWS takes. */

const LITERAL = /[A-Za-z0-9:_#=@/;, -]/
const ESCAPED = /[.^$?[\]{}|\\+]/

/** Nothing when the text holds a character that no AWS regex can name. */
export function starsAsRegex(text: string): string | undefined {
  const parts = [...text.replace(/\*+/g, '*')].map(regexCharacter)
  if (parts.includes(undefined)) return undefined
  return `^${parts.join('')}$`.replace(/^\^\.\*/, '').replace(/\.\*\$$/, '')
}

function regexCharacter(character: string): string | undefined {
  if (character === '*') return '.*'
  if (LITERAL.test(character)) return character
  if (ESCAPED.test(character)) return `\\${character}`
  const code = character.codePointAt(0) ?? 256
  return code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : undefined
}
