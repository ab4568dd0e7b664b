/** `completion`: a script for a shell, made of the same tables as the command line. */

import { EXIT, usage } from '../../errors.ts'
import { SHELLS, type Shell } from '../../options/command-options.ts'
import { didYouMean } from '../../spelling.ts'
import type { Report } from '../report.ts'
import { bashScript } from './bash.ts'
import { fishScript } from './fish.ts'
import { type Outline, type Tree, treeOf } from './tree.ts'
import { zshScript } from './zsh.ts'

const SCRIPTS: Readonly<Record<Shell, (tree: Tree) => string>> = { bash: bashScript, zsh: zshScript, fish: fishScript }

/** The script for a shell. Throws `unknown-shell` (exit 2). */
export function completion(word: string, outline: Outline): Report {
  const shell = SHELLS.find((one) => one === word)
  if (shell === undefined) {
    const hint = didYouMean(word, SHELLS) ?? `there is: ${SHELLS.join(', ')}`
    throw usage('unknown-shell', `there is no completion for "${word}"`, hint)
  }
  const script = SCRIPTS[shell](treeOf(outline))
  return { exit: EXIT.done, json: { shell, script: `${script}\n` }, text: () => script }
}
