/** Asks a person on a terminal, drawn on stderr; Ctrl-C, a closed input and a signal all end in `Cancelled`. */

import type { Prompter } from '../ports.ts'
import type { OutputStream } from './output.ts'
import type { InputStream, PrompterOptions } from './prompter-options.ts'

/** Whether there is a person at both ends: a question that nobody sees, or nobody can answer, is not asked (field case C62). */
export function canAsk(stdin: InputStream, stderr: OutputStream): boolean {
  return stdin.isTTY === true && stderr.isTTY === true
}

/** What asks is loaded with the first question: most runs ask none. */
export function createPrompter(options: PrompterOptions): Prompter {
  const prompter = async () => (await import('./prompts/terminal-prompter.ts')).terminalPrompter(options)
  return {
    select: async (question) => (await prompter()).select(question),
    checkbox: async (question) => (await prompter()).checkbox(question),
    search: async (question) => (await prompter()).search(question),
    input: async (question) => (await prompter()).input(question),
    secret: async (question) => (await prompter()).secret(question),
    confirm: async (question) => (await prompter()).confirm(question),
  }
}
