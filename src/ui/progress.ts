/** Progress on stderr: a spinner on a terminal, plain lines elsewhere, and the trace of `--verbose`. */

import type { Clock, Progress } from '../ports.ts'
import { clean, cleanLine, hanging, inAscii, pad, shorten, wrap } from './clean.ts'
import { columns } from './columns.ts'
import type { OutputStream } from './output.ts'
import type { Theme } from './theme.ts'

export interface TerminalProgress extends Progress {
  /** Takes the spinner away, for a prompt or for good; the next `working` brings it back. */
  rest(): void
}

export interface ProgressOptions {
  readonly stream: OutputStream
  readonly theme: Theme
  readonly clock: Clock
  readonly width: number
  readonly plain: boolean
  readonly verbose: boolean
  /** Writes one finished line. */
  print(text: string): void
}

/** Words; with more it is a sentence. */
const NAME_AND_VERB = 2

/** Columns in which a sentence can be read. */
const NARROWEST = 24

/** The longest label is "metric filter"; texts begin in one column. */
const LABEL = 14

/** The spinner is loaded and used on a terminal only: it colours its marks even in a pipe. */
export async function createProgress(options: ProgressOptions): Promise<TerminalProgress> {
  const { stream, theme, clock, print } = options
  // On a terminal without a size, such as a runner's, ora would go back over infinitely many lines.
  const moving = stream.isTTY === true && stream.columns !== 0 && !options.plain
  const spinner = moving ? (await import('./spinner.ts')).createSpinner(stream, theme) : undefined
  const started = new Map<string, number>()

  /** In the marks of the stream before it is measured: `...` is wider than what it stands for. */
  const spelled = (text: string) => (theme.unicode ? text : inAscii(text))

  function lineOf(mark: string, label: string, text: string): string {
    // Before the text: two blanks, the mark, a blank, the label, a blank; the last column stays free, or a terminal wraps.
    const words = shorten(cleanLine(spelled(text)), options.width - LABEL - 6, theme.ellipsis)
    return `  ${mark} ${pad(cleanLine(label), LABEL)} ${words}`
  }

  /** Nothing of what has been found is cut but a word that is too long; what has no room beside its label stands below. */
  function doneLines(mark: string, label: string, text: string, seconds = ''): readonly string[] {
    const words = cleanLine(theme.unicode ? text : inAscii(text))
    const start = `  ${mark} ${pad(cleanLine(label), LABEL)} `
    const room = options.width - LABEL - 6 - (seconds === '' ? 0 : seconds.length + 2)
    const isNarrow = columns(words) > room && room < NARROWEST
    // A name and its verb: cut in the middle, both can be recognised.
    if (!isNarrow && words.split(' ').length <= NAME_AND_VERB) {
      const short = shorten(words, room, theme.ellipsis)
      return [start + (seconds === '' ? short : `${pad(short, Math.min(room, 45))}  ${theme.quiet(seconds)}`)]
    }
    const lines = wrap(words, isNarrow ? options.width - 4 : room)
    const shown = lines.map((line) => shorten(line, isNarrow ? options.width - 4 : room, theme.ellipsis))
    if (isNarrow) return [`${start} ${theme.quiet(seconds)}`, ...shown.map((line) => `    ${line}`)]
    const [first = '', ...rest] = shown
    const time = seconds === '' ? '' : `  ${theme.quiet(seconds)}`
    return [
      start + (time === '' ? first : pad(first, Math.min(room, 45)) + time),
      ...rest.map((line) => ' '.repeat(columns(start)) + line),
    ]
  }

  function printLine(line: string): void {
    const spinning = spinner?.isSpinning
    spinner?.stop()
    print(line.trimEnd())
    if (spinning) spinner?.start()
  }

  return {
    working(label, text) {
      const first = !started.has(label)
      if (first) started.set(label, clock.now().getTime())
      if (spinner !== undefined) {
        // The spinner's own frame stands where the mark would.
        spinner.text = lineOf(' ', label, text).slice('    '.length)
        spinner.prefixText = ' '
        if (!spinner.isSpinning) spinner.start()
      } else if (first) {
        printLine(lineOf(theme.mark('working'), label, text).trimEnd())
      }
    },
    done(label, mark, text) {
      const since = started.get(label)
      started.delete(label)
      const seconds = since === undefined ? undefined : elapsed(clock.now().getTime() - since)
      if (started.size === 0) spinner?.stop()
      for (const line of doneLines(theme.mark(mark), label, text, seconds)) printLine(line)
    },
    note: (text, mark) =>
      printLine(
        noteLines(spelled(clean(text)), mark === undefined ? undefined : theme.mark(mark), options.width).join('\n'),
      ),
    answered: (message, answer) =>
      printLine(hanging(`${theme.mark('good')} `, spelled(`${message} ${clean(answer)}`), options.width).join('\n')),
    show: (render) => printLine(render(theme, options.width)),
    trace(text) {
      if (options.verbose) printLine(theme.quiet(cleanLine(text)))
    },
    rest() {
      spinner?.stop()
    },
  }
}

/** What begins with a mark, or is given one, hangs behind it; what is indented stays so. */
function noteLines(text: string, mark: string | undefined, width: number): readonly string[] {
  return text.split('\n').flatMap((line) => {
    if (mark !== undefined) return hanging(`  ${mark} `, line, width)
    if (line.startsWith('! ')) return hanging('! ', line.slice(2), width)
    const indent = /^ */.exec(line)?.[0] ?? ''
    return hanging(indent, line.slice(indent.length), width)
  })
}

/** `0.4 s`, `83 s`, `5 min 41 s`. */
export function elapsed(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`
  const whole = Math.round(seconds)
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`
}
