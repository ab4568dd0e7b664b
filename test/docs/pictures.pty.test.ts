import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { svgOf, wordsOf } from './picture.ts'
import { takePictures } from './pictures.ts'
import { steady } from './steady.ts'

const DOCS = join(import.meta.dirname, '..', '..', 'docs')
const FOLDER = join(DOCS, 'pictures')

describe('what README and docs show of a run', () => {
  it('is what the tool prints today; if not: npm run pictures', { timeout: 120_000 }, async () => {
    const { drawn: taken, filmed } = await takePictures()
    const written = readFileSync(join(DOCS, 'first-run.md'), 'utf8')
    expect(steady(written.split('\n')), 'docs/first-run.md').toEqual(steady(filmed.split('\n')))
    expect(readdirSync(FOLDER).toSorted()).toEqual(Object.keys(taken).toSorted())
    for (const [name, picture] of Object.entries(taken)) {
      const drawn = wordsOf(readFileSync(join(FOLDER, name), 'utf8'))
      expect(steady(drawn), name).toEqual(steady(wordsOf(svgOf(picture))))
    }
  })

  it('is, as a picture, read without any file beside it, and says in words what it shows', () => {
    for (const name of readdirSync(FOLDER)) {
      const svg = readFileSync(join(FOLDER, name), 'utf8')
      expect(svg).toMatch(/<title[^>]*>.+<\/title>\n<desc[^>]*>.+<\/desc>/)
      expect(svg).toContain('prefers-color-scheme:dark')
      expect(svg).not.toMatch(/<script|<image|href=|url\(/)
    }
  })
})
