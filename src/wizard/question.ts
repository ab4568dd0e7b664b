/** What a question of the wizard is: when it is open, how it is asked, and how its answer reads. */

import { AppError } from '../errors.ts'
import type { InitOptions, OptionName } from '../options/command-options.ts'
import { OPTIONS } from '../options/table.ts'
import type { WizardContext } from './lookups.ts'

export interface Question {
  /** The heading above it; without one it belongs to the question before. */
  readonly heading?: string
  /** As the list of answers to change names it. */
  readonly title: string
  readonly message: string
  /** What it decides: cleared when the answer is to be changed. */
  readonly options: readonly (OptionName & keyof InitOptions)[]
  /** Never for what most people leave as it is: that is asked only on request. */
  isOpen(options: InitOptions): boolean
  /** Missing: always. Whether it is among the answers that can be changed. */
  isOffered?(options: InitOptions): boolean
  /** Returns the options with the answer in them. */
  ask(options: InitOptions, asking: WizardContext): Promise<InitOptions>
  /** The answer in a few words. */
  answer(options: InitOptions): string
}

/** What is wrong with an answer, as the option that it becomes would be refused; undefined: nothing. */
export function usageErrorOf(attempt: () => unknown): string | undefined {
  try {
    attempt()
    return undefined
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return error.hint === undefined ? error.message : `${error.message}: ${error.hint}`
  }
}

/** Judges what is typed for an option as its flag would be judged; `what` names it, such as `the name`. */
export function judgedAs(option: OptionName, what: string): (typed: string) => string | true {
  return (typed) => usageErrorOf(() => OPTIONS[option].value.parse(typed.trim(), what)) ?? true
}
