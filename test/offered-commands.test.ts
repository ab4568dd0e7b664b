import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commandNameOf } from '../src/cli/commands.ts'
import { parseCommandLine } from '../src/cli/program.ts'
import type { CommandName } from '../src/options/command-options.ts'
import { flagOf, optionsOf } from '../src/options/table.ts'

const ROOT = join(import.meta.dirname, '..')

/** Where people are told to run something: the program's own texts, and its documents. */
const FILES = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).map((file) => join('docs', file)),
  ...readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).map((file) => join('src', file)),
].filter((file) => /\.(ts|md)$/.test(file))

/** Each command line that a text offers, up to what ends it there. */
function offered(): readonly string[] {
  const texts = FILES.map((file) => readFileSync(join(ROOT, file), 'utf8'))
  const lines = texts.flatMap((text) => [...text.matchAll(/npx cloudtrail-pd ([a-z][^\n'"`|]*)/g)])
  return [...new Set(lines.map(([, line = '']) => line.split(/ {2,}|, or |\\n/)[0]?.trim() ?? ''))]
}

describe('every command that a text offers', () => {
  const lines = offered().filter((line) => line !== '')

  it('is found', () => {
    expect(lines.length).toBeGreaterThan(20)
  })

  it.each(lines)('exists, with its options: %s', (line) => {
    const words = line.split(' ')
    const command = commandNameOf(words) as CommandName
    const page = parseCommandLine([...command.split(' '), '--help'], '0')
    expect(page).toMatchObject({ kind: 'page', text: expect.stringContaining(`Usage: cloudtrail-pd ${command}`) })
    const known = ['--help', ...optionsOf(command).map(flagOf)]
    expect(words.filter((word) => /^--[a-z]/.test(word)).filter((word) => !known.includes(word))).toEqual([])
  })
})
