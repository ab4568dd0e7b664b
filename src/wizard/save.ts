/** Keeps the answers in a setup file, without secrets. */

import type { CommandContext } from '../context.ts'
import { AppError, Cancelled } from '../errors.ts'
import { commandLine, neededText } from '../next-command.ts'
import type { InitOptions } from '../options/command-options.ts'
import { savedCommand } from '../options/next-command.ts'
import { replaceIfAgreed, type Saved, saveSetupFile } from '../options/setup-file.ts'
import type { Prompter } from '../ports.ts'

type SavingDeps = Pick<CommandContext, 'prompter' | 'progress' | 'files' | 'signal'>

const FILE = 'cloudtrail-pd.yaml'

/** Asks where to, and saves. A wrong path is no reason to lose the answers: it is told, and the run goes on. */
export async function saveAnswers(
  options: InitOptions,
  prompter: Prompter,
  { files, progress }: Pick<SavingDeps, 'files' | 'progress'>,
): Promise<void> {
  const path = await prompter.input({
    message: 'Save to',
    default: options.save ?? FILE,
    validate: (text) => text.trim() !== '' || 'enter a path',
  })
  try {
    const mayReplace = () => replaceIfAgreed(path.trim(), false, prompter)
    const saved = await saveSetupFile(path.trim(), options, files, mayReplace)
    tellSaved(path.trim(), saved, progress)
    if (saved === 'refused') return
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    progress.note(error.message, 'bad')
    return
  }
  const command = savedCommand(path.trim(), options)
  const needed = neededText(command)
  progress.show((theme) => `    ${theme.command(commandLine(command))}`)
  if (needed !== undefined) progress.note(`    (${needed})`)
}

/** What became of a setup file, in one line. */
export function tellSaved(path: string, saved: Saved, progress: Pick<CommandContext['progress'], 'note'>): void {
  progress.note(SAVED[saved](path), saved === 'refused' ? 'warn' : 'good')
}

const SAVED = {
  written: (path: string) => `answers saved to ${path}, without secrets`,
  replaced: (path: string) => `answers saved to ${path}, without secrets; what it held before is replaced`,
  unchanged: (path: string) => `${path} holds these answers already`,
  refused: (path: string) => `${path} was not replaced`,
} as const

/**
 * After Ctrl-C at a prompt: whether the answers are kept, where there are any. `unfinished` says what becomes of a
 * question that was answered in part. A second Ctrl-C, or a run that was
 * stopped from outside, ends at once.
 */
export async function offerToSave(
  options: InitOptions,
  before: InitOptions,
  unfinished: string | undefined,
  context: SavingDeps,
): Promise<void> {
  const { prompter, progress, signal } = context
  const isAnswered = Object.entries(options).some(([name, value]) => before[name as keyof InitOptions] !== value)
  if (prompter === undefined || signal.aborted || !isAnswered) return
  try {
    if (unfinished !== undefined) progress.note(unfinished, 'warn')
    if (await prompter.confirm({ message: 'Save the answers in a setup file first?', default: false })) {
      await saveAnswers(options, prompter, context)
    }
  } catch (error) {
    if (!(error instanceof Cancelled)) throw error
  }
}
