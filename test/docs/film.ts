/** A run as a person sees it: the screen at each question, and at the end. */

import type { Piece } from '../ui/pty-screen.ts'
import { inTerminal } from '../ui/pty-session.ts'

interface Frame {
  readonly question: string
  /** From where the frame before ended. */
  readonly text: string
  /** What was pressed, in words. */
  readonly answer: string
}

export interface Film {
  readonly command: string
  readonly frames: readonly Frame[]
  /** What came after the last answer. */
  readonly end: string
  readonly screen: readonly (readonly Piece[])[]
}

/** A question that gets another answer than Enter. */
export interface Answer {
  readonly question: RegExp
  readonly keys: string
  readonly answer: string
}

const ENTER: Omit<Answer, 'question'> = { keys: '\r', answer: 'Enter' }

export async function film(args: readonly string[], box: string, answers: readonly Answer[]): Promise<Film> {
  const session = await inTerminal(args, { CLOUDTRAIL_PD_SANDBOX_FILE: box }, { columns: 80, rows: 24 })
  const frames: Frame[] = []
  let from = 0
  for (let text = await session.settled(); text !== undefined; text = await session.settled()) {
    const lines = text.split('\n')
    const at = lines.findLastIndex((line) => line.startsWith('? '))
    const question = lines[at]
    // Something else is under way.
    if (question === undefined) continue
    const { keys, answer } = answers.find((one) => one.question.test(question)) ?? ENTER
    frames.push({
      question,
      text: lines.slice(from, lines.findLastIndex((line) => line !== '') + 1).join('\n'),
      answer,
    })
    from = at
    await session.answer('', keys)
  }
  const { screen, text } = await session.end()
  const command = `npx cloudtrail-pd ${args.join(' ')}`
  return { command, frames, end: text.split('\n').slice(from).join('\n').trimEnd(), screen: screen.styled() }
}

/** `docs/first-run.md`. */
export function filmPage({ command, frames, end }: Film): string {
  return [
    HEAD,
    '```text',
    `$ ${command}`,
    ...frames.flatMap(({ text, answer }) => [text, '```', '', `${answer}.`, '', '```text']),
    end,
    '```',
    '',
  ].join('\n')
}

const HEAD = `# A first run

What a person sees who has never run the tool: \`init\` in the sandbox, in a terminal of 80 columns and 24 lines, with every proposal accepted. Below each screen stands what was pressed. Made from a real run; times differ from run to run. [getting-started.md](getting-started.md) explains the questions, [accessibility.md](accessibility.md) the keys.
`
