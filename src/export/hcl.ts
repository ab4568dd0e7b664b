/** HCL as `terraform fmt` writes it: blocks, attributes, and the escapes of quoted strings (HCL native syntax specification). */

/** An expression that is written as it stands, such as a reference. */
export class Expression {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type HclValue =
  | string
  | number
  | boolean
  | Expression
  | readonly HclValue[]
  | { readonly [key: string]: HclValue | undefined }

/** Attributes of a block; what is undefined is left out. */
export type Attributes = Readonly<Record<string, HclValue | undefined>>

export interface Block {
  readonly type: string
  readonly labels?: readonly string[]
  readonly attributes?: Attributes
  readonly blocks?: readonly Block[]
  /** One line each, above the block. */
  readonly comment?: readonly string[]
}

/** A file of blocks, with an empty line between them and a newline at the end. */
export function formatFile(blocks: readonly Block[]): string {
  return `${blocks.map((block) => formatBlock(block).join('\n')).join('\n\n')}\n`
}

/** A text as a quoted string; `interpolate` writes what is to be evaluated inside it. */
export function quotedHcl(text: string): string {
  return `"${escapedHcl(text)}"`
}

/** A text as it stands inside a quoted string: neither `${` nor `%{` begins a template there. */
export function escapedHcl(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll(/[$%](?=\{)/g, (sign) => sign + sign)
    .replaceAll(CONTROL, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

const CONTROL = /\p{Cc}/gu

/** `jsonencode(…)` of a value, for policies. */
export function jsonEncode(value: HclValue): Expression {
  const [first = '', ...rest] = formatValue(value)
  return new Expression([`jsonencode(${first}`, ...rest].join('\n').concat(')'))
}

function formatBlock({ type, labels = [], attributes = {}, blocks = [], comment = [] }: Block): readonly string[] {
  const head = [type, ...labels.map(quotedHcl)].join(' ')
  const above = comment.map((line) => `# ${line}`.trimEnd())
  const inner = [
    ...formatAttributes(attributes),
    ...blocks.flatMap((block, index) => [
      ...(index > 0 || Object.values(attributes).some((value) => value !== undefined) ? [''] : []),
      ...formatBlock(block),
    ]),
  ]
  if (inner.length === 0) return [...above, `${head} {}`]
  return [...above, `${head} {`, ...inner.map(indented), '}']
}

/** Names are padded so that the signs of neighbors stand below each other; a value of several lines ends a neighborhood. */
function formatAttributes(attributes: Attributes): readonly string[] {
  const entries = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, lines: formatValue(value) }],
  )
  return entries.flatMap(({ name, lines: [first = '', ...rest] }, index) => {
    const width = rest.length > 0 ? name.length : widthAt(entries, index)
    return [`${name.padEnd(width)} = ${first}`, ...rest]
  })
}

interface Entry {
  readonly name: string
  readonly lines: readonly string[]
}

/** The longest name among the neighbors of one line. */
function widthAt(entries: readonly Entry[], index: number): number {
  const single = (at: number) => entries[at]?.lines.length === 1
  let from = index
  while (single(from - 1)) from -= 1
  let to = index
  while (single(to + 1)) to += 1
  return Math.max(...entries.slice(from, to + 1).map(({ name }) => name.length))
}

function formatValue(value: HclValue): readonly string[] {
  if (value instanceof Expression) return value.text.split('\n')
  if (typeof value === 'string') return [quotedHcl(value)]
  if (typeof value === 'number' || typeof value === 'boolean') return [String(value)]
  if (Array.isArray(value)) return formatList(value)
  const named = Object.entries(value as Attributes).map(([name, item]) => [keyOf(name), item] as const)
  const inner = formatAttributes(Object.fromEntries(named))
  return inner.length === 0 ? ['{}'] : ['{', ...inner.map(indented), '}']
}

function formatList(values: readonly HclValue[]): readonly string[] {
  const items = values.map(formatValue)
  if (items.every((lines) => lines.length === 1) && items.join('').length < 60) return [`[${items.join(', ')}]`]
  return ['[', ...items.flatMap((lines) => [...lines.slice(0, -1), `${lines.at(-1)},`].map(indented)), ']']
}

function keyOf(name: string): string {
  return /^[A-Za-z_][\w-]*$/.test(name) ? name : quotedHcl(name)
}

function indented(line: string): string {
  return line === '' ? '' : `  ${line}`
}
