/** From a command line to an exit code: builds what a command may reach, catches everything once, writes the report once. */

import process from 'node:process'
import packageJson from '../package.json' with { type: 'json' }
import type { Report } from './commands/report.ts'
import type { Deps } from './deps.ts'
import { Cancelled, EXIT } from './errors.ts'
import { type AllOptions, type CommandName, OPTION_NAMES, OPTIONS } from './options/options.ts'
import { type Given, readOptions, readTokenFile } from './options/read.ts'
import type { Clock, Prompter } from './ports.ts'
import { parseCommandLine, runCommand } from './program.ts'
import { type Host, processHost } from './run/host.ts'
import { type Manner, mannerOf } from './run/manner.ts'
import { openWorld, pagerDutyConnector, pagerDutySignIn, withOffers } from './run/wire.ts'
import type { World } from './run/world.ts'
import { jsonText, widthOf } from './terminal/output.ts'
import { createProgress, type TerminalProgress } from './terminal/progress.ts'
import { canAsk, createPrompter } from './terminal/prompter.ts'
import { showError, tell } from './terminal/show-error.ts'

/** Runs one command line (without `node` and script). Resolves with the exit code; never rejects. */
export async function run(argv: readonly string[], host: Host): Promise<number> {
  const manner = mannerOf(argv, host)
  try {
    const line = parseCommandLine(argv, packageJson.version)
    if (line.kind === 'page') {
      await manner.output.result(line.text)
      return EXIT.done
    }
    const report = await carryOut(line.command, line.given, line.operands, host, manner)
    await manner.output.result(
      manner.json ? document(manner, report.json) : report.text(manner.outTheme, widthOf(host.stdout)),
    )
    return report.exit
  } catch (error) {
    return fail(error, host, manner)
  }
}

/** The process: runs its own command line and ends with its exit code. */
export async function main(): Promise<void> {
  const host = processHost(process)
  const code = await run(process.argv.slice(2), host)
  await Promise.all([host.stdout, host.stderr].map((stream) => new Promise((done) => stream.write('', done))))
  // Sockets that are kept open for a next call must not keep the process.
  process.exit(code)
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
  const { createPlainPrompter } = await import('./terminal/plain-prompter.ts')
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

/** Tells the failure on stderr, and with `--json` also as the one document on stdout. */
async function fail(error: unknown, host: Host, manner: Manner): Promise<number> {
  const told = tell(error)
  manner.output.say(showError(told, manner.errTheme, widthOf(host.stderr), manner.verbose))
  const { code, message, hint = null, exit } = told
  if (manner.json) await manner.output.result(document(manner, { error: { code, message, hint } }))
  return exit
}

function document(manner: Manner, body: object): string {
  return jsonText({ schemaVersion: 1, command: manner.command, ...body })
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
