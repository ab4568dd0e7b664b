/** The setup file: YAML with the words of the flags in camelCase. What reads and writes it is loaded only when needed. */

import { DESTINATION_OPTIONS } from '../domain/destination.ts'
import { fileNotWritten, usage } from '../errors.ts'
import type { Env, Files, Prompter } from '../ports.ts'
import type { InitOptions, OptionName } from './command-options.ts'
import { readKeyText } from './key-text.ts'
import { OPTIONS } from './table.ts'

/** Reads a setup file. Throws a usage error (exit 2) with file, line and column for whatever it may not hold. */
export async function readSetupFile(text: string, path: string): Promise<Partial<InitOptions>> {
  const { parseSetup } = await import('./setup-yaml.ts')
  return parseSetup(text, path)
}

/** What became of the file; `refused` where it may not be replaced. */
export type Saved = 'written' | 'replaced' | 'unchanged' | 'refused'

/**
 * Writes the options as a setup file, never with a secret. `mayReplace` is asked where the file is there with another
 * content. Throws `file-not-written` (exit 1), and what `mayReplace` throws.
 */
export async function saveSetupFile(
  path: string,
  options: InitOptions,
  files: Pick<Files, 'read' | 'write'>,
  mayReplace: (path: string) => Promise<boolean>,
): Promise<Saved> {
  const { formatSetup } = await import('./setup-yaml.ts')
  const text = formatSetup(options)
  const present = await files.read(path).catch(() => undefined)
  if (present === text) return 'unchanged'
  if (present !== undefined && !(await mayReplace(path))) return 'refused'
  try {
    await files.write(path, text)
  } catch (error) {
    throw fileNotWritten(path, error)
  }
  return present === undefined ? 'written' : 'replaced'
}

/** Asks a person; without one `--yes` has to have said it. Throws a usage error (exit 2) where nobody did. */
export async function replaceIfAgreed(
  path: string,
  approved: boolean,
  prompter: Pick<Prompter, 'confirm'> | undefined,
): Promise<boolean> {
  if (approved) return true
  if (prompter !== undefined) return prompter.confirm({ message: `Replace ${path}?`, default: false })
  throw usage('file-exists', `"${path}" already exists`, 'pass --yes to replace it, or name another file')
}

/**
 * The secrets that a setup file refers to, read: `env:NAME` from the environment, and `file:PATH` from a file. An empty
 * variable says nothing of where pages go: the topic may be subscribed already, and a run that finds no endpoint asks
 * for one. Throws a usage error (exit 2) for any other variable that is empty, and for a file that cannot be read.
 */
export async function resolveSecrets(
  options: Partial<InitOptions>,
  env: Env,
  read: (path: string, option: string) => Promise<string>,
): Promise<Partial<InitOptions>> {
  const resolved = await Promise.all(
    Object.entries(options).map(async ([name, value]) => {
      const isSecret = typeof value === 'string' && OPTIONS[name as OptionName].secret === true
      const [, kind, rest = ''] = (isSecret ? /^(env|file):(.+)$/s.exec(value) : null) ?? []
      if (kind === 'env') return [name, env[rest] || unset(name as OptionName, rest)] as const
      if (kind !== 'file') return [name, value] as const
      const source = `${name}: file`
      return [name, Object.values(readKeyText(await read(rest, source), `${source} "${rest}"`))[0]] as const
    }),
  )
  return Object.fromEntries(resolved.filter(([, value]) => value !== undefined))
}

/** Left out without a word, the detections of low urgency would page like the others. */
function unset(name: OptionName, variable: string): undefined {
  if (DESTINATION_OPTIONS.some((one) => one === name)) return undefined
  throw usage(
    'variable-unset',
    `the setup file says ${name}: env:${variable}, and ${variable} is unset or empty`,
    `set ${variable}, or take ${name} out of the file`,
  )
}
