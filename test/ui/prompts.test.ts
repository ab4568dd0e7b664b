import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/detections/catalogue.ts'
import { packs } from '../../src/detections/select.ts'
import { columns } from '../../src/ui/columns.ts'
import { fold } from '../../src/ui/prompts/layout.ts'
import { searchPrompt, selectPrompt } from '../../src/ui/prompts/list.ts'
import { checkboxPrompt } from '../../src/ui/prompts/picker.ts'
import { answeredLines, inWindow, type Key, type Prompt, type Room } from '../../src/ui/prompts/prompt.ts'
import { inputPrompt, secretPrompt } from '../../src/ui/prompts/text.ts'
import { plainTheme, themeFor } from '../../src/ui/theme.ts'

const ASCII = themeFor({ tty: true, env: { LANG: 'C', NO_COLOR: '1' }, color: undefined, plain: false })

/** What can be pressed, in words; everything else is typed character by character. */
const NAMES = ['up', 'down', 'home', 'end', 'pageup', 'pagedown', 'enter', 'escape', 'backspace', 'delete-line']

function keysOf(words: string): readonly Key[] {
  return words
    .split(' ')
    .filter((word) => word !== '')
    .flatMap((word): readonly Key[] => {
      if (NAMES.includes(word)) return [{ kind: 'key', name: word }]
      if (word === 'space') return [{ kind: 'character', text: ' ' }]
      return [...word].map((text) => ({ kind: 'character', text }))
    })
}

function roomOf(width: number, height = 24, theme = plainTheme(), back = true): Room {
  return { columns: width - 2, rows: height - 1, theme, back }
}

/** The state after the keys, or the answer. */
function pressed<S, T>(prompt: Prompt<S, T>, keys: readonly Key[]) {
  let state = prompt.start
  for (const key of keys) {
    const step = prompt.press(state, key)
    if ('answer' in step) return { state, answer: step.answer }
    if ('leave' in step) return { state, left: true }
    state = step.state
  }
  return { state }
}

function screen<S, T>(prompt: Prompt<S, T>, words: string, room: Room): string {
  const { lines, below } = inWindow(prompt.draw(pressed(prompt, keysOf(words)).state, room), room)
  return [...lines, ...below].map((line) => line.trimEnd()).join('\n')
}

const recommended = packs.find(({ name }) => name === 'recommended')?.detections ?? []

function picker(pagesAWeek = false) {
  return checkboxPrompt({
    message: 'Which detections should page?',
    choices: catalogue.map((one, index) => ({
      value: one.id,
      name: pagesAWeek ? `${one.id.padEnd(32)}  ${(index / 10).toFixed(1)} pages a week` : one.id,
      description: `${one.severity}: ${one.title}`,
      details: 'What is lost without it: no one is paged.\nWhat else happens: nothing.',
      checked: recommended.includes(one),
    })),
    groups: packs.map(({ name, detections }) => ({ name, values: detections.map(({ id }) => id) })),
  })
}

const ROUTES = [
  {
    value: 'service',
    name: 'A service',
    description: 'its own AWS CloudTrail integration; incidents resolve by themselves, and the page names the alarm',
  },
  {
    value: 'global',
    name: 'A global orchestration',
    description: 'your routing rules decide which service is paged',
    details: 'Event Orchestration, then a global one.',
  },
  {
    value: 'rules',
    name: 'Service event rules',
    description: 'for accounts that have not moved to orchestrations yet',
  },
  { value: 'ruleset', name: 'A global ruleset', disabled: 'end-of-life since January 2025' },
]
const route = () => selectPrompt({ message: 'Where should alerts go?', choices: ROUTES })

describe('the screens of the prompts', () => {
  it.each([40, 60, 80, 120, 200])('in a window of %i columns', async (width) => {
    const room = roomOf(width)
    const screens = {
      'a list': screen(route(), '', room),
      'details of a choice': screen(route(), 'down ?', room),
      'a picker': screen(picker(), '', room),
      'a picker, searching': screen(picker(), 'root', room),
      'a picker with one left out and a pack added': screen(picker(), 'space home down space down down', room),
      'a picker with pages a week': screen(picker(true), 'down', room),
      'details in a picker': screen(picker(true), 'down ?', room),
      'details of a pack': screen(picker(), 'home down ?', room),
      'nothing is chosen': screen(picker(), 'home space enter', room),
      'nothing matches': screen(picker(), 'xyzzy', room),
      'a text': screen(
        inputPrompt({ message: 'Display name of the topic:', default: 'CloudTrail Security' }),
        '',
        room,
      ),
    }
    const text = Object.entries(screens).map(([title, lines]) => `== ${title}\n${lines}\n`)
    await expect(text.join('\n')).toMatchFileSnapshot(`screens/prompts-${width}.txt`)
  })

  it('are ASCII where the terminal has nothing else', () => {
    const room = roomOf(80, 24, ASCII)
    const texts = [screen(route(), '?', room), screen(picker(), 'home down space', room), screen(picker(), 'x', room)]
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII has control characters.
    for (const text of texts) expect(text.match(/[^\u0000-\u007f]+/g)).toBeNull()
    expect(texts[1]).toContain('> [x] cis-1.2')
    expect(texts[1]).toContain('[-] cis-1.4')
  })
})

describe('the picker', () => {
  it('finds by name, by what it means, and by the group that it is in', () => {
    const shown = (words: string) => screen(picker(), words, roomOf(80, 60))
    expect(shown('mfa')).toContain('mfa-deactivated')
    expect(shown('quarantine')).toMatch(/❯ . compromised-key-quarantine/)
    const inSecurityHub = packs.find(({ name }) => name === 'security-hub')?.detections ?? []
    for (const { id } of inSecurityHub) expect(shown('security-hub')).toContain(id)
  })

  it('picks and drops all of a group, and shows how many of it are picked', () => {
    expect(screen(picker(), 'home', roomOf(80))).toContain('❯ ◉ recommended  26 of 26')
    expect(screen(picker(), 'home space', roomOf(80))).toContain('❯ ○ recommended  0 of 26')
    expect(pressed(picker(), keysOf('home space end home down enter')).answer).toBeUndefined()
    const { answer } = pressed(picker(), keysOf('home space space enter'))
    expect(answer?.map(({ value }) => value).toSorted()).toEqual(recommended.map(({ id }) => id).toSorted())
  })

  it('says what was left out and what was added', () => {
    expect(screen(picker(), 'root-account space', roomOf(80))).toContain('25 chosen · left out: root-account-usage')
    expect(screen(picker(), 'vpc-changes space', roomOf(80))).toContain('27 chosen · added: vpc-changes')
  })

  it('is searched by a paste, which neither picks nor submits', () => {
    const prompt = picker()
    const { state, answer } = pressed(prompt, [{ kind: 'paste', text: 'root account usage' }])
    expect(answer).toBeUndefined()
    expect(prompt.draw(state, roomOf(80)).below[0]).toContain('26 chosen')
  })

  it('clears the search before it goes back', () => {
    expect(pressed(picker(), keysOf('abc escape'))).not.toHaveProperty('left')
    expect(pressed(picker(), keysOf('abc escape escape'))).toHaveProperty('left')
    expect(pressed(picker(), keysOf('? escape'))).not.toHaveProperty('left')
  })
})

describe('a list', () => {
  it('begins at its default, and at what can be picked first without one', () => {
    const choices = [
      { value: 'x', name: 'x', disabled: 'gone' },
      { value: 'y', name: 'y' },
      { value: undefined, name: 'a new one' },
    ]
    const at = (question: object) =>
      pressed(selectPrompt<string | undefined>({ message: 'Which?', choices, ...question }), keysOf('enter')).answer
        ?.name
    expect(at({})).toBe('y')
    expect(at({ default: 'x' })).toBe('y')
    expect(at({ default: undefined })).toBe('a new one')
  })
})

describe('a search', () => {
  const TOKEN = 'y_NbAkKc66ryYTWUXYEu'
  const HEX = '0123456789abcdef0123456789abcdef'
  const URL_TEXT = `https://events.eu.pagerduty.com/integration/${HEX}/enqueue`
  const NAMES_OF_SERVICES = ['Payments', 'payments-prod-europe']
  const service = (more: object = {}) =>
    searchPrompt<unknown>({
      message: 'Which service?',
      choices: [
        ...NAMES_OF_SERVICES.map((name) => ({ value: name, name })),
        { value: 'paste', name: 'Paste a key instead', always: true },
      ],
      ...more,
    })
  const paste = (text: string): Key => ({ kind: 'paste', text })
  const drawn = (keys: readonly Key[]) => {
    const { lines, below } = service().draw(pressed(service(), keys).state, roomOf(80))
    return [...lines, ...below].join('\n')
  }

  it.each([HEX, TOKEN, URL_TEXT, URL_TEXT.slice(0, 60), `KEY=${HEX}`, `<${URL_TEXT}>`])(
    'does not draw %s, nor what is left when a character of it is taken away',
    (text) => {
      expect(drawn([paste(text)])).toContain('Which service? (a key or token was pasted)')
      expect(drawn([paste(text)])).toContain('Paste a key instead')
      expect(drawn([paste(text)])).not.toContain(text.slice(-12))
      expect(drawn([paste(text), { kind: 'key', name: 'backspace' }])).toMatch(/^\? Which service\? *\n. Payments/)
    },
  )

  it('draws the name of a service, whatever it looks like', () => {
    expect(drawn([paste('payments-prod-europe')])).toContain('Which service? payments-prod-europe')
  })

  it('answers with what was pasted, where that is an answer, and never shows it', () => {
    const asked = service({ pasted: (text: string) => ({ pasted: text }) })
    const { answer } = pressed(asked, [paste(URL_TEXT), ...keysOf('enter')])
    expect(answer?.value).toEqual({ pasted: URL_TEXT })
    expect(answer && asked.answered(answer)).toBe('a key or token was pasted')
    expect(pressed(service(), [paste(URL_TEXT), ...keysOf('enter')]).answer?.value).toBe('paste')
    expect(pressed(asked, keysOf('europe enter')).answer?.value).toBe('payments-prod-europe')
  })
})

describe('a secret', () => {
  it('is hidden where what is said of it would give it away', () => {
    const prompt = secretPrompt({ message: 'Key:', shown: (text) => `the key ${text}` })
    expect(prompt.answered('abcdef')).toBe('hidden')
    expect(screen(prompt, 'abcdef', roomOf(80))).not.toContain('abcdef')
  })

  it('is taken back character by character, word by word, or whole', () => {
    const left = (keys: readonly Key[]) =>
      pressed(secretPrompt({ message: 'Key:' }), [...keysOf('ab'), ...keys]).state.text
    expect(left(keysOf('backspace'))).toBe('a')
    expect(left(keysOf('e backspace'))).toBe('ab')
    expect(left(keysOf('delete-line'))).toBe('')
  })
})

const TEXT = fc.oneof(
  fc.string({
    unit: fc.constantFrom('a', 'B', ' ', '-', '日', '本', 'e\u0301', '👩‍👧', '…', 'ｗ', '\n'),
    maxLength: 120,
  }),
  fc.lorem({ maxCount: 12 }),
)

describe('no line is wider than the terminal', () => {
  const choice = fc.record({
    value: fc.nat(),
    name: TEXT,
    description: fc.option(TEXT, { nil: undefined }),
    details: fc.option(TEXT, { nil: undefined }),
    disabled: fc.option(TEXT, { nil: undefined }),
    checked: fc.boolean(),
  })
  const choices = fc.array(choice, { minLength: 1, maxLength: 40 }) as fc.Arbitrary<
    { value: number; name: string; description?: string; details?: string; disabled?: string; checked: boolean }[]
  >
  const keys = fc.array(
    fc.oneof(
      fc.constantFrom(...NAMES).map((name): Key => ({ kind: 'key', name })),
      fc.constantFrom('a', ' ', '?', '日').map((text): Key => ({ kind: 'character', text })),
      TEXT.map((text): Key => ({ kind: 'paste', text: text.replaceAll('\n', ' ') })),
    ),
    { maxLength: 12 },
  )
  const size = fc.record({ width: fc.integer({ min: 24, max: 200 }), height: fc.integer({ min: 8, max: 60 }) })
  const theme = fc.constantFrom(plainTheme(), ASCII)

  function holds<S, T>(prompt: Prompt<S, T>, pressing: readonly Key[], room: Room): void {
    const { lines, below } = inWindow(prompt.draw(pressed(prompt, pressing).state, room), room)
    // The blank behind the question is where the cursor stands.
    for (const line of [...lines, ...below]) expect(columns(line)).toBeLessThanOrEqual(room.columns + 1)
    expect(lines.length + below.length).toBeLessThanOrEqual(room.rows)
  }

  it.each([
    ['a list', selectPrompt<number>],
    ['a search', searchPrompt<number>],
    ['a picker', checkboxPrompt<number>],
  ] as const)('of %s, whatever its names and the keys', (_, make) => {
    fc.assert(
      fc.property(TEXT, choices, keys, size, theme, (message, some, pressing, { width, height }, look) => {
        const prompt = make({
          message,
          choices: some,
          groups: [{ name: message, values: [some[0]?.value ?? 0] }],
        } as never)
        holds(prompt as Prompt<unknown, unknown>, pressing, roomOf(width, height, look))
      }),
      { numRuns: 60 },
    )
  })

  it('of a secret, and of the line that stays', () => {
    fc.assert(
      fc.property(TEXT, TEXT, keys, size, (message, answer, pressing, { width, height }) => {
        const room = roomOf(width, height)
        holds(secretPrompt({ message, shown: () => answer }), pressing, room)
        for (const line of answeredLines(message, answer, room)) expect(columns(line)).toBeLessThanOrEqual(room.columns)
      }),
    )
  })

  it('and nothing but blanks is lost where a text is broken', () => {
    fc.assert(
      fc.property(TEXT, fc.integer({ min: 4, max: 60 }), (text, width) => {
        const flat = text.replaceAll('\n', ' ')
        expect(
          fold([{ text: flat }], width)
            .join('')
            .replaceAll(' ', ''),
        ).toBe(flat.replaceAll(' ', ''))
      }),
    )
  })
})
