/** How long a run works: the time that a person takes to answer does not count. */

import type { CommandContext } from '../context.ts'
import type { Prompter } from '../ports.ts'

export interface WorkingTime {
  /** The same, with a prompter that stops the time while it asks. */
  readonly context: CommandContext
  /** Since the beginning, without the questions. */
  milliseconds(): number
}

export function workingTime(context: CommandContext): WorkingTime {
  const { clock, prompter } = context
  const now = () => clock.now().getTime()
  const began = now()
  let answering = 0
  const timed = async <T>(ask: () => Promise<T>): Promise<T> => {
    const asked = now()
    try {
      return await ask()
    } finally {
      answering += now() - asked
    }
  }
  return {
    context: prompter === undefined ? context : { ...context, prompter: timedPrompter(prompter, timed) },
    milliseconds: () => now() - began - answering,
  }
}

function timedPrompter(prompter: Prompter, timed: <T>(ask: () => Promise<T>) => Promise<T>): Prompter {
  return {
    select: (question) => timed(() => prompter.select(question)),
    checkbox: (question) => timed(() => prompter.checkbox(question)),
    search: (question) => timed(() => prompter.search(question)),
    input: (question) => timed(() => prompter.input(question)),
    secret: (question) => timed(() => prompter.secret(question)),
    confirm: (question) => timed(() => prompter.confirm(question)),
  }
}
