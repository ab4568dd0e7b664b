/** `help COMMAND` and `help TOPIC`: the topics are the pages of docs/ that ship with the package. */

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { wrap } from '../ui/clean.ts'
import { COMMANDS, GROUPS } from './commands.ts'
import { TOPICS } from './topics.ts'

/** The names that `help` knows: commands, groups and topics. */
export function helpNames(): readonly string[] {
  return [...Object.keys(COMMANDS), ...Object.keys(GROUPS), 'help', 'version', ...Object.keys(TOPICS)]
}

/** The page of a topic, with prose broken for a terminal; tables and code stay as they are. */
export function topicPage(name: string): string {
  let inCode = false
  const lines = readFileSync(join(packageRoot(), 'docs', `${name}.md`), 'utf8')
    .trimEnd()
    .split('\n')
  return lines
    .flatMap((line) => {
      if (line.startsWith('```')) inCode = !inCode
      return inCode || /^(\||```)/.test(line) ? [withoutAnchors(line)] : wrap(line, WIDTH)
    })
    .join('\n')
}

/** Without what only a browser goes by. */
function withoutAnchors(line: string): string {
  return line.replaceAll(/<a id="[^"]*"><\/a>/g, '')
}

/** Columns, as of every page of help. */
const WIDTH = 80

/** The nearest folder above this file with a package.json: the sources and the build lie at different depths. */
function packageRoot(): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return folder
}
