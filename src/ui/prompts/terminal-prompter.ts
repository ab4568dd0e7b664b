/** The questions of a `Prompter`, each as a prompt on the terminal. */

import type { Prompter } from '../../ports.ts'
import type { PrompterOptions } from '../prompter-options.ts'
import { ask } from './ask.ts'
import { askConfirm } from './confirm.ts'
import { searchPrompt, selectPrompt } from './list.ts'
import { checkboxPrompt } from './picker.ts'
import { inputPrompt, secretPrompt } from './text.ts'

export function terminalPrompter(options: PrompterOptions): Prompter {
  return {
    select: async ({ back = false, ...question }) => (await ask(options, back, selectPrompt(question))).value,
    async search({ back = false, pasted, ...question }) {
      const learned = pasted && {
        pasted(text: string) {
          options.redact(text)
          return pasted(text)
        },
      }
      return (await ask(options, back, searchPrompt({ ...question, ...learned }))).value
    },
    async checkbox({ back = false, ...question }) {
      const picked = await ask(options, back, checkboxPrompt(question))
      return picked.map(({ value }) => value)
    },
    input: ({ back = false, ...question }) => ask(options, back, inputPrompt(question)),
    async secret({ back = false, ...question }) {
      const text = await ask(options, back, secretPrompt(question))
      options.redact(text.trim())
      return text
    },
    confirm: ({ back = false, ...question }) => askConfirm(options, back, question),
  }
}
