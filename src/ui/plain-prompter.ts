/** Asks line by line, without moving the cursor: for `--plain`, screen readers and dumb terminals. */

import { createInterface } from 'node:readline'
import { Cancelled, WentBack } from '../errors.ts'
import type { AskedForMany, Choice, Prompter } from '../ports.ts'
import { clean } from './clean.ts'
import { widthOf } from './output.ts'
import type { PrompterOptions } from './prompter-options.ts'
import { foldText, tidy } from './prompts/layout.ts'
import { shortName } from './prompts/list.ts'
import { untilQuiet } from './prompts/quiet.ts'
import { fewOrCount, listed, NOTHING_PICKED, type Picked, pickedOf, proposedOf } from './prompts/tally.ts'
import { chooseByWords, pickByWords, type Read } from './prompts/typed-choice.ts'

/** Of a longer list the rest is found by a part of its name. */
const LONGEST_LIST = 50

export function createPlainPrompter(options: PrompterOptions): Prompter {
  const { theme, stderr } = options
  let toldBack = false
  /** What is written together with the next place to type: a key between the two would be echoed into the question. */
  let said = ''

  /** Lines that break between words and begin with `start`, or with as many blanks. */
  const say = (text: string, start = '') => {
    const lines = foldText(tidy(text, theme), widthOf(stderr) - 1 - start.length, start === '' ? 2 : 0)
    said += lines.map((line, index) => `${index === 0 ? start : ' '.repeat(start.length)}${line}\n`).join('')
  }
  const write = (text: string) => {
    stderr.write(said + text)
    said = ''
  }
  const answered = (message: string, answer: string) => {
    say(`${theme.mark('good')} ${message} ${answer}`)
    write('')
  }

  async function begin(back: boolean): Promise<void> {
    if (options.signal.aborted) throw new Cancelled()
    options.rest()
    await dropTyped(options)
    if (back && !toldBack) {
      toldBack = true
      say('Type back to return to the question before.')
    }
  }

  /** Asks until `judge` returns a value in place of a problem, or has said something and asks on. */
  async function until<T>(
    message: () => string,
    judge: (text: string) => Read<T> | undefined,
    { back = false, hidden = false, left = () => {} } = {},
  ): Promise<T> {
    for (;;) {
      write(`${foldText(tidy(message(), theme), widthOf(stderr) - 1, 2).join('\n')} `)
      const text = hidden ? await readHidden(options) : await readLine(options)
      if (back && text.trim().toLowerCase() === 'back') {
        left()
        throw new WentBack()
      }
      const answer = judge(text)
      if (answer !== undefined && 'value' in answer) return answer.value
      if (answer !== undefined) say(answer.problem, '  ')
    }
  }

  function list<T>(choices: readonly Choice<T>[], which: (index: number) => boolean = () => true): void {
    const digits = String(choices.length).length
    choices.forEach(({ name, description, disabled }, index) => {
      if (!which(index)) return
      const texts = [
        name.trim().replaceAll(/ {2,}/g, ', '),
        ...(disabled === undefined ? [] : [`not possible: ${disabled}`]),
      ]
      const said = description === undefined ? texts : [...texts, description]
      say(said.join(' - '), `  ${String(index + 1).padStart(digits)}  `)
    })
  }

  /** `? 12` shows the details of a choice. Undefined: the line asks for none. */
  function details<T>(line: string, choices: readonly Choice<T>[]): Read<Choice<T>> | undefined {
    const [, word] = /^\?\s*(.*)$/.exec(line.trim()) ?? []
    if (word === undefined) return undefined
    const found = chooseByWords(
      word,
      choices.map(({ disabled: _, ...choice }) => choice),
    )
    const choice = 'value' in found ? choices[found.value] : undefined
    if ('problem' in found || choice === undefined) return { problem: 'problem' in found ? found.problem : '' }
    return { value: choice }
  }

  /** Whether the line asked for details; they are shown then. */
  function showsDetails<T>(line: string, choices: readonly Choice<T>[]): boolean {
    const found = details(line, choices)
    if (found === undefined) return false
    if ('problem' in found) say(found.problem, '  ')
    else {
      const { name, description, details: more } = found.value
      for (const text of [shortName(name), description ?? '', ...clean(more ?? 'no details').split('\n')]) {
        if (text !== '') say(text, '  ')
      }
    }
    return true
  }

  async function select<T>(question: {
    readonly message: string
    readonly choices: readonly Choice<T>[]
    readonly default?: T
    readonly back?: boolean
  }): Promise<T> {
    const { message, choices, back = false } = question
    const wanted = choices.findIndex(
      ({ value, disabled }) => 'default' in question && value === question.default && disabled === undefined,
    )
    const preset = Math.max(0, wanted >= 0 ? wanted : choices.findIndex(({ disabled }) => disabled === undefined))
    await begin(back)
    say(message)
    list(choices, (index) => index < LONGEST_LIST)
    if (choices.length > LONGEST_LIST) say(`and ${choices.length - LONGEST_LIST} more; type a part of the name`, '  ')
    if (choices.some((choice) => choice.details !== undefined)) say('Type ? and a number for details.')
    const index = await until(
      () => `Number [${preset + 1}]:`,
      (text) => {
        if (showsDetails(text, choices)) return undefined
        return chooseByWords(text.trim() === '' ? String(preset + 1) : text, choices)
      },
      { back },
    )
    const choice = choices[index]
    if (choice === undefined) throw new Error(`there is no choice ${index}`)
    answered(message, shortName(choice.name))
    return choice.value
  }

  async function checkbox<T>(
    question: AskedForMany<T> & { readonly message: string; readonly back?: boolean },
  ): Promise<readonly T[]> {
    const { message, choices, groups = [], back = false } = question
    const proposed = proposedOf(choices)
    let picked = proposed
    const values = () => choices.flatMap(({ value }, index) => (picked.has(index) ? [value] : []))
    await begin(back)
    say(message)
    for (const [title, chosen] of [
      ['Chosen:', true],
      ['Not chosen:', false],
    ] as const) {
      if (choices.some((_, index) => proposed.has(index) === chosen)) say(title)
      list(choices, (index) => proposed.has(index) === chosen)
    }
    if (groups.length > 0) say(`Groups: ${groups.map(({ name, values }) => `${name} (${values.length})`).join(', ')}`)
    say('Numbers, ranges such as 1-5, names, groups, all or none: choose these alone.')
    say('+27 adds, -3 leaves out, with any of these; ? and a number shows details.')
    await until(
      () =>
        picked.size > 0 ? `Enter takes the ${picked.size} chosen, or change them:` : 'Nothing is chosen; type some:',
      (text) => {
        if (text.trim() === '') return picked.size > 0 ? { value: true } : { problem: NOTHING_PICKED }
        if (showsDetails(text, choices)) return undefined
        const read = pickByWords(text, picked, choices, groups)
        if ('problem' in read) return read
        picked = read.value
        say(readBack(pickedOf(choices, proposed, picked), namesOf(choices, picked)), '  ')
        return undefined
      },
      { back, left: () => question.left?.(values()) },
    )
    answered(message, fewOrCount(namesOf(choices, picked)))
    return values()
  }

  return {
    select,
    search: select,
    checkbox,
    async input({ message, default: preset = '', validate, back = false }) {
      await begin(back)
      const text = await until(
        () => toType(message, preset === '' ? '' : `[${preset}]`),
        (typed) => judged(typed.trim() === '' ? preset : typed.trim(), validate),
        { back },
      )
      answered(message, text)
      return text
    },
    async secret({ message, validate, shown, back = false }) {
      await begin(back)
      // Before the question can be read: what is typed at its sight must not be echoed, nor between two tries.
      const endSilence = silenced(options)
      const text = await until(
        () => toType(message, '(not shown)'),
        (typed) => judged(typed, validate),
        { back, hidden: true },
      ).finally(endSilence)
      options.redact(text.trim())
      const described = shown?.(text)
      answered(message, described === undefined || described.includes(text.trim()) ? 'hidden' : described)
      return text
    },
    async confirm({ message, default: preset, back = false }) {
      await begin(back)
      const answer = await until(
        () => `${message} (${preset ? 'Y/n' : 'y/N'}):`,
        (text) => {
          if (text.trim() === '') return { value: preset }
          if (/^\s*(y|yes)\s*$/i.test(text)) return { value: true }
          return /^\s*(n|no)\s*$/i.test(text) ? { value: false } : { problem: 'y or n, please' }
        },
        { back },
      )
      answered(message, answer ? 'Yes' : 'No')
      return answer
    },
  }
}

/** A question to type behind: `Save to [x.yaml]:`, `Name: [x]`, `Which name?`. */
function toType(message: string, aside: string): string {
  if (aside === '') return /[?:]$/.test(message) ? message : `${message}:`
  return message.endsWith(':') ? `${message} ${aside}` : `${message} ${aside}:`
}

function namesOf(choices: readonly Choice<unknown>[], picked: ReadonlySet<number>): readonly string[] {
  return choices.flatMap(({ name }, index) => (picked.has(index) ? [shortName(name)] : []))
}

/** What is chosen now: all of a few names, else how it differs from what was proposed. */
function readBack({ count, leftOut, added }: Picked, names: readonly string[]): string {
  if (names.length <= 3) return `${count} chosen${count === 0 ? '' : `: ${names.join(', ')}`}`
  return [`${count} chosen`, ...listed('added', added), ...listed('left out', leftOut)].join('; ')
}

function judged(text: string, validate: ((text: string) => string | true) | undefined): Read<string> {
  const verdict = validate?.(text) ?? true
  return verdict === true ? { value: text } : { problem: verdict }
}

/** Lines that were typed before the question stood there, such as the rest of a paste, are no answer to it. */
async function dropTyped({ stdin }: PrompterOptions): Promise<void> {
  let heard = () => {}
  const hear = () => heard()
  stdin.on('data', hear)
  stdin.resume()
  await untilQuiet((listener) => {
    heard = listener
  })
  stdin.removeListener('data', hear)
  stdin.pause()
}

function readLine({ stdin, stderr, signal, takeInterrupt }: PrompterOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    if (signal.aborted || !stdin.readable) return reject(new Cancelled())
    const lines = createInterface({ input: stdin, terminal: false })
    const cancel = () => lines.close()
    signal.addEventListener('abort', cancel, { once: true })
    const giveBack = takeInterrupt?.(() => {
      // Behind what the terminal echoes of Ctrl-C.
      stderr.write('\n')
      cancel()
    })
    lines.once('line', (line) => {
      resolve(line.trim())
      lines.close()
    })
    lines.once('close', () => {
      giveBack?.()
      signal.removeEventListener('abort', cancel)
      reject(new Cancelled())
    })
  })
}

/** Puts the terminal into raw mode, in which it echoes nothing, until what is returned is called. */
function silenced({ stdin }: PrompterOptions): () => void {
  if (!('setRawMode' in stdin) || typeof stdin.setRawMode !== 'function') return () => {}
  const terminal = stdin as NodeJS.ReadStream
  terminal.setRawMode(true)
  return () => terminal.setRawMode(false)
}

/** Reads a line in raw mode, key by key; without a terminal there is nothing that could echo. */
function readHidden(options: PrompterOptions): Promise<string> {
  const { stdin, stderr, signal } = options
  if (!('setRawMode' in stdin) || typeof stdin.setRawMode !== 'function') return readLine(options)
  return new Promise((resolve, reject) => {
    let typed = ''
    const finish = (settle: () => void) => {
      stdin.removeListener('data', hear)
      stdin.removeListener('end', cancel)
      signal.removeEventListener('abort', cancel)
      stdin.pause()
      stderr.write('\n')
      settle()
    }
    const cancel = () => finish(() => reject(new Cancelled()))
    const hear = (chunk: Buffer | string) => {
      for (const letter of String(chunk)) {
        if (letter === '\r' || letter === '\n') return finish(() => resolve(typed))
        if (letter === '\u0003' || letter === '\u0004') return cancel()
        if (letter === '\u0015') typed = ''
        else typed = letter === '\u007f' ? typed.slice(0, -1) : typed + letter
      }
    }
    signal.addEventListener('abort', cancel, { once: true })
    stdin.on('data', hear)
    stdin.once('end', cancel)
    stdin.resume()
  })
}
