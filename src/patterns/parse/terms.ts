/** Patterns of words and quoted phrases, each plain, excluded (`-`) or optional (`?`). */

import type { Term } from '../pattern.ts'
import { type Cursor, move, peek, refuse, skipBlanks, spanFrom, splice, takeMatch, uncertainty } from './cursor.ts'
import { parseQuoted } from './value.ts'

/** Up to what ends a bare word: a blank, a quote, or the prefix of the next term. */
const WORD = /[^ \t\r\n"?-]+/y
const BARE = /[\p{L}\p{N}_.]/u
/** Of these nobody has reported either answer; all others are refused. */
const UNTRIED = /[,'#=&()<>|;+~^$]/

export function parseTerms(cursor: Cursor): readonly Term[] {
  const terms: Term[] = []
  skipBlanks(cursor)
  while (cursor.at < cursor.stop) {
    terms.push(parseTerm(cursor))
    skipBlanks(cursor)
  }
  return terms
}

function parseTerm(cursor: Cursor): Term {
  const start = cursor.at
  const role = parsePrefix(cursor)
  if (peek(cursor) === '"') {
    const { text } = parseQuoted(cursor)
    if (text === '') refuse(cursor.at - 1, 'a quoted phrase cannot be empty')
    if (!/^[ \t\r\n?-]?$/.test(peek(cursor))) {
      refuse(cursor.at + 1, 'a blank goes after a closing quote', splice(cursor.text, cursor.at, cursor.at, ' '))
    }
    return { role, text, quoted: true, ...spanFrom(cursor, start) }
  }
  const at = cursor.at
  const text = takeMatch(cursor, WORD)
  if (text === '') {
    uncertainty(cursor, start + 1, 'a - or ? with nothing behind it is not documented; quote it')
    return { role: 'include', text: cursor.text.slice(start, cursor.at), quoted: false, ...spanFrom(cursor, start) }
  }
  judgeWord(cursor, at, text)
  if (peek(cursor) === '"') {
    refuse(cursor.at + 1, 'a blank goes before a quote', splice(cursor.text, cursor.at, cursor.at, ' '))
  }
  return { role, text, quoted: false, ...spanFrom(cursor, start) }
}

function parsePrefix(cursor: Cursor): Term['role'] {
  let role: Term['role'] = 'include'
  for (let count = 0; peek(cursor) === '-' || peek(cursor) === '?'; count += 1) {
    if (count === 1) {
      uncertainty(cursor, cursor.at + 1, 'two prefixes on one term are not documented; quote what is part of the text')
    }
    if (peek(cursor) === '-') role = 'exclude'
    else if (role === 'include') role = 'optional'
    move(cursor)
  }
  return role
}

function judgeWord(cursor: Cursor, start: number, text: string): void {
  // A phrase is found anywhere, so a star has no use in it; a backslash between quotes is not documented.
  const quoted = `"${text.replace(/[\\*]/g, '') || text}"`
  let column = start + 1
  for (const character of text) {
    if (character === '%') refuse(column, 'a regex must be the whole pattern; a percent sign as text needs quotes')
    if (!BARE.test(character)) {
      const message = `${character} needs quotes; write ${quoted}`
      if (UNTRIED.test(character)) uncertainty(cursor, column, message)
      else refuse(column, message, splice(cursor.text, start, start + text.length, quoted))
    }
    column += character.length
  }
}
