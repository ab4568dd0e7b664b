/** `init --test`: the fire drill at the end of a run that left everything in place. */

import type { CommandContext } from '../../context.ts'
import { EXIT } from '../../errors.ts'
import { errorJson } from '../../json/error.ts'
import type { InitOptions } from '../../options/command-options.ts'
import { errorText, showError } from '../../ui/render/error.ts'
import type { Report } from '../report.ts'

/** Both reports as one; the exit code is the drill's. Where the run itself did not end well there is no drill. */
export async function withTest(made: Report, options: InitOptions, context: CommandContext): Promise<Report> {
  if (options.test !== true || options.dryRun === true || made.exit !== EXIT.done) return made
  const { test } = await import('../test/run.ts')
  context.progress.note('Everything is in place. The fire drill comes next.')
  try {
    const drill = await test(options, context)
    const failure = 'error' in drill.json ? { error: drill.json.error } : {}
    return {
      exit: drill.exit,
      json: { ...made.json, test: drill.json, ...failure },
      text: (theme, width) => `${made.text(theme, width)}\n\n${drill.text(theme, width)}`,
      textBelowProgress: (theme, width) =>
        `${(made.textBelowProgress ?? made.text)(theme, width)}\n${(drill.textBelowProgress ?? drill.text)(theme, width)}`,
    }
  } catch (error) {
    // What was made stands, and is told all the same.
    const told = errorText(error)
    return {
      exit: told.exit,
      json: { ...made.json, error: errorJson(told) },
      text: (theme, width) => `${made.text(theme, width)}\n\n${showError(told, theme, width)}`,
    }
  }
}
