/** Two runs that do not know of each other. */

import { expect, it } from 'vitest'
import { SUBJECTS, sideBySide } from './matrix.ts'

const subject = (command: string) => {
  const found = SUBJECTS.find((one) => one.command === command)
  if (found === undefined) throw new Error(`no subject ${command}`)
  return found
}

it.each([
  ['init', 'init'],
  ['init', 'destroy'],
  ['destroy', 'init'],
  ['destroy', 'destroy'],
])(
  '%s beside %s ends in a report each, takes nothing from others, and the next run finishes',
  async (one, other) => {
    expect(await sideBySide(subject(one), subject(other))).toEqual([])
  },
  120_000,
)
