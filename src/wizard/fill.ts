/** Fills what is open by asking, question by question and back, and shows what is not. */

import type { CommandContext } from '../context.ts'
import { destinationOptions } from '../domain/destination.ts'
import { type AppError, Cancelled, usage, WentBack } from '../errors.ts'
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
  /** The person picked it from the list of answers. */
  readonly isPicked?: boolean
  readonly former: InitOptions
}

/**
 * Asks what the options leave open, in the order of the wizard; what they say is echoed as an answered line. Back leads
 * to the prompt before, be it of this question or of the one before it.
 */
export async function askInit(
  options: InitOptions,
  look: InitLookups,
  context: AskingDeps & {
    readonly remember?: (answers: InitOptions) => void
    /** Told of a question that the run is stopped in after a part of it was answered. */
    readonly unfinished?: (question: Question) => void
  },
  reopened?: Reopened,
): Promise<InitOptions> {
  const { progress } = context
  const prompter = personIn(context)
  const path: { readonly at: number; readonly before: InitOptions; readonly tape: Tape }[] = []
  const told = new Set<Question>()
  let section = ''
  let former = reopened?.former ?? options
  let answered = options
  /** Answers of the question that back has led to, but for the last. */
  let replayed: Tape = []
  for (let at = 0; at < QUESTIONS.length; ) {
    const question = QUESTIONS[at] as Question
    const isAsked = isOpenNow(question, answered, reopened)
    const isEchoed = !isAsked && reopened === undefined && !told.has(question) && isSaid(question, answered)
    const heading = headingAt(at)
    if ((isAsked || isEchoed) && heading !== section) {
      progress.show((theme) => `\n${theme.heading(heading)}`)
      section = heading
    }
    told.add(question)
    if (!isAsked) {
      if (isEchoed) echo(question, answered, context)
      at += 1
      continue
    }
    const isPicked = reopened?.isPicked === true && question === reopened.question
    const canGoBack = path.length > 0 || reopened !== undefined
    const asking = { look, prompter, progress, former, isPicked }
    const turn = await askOne(question, answered, asking, canGoBack, replayed, context.unfinished)
    replayed = []
    if (turn.kind === 'back') {
      const last = path.pop()
      // Behind a question that was opened again lies the plan, with the answers that it had.
      if (last === undefined) return reopened?.former ?? answered
      former = { ...former, ...answered }
      answered = last.before
      at = last.at
      replayed = last.tape.slice(0, -1)
      continue
    }
    if (turn.tape.length > 0) path.push({ at, before: answered, tape: turn.tape })
    answered = turn.options
    context.remember?.(answered)
    at += 1
  }
  return answered
}

/** Once opened again, only that question, and what its answer opens: what was left open before was passed over then. */
function isOpenNow(question: Question, answered: InitOptions, reopened: Reopened | undefined): boolean {
  if (reopened === undefined) return question.isOpen(answered)
  return question === reopened.question || (question.isOpen(answered) && !question.isOpen(reopened.former))
}

/** A question without a heading belongs to the one before it. */
function headingAt(at: number): string {
  return QUESTIONS.slice(0, at + 1).findLast(({ heading }) => heading !== undefined)?.heading ?? ''
}

/** What the prompts of one question were answered, in order. */
type Tape = readonly unknown[]

type Turn = { readonly kind: 'back' } | { readonly kind: 'answer'; readonly options: InitOptions; readonly tape: Tape }

/** Asks one question, its first prompts answered by `tape`. Back at a prompt leads to the one before it. */
async function askOne(
  question: Question,
  options: InitOptions,
  asking: WizardContext,
  canGoBack: boolean,
  tape: Tape,
  unfinished: ((question: Question) => void) | undefined,
): Promise<Turn> {
  for (let played = tape; ; ) {
    const recorder = recording(asking, canGoBack, played)
    try {
      const answered = await question.ask(options, recorder.asking)
      return { kind: 'answer', options: answered, tape: recorder.tape() }
    } catch (error) {
      if (error instanceof Cancelled && recorder.tape().length > 0) unfinished?.(question)
      if (!(error instanceof WentBack)) throw error
      if (recorder.tape().length === 0) return { kind: 'back' }
      played = recorder.tape().slice(0, -1)
    }
  }
}

/**
 * A person whose first answers are played again, in silence, and whose others are recorded. Every prompt can be left;
 * the first one only where there is a question before it.
 */
function recording(
  asking: WizardContext,
  canGoBack: boolean,
  played: Tape,
): { readonly asking: WizardContext; tape(): Tape } {
  const tape: unknown[] = []
  const { prompter, progress } = asking
  const isLive = () => tape.length >= played.length
  async function take<T>(ask: (back: { readonly back?: boolean }) => Promise<T>): Promise<T> {
    const answer = isLive() ? await ask(tape.length > 0 || canGoBack ? { back: true } : {}) : (played[tape.length] as T)
    tape.push(answer)
    return answer
  }
  const silently =
    <A extends readonly unknown[]>(say: (...args: A) => void) =>
    (...args: A) => {
      if (isLive()) say(...args)
    }
  return {
    tape: () => tape,
    asking: {
      ...asking,
      progress: {
        working: silently(progress.working),
        done: silently(progress.done),
        note: silently(progress.note),
        answered: silently(progress.answered),
        show: silently(progress.show),
        trace: progress.trace,
      },
      prompter: {
        select: (question) => take((back) => prompter.select({ ...question, ...back })),
        checkbox: (question) => take((back) => prompter.checkbox({ ...question, ...back })),
        search: (question) => take((back) => prompter.search({ ...question, ...back })),
        input: (question) => take((back) => prompter.input({ ...question, ...back })),
        secret: (question) => take((back) => prompter.secret({ ...question, ...back })),
        confirm: (question) => take((back) => prompter.confirm({ ...question, ...back })),
      },
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
