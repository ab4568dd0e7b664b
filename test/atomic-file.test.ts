import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { writeAtomically } from '../src/atomic-file.ts'

const folder = () => mkdtempSync(join(tmpdir(), 'atomic-'))

it('a file is replaced whole, with its mode, and leaves no draft', () => {
  const path = join(folder(), 'inner', 'file')
  writeAtomically(path, 'old', { mode: 0o600, makeFolder: true })
  writeAtomically(path, ['ne', 'w'], { mode: 0o600 })
  expect(readFileSync(path, 'utf8')).toBe('new')
  expect(statSync(path).mode & 0o777).toBe(0o600)
  expect(readdirSync(join(path, '..'))).toEqual(['file'])
})

it('a text that fails half way leaves the old file and no draft', () => {
  const home = folder()
  const path = join(home, 'file')
  writeFileSync(path, 'old')
  function* broken(): Iterable<string> {
    yield 'half'
    throw new Error('no more')
  }
  expect(() => writeAtomically(path, broken(), { mode: 0o644 })).toThrow('no more')
  expect(readFileSync(path, 'utf8')).toBe('old')
  expect(readdirSync(home)).toEqual(['file'])
})

it('what is not a regular file is written to, not replaced', () => {
  writeAtomically('/dev/null', 'text', { mode: 0o644 })
  expect(statSync('/dev/null').isFile()).toBe(false)
})
