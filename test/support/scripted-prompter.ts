import type { Choice, Mark, Progress, Prompter, Theme } from '../../src/ports.ts'
import { plainTheme } from '../../src/ui/theme.ts'

/** One expected question: a part of its message, and what the person does. */
export type Step = readonly [message: string, answer: Answer]

/** `enter` takes the default; a text picks the choice of that name or is typed; a list picks several. */
export type Answer = 'enter' | { readonly text: string } | { readonly names: readonly string[] } | boolean

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

  function next(message: string): Answer {
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

  function pick<T>(message: string, choices: readonly Choice<T>[], preset: Choice<T> | undefined): T {
    const answer = next(message)
    const found = answer === 'enter' ? preset : choices.find(({ name }) => name === textOf(answer))
    if (found === undefined)
      throw new Error(`no such choice: ${JSON.stringify(answer)} of ${choices.map(({ name }) => name)}`)
    return found.value
  }

  const prompter: Prompter = {
    select: async ({ message, choices }) => pick(message, choices, choices[0]),
    search: async ({ message, choices }) => pick(message, choices, choices[0]),
    async checkbox({ message, choices }) {
      const answer = next(message)
      const names = typeof answer === 'object' && 'names' in answer ? answer.names : undefined
      return choices
        .filter(({ checked, name }) => (names === undefined ? checked : names.includes(name)))
        .map(({ value }) => value)
    },
    async input({ message, default: preset }) {
      const answer = next(message)
      return answer === 'enter' ? (preset ?? '') : textOf(answer)
    },
    async secret({ message, validate }) {
      const answer = textOf(next(message))
      const verdict = validate?.(answer) ?? true
      if (verdict !== true) {
        lines.push(`> ${verdict}`)
        return prompter.secret({ message, ...(validate === undefined ? {} : { validate }) })
      }
      return answer
    },
    async confirm({ message, default: preset }) {
      const answer = next(message)
      return typeof answer === 'boolean' ? answer : preset
    },
  }
  const progress: Progress = {
    working: () => {},
    done: (label: string, mark: Mark, text: string) => lines.push(`${mark} ${label} ${text}`),
    note: (text) => lines.push(text),
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
