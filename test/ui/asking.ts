/**
 * Asks the questions of one scene with the real prompters, for tests in a pseudo-terminal:
 * `asking.ts SCENE [--plain]`. The answers come as one line of JSON at the end.
 */

import { catalogue } from '../../src/detections/catalogue.ts'
import { packs } from '../../src/detections/select.ts'
import { Cancelled, WentBack } from '../../src/errors.ts'
import type { Progress, Prompter } from '../../src/ports.ts'
import { createOutput, widthOf } from '../../src/ui/output.ts'
import { createPlainPrompter } from '../../src/ui/plain-prompter.ts'
import { createProgress } from '../../src/ui/progress.ts'
import { createPrompter } from '../../src/ui/prompter.ts'
import { themeFor } from '../../src/ui/theme.ts'

type Scene = (prompter: Prompter, progress: Progress) => Promise<unknown>

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds))

const ROUTES = [
  {
    value: 'service',
    name: 'A service',
    description: 'its own AWS CloudTrail integration; incidents resolve by themselves, and the page names the alarm',
  },
  { value: 'global', name: 'A global orchestration', description: 'your routing rules decide which service is paged' },
  {
    value: 'rules',
    name: 'Service event rules',
    description: 'for accounts that have not moved to orchestrations yet',
  },
  { value: 'ruleset', name: 'A global ruleset', disabled: 'end-of-life since January 2025' },
]

const recommended = packs.find(({ name }) => name === 'recommended')?.detections ?? []

function detections(pagesAWeek: boolean) {
  return {
    message: 'Which detections should page?',
    choices: catalogue.map((one, index) => ({
      value: one.id,
      name: pagesAWeek ? `${one.id.padEnd(32)}  ${(index / 10).toFixed(1)} pages a week` : one.id,
      description: `${one.severity}: ${one.title}`,
      details: `Leaving it out means that nobody is told.\nPacks: ${one.packs.map(({ pack }) => pack).join(', ')}`,
      checked: recommended.includes(one),
    })),
    groups: packs.map(({ name, detections: members }) => ({ name, values: members.map(({ id }) => id) })),
  }
}

const WIDE = [
  {
    value: 1,
    name: '日本語のとても長いサービス名でターミナルの幅を超えるもの',
    description: '決済チームが呼び出されます。夜間も週末も対応します',
  },
  { value: 2, name: 'Zoë 👩‍👩‍👧 e\u0301quipe', description: 'combining and joined characters' },
  { value: 3, name: 'plain' },
]

const KEY = 'c0ffee00c0ffee00c0ffee00c0ffee42'
const isKey = (text: string) => /^[0-9a-f]{32}$/.test(text) || 'an integration key is 32 letters and digits'

const SCENES: Readonly<Record<string, Scene>> = {
  /** Each line of progress comes in the same turn as the answer. */
  async order(prompter, progress) {
    progress.show(() => '\nPagerDuty')
    const kind = await prompter.select({ message: 'Where should alerts go?', choices: ROUTES })
    progress.show(() => '  -> events.pagerduty.com')
    const key = await prompter.secret({ message: 'Integration URL or key:' })
    progress.show(() => '\nDetections')
    const picked = await prompter.checkbox(detections(false))
    progress.show(() => '\nPlan')
    const sure = await prompter.confirm({ message: 'Go ahead?', default: false })
    progress.show(() => 'done')
    return [kind, key.length, picked.length, sure]
  },
  /** Works for a while between two questions. */
  async slow(prompter) {
    const first = await prompter.confirm({ message: 'First?', default: true })
    await pause(400)
    return [
      first,
      await prompter.confirm({ message: 'Second?', default: false }),
      await prompter.input({ message: 'Third:' }),
    ]
  },
  select: (prompter) => prompter.select({ message: 'Where should alerts go?', choices: ROUTES, back: true }),
  search: (prompter) =>
    prompter.search({
      message: 'Which service?',
      choices: recommended.map(({ id, title }) => ({ value: id, name: id, description: title })),
      back: true,
    }),
  checkbox: (prompter) => prompter.checkbox({ ...detections(false), back: true }),
  past: (prompter) => prompter.checkbox({ ...detections(true), back: true }),
  input: (prompter) =>
    prompter.input({ message: 'Display name of the topic:', default: 'CloudTrail Security', back: true }),
  secret: (prompter) =>
    prompter.secret({
      message: 'Integration URL or key:',
      back: true,
      validate: isKey,
      shown: (text) => `events.pagerduty.com/integration/…${text.slice(-4)}/enqueue (US)`,
    }),
  confirm: (prompter) => prompter.confirm({ message: 'Go ahead?', default: false, back: true }),
  firm: (prompter) => prompter.confirm({ message: 'Go ahead?', default: false }),
  wide: async (prompter) => [
    await prompter.select({ message: '日本語の質問：どのサービスを呼び出しますか？', choices: WIDE }),
    await prompter.input({ message: 'Name:', default: '日本語' }),
  ],
  /** As a flow goes back: the question before is asked again. */
  async back(prompter, progress) {
    const first = await prompter.select({ message: 'Where should alerts go?', choices: ROUTES })
    try {
      return [first, await prompter.secret({ message: 'Key:', back: true })]
    } catch (error) {
      if (!(error instanceof WentBack)) throw error
      progress.note('went back')
      return prompter.select({ message: 'Where should alerts go now?', choices: ROUTES })
    }
  },
}

const [scene = '', ...flags] = process.argv.slice(2)
const plain = flags.includes('--plain')
const { stdin, stderr, env } = process
const theme = themeFor({ tty: true, env, color: undefined, plain })
const output = createOutput({
  stdout: process.stdout,
  stderr,
  scrub: (text) => text,
  stdoutStyles: theme.coloured ? { coloured: true, links: false } : { coloured: false, links: false },
  stderrStyles: { coloured: theme.coloured, links: false },
  stdoutUnicode: theme.unicode,
  stderrUnicode: theme.unicode,
})
const clock = { now: () => new Date(), sleep: async () => {} }
const progress = await createProgress({
  ...{ stream: stderr, theme, clock, width: widthOf(stderr), plain, verbose: false },
  print: output.print,
})
const controller = new AbortController()
const options = { stdin, stderr, signal: controller.signal, theme, rest: progress.rest, redact: () => {} }
const prompter = plain ? createPlainPrompter(options) : createPrompter(options)
try {
  output.print(`ANSWER ${JSON.stringify(await SCENES[scene]?.(prompter, progress))?.replaceAll(KEY, 'the key')}`)
} catch (error) {
  if (!(error instanceof Cancelled) && !(error instanceof WentBack)) throw error
  output.print(error.name)
}
