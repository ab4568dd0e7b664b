import { describe, expect, it } from 'vitest'
import { awsCommand, commandLine } from '../../../src/next-command.ts'
import { breakCommand } from '../../../src/ui/render/next-commands.ts'

const LONG = awsCommand('sns subscribe', { first: 'one', second: 'two --not an option', third: 'three' })

describe('a command that is too long for a line', () => {
  it('is broken before its options, and nowhere else, so that it can be pasted', () => {
    expect(breakCommand(LONG, 34)).toEqual([
      'aws sns subscribe --first one \\',
      "    --second 'two --not an option' \\",
      '    --third three',
    ])
  })

  it('stays whole where it fits', () => {
    expect(breakCommand(LONG, 120)).toEqual([commandLine(LONG)])
  })
})
