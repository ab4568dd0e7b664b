/** The pictures of README and the first run of docs, each of a real run: the built tool in a terminal of 80 columns, on the sandbox. */

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Piece } from '../ui/pty-screen.ts'
import { inTerminal } from '../ui/pty-session.ts'
import { type Answer, film, filmPage } from './film.ts'
import type { Picture } from './picture.ts'

export interface Pictures {
  /** By the name of the file in `docs/pictures`. */
  readonly drawn: Readonly<Record<string, Picture>>
  /** `docs/first-run.md`. */
  readonly filmed: string
}

export async function takePictures(): Promise<Pictures> {
  const folder = mkdtempSync(join(tmpdir(), 'cloudtrail-pd-pictures-'))
  try {
    const setup = await film(['init', '--sandbox'], join(folder, 'first.json'), [APPROVED])
    const plain = await film(['init', '--sandbox', '--plain'], join(folder, 'plain.json'), TYPED)
    await shown(['init', '--sandbox', '--yes', '--drill'], join(folder, 'box.json'))
    const drill = await shown(['test', '--sandbox', '--yes'], join(folder, 'box.json'))
    const broken = join(folder, 'broken.json')
    await shown(['init', '--sandbox', '--yes', '--detections', WATCHED], broken)
    breakChain(broken)
    const diagnosis = await shown(['doctor', '--sandbox'], broken)
    const drawn = {
      'init.svg': {
        title: 'cloudtrail-pd init',
        description: 'The plan with its monthly cost, the progress of each step, and the path that alerts now take.',
        lines: CUTS.reduce<Lines>(without, withCommand(setup.command, setup.screen)),
      },
      'test.svg': {
        title: 'cloudtrail-pd test',
        description: 'A fire drill: each hop with its time, until the incident has opened and resolved.',
        lines: drill,
      },
      'doctor.svg': {
        title: 'cloudtrail-pd doctor',
        description: 'Which links of each chain work, and what to do about the two that do not.',
        lines: diagnosis,
      },
    }
    return { drawn, filmed: filmPage(setup, plain) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

type Lines = Picture['lines']

/** No is what Enter alone would say. */
const APPROVED: Answer = { question: /Go ahead\?/, keys: '\u001b[B\r', answer: 'Down, Enter' }

/** In the order in which they are tried. */
const TYPED: readonly Answer[] = [
  { question: /Go ahead\?/, keys: 'yes\r', answer: 'yes' },
  { question: /Enter takes the 26 chosen/, keys: '+27\r', answer: '+27' },
  { question: /Number \[1\]:$/, keys: '1\r', answer: '1' },
]

const WATCHED = 'root-account-usage,trail-stopped-or-blinded,console-signin-without-mfa,mfa-deactivated'

async function shown(args: readonly string[], box: string): Promise<Lines> {
  const session = await inTerminal(args, { CLOUDTRAIL_PD_SANDBOX_FILE: box })
  const { screen } = await session.end()
  return withCommand(`npx cloudtrail-pd ${args.join(' ')}`, screen.styled())
}

function withCommand(command: string, lines: Lines): Lines {
  const line = { text: `$ ${command}`, column: 0, style: new Set([1]) }
  return [[line], ...lines.slice(0, lines.findLastIndex(isFilled) + 1)]
}

/** What a picture of init leaves out: the questions, the notes, and the addresses of its pages. */
const CUTS = [
  ['cloudtrail-pd ', 'Plan'],
  ['! ', '✔ Go ahead?'],
  ['! ', 'Next'],
  ['Pages', 'Next'],
] as const

/** Without the lines from one that begins with `from` up to one that begins with `to`, and with a sign in their place. */
function without(lines: Lines, [from, to]: readonly [string, string]): Lines {
  const begins = (words: string) =>
    lines.findIndex((line) =>
      line
        .map(({ text }) => text)
        .join('')
        .startsWith(words),
    )
  const [first, last] = [begins(from), begins(to)]
  if (first < 0 || last < first) return lines
  return [...lines.slice(0, first), [{ text: '⋮', column: 2, style: new Set([2]) }], ...lines.slice(last)]
}

function isFilled(line: readonly Piece[]): boolean {
  return line.some(({ text }) => text.trim() !== '')
}

/** What people do by hand: an alarm without an OK action, another with its actions switched off. */
function breakChain(box: string): void {
  const state = JSON.parse(readFileSync(box, 'utf8'))
  for (const alarm of Object.values<Record<string, unknown>>(state.alarms)) {
    if (String(alarm.name).includes('console-signin')) alarm.okActions = []
    if (String(alarm.name).includes('mfa-deactivated')) alarm.actionsEnabled = false
  }
  writeFileSync(box, JSON.stringify(state))
}
