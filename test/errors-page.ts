/** `docs/errors.md` as the table of error codes makes it. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ERROR_CODES } from '../src/error-codes.ts'

const SRC = join(import.meta.dirname, '..', 'src')

export function errorsPage(): string {
  const rows = Object.entries(ERROR_CODES).map(
    ([code, { meaning, action }]) => `| \`${code}\` | ${cell(meaning)} | ${cell(action)} |`,
  )
  return [HEAD, '| code | meaning | what to do |', '|---|---|---|', ...rows.toSorted(), ''].join('\n')
}

/** Codes of the table that no source file uses: whole, or as the kinds of AWS's failures. */
export function unusedCodes(): readonly string[] {
  const sources = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && file !== 'error-codes.ts')
    .map((file) => readFileSync(join(SRC, file), 'utf8'))
  return Object.keys(ERROR_CODES).filter((code) => {
    const words = [`'${code}'`, ...(code.startsWith('aws-') ? [`'${code.slice(4)}'`] : [])]
    return !sources.some((text) => words.some((word) => text.includes(word)))
  })
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

const HEAD = `# Error codes

A failure has one stable code, which \`--json\` reports as \`error.code\` together with \`message\` and \`hint\`. Match the code in scripts, not the message. The exit code of a command says how far it came: 1 failed, 2 usage, 3 credentials or permissions, 5 applied but not verified, 130 interrupted.
`
