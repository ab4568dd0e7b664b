/** Fills what is open by asking, question by question and back, and shows what is not. */

import type { CommandContext } from '../context.ts'
import { destinationOptions } from '../domain/destination.ts'
import { type AppError, Cancelled, usage, WentBack } from '../errors.ts'
import type { InitOptions } from '../options/command-options.ts'
import { flagOf, variableOf } from '../options/table.ts'
import type { Choice, Prompter } from '../ports.ts'
import type { InitLookups, KeptPart, WizardContext } from './lookups.ts'
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

/** Told of a question that the run is stopped in after a part of it was answered, with what can be saved of that. */
export type Unfinished = (question: Question, kept: KeptPart | undefined) => void

/**
 * Asks what the options leave open, in the order of the wizard; what they say is echoed as an answered line. Back leads
 * to the prompt before, be it of this question or of the one before it.
 */
export async function askInit(
  options: InitOptions,
  look: InitLookups,
  context: AskingDeps & {
    readonly remember?: (answers: InitOptions) => void
    readonly unfinished?: Unfinished
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
  /** What each question that was left was answered: the answers are the defaults when it is asked again. */
  const earlier = new Map<Question, Tape>()
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
    const turn = await askOne(question, answered, asking, {
      canGoBack,
      replayed,
      earlier: earlier.get(question) ?? [],
      unfinished: context.unfinished,
    })
    replayed = []
    earlier.set(question, turn.tape)
    if (turn.kind === 'back') {
      const last = path.pop()
      // Behind a question that was opened again lies the plan, with the answers that it had.
      if (last === undefined) return reopened?.former ?? answered
      former = { ...former, ...answered, ...turn.draft }
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
type Tape = readonly { readonly message: string; readonly answer: unknown }[]

type Turn =
  /** The tape is what it was answered before the person went back. */
  | { readonly kind: 'back'; readonly tape: Tape; readonly draft: InitOptions }
  | { readonly kind: 'answer'; readonly options: InitOptions; readonly tape: Tape }

interface Before {
  readonly canGoBack: boolean
  /** Answers to its first prompts. */
  readonly replayed: Tape
  /** What it was answered when it was asked before. */
  readonly earlier: Tape
  readonly unfinished: Unfinished | undefined
}

/** Asks one question, its first prompts answered already. Back at a prompt leads to the one before it. */
async function askOne(
  question: Question,
  options: InitOptions,
  asking: Omit<WizardContext, 'draft'>,
  { canGoBack, replayed, earlier, unfinished }: Before,
): Promise<Turn> {
  let known = earlier
  let left: InitOptions = {}
  const draft = (answers: InitOptions) => {
    left = { ...left, ...answers }
  }
  for (let played = replayed; ; ) {
    const former = { ...asking.former, ...left }
    const recorder = recording({ ...asking, former, draft }, canGoBack, played, known)
    try {
      const answered = await question.ask(options, recorder.asking)
      return { kind: 'answer', options: answered, tape: recorder.tape() }
    } catch (error) {
      const tape = recorder.tape()
      if (error instanceof Cancelled && tape.length > 0) unfinished?.(question, recorder.kept())
      if (!(error instanceof WentBack)) throw error
      known = recorder.known()
      if (tape.length === 0) return { kind: 'back', tape: known, draft: left }
      played = tape.slice(0, -1)
    }
  }
}

/**
 * A person whose first answers are played again, in silence, and whose others are recorded. Every prompt can be left;
 * the first one only where there is a question before it. One that was answered earlier has that answer as its default,
 * until another answer has made it a different question.
 */
function recording(
  asking: WizardContext,
  canGoBack: boolean,
  played: Tape,
  earlier: Tape,
): { readonly asking: WizardContext; tape(): Tape; known(): Tape; kept(): KeptPart | undefined } {
  const tape: Tape[number][] = []
  let known = earlier
  let kept: KeptPart | undefined
  const { prompter, progress } = asking
  let diverged = false
  const isLive = () => diverged || tape.length >= played.length
  async function take<T>(
    message: string,
    ask: (back: { readonly back?: boolean }, before: readonly unknown[]) => Promise<T>,
  ): Promise<T> {
    const at = tape.length
    // What is asked may depend on what was answered since.
    if (played[at]?.message !== message) diverged = true
    const before = known[at]?.message === message ? [known[at].answer] : []
    const answer = isLive() ? await ask(at > 0 || canGoBack ? { back: true } : {}, before) : (played[at]?.answer as T)
    const isSame = before.length > 0 && alike(before[0], answer)
    known = [...known.slice(0, at), { message, answer }, ...(isSame ? known.slice(at + 1) : [])]
    tape.push({ message, answer })
    return answer
  }
  const silently =
    <A extends readonly unknown[]>(say: (...args: A) => void) =>
    (...args: A) => {
      if (isLive()) say(...args)
    }
  return {
    tape: () => tape,
    known: () => known,
    kept: () => kept,
    asking: {
      ...asking,
      keep(part) {
        kept = part
      },
      progress: {
        working: silently(progress.working),
        done: silently(progress.done),
        note: silently(progress.note),
        answered: silently(progress.answered),
        show: silently(progress.show),
        trace: progress.trace,
      },
      prompter: {
        select: (asked) =>
          take(asked.message, (back, before) =>
            prompter.select({ ...asked, ...back, ...picked(asked.choices, before) }),
          ),
        search: (asked) =>
          take(asked.message, (back, before) =>
            prompter.search({ ...asked, ...back, ...picked(asked.choices, before) }),
          ),
        checkbox: (asked) => take(asked.message, (back) => prompter.checkbox({ ...asked, ...back })),
        input: (asked) =>
          take(asked.message, (back, before) => prompter.input({ ...asked, ...back, ...given<string>(before) })),
        secret: (asked) => take(asked.message, (back) => prompter.secret({ ...asked, ...back })),
        confirm: (asked) =>
          take(asked.message, (back, before) => prompter.confirm({ ...asked, ...back, ...given<boolean>(before) })),
      },
    },
  }
}

function given<T>(before: readonly unknown[]): { readonly default?: T } {
  return before.length === 0 ? {} : { default: before[0] as T }
}

/** The choice that was taken before, which may have been read anew since. */
function picked<T>(choices: readonly Choice<T>[], before: readonly unknown[]): { readonly default?: T } {
  const again = choices.find(({ value }) => before.some((one) => alike(one, value)))
  return again === undefined ? {} : { default: again.value }
}

function alike(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
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
