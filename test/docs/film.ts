/** A run as a person sees it: the screen at each question, and at the end. */

import type { Piece } from '../ui/pty-screen.ts'
import { inTerminal } from '../ui/pty-session.ts'

interface Frame {
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
  /** From the first line to the last. */
  readonly whole: string
  readonly screen: readonly (readonly Piece[])[]
}

/** Another answer than Enter, to a question whose screen has this. */
export interface Answer {
  readonly question: RegExp
  readonly keys: string
  readonly answer: string
}

const ENTER: Omit<Answer, 'question'> = { keys: '\r', answer: 'Enter' }

export async function film(args: readonly string[], box: string, answers: readonly Answer[]): Promise<Film> {
  const session = await inTerminal(args, { CLOUDTRAIL_PD_SANDBOX_FILE: box }, { columns: 80, rows: 24 })
  const plain = args.includes('--plain')
  const frames: Frame[] = []
  let from = 0
  for (let text = await session.settled(); text !== undefined; text = await session.settled()) {
    const lines = text.split('\n')
    const at = lines.findLastIndex(plain ? (line) => line !== '' : (line) => line.startsWith('? '))
    const question = lines[at]
    // Something else is under way.
    if (question === undefined || (plain && !/[:\]]$/.test(question))) continue
    const shown = lines.slice(from, lines.findLastIndex((line) => line !== '') + 1).join('\n')
    const { keys, answer } = answers.find((one) => one.question.test(shown)) ?? ENTER
    frames.push({ text: shown, answer })
    // A plain question stays as it is; the answer is typed behind it.
    from = plain ? at + 1 : at
    await session.answer('', keys)
  }
  const { screen, text } = await session.end()
  const command = `npx cloudtrail-pd ${args.join(' ')}`
  const end = text.split('\n').slice(from).join('\n').trimEnd()
  return { command, frames, end, whole: text.trimEnd(), screen: screen.styled() }
}

/** `docs/first-run.md`: the screens of the one, and all lines of the other, in which nothing is drawn over. */
export function filmPage({ command, frames, end }: Film, plain: Film): string {
  return [
    HEAD,
    '```text',
    `$ ${command}`,
    ...frames.flatMap(({ text, answer }) => [text, '```', '', `${answer}.`, '', '```text']),
    end,
    '```',
    '',
    PLAIN,
    '```text',
    `$ ${plain.command}`,
    shortened(plain.whole),
    '```',
    '',
  ].join('\n')
}

/** A long list with its first and last choices. */
function shortened(text: string): string {
  return text
    .replaceAll(/^ {3}4 {2}[\s\S]*?^(?= {2}2[56] {2})/gm, '   ⋮\n')
    .replaceAll(/^ {2}29 {2}[\s\S]*?^(?= {2}47 {2})/gm, '   ⋮\n')
}

const HEAD = `# A first run

What a person sees who has never run the tool: \`init\` in the sandbox, in a terminal of 80 columns and 24 lines, with every proposal accepted, but for the last: there, no is the proposal. Below each screen stands what was pressed. Made from a real run; times differ from run to run. [getting-started.md](getting-started.md) explains the questions, [accessibility.md](accessibility.md) the keys.
`

const PLAIN = `## In plain mode

The same by \`--plain\`, for screen readers and logs: what is typed stands behind the question, and each answer is read back. Two parts of the list of detections are left out here (⋮).
`
