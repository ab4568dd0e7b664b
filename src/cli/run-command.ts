/** Runs one command: its options, signals, progress and the world behind it, up to the report that is written. */

import type { Report } from '../commands/report.ts'
import type { Deps } from '../context.ts'
import { Cancelled, EXIT } from '../errors.ts'
import type { AllOptions, CommandName } from '../options/command-options.ts'
import { type Given, readOptions, readTokenFile } from '../options/read.ts'
import { OPTION_NAMES, OPTIONS } from '../options/table.ts'
import type { Clock, Prompter } from '../ports.ts'
import { widthOf } from '../ui/output.ts'
import { createProgress, type TerminalProgress } from '../ui/progress.ts'
import { canAsk, createPrompter } from '../ui/prompter.ts'
import type { World } from './backend.ts'
import { runCommand } from './commands.ts'
import { openWorld, pagerDutyConnector, pagerDutySignIn, withOffers } from './connect.ts'
import { documentOf, fail } from './failure.ts'
import type { Host } from './host.ts'
import { type Manner, mannerOf } from './output-mode.ts'
import type { CommandCall } from './program.ts'

/**
 * Runs the command of a command line and writes its report. Resolves with the exit code; never rejects.
 * Takes words and the host alone: the bundle has another copy of the classes on either side of this call.
 */
export async function runLine(line: CommandCall, argv: readonly string[], host: Host): Promise<number> {
  const manner = mannerOf(argv, host)
  try {
    const report = await carryOut(line.command, line.given, line.operands, host, manner)
    const text = manner.json ? documentOf(manner, report.json) : report.text(manner.outTheme, widthOf(host.stdout))
    await manner.output.result(text)
    return report.exit
  } catch (error) {
    return fail(error, host, manner)
  }
}

async function carryOut<C extends CommandName>(
  command: C,
  given: Given,
  operands: readonly string[],
  host: Host,
  manner: Manner,
): Promise<Report> {
  const options = await readOptions(command, given, host.env, host.files)
  for (const secret of secretsOf(options)) manner.learn(secret)
  const token = await readTokenFile((options as Partial<AllOptions>).pagerdutyTokenFile, host.files)
  if (token !== undefined) manner.learn(token)
  return connected(options, token, host, manner, (deps, world) => {
    const completed = command === 'init' ? { ...options, ...withOffers(options, world) } : options
    return runCommand(command, completed, deps, operands)
  })
}

/** Everything that lasts as long as a command: signals, progress, and the world behind it. */
async function connected(
  { sandbox, yes }: Partial<AllOptions>,
  token: string | undefined,
  host: Host,
  manner: Manner,
  command: (deps: Deps, world: World) => Promise<Report>,
): Promise<Report> {
  let clock = host.clock
  const progress = await progressFor(host, manner, { ...host.clock, now: () => clock.now() })
  const interrupt = listen(host, progress)
  try {
    const { signal } = interrupt
    const prompter = yes ? undefined : await prompterFor(host, manner, signal, progress)
    const world = await openWorld(host, sandbox === true, progress.trace)
    clock = world.clock
    for (const secret of world.secrets) manner.learn(secret)
    const { env, files } = host
    const { eventsUrl, connectAws } = world
    const signInPagerDuty = pagerDutySignIn(world, { env, signal, trace: progress.trace })
    const connectPagerDuty = pagerDutyConnector(token ?? world.pagerDuty?.token, signInPagerDuty)
    const reach = { connectAws, connectPagerDuty, signInPagerDuty }
    const { learn } = manner
    const deps: Deps = { env, files, clock, signal, prompter, progress, eventsUrl, learn, ...reach }
    return await command(deps, world).finally(world.close)
  } catch (error) {
    throw interrupt.signal.aborted && isAbort(error) ? new Cancelled() : error
  } finally {
    progress.rest()
    interrupt.stop()
  }
}

function progressFor(host: Host, manner: Manner, clock: Clock): Promise<TerminalProgress> {
  const { stderr: stream } = host
  const { errTheme: theme, plain, verbose, output } = manner
  return createProgress({ stream, theme, clock, width: widthOf(stream), plain, verbose, say: output.say })
}

async function prompterFor(
  host: Host,
  manner: Manner,
  signal: AbortSignal,
  progress: TerminalProgress,
): Promise<Prompter | undefined> {
  const { stdin, stderr } = host
  if (!canAsk(stdin, stderr)) return undefined
  const wish = { stdin, stderr, signal, theme: manner.errTheme, rest: progress.rest, learn: manner.learn }
  if (!manner.plain) return createPrompter(wish)
  const { createPlainPrompter } = await import('../ui/plain-prompter.ts')
  return createPlainPrompter(wish)
}

/** The first signal asks the run to stop where it is safe, the second ends the process. */
function listen(host: Host, progress: TerminalProgress): { readonly signal: AbortSignal; stop(): void } {
  const controller = new AbortController()
  const stop = host.onInterrupt(() => {
    if (controller.signal.aborted) return host.exit(EXIT.interrupted)
    progress.note('interrupted: the call in flight is finished first; once more ends at once')
    controller.abort(new Cancelled())
  })
  return { signal: controller.signal, stop }
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
