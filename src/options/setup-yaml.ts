/** Setup files with YAML and zod at hand: a chunk of its own, loaded only where a file is read or written. */

import { Document, isAlias, isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml'
import { z } from 'zod'
import { readRoute } from '../domain/route.ts'
import { type AppError, usage } from '../errors.ts'
import { didYouMean } from '../spelling.ts'
import type { InitOptions, OptionName } from './command-options.ts'
import { detectionId } from './items.ts'
import { meaningOf, OPTIONS, type OptionSpec, optionsOf, variableOf } from './table.ts'
import type { Zod } from './types.ts'

/** One entry of `detections` that tunes what it names. */
interface TunedEntry {
  readonly id: string
  readonly threshold?: number | undefined
  readonly period?: number | undefined
  readonly hold?: number | undefined
  readonly urgency?: 'page' | 'ticket' | undefined
  readonly excludePrincipals?: readonly string[] | undefined
}

/** Options that name a file with a secret. */
const FILES: readonly OptionName[] = ['integrationKeyFile', 'pagerdutyTokenFile']

const KEYS: readonly OptionName[] = optionsOf('init').filter((name) => OPTIONS[name].file)

/** Reads a setup file. Throws a usage error (exit 2) with file, line and column for whatever it may not hold. */
export function parseSetup(text: string, path: string): Partial<InitOptions> {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines })
  const [broken] = document.errors
  if (broken !== undefined) throw refused(path, lines, broken.pos[0], firstLine(broken.message))
  refuseAliases(document, path, lines)
  if (document.contents === null) return {}
  if (!isMap(document.contents)) throw refused(path, lines, 0, 'a setup file is a list of "key: value" lines')
  const parsed = schema(z).safeParse(document.toJS())
  if (parsed.success) {
    const contents = flattened(parsed.data as Contents)
    refusePlainSecrets(contents, document, path, lines)
    return contents
  }
  const [first] = parsed.error.issues
  if (first === undefined) throw new Error('zod refused a setup file without saying why')
  const issue = innermost(first)
  if (issue.keys !== undefined) {
    const offset = offsetOf(document, [...issue.path, issue.keys[0] ?? ''], 'key')
    throw refused(path, lines, offset, ...unknownKey(issue))
  }
  throw refused(
    path,
    lines,
    offsetOf(document, issue.path, 'value'),
    `${issue.path.join('.')}: ${sentence(issue.message)}`,
  )
}

/** Setup files are committed and shared, so a secret is only ever referred to. */
function refusePlainSecrets(
  contents: Partial<InitOptions>,
  document: Document,
  path: string,
  lines: LineCounter,
): void {
  for (const [name, value] of Object.entries(contents) as [OptionName, unknown][]) {
    if (!OPTIONS[name].secret || typeof value !== 'string' || /^(env|file):./s.test(value)) continue
    const hint = `write ${name}: env:${variableOf(name)} or ${name}: file:PATH, and replace the key if the file was shared`
    throw refused(path, lines, offsetOf(document, [name], 'value'), `${name} holds the secret itself`, hint)
  }
}

/** A short file with aliases of aliases stands for gigabytes, and no setup file needs one. */
function refuseAliases(document: Document, path: string, lines: LineCounter): void {
  visit(document, {
    Node(_key, node) {
      if (!isAlias(node) && !('anchor' in node && node.anchor)) return
      const what = isAlias(node) ? `the alias *${node.source}` : `the anchor &${String(node.anchor)}`
      throw refused(
        path,
        lines,
        node.range?.[0] ?? 0,
        `${what} is not supported in a setup file`,
        'write the value out',
      )
    },
  })
}

/** The text of a setup file that says the same as the options, each value with its meaning; a secret only by reference. */
export function formatSetup(options: InitOptions): string {
  const known: Readonly<Record<string, unknown>> = { ...options, ...routeOfUrl(options) }
  const entries = KEYS.flatMap((name) => {
    const value = known[name]
    // Standard input cannot be read again by the next run.
    if (value === undefined || (FILES.includes(name) && value === '-')) return []
    if (OPTIONS[name].secret) return fromKeyFile(name, options) ? [] : [[name, `env:${variableOf(name)}`] as const]
    return [[name, fileForm(OPTIONS[name] as OptionSpec, value)] as const]
  })
  const document = new Document(Object.fromEntries(entries))
  if (isMap(document.contents)) {
    for (const { key } of document.contents.items) {
      if (isScalar(key)) key.commentBefore = ` ${meaningOf(key.value as OptionName)}`
    }
  }
  const body = entries.length === 0 ? '' : `\n${document.toString({ lineWidth: 0 })}`
  const referred = entries.flatMap(([name]) => (OPTIONS[name].secret ? [variableOf(name)] : []))
  const needed = [...referred, ...(asksPagerDuty(options) ? [TOKEN] : [])]
  return `${HEAD}${needed.length === 0 ? '' : `# It needs in the environment: ${needed.join(', ')}\n`}${body}`
}

/** What a pasted URL decides by itself, so that the bare key leads to the same place later. */
function routeOfUrl({ integrationUrl: url, route, serviceRegion }: InitOptions): Partial<InitOptions> {
  if (url === undefined) return {}
  try {
    const found = readRoute({ url, route, serviceRegion }).route
    const kind = found.kind ?? (found.shape === 'x-ere' ? 'global-orchestration' : 'service')
    return { route: kind, serviceRegion: found.serviceRegion }
  } catch {
    // Of a host that only tests have.
    return {}
  }
}

/** The key or URL that the key file holds is read from there again. */
function fromKeyFile(name: OptionName, { integrationKeyFile: path }: InitOptions): boolean {
  return path !== undefined && path !== '-' && (name === 'integrationKey' || name === 'integrationUrl')
}

function asksPagerDuty(options: InitOptions): boolean {
  const { pagerdutyService, pagerdutyOrchestration, createService, pagerdutyTokenFile } = options
  const asks = (pagerdutyService ?? pagerdutyOrchestration ?? createService) !== undefined
  return asks && (pagerdutyTokenFile === undefined || pagerdutyTokenFile === '-')
}

/** The JSON Schema of a setup file, from the same table. */
export function setupSchema(): object {
  return { title: 'Setup file of cloudtrail-pd', ...z.toJSONSchema(schema(z), { io: 'input' }) }
}

const HEAD = `# yaml-language-server: $schema=https://unpkg.com/cloudtrail-pd/dist/setup.schema.json
# A setup file of cloudtrail-pd: npx cloudtrail-pd init --config FILE
# A secret is a reference: env:NAME is an environment variable, file:PATH a file that holds it.
`
const TOKEN = 'PAGERDUTY_TOKEN (a REST API token, with which PagerDuty is asked for the key)'

type Contents = Omit<Partial<InitOptions>, 'detections'> & {
  readonly detections?: readonly (string | TunedEntry)[] | undefined
}

function schema(zod: Zod) {
  const shape = Object.fromEntries(
    KEYS.map((name) => [name, OPTIONS[name].value.schema(zod).optional().describe(meaningOf(name))]),
  )
  const entry = zod.union([detectionId.schema(zod), tunedEntry(zod)])
  const detections = zod.array(entry).optional().describe('ids and packs, or entries that tune what they name')
  return zod.strictObject({ ...shape, detections })
}

function tunedEntry(zod: Zod) {
  return zod.strictObject({
    id: detectionId.schema(zod),
    threshold: zod.number().optional(),
    period: zod.int().optional(),
    hold: zod.int().optional(),
    urgency: zod.enum(['page', 'ticket']).optional(),
    excludePrincipals: zod.array(zod.string()).optional(),
  })
}

/** Entries that tune become what `--set` and `--exclude-principal` say. */
function flattened(contents: Contents): Partial<InitOptions> {
  const { detections, ...rest } = contents
  if (detections === undefined) return rest
  const entries = detections.filter((entry) => typeof entry !== 'string')
  const set = entries.flatMap(({ id, excludePrincipals: _, ...fields }) =>
    Object.entries(fields).map(([field, value]) => ({ id, field, value: String(value) })),
  )
  const excluded = entries.flatMap(({ id, excludePrincipals = [] }) =>
    excludePrincipals.map((principal) => ({ id, principal })),
  )
  return {
    ...rest,
    detections: detections.map((entry) => (typeof entry === 'string' ? entry : entry.id)),
    ...(set.length === 0 ? {} : { set: [...set, ...(rest.set ?? [])] }),
    ...(excluded.length === 0 ? {} : { excludePrincipal: [...excluded, ...(rest.excludePrincipal ?? [])] }),
  }
}

/** Lists and records stay what they are; items with parts become the text that a flag would take. */
function fileForm(row: OptionSpec, value: unknown): unknown {
  if (!Array.isArray(value)) return value
  return value.map((item) => (typeof item === 'string' ? item : row.value.write([item])[0]))
}

function unknownKey(issue: Issue): [message: string, hint: string] {
  const key = issue.keys?.[0] ?? ''
  const known = issue.path.length === 0 ? KEYS : TUNABLE
  return [`there is no key "${key}"`, didYouMean(key, known) ?? `the keys are ${known.join(', ')}`]
}

const TUNABLE = ['id', 'threshold', 'period', 'hold', 'urgency', 'excludePrincipals']

/** As much of an issue of zod as is used here. */
interface Issue {
  readonly code: string
  readonly path: PropertyKey[]
  readonly message: string
  readonly keys?: readonly string[]
  readonly errors?: readonly (readonly Issue[])[]
}

/** Of the branches of a union, the one that fits the kind of value that was written says what is wrong. */
function innermost(issue: Issue): Issue {
  const branch = issue.errors?.find(
    ([first]) => first !== undefined && !(first.code === 'invalid_type' && first.path.length === 0),
  )
  const [first] = branch ?? []
  return first === undefined ? issue : innermost({ ...first, path: [...issue.path, ...first.path] })
}

function refused(path: string, lines: LineCounter, offset: number, message: string, hint?: string): AppError {
  const { line, col } = lines.linePos(offset)
  return usage('setup-file', `${path}:${Math.max(1, line)}:${Math.max(1, col)}: ${message}`, hint)
}

/** Where the last step's key or value stands; of what is not there, where the nearest thing around it does. */
function offsetOf(document: Document, path: readonly PropertyKey[], part: 'key' | 'value'): number {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const step = path[depth - 1]
    const parent = document.getIn(path.slice(0, depth - 1), true) as Collection | undefined
    const item =
      typeof step === 'number' ? parent?.items?.[step] : parent?.items?.find(({ key }) => key?.value === step)
    const node = typeof step === 'number' ? item : item?.[part]
    if (node?.range) return node.range[0]
  }
  return 0
}

type ScanTarget = Pick<Node, 'range'>

/** A mapping's pairs or a sequence's items, as far as places are concerned. */
interface Collection {
  readonly items?: readonly (ScanTarget & {
    readonly key?: ScanTarget & { readonly value?: unknown }
    readonly value?: ScanTarget
  })[]
}

/** zod's "Invalid input: expected number, received string" in the house style. */
function sentence(message: string): string {
  const plain = message.replace(/^Invalid (input|option): /, '')
  return plain.charAt(0).toLowerCase() + plain.slice(1)
}

function firstLine(message: string): string {
  return sentence((message.split('\n')[0] ?? '').replace(/ at line \d+, column \d+:?$/, ''))
}
