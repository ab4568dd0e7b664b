/** The `init` that says the same as a run's answers, in the shorter of two ways: by its setup file, or spelled out. */

import { isDeepStrictEqual } from 'node:util'
import { lookedUp } from '../domain/destination.ts'
import { AppError } from '../errors.ts'
import { commandLine, type NextCommand } from '../next-command.ts'
import type { Env, Files } from '../ports.ts'
import type { AllOptions, InitOptions, OptionName } from './command-options.ts'
import { equivalentCommand, isRepeated, TOKEN_VARIABLE } from './next-command.ts'
import { merge, readOptions } from './read.ts'
import { inFewWords } from './selection-words.ts'
import { readSetupFile } from './setup-file.ts'
import { flagOf, OPTIONS, optionsOf, variableOf } from './table.ts'

/** The setup file of a run. */
export interface GivenFile {
  readonly path: string
  /** What stands in it, secrets as references. */
  readonly written: Partial<InitOptions>
  /** What a run is told by it and by the variables of its secrets alone. */
  readonly read: InitOptions
}

/** Undefined without a file, and for one that cannot be read once more, such as a pipe. */
export async function givenFile(
  { config: path }: Pick<InitOptions, 'config'>,
  { env, files }: { readonly env: Env; readonly files: Files },
): Promise<GivenFile | undefined> {
  if (path === undefined || path === '-') return undefined
  try {
    const written = await readSetupFile(await files.read(path), path)
    if (Object.keys(written).length === 0) return undefined
    const read = await readOptions('init', { config: [path] }, secretsAlone(env, written), files)
    return { path, written, read }
  } catch (error) {
    // A file that is gone by now, or was changed, is no reason to end the run that has read it.
    if (error instanceof AppError || (error as NodeJS.ErrnoException).code !== undefined) return undefined
    throw error
  }
}

/** Without the variables of other options, and of secrets that the file takes from elsewhere. */
function secretsAlone(env: Env, written: Partial<InitOptions>): Env {
  const dropped = optionsOf('init').filter((name) => {
    if (!OPTIONS[name].secret) return true
    const reference = (written as Partial<AllOptions>)[name]
    return reference !== undefined && reference !== `env:${variableOf(name)}`
  })
  const variables = new Set(dropped.map(variableOf))
  return Object.fromEntries(Object.entries(env).filter(([variable]) => !variables.has(variable)))
}

/**
 * `settled` are options that need not be said again; what the file says of them is read again all the same, so it has
 * to be what the run was told.
 */
export function initCommand(
  options: InitOptions,
  file: GivenFile | undefined,
  settled: readonly OptionName[] = [],
): NextCommand {
  const spelled = equivalentCommand(inFewWords(pick(options, (name) => !settled.includes(name))))
  const short = file === undefined ? undefined : byFile(options, file, settled)
  return short !== undefined && commandLine(short).length < commandLine(spelled).length ? short : spelled
}

/** Undefined where the file says what no option takes back. */
function byFile(options: InitOptions, file: GivenFile, settled: readonly OptionName[]): NextCommand | undefined {
  const { path, written, read } = file
  const differs = (name: OptionName) =>
    isRepeated(name) && !isDeepStrictEqual(options[name as Name], read[name as Name])
  const together = merge(pick(options, differs), read)
  if (!isDeepStrictEqual(pick(together, isRepeated), pick(options, isRepeated))) return undefined
  const isSaid = (name: OptionName) => !settled.includes(name)
  if (settled.some((name) => written[name as Name] !== undefined) && settled.some(differs)) return undefined
  // What is left out belongs to what is chosen: few words for both are found together.
  const chosen = differs('detections') || differs('exclude')
  const isChosen = (name: OptionName) => chosen && (name === 'detections' || name === 'exclude')
  const more = equivalentCommand(inFewWords(pick(options, (name) => isSaid(name) && (differs(name) || isChosen(name)))))
  const secrets = optionsOf('init').flatMap((name) =>
    isSaid(name) ? (variableNeeded(name, options, file, differs(name)) ?? []) : [],
  )
  const isLookedUp = lookedUp(options) !== undefined || lookedUp(written) !== undefined
  const needsToken = isLookedUp && options.sandbox !== true && options.pagerdutyTokenFile === undefined
  return {
    ...more,
    flags: [[flagOf('config'), path], ...more.flags],
    secrets: needsToken ? [TOKEN_VARIABLE, ...secrets] : secrets,
  }
}

type Name = keyof InitOptions

/** The sandbox brings a key, but no low-urgency URL. */
function variableNeeded(
  name: OptionName,
  options: InitOptions,
  { written }: GivenFile,
  differs: boolean,
): string | undefined {
  if (!OPTIONS[name].secret || options[name as Name] === undefined) return undefined
  const isKey = name !== 'lowUrgencyIntegrationUrl'
  if (isKey && (options.sandbox === true || options.integrationKeyFile !== undefined)) return undefined
  const [, kind, rest] = /^(env|file):(.+)$/s.exec(String(differs ? '' : written[name as Name])) ?? []
  if (kind === 'file') return undefined
  return kind === 'env' ? rest : variableOf(name)
}

function pick(options: Partial<InitOptions>, which: (name: OptionName) => boolean): InitOptions {
  return Object.fromEntries(
    Object.entries(options).filter(([name, value]) => value !== undefined && which(name as OptionName)),
  )
}
