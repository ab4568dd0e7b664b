/** What the names of everything that is created begin with. */

import { DEFAULT_NAME } from '../../domain/names.ts'
import { judgeName } from '../../options/setup.ts'
import { judgedAs, type Question, usageErrorOf } from '../question.ts'

export const name: Question = {
  heading: 'Name and region',
  title: 'The name of the chain',
  message: 'Which name should everything begin with?',
  options: ['name'],
  isOpen: () => false,
  async ask(options, { prompter, progress, former }) {
    progress.note('  Another name makes a chain of its own; what stands under the present one stays.')
    const typed = await prompter.input({
      message: name.message,
      default: former.name ?? DEFAULT_NAME,
      validate(text) {
        const verdict = judgedAs('name', 'the name')(text)
        return verdict === true ? (usageErrorOf(() => judgeName(text.trim(), 'the name')) ?? true) : verdict
      },
    })
    return { ...options, name: typed.trim() }
  },
  answer: ({ name = DEFAULT_NAME }) => name,
}
