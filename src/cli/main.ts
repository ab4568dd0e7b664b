/** From a command line to an exit code: answers pages and mistyped lines at once, and hands the rest to the command. */

import packageJson from '../../package.json' with { type: 'json' }
import { EXIT } from '../errors.ts'
import { widthOf } from '../ui/output.ts'
import { documentOf, fail } from './failure.ts'
import { outputModeOf } from './output-mode.ts'
import { type Platform, processPlatform } from './platform.ts'
import { type CommandCall, pageLines, parseCommandLine } from './program.ts'

/** What the lines that ask for a page and nothing else are answered, by line: made when the package is built. */
export function helpPages(): Readonly<Record<string, string>> {
  const pageOf = (line: string) => parseCommandLine(line.split(' '), packageJson.version)
  return Object.fromEntries(
    pageLines().map((line) => {
      const page = pageOf(line)
      return [line, page.kind === 'page' ? `${page.text}\n` : '']
    }),
  )
}

/** Runs one command line (without `node` and script). Resolves with the exit code; never rejects. */
export async function run(argv: readonly string[], platform: Platform): Promise<number> {
  const read = await readLine(argv, platform)
  if (typeof read === 'number') return read
  // Loaded here, so that a page of help or a mistyped option loads nothing that a command needs.
  const { runLine } = await runnerOf(read, platform)
  return runLine(read, argv, platform)
}

/** What reaches nothing beyond files has bundles of its own. */
async function runnerOf(line: CommandCall, platform: Platform): Promise<typeof import('./run-command.ts')> {
  const { command } = line
  if (command === 'completion' || command.startsWith('detections ')) return import('./start-up/detections.ts')
  if (readsFilesAlone(line, platform.env)) {
    await platform.expectSearch?.([...(line.given.files ?? []), ...line.operands])
    return import('./start-up/files.ts')
  }
  return command.startsWith('pattern ') ? import('./start-up/files.ts') : import('./run-command.ts')
}

/** A `backtest` of files, whatever else decides: options may also come from the environment and from a setup file. */
function readsFilesAlone({ command, given, operands }: CommandCall, env: Platform['env']): boolean {
  if (command !== 'backtest' || (given.files === undefined && operands.length === 0)) return false
  const isAsked = (['logGroup', 'lookup', 'sandbox', 'config'] as const).some((name) => given[name] !== undefined)
  return !isAsked && !Object.keys(env).some((name) => name.startsWith('CLOUDTRAIL_PD_'))
}

/**
 * The process: runs its own command line and ends with its exit code.
 * It is not imported: an import opens all three standard streams at once, which takes as long as the rest of a page of help.
 */
export async function main(): Promise<void> {
  const platform = processPlatform(process)
  const code = await run(process.argv.slice(2), platform)
  const lost = await platform.flushed()
  if (lost !== undefined) {
    platform.stderr.write(`the result could not be written to standard output (${lost.code ?? lost.message})\n`)
    await platform.flushed()
  }
  // Sockets that are kept open for a next call must not keep the process.
  process.exit(lost !== undefined && code === EXIT.done ? EXIT.failed : code)
}

/** The command to run, or the exit code of a line that is answered here. */
async function readLine(argv: readonly string[], platform: Platform): Promise<CommandCall | number> {
  const outputMode = outputModeOf(argv, platform)
  try {
    const line = parseCommandLine(argv, packageJson.version, () => widthOf(platform.stdout))
    if (line.kind === 'command') return line
    const { json, output } = outputMode
    if (json && line.json !== undefined) await output.result(documentOf(outputMode, line.json), 'json')
    else await output.result(line.text)
    return EXIT.done
  } catch (error) {
    return fail(error, platform, outputMode)
  }
}
