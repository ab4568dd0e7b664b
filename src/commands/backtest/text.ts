/** The backtest as a table: one row a detection, and below a noisy one what would make it quiet. */

import { duration } from '../../backtest/duration.ts'
import type { BacktestResult, DetectionResult, SourceCount } from '../../backtest/result.ts'
import { counted, thousands } from '../../counted.ts'
import type { Flag, NextCommand } from '../../next-command.ts'
import type { Theme } from '../../ports.ts'
import { cleanLine, hanging, pad, shorten, wrap } from '../../ui/clean.ts'
import { columns } from '../../ui/columns.ts'
import { shortPrincipal } from '../../ui/render/events.ts'
import { nextSteps } from '../../ui/render/next-commands.ts'

/** Days of the sparkline; a longer window joins neighbors, and so does a narrow table, so that names stay whole. */
const WIDEST = 28
const WIDEST_IN_NARROW = 14
const NARROW = 100

/**
 * ```
 * 14 days, 1,284,311 events, 3 duplicates, 1 file damaged or unreadable
 *
 * detection           matches  pages  a week  longest  by day
 * root-account-usage        2      1     0.5   10 min  ▁▁▁▁▁█▁▁▁▁▁▁▁▁
 *   who root (2)  what signin:ConsoleLogin (2)
 * ```
 * `init` is the command that chooses the same detections.
 */
export function showBacktest(result: BacktestResult, init: NextCommand, theme: Theme, width: number): string {
  const quiet = result.detections.filter(({ matches, pages }) => matches === 0 && pages === 0)
  const loud = result.detections.filter((one) => !quiet.includes(one)).toSorted((a, b) => b.pages - a.pages)
  const sum = (of: (one: DetectionResult) => number) => loud.reduce((total, one) => total + of(one), 0)
  const total = result.tellsOfWeek
    ? `${sum(({ pagesPerWeek }) => pagesPerWeek).toFixed(1)} pages per week`
    : counted(
        sum(({ pages }) => pages),
        'page',
      )
  return [
    ...wrap(headline(result), width).map(theme.heading),
    ...(loud.length === 0 ? [] : ['', ...table(loud, result.tellsOfWeek, theme, width)]),
    '',
    ...(quiet.length === 0
      ? []
      : paragraph(`No match: ${quiet.map(({ detection }) => detection.id).join(', ')}.`, width)),
    `Together ${total}.`,
    ...notes(result, theme, width),
    ...suggestedNext(loud, init, theme, width),
  ].join('\n')
}

function headline({ from, to, events, duplicates, skippedFiles, skippedLines, allEvents }: BacktestResult): string {
  const days = (to.getTime() - from.getTime()) / 86_400_000
  return [
    days >= 2 ? `${Math.round(days)} days` : counted(Math.max(1, Math.round(days * 24)), 'hour'),
    counted(events, allEvents ? 'event' : 'matching event'),
    ...(duplicates > 0 ? [counted(duplicates, 'duplicate')] : []),
    ...(skippedLines > 0 ? [counted(skippedLines, 'line that is not a record', 'lines that are not records')] : []),
    ...(skippedFiles.length > 0 ? [`${counted(skippedFiles.length, 'file')} damaged or unreadable`] : []),
  ].join(', ')
}

const GAP = '  '

/** The first columns are those of every table; what has no room behind them stands below its row. */
const TITLES = ['detection', 'matches', 'pages', 'a week', 'longest', 'by day', 'who', 'what']
const NUMBERS = [1, 2, 3, 4]
const FEWEST = 6

function table(rows: readonly DetectionResult[], tellsOfWeek: boolean, theme: Theme, width: number): readonly string[] {
  const cells = rows.map((row) => [
    row.detection.id,
    thousands(row.matches),
    thousands(row.pages),
    tellsOfWeek ? row.pagesPerWeek.toFixed(1) : '-',
    row.longestAlarmMinutes === 0 ? '' : duration(row.longestAlarmMinutes),
    sparkline(row.byDay, width < NARROW ? WIDEST_IN_NARROW : WIDEST, theme),
    who(row),
    what(row),
  ])
  const widths = TITLES.map((_, at) => Math.max(...[TITLES, ...cells].map((line) => columns(line[at] ?? ''))))
  const fits = (count: number) =>
    widths.slice(0, count).reduce((sum, one) => sum + one, 0) + GAP.length * (count - 1) <= width
  const count = [TITLES.length, FEWEST].find(fits) ?? 1
  const line = (texts: readonly string[]) =>
    texts
      .slice(0, count)
      .map((text, at) => (NUMBERS.includes(at) ? text.padStart(widths[at] ?? 0) : pad(text, widths[at] ?? 0)))
      .join(GAP)
      .trimEnd()
  const indent = count === 1 ? '    ' : '  '
  return [
    ...(count === 1 ? [] : [theme.quiet(line(TITLES))]),
    ...rows.flatMap((row, at) => [
      count === 1 ? row.detection.id : line(cells[at] ?? []),
      ...facts(cells[at] ?? [], count, indent, theme.ellipsis, width).map(count === 1 ? String : theme.quiet),
      ...suggestionLines(row, theme, width),
    ]),
  ]
}

/** Where a table has no room: each cell from this one on, with its title. */
function facts(cells: readonly string[], from: number, indent: string, gap: string, width: number): readonly string[] {
  const named = cells.flatMap((text, at) => {
    const title = TITLES[at] ?? ''
    const room = width - indent.length - title.length - 2
    return at < from || text === '' ? [] : [joined(`${title} ${shorten(text, room, gap)} `)]
  })
  return named.length === 0 ? [] : hanging(indent, named.join(' '), width).map(parted)
}

/** A text that is not broken when it is wrapped; its last blank is the second one before the next. */
function joined(text: string): string {
  return text.replaceAll(' ', '\u00a0')
}

function parted(line: string): string {
  return line.replaceAll('\u00a0', ' ').trimEnd()
}

/** On a line of its own, never cut: it is to be pasted. */
function suggestionLines({ suggestion }: DetectionResult, theme: Theme, width: number): readonly string[] {
  if (suggestion === undefined) return []
  const { option, pages, matchesLost } = suggestion
  const left = joined(`leaves ${counted(pages, 'page')},`)
  const lost = joined(`loses ${counted(matchesLost, 'match', 'matches')}`)
  return [
    `  quieter: ${theme.command(option)}`,
    ...hanging(' '.repeat('  quieter: '.length), `${left} ${lost}`, width).map(parted),
  ]
}

function who({ topSources }: DetectionResult): string {
  const [first] = topSources
  return first === undefined ? '' : cleanLine(`${shortPrincipal(first.key)} (${thousands(first.matches)})`)
}

/** The commonest event. Services and events are counted apart, so it is known whose it is where there is one service alone. */
function what({ topServices: [service, other], topEventNames: [event] }: DetectionResult): string {
  if (service === undefined || event === undefined) return ''
  const named = ({ key }: SourceCount) => (key === '' ? 'unknown' : key.replace('.amazonaws.com', ''))
  if (other === undefined) return cleanLine(`${named(service)}:${named(event)} (${thousands(event.matches)})`)
  return [service, event].map((one) => cleanLine(`${named(one)} (${thousands(one.matches)})`)).join(', ')
}

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']
const ASCII_BARS = ['.', ':', '-', '=', '+', '*', '#', '@']

/** Its highest day is a full bar; a day without a match is the lowest. */
function sparkline(byDay: readonly number[], widest: number, theme: Theme): string {
  const size = Math.ceil(byDay.length / widest)
  const bundles = Array.from({ length: Math.ceil(byDay.length / size) }, (_, at) =>
    byDay.slice(at * size, (at + 1) * size).reduce((sum, one) => sum + one, 0),
  )
  const most = Math.max(1, ...bundles)
  const bars = theme.unicode ? BARS : ASCII_BARS
  return bundles.map((count) => bars[count === 0 ? 0 : Math.max(1, Math.round((count / most) * 7))]).join('')
}

function notes(
  { timeBase, notes: said, skippedFiles }: BacktestResult,
  theme: Theme,
  width: number,
): readonly string[] {
  const base =
    timeBase === 'eventTime'
      ? 'Counted by eventTime. CloudWatch counts an event when it reaches the log group, minutes later.'
      : 'Counted by the time at which the events reached the log group, as CloudWatch does.'
  const damaged = skippedFiles.slice(0, 5).map(({ path, reason }) => `${cleanLine(path)}: ${reason}`)
  const more = skippedFiles.length > 5 ? [`and ${skippedFiles.length - 5} more; --json names them`] : []
  return [
    '',
    ...wrap(base, width).map((line) => theme.quiet(line)),
    ...[...said, ...damaged, ...more].flatMap((text) => hanging(`${theme.mark('warn')} `, text, width)),
  ]
}

/** All options together, so that the tuned setup can be tried, and then saved. */
function suggestedNext(
  rows: readonly DetectionResult[],
  init: NextCommand,
  theme: Theme,
  width: number,
): readonly string[] {
  const suggested = rows.flatMap(({ suggestion }) => (suggestion === undefined ? [] : [suggestion.flag]))
  if (suggested.length === 0) return []
  const saving: readonly Flag[] = [['--dry-run'], ['--save', 'cloudtrail-pd.yaml']]
  const command = { ...init, flags: [...init.flags, ...saving, ...suggested] }
  return [
    '',
    ...wrap('Run it again with the options, then keep them in a setup file:', width),
    ...nextSteps([{ command }], width, theme),
  ]
}

function paragraph(text: string, width: number): readonly string[] {
  return wrap(text, width)
}
