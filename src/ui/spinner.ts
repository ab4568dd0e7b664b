/** The moving line of a terminal. Apart, because only a terminal loads it. */

import ora, { type Ora } from 'ora'
import type { OutputStream } from './output.ts'
import type { Theme } from './theme.ts'

export function createSpinner(stream: OutputStream, theme: Theme): Ora {
  return ora({
    stream: stream as NodeJS.WriteStream,
    color: theme.coloured ? 'cyan' : false,
    // The prompts own standard input, and Ctrl-C must reach us.
    discardStdin: false,
    ...(theme.unicode ? {} : { spinner: { interval: 150, frames: ['.', 'o', 'O', 'o'] } }),
  })
}
