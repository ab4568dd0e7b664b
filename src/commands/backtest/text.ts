/** The backtest as a table: one row a detection, and below a noisy one what would make it quiet. */

import type { BacktestResult, DetectionResult } from '../../backtest/result.ts'
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
 * detection                matches  pages  a week   by day           who
 * root-account-usage             2      1     0.5   ▁▁▁▁▁█▁▁▁▁▁▁▁▁   root (2)
 * ```
 * `init` is the command that chooses the same detections.
 */
export function showBacktest(result: BacktestResult, init: NextCommand, theme: Theme, width: number): string {
  const quiet = result.detections.filter(({ matches, pages }) => matches === 0 && pages === 0)
  const loud = result.detections.filter((one) => !quiet.includes(one)).toSorted((a, b) => b.pages - a.pages)
  const total = loud.reduce((sum, { pagesPerWeek }) => sum + pagesPerWeek, 0)
  return [
    ...wrap(headline(result), width).map(theme.heading),
    ...(loud.length === 0 ? [] : ['', ...table(loud, theme, width)]),
    '',
    ...(quiet.length === 0
      ? []
      : paragraph(`No match: ${quiet.map(({ detection }) => detection.id).join(', ')}.`, width)),
    `Together ${total.toFixed(1)} pages per week.`,
    ...notes(result, theme, width),
    ...suggestedNext(loud, init, theme, width),
  ].join('\n')
}

function headline({ from, to, events, duplicates, skippedFiles, skippedLines, allEvents }: BacktestResult): string {
  const days = (to.getTime() - from.getTime()) / 86_400_000
  return [
    days >= 2 ? `${Math.round(days)} days` : `${Math.max(1, Math.round(days * 24))} hours`,
    counted(events, allEvents ? 'event' : 'matching event'),
    ...(duplicates > 0 ? [counted(duplicates, 'duplicate')] : []),
    ...(skippedLines > 0 ? [counted(skippedLines, 'line that is not a record', 'lines that are not records')] : []),
    ...(skippedFiles.length > 0 ? [`${counted(skippedFiles.length, 'file')} damaged or unreadable`] : []),
  ].join(', ')
}

const GAP = '  '

function table(rows: readonly DetectionResult[], theme: Theme, width: number): readonly string[] {
  const cells = rows.map((row) => [
    row.detection.id,
    thousands(row.matches),
    thousands(row.pages),
    row.pagesPerWeek.toFixed(1),
    sparkline(row.byDay, width < NARROW ? WIDEST_IN_NARROW : WIDEST, theme),
    who(row),
  ])
  const titles = ['detection', 'matches', 'pages', 'a week', 'by day', 'who']
  const right = [false, true, true, true, false, false]
  const widest = (at: number) => Math.max(...[titles, ...cells].map((line) => columns(line[at] ?? '')))
  const widths = titles.map((_, at) => widest(at))
  const fixed = widths.slice(1, 5).reduce((sum, one) => sum + one + GAP.length, 0)
  widths[0] = Math.min(widths[0] ?? 0, Math.max(16, width - fixed - GAP.length - 12))
  widths[5] = Math.max(8, width - fixed - (widths[0] ?? 0) - GAP.length)
  if (widths.reduce((sum, one) => sum + one, 0) + GAP.length * 5 > width) {
    return rows.flatMap((row, at) => [
      ...listed(cells[at] ?? [], titles, theme.ellipsis, width),
      ...suggestionLines(row, theme),
    ])
  }
  const line = (texts: readonly string[]) =>
    texts
      .map((text, at) => {
        const room = widths[at] ?? 0
        const fitted = shorten(text, room, theme.ellipsis)
        return right[at] ? fitted.padStart(room) : pad(fitted, room)
      })
      .join(GAP)
      .trimEnd()
  return [
    theme.quiet(line(titles)),
    ...rows.flatMap((row, at) => [line(cells[at] ?? []), ...suggestionLines(row, theme)]),
  ]
}

/** Where a table has no room: the detection, and below it each number with its name. */
function listed(
  [id = '', ...numbers]: readonly string[],
  titles: readonly string[],
  gap: string,
  width: number,
): readonly string[] {
  const facts = numbers.map((text, at) => {
    const title = titles[at + 1] ?? ''
    const label = title.replaceAll(' ', '\u00a0')
    return text === '' ? '' : `${label}\u00a0${shorten(text, width - 5 - title.length, gap).replaceAll(' ', '\u00a0')}`
  })
  const lines = hanging('    ', facts.filter((fact) => fact !== '').join('  '), width)
  return [id, ...lines.map((line) => line.replaceAll('\u00a0', ' ').trimEnd())]
}

/** On a line of its own, never cut: it is to be pasted. */
function suggestionLines({ suggestion }: DetectionResult, theme: Theme): readonly string[] {
  if (suggestion === undefined) return []
  const { option, pages, matchesLost } = suggestion
  const left = `leaves ${counted(pages, 'page')}`
  const lost = `loses ${counted(matchesLost, 'match', 'matches')}`
  return [`  quieter: ${theme.command(option)}`, `           ${left}, ${lost}`]
}

function who({ topSources }: DetectionResult): string {
  const [first] = topSources
  return first === undefined ? '' : cleanLine(`${shortPrincipal(first.key)} (${thousands(first.matches)})`)
}

const BARS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█']
const ASCII_BARS = ['.', ':', '-', '=', '+', '*', '#', '@']

/** Its highest day is a full bar; a day without a match is the lowest. */
function sparkline(byDay: readonly number[], widest: number, theme: Theme): string {
  const size = Math.ceil(byDay.length / widest)
  const joined = Array.from({ length: Math.ceil(byDay.length / size) }, (_, at) =>
    byDay.slice(at * size, (at + 1) * size).reduce((sum, one) => sum + one, 0),
  )
  const most = Math.max(1, ...joined)
  const bars = theme.unicode ? BARS : ASCII_BARS
  return joined.map((count) => bars[count === 0 ? 0 : Math.max(1, Math.round((count / most) * 7))]).join('')
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
