import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createOutput, inBlocks, jsonPieces, widthOf } from '../../src/ui/output.ts'
import { paper } from './terminal.ts'

function outputOn(coloured: boolean) {
  const stdout = paper()
  const stderr = paper()
  const scrub = (text: string) => text.replaceAll('SECRET', '…CRET')
  return {
    stdout,
    stderr,
    output: createOutput({
      stdout,
      stderr,
      scrub,
      stdoutStyles: { coloured, links: false },
      stderrStyles: { coloured: false, links: false },
      stdoutUnicode: true,
      stderrUnicode: true,
    }),
  }
}

describe('the streams', () => {
  it('get no control character that is not a colour somebody asked for', async () => {
    const plain = outputOn(false)
    await plain.output.result('\u001b[31mred\u001b[0m\r')
    plain.output.print('\u001b[2Jgone')
    expect([plain.stdout.text(), plain.stderr.text()]).toEqual(['red\n', 'gone\n'])
    const coloured = outputOn(true)
    await coloured.output.result('\u001b[31mred\u001b[0m\u001b[2J')
    expect(coloured.stdout.text()).toBe('\u001b[31mred\u001b[0m\n')
  })

  it('get no secret', async () => {
    const { output, stdout, stderr } = outputOn(false)
    await output.result('a SECRET')
    output.print('SECRET too')
    expect(stdout.text() + stderr.text()).toBe('a …CRET\n…CRET too\n')
  })

  it('that say nothing of their width, or that it is nothing, are 80 columns wide, others at most 120', () => {
    const widths = [undefined, 0, 60, 300].map((columns) => widthOf(paper(columns === undefined ? {} : { columns })))
    expect(widths).toEqual([80, 80, 60, 120])
  })
})

describe('a JSON document', () => {
  it('holds no control character, and reads as what went in', () => {
    const value = { a: 'x\u001b[1m\u009b\u007f\u2028\u202e\ny' }
    const text = [...jsonPieces(value)].join('')
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/)
    expect(JSON.parse(text)).toEqual(value)
  })

  it('is spelt as JSON.stringify spells it with two blanks, whatever its members', () => {
    const members = fc.dictionary(fc.string({ unit: 'grapheme-ascii' }), fc.jsonValue({ stringUnit: 'grapheme-ascii' }))
    fc.assert(
      fc.property(members, (value) => {
        fc.pre(Object.keys(value).length > 0)
        expect([...jsonPieces(value)].join('')).toBe(JSON.stringify(value, undefined, 2))
      }),
    )
  })

  it('makes the items of a long list one by one, while they are written', async () => {
    const { output, stdout } = outputOn(false)
    const ahead: number[] = []
    const items = {
      *[Symbol.iterator]() {
        for (let made = 1; made <= 50; made += 1) {
          yield { made, text: 'x'.repeat(10_000) }
          ahead.push(made * 10_000 - stdout.text().length)
        }
      },
    }
    await output.result(jsonPieces({ items }))
    expect(JSON.parse(stdout.text()).items).toHaveLength(50)
    expect(Math.max(...ahead)).toBeLessThan(100_000)
  })

  it('goes out in blocks, none of which tears a piece', () => {
    const pieces = ['a'.repeat(40_000), 'b'.repeat(40_000), 'c']
    expect([...inBlocks(pieces)]).toEqual([`${pieces[0]}${pieces[1]}`, 'c'])
  })
})
