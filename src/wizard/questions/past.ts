/** What the detections would have done in the account's own past, before any of them pages. */

import { QUIET_A_WEEK } from '../../backtest/suggest.ts'
import { catalogue } from '../../detections/catalogue.ts'
import { AppError } from '../../errors.ts'
import type { InitOptions } from '../../options/command-options.ts'
import type { Choice } from '../../ports.ts'
import type { PastResult, WizardContext } from '../lookups.ts'

/** What each would have done, by its id; empty where there is no past to look at, or the person does not want to wait. */
export async function pastPages(
  options: InitOptions,
  { look, prompter, progress }: WizardContext,
): Promise<ReadonlyMap<string, PastResult>> {
  const past = look.pastPages?.(options.trail)
  if (past === undefined) return new Map()
  progress.note(`  How often each would have paged can be read from ${past.source}. ${past.wait}`)
  const message = `Check the last ${past.days} days first?`
  if (!(await prompter.confirm({ message, default: false }))) return new Map()
  try {
    return await past.count(catalogue.filter(({ id }) => !options.exclude?.includes(id)))
  } catch (error) {
    // It was only to help with the choice.
    if (!(error instanceof AppError)) throw error
    progress.note(`past events were not checked: ${error.message}`, 'warn')
    return new Map()
  }
}

export function pagesAWeek({ pagesPerWeek }: PastResult): string {
  return `${pagesPerWeek.toFixed(1)} pages a week`
}

export interface Quieted {
  readonly options: InitOptions
  /** Not to be ticked beforehand. */
  readonly left: ReadonlySet<string>
}

/** Asks what becomes of the detections that would have paged too often; `offered` are those that are ticked beforehand. */
export async function quieten(
  options: InitOptions,
  past: ReadonlyMap<string, PastResult>,
  offered: readonly string[],
  { prompter, progress }: WizardContext,
): Promise<Quieted> {
  const noisy = offered.filter((id) => (past.get(id)?.pagesPerWeek ?? 0) > QUIET_A_WEEK)
  if (noisy.length === 0) return { options, left: new Set() }
  const tunable = noisy.filter((id) => past.get(id)?.suggestion !== undefined)
  progress.show((theme) =>
    [
      `  ${theme.mark('warn')} Noisy in the past:`,
      ...noisy.flatMap((id) => {
        const found = past.get(id)
        if (found === undefined) return []
        const { suggestion } = found
        return [
          `    ${id}  ${pagesAWeek(found)}`,
          ...(suggestion === undefined
            ? []
            : [`      quieter: ${suggestion.option}`, `      leaves ${pagesAWeek(suggestion)}`]),
        ]
      }),
    ].join('\n'),
  )
  const out: Choice<'out'> = {
    value: 'out',
    name: noisy.length === 1 ? 'Leave it out' : `Leave out all ${noisy.length}`,
    description: 'they can still be ticked below',
  }
  const keep: Choice<'keep'> = { value: 'keep', name: 'Keep them as they are' }
  const tune: Choice<'tune'> = {
    value: 'tune',
    name: `Tune ${tunable.length} of ${noisy.length}`,
    description:
      tunable.length === noisy.length ? 'with the options above' : 'with the options above; leave out the rest',
  }
  const choices = tunable.length === 0 ? [out, keep] : [tune, out, keep]
  const what = await prompter.select<'tune' | 'out' | 'keep'>({ message: 'What about the noisy ones?', choices })
  if (what === 'keep') return { options, left: new Set() }
  if (what === 'out') return { options, left: new Set(noisy) }
  const tuned = tunable.reduce((before, id) => past.get(id)?.suggestion?.applied(before) ?? before, options)
  return { options: tuned, left: new Set(noisy.filter((id) => !tunable.includes(id))) }
}
