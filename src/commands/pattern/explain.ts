/** `pattern explain`: explain a filter pattern, and why it matches an event or not. */

import type { CommandContext } from '../../context.ts'
import { EXIT, usage } from '../../errors.ts'
import type { Body } from '../../json/schemas.ts'
import type { PatternExplainOptions } from '../../options/command-options.ts'
import { explain } from '../../patterns/explain/explain.ts'
import { showExplanation } from '../../ui/render/explanation.ts'
import type { Report } from '../report.ts'
import { eventReader, fieldWarnings, noRecord, readPattern } from './read.ts'

/** Throws usage errors (exit 2) for a pattern or an event that cannot be read. */
export async function explainPattern(
  text: string,
  { event: path }: PatternExplainOptions,
  context: Pick<CommandContext, 'files' | 'signal' | 'progress'>,
): Promise<Report> {
  const { validity, pattern, ...uncertainty } = readPattern(text)
  const event = path === undefined ? undefined : await firstEvent(path, context)
  const explanation = explain(pattern, event?.first)
  if (event !== undefined && explanation.match === false && pattern.kind === 'json' && !event.isRecord) {
    throw noRecord(`--event takes a record of CloudTrail, or what AWS tools wrap around one`)
  }
  const warnings = event === undefined || event.isRecord ? fieldWarnings(text) : []
  const { lines, terms, match = null, decidedBy } = explanation
  return {
    exit: EXIT.done,
    json: {
      validity,
      ...(warnings.length === 0 ? {} : { warnings }),
      pattern: text,
      match,
      lines,
      terms,
      decidedBy,
    } satisfies Body<'pattern explain'>,
    text: (theme, width) =>
      showExplanation(text, explanation, ['message' in uncertainty ? uncertainty : [], warnings].flat(), theme, width),
  }
}

async function firstEvent(
  path: string,
  context: Pick<CommandContext, 'files' | 'signal' | 'progress'>,
): Promise<{ readonly first: string; readonly isRecord: boolean }> {
  let first: string | undefined
  const reader = eventReader(false, context)
  for await (const batch of reader.read(path)) {
    if (first !== undefined || batch.length > 1)
      context.progress.note('--event has several events; only the first is explained')
    first ??= batch[0]
    if (batch.length > 0) break
  }
  if (first === undefined) throw usage('no-event', `--event "${path}" holds no event`)
  return { first, isRecord: reader.sawRecord() }
}
