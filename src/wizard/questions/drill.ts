/** Whether the chain gets a detection of its own for fire drills. */

import type { Question } from '../question.ts'

export const drill: Question = {
  title: 'The fire drill',
  message: 'Add the fire drill?',
  options: ['drill'],
  isOpen: () => false,
  async ask(options, { prompter, progress, former }) {
    progress.note('  One more metric filter and alarm, by which `test` verifies the whole chain.')
    return { ...options, drill: await prompter.confirm({ message: drill.message, default: former.drill ?? true }) }
  },
  answer: ({ drill }) => (drill === true ? 'yes' : 'no'),
}
