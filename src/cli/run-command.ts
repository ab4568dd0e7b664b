/** Runs one command: its options, signals, progress and the world behind it, up to the report that is written. */

import type { Report } from '../commands/report.ts'
import type { CommandContext } from '../context.ts'
import { AppError, Cancelled, EXIT } from '../errors.ts'
import { quoted } from '../next-command.ts'
import type { AllOptions, CommandName } from '../options/command-options.ts'
import { onSameChain } from '../options/next-command.ts'
import { type Given, readOptions, readTokenFile } from '../options/read.ts'
import { OPTION_NAMES, OPTIONS } from '../options/table.ts'
import type { Clock, Files, Prompter } from '../ports.ts'
import { widthOf } from '../ui/output.ts'
import { createProgress, type TerminalProgress } from '../ui/progress.ts'
import { canAsk, createPrompter } from '../ui/prompter.ts'
import type { PrompterOptions } from '../ui/prompter-options.ts'
import type { Backend } from './backend.ts'
import { runCommand } from './commands.ts'
import { openBackend, pagerDutyConnector, pagerDutySignIn, withOffers } from './connect.ts'
import { documentOf, fail } from './failure.ts'
import { type OutputMode, outputModeOf } from './output-mode.ts'
import type { Platform } from './platform.ts'
import type { CommandCall } from './program.ts'

/**
 * Runs the command of a command line and writes its report. Resolves with the exit code; never rejects.
 * Takes words and the host alone: the bundle has another copy of the classes on either side of this call.
 */
export async function runLine(line: CommandCall, argv: readonly string[], platform: Platform): Promise<number> {
  const outputMode = outputModeOf(argv, platform)
  try {
    const report = await carryOut(line.command, line.given, line.operands, platform, outputMode)
    const text = outputMode.json
      ? documentOf(outputMode, report.json)
      : textOf(report, platform)(outputMode.outTheme, widthOf(platform.stdout))
    await outputMode.output.result(text, outputMode.json ? 'json' : 'text')
    return report.exit
  } catch (error) {
    return fail(error, platform, outputMode)
  }
}

/** Where both streams are terminals, the person has seen the progress. */
function textOf(report: Report, { stdout, stderr }: Platform): Report['text'] {
  const { text, textBelowProgress = text } = report
  return stdout.isTTY === true && stderr.isTTY === true ? textBelowProgress : text
}

async function carryOut<C extends CommandName>(
  command: C,
  given: Given,
  operands: readonly string[],
  platform: Platform,
  outputMode: OutputMode,
): Promise<Report> {
  const options = await readOptions(command, given, platform.env, platform.files)
  for (const secret of secretsOf(options)) outputMode.redact(secret)
  const token = await readTokenFile((options as Partial<AllOptions>).pagerdutyTokenFile, platform.files)
  if (token !== undefined) outputMode.redact(token)
  const exposed = await exposedFiles(options, platform.files)
  const run = connected(options, token, platform, outputMode, (context, backend) => {
    for (const path of exposed)
      context.progress.note(`! other users can read ${path}; restrict it: chmod 600 ${quoted(path)}`)
    // A person is asked what others leave to the sandbox.
    const asks = context.prompter !== undefined && (options as Partial<AllOptions>).dryRun !== true
    const completed = command === 'init' && !asks ? { ...options, ...withOffers(options, backend) } : options
    return runCommand(command, completed, context, operands)
  })
  return run.catch((error: unknown) => {
    // Where an error comes from, nobody knows which account and chain the person named.
    throw error instanceof AppError ? error.placed((next) => onSameChain(next, { ...options })) : error
  })
}

/** Files with a secret that other users of this machine may read. */
async function exposedFiles(
  { integrationKeyFile, pagerdutyTokenFile }: Partial<AllOptions>,
  files: Files,
): Promise<readonly string[]> {
  const paths = [integrationKeyFile, pagerdutyTokenFile].flatMap((path) => path ?? [])
  const found = await Promise.all(
    [...new Set(paths)].map(async (path) => ((await files.readableByOthers?.(path)) ? [path] : [])),
  )
  return found.flat()
}

/** Everything that lasts as long as a command: signals, progress, and the world behind it. */
async function connected(
  { sandbox, organization, accounts, yes }: Partial<AllOptions>,
  token: string | undefined,
  platform: Platform,
  outputMode: OutputMode,
  command: (context: CommandContext, backend: Backend) => Promise<Report>,
): Promise<Report> {
  let clock = platform.clock
  const progress = await progressFor(platform, outputMode, { ...platform.clock, now: () => clock.now() })
  const interrupt = listen(platform, progress)
  try {
    const { signal } = interrupt
    const prompter = yes ? undefined : await prompterFor(platform, outputMode, interrupt, progress)
    const backend = await openBackend(platform, { sandbox, organization, accounts }, progress)
    clock = backend.clock
    for (const secret of backend.secrets) outputMode.redact(secret)
    const { env, startSearch } = platform
    const files = scrubbed(platform.files, outputMode)
    const { connectAws } = backend
    const signInPagerDuty = pagerDutySignIn(backend, { env, signal, progress })
    const connectPagerDuty = pagerDutyConnector(token ?? backend.pagerDuty?.token, signInPagerDuty)
    const reach = { connectAws, connectPagerDuty, signInPagerDuty, offeredKey: backend.keyFor }
    const { redact } = outputMode
    const context: CommandContext = { env, files, startSearch, clock, signal, prompter, progress, redact, ...reach }
    return await command(context, backend).finally(backend.close)
  } catch (error) {
    throw interrupt.signal.aborted && isAbort(error) ? new Cancelled() : error
  } finally {
    progress.rest()
    interrupt.stop()
  }
}

/** Files that a run writes carry neither secrets nor control characters, like its streams. */
function scrubbed(files: Files, { output }: OutputMode): Files {
  return {
    ...files,
    write: (path, text, mode) => files.write(path, output.prepared(text), mode),
  }
}

function progressFor(platform: Platform, outputMode: OutputMode, clock: Clock): Promise<TerminalProgress> {
  const { stderr: stream } = platform
  const { errTheme: theme, plain, verbose, output } = outputMode
  return createProgress({ stream, theme, clock, width: widthOf(stream), plain, verbose, print: output.print })
}

async function prompterFor(
  platform: Platform,
  outputMode: OutputMode,
  { signal, takeInterrupt }: Interrupt,
  progress: TerminalProgress,
): Promise<Prompter | undefined> {
  const { stdin, stderr } = platform
  if (!canAsk(stdin, stderr)) return undefined
  const promptOptions = {
    stdin,
    stderr,
    signal,
    theme: outputMode.errTheme,
    rest: progress.rest,
    redact: outputMode.redact,
  }
  if (!outputMode.plain) return createPrompter(promptOptions)
  const { createPlainPrompter } = await import('../ui/plain-prompter.ts')
  return createPlainPrompter({ ...promptOptions, takeInterrupt })
}

interface Interrupt {
  readonly signal: AbortSignal
  readonly takeInterrupt: NonNullable<PrompterOptions['takeInterrupt']>
  stop(): void
}

/** The first signal asks the run to stop where it is safe, the second ends the process; Ctrl-C at a question is for the question. */
function listen(platform: Platform, progress: TerminalProgress): Interrupt {
  const controller = new AbortController()
  let endQuestion: (() => void) | undefined
  const stop = platform.onInterrupt((signal) => {
    if (controller.signal.aborted) return platform.exit(EXIT.interrupted)
    if (signal === 'SIGINT' && endQuestion !== undefined) return endQuestion()
    progress.note('interrupted: finishing the current call; press Ctrl-C again to stop now')
    controller.abort(new Cancelled())
  })
  const takeInterrupt = (end: () => void) => {
    endQuestion = end
    return () => {
      endQuestion = undefined
    }
  }
  return { signal: controller.signal, takeInterrupt, stop }
}

function secretsOf(options: Partial<AllOptions>): readonly string[] {
  return OPTION_NAMES.flatMap((name) => {
    const value = OPTIONS[name].secret ? options[name] : undefined
    return typeof value === 'string' ? [value] : []
  })
}

function isAbort(error: unknown): boolean {
  return error instanceof Error && (error instanceof Cancelled || error.name === 'AbortError')
}
