/** Links reach a terminal that opens them, and nothing else. */

import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { SANDBOX_TOKEN } from '../../src/sandbox/pagerduty/state.ts'
import { accountWithChain } from '../support/fresh-account.ts'
import { runTool } from '../support/tool.ts'

const LINK = '\u001b]8;;https://sandbox.pagerduty.com/service-directory/PSECURE\u001b\\'

async function doctorOn(terminal: boolean, flags: readonly string[], env: Readonly<Record<string, string>>) {
  const account = await accountWithChain()
  const chunks: string[] = []
  const stdout = Object.assign(
    new Writable({
      write(chunk, _, done) {
        chunks.push(String(chunk))
        done()
      },
    }),
    { isTTY: terminal, columns: 100 },
  )
  const token = { PAGERDUTY_TOKEN: SANDBOX_TOKEN, CLOUDTRAIL_PD_API_URL: account.pagerDuty.apiUrl }
  const { backend, clock } = account.sandbox
  const { exit } = await runTool(['doctor', ...flags], { backend, clock, stdout, env: { ...token, ...env } })
  expect(exit).toBe(0)
  return chunks.join('')
}

describe('a link', () => {
  it.each([{ TERM_PROGRAM: 'WezTerm' }, { TERM_PROGRAM: 'WezTerm', NO_COLOR: '1' }])('is one with %j', async (env) => {
    expect(await doctorOn(true, [], env)).toContain(LINK)
  })

  it.each([
    ['in a pipe', false, [], { TERM_PROGRAM: 'WezTerm', FORCE_COLOR: '1' }],
    ['with --plain', true, ['--plain'], { TERM_PROGRAM: 'WezTerm' }],
    ['with --json', true, ['--json'], { TERM_PROGRAM: 'WezTerm' }],
    ['on a terminal that says nothing of links', true, [], { TERM: 'xterm-256color' }],
  ] as const)('is the bare address %s', async (_, terminal, flags, env) => {
    const text = await doctorOn(terminal, flags, env)
    expect(text).toContain('https://sandbox.pagerduty.com/service-directory/PSECURE')
    expect(text).not.toContain('\u001b]')
  })
})
