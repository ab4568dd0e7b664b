import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../src/detections/catalogue.ts'
import { awsCommand, commandLine } from '../../../src/next-command.ts'
import { toolCommand } from '../../../src/options/next-command.ts'
import { breakCommand, nextStep } from '../../../src/ui/render/next-commands.ts'
import { plainTheme } from '../../../src/ui/theme.ts'
import { optionsFor, shellWords } from '../../options/reading.ts'

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

  it('repeats the option of a list that is too wide, never inside an id, and says the same to a shell', async () => {
    const detections = catalogue.map(({ id }) => id).filter((_, index) => index % 3 !== 0)
    const command = toolCommand('init', { detections, hold: 5 })
    for (const width of [53, 73, 113]) {
      const lines = breakCommand(command, width)
      expect(lines.filter((line) => line.length > width)).toEqual([])
      const argv = shellWords(lines.join('\n').replaceAll('\\\n', ' ')).slice(2)
      expect(await optionsFor('init', argv)).toEqual({ detections, hold: 5 })
    }
  })

  it('goes on to the right of where it began, with its reason below', () => {
    expect(`\n${nextStep(LONG, 'does this and that in other words', plainTheme(), 44)}`).toBe(`
Next   aws sns subscribe --first one \\
         --second 'two --not an option' \\
         --third three
       does this and that in other words`)
    expect(nextStep(LONG, 'does this', plainTheme(), 40)).toContain("\n       --second 'two --not an option' \\\n")
    // What fits there stays there, whatever stands beside it.
    expect(nextStep(LONG, 'does this', plainTheme(), 36)).toContain(
      "\n--second 'two --not an option' \\\n         --third three\n",
    )
    expect(nextStep(LONG, 'does this', plainTheme(), 30)).toContain(
      "\n         --second 'two --not an option' \\\n         --third three\n",
    )
  })
})
