/** Flag, then variable, then setup file: the options of one run, without any prompt and without any default. */

import { AppError, usage } from '../errors.ts'
import type { Env, Files } from '../ports.ts'
import type { AllOptions, CommandName, OptionName, OptionsOf } from './command-options.ts'
import { readKeyText } from './key-text.ts'
import { readSetupFile, resolveSecrets } from './setup-file.ts'
import { ALTERNATIVES, flagOf, OPTIONS, type OptionSpec, optionsOf, variableOf } from './table.ts'
import { shortened } from './types.ts'
import { collectUsageErrors } from './usage-errors.ts'

/** What stood on the command line: for each option the texts given, in order. */
export type Given = { readonly [K in OptionName]?: readonly string[] }

/** Reads flags, environment, setup file and key file. Throws usage errors (exit 2), all that were found at once. */
export async function readOptions<C extends CommandName>(
  command: C,
  given: Given,
  env: Env,
  files: Files,
): Promise<OptionsOf[C]> {
  const known = optionsOf(command)
  const complaints = collectUsageErrors()
  const provided = complaints.collect(() => merge(fromFlags(known, given), fromEnv(known, env)))
  complaints.settle()
  const merged = await withSetupFile(provided ?? {}, known, env, files)
  judgeEndpoint(merged)
  return (await withKeyFile(merged, files)) as OptionsOf[C]
}

/** Over plain http everybody on the way reads the integration URL that Subscribe sends. */
function judgeEndpoint({ endpointUrl, insecureEndpoint }: Partial<AllOptions>): void {
  if (endpointUrl === undefined || insecureEndpoint || !URL.canParse(endpointUrl)) return
  const { protocol, hostname } = new URL(endpointUrl)
  if (protocol !== 'http:' || /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname)) return
  throw usage(
    'option-value',
    `${flagOf('endpointUrl')} "${shortened(endpointUrl)}" sends keys and credentials unencrypted to another machine`,
    `use https, or allow it with ${flagOf('insecureEndpoint')}`,
  )
}

/**
 * What flags and variables say is not looked up in the file: its reference may lead nowhere here. Nor is a secret that
 * the command has no use for.
 */
async function withSetupFile(
  provided: Partial<AllOptions>,
  known: readonly OptionName[],
  env: Env,
  files: Files,
): Promise<Partial<AllOptions>> {
  const merged = merge(provided, await fromSetupFile(provided.config, known, files))
  const isUseless = (name: OptionName) => OPTIONS[name].secret === true && !known.includes(name)
  const referred = Object.fromEntries(
    Object.entries(merged).filter(([name]) => !(name in provided) && !isUseless(name as OptionName)),
  )
  const found = await resolveSecrets(referred, env, (path, option) => readText(path, option, files))
  return { ...found, ...provided }
}

/** Options said on the command line. Throws usage errors. */
export function fromFlags(known: readonly OptionName[], given: Given): Partial<AllOptions> {
  const complaints = collectUsageErrors()
  const entries = known.flatMap((name) => {
    const texts = given[name]
    if (texts === undefined) return []
    const value = complaints.collect(() => parseTexts(OPTIONS[name] as OptionSpec, texts, flagOf(name)))
    return value === undefined ? [] : [[name, value]]
  })
  complaints.settle()
  return Object.fromEntries(entries)
}

/** Options said in variables; an empty variable says nothing, as in the AWS CLI. */
export function fromEnv(known: readonly OptionName[], env: Env): Partial<AllOptions> {
  const complaints = collectUsageErrors()
  const entries = known.flatMap((name) => {
    const variable = variableOf(name)
    const text = variable === undefined ? undefined : env[variable]
    if (variable === undefined || text === undefined || text === '') return []
    const value = complaints.collect(() => (OPTIONS[name] as OptionSpec).value.parse(text, variable))
    return value === undefined ? [] : [[name, value]]
  })
  complaints.settle()
  return Object.fromEntries(entries)
}

/** `upper` wins, and what it says in one way silences `lower` saying it in another. */
export function merge(upper: Partial<AllOptions>, lower: Partial<AllOptions>): Partial<AllOptions> {
  const silenced = ALTERNATIVES.filter((names) => names.some((name) => upper[name] !== undefined)).flat()
  const heard = Object.entries(lower).filter(([name]) => !silenced.some((other) => other === name))
  return { ...Object.fromEntries(heard), ...upper }
}

function parseTexts(row: OptionSpec, texts: readonly string[], flag: string): unknown {
  for (const text of texts) {
    // `--route --yes` is a forgotten value, not a route of that name.
    if (row.value.placeholder !== undefined && text.startsWith('--')) {
      throw usage('option-value', `${flag} needs a value ${row.value.placeholder}`, `"${shortened(text)}" follows it`)
    }
  }
  const values = texts.map((text) => row.value.parse(text, flag))
  return values.reduce((before, more) => (row.value.join === undefined ? more : row.value.join(before, more)))
}

async function fromSetupFile(
  path: string | undefined,
  known: readonly OptionName[],
  files: Files,
): Promise<Partial<AllOptions>> {
  if (path === undefined || !known.includes('config')) return {}
  const text = await readText(path, '--config', files)
  return readSetupFile(text, path)
}

async function withKeyFile(options: Partial<AllOptions>, files: Files): Promise<Partial<AllOptions>> {
  const path = options.integrationKeyFile
  if (path === undefined) return options
  if (options.integrationKey !== undefined || options.integrationUrl !== undefined) {
    throw usage('route-conflict', '--integration-key-file and a key or URL were both given', 'give one of the two')
  }
  const text = await readText(path, '--integration-key-file', files)
  return { ...options, ...readKeyText(text, `--integration-key-file "${path}"`) }
}

/**
 * What a token file holds; undefined without one. `-` is standard input. Throws a usage error (exit 2) for a file that
 * cannot be read or is empty.
 */
export async function readTokenFile(path: string | undefined, files: Files): Promise<string | undefined> {
  if (path === undefined) return undefined
  const text = (await readText(path, flagOf('pagerdutyTokenFile'), files)).trim()
  if (text === '') throw usage('token-file-empty', `${flagOf('pagerdutyTokenFile')} "${path}" is empty`)
  if (text.length <= LONGEST_TOKEN && !/\s/.test(text)) return text
  throw usage('token-file-form', `${flagOf('pagerdutyTokenFile')} "${path}" does not hold one token and nothing else`)
}

/** Characters. API keys have 20, OAuth tokens some hundreds. */
const LONGEST_TOKEN = 4_096

/** The whole text of a file that an option names. Throws a usage error (exit 2). */
export async function readText(path: string, flag: string, files: Files): Promise<string> {
  try {
    return await files.read(path)
  } catch (cause) {
    throw unreadable(`${flag} "${path}"`, cause)
  }
}

/** A usage error (exit 2) for a file that could not be read; `said` names it. */
export function unreadable(provided: string, cause: unknown): AppError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
  const why =
    { ENOENT: 'does not exist', EACCES: 'may not be read', EISDIR: 'is a folder' }[code] ?? `cannot be read (${code})`
  return new AppError('file-unreadable', `${provided} ${why}`, { exit: 2, hint: 'check the path', cause })
}
