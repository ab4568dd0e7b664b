/** Cuts JSON documents that are longer than memory into their events while the text streams by. */

const QUOTE = 0x22
const BACKSLASH = 0x5c
const COMMA = 0x2c
const OPEN_LIST = 0x5b
const CLOSE_LIST = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/** How a file of CloudTrail begins, up to its first record. */
const RECORDS = /^[ \t\r\n]*\{[ \t\r\n]*"Records"[ \t\r\n]*:[ \t\r\n]*\[/

export interface Cutter {
  /** Takes the next piece of text and gives the events that it completes, as they are spelled. */
  feed(text: string): readonly string[]
  /** Whether the text may end here: no document is open. */
  atEnd(): boolean
}

/**
 * Takes documents one after another: of a CloudTrail file the records, of a list the elements, any other value itself.
 * It does not judge the JSON within an event, so give each event to a parser. Linear in the text; holds one event.
 */
export function createCutter(): Cutter {
  // What is known of the document: nothing yet, a list whose elements count, its end after that list, or one value.
  let place: 'start' | 'list' | 'tail' | 'value' = 'start'
  let start = ''
  let depth = 0
  let inString = false
  let escaped = false
  let open: string[] | undefined
  const reset = () => {
    place = 'start'
    depth = 0
    open = undefined
  }
  const begin = (text: string): string | undefined => {
    start += text
    const first = start.search(/[^ \t\r\n]/)
    if (first < 0) {
      start = ''
      return undefined
    }
    const records = RECORDS.exec(start)
    // The few characters that would decide may still be on their way.
    if (records === null && start.length - first < 64 && mayBeRecords(start)) return undefined
    const rest = records === null ? start.slice(first) : start.slice(records[0].length)
    start = ''
    if (records !== null) place = 'list'
    else if (rest.startsWith('[')) place = 'list'
    else place = 'value'
    isFile = records !== null
    return records === null && place === 'list' ? rest.slice(1) : rest
  }
  let isFile = false
  return {
    feed(piece) {
      const found: string[] = []
      let text = piece
      while (text !== '') {
        if (place === 'start') {
          const rest = begin(text)
          if (rest === undefined) return found
          text = rest
        }
        const end = scan(text, found)
        if (end < 0) return found
        text = text.slice(end)
        reset()
      }
      return found
    },
    atEnd: () => place === 'start' && start.trim() === '',
  }

  /** Behind the end of the document, or -1 when the text ends first. */
  function scan(text: string, found: string[]): number {
    let from = open === undefined ? -1 : 0
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at)
      if (inString) {
        if (escaped) escaped = false
        else if (code === BACKSLASH) escaped = true
        else if (code === QUOTE) inString = false
        continue
      }
      if (code <= 0x20) continue
      if (place === 'tail') {
        if (code === QUOTE) inString = true
        else if (code === OPEN_LIST || code === OPEN_OBJECT) depth += 1
        else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
          if (depth === 0) return at + 1
          depth -= 1
        }
        continue
      }
      if (depth === 0 && place === 'list' && (code === COMMA || code === CLOSE_LIST)) {
        if (from >= 0) finish(text, from, at, found)
        from = -1
        if (code === COMMA) continue
        if (!isFile) return at + 1
        place = 'tail'
        continue
      }
      if (from < 0) {
        from = at
        open = []
      }
      if (code === QUOTE) inString = true
      else if (code === OPEN_LIST || code === OPEN_OBJECT) depth += 1
      else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
        depth -= 1
        if (depth > 0) continue
        if (place === 'list') continue
        finish(text, from, at + 1, found)
        return at + 1
      }
    }
    if (from >= 0) open?.push(text.slice(from))
    return -1
  }

  function finish(text: string, from: number, to: number, found: string[]): void {
    const last = text.slice(from, to)
    found.push(open === undefined || open.length === 0 ? last : open.join('') + last)
    open = undefined
  }
}

function mayBeRecords(text: string): boolean {
  return '{"Records":['.startsWith(text.replaceAll(/[ \t\r\n]/g, ''))
}
