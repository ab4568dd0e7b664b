import { parseCommandLine } from '../../src/cli/program.ts'
import type { CommandName, OptionsOf } from '../../src/options/command-options.ts'
import { readOptions } from '../../src/options/read.ts'
import type { Env, Files } from '../../src/ports.ts'

/** Files by path; everything else does not exist. */
export function filesWith(texts: Readonly<Record<string, string>>): Files {
  return {
    async read(path) {
      const text = texts[path]
      if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' })
      return text
    },
    async *bytes() {},
    async write() {},
    async append() {},
  }
}

/** The options that a command line gives, as a run would have them before anything is asked. */
export async function optionsFor<C extends CommandName>(
  _command: C,
  argv: readonly string[],
  env: Env = {},
  texts: Readonly<Record<string, string>> = {},
): Promise<OptionsOf[C]> {
  const line = parseCommandLine(argv, '0.0.0')
  if (line.kind !== 'command') throw new Error('this line asks for a page')
  return readOptions<C>(line.command as C, line.given, env, filesWith(texts))
}

/** Splits a line as a POSIX shell does, as far as single quotes and escaped quotes go. */
export function shellWords(line: string): readonly string[] {
  const found = line.matchAll(/((?:'[^']*'|\\'|[^\s'\\])+)/g)
  return [...found].map(([word]) =>
    word.replaceAll(/'([^']*)'|\\(')/g, (_, quoted, escaped) => quoted ?? escaped ?? ''),
  )
}
