/** Asks line by line, without moving the cursor: for `--plain`, screen readers and dumb terminals. */

import { createInterface } from 'node:readline'
import { Cancelled, WentBack } from '../errors.ts'
import type { Choice, Prompter } from '../ports.ts'
import { cleanLine, inAscii } from './clean.ts'
import type { PrompterOptions } from './prompter-options.ts'

export function createPlainPrompter(options: PrompterOptions): Prompter {
  const print = (text: string) => options.stderr.write(options.theme.unicode ? text : inAscii(text))
  const read = (message: string, hidden = false) => {
    options.rest()
    print(message)
    return hidden ? readHidden(options) : readLine(options)
  }

  /** Asks until `judge` returns a value in place of a complaint. */
  async function until<T>(message: string, judge: (text: string) => Answer<T>, hidden = false): Promise<T> {
    for (;;) {
      const answer = judge(await read(message, hidden))
      if ('value' in answer) return answer.value
      print(`  ${answer.problem}\n`)
    }
  }

  function list<T>(message: string, choices: readonly Choice<T>[]): void {
    const lines = choices.map(({ name, description, disabled, checked }, index) => {
      const aside = [
        checked ? 'chosen' : '',
        disabled === undefined ? '' : `not possible: ${disabled}`,
        description ?? '',
      ]
      return `  ${index + 1}  ${[name, ...aside.filter((text) => text !== '')].map(cleanLine).join(' - ')}\n`
    })
    print(`${message}\n${lines.join('')}`)
  }

  async function select<T>(message: string, choices: readonly Choice<T>[], preset: number): Promise<T> {
    list(message, choices)
    return until(`Number [${preset + 1}]: `, (text) => {
      const choice = choices[text === '' ? preset : Number(text) - 1]
      if (choice === undefined) return { problem: `a number from 1 to ${choices.length}, please` }
      return choice.disabled === undefined ? { value: choice.value } : { problem: choice.disabled }
    })
  }

  return {
    select: ({ message, choices, default: preset }) =>
      select(
        message,
        choices,
        Math.max(
          0,
          choices.findIndex((choice) => choice.value === preset),
        ),
      ),
    search: ({ message, choices }) => select(message, choices, 0),
    async checkbox({ message, choices }) {
      list(message, choices)
      return until('Numbers, by comma [those chosen]: ', (text) => {
        if (text === '') return { value: choices.flatMap(({ value, checked }) => (checked ? [value] : [])) }
        const picked = text.split(',').map((part) => choices[Number(part) - 1])
        const known = picked.flatMap((choice) => (choice === undefined ? [] : [choice.value]))
        return known.length === picked.length
          ? { value: known }
          : { problem: `numbers from 1 to ${choices.length}, please` }
      })
    },
    input: ({ message, default: preset, validate, back }) =>
      until(`${message}${preset === undefined ? '' : ` [${preset}]`}: `, (text) => {
        if (back === true && text === 'back') throw new WentBack()
        return judged(text === '' ? (preset ?? '') : text, validate)
      }),
    async secret({ message, validate }) {
      const text = await until(`${message}: `, (typed) => judged(typed, validate), true)
      options.redact(text.trim())
      return text
    },
    confirm: ({ message, default: preset }) =>
      until(`${message} (${preset ? 'Y/n' : 'y/N'}): `, (text) => {
        if (text === '') return { value: preset }
        if (/^(y|yes)$/i.test(text)) return { value: true }
        return /^(n|no)$/i.test(text) ? { value: false } : { problem: 'y or n, please' }
      }),
  }
}

type Answer<T> = { readonly value: T } | { readonly problem: string }

function judged(text: string, validate: ((text: string) => string | true) | undefined): Answer<string> {
  const verdict = validate?.(text) ?? true
  return verdict === true ? { value: text } : { problem: verdict }
}

function readLine({ stdin, signal }: PrompterOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: stdin, terminal: false })
    const cancel = () => lines.close()
    signal.addEventListener('abort', cancel, { once: true })
    lines.once('line', (line) => {
      resolve(line.trim())
      lines.close()
    })
    lines.once('close', () => {
      signal.removeEventListener('abort', cancel)
      reject(new Cancelled())
    })
  })
}

/** Reads a line in raw mode, where the terminal echoes nothing; without one there is nothing that could echo. */
function readHidden(options: PrompterOptions): Promise<string> {
  const { stdin, stderr, signal } = options
  if (!('setRawMode' in stdin) || typeof stdin.setRawMode !== 'function') return readLine(options)
  const raw = (on: boolean) => (stdin as NodeJS.ReadStream).setRawMode(on)
  return new Promise((resolve, reject) => {
    let typed = ''
    const finish = (settle: () => void) => {
      stdin.removeListener('data', hear)
      signal.removeEventListener('abort', cancel)
      raw(false)
      stdin.pause()
      stderr.write('\n')
      settle()
    }
    const cancel = () => finish(() => reject(new Cancelled()))
    const hear = (chunk: Buffer | string) => {
      for (const letter of String(chunk)) {
        if (letter === '\r' || letter === '\n') return finish(() => resolve(typed))
        if (letter === '\u0003' || letter === '\u0004') return cancel()
        typed = letter === '\u007f' ? typed.slice(0, -1) : typed + letter
      }
    }
    signal.addEventListener('abort', cancel, { once: true })
    raw(true)
    stdin.on('data', hear)
    stdin.resume()
  })
}
