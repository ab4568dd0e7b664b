/** When an incident resolves. */

import type { InitOptions } from '../../options/command-options.ts'
import type { Choice } from '../../ports.ts'
import type { Question } from '../question.ts'

/** Shortest hold that the alarms know: one period of five minutes. */
const SHORT_HOLD_MINUTES = 5

type Answer = Pick<InitOptions, 'hold' | 'autoResolve'>

const CHOICES: readonly Choice<Answer>[] = [
  {
    value: { autoResolve: true },
    name: 'Default of each detection',
    description: '5 minutes to 1 quiet hour after the last event',
  },
  {
    value: { hold: SHORT_HOLD_MINUTES },
    name: 'As soon as the alarm returns to OK',
    description: 'about 5 to 15 minutes',
  },
  { value: { autoResolve: false }, name: 'Never automatically', description: 'someone resolves it by hand' },
]

export const resolving: Question = {
  title: 'When an incident resolves',
  message: 'When does an incident resolve?',
  options: ['hold', 'autoResolve'],
  isOpen: ({ hold, autoResolve }) => hold === undefined && autoResolve === undefined,
  async ask(options, { prompter, former }) {
    const before = CHOICES.find(
      ({ value }) => value.hold === former.hold && value.autoResolve === former.autoResolve,
    )?.value
    const preset = before === undefined ? {} : { default: before }
    return { ...options, ...(await prompter.select({ message: resolving.message, choices: CHOICES, ...preset })) }
  },
  answer({ hold, autoResolve }) {
    if (autoResolve === false) return 'never automatically'
    return hold === undefined ? 'default of each detection' : `${hold} quiet minutes after the last event`
  },
}
