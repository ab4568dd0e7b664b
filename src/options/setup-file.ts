/** The setup file: YAML with the words of the flags in camelCase. What reads and writes it is loaded only when needed. */

import type { InitOptions } from './options.ts'

/** Reads a setup file. Throws a usage error (exit 2) with file, line and column for whatever it may not hold. */
export async function readSetupFile(text: string, path: string): Promise<Partial<InitOptions>> {
  const { parseSetup } = await import('./setup-yaml.ts')
  return parseSetup(text, path)
}

/** The text of a setup file that says the same as the options; never a secret. */
export async function writeSetupFile(options: InitOptions): Promise<string> {
  const { formatSetup } = await import('./setup-yaml.ts')
  return formatSetup(options)
}
