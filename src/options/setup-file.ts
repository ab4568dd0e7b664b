/** The setup file: YAML with the words of the flags in camelCase. What reads and writes it is loaded only when needed. */

import { fileNotWritten } from '../errors.ts'
import type { Files } from '../ports.ts'
import type { InitOptions } from './command-options.ts'

/** Reads a setup file. Throws a usage error (exit 2) with file, line and column for whatever it may not hold. */
export async function readSetupFile(text: string, path: string): Promise<Partial<InitOptions>> {
  const { parseSetup } = await import('./setup-yaml.ts')
  return parseSetup(text, path)
}

/** Writes the options as a setup file, never with a secret. Throws `file-not-written` (exit 1). */
export async function saveSetupFile(path: string, options: InitOptions, files: Pick<Files, 'write'>): Promise<void> {
  const { formatSetup } = await import('./setup-yaml.ts')
  try {
    await files.write(path, formatSetup(options))
  } catch (error) {
    throw fileNotWritten(path, error)
  }
}
