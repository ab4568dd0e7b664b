/** Yes or no, typed behind the question. */

import { asked, helpLines, LEAVE, type Prompt, problemLines } from './prompt.ts'
import { quietly, type Typed, withText } from './text.ts'

interface ConfirmQuestion {
  readonly message: string
  readonly default: boolean
}

/** A paste that is no answer is dropped, its line end included. */
const YES_OR_NO = /^(?:y|yes|n|no)$/i

export function confirmPrompt({ message, default: preset }: ConfirmQuestion): Prompt<Typed, boolean> {
  return {
    message,
    start: { text: '' },
    takes: YES_OR_NO,
    press(state, key) {
      if (key.kind !== 'key') return { state: key.text === state.text ? state : { text: key.text } }
      if (key.name === 'escape') return LEAVE
      if (key.name !== 'enter') return { state }
      const text = state.text.trim()
      if (text === '') return { answer: preset }
      if (YES_OR_NO.test(text)) return { answer: /^y/i.test(text) }
      return { state: { text: state.text, problem: 'answer y or n' }, line: state.text }
    },
    draw({ text, problem }, room) {
      const spans = [...asked(message, room.theme), quietly(preset ? '(Y/n)' : '(y/N)', room.theme)]
      return withText(spans, text, room, [
        ...problemLines(problem, room),
        ...helpLines(['y or n', 'enter accept'], room),
      ])
    },
    answered: (answer) => (answer ? 'Yes' : 'No'),
  }
}
