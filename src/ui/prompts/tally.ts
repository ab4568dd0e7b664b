/** What is picked of many choices, in a few words. */

import type { Choice } from '../../ports.ts'
import { shortName } from './list.ts'

/** What the picker counts in: how many are picked, and how that differs from what was proposed. */
export interface Picked {
  readonly count: number
  readonly leftOut: readonly string[]
  readonly added: readonly string[]
}

export const NOTHING_PICKED = 'nothing is chosen: at least one is needed'

/** Up to three names, else how many: the answered line stays one line. */
export function fewOrCount(names: readonly string[]): string {
  return names.length > 3 ? `${names.length} chosen` : names.join(', ')
}

export function proposedOf(choices: readonly Choice<unknown>[]): ReadonlySet<number> {
  return new Set(choices.flatMap(({ checked }, index) => (checked ? [index] : [])))
}

export function pickedOf(
  choices: readonly Choice<unknown>[],
  proposed: ReadonlySet<number>,
  picked: ReadonlySet<number>,
): Picked {
  const named = (which: (index: number) => boolean) =>
    choices.flatMap(({ name }, index) => (which(index) ? [shortName(name)] : []))
  return {
    count: picked.size,
    leftOut: named((index) => proposed.has(index) && !picked.has(index)),
    added: named((index) => picked.has(index) && !proposed.has(index)),
  }
}

/** Names that are told one by one. */
const NAMED = 3

export function listed(title: string, names: readonly string[]): readonly string[] {
  if (names.length === 0) return []
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : ''
  return [`${title}: ${names.slice(0, NAMED).join(', ')}${more}`]
}
