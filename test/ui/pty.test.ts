import { describe, expect, it } from 'vitest'
import { EVERY_QUESTION } from './every-question.ts'
import { openScreen } from './pty-screen.ts'
import { inTerminal, plain, type Session } from './pty-session.ts'

const ENTER = '\r'
const CTRL_C = '\u0003'
const DOWN = '\u001b[B'
const ESCAPE = '\u001b'
const KEY = 'c0ffee00c0ffee00c0ffee00c0ffee42'

/** Two detections and no question but the last. */
const SHORT = [
  'init',
  '--sandbox',
  ...[
    '--pagerduty-service',
    'Security',
    '--detections',
    'root-account-usage,trail-stopped-or-blinded',
    '--hold',
    '30',
    '--no-heartbeat',
  ],
]

/** Takes every default of a first run, and approves the plan. */
async function answerAll(session: Session): Promise<void> {
  for (const question of EVERY_QUESTION) await session.answer(question, ENTER)
  await session.answer('Go ahead?', DOWN + ENTER)
}

describe('the screen that these tests look at', () => {
  it('knows which line has run over the edge, and forgets what was drawn over', () => {
    const screen = openScreen(10)
    screen.write('0123456789\r\n')
    expect(screen.wrapped).toEqual([])
    screen.write('spinning\u001b[1G\u001b[')
    screen.write('0Kdone\u001b[?25l\r\n✔ 23456789…')
    expect(screen.lines()).toEqual(['0123456789', 'done', '✔ 23456789', '…'])
    expect(screen.wrapped).toEqual(['✔ 23456789…'])
    expect(screen.cursorVisible()).toBe(false)
  })
})

describe('the wizard in a window of 80 columns', () => {
  it('ends with a confirmed chain when all that is said is yes to the plan, and no line ever wraps', async () => {
    const session = await inTerminal(['init', '--sandbox'])
    await answerAll(session)
    const { exit, screen, text, made } = await session.end()
    expect(text).toContain('Alerts now take this path:')
    expect(text).toMatch(/subscription ✔─ PagerDuty ✔/)
    expect(text).toContain('confirmed by PagerDuty')
    expect(screen.wrapped.filter((line) => !/^ *https:\S+$/.test(line))).toEqual([])
    expect(screen.cursorVisible()).toBe(true)
    expect(made).toContain('arn:aws:sns:us-east-1:123456789012:cloudtrail-pd-alerts')
    expect(exit).toBe(0)
  })

  it('shows every detail of the plan, and no line wraps there either', async () => {
    const session = await inTerminal([...SHORT.slice(0, 4), '--detections', 'all', '--hold', '30', '--no-heartbeat'])
    await session.answer('Where should low-urgency detections go?', ENTER)
    await session.answer('Go ahead?', DOWN.repeat(2) + ENTER)
    await session.answer('Go ahead?', CTRL_C)
    const { screen, text } = await session.end()
    expect(text).toContain('root-account-usage')
    // A word that is wider than the window is not torn: it can be pasted.
    expect(screen.wrapped.filter((line) => /\s/.test(line.trim()))).toEqual([])
  })

  it('C63 creates nothing when Ctrl-C is pressed at the first prompt or at the last', async () => {
    for (const [args, prompt] of [
      [['init', '--sandbox'], 'Where should alerts go?'],
      [SHORT, 'Go ahead?'],
    ] as const) {
      const session = await inTerminal(args)
      await session.answer(prompt, CTRL_C)
      const { exit, screen, text, made } = await session.end()
      expect([exit, made], text).toEqual([130, []])
      expect(text).toContain('interrupted, nothing was changed')
      expect(screen.cursorVisible()).toBe(true)
    }
  })

  it('C63 lists what is there and what is missing when Ctrl-C is pressed while it works', async () => {
    const session = await inTerminal([...SHORT.slice(0, 4), '--detections', 'all', '--hold', '30', '--no-heartbeat'])
    await session.answer('Where should low-urgency detections go?', ENTER)
    await session.answer('Go ahead?', DOWN + ENTER)
    await session.answer('cloudtrail-pd-alerts created', CTRL_C)
    const { exit, screen, text } = await session.end()
    expect(exit, text).toBe(130)
    expect(text).toContain('interrupted: finishing the current call')
    expect(text).toContain('Created so far:')
    // On a busy machine the key comes when the last change is made already.
    expect(text).toMatch(/Missing:|Everything was written, but not verified/)
    expect(plain(text).replaceAll(/\s+/g, ' ')).toMatch(
      /Next npx cloudtrail-pd init .*--yes npx cloudtrail-pd destroy --sandbox/,
    )
    expect(screen.cursorVisible()).toBe(true)
  })

  it('changes nothing when the answer is no: exit 1', async () => {
    const session = await inTerminal(SHORT)
    await session.answer('Go ahead?', ENTER)
    const { exit, text, made } = await session.end()
    expect([exit, made], text).toEqual([1, []])
    expect(text).toContain('declined; nothing was changed')
  })

  it('never echoes a key that is typed or refused', async () => {
    const session = await inTerminal(SHORT)
    await session.answer('Go ahead?', DOWN.repeat(3) + ENTER)
    await session.answer('Which answer?', ENTER)
    await session.answer('Where should alerts go?', ENTER)
    // The sandbox has a token, so its services are listed; the last entry is to paste a key all the same.
    await session.answer('Which service?', DOWN.repeat(2) + ENTER)
    // A REST token in place of a key is refused.
    await session.answer('Integration URL or key', `y_NbAkKc66ryYTWUXYEu${ENTER}`)
    await session.answer('key', '\u0015')
    for (const letter of KEY) await session.answer('', letter)
    await session.answer('', ENTER)
    await session.answer('service region', ENTER)
    await session.answer('Go ahead?', CTRL_C)
    await session.answer('Save the answers', CTRL_C)
    const { exit, raw, text } = await session.end()
    expect(exit, text).toBe(130)
    expect(text).toContain('…ee42')
    for (const secret of ['c0ffee', 'y_NbAk', '66ryYT']) expect(plain(raw)).not.toContain(secret)
  })
})

describe('a terminal that wants less', () => {
  it('gets no colour with NO_COLOR', async () => {
    const session = await inTerminal(['init', '--sandbox'], { NO_COLOR: '1' })
    await answerAll(session)
    const { exit, raw } = await session.end()
    expect(exit).toBe(0)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what must not be there.
    expect(raw.match(/\u001b\[[\d;]*m/g)).toBeNull()
  })

  it.each([
    ['TERM=dumb', [], { TERM: 'dumb' }],
    ['--plain', ['--plain'], { NO_COLOR: '1' }],
  ])('is asked line by line and gets no control sequence with %s', async (_, flags, env) => {
    const session = await inTerminal(['init', '--sandbox', ...flags], env)
    for (const question of EVERY_QUESTION) await session.answer(question, ENTER)
    await session.answer('Go ahead?', `2${ENTER}`)
    const { exit, raw, text } = await session.end()
    expect(exit, text).toBe(0)
    expect(raw).not.toContain(ESCAPE)
    expect(text).toContain('Alerts now take this path:')
  })
})
