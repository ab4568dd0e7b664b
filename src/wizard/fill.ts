/** Fills what is open by asking, shows what is not, and lets a person look at a plan before it is carried out. */

import type { CommandContext } from '../context.ts'
import { destinationOptions } from '../domain/destination.ts'
import { AppError, usage } from '../errors.ts'
import { commandLine } from '../next-command.ts'
import type { InitOptions } from '../options/command-options.ts'
import { toolCommand } from '../options/next-command.ts'
import { replaceIfAgreed, saveSetupFile } from '../options/setup-file.ts'
import { flagOf, variableOf } from '../options/table.ts'
import type { Choice, Prompter } from '../ports.ts'
import type { InitLookups, WizardContext } from './lookups.ts'
import { QUESTIONS, type Question } from './questions.ts'

type AskingDeps = Pick<CommandContext, 'prompter' | 'progress' | 'files'>

/** Asks what the options leave open, in the order of the wizard; what they say is echoed as an answered line. */
export async function askInit(options: InitOptions, look: InitLookups, context: AskingDeps): Promise<InitOptions> {
  const asking: WizardContext = { look, prompter: personIn(context), progress: context.progress }
  let answered = options
  for (const question of QUESTIONS) {
    const { heading } = question
    if (heading !== undefined) context.progress.show((theme) => `\n${theme.heading(heading)}`)
    if (question.isOpen(answered)) answered = await question.ask(answered, asking)
    else echo(question, answered, context)
  }
  return answered
}

/** The answered lines of a run that asks nothing: what flags, variables and setup file said. */
export function echoAnswers(options: InitOptions, context: Pick<CommandContext, 'progress'>): InitOptions {
  for (const question of QUESTIONS) if (!question.isOpen(options)) echo(question, options, context)
  return options
}

export type Review =
  | { readonly action: 'approve' }
  /** The options with one answer taken back, which `askInit` then asks for. */
  | { readonly action: 'edit'; readonly options: InitOptions }
  | { readonly action: 'decline' }

/** Shows the plan and asks until it is approved, declined, or an answer is to be changed. */
export async function reviewPlan(
  show: (detailed: boolean) => void,
  options: InitOptions,
  context: AskingDeps,
): Promise<Review> {
  const prompter = personIn(context)
  show(false)
  for (;;) {
    const next = await prompter.select({ message: 'Go ahead?', choices: reviewChoices(options) })
    if (next === 'approve' || next === 'decline') return { action: next }
    if (next === 'edit') return { action: 'edit', options: await takeBack(options, prompter) }
    if (next === 'drill') return { action: 'edit', options: { ...options, drill: true } }
    if (next === 'save') await save(options, prompter, context)
    else show(true)
  }
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

type ReviewAnswer = 'approve' | 'details' | 'edit' | 'save' | 'drill' | 'decline'

function reviewChoices({ drill }: InitOptions): readonly Choice<ReviewAnswer>[] {
  return [
    { value: 'approve', name: 'Yes' },
    { value: 'details', name: 'Show every detail' },
    { value: 'edit', name: 'Change an answer' },
    { value: 'save', name: 'Save as a setup file' },
    ...(drill === true
      ? []
      : [
          {
            value: 'drill' as const,
            name: 'Add the fire drill',
            description: 'one more metric filter and alarm, used by `test` to verify the whole chain',
          },
        ]),
    { value: 'decline', name: 'No, change nothing' },
  ]
}

async function takeBack(options: InitOptions, prompter: Prompter): Promise<InitOptions> {
  const offered = QUESTIONS.filter(({ isOffered }) => isOffered?.(options) ?? true)
  const choices = offered.map((question) => ({ value: question, name: question.title }))
  const question = await prompter.select({ message: 'Which answer?', choices })
  const cleared = Object.fromEntries(question.options.map((name) => [name, undefined]))
  return { ...options, ...cleared }
}

async function save(options: InitOptions, prompter: Prompter, { files, progress }: AskingDeps): Promise<void> {
  const path = await prompter.input({
    message: 'Save to',
    default: options.save ?? 'cloudtrail-pd.yaml',
    validate: (text) => text.trim() !== '' || 'enter a path',
  })
  try {
    const mayReplace = () => replaceIfAgreed(path.trim(), false, prompter)
    if ((await saveSetupFile(path.trim(), options, files, mayReplace)) === 'refused') return
  } catch (error) {
    // A wrong path is no reason to lose the answers.
    if (!(error instanceof AppError)) throw error
    progress.show((theme) => `  ${theme.mark('bad')} ${error.message}`)
    return
  }
  progress.show(
    (theme) =>
      `  ${theme.mark('good')} saved, without the key: ${commandLine(toolCommand('init', { config: path.trim(), sandbox: options.sandbox }))}`,
  )
}

function echo(question: Question, options: InitOptions, { progress }: Pick<CommandContext, 'progress'>): void {
  const answer = question.answer(options)
  progress.show((theme, width) => {
    const fits = question.message.length + answer.length + 4 < width
    return `${theme.mark('good')} ${question.message}${fits ? ' ' : '\n  → '}${answer}`
  })
}

function personIn({ prompter }: AskingDeps): Prompter {
  if (prompter === undefined) throw new Error('a question came up with nobody to ask')
  return prompter
}
