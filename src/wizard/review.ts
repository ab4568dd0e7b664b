/** Lets a person look at a plan, or at what stopped it, before anything is carried out. */

import { AppError, WentBack } from '../errors.ts'
import type { InitOptions } from '../options/command-options.ts'
import type { Choice, Prompter } from '../ports.ts'
import { type AskingDeps, personIn, type Reopened } from './fill.ts'
import { QUESTIONS } from './questions.ts'
import { saveAnswers } from './save.ts'

/** The options with one answer taken back, or with one more thing in them. */
export interface Edit {
  readonly action: 'edit'
  readonly options: InitOptions
  readonly reopened: Reopened
}

export type Review = Edit | { readonly action: 'approve' } | { readonly action: 'decline' }

/** Shows the plan and asks until it is approved, declined, or an answer is to be changed. */
export async function reviewPlan(
  show: (detailed: boolean) => void,
  options: InitOptions,
  context: AskingDeps,
): Promise<Review> {
  const prompter = personIn(context)
  show(false)
  for (;;) {
    const next = await reviewAnswer(options, prompter)
    if (next === 'approve' || next === 'decline') return { action: next }
    if (next === 'details') show(true)
    if (next === 'drill') {
      return { action: 'edit', options: { ...options, drill: true }, reopened: { former: options } }
    }
    const edited = await saveOrEdit(next, options, prompter, context)
    if (edited !== undefined) return edited
  }
}

type Recovery = Edit | { readonly action: 'again' } | { readonly action: 'decline' }

/** After what stopped the run before anything was written: the answers are still there. */
export async function recover(
  { message, hint }: Pick<AppError, 'message' | 'hint'>,
  options: InitOptions,
  context: AskingDeps,
): Promise<Recovery> {
  const prompter = personIn(context)
  const { progress } = context
  progress.note('')
  progress.note(message, 'bad')
  if (hint !== undefined) progress.note(`    ${hint}`)
  for (;;) {
    const next = await prompter.select<'again' | 'edit' | 'save' | 'decline'>({
      message: 'What now?',
      choices: [
        { value: 'edit', name: 'Change an answer' },
        { value: 'again', name: 'Try again' },
        { value: 'save', name: 'Save as a setup file' },
        { value: 'decline', name: 'Stop' },
      ],
    })
    if (next === 'again' || next === 'decline') return { action: next }
    const edited = await saveOrEdit(next, options, prompter, context)
    if (edited !== undefined) return edited
  }
}

type ReviewAnswer = 'approve' | 'details' | 'edit' | 'save' | 'drill' | 'decline'

/** No stands first: what creates fifty things is not approved by an Enter too many. */
function reviewChoices({ drill: hasDrill }: InitOptions): readonly Choice<ReviewAnswer>[] {
  return [
    { value: 'decline', name: 'No, change nothing' },
    { value: 'approve', name: 'Yes' },
    { value: 'details', name: 'Show every detail' },
    { value: 'edit', name: 'Change an answer' },
    ...(hasDrill === true
      ? []
      : [
          {
            value: 'drill' as const,
            name: 'Add the fire drill',
            description: 'one more metric filter and alarm, used by `test` to verify the whole chain',
          },
        ]),
    { value: 'save', name: 'Save as a setup file' },
  ]
}

/** Back leads to the answers, as it does at every question. */
async function reviewAnswer(options: InitOptions, prompter: Prompter): Promise<ReviewAnswer> {
  try {
    return await prompter.select({ message: 'Go ahead?', choices: reviewChoices(options), back: true })
  } catch (error) {
    if (error instanceof WentBack) return 'edit'
    throw error
  }
}

/** What can be done with answers wherever a run stands; undefined: ask on. */
async function saveOrEdit(
  next: ReviewAnswer | 'again',
  options: InitOptions,
  prompter: Prompter,
  context: AskingDeps,
): Promise<Edit | undefined> {
  if (next === 'save') await saveAnswers(options, prompter, context)
  return next === 'edit' ? takeBack(options, prompter) : undefined
}

/** Undefined: the person went back. */
async function takeBack(options: InitOptions, prompter: Prompter): Promise<Edit | undefined> {
  const offered = QUESTIONS.filter(({ isOffered }) => told(() => isOffered?.(options)) ?? true)
  const choices = offered.map((question) => ({
    value: question,
    name: question.title,
    description: told(() => question.answer(options)) ?? 'not possible as it is',
  }))
  try {
    const question = await prompter.select({ message: 'Which answer?', choices, back: true })
    const cleared = Object.fromEntries(question.options.map((name) => [name, undefined]))
    return {
      action: 'edit',
      options: { ...options, ...cleared },
      reopened: { question, isPicked: true, former: options },
    }
  } catch (error) {
    if (error instanceof WentBack) return undefined
    throw error
  }
}

/** Answers may contradict each other: that is why one is changed. */
function told<T>(what: () => T): T | undefined {
  try {
    return what()
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}
