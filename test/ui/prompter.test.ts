import { describe, expect, it } from 'vitest'
import { Cancelled, WentBack } from '../../src/errors.ts'
import type { Prompter } from '../../src/ports.ts'
import { createPlainPrompter } from '../../src/ui/plain-prompter.ts'
import { canAsk, createPrompter } from '../../src/ui/prompter.ts'
import type { PrompterOptions } from '../../src/ui/prompter-options.ts'
import { plainTheme } from '../../src/ui/theme.ts'
import { keyboard, paper, seen } from './terminal.ts'

const KEYS = { up: '\u001b[A', down: '\u001b[B', enter: '\r', space: ' ', ctrlC: '\u0003', ctrlD: '\u0004' }
const ROUTES = [
  { value: 1, name: 'A service', description: 'resolves by itself' },
  { value: 2, name: 'A global orchestration', description: 'your rules decide' },
  { value: 3, name: 'A ruleset', disabled: 'end of life' },
]

/** Waits until the terminal shows the text: prompts are loaded and drawn in their own time. */
async function until(shown: () => string, text: string): Promise<void> {
  for (let turn = 0; turn < 400 && !seen(shown()).includes(text); turn += 1) {
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  if (!seen(shown()).includes(text)) throw new Error(`"${text}" is not on the screen:\n${seen(shown())}`)
}

function desk(create: (options: PrompterOptions) => Prompter) {
  const stdin = keyboard()
  const stderr = paper({ isTTY: true, columns: 80 })
  const controller = new AbortController()
  const learned: string[] = []
  let rests = 0
  const prompter = create({
    stdin,
    stderr,
    signal: controller.signal,
    theme: plainTheme(),
    rest: () => {
      rests += 1
    },
    redact: (secret) => learned.push(secret),
  })
  return {
    stdin,
    stderr,
    controller,
    learned,
    prompter,
    rests: () => rests,
    shows: (text: string) => until(stderr.text, text),
  }
}

describe('C62 whether a person can be asked', () => {
  it.each([
    [true, true, true],
    [true, false, false],
    [false, true, false],
  ])('with a terminal at stdin: %s, at stderr: %s, is %s', (input, output, answer) => {
    expect(canAsk(Object.assign(keyboard(), { isTTY: input }), paper({ isTTY: output }))).toBe(answer)
  })
})

describe('a prompt on a terminal', () => {
  it('draws names in one column and what they mean in the next', async () => {
    const { prompter, shows, stdin, stderr } = desk(createPrompter)
    const answer = prompter.select({ message: 'Where?', choices: ROUTES })
    await shows('A ruleset')
    expect(seen(stderr.text())).toContain('❯ A service               resolves by itself')
    expect(seen(stderr.text())).toContain('  A global orchestration  your rules decide')
    stdin.type(KEYS.down)
    await shows('❯ A global orchestration')
    stdin.type(KEYS.enter)
    expect(await answer).toBe(2)
    await shows('Where? A global orchestration')
  })

  it('takes no colour where the theme has none', async () => {
    const { prompter, shows, stdin, stderr } = desk(createPrompter)
    const answer = prompter.confirm({ message: 'Sure?', default: true })
    await shows('Sure? (Y/n')
    stdin.type(KEYS.enter)
    expect(await answer).toBe(true)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what must not be there.
    expect(stderr.text()).not.toMatch(/\u001b\[[0-9;]*m/)
  })

  it('returns what is ticked and shows many as a number', async () => {
    const { prompter, shows, stdin } = desk(createPrompter)
    const choices = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ value: name, name, checked: name !== 'e' }))
    const answer = prompter.checkbox({ message: 'Which?', choices })
    await shows('○ e')
    stdin.type(KEYS.enter)
    expect(await answer).toEqual(['a', 'b', 'c', 'd'])
    await shows('4 chosen')
  })

  it('tells of what was picked when it is left', async () => {
    const { prompter, shows, stdin } = desk(createPrompter)
    const choices = ['a', 'b', 'c'].map((name) => ({ value: name, name, checked: true }))
    const left: (readonly string[])[] = []
    const answer = prompter.checkbox({ message: 'Which?', choices, back: true, left: (picked) => left.push(picked) })
    await shows('3 chosen')
    stdin.type(' ')
    await shows('left out: a')
    stdin.type('\u001b')
    await expect(answer).rejects.toThrow(WentBack)
    expect(left).toEqual([['b', 'c']])
  })

  it('never echoes a secret, and says it to the scrubber', async () => {
    const { prompter, shows, stdin, stderr, learned } = desk(createPrompter)
    const answer = prompter.secret({ message: 'Key:', validate: (text) => text.length > 3 || 'too short' })
    await shows('Key:')
    stdin.type('abc')
    stdin.type(KEYS.enter)
    await shows('too short')
    for (const letter of 'xy') stdin.type(letter)
    await shows('5 characters')
    stdin.type(KEYS.enter)
    expect(await answer).toBe('abcxy')
    expect(learned).toEqual(['abcxy'])
    expect(seen(stderr.text())).not.toMatch(/abc|xy/)
  })

  it('lets the spinner rest first', async () => {
    const { prompter, shows, stdin, rests } = desk(createPrompter)
    const answer = prompter.input({ message: 'Path', default: 'x.yaml' })
    await shows('Path')
    expect(rests()).toBe(1)
    stdin.type(KEYS.enter)
    expect(await answer).toBe('x.yaml')
  })
})

describe.each([
  ['on a terminal', createPrompter],
  ['line by line', createPlainPrompter],
] as const)('C63 a prompt %s is cancelled', (_, create) => {
  it('when the input ends', async () => {
    const { prompter, shows, stdin } = desk(create)
    const answer = prompter.confirm({ message: 'Sure?', default: true })
    const refused = expect(answer).rejects.toBeInstanceOf(Cancelled)
    await shows('Sure?')
    stdin.hangUp()
    await refused
  })

  it('by a signal', async () => {
    const { prompter, shows, controller } = desk(create)
    const answer = prompter.confirm({ message: 'Sure?', default: true })
    const refused = expect(answer).rejects.toBeInstanceOf(Cancelled)
    await shows('Sure?')
    controller.abort()
    await refused
  })

  it('by Ctrl-C where a secret is typed', async () => {
    const { prompter, shows, stdin } = desk(create)
    const answer = prompter.secret({ message: 'Key' })
    const refused = expect(answer).rejects.toBeInstanceOf(Cancelled)
    await shows('Key')
    stdin.type(KEYS.ctrlC)
    await refused
  })
})

describe('C63 a prompt on a terminal is cancelled', () => {
  it('by Ctrl-C', async () => {
    const { prompter, shows, stdin } = desk(createPrompter)
    const answer = prompter.select({ message: 'Where?', choices: ROUTES })
    const refused = expect(answer).rejects.toBeInstanceOf(Cancelled)
    await shows('A ruleset')
    stdin.type(KEYS.ctrlC)
    await refused
  })

  it('by Ctrl-D, which the library would wait on for ever', async () => {
    const { prompter, shows, stdin } = desk(createPrompter)
    const answer = prompter.input({ message: 'Path' })
    const refused = expect(answer).rejects.toBeInstanceOf(Cancelled)
    await shows('Path')
    stdin.type(KEYS.ctrlD)
    await refused
  })
})

describe('a prompt line by line', () => {
  it('numbers the choices, and Enter takes the first', async () => {
    const { prompter, shows, stdin, stderr } = desk(createPlainPrompter)
    const answer = prompter.select({ message: 'Where?', choices: ROUTES })
    await shows('Number [1]: ')
    expect(stderr.text()).toContain('  2  A global orchestration - your rules decide\n')
    stdin.type('\n')
    expect(await answer).toBe(1)
  })

  it('asks again until the answer is one of them', async () => {
    const { prompter, shows, stdin } = desk(createPlainPrompter)
    const answer = prompter.select({ message: 'Where?', choices: ROUTES })
    await shows('Number [1]: ')
    stdin.type('9\n')
    await shows('enter a number from 1 to 3')
    stdin.type('3\n')
    await shows('end of life')
    stdin.type('2\n')
    expect(await answer).toBe(2)
  })

  it('echoes no secret and moves no cursor', async () => {
    const { prompter, shows, stdin, stderr, learned } = desk(createPlainPrompter)
    const answer = prompter.secret({ message: 'Key' })
    await shows('Key (not shown): ')
    stdin.type('abx\u007fc\r')
    expect(await answer).toBe('abc')
    expect(learned).toEqual(['abc'])
    expect(stderr.text()).toBe('Key (not shown): \n✔ Key hidden\n')
  })
})
