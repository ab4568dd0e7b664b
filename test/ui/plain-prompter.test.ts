import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WentBack } from '../../src/errors.ts'
import type { Prompter } from '../../src/ports.ts'
import type { OutputStream } from '../../src/ui/output.ts'
import { createPlainPrompter } from '../../src/ui/plain-prompter.ts'
import type { InputStream } from '../../src/ui/prompter-options.ts'
import { chooseByWords, pickByWords } from '../../src/ui/prompts/typed-choice.ts'
import { themeFor } from '../../src/ui/theme.ts'
import { keyboard, paper } from './terminal.ts'

const PLAIN = themeFor({ tty: true, env: { NO_COLOR: '1' }, color: undefined, plain: true })

function prompterOn(stdin: InputStream, stderr: OutputStream): Prompter {
  const { signal } = new AbortController()
  return createPlainPrompter({ stdin, stderr, signal, theme: PLAIN, rest: () => {}, redact: () => {} })
}

/** Asks, types each line once the prompt before it stands there, and gives what was said with the lines typed in it. */
async function conversation(lines: readonly string[], ask: (prompter: Prompter) => Promise<unknown>, columns = 80) {
  const stdin = keyboard()
  const stderr = paper({ isTTY: true, columns })
  const answer = ask(prompterOn(stdin, stderr))
  let said = ''
  let read = 0
  for (const line of lines) {
    // A prompt ends without a line feed.
    while (!/[:?)\]] $/.test(stderr.text().slice(read))) await new Promise((resolve) => setTimeout(resolve, 3))
    said += `${stderr.text().slice(read)}«${line}»\n`
    read = stderr.text().length
    stdin.type(`${line}\n`)
  }
  const outcome = await answer.catch((error: unknown) => error)
  return { outcome, said: said + stderr.text().slice(read) }
}

const CHOICES = [
  { value: 'root', name: 'root-account-usage', description: 'critical: Root account usage', checked: true },
  {
    value: 'mfa',
    name: 'console-signin-without-mfa  0.5 pages a week',
    description: 'high: Sign-in without MFA',
    checked: true,
  },
  {
    value: 'trail',
    name: 'trail-stopped',
    description: 'critical: A trail is stopped',
    details: 'No page means no trail.\nPattern: StopLogging',
  },
  { value: 'vpc', name: 'vpc-changes', description: 'low: Changes to a VPC' },
  { value: 'old', name: 'old-one', disabled: 'end of life' },
]
const GROUPS = [
  { name: 'recommended', values: ['root', 'mfa'] },
  { name: 'cis-1.4', values: ['root', 'trail', 'vpc'] },
]
const DETECTIONS = { message: 'Which detections should page?', choices: CHOICES, groups: GROUPS }

describe('choosing several, line by line', () => {
  it('lists what is chosen and what is not, reads every change back, and takes Enter for it', async () => {
    const lines = ['99', '? 3', '+cis-1.4', '-vpc-changes', '+5', 'trial-stopped', '']
    const { outcome, said } = await conversation(lines, (prompter) => prompter.checkbox({ ...DETECTIONS, back: true }))
    expect(said).toMatchInlineSnapshot(`
      "Type back to return to the question before.
      Which detections should page?
      Chosen:
        1  root-account-usage - critical: Root account usage
        2  console-signin-without-mfa, 0.5 pages a week - high: Sign-in without MFA
      Not chosen:
        3  trail-stopped - critical: A trail is stopped
        4  vpc-changes - low: Changes to a VPC
        5  old-one - not possible: end of life
      Groups: recommended (2), cis-1.4 (3)
      Numbers, ranges such as 1-5, names, groups, all or none: choose these alone.
      +27 adds, -3 leaves out, with any of these; ? and a number shows details.
      Enter takes the 2 chosen, or change them: «99»
        99 is not one of 1 to 5
      Enter takes the 2 chosen, or change them: «? 3»
        trail-stopped
        critical: A trail is stopped
        No page means no trail.
        Pattern: StopLogging
      Enter takes the 2 chosen, or change them: «+cis-1.4»
        4 chosen; added: trail-stopped, vpc-changes
      Enter takes the 4 chosen, or change them: «-vpc-changes»
        3 chosen: root-account-usage, console-signin-without-mfa, trail-stopped
      Enter takes the 3 chosen, or change them: «+5»
        5 is not possible: end of life
      Enter takes the 3 chosen, or change them: «trial-stopped»
        "trial-stopped" is no number, name or group here; did you mean trail-stopped?
      Enter takes the 3 chosen, or change them: «»
      ok Which detections should page? root-account-usage,
        console-signin-without-mfa, trail-stopped
      "
    `)
    expect(outcome).toEqual(['root', 'mfa', 'trail'])
  })

  it('replaces the choice where no word has a sign, and refuses an empty one', async () => {
    const { outcome, said } = await conversation(['none', '', '3-4', ''], (prompter) => prompter.checkbox(DETECTIONS))
    expect(said.slice(said.indexOf('«none»'))).toMatchInlineSnapshot(`
      "«none»
        0 chosen
      Nothing is chosen; type some: «»
        nothing is chosen: at least one is needed
      Nothing is chosen; type some: «3-4»
        2 chosen: trail-stopped, vpc-changes
      Enter takes the 2 chosen, or change them: «»
      ok Which detections should page? trail-stopped, vpc-changes
      "
    `)
    expect(outcome).toEqual(['trail', 'vpc'])
  })
})

describe('every question, line by line', () => {
  it('is left by "back", and only where there is one before it', async () => {
    const select = { message: 'Where?', choices: CHOICES }
    for (const ask of [
      (prompter: Prompter) => prompter.select({ ...select, back: true }),
      (prompter: Prompter) => prompter.search({ ...select, back: true }),
      (prompter: Prompter) => prompter.checkbox({ ...DETECTIONS, back: true }),
      (prompter: Prompter) => prompter.input({ message: 'Name:', back: true }),
      (prompter: Prompter) => prompter.secret({ message: 'Key:', back: true }),
      (prompter: Prompter) => prompter.confirm({ message: 'Sure?', default: true, back: true }),
    ]) {
      const { outcome, said } = await conversation(['back'], ask)
      expect(outcome).toBeInstanceOf(WentBack)
      expect(said).toContain('Type back to return to the question before.')
    }
    const { outcome } = await conversation(['back', 'y'], (prompter) =>
      prompter.confirm({ message: 'Sure?', default: true }),
    )
    expect(outcome).toBe(true)
  })

  it('tells of what was picked when it is left', async () => {
    const left: (readonly string[])[] = []
    const question = { ...DETECTIONS, back: true, left: (picked: readonly string[]) => left.push(picked) }
    await conversation(['none', '+3-4', 'back'], (prompter) => prompter.checkbox(question))
    expect(left).toEqual([['trail', 'vpc']])
  })

  it('leaves an answered line, and breaks between words at 40 columns', async () => {
    const ask = async (prompter: Prompter) => [
      await prompter.select({ message: 'Where should alerts of this account go?', choices: CHOICES }),
      await prompter.input({ message: 'Display name of the topic:', default: 'CloudTrail Security' }),
      await prompter.secret({ message: 'Integration URL or key:', shown: (text) => `…${text.slice(-4)}` }),
      await prompter.confirm({ message: 'Go ahead?', default: false }),
    ]
    const { outcome, said } = await conversation(['9', 'con', '', 'secret42', 'y'], ask, 40)
    expect(said).toMatchInlineSnapshot(`
      "Where should alerts of this account go?
        1  root-account-usage - critical:
           Root account usage
        2  console-signin-without-mfa, 0.5
           pages a week - high: Sign-in
           without MFA
        3  trail-stopped - critical: A trail
           is stopped
        4  vpc-changes - low: Changes to a
           VPC
        5  old-one - not possible: end of
           life
      Type ? and a number for details.
      Number [1]: «9»
        enter a number from 1 to 5, or the
        beginning of a name
      Number [1]: «con»
      ok Where should alerts of this account
        go? console-signin-without-mfa
      Display name of the topic: [CloudTrail
        Security] «»
      ok Display name of the topic:
        CloudTrail Security
      Integration URL or key: (not shown) «secret42»

      ok Integration URL or key: ...et42
      Go ahead? (y/N): «y»
      ok Go ahead? Yes
      "
    `)
    expect(outcome).toEqual(['mfa', 'CloudTrail Security', 'secret42', true])
  })

  it('reaches the terminal together with the place to type, so that no key is echoed in between', async () => {
    const stderr = paper({ isTTY: true, columns: 80 })
    const written: string[] = []
    const write = stderr.write.bind(stderr)
    stderr.write = ((text: string) => {
      written.push(text)
      return write(text)
    }) as typeof stderr.write
    const stdin = keyboard()
    const answer = prompterOn(stdin, stderr).checkbox({ ...DETECTIONS, back: true })
    const stands = async () => {
      while (!/: $/.test(stderr.text())) await new Promise((resolve) => setTimeout(resolve, 3))
    }
    await stands()
    expect(written).toHaveLength(1)
    stdin.type('+9\n')
    while (written.length < 2) await new Promise((resolve) => setTimeout(resolve, 3))
    expect(written[1]).toMatch(/^ {2}.*9.*\n.*: $/s)
    stdin.type('\n')
    await answer
    expect(written).toHaveLength(3)
  })

  it('is not answered by lines that were typed before it stood there', async () => {
    const stdin = keyboard()
    const stderr = paper({ isTTY: true, columns: 80 })
    const answer = prompterOn(stdin, stderr).confirm({ message: 'Delete these?', default: false })
    stdin.type('y\ny\n')
    while (!stderr.text().endsWith('(y/N): ')) await new Promise((resolve) => setTimeout(resolve, 3))
    stdin.type('\n')
    expect(await answer).toBe(false)
  })
})

describe('words for choices', () => {
  const indices = fc.uniqueArray(fc.integer({ min: 0, max: 3 }))
  const pick = (line: string, picked: readonly number[]) => pickByWords(line, new Set(picked), CHOICES, GROUPS)

  it('a set said by its numbers, ranges or names is that set', () => {
    fc.assert(
      fc.property(
        indices,
        fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
        fc.constantFrom(',', ' ', ', '),
        (set, named, gap) => {
          const words = set.map((index) => (named[index] ? CHOICES[index]?.name.split(' ')[0] : `${index + 1}`))
          const read = pick(words.join(gap) || 'none', [0, 1])
          expect(read).toEqual({ value: new Set(set) })
        },
      ),
    )
  })

  it('what is added and then left out leaves the rest as it was', () => {
    fc.assert(
      fc.property(indices, fc.integer({ min: 1, max: 4 }), (set, number) => {
        const others = set.filter((index) => index !== number - 1)
        expect(pick(`+${number} -${number}`, set)).toEqual({ value: new Set(others) })
      }),
    )
  })

  it.each([
    ['1-2 4', [0, 1, 3]],
    ['1 - 2', [0, 1]],
    ['all', [0, 1, 2, 3]],
    ['RECOMMENDED', [0, 1]],
    ['+ 4', [0, 3]],
    ['- 1', []],
    ['all -vpc-changes', [0, 1, 2]],
  ])('%s', (line, found) => {
    expect(pick(line, [0])).toEqual({ value: new Set(found) })
  })

  it.each([
    ['0', '0 is not one of 1 to 5'],
    ['3-9', '9 is not one of 1 to 5'],
    ['4-2', '4-2 runs backwards'],
    ['5', '5 is not possible: end of life'],
    ['vpc-chnages', '"vpc-chnages" is no number, name or group here; did you mean vpc-changes?'],
  ])('%s is refused, and the wrong part named', (line, problem) => {
    expect(pick(line, [0])).toEqual({ problem })
  })

  it('the beginning of a name is enough where no other begins so', () => {
    const services = ['Payments', 'Payments EU', 'Search'].map((name) => ({ value: name, name }))
    expect(chooseByWords('se', services)).toEqual({ value: 2 })
    expect(chooseByWords('payments', services)).toEqual({ value: 0 })
    expect(chooseByWords('pay', services)).toEqual({ problem: 'which: 1 Payments, 2 Payments EU?' })
  })

  it('what the option of a choice takes is that choice, and a word of several names none of them', () => {
    const routes = [
      { value: 'service', name: 'A service' },
      { value: 'service-orchestration', name: 'A service orchestration' },
      { value: 'service-event-rules', name: 'Service event rules' },
    ]
    expect(chooseByWords('service', routes)).toEqual({ value: 0 })
    expect(chooseByWords('Service-Event-Rules', routes)).toEqual({ value: 2 })
    expect(chooseByWords('service e', routes)).toEqual({ value: 2 })
    expect(chooseByWords('servic', routes)).toEqual({
      problem: 'which: 1 A service, 2 A service orchestration, 3 Service event rules?',
    })
    const answers = ['No, change nothing', 'Yes', 'Change an answer'].map((name, value) => ({ value, name }))
    expect(chooseByWords('n', answers)).toEqual({ value: 0 })
    expect(chooseByWords('change', answers)).toEqual({ problem: 'which: 1 No, change nothing, 3 Change an answer?' })
  })
})

describe('a secret, line by line', () => {
  it('is asked for when the terminal echoes nothing any more, until it is accepted', async () => {
    const happened: string[] = []
    const stderr = paper({ isTTY: true, columns: 80 })
    const write = stderr.write.bind(stderr)
    stderr.write = ((text: string) => {
      happened.push(...(text.match(/^(?:Key:| {2}wrong)/gm) ?? []))
      return write(text)
    }) as typeof stderr.write
    const stdin = Object.assign(keyboard(), { setRawMode: (on: boolean) => happened.push(on ? 'silent' : 'echoing') })
    const validate = (text: string) => text === 'right' || 'wrong'
    const answer = prompterOn(stdin, stderr).secret({ message: 'Key:', validate })
    while (!stderr.text().includes('Key:')) await new Promise((resolve) => setTimeout(resolve, 3))
    stdin.type('bad\n')
    while (!stderr.text().includes('wrong')) await new Promise((resolve) => setTimeout(resolve, 3))
    stdin.type('right\n')
    expect(await answer).toBe('right')
    expect(happened).toEqual(['silent', 'Key:', '  wrong', 'Key:', 'echoing'])
  })
})
