/** Takes a JSON document of many events apart into the messages that CloudWatch Logs would hold, without re-reading a number. */

/** Whether the text begins like a JSON array or like a file of CloudTrail. */
export function beginsLikeMany(text: string): boolean {
  return /^[ \t\r\n]*(\[|\{[ \t\r\n]*"Records"[ \t\r\n]*:)/.test(text)
}

/** Whether the text is one JSON value and nothing else. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/**
 * The elements of a JSON array, or the records of one or more CloudTrail files that stand side by side, as messages:
 * blanks between the tokens are gone, as CloudTrail writes them; an element that is a text is that text.
 * Nothing when it is neither. Never throws.
 */
export function messagesIn(text: string): readonly string[] | undefined {
  if (!beginsLikeMany(text)) return undefined
  const found: string[] = []
  for (let at = skipBlanks(text, 0); at < text.length; ) {
    const end = valueEnd(text, at)
    const document = text.slice(at, end)
    const list = isJson(document) ? listIn(document) : undefined
    if (list === undefined) return undefined
    for (const element of elements(document, list)) found.push(messageOf(element))
    at = skipBlanks(text, end)
  }
  return found
}

/** The JSON value without the blanks between its tokens. */
export function compact(json: string): string {
  let written = ''
  for (let at = 0; ; ) {
    const quote = json.indexOf('"', at)
    written += json.slice(at, quote < 0 ? json.length : quote).replaceAll(/[ \t\r\n]+/g, '')
    if (quote < 0) return written
    at = stringEnd(json, quote)
    written += json.slice(quote, at)
  }
}

function messageOf(element: string): string {
  if (element.startsWith('"')) return JSON.parse(element)
  return /[ \t\r\n]/.test(element) ? compact(element) : element
}

/** The elements of the list under `Records`, wherever it stands in an object that is whole JSON; as messages. */
export function recordsIn(object: string): readonly string[] {
  const list = listIn(object.trimStart())
  return list === undefined ? [] : [...elements(object.trimStart(), list)].map(messageOf)
}

/** Where the list begins: the document itself, or its `Records`. */
function listIn(document: string): number | undefined {
  if (document.startsWith('[')) return 0
  for (let at = skipBlanks(document, 1); document[at] === '"'; ) {
    const keyEnd = stringEnd(document, at)
    const value = skipBlanks(document, skipBlanks(document, keyEnd) + 1)
    if (document.slice(at, keyEnd) === '"Records"') return document[value] === '[' ? value : undefined
    const comma = skipBlanks(document, valueEnd(document, value))
    at = skipBlanks(document, comma + 1)
  }
  return undefined
}

function* elements(text: string, open: number): Generator<string> {
  let at = skipBlanks(text, open + 1)
  while (text[at] !== ']') {
    const end = valueEnd(text, at)
    yield text.slice(at, end)
    at = skipBlanks(text, end)
    if (text[at] === ',') at = skipBlanks(text, at + 1)
  }
}

const STRUCTURE = /["[\]{}]/g
const SCALAR = /[^\s,\]}]+/y

/** Behind the value that begins at `at`; without recursion, since nobody limits the depth of an event. */
function valueEnd(text: string, at: number): number {
  const first = text[at]
  if (first === '"') return stringEnd(text, at)
  if (first !== '{' && first !== '[') {
    SCALAR.lastIndex = at
    return at + (SCALAR.exec(text)?.[0].length ?? 1)
  }
  let open = 0
  let end = at
  do {
    STRUCTURE.lastIndex = end
    const found = STRUCTURE.exec(text)?.index
    if (found === undefined) return text.length
    const character = text[found]
    end = character === '"' ? stringEnd(text, found) : found + 1
    if (character === '{' || character === '[') open += 1
    if (character === '}' || character === ']') open -= 1
  } while (open > 0)
  return end
}

/** Behind the text whose quote opens at `at`; the end of everything when it is never closed. */
function stringEnd(text: string, at: number): number {
  for (let quote = text.indexOf('"', at + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let before = quote - 1
    while (text[before] === '\\') before -= 1
    if ((quote - before) % 2 === 1) return quote + 1
  }
  return text.length
}

const BLANKS = /[ \t\r\n]*/y

function skipBlanks(text: string, at: number): number {
  BLANKS.lastIndex = at
  return at + (BLANKS.exec(text)?.[0].length ?? 0)
}
