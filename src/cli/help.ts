/** `help COMMAND` and `help TOPIC`: the topics are the pages of docs/ that ship with the package. */

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { hanging, wrap } from '../ui/clean.ts'
import { COMMANDS, GROUPS } from './commands.ts'
import { TOPICS } from './topics.ts'

/** The names that `help` knows: commands, groups and topics. */
export function helpNames(): readonly string[] {
  return [...Object.keys(COMMANDS), ...Object.keys(GROUPS), 'help', 'version', ...Object.keys(TOPICS)]
}

/** The page of a topic, with prose broken for a terminal of so many columns; tables and code stay as they are. */
export function topicPage(name: string, width: number): string {
  let inCode = false
  return pageLines(name)
    .flatMap((line) => {
      if (line.startsWith('```')) inCode = !inCode
      return inCode || /^(\||```)/.test(line) ? [withoutAnchors(line)] : wrap(line, width)
    })
    .join('\n')
}

/** What a check of doctor finds, and what it rests on; undefined for a name that no check has. */
export function checkHelp(name: string, columns: () => number): string | undefined {
  if (!/^[a-z-]+\.[a-z-]+$/.test(name)) return undefined
  const row = pageLines('checks').find((line) => line.startsWith(`| <a id="${name}">`))
  if (row === undefined) return undefined
  const [, , finds = '', needs = ''] = row
    .split(' | ')
    .flatMap((cell) => cell.split('|'))
    .map((cell) => cell.trim())
  const rests = [...needs.matchAll(/`([^`]+)`/g)].map(([, need]) => need)
  const width = columns()
  return [
    name,
    ...hanging('  ', `finds ${finds}`, width),
    ...(rests.length === 0 ? [] : hanging('  ', `rests on ${rests.join(', ')}`, width)),
    '',
    'All checks: npx cloudtrail-pd help checks',
  ].join('\n')
}

function pageLines(name: string): readonly string[] {
  const text = readFileSync(join(packageRoot(), 'docs', `${name}.md`), 'utf8')
  return text.trimEnd().split('\n')
}

/** Without what only a browser goes by. */
function withoutAnchors(line: string): string {
  return line.replaceAll(/<a id="[^"]*"><\/a>/g, '')
}

/** The nearest folder above this file with a package.json: the sources and the build lie at different depths. */
function packageRoot(): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return folder
}
