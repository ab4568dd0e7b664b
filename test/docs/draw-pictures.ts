/** Draws the pictures of README: `npm run pictures`, after `npm run build`. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { svgOf } from './picture.ts'
import { takePictures } from './pictures.ts'

const FOLDER = join(import.meta.dirname, '..', '..', 'docs', 'pictures')

mkdirSync(FOLDER, { recursive: true })
for (const [name, picture] of Object.entries(await takePictures())) writeFileSync(join(FOLDER, name), svgOf(picture))
