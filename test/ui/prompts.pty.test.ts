import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import { plain, runInTerminal, type Size } from './pty-session.ts'

const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const PROGRAM = join(import.meta.dirname, 'asking.ts')

const ENTER = '\r'
const ESC = '\u001b'
const CTRL_C = '\u0003'
const UP = '\u001b[A'
const DOWN = '\u001b[B'
const KEY = 'c0ffee00c0ffee00c0ffee00c0ffee42'

const WINDOW: Size = { columns: 80, rows: 24 }

function asking(scene: string, { size = WINDOW, env = {} }: { size?: Size; env?: Record<string, string> } = {}) {
  return runInTerminal(['--import', TSX, PROGRAM, scene], env, size)
}

/** The screen once nothing more comes. */
/** A paste as a terminal that marks pastes sends it. */
function pasted(text: string): string {
  return `${ESC}[200~${text}${ESC}[201~`
}

describe('yes or no', () => {
  it('is typed behind the keys that it takes', async () => {
    const session = await asking('confirm')
    expect((await session.shown('Go ahead?')).trim()).toBe('? Go ahead? (y/N · enter accept · esc back)')
    await session.answer('', 'y')
    expect((await session.shown(') y')).trim()).toBe('? Go ahead? (y/N · enter accept · esc back) y')
    await session.answer('', ENTER)
    expect((await session.end()).text.trim()).toBe('✔ Go ahead? Yes\nANSWER true')
  })

  it('says what it takes where it is answered otherwise, and drops a paste that is no answer', async () => {
    const session = await asking('confirm')
    await session.answer('Go ahead?', pasted('yours truly'))
    await session.answer('', 'q')
    await session.answer(') q', ENTER)
    await session.answer('! answer y or n', '\u007f')
    await session.answer('', ENTER)
    expect((await session.end()).text.trim()).toBe('✔ Go ahead? No\nANSWER false')
  })
})

describe('every answered line stays in its place', () => {
  it('when progress is shown in the same turn as the answer', async () => {
    const session = await asking('order')
    await session.answer('Where should alerts go?', ENTER)
    await session.answer('Integration URL or key:', KEY)
    await session.answer('32 characters', ENTER)
    await session.answer('Which detections should page?', ENTER)
    await session.answer('Go ahead?', 'y')
    await session.answer(') y', ENTER)
    const { text, screen, raw } = await session.end()
    expect(text.trimEnd()).toBe(`
PagerDuty
✔ Where should alerts go? A service
  -> events.pagerduty.com
✔ Integration URL or key: hidden

Detections
✔ Which detections should page? 26 chosen

Plan
✔ Go ahead? Yes
done
ANSWER ["service",32,26,true]`)
    expect(screen.wrapped).toEqual([])
    expect(screen.cursorVisible()).toBe(true)
    expect(plain(raw)).not.toContain(KEY)
  })
})

describe('what is typed before a question stands there', () => {
  it('never answers it, and is gone', async () => {
    const session = await asking('slow')
    await session.answer('First?', `${ENTER}`)
    await session.answer('First? Yes', `y${ENTER}junk${ENTER}${ENTER}y`)
    await session.answer('Second? (y/N', ENTER)
    await session.answer('Third:', `name${ENTER}`)
    const { text } = await session.end()
    expect(text).toContain('ANSWER [true,false,"name"]')
  })

  it('is the rest of a paste too, whether the terminal marks it or not', async () => {
    for (const paste of [`one\rtwo\rthree\r`, pasted('one\rtwo\rthree\r')]) {
      const session = await asking('slow')
      await session.answer('First?', ENTER)
      await session.answer('First? Yes', '')
      await session.answer('Second? (y/N', paste)
      await new Promise((resolve) => setTimeout(resolve, 150))
      await session.answer('', ENTER)
      await session.answer('Third:', paste)
      await session.answer('one two three', ENTER)
      const { text } = await session.end()
      expect(text).toContain('ANSWER [true,false,"one two three"]')
    }
  })

  it('but Ctrl-C, which ends the run', async () => {
    const session = await asking('slow')
    await session.answer('First?', ENTER)
    await session.answer('First? Yes', '')
    await new Promise((resolve) => setTimeout(resolve, 380))
    await session.answer('', CTRL_C)
    const { text } = await session.end()
    expect(text).not.toContain('ANSWER')
  })
})

describe('Ctrl-Z', () => {
  it('does not suspend a question', async () => {
    const session = await asking('firm')
    await session.answer('Go ahead? (y/N', '\u001a')
    await session.answer('', 'y')
    await session.answer(') y', ENTER)
    const { text } = await session.end()
    expect(text.trim()).toBe('✔ Go ahead? Yes\nANSWER true')
  })
})

describe('Esc', () => {
  it.each([
    ['select', '❯ A service', DOWN],
    ['checkbox', 'Which detections should page?', DOWN],
    ['search', 'Which service?', DOWN],
    ['input', 'Display name of the topic:', 'x'],
    ['secret', 'Integration URL or key:', 'x'],
    ['confirm', 'Go ahead?', 'y'],
  ])('goes back from a %s, and leaves no line of it', async (scene, wanted, key) => {
    const session = await asking(scene)
    await session.answer(wanted, key)
    expect(await session.shown('')).toContain('esc back')
    await session.answer('', ESC)
    const { text } = await session.end()
    expect(text.trim()).toBe('WentBack')
  })

  it('does nothing where there is no question before, and arrows never count as Esc', async () => {
    const session = await asking('firm')
    await session.answer('Go ahead? (y/N', ESC)
    await new Promise((resolve) => setTimeout(resolve, 150))
    await session.answer('', `${UP}${DOWN}`)
    await session.answer('', `y`)
    await session.answer(') y', ENTER)
    const { text } = await session.end()
    expect(text).not.toContain('esc back')
    expect(text).toContain('✔ Go ahead? Yes\nANSWER true')
  })

  it('clears what was typed to search before it goes back', async () => {
    const session = await asking('search')
    await session.answer('Which service?', 'root-acc')
    await session.answer('❯ root-access-key-created', ESC)
    await session.answer('account-leaves-organization', ESC)
    const { text } = await session.end()
    expect(text.trim()).toBe('WentBack')
  })

  it('lets the question before be asked again, with nothing in between', async () => {
    const session = await asking('back')
    await session.answer('Where should alerts go?', ENTER)
    await session.answer('Key:', ESC)
    await session.answer('Where should alerts go now?', DOWN + ENTER)
    const { text } = await session.end()
    expect(text.trim()).toBe(
      '✔ Where should alerts go? A service\nwent back\n✔ Where should alerts go now? A global orchestration\nANSWER "global"',
    )
  })
})

describe('a secret', () => {
  it('shows how much has arrived, then what it is, and never itself', async () => {
    const session = await asking('secret')
    await session.answer('Integration URL or key:', 'a')
    for (const letter of 'bc') await session.answer('', letter)
    await session.answer('3 characters', ENTER)
    await session.answer('! an integration key is 32 letters and digits', pasted(`${KEY}\r`))
    const asked = await session.shown('32 characters')
    expect(asked.trim()).toBe(
      '? Integration URL or key: 32 characters:\n' +
        '  events.pagerduty.com/integration/…ee42/enqueue (US)\nenter accept · ctrl-u clear · esc back',
    )
    await session.answer('', ENTER)
    const { text, raw } = await session.end()
    expect(text.split('\n').slice(0, 2)).toEqual([
      '✔ Integration URL or key: events.pagerduty.com/integration/…ee42/enqueue (US)',
      'ANSWER "the key"',
    ])
    expect(raw).not.toMatch(/c0ffee00/)
  })

  it('is submitted by the line end of a paste that the terminal does not mark', async () => {
    const session = await asking('secret')
    await session.answer('Integration URL or key:', `${KEY}\n`)
    const { text } = await session.end()
    expect(text).toContain('ANSWER "the key"')
  })
})

describe('a window that changes its width', { timeout: 60_000 }, () => {
  it.each([
    ['checkbox', DOWN],
    ['select', DOWN],
    ['search', DOWN],
    ['input', 'y'],
    ['secret', 'a'],
    ['confirm', 'y'],
  ])('has one whole frame of a %s on it, with nothing left of the one before', async (scene, keys) => {
    const session = await asking(scene)
    await session.answer('? ', keys)
    await session.settled()
    for (const columns of [41, 100]) {
      session.resize(columns)
      const fresh = await asking(scene, { size: { columns, rows: 24 } })
      await fresh.answer('? ', keys)
      expect((await session.settled())?.trimEnd()).toBe((await fresh.settled())?.trimEnd())
      await fresh.answer('', CTRL_C)
      await fresh.end()
    }
    await session.answer('', CTRL_C)
    const { screen, text } = await session.end()
    expect(screen.wrapped).toEqual([])
    expect(text).toContain('Cancelled')
  })
})

describe('a terminal that wants less', () => {
  it('gets ASCII and no colour under LANG=C and NO_COLOR', async () => {
    const session = await asking('order', { env: { LANG: 'C', NO_COLOR: '1' } })
    await session.answer('Where should alerts go?', DOWN + ENTER)
    await session.answer('Integration URL or key:', `${KEY}${ENTER}`)
    await session.answer('Which detections should page?', ' ')
    await session.answer('left out:', ENTER)
    await session.answer('Go ahead?', ENTER)
    const { raw, text } = await session.end()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII has control characters.
    expect(raw.match(/[^\u0000-\u007f]+/g)).toBeNull()
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what must not be there.
    expect(raw.match(/\u001b\[[\d;]*m/g)).toBeNull()
    expect(text).toContain('ok Where should alerts go? A global orchestration')
  })

  it.each([40, 60, 80, 120, 200])(
    'never breaks a line itself at %i columns, with wide and joined characters',
    async (columns) => {
      const session = await asking('wide', { size: { columns, rows: 24 } })
      await session.answer('plain', DOWN + UP)
      await session.answer('❯', ENTER)
      await session.answer('Name:', '日本語のトピック')
      await session.answer('トピック', ENTER)
      const { screen, text } = await session.end()
      expect(screen.wrapped).toEqual([])
      expect(text.replaceAll(/\s/g, '')).toContain('ANSWER[1,"日本語のトピック"]')
    },
  )

  it('is asked line by line with --plain, by a terminal that moves no cursor', async () => {
    const session = await runInTerminal(['--import', TSX, PROGRAM, 'order', '--plain'], {}, WINDOW)
    await session.answer('Number [1]:', 'a global o\r')
    await session.answer('(not shown)', `${KEY}\rtyped too early\r`)
    await session.answer('Enter takes the 26 chosen', '+47 -1\r')
    await session.answer('added:', '\r')
    await session.answer('(y/N):', 'y\r')
    const { text, raw } = await session.end()
    expect(raw).not.toContain(ESC)
    expect(raw).not.toContain('c0ffee')
    expect(text).toContain('ok Integration URL or key: hidden\n')
    expect(text).toContain('26 chosen; added: vpc-changes; left out: account-leaves-organization')
    expect(text).toContain('ANSWER ["global",32,26,true]')
  })
})
