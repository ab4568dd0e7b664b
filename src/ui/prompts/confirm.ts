/** Yes or no: the library's own question in our look. */

import { confirm } from '@inquirer/prompts'
import { columns } from '../columns.ts'
import { widthOf } from '../output.ts'
import type { PrompterOptions } from '../prompter-options.ts'
import { askLibrary } from './ask.ts'
import { foldText, tidy } from './layout.ts'

interface ConfirmQuestion {
  readonly message: string
  readonly default: boolean
}

/** A paste that is no answer is dropped, its line end included. */
const YES_OR_NO = /^(?:y|yes|n|no)$/i

export function askConfirm(options: PrompterOptions, back: boolean, question: ConfirmQuestion): Promise<boolean> {
  const { theme, stderr } = options
  const { message, default: preset } = question
  // What is typed stands behind it.
  const hint = `(${[preset ? 'Y/n' : 'y/N', 'enter accept', ...(back ? ['esc back'] : [])].join(theme.dot)})`
  const styled = {
    prefix: { idle: theme.command('?'), done: theme.good(theme.unicode ? '✔' : 'ok') },
    keywords: { yes: 'Yes', no: 'No', error: () => 'answer y or n' },
    style: {
      // The library puts the mark before it, and hint and answer behind.
      message(text: string, status: string) {
        const width = widthOf(stderr) - 5
        const lines = foldText(tidy(text, theme), width)
        const behind = status === 'done' ? 4 : hint.length + 5
        const last = columns(lines.at(-1) ?? '') + behind > width ? ['  '] : []
        return [...lines.map((line, index) => (index === 0 ? '' : '  ') + theme.heading(line)), ...last].join('\n')
      },
      defaultAnswer: () => theme.quiet(hint),
      answer: theme.command,
      error: (text: string) => `${theme.warn('!')} ${theme.warn(text)}`,
    },
  }
  return askLibrary(options, { message, back, pastes: YES_OR_NO }, (context) =>
    confirm({ message, default: preset, theme: styled }, context),
  )
}
