/** `backtest`: how often each detection would have paged, from past events. */

import type { BacktestResult, Judged } from '../../backtest/result.ts'
import { judgeTally } from '../../backtest/result.ts'
import { countFiles, countHistory, countLogGroup, type SourceRun } from '../../backtest/sources.ts'
import { windowOf } from '../../backtest/window.ts'
import type { CommandContext } from '../../context.ts'
import { parseSince } from '../../drill/events-behind.ts'
import { type AppError, EXIT, fileNotWritten, usage } from '../../errors.ts'
import { requirePlace } from '../../html/place.ts'
import { errorJson } from '../../json/error.ts'
import type { NextCommand } from '../../next-command.ts'
import type { BacktestOptions } from '../../options/command-options.ts'
import { onSameChain, toolCommand } from '../../options/next-command.ts'
import { detectionsOf } from '../../options/setup.ts'
import { OPTIONS, optionsOf } from '../../options/table.ts'
import { hanging } from '../../ui/clean.ts'
import type { Report } from '../report.ts'
import { openSession } from '../session.ts'
import { backtestJson } from './json.ts'
import { createBacktestProgress } from './progress.ts'
import { showBacktest } from './text.ts'

/** `operands`: more files. Throws usage errors (exit 2) before any call. */
export async function backtest(
  options: BacktestOptions,
  operands: readonly string[],
  deps: CommandContext,
): Promise<Report> {
  const { detections, warnings } = detectionsOf(options)
  const window = windowOf(options, deps.clock.now(), parseSince)
  const files = [...(options.files ?? []), ...operands]
  const source = sourceOf(options, files)
  if (source === 'engine' && options.print === true) {
    return (await engine()).queryReport(options.engine, detections, window)
  }
  if (options.html !== undefined) await requirePlace(options.html, deps.files)
  for (const warning of warnings) deps.progress.note(`! ${warning}`)
  const progress = createBacktestProgress(deps)
  const { clock, signal, startSearch } = deps
  const run: SourceRun = { detections, window, clock, signal, startSearch, progress: progress.moved }
  const judged = await count(source, options, files, run, deps)
  const result = judgeTally(judged)
  progress.done(result)
  const error = options.html === undefined ? undefined : await writePage(options.html, result, deps)
  return {
    exit: error?.exit ?? EXIT.done,
    json: { ...backtestJson(result), ...(error === undefined ? {} : { error: errorJson(error) }) },
    text: (theme, width) => {
      const shown = showBacktest(result, initWith(options), theme, width)
      if (error === undefined) return shown
      return [...hanging(`${theme.mark('bad')} `, error.message, width), '', shown].join('\n')
    },
  }
}

/** `init` with what chose and tuned the detections here. */
function initWith(options: BacktestOptions): NextCommand {
  const chosen = optionsOf('backtest').filter((name) => OPTIONS[name].file === true && name !== 'logGroup')
  const { config } = options
  return onSameChain(toolCommand('init', config === undefined ? {} : { config }), { ...options }, chosen)
}

/** Loaded here, so that the bundle for files goes without it. */
const engine = () => import('./engine.ts')

type Source = 'files' | 'log-group' | 'lookup' | 'engine'

async function count(
  source: Source,
  options: BacktestOptions,
  files: readonly string[],
  run: SourceRun,
  deps: CommandContext,
): Promise<Judged> {
  switch (source) {
    case 'files':
      return countFiles(run, deps.files, files)
    case 'log-group':
      return countLogGroup(run, await openSession(options, deps), options.logGroup ?? '')
    case 'lookup':
      return countHistory(run, await openSession(options, deps))
    case 'engine':
      return (await engine()).countResult(options, run, deps.files)
  }
}

/** Exactly one source, and what goes with it. */
function sourceOf(options: BacktestOptions, files: readonly string[]): Source {
  const { logGroup, lookup, engine, print, result, html } = options
  const named: readonly (readonly [Source, string])[] = [
    ...(files.length > 0 ? ([['files', '--files']] as const) : []),
    ...(logGroup === undefined ? [] : ([['log-group', '--log-group']] as const)),
    ...(lookup === true ? ([['lookup', '--lookup']] as const) : []),
    ...(engine === undefined ? [] : ([['engine', '--engine']] as const)),
  ]
  const [first, second] = named
  if (engine === undefined && (print === true || result !== undefined)) {
    const flag = print === true ? '--print' : '--result'
    throw usage('engine-missing', `${flag} needs a query engine`, 'add --engine athena or --engine logs-insights')
  }
  if (first === undefined) {
    throw usage(
      'no-source',
      'no source of events was given',
      'name them by --files PATH, --log-group NAME, --lookup or --engine athena',
    )
  }
  if (second !== undefined) {
    const flags = named.map(([, flag]) => flag).join(' and ')
    throw usage('source-conflict', `${flags} were both given`, 'give one of them')
  }
  if (engine !== undefined && (print === true) === (result !== undefined)) {
    throw usage(
      'engine-task',
      print === true
        ? '--print and --result were both given'
        : `--engine ${engine} was given without --print or --result`,
      'print the query with --print, run it, and pass its result with --result FILE',
    )
  }
  if (print === true && html !== undefined) {
    throw usage('engine-task', '--print and --html were both given', 'give --html with --result FILE')
  }
  return first[0]
}

/** A file that cannot be written fails the run and never hides what was counted. */
async function writePage(path: string, result: BacktestResult, deps: CommandContext): Promise<AppError | undefined> {
  const { backtestPage } = await import('../../backtest/page/page.ts')
  try {
    await deps.files.write(path, backtestPage(result))
  } catch (error) {
    return fileNotWritten(path, error)
  }
  deps.progress.note(`wrote ${path}`)
  return undefined
}
