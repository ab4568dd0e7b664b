import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { svgOf, wordsOf } from './picture.ts'
import { takePictures } from './pictures.ts'

const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'pictures')

/** Without what differs from run to run: durations, times of a drill and its id, and where a long text is cut beside them. */
function steady(words: readonly string[]): readonly string[] {
  return words.map((line) =>
    line
      .replaceAll(/(?:\d+ min )?\d+(?:\.\d)? s\b|\b\d+:\d\d\b/g, 'TIME')
      .replaceAll(/(drill(?: id |\/))\w{4}/g, '$1ID')
      .replaceAll(/\S*…\S*/g, '…')
      .replaceAll(/\s+/g, ' '),
  )
}

describe('a picture in README', () => {
  it('shows what the tool prints today; if not: npm run pictures', { timeout: 120_000 }, async () => {
    const taken = await takePictures()
    expect(readdirSync(FOLDER).toSorted()).toEqual(Object.keys(taken).toSorted())
    for (const [name, picture] of Object.entries(taken)) {
      const drawn = wordsOf(readFileSync(join(FOLDER, name), 'utf8'))
      expect(steady(drawn), name).toEqual(steady(wordsOf(svgOf(picture))))
    }
  })

  it('is read without any file beside it, and says in words what it shows', () => {
    for (const name of readdirSync(FOLDER)) {
      const svg = readFileSync(join(FOLDER, name), 'utf8')
      expect(svg).toMatch(/<title[^>]*>.+<\/title>\n<desc[^>]*>.+<\/desc>/)
      expect(svg).toContain('prefers-color-scheme:dark')
      expect(svg).not.toMatch(/<script|<image|href=|url\(/)
    }
  })
})
