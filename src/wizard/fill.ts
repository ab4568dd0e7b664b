/** Fills what is open by asking, question by question and back, and shows what is not. */

import type { CommandContext } from '../context.ts'
import { destinationOptions } from '../domain/destination.ts'
import { type AppError, usage, WentBack } from '../errors.ts'
import type { InitOptions } from '../options/command-options.ts'
import { flagOf, variableOf } from '../options/table.ts'
import type { Prompter } from '../ports.ts'
import type { InitLookups, WizardContext } from './lookups.ts'
import type { Question } from './question.ts'
import { QUESTIONS } from './questions.ts'

export type AskingDeps = Pick<CommandContext, 'prompter' | 'progress' | 'files'>

/** A question that is asked again, and the answers that were there before. */
export interface Reopened {
  /** Undefined: none, but what was said is not said again. */
  readonly question?: Question
  readonly former: InitOptions
}

/**
 * Asks what the options leave open, in the order of the wizard; what they say is echoed as an answered line. Back leads
 * to the question before.
 */
export async function askInit(
  options: InitOptions,
  look: InitLookups,
  context: AskingDeps & { readonly remember?: (answers: InitOptions) => void },
  reopened?: Reopened,
): Promise<InitOptions> {
  const { progress } = context
  const prompter = personIn(context)
  const path: { readonly at: number; readonly before: InitOptions }[] = []
  const told = new Set<Question>()
  let former = reopened?.former ?? options
  let answered = options
  for (let at = 0; at < QUESTIONS.length; ) {
    const question = QUESTIONS[at] as Question
    const isAsked = question === reopened?.question || question.isOpen(answered)
    const { heading } = question
    if (heading !== undefined && (isAsked || reopened === undefined) && !told.has(question)) {
      progress.show((theme) => `\n${theme.heading(heading)}`)
    }
    if (!isAsked) {
      // A second round says nothing of what stays.
      if (reopened === undefined && !told.has(question) && isSaid(question, answered)) echo(question, answered, context)
      told.add(question)
      at += 1
      continue
    }
    told.add(question)
    const canGoBack = path.length > 0 || reopened !== undefined
    const turn = await askOne(question, answered, { look, prompter, progress, former }, canGoBack)
    if (turn.kind === 'back') {
      const last = path.pop()
      // Behind a question that was opened again lies the plan, with the answers that it had.
      if (last === undefined) return reopened?.former ?? answered
      former = { ...former, ...answered }
      answered = last.before
      at = last.at
      continue
    }
    if (turn.asked) path.push({ at, before: answered })
    answered = turn.options
    context.remember?.(answered)
    at += 1
  }
  return answered
}

type Turn =
  | { readonly kind: 'back' }
  | { readonly kind: 'answer'; readonly options: InitOptions; readonly asked: boolean }

/** Back at its first prompt leaves the question; at a later one it begins the question again. */
async function askOne(
  question: Question,
  options: InitOptions,
  asking: WizardContext,
  canGoBack: boolean,
): Promise<Turn> {
  for (;;) {
    const counted = withBack(asking.prompter, canGoBack)
    try {
      const answered = await question.ask(options, { ...asking, prompter: counted.prompter })
      return { kind: 'answer', options: answered, asked: counted.prompts() > 0 }
    } catch (error) {
      if (!(error instanceof WentBack)) throw error
      if (counted.prompts() === 1) return { kind: 'back' }
    }
  }
}

/** Every prompt of a question can be left; the first one only where there is a question before it. */
function withBack(prompter: Prompter, canGoBack: boolean): { readonly prompter: Prompter; prompts(): number } {
  let prompts = 0
  const back = () => {
    prompts += 1
    return prompts > 1 || canGoBack ? { back: true } : {}
  }
  return {
    prompts: () => prompts,
    prompter: {
      select: (question) => prompter.select({ ...question, ...back() }),
      checkbox: (question) => prompter.checkbox({ ...question, ...back() }),
      search: (question) => prompter.search({ ...question, ...back() }),
      input: (question) => prompter.input({ ...question, ...back() }),
      secret: (question) => prompter.secret({ ...question, ...back() }),
      confirm: (question) => prompter.confirm({ ...question, ...back() }),
    },
  }
}

/** The answered lines of a run that asks nothing: what flags, variables and setup file said. */
export function echoAnswers(options: InitOptions, context: Pick<CommandContext, 'progress'>): InitOptions {
  for (const question of QUESTIONS) {
    if (!question.isOpen(options) && isSaid(question, options)) echo(question, options, context)
  }
  return options
}

/** What a run without a terminal lacks, all of it named at once (exit 2); undefined when it may go on. */
export function missingOptions(options: InitOptions): AppError | undefined {
  if (options.yes || options.dryRun) return undefined
  const missing = [`${flagOf('yes')} (approves) or ${flagOf('dryRun')} (only shows)`]
  if (destinationOptions(options).length === 0) {
    missing.push(
      `${flagOf('integrationKey')} (better: ${variableOf('integrationKey')} or ${flagOf('integrationKeyFile')}) or ` +
        `${flagOf('integrationUrl')}, unless the topic is subscribed already`,
    )
  }
  return usage('missing-options', `cannot prompt because there is no terminal; missing: ${missing.join('; ')}`)
}

function isSaid({ options: names }: Question, options: InitOptions): boolean {
  return names.some((name) => options[name] !== undefined)
}

function echo(question: Question, options: InitOptions, { progress }: Pick<CommandContext, 'progress'>): void {
  progress.answered(question.message, question.answer(options))
}

/** Throws where nobody was there to be asked: a fault of the caller. */
export function personIn({ prompter }: Pick<AskingDeps, 'prompter'>): Prompter {
  if (prompter === undefined) throw new Error('a question came up with nobody to ask')
  return prompter
}
