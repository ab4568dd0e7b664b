/** Asks a person, over @inquirer/prompts drawn on stderr; Ctrl-C, a closed input and a signal all end in `Cancelled`. */

import { Writable } from 'node:stream'
import { Cancelled } from '../errors.ts'
import type { Choice, Prompter } from '../ports.ts'
import { cleanLine, clip, inAscii, pad } from './clean.ts'
import { columns } from './columns.ts'
import { columnsOf, type OutputStream, widthOf } from './output.ts'
import type { Theme } from './theme.ts'

/** Standard input as a prompt needs it. */
export type InputStream = NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined }

export interface PrompterOptions {
  readonly stdin: InputStream
  readonly stderr: OutputStream
  readonly signal: AbortSignal
  readonly theme: Theme
  /** Called before each prompt: whatever else draws on the terminal has to rest. */
  rest(): void
  /** Gets every secret as soon as it was typed. */
  redact(secret: string): void
}

/** Choices shown at once; more can be scrolled to. */
const PAGE = 14

/** Whether there is a person at both ends: a question that nobody sees, or nobody can answer, is not asked (field case C62). */
export function canAsk(stdin: InputStream, stderr: OutputStream): boolean {
  return stdin.isTTY === true && stderr.isTTY === true
}

export function createPrompter(options: PrompterOptions): Prompter {
  return {
    select: ({ message, choices, default: preset }) =>
      ask(options, async (context) => {
        const { select } = await import('@inquirer/prompts')
        const config = { message, choices: listed(choices, options), pageSize: PAGE, loop: false }
        return select(preset === undefined ? config : { ...config, default: preset }, context)
      }),
    checkbox: ({ message, choices }) =>
      ask(options, async (context) => {
        const { checkbox } = await import('@inquirer/prompts')
        const theme = { style: { renderSelectedChoices: chosen } }
        const config = {
          message,
          choices: listed(choices, options),
          pageSize: PAGE,
          loop: false,
          required: true,
          theme,
        }
        return checkbox(config, context)
      }),
    search: ({ message, choices }) =>
      ask(options, async (context) => {
        const { search } = await import('@inquirer/prompts')
        const named = listed(choices, options)
        const matching = (term = '') => named.filter(({ name }) => name.toLowerCase().includes(term.toLowerCase()))
        return search({ message, source: matching, pageSize: PAGE }, context)
      }),
    input: ({ message, default: preset, validate }) =>
      ask(options, async (context) => {
        const { input } = await import('@inquirer/prompts')
        return input({ message, ...(preset === undefined ? {} : { default: preset }), ...judge(validate) }, context)
      }),
    secret: ({ message, validate }) =>
      ask(options, async (context) => {
        const { password } = await import('@inquirer/prompts')
        const judged = judge(validate)
        const text = await password({ message, mask: false, ...judged }, context)
        options.redact(text.trim())
        return text
      }),
    confirm: ({ message, default: preset }) =>
      ask(options, async (context) => {
        const { confirm } = await import('@inquirer/prompts')
        return confirm({ message, default: preset }, context)
      }),
  }
}

interface Context {
  readonly input: NodeJS.ReadableStream
  readonly output: NodeJS.WritableStream
  readonly signal: AbortSignal
}

async function ask<T>(options: PrompterOptions, prompt: (context: Context) => Promise<T>): Promise<T> {
  if (options.signal.aborted) throw new Cancelled()
  options.rest()
  const ended = whenEnded(options.stdin)
  const signal = AbortSignal.any([options.signal, ended.signal])
  try {
    return await prompt({ input: options.stdin, output: drawingOn(options.stderr, options.theme), signal })
  } catch (error) {
    if (error instanceof Error && CANCELLING.has(error.name)) throw new Cancelled()
    throw error
  } finally {
    ended.forget()
  }
}

/** The names of what @inquirer/core rejects with; its classes are not part of what @inquirer/prompts exports. */
const CANCELLING: ReadonlySet<string> = new Set(['ExitPromptError', 'AbortPromptError', 'CancelPromptError'])

/**
 * Aborts when the input ends. On Ctrl-D readline closes and pauses the stream, and the prompt would wait for ever:
 * a pause that no answer follows at once is such an end.
 */
function whenEnded(stdin: InputStream): { readonly signal: AbortSignal; forget(): void } {
  const controller = new AbortController()
  const abort = () => controller.abort()
  const paused = () => setImmediate(abort)
  stdin.once('end', abort)
  stdin.once('close', abort)
  stdin.on('pause', paused)
  return {
    signal: controller.signal,
    forget() {
      stdin.removeListener('end', abort)
      stdin.removeListener('close', abort)
      stdin.removeListener('pause', paused)
    },
  }
}

/** A stream for one prompt: the library ends it, and colours its frames whatever NO_COLOR says. */
function drawingOn(stderr: OutputStream, theme: Theme): NodeJS.WritableStream {
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: unknown, _encoding, done) {
      const text = String(chunk)
      const shown = theme.unicode ? text : inAscii(text)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what it takes out.
      stderr.write(theme.coloured ? shown : shown.replaceAll(/\u001b\[[0-9;]*m/g, ''), () => done())
    },
  })
  return Object.assign(stream, { isTTY: stderr.isTTY, columns: columnsOf(stderr) })
}

/** Names in one column and what they mean in the next; the answered line then shows the name alone. */
function listed<T>(choices: readonly Choice<T>[], { stderr, theme }: PrompterOptions) {
  const column = Math.max(...choices.map(({ description, name }) => (description === undefined ? 0 : columns(name))))
  return choices.map(({ value, name, description, disabled, checked }) => {
    const short = cleanLine(name)
    const line = description === undefined ? short : `${pad(short, column)}  ${cleanLine(description)}`
    return {
      value,
      short,
      // Cursor and tick take six columns; a line that breaks would shift the frame.
      name: clip(line, widthOf(stderr) - 6, theme.ellipsis),
      ...(disabled === undefined ? {} : { disabled: '(not possible)' }),
      ...(checked === undefined ? {} : { checked }),
    }
  })
}

/** A few names as they are, many as a number: the answered line stays one line. */
function chosen(choices: readonly { readonly short: string }[]): string {
  return choices.length > 3 ? `${choices.length} chosen` : choices.map(({ short }) => short).join(', ')
}

function judge(validate: ((text: string) => string | true) | undefined): {
  validate?: (text: string) => string | true
} {
  return validate === undefined ? {} : { validate }
}
