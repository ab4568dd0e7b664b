import { Cancelled, WentBack } from '../../src/errors.ts'
import type { Choice, Mark, Progress, Prompter, Theme } from '../../src/ports.ts'
import { plainTheme } from '../../src/ui/theme.ts'

/** One expected question: a part of its message, and what the person does. */
export type Step = readonly [message: string, answer: Answer]

/** `enter` takes the default, `back` is Esc, `stop` Ctrl-C; a text picks the choice of that name or is typed; a list picks several, perhaps to go back then; a key is pasted to search for. */
export type Answer =
  | 'enter'
  | 'back'
  | 'stop'
  | { readonly text: string }
  | { readonly names: readonly string[]; readonly thenBack?: true }
  | { readonly paste: string }
  | boolean

export interface Script {
  readonly prompter: Prompter
  readonly progress: Progress
  /** Every line that was shown or asked, in order. */
  readonly lines: readonly string[]
  /** Fails when a question was expected that nobody asked. */
  finish(): void
}

/** Asked in every run, and answered with their default by whoever is asked about something else. */
const BESIDE = ['Page when no events arrive from CloudTrail?']

/** Plays a person; an unexpected question fails the test. */
export function script(steps: readonly Step[]): Script {
  const left = [...steps]
  const lines: string[] = []
  const theme: Theme = plainTheme()

  function next(message: string, back = false): Exclude<Answer, 'back' | 'stop'> {
    const answer = nextStep(message)
    if (answer === 'stop') throw new Cancelled()
    if (answer !== 'back') return answer
    if (!back) throw new Error(`there is no way back from "${message}"`)
    throw new WentBack()
  }

  function nextStep(message: string): Answer {
    if (BESIDE.some((one) => message.includes(one)) && !message.includes(left[0]?.[0] ?? '-')) {
      lines.push(`? ${message}`)
      return 'enter'
    }
    const step = left.shift()
    if (step === undefined || !message.includes(step[0])) {
      throw new Error(`asked "${message}", expected ${step === undefined ? 'nothing' : `"${step[0]}"`}`)
    }
    lines.push(`? ${message}`)
    return step[1]
  }

  function pick<T>(
    message: string,
    choices: readonly Choice<T>[],
    preset: Choice<T> | undefined,
    back?: boolean,
    pasted?: (text: string) => T,
  ): T {
    const answer = next(message, back)
    if (typeof answer === 'object' && 'paste' in answer && pasted !== undefined) return pasted(answer.paste)
    const found = answer === 'enter' ? preset : choices.find(({ name }) => name === textOf(answer))
    if (found === undefined)
      throw new Error(`no such choice: ${JSON.stringify(answer)} of ${choices.map(({ name }) => name)}`)
    return found.value
  }

  const prompter: Prompter = {
    select: async ({ message, choices, default: preset, back }) =>
      pick(message, choices, presetOf(choices, preset), back),
    search: async ({ message, choices, default: preset, back, pasted }) =>
      pick(message, choices, presetOf(choices, preset), back, pasted),
    async checkbox({ message, choices, groups = [], back, left }) {
      const answer = next(message, back)
      const names = typeof answer === 'object' && 'names' in answer ? answer.names : undefined
      const grouped = new Set(groups.filter(({ name }) => names?.includes(name)).flatMap(({ values }) => values))
      const picked = choices
        .filter(({ checked, name, value }) =>
          names === undefined ? checked : names.includes(name) || grouped.has(value),
        )
        .map(({ value }) => value)
      if (typeof answer !== 'object' || !('names' in answer) || answer.thenBack !== true) return picked
      left?.(picked)
      throw new WentBack()
    },
    async input(question) {
      const { message, default: preset, validate, back } = question
      const answer = next(message, back)
      const text = answer === 'enter' ? (preset ?? '') : textOf(answer)
      const verdict = validate?.(text) ?? true
      if (verdict === true) return text
      lines.push(`> ${verdict}`)
      return prompter.input(question)
    },
    async secret(question) {
      const { message, validate, shown, back } = question
      const step = next(message, back)
      const answer = step === 'enter' ? '' : textOf(step)
      const verdict = validate?.(answer) ?? true
      if (verdict !== true) {
        lines.push(`> ${verdict}`)
        return prompter.secret(question)
      }
      if (shown !== undefined) lines.push(`✔ ${message} ${shown(answer)}`)
      return answer
    },
    async confirm({ message, default: preset, back }) {
      const answer = next(message, back)
      return typeof answer === 'boolean' ? answer : preset
    },
  }
  const progress: Progress = {
    working: () => {},
    done: (label: string, mark: Mark, text: string) => lines.push(`${mark} ${label} ${text}`),
    note: (text, mark) => lines.push(mark === undefined ? text : `  ${theme.mark(mark)} ${text}`),
    answered: (message, answer) => lines.push(`✔ ${message} ${answer}`),
    show: (render) => lines.push(...render(theme, 80).split('\n')),
    trace: () => {},
  }
  return {
    prompter,
    progress,
    lines,
    finish() {
      if (left.length > 0) throw new Error(`never asked: ${left.map(([message]) => message).join(', ')}`)
    },
  }
}

function textOf(answer: Answer): string {
  if (typeof answer === 'object' && 'text' in answer) return answer.text
  throw new Error(`a text is needed, not ${JSON.stringify(answer)}`)
}

/** No default is not the choice whose value is undefined. */
function presetOf<T>(choices: readonly Choice<T>[], preset: T | undefined): Choice<T> | undefined {
  const named = preset === undefined ? undefined : choices.find(({ value }) => value === preset)
  return named ?? choices[0]
}
