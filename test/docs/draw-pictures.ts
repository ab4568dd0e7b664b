/** Draws the pictures of README and writes down the first run: `npm run pictures`. What says the same as before stays as it is. */

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { svgOf, wordsOf } from './picture.ts'
import { takePictures } from './pictures.ts'
import { steady } from './steady.ts'

const DOCS = join(import.meta.dirname, '..', '..', 'docs')

const { drawn, filmed } = await takePictures()
mkdirSync(join(DOCS, 'pictures'), { recursive: true })
for (const [name, picture] of Object.entries(drawn)) write(join('pictures', name), svgOf(picture), wordsOf)
write('first-run.md', filmed, (page) => page.split('\n'))

function write(name: string, text: string, linesOf: (text: string) => readonly string[]): void {
  const path = join(DOCS, name)
  const before = existsSync(path) ? readFileSync(path, 'utf8') : ''
  if (steady(linesOf(before)).join() !== steady(linesOf(text)).join()) writeFileSync(path, text)
}
