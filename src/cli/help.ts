/** `help COMMAND` and `help TOPIC`: the topics are the pages of docs/ that ship with the package. */

import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { hanging } from '../ui/clean.ts'
import { columns } from '../ui/columns.ts'
import { COMMANDS, GROUPS } from './commands.ts'
import { isTopic, TOPICS } from './topics.ts'

/** The names that `help` knows: commands, groups and topics. */
export function helpNames(): readonly string[] {
  return [...Object.keys(COMMANDS), ...Object.keys(GROUPS), 'help', 'version', ...Object.keys(TOPICS)]
}

/** The page of a topic for a terminal of so many columns: prose is broken, a table that is wider becomes a list, code stays as it is. */
export function topicPage(name: string, width: number): string {
  let inCode = false
  let table: string[] = []
  const shown: string[] = []
  const endTable = () => {
    shown.push(...tableLines(table, width))
    table = []
  }
  for (const line of pageLines(name)) {
    if (line.startsWith('```')) inCode = !inCode
    if (!inCode && line.startsWith('|')) {
      table.push(withoutLinks(line))
      continue
    }
    endTable()
    if (inCode || line.startsWith('```')) shown.push(line)
    else shown.push(...proseLines(withoutLinks(line), width))
  }
  endTable()
  return shown.join('\n')
}

/** Behind the mark of an item, further lines hang. */
function proseLines(line: string, width: number): readonly string[] {
  const start = /^ *(?:[-*] |\d+\. )?/.exec(line)?.[0] ?? ''
  return hanging(start, line.slice(start.length), width)
}

/** As it is where it fits; else its rows one by one: the first cell, and below it each other with its heading. */
function tableLines(lines: readonly string[], width: number): readonly string[] {
  const [head, , ...rows] = lines.map(cellsOf)
  if (head === undefined || lines.every((line) => columns(line) <= width)) return lines
  return rows.flatMap(([first = '', ...cells], at) => [
    ...(at === 0 ? [] : ['']),
    ...hanging('', first, width),
    ...cells.flatMap((cell, index) => {
      const heading = head[index + 1] ?? ''
      return cell === '' ? [] : hanging('  ', heading === '' ? cell : `${heading}: ${cell}`, width)
    }),
  ])
}

function cellsOf(line: string): readonly string[] {
  const inner = line.trim().replace(/^\||\|$/g, '')
  return inner.split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'))
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

/** Without what only a browser goes by: anchors, and where links lead; a page that is a topic is named as one. */
function withoutLinks(line: string): string {
  return line
    .replaceAll(/<a id="[^"]*"><\/a>/g, '')
    .replaceAll(/\[([a-z-]+)\.md\]\([^)]*\)/g, (link, page: string) =>
      isTopic(page) ? `\`npx cloudtrail-pd help ${page}\`` : link,
    )
    .replaceAll(/\[([^\]]+)\]\((https:[^)]+)\)/g, '$1 ($2)')
    .replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1')
}

/** The nearest folder above this file with a package.json: the sources and the build lie at different depths. */
function packageRoot(): string {
  let folder = import.meta.dirname
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return folder
}
