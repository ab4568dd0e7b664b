/** The events behind an ALARM as a table: who did what, from where. */

import type { EventRow } from '../../domain/event-row.ts'
import type { EventsBehind } from '../../drill/events-behind.ts'
import { commandLine, type NextCommand } from '../../next-command.ts'
import { toolCommand } from '../../options/next-command.ts'
import { cleanLine, hanging, pad, shorten, wrap } from '../clean.ts'
import { columns as columnsOf } from '../columns.ts'
import type { Theme } from '../theme.ts'
import { breakCommand } from './next-commands.ts'

export interface EventsShown extends EventsBehind {
  readonly alarm: string
  /** The account of the alarm: events of another one name theirs. */
  readonly account: string
  /** In PagerDuty, where one was asked for. */
  readonly incident?:
    | { readonly id: string; readonly number: number | null; readonly url: string | null; readonly note: string | null }
    | undefined
  /** The command with the options that lead it to the same chain. */
  sameChain(command: NextCommand): NextCommand
}

interface Column {
  readonly title: string
  text(row: EventRow): string
  /** What says enough where the text has no room. */
  brief?(row: EventRow): string
}

const TIME: Column = { title: 'time (UTC)', text: ({ time }) => time.replace('T', ' ').replace('Z', '') }
const WHO: Column = { title: 'who', text: ({ principal }) => shortPrincipal(principal) }
const FROM: Column = { title: 'from', text: ({ sourceIp }) => sourceIp ?? '' }
const WHAT: Column = {
  title: 'what',
  text: ({ eventSource, eventName }) => `${eventSource.replace('.amazonaws.com', '')}:${eventName}`,
  brief: ({ eventName }) => eventName,
}
const ERROR: Column = { title: 'error', text: ({ errorCode }) => errorCode ?? '' }
const ACCOUNT: Column = { title: 'account', text: ({ account }) => account }
const REGION: Column = { title: 'region', text: ({ region }) => region }

/** Enough to recognise a name by both its ends. */
const NARROWEST = 12

const GAP = '  '

/**
 * ```
 * 1 event behind the ALARM of root-account-usage at 2026-01-15T10:04:00Z
 *   time (UTC)           who   from           what                 region
 *   2026-01-15 10:00:00  root  198.51.100.23  signin:ConsoleLogin  us-east-1
 *     https://us-east-1.console.aws.amazon.com/cloudtrailv2/home?region=us-east-1#/events/…
 * ```
 * Where the terminal opens links, what happened is one, and the line with the address is left out.
 */
export function showEvents(shown: EventsShown, theme: Theme, width: number): string {
  const lines = [...headline(shown, theme, width)]
  if (shown.reason !== undefined)
    lines.push(...wrap(cleanLine(shown.reason), width - 2).map((line) => `  ${theme.quiet(line)}`))
  if (shown.rows.length > 0) lines.push(...table(shown, theme, width))
  const cut = 'Not all events are shown. Narrow the time range with --since.'
  if (!shown.complete) lines.push(...hanging(`${theme.mark('warn')} `, cut, width))
  if (shown.incident !== undefined) lines.push('', ...incidentLines(shown.incident, theme, width))
  if (shown.later > 0 && shown.alarmed !== undefined) {
    const since = `${shown.alarmed.toISOString().slice(0, 19)}Z`
    const command = shown.sameChain(toolCommand('events', { since }, [shown.alarm]))
    const said = `${shown.later} more since then:`
    const line = `${said} ${theme.command(commandLine(command))}`
    const below = breakCommand(command, width - 2).map((part) => `  ${theme.command(part)}`)
    lines.push('', ...(columnsOf(line) <= width ? [line] : [said, ...below]))
  }
  return lines.join('\n')
}

function headline({ alarm, alarmed, window, rows }: EventsShown, theme: Theme, width: number): readonly string[] {
  const count = rows.length === 1 ? '1 event' : `${rows.length} events`
  if (window === undefined) {
    const said = `Alarm ${alarm} was not in ALARM in the last 14 days, according to its history.`
    return [...wrap(said, width), `For another time range: ${theme.command('--since 30d')}`]
  }
  const at = (time: Date) => `${time.toISOString().slice(0, 19)}Z`
  if (alarmed === undefined)
    return wrap(`${count} that the filter of ${alarm} matches since ${at(window.from)}`, width).map(theme.heading)
  return wrap(`${count} behind the ALARM of ${alarm} at ${at(alarmed)}`, width).map(theme.heading)
}

function incidentLines(
  { id, number, url, note }: NonNullable<EventsShown['incident']>,
  theme: Theme,
  width: number,
): readonly string[] {
  const name = `incident ${number === null ? cleanLine(id) : `#${number}`}`
  const notes: Readonly<Record<string, string>> = { written: 'note written', 'already-there': 'has this note already' }
  const where = url === null || theme.links ? [] : [cleanLine(url)]
  const linked = url === null ? name : theme.link(name, cleanLine(url))
  const said = [`PagerDuty ${linked}`, ...(note === null ? [] : [notes[note] ?? note])].join(theme.dot)
  const line = [said, ...where].join(theme.dot)
  return columnsOf(line) <= width ? [line] : [said, ...where.map((address) => `  ${address}`)]
}

function table({ rows, account }: EventsShown, theme: Theme, width: number): readonly string[] {
  const otherAccount = rows.some((row) => row.account !== account)
  const failures = rows.some(({ errorCode }) => errorCode !== null)
  const columns = [TIME, WHO, FROM, WHAT, ...(failures ? [ERROR] : []), ...(otherAccount ? [ACCOUNT] : []), REGION]
  const titles = columns.map(({ title }) => title)
  const room = width - 2 - GAP.length * (columns.length - 1)
  const whole = rows.map((row) => columns.map((column) => cleanLine(column.text(row))))
  const cells = sumOf(fitted([titles, ...whole], room, [1])) <= room ? whole : briefCells(rows, columns)
  const widths = fitted([titles, ...cells], room, [1, 3])
  if (sumOf(widths) > room) return list(rows, columns, theme, width)
  const line = (texts: readonly string[], url: string | null = null) => {
    const shown = texts.map((text, at) => {
      const short = shorten(text, widths[at] ?? 0, theme.ellipsis)
      const linked = at === columns.indexOf(WHAT) && url !== null ? theme.link(short, url) : short
      return linked + pad('', Math.max(0, (widths[at] ?? 0) - columnsOf(short)))
    })
    return `  ${shown.join(GAP)}`.trimEnd()
  }
  const below = (row: EventRow) => detailsOf(row, theme, width).map((text) => theme.quiet(`    ${text}`))
  const blocks = rows.map((row, at) => [line(cells[at] ?? [], row.url), ...below(row)])
  return [theme.quiet(line(titles)), ...blocks.flat()]
}

/** Where a table has no room: the time and what was done, below it the rest by name. */
function list(rows: readonly EventRow[], columns: readonly Column[], theme: Theme, width: number): readonly string[] {
  return rows.flatMap((row) => {
    const what = cleanLine(WHAT.text(row))
    const rest = columns.flatMap((column) => {
      const text = cleanLine(column.text(row))
      return column === TIME || column === WHAT || text === '' ? [] : [`${column.title} ${text}`]
    })
    return [
      ...hanging(`  ${cleanLine(TIME.text(row))}  `, row.url === null ? what : theme.link(what, row.url), width),
      ...rest.flatMap((text) => hanging('    ', text, width)),
      ...detailsOf(row, theme, width).map((text) => theme.quiet(`    ${text}`)),
    ]
  })
}

/** What has no column: the person behind a role, on what, why it failed, and where the event is. */
function detailsOf({ person, on, errorMessage, url }: EventRow, theme: Theme, width: number): readonly string[] {
  const facts = [
    ...(person === null ? [] : [`person ${person}`]),
    ...(on.length === 0 ? [] : [`on ${on.join(', ')}`]),
    ...(errorMessage === null ? [] : [errorMessage]),
  ]
  const lines = facts.length === 0 ? [] : wrap(cleanLine(facts.join(theme.dot)), width - 4)
  return url === null || theme.links ? lines : [...lines, url]
}

function briefCells(rows: readonly EventRow[], columns: readonly Column[]): readonly (readonly string[])[] {
  return rows.map((row) => columns.map(({ text, brief = text }) => cleanLine(brief(row))))
}

/** Column widths that fill at most `room`; only the columns at `soft` give way, the wider one first. */
function fitted(lines: readonly (readonly string[])[], room: number, soft: readonly number[]): readonly number[] {
  const widths = (lines[0] ?? []).map((_, at) => Math.max(...lines.map((line) => columnsOf(line[at] ?? ''))))
  while (sumOf(widths) > room) {
    const widest = soft.toSorted((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0))[0]
    if (widest === undefined || (widths[widest] ?? 0) <= NARROWEST) break
    widths[widest] = (widths[widest] ?? 0) - 1
  }
  return widths
}

function sumOf(widths: readonly number[]): number {
  return widths.reduce((sum, one) => sum + one, 0)
}

/** `root`, `user/alice`, `role/Admin (session)`: the account has a column of its own. */
export function shortPrincipal(principal: string): string {
  const [, resource] = /^arn:[^:]+:(?:iam|sts)::[^:]*:(.+)$/.exec(principal) ?? []
  if (resource === undefined) return principal
  const [, role, session] = /^assumed-role\/(.+)\/([^/]+)$/.exec(resource) ?? []
  return role === undefined ? resource : `role/${role} (${session})`
}
