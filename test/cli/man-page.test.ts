import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/cli/commands.ts'
import { manPage } from '../../src/cli/man-page.ts'
import { TOPICS } from '../../src/cli/topics.ts'
import { EXIT } from '../../src/errors.ts'
import type { CommandName } from '../../src/options/command-options.ts'
import { flagOf, optionsOf } from '../../src/options/table.ts'
import { has } from '../commands/completion/shells.ts'

const page = manPage('1.2.3')
/** The text without what sets it. */
const read = page
  .replaceAll(/\\f[BIR]/g, '')
  .replaceAll('\\-', '-')
  .replaceAll('\\&', '')

describe('the manual page', () => {
  it('names every command with its examples, every topic, and every way to end', () => {
    for (const [name, { operands, examples }] of Object.entries(COMMANDS)) {
      expect(read).toContain(`\ncloudtrail-pd ${name}${operands === undefined ? '' : ` ${operands}`}\n`)
      for (const [line] of examples) expect(read).toContain(`\n${line}\n`)
    }
    for (const topic of Object.keys(TOPICS)) expect(read).toContain(`cloudtrail-pd help ${topic}\n`)
    for (const code of Object.values(EXIT)) expect(read).toContain(`\n.B ${code}\n`)
  })

  it.each(Object.keys(COMMANDS) as CommandName[])('says every option of %s, there or among the common ones', (name) => {
    const section = (title: string) => read.slice(read.indexOf(`\n.SH ${title}\n`)).split('\n.SH ', 2)
    const [, common = ''] = section('OPTIONS')
    const [, own = ''] = section(`"${name.toUpperCase()}"`)
    for (const option of optionsOf(name)) {
      expect(`${common}\n${own}`).toMatch(new RegExp(`^(?:-\\w, )?${flagOf(option)}(?=[ ,\\n])`, 'm'))
    }
  })

  it.skipIf(!has('groff'))('is set without a complaint', () => {
    const set = execFileSync('groff', ['-man', '-ww', '-Tascii', '-P-cbou'], {
      input: page,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    expect(set).toContain("who did it: the log events behind the alarm's last ALARM")
    expect(set).toMatch(/^ {7}-y, --yes$/m)
    expect(set).toContain('cloudtrail-pd 1.2.3')
  })
})
