/** Draws the pictures of README and writes down the first run: `npm run pictures`, after `npm run build`. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { svgOf } from './picture.ts'
import { takePictures } from './pictures.ts'

const DOCS = join(import.meta.dirname, '..', '..', 'docs')

const { drawn, filmed } = await takePictures()
mkdirSync(join(DOCS, 'pictures'), { recursive: true })
for (const [name, picture] of Object.entries(drawn)) writeFileSync(join(DOCS, 'pictures', name), svgOf(picture))
writeFileSync(join(DOCS, 'first-run.md'), filmed)
