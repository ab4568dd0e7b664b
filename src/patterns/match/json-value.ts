/** JSON messages as values: plain, or with the text of every number kept. */

export type Json = null | boolean | number | string | readonly Json[] | JsonObject | NumberText

export interface JsonObject {
  readonly [key: string]: Json
}

const TEXT: unique symbol = Symbol('number text')

/** A number as the message spells it; the symbol keeps it apart from every object of a message. */
export interface NumberText {
  readonly [TEXT]: string
}

/** The message when it is one JSON object and nothing else; AWS looks at no other. */
export function readJson(message: string): JsonObject | undefined {
  // Cheaper than the exception of JSON.parse, and most lines that are not JSON end here.
  if (!message.startsWith('{') && !/^[ \t\r\n]*\{/.test(message)) return undefined
  try {
    const value: Json = JSON.parse(message)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** As `readJson`, with `NumberText` for numbers; `depth` levels deep, an object or array that lies deeper is `{}`. */
export function readJsonWithNumberText(message: string, depth: number): JsonObject | undefined {
  if (readJson(message) === undefined) return undefined
  const reader: Reader = { message, at: 0 }
  const value = readValue(reader, depth)
  return isObject(value) ? value : undefined
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(TEXT in value)
}

export function isNumberText(value: Json): value is NumberText {
  return typeof value === 'object' && value !== null && TEXT in value
}

export function numberText(value: NumberText): string {
  return value[TEXT]
}

/** Walks a text that `JSON.parse` has taken, so nothing here can be malformed. */
interface Reader {
  readonly message: string
  at: number
}

const BLANKS = /[ \t\r\n]*/y
const SCALAR = /[^\s,\]}]+/y
const STRUCTURE = /["[\]{}]/g

function readValue(reader: Reader, depth: number): Json {
  skip(reader)
  const first = reader.message[reader.at]
  if (first === '"') return readString(reader)
  if (first === '{' || first === '[') {
    if (depth === 0) return skipNested(reader)
    return first === '{' ? readObject(reader, depth) : readArray(reader, depth)
  }
  SCALAR.lastIndex = reader.at
  const text = SCALAR.exec(reader.message)?.[0] ?? ''
  reader.at += text.length
  if (text === 'null') return null
  if (text === 'true' || text === 'false') return text === 'true'
  return { [TEXT]: text }
}

function readObject(reader: Reader, depth: number): Json {
  // No prototype, so that a key such as __proto__ is a key like any other.
  const object: Record<string, Json> = Object.create(null)
  reader.at += 1
  skip(reader)
  while (reader.message[reader.at] !== '}') {
    const key = readString(reader)
    skip(reader)
    reader.at += 1
    object[key] = readValue(reader, depth - 1)
    skipComma(reader)
  }
  reader.at += 1
  return object
}

function readArray(reader: Reader, depth: number): Json {
  const values: Json[] = []
  reader.at += 1
  skip(reader)
  while (reader.message[reader.at] !== ']') {
    values.push(readValue(reader, depth - 1))
    skipComma(reader)
  }
  reader.at += 1
  return values
}

function readString(reader: Reader): string {
  const start = reader.at
  skipString(reader)
  return JSON.parse(reader.message.slice(start, reader.at))
}

function skipString(reader: Reader): void {
  const { message } = reader
  let at = message.indexOf('"', reader.at + 1)
  while (isEscaped(message, at)) at = message.indexOf('"', at + 1)
  reader.at = at + 1
}

function isEscaped(message: string, quote: number): boolean {
  let before = quote - 1
  while (message[before] === '\\') before -= 1
  return (quote - before) % 2 === 0
}

/** Over one object or array, however deep it is, without recursion. */
function skipNested(reader: Reader): JsonObject {
  let open = 0
  do {
    STRUCTURE.lastIndex = reader.at
    const at = STRUCTURE.exec(reader.message)?.index ?? reader.message.length
    const character = reader.message[at]
    reader.at = at
    if (character === '"') skipString(reader)
    else reader.at += 1
    if (character === '{' || character === '[') open += 1
    if (character === '}' || character === ']') open -= 1
  } while (open > 0 && reader.at < reader.message.length)
  return {}
}

function skip(reader: Reader): void {
  BLANKS.lastIndex = reader.at
  reader.at += BLANKS.exec(reader.message)?.[0].length ?? 0
}

function skipComma(reader: Reader): void {
  skip(reader)
  if (reader.message[reader.at] !== ',') return
  reader.at += 1
  skip(reader)
}
