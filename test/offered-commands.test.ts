import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { commandNameOf } from '../src/cli/commands.ts'
import { parseCommandLine } from '../src/cli/program.ts'
import { FIX_COMMAND } from '../src/doctor/check.ts'
import type { CommandName } from '../src/options/command-options.ts'
import { drillOn, equivalentCommand, helpCommand, onSameChain, toolCommand } from '../src/options/next-command.ts'
import { flagOf, optionsOf } from '../src/options/table.ts'
import { anyOptions } from './options/any-options.ts'
import { shellWords } from './options/reading.ts'
import { whatIsWrong } from './support/existing-command.ts'
import { freshAccount } from './support/fresh-account.ts'

const ROOT = join(import.meta.dirname, '..')

/** Where people read what to run. The program's own texts are made of values. */
const DOCUMENTS = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join('docs', file)),
]

/** Each command line that a document offers, up to what ends it there. */
function written(): readonly string[] {
  const texts = DOCUMENTS.map((file) => readFileSync(join(ROOT, file), 'utf8'))
  const lines = texts.flatMap((text) => [...text.matchAll(/npx cloudtrail-pd ([a-z][^\n'"`|]*)/g)])
  return [...new Set(lines.map(([, line = '']) => line.split(/ {2,}|, or /)[0]?.trim() ?? ''))].filter(
    (line) => line !== '',
  )
}

describe('a command that the program offers', () => {
  it('exists, whatever the run was told, and on the same chain too', () => {
    fc.assert(
      fc.property(anyOptions, fc.option(fc.string({ minLength: 1 }), { nil: undefined }), (options, alarm) => {
        const offered = [
          equivalentCommand(options),
          drillOn(alarm),
          FIX_COMMAND,
          toolCommand('doctor'),
          toolCommand('destroy'),
          toolCommand('init', { drill: true }),
          toolCommand('events', { since: '2026-01-15T10:00:00Z' }, [alarm ?? 'x']),
          toolCommand('pattern lint', {}, [alarm ?? 'x']),
        ]
        for (const command of offered) {
          expect(whatIsWrong(command)).toBeUndefined()
          expect(whatIsWrong(onSameChain(command, { ...options }, optionsOf('doctor')))).toBeUndefined()
        }
      }),
      { numRuns: 50 },
    )
  })

  it('is a topic of help that exists', () => {
    expect(['report', 'permissions'].map((topic) => whatIsWrong(helpCommand(topic)))).toEqual([undefined, undefined])
  })

  it('after init is one that can be run as it stands', async () => {
    const account = await freshAccount()
    for (const args of [['--dry-run'], ['--yes', '--drill'], ['--yes']]) {
      const result = await account.run(['init', ...args, '--json'])
      const next = result.json().next as unknown as readonly string[]
      expect(next.length).toBeGreaterThan(0)
      for (const line of next) {
        const words = shellWords(line)
        expect(parseCommandLine(words.slice(words.indexOf('cloudtrail-pd') + 1), '0').kind).toBe('command')
      }
    }
  })
})

describe('a command that a document offers', () => {
  it.each(written())('exists, with its options: %s', (line) => {
    const words = line.split(' ')
    const command = commandNameOf(words) as CommandName
    const page = parseCommandLine([...command.split(' '), '--help'], '0')
    expect(page).toMatchObject({ kind: 'page', text: expect.stringContaining(`Usage: cloudtrail-pd ${command}`) })
    const known = ['--help', ...optionsOf(command).map(flagOf)]
    expect(words.filter((word) => /^--[a-z]/.test(word)).filter((word) => !known.includes(word))).toEqual([])
  })
})
