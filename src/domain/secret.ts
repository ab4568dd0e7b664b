/** A value that prints as host, shape and last four characters, and the net that keeps it out of every text. */

const INSPECT = Symbol.for('nodejs.util.inspect.custom')
/** A shorter value would be given away by its last four characters. */
const SHORTEST_TO_SHOW = 12
/** Shorter values are no key of any kind, and replacing them would tear up ordinary text. */
const SHORTEST_TO_SCRUB = 8
const INTEGRATION_PATH = /^\/(integration|x-ere)\/([^/]+)(\/enqueue)?\/?$/

/**
 * An integration key, an integration URL or a token.
 * Compare with `equals`: deep equality ignores private fields, so two different secrets would be "the same".
 * Only adapters may call `reveal`.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  reveal(): string {
    return this.#value
  }

  equals(other: Secret): boolean {
    return this.#value === other.#value
  }

  /** The last four characters of the key or token, of a URL those of its key; empty when the value is too short to show any. */
  get last4(): string {
    const key = keyOf(this.#value) ?? this.#value
    return key.length < SHORTEST_TO_SHOW ? '' : key.slice(-4)
  }

  /** `…cdef`, or `https://events.pagerduty.com/integration/…cdef/enqueue` for an integration URL. */
  toString(): string {
    return mask(this.#value)
  }

  toJSON(): string {
    return mask(this.#value)
  }

  [INSPECT](): string {
    return mask(this.#value)
  }
}

/** Collects secrets as a run learns them, and cleans text of all of them. */
export interface Scrubber {
  add(secret: Secret): void
  scrub(text: string): string
}

export function createScrubber(): Scrubber {
  const known: Secret[] = []
  return {
    add(secret) {
      if (!known.some((other) => other.equals(secret))) known.push(secret)
    },
    scrub: (text) => scrub(text, known),
  }
}

/**
 * The text with every occurrence of every secret replaced by its mask: the value itself, the key inside a URL, and both
 * as they look percent-encoded or inside a JSON string.
 */
export function scrub(text: string, secrets: Iterable<Secret>): string {
  const replacements = [...secrets].flatMap((secret) => spellings(secret.reveal()))
  // Longest first: a whole URL must go before the key inside it, and a key before another that it begins with.
  replacements.sort((a, b) => b.spelling.length - a.spelling.length)
  return replacements.reduce((clean, { spelling, shown }) => clean.replaceAll(spelling, () => shown), text)
}

function spellings(value: string): readonly { spelling: string; shown: string }[] {
  const key = keyOf(value)
  return [...(key === undefined ? [] : encodings(key)), ...encodings(value)]
}

function encodings(value: string): readonly { spelling: string; shown: string }[] {
  if (value.length < SHORTEST_TO_SCRUB) return []
  const percent = encodeURIComponent(value)
  const lowerPercent = percent.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())
  const json = JSON.stringify(value).slice(1, -1)
  return [...new Set([value, percent, lowerPercent, json])].map((spelling) => ({ spelling, shown: mask(value) }))
}

function mask(value: string): string {
  const url = parseUrl(value)
  if (url === undefined) return lastFour(value)
  const parts = INTEGRATION_PATH.exec(url.pathname)
  if (parts === null) return `${url.protocol}//${url.host}/…`
  const [, shape, key = '', tail = ''] = parts
  return `${url.protocol}//${url.host}/${shape}/${lastFour(key)}${tail}`
}

function lastFour(value: string): string {
  return value.length < SHORTEST_TO_SHOW ? '…' : `…${value.slice(-4)}`
}

function keyOf(value: string): string | undefined {
  return INTEGRATION_PATH.exec(parseUrl(value)?.pathname ?? '')?.[2]
}

function parseUrl(value: string): URL | undefined {
  // A key can hold neither of these, so a bare one such as `abc:def` is not taken for a scheme.
  return value.includes('://') && URL.canParse(value) ? new URL(value) : undefined
}
