/** The regular expressions AWS takes between `%`: alternatives of characters and classes with quantifiers, no groups. */
import { type Cursor, refuse, splice, uncertainty } from './cursor.ts'

/** Alternatives, of which one must match somewhere. */
export type Regex = readonly (readonly Item[])[]

export type Item = { readonly kind: 'start' } | { readonly kind: 'end' } | Atom

interface Atom {
  readonly kind: 'atom'
  readonly set: CharacterSet
  readonly min: number
  readonly max: number
}

export interface CharacterSet {
  /** 1 for each member below 256. */
  readonly table: Uint8Array
  /** Whether everything from 256 on belongs to it. */
  readonly beyond: boolean
}

/** Nobody has tried larger counts; engines without backtracking stop here. */
const MAX_COUNT = 1000

const ALLOWED = /[A-Za-z0-9:_#=@/;,\- ^$?[\]{}|\\*+.]/
const SYMBOLS = ':_#=@/;,- ^$?[]{}|\\*+.'

/**
 * Reads `source`, the text between the percent signs, whose first character has this 1-based `column` in the pattern of
 * `cursor`; refusals and doubts go there.
 */
export function parseRegex(source: string, column: number, cursor: Cursor): Regex {
  if (source === '') refuse(column, 'a regex between percent signs cannot be empty')
  refuseCharacters(source, column, cursor)
  const reader: Reader = { source, column, cursor, at: 0 }
  const branches: Item[][] = [[]]
  while (reader.at < source.length) {
    if (source[reader.at] === '|') {
      reader.at += 1
      branches.push([])
    } else branches.at(-1)?.push(readItem(reader))
  }
  cursor.meter.steps += source.length
  return branches
}

interface Reader {
  readonly source: string
  readonly column: number
  readonly cursor: Cursor
  at: number
}

function refuseCharacters(source: string, column: number, cursor: Cursor): void {
  const index = [...source].findIndex((character) => !ALLOWED.test(character))
  if (index < 0) return
  const before = [...source].slice(0, index).join('')
  const character = [...source][index] ?? ''
  const at = column + before.length
  if (character === '(' || character === ')') refuseParenthesis(source, at, cursor)
  const code = character.codePointAt(0) ?? 0
  if (code > 255) refuse(at, `AWS takes only ASCII in a regex, and ${character} is not; use . or a class instead`)
  const escaped = `\\x${code.toString(16).padStart(2, '0')}`
  const fixed = splice(cursor.text, at - 1, at, escaped)
  refuse(at, `${JSON.stringify(character)} is not allowed in a regex; write ${escaped}`, fixed)
}

function refuseParenthesis(source: string, at: number, cursor: Cursor): never {
  const meant = /[|?*+{]/.test(source) ? 'there are no groups' : 'parentheses are not allowed'
  const start = cursor.text.indexOf(source, 0)
  const literal = source.replace(/\\?\(/g, '\\x28').replace(/\\?\)/g, '\\x29')
  const fixed = meant === 'there are no groups' ? undefined : splice(cursor.text, start, start + source.length, literal)
  refuse(
    at,
    `${meant} in a regex; write \\x28 and \\x29 for the characters, and repeat what a group would share`,
    fixed,
  )
}

function here(reader: Reader): string {
  return reader.source[reader.at] ?? ''
}

function fail(reader: Reader, at: number, message: string): never {
  refuse(reader.column + at, message)
}

function readItem(reader: Reader): Item {
  const start = reader.at
  const character = here(reader)
  if (character === '^' || character === '$') {
    reader.at += 1
    if (/[*+?{]/.test(here(reader))) fail(reader, reader.at, `nothing to repeat before ${here(reader)}`)
    return { kind: character === '^' ? 'start' : 'end' }
  }
  if (/[*+?{]/.test(character)) {
    fail(reader, start, `nothing to repeat before ${character}; a literal one is \\${character}`)
  }
  const set = readSet(reader)
  return { kind: 'atom', set, ...readQuantifier(reader) }
}

function readSet(reader: Reader): CharacterSet {
  const character = here(reader)
  if (character === '[') return readClass(reader)
  if (character === '\\') return readEscape(reader)
  reader.at += 1
  return character === '.' ? invert(setOf('\n')) : setOf(character)
}

const COUNTS = /\{(\d*)(,?)(\d*)\}/y

function readQuantifier(reader: Reader): { readonly min: number; readonly max: number } {
  const start = reader.at
  const counts = readCounts(reader)
  if (counts === undefined) return { min: 1, max: 1 }
  // A lazy quantifier finds the same messages; AWS compiles it.
  if (here(reader) === '?') reader.at += 1
  if (/[*+?{]/.test(here(reader))) fail(reader, reader.at, 'a repetition cannot be repeated')
  if (counts.min > counts.max) fail(reader, start, 'the first number of a repetition is the smaller one')
  return counts
}

function readCounts(reader: Reader): { readonly min: number; readonly max: number } | undefined {
  const character = here(reader)
  if (character !== '{') {
    if (!/[*+?]/.test(character) || character === '') return undefined
    reader.at += 1
    return { min: character === '+' ? 1 : 0, max: character === '?' ? 1 : Number.POSITIVE_INFINITY }
  }
  COUNTS.lastIndex = reader.at
  const [all, min = '', comma, max = ''] = COUNTS.exec(reader.source) ?? []
  if (all === undefined || (min === '' && max === '')) {
    fail(reader, reader.at, 'a repetition is {2}, {2,} or {2,5}; a literal { is \\{')
  }
  if (min === '') note(reader, 'a repetition without its first number is not documented; write {0,n}')
  if (Number(min) > MAX_COUNT || Number(max) > MAX_COUNT) {
    note(reader, `a repetition above ${MAX_COUNT} is not documented`)
  }
  reader.at += all.length
  const least = Number(min)
  if (comma === '') return { min: least, max: least }
  return { min: least, max: max === '' ? Number.POSITIVE_INFINITY : Number(max) }
}

function note(reader: Reader, message: string): void {
  uncertainty(reader.cursor, reader.column + reader.at, message)
}

const NAMED: Readonly<Record<string, string>> = {
  d: '0123456789',
  s: '\t\n\v\f\r ',
  w: 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_',
}

function readEscape(reader: Reader): CharacterSet {
  const start = reader.at
  const character = reader.source[start + 1] ?? ''
  reader.at += 2
  const named = NAMED[character.toLowerCase()]
  if (named !== undefined) return character < 'a' ? invert(setOf(named)) : setOf(named)
  if (character === 'x') {
    const digits = /^[0-9A-Fa-f]{2}/.exec(reader.source.slice(reader.at))?.[0]
    if (digits === undefined) fail(reader, start, 'after \\x go two hexadecimal digits')
    reader.at += 2
    return setOf(String.fromCharCode(Number.parseInt(digits, 16)))
  }
  if (character === '') fail(reader, start, 'a backslash ends this regex; a literal one is \\\\')
  if (!SYMBOLS.includes(character)) {
    fail(reader, start, `\\${character} is not a known escape; there are \\d \\D \\s \\S \\w \\W and \\xhh`)
  }
  return setOf(character)
}

function readClass(reader: Reader): CharacterSet {
  const start = reader.at
  reader.at += 1
  const inverted = here(reader) === '^'
  if (inverted) reader.at += 1
  if (here(reader) === ']') fail(reader, reader.at, 'a class cannot be empty; a literal ] is \\]')
  const table = new Uint8Array(256)
  let beyond = false
  while (here(reader) !== ']') {
    if (here(reader) === '') fail(reader, start, 'this class is never closed; a literal [ is \\[')
    const part = readRange(reader)
    for (const [code, member] of part.table.entries()) if (member === 1) table[code] = 1
    beyond ||= part.beyond
  }
  reader.at += 1
  return inverted ? invert({ table, beyond }) : { table, beyond }
}

function readRange(reader: Reader): CharacterSet {
  const start = reader.at
  const first = readMember(reader)
  if (here(reader) !== '-' || reader.source[reader.at + 1] === ']' || reader.at + 1 >= reader.source.length) {
    return first
  }
  const from = onlyMember(first)
  reader.at += 1
  const to = onlyMember(readMember(reader))
  if (from === undefined || to === undefined) fail(reader, start, 'a range goes from one character to another')
  if (from > to) fail(reader, start, 'a range goes from the lower character to the higher one')
  const table = new Uint8Array(256)
  table.fill(1, from, to + 1)
  return { table, beyond: false }
}

function readMember(reader: Reader): CharacterSet {
  if (here(reader) === '\\') return readEscape(reader)
  if (here(reader) === '[') note(reader, 'a [ within a class is not documented; write \\[')
  reader.at += 1
  return setOf(reader.source[reader.at - 1] ?? '')
}

function onlyMember(set: CharacterSet): number | undefined {
  const first = set.table.indexOf(1)
  return set.beyond || first < 0 || set.table.indexOf(1, first + 1) >= 0 ? undefined : first
}

function setOf(characters: string): CharacterSet {
  const table = new Uint8Array(256)
  for (const character of characters) table[character.charCodeAt(0)] = 1
  return { table, beyond: false }
}

function invert(set: CharacterSet): CharacterSet {
  return { table: set.table.map((member) => 1 - member), beyond: !set.beyond }
}
