import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { knownOperations } from '../../src/sandbox/aws/operations.ts'

test('the documentation lists every operation, and no other', () => {
  const rows = Object.entries(knownOperations()).map(([service, names]) => `| ${service} | ${names.join(', ')} |`)
  const table = ['| service | operations |', '|---|---|', ...rows, ''].join('\n')
  const text = readFileSync(new URL('../../docs/sandbox.md', import.meta.url), 'utf8')
  expect(text.slice(text.indexOf('| service |'))).toBe(table)
})
