import { describe, expect, it } from 'vitest'
import { createOutput, jsonText, widthOf } from '../../src/terminal/output.ts'
import { paper } from './terminal.ts'

function outputOn(coloured: boolean) {
  const stdout = paper()
  const stderr = paper()
  const scrub = (text: string) => text.replaceAll('SECRET', '…CRET')
  return {
    stdout,
    stderr,
    output: createOutput({ stdout, stderr, scrub, stdoutColoured: coloured, stderrColoured: false }),
  }
}

describe('the streams', () => {
  it('get no control character that is not a colour somebody asked for', async () => {
    const plain = outputOn(false)
    await plain.output.result('\u001b[31mred\u001b[0m\r')
    plain.output.say('\u001b[2Jgone')
    expect([plain.stdout.text(), plain.stderr.text()]).toEqual(['red\n', 'gone\n'])
    const coloured = outputOn(true)
    await coloured.output.result('\u001b[31mred\u001b[0m\u001b[2J')
    expect(coloured.stdout.text()).toBe('\u001b[31mred\u001b[0m\n')
  })

  it('get no secret', async () => {
    const { output, stdout, stderr } = outputOn(false)
    await output.result('a SECRET')
    output.say('SECRET too')
    expect(stdout.text() + stderr.text()).toBe('a …CRET\n…CRET too\n')
  })

  it('that say nothing of their width are 80 columns wide, others at most 120', () => {
    expect([widthOf(paper()), widthOf(paper({ columns: 60 })), widthOf(paper({ columns: 300 }))]).toEqual([80, 60, 120])
  })
})

describe('a JSON document', () => {
  it('holds no control character, and reads as what went in', () => {
    const value = { a: 'x\u001b[1m\u009b\u007f\u2028\u202e\ny' }
    const text = jsonText(value)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/)
    expect(JSON.parse(text)).toEqual(value)
  })
})
