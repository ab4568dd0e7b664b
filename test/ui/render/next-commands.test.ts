import { describe, expect, it } from 'vitest'
import { awsCommand, commandLine } from '../../../src/next-command.ts'
import { breakCommand, nextStep } from '../../../src/ui/render/next-commands.ts'
import { plainTheme } from '../../../src/ui/theme.ts'

const LONG = awsCommand('sns subscribe', { first: 'one', second: 'two --not an option', third: 'three' })

describe('a command that is too long for a line', () => {
  it('is broken before its options, and nowhere else, so that it can be pasted', () => {
    expect(breakCommand(LONG, 34)).toEqual([
      'aws sns subscribe --first one \\',
      "  --second 'two --not an option' \\",
      '  --third three',
    ])
  })

  it('stays whole where it fits', () => {
    expect(breakCommand(LONG, 120)).toEqual([commandLine(LONG)])
    expect(breakCommand(LONG, commandLine(LONG).length)).toEqual([commandLine(LONG)])
  })

  it('goes on to the right of where it began, with its reason below', () => {
    expect(`\n${nextStep(LONG, 'does this and that in other words', plainTheme(), 44)}`).toBe(`
Next   aws sns subscribe --first one \\
         --second 'two --not an option' \\
         --third three
       does this and that in other words`)
    expect(nextStep(LONG, 'does this', plainTheme(), 40)).toContain("\n       --second 'two --not an option' \\\n")
  })
})
