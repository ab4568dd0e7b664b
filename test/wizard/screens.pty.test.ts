import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EVERY_QUESTION } from '../ui/every-question.ts'
import { inTerminal, type Session, type Size } from '../ui/pty-session.ts'

const ENTER = '\r'
const ESC = '\u001b'
const CTRL_C = '\u0003'
const DOWN = '\u001b[B'
const KEY = 'c0ffee00c0ffee00c0ffee00c0ffee42'
const ROUTING_KEY = 'R0C0FFEE00C0FFEE00C0FFEE00C0FF42'
const SERVICE_URL = `https://events.pagerduty.com/integration/${KEY}/enqueue`

type Step = readonly [question: string, keys: string]

/** Every question behind the destination, by its default. */
const REST: readonly Step[] = EVERY_QUESTION.slice(4).map((question) => [question, ENTER])

/** Flags that leave one question open, beside the plan. */
const SHORT = ['--pagerduty-service', 'Security', '--detections', 'root-account-usage', '--no-heartbeat']

async function play(session: Session, steps: readonly Step[]): Promise<void> {
  for (const [question, keys] of steps) await session.answer(question, keys)
}

/** A screen that stays the same from run to run; times and marks of one run are taken out. */
function steady(screen: string): string {
  const lines = screen.split('\n').map((line) => line.replace(/\d+(\.\d)? s(?=$|\.)/, '… s').trimEnd())
  return `${lines.join('\n').trim()}\n`
}

async function expectScreen(screen: string, name: string): Promise<void> {
  await expect(steady(screen)).toMatchFileSnapshot(join(import.meta.dirname, 'screens', `${name}.txt`))
}

function wizard(args: readonly string[] = [], size?: Size, env: Record<string, string> = {}): Promise<Session> {
  return inTerminal(['init', '--sandbox', ...args], env, size)
}

/** Plays up to the plan, takes its picture, and stops there. */
async function screenAtPlan(name: string, steps: readonly Step[], args: readonly string[] = [], size?: Size) {
  const session = await wizard(args, size)
  await play(session, steps)
  await expectScreen(await session.shown('Go ahead?'), name)
  await session.answer('', CTRL_C)
  // With answers that no flag gave there is something to save.
  if (steps.length > 0) await session.answer('Save the answers', ENTER)
  const { exit, made, screen, raw } = await session.end()
  expect([exit, made]).toEqual([130, []])
  expect(screen.wrapped).toEqual([])
  for (const secret of [KEY, ROUTING_KEY]) expect(raw).not.toContain(secret)
}

const pasteKey = (key: string): readonly Step[] => [
  ['Integration URL or key', key],
  [`${key.length} characters`, ENTER],
]
const US: Step = ['service region', ENTER]

describe('each route', { timeout: 60_000 }, () => {
  it.each<readonly [string, readonly Step[]]>([
    ['route-service', EVERY_QUESTION.map((question) => [question, ENTER])],
    [
      'route-service-pasted-url',
      [['Where should', ENTER], ['Which service?', DOWN.repeat(2) + ENTER], ...pasteKey(SERVICE_URL), ...REST],
    ],
    [
      'route-new-service',
      [
        ['Where should', ENTER],
        ['Which service?', DOWN + ENTER],
        ['Name of the new service:', ENTER],
        ['Escalation policy:', ENTER],
        ['Display name', ENTER],
        ...REST,
      ],
    ],
    ['route-service-orchestration', [['Where should', DOWN.repeat(2) + ENTER], ...pasteKey(KEY), US, ...REST]],
    ['route-service-event-rules', [['Where should', DOWN.repeat(3) + ENTER], ...pasteKey(KEY), US, ...REST]],
    ['route-global-ruleset', [['Where should', DOWN.repeat(4) + ENTER], ...pasteKey(ROUTING_KEY), US, ...REST]],
    [
      'route-global-orchestration',
      [
        ['Where should', DOWN + ENTER],
        ['Which orchestration?', ENTER],
        ['Which routing key?', ENTER],
        ['Display name', ENTER],
        ...REST,
      ],
    ],
    [
      'route-other-than-pasted',
      [['Where should', DOWN.repeat(2) + ENTER], ...pasteKey(SERVICE_URL), ['What now?', ENTER], ...REST],
    ],
  ])('%s', async (name, steps) => {
    await screenAtPlan(name, steps)
  })
})

describe('back, and an answer that is changed', { timeout: 60_000 }, () => {
  it('leads through every question to the first, and forward again', async () => {
    const session = await wizard()
    await play(session, [
      ['Where should', ENTER],
      ['Which service?', ENTER],
      ['Which integration?', ENTER],
      ['Display name', ENTER],
      ['Check the last', ENTER],
      ['Which detections', ENTER],
      ['When does an incident', DOWN + ENTER],
      ['Page when no events', ESC],
      ['When does an incident', ESC],
      ['Which detections', ESC],
      ['Check the last', ESC],
      ['Display name', ESC],
      ['Which integration?', ESC],
      ['Which service?', ESC],
    ])
    await expectScreen(await session.shown('Where should'), 'back-to-the-first')
    await play(
      session,
      EVERY_QUESTION.map((question) => [question, ENTER]),
    )
    await expectScreen(await session.shown('Go ahead?'), 'back-and-forward')
    await session.answer('', ENTER)
    expect(await session.end()).toMatchObject({ exit: 1, made: [] })
  })

  it('opens one answer, and shows what is new in the plan', async () => {
    const session = await wizard(SHORT)
    await play(session, [
      ['When does an incident', ENTER],
      ['Go ahead?', ESC],
    ])
    await expectScreen(await session.shown('Which answer?'), 'which-answer')
    await play(session, [
      ['', DOWN.repeat(6) + ENTER],
      ['Add the fire drill?', ENTER],
    ])
    await expectScreen(await session.shown('Go ahead?'), 'changed-answer')
    await session.answer('', ENTER)
    expect(await session.end()).toMatchObject({ exit: 1, made: [] })
  })
})

describe('Ctrl-C', { timeout: 120_000 }, () => {
  it.each(EVERY_QUESTION.map((question, at) => [question, at] as const))(
    'at "%s" creates nothing, and offers to save what was answered',
    async (question, at) => {
      const session = await wizard()
      await play(
        session,
        EVERY_QUESTION.slice(0, at).map((one) => [one, ENTER]),
      )
      await session.answer(question, CTRL_C)
      // The first has no answer behind it.
      if (at > 0) await session.answer('Save the answers', ENTER)
      const { exit, made, text } = await session.end()
      expect([exit, made], text).toEqual([130, []])
      expect(text).toContain('interrupted, nothing was changed')
    },
  )

  it.each(EVERY_QUESTION.map((question, at) => [question, at] as const))(
    'right behind "%s" creates nothing either',
    async (question, at) => {
      const session = await wizard()
      await play(
        session,
        EVERY_QUESTION.slice(0, at).map((one) => [one, ENTER]),
      )
      await session.answer(question, ENTER)
      await session.answer('', CTRL_C)
      // It is heard by the run, or by the question that has just appeared.
      if ((await session.settled())?.includes('Save the answers') === true) await session.answer('', ENTER)
      const { exit, made, text } = await session.end()
      expect([exit, made], text).toEqual([130, []])
    },
  )

  it('at the plan saves the answers where that is wished, without the key', async () => {
    const session = await wizard()
    await play(session, [
      ...EVERY_QUESTION.map((question): Step => [question, ENTER]),
      ['Go ahead?', CTRL_C],
      ['Save the answers', 'y'],
      ['y', ENTER],
      ['Save to', ENTER],
    ])
    const { exit, made, text } = await session.end()
    expect([exit, made], text).toEqual([130, []])
    await expectScreen(text.slice(text.lastIndexOf('Go ahead?') - 2), 'saved-on-ctrl-c')
  })
})

describe('Ctrl-C with --plain', { timeout: 120_000 }, () => {
  it('ends the question, and saves the answers where that is wished', async () => {
    const session = await wizard(['--plain'])
    await play(session, [
      ...EVERY_QUESTION.map((question): Step => [question, ENTER]),
      ['Go ahead?', CTRL_C],
      ['Save the answers', `y${ENTER}`],
      ['Save to', ENTER],
    ])
    const { exit, made, text } = await session.end()
    expect([exit, made], text).toEqual([130, []])
    await expectScreen(text.slice(text.lastIndexOf('Go ahead?')), 'saved-on-ctrl-c-plain')
  })

  it('ends the run when it is pressed at that offer too', async () => {
    const session = await wizard(['--plain'])
    await play(session, [
      ...EVERY_QUESTION.slice(0, 4).map((question): Step => [question, ENTER]),
      ['Check the last', CTRL_C],
      ['Save the answers', CTRL_C],
    ])
    const { exit, made, text } = await session.end()
    expect([exit, made], text).toEqual([130, []])
    expect(text).not.toContain('finishing the current call')
  })
})

describe('a paste of many lines', { timeout: 60_000 }, () => {
  const LINES = `root\nEnter\n${KEY}\n`

  it('at the picker searches, and picks and submits nothing', async () => {
    const session = await wizard(['--pagerduty-service', 'Security'])
    await session.answer('Check the last', ENTER)
    await session.answer('Which detections', 'a root account\nof all\n')
    await expectScreen((await session.settled()) ?? '', 'paste-into-the-picker')
    await session.answer('', CTRL_C)
    expect(await session.end()).toMatchObject({ exit: 130, made: [] })
  })

  it('at a question answers no other one', async () => {
    const session = await wizard(SHORT)
    await session.answer('When does an incident', `${ENTER}${LINES.replaceAll('\n', '\r')}`)
    expect(await session.shown('Go ahead?')).toContain('No, change nothing')
    await session.settled()
    await session.answer('', CTRL_C)
    if ((await session.settled())?.includes('Save the answers') === true) await session.answer('', ENTER)
    expect(await session.end()).toMatchObject({ exit: 130, made: [] })
  })
})

describe('windows of other widths', { timeout: 60_000 }, () => {
  const steps = EVERY_QUESTION.map((question): Step => [question.split(' ').slice(0, 2).join(' '), ENTER])

  it.each([40, 60, 120])('%d columns', async (columns) => {
    await screenAtPlan(`columns-${columns}`, steps, [], { columns, rows: 40 })
  })

  it('a window that is made smaller while a question stands there', async () => {
    const session = await wizard(['--pagerduty-service', 'Security'])
    await session.answer('Check the last', ENTER)
    await session.shown('Which detections')
    session.resize(60)
    const screen = (await session.settled()) ?? ''
    await expectScreen(screen.slice(screen.lastIndexOf('? Which')), 'resized')
    await session.answer('', CTRL_C)
    expect(await session.end()).toMatchObject({ exit: 130, made: [] })
  })
})

describe('a first run', { timeout: 60_000 }, () => {
  it.each<readonly [string, readonly string[], Record<string, string>, string]>([
    ['first-run', [], {}, DOWN + ENTER],
    ['first-run-plain', ['--plain'], {}, `2${ENTER}`],
    ['first-run-ascii', [], { LANG: 'C', LC_ALL: 'C' }, DOWN + ENTER],
  ])('%s', async (name, args, env, yes) => {
    const session = await wizard(args, undefined, env)
    await play(session, [...EVERY_QUESTION.map((question): Step => [question, ENTER]), ['Go ahead?', yes]])
    const { exit, text, raw } = await session.end()
    expect(exit, text).toBe(0)
    await expectScreen(text, name)
    // Colours are for NO_COLOR; nothing moves the cursor.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there.
    if (name === 'first-run-plain') expect(raw.replaceAll(/\u001b\[[0-9;]*m/g, '')).not.toMatch(/\u001b/)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of ASCII.
    if (name === 'first-run-ascii') expect(raw).toMatch(/^[\x00-\x7f]*$/)
  })
})
