/** Options that select the same detections in fewer words. */

import { selectDetections, shortestWords } from '../detections/select.ts'
import type { InitOptions } from './command-options.ts'

/** What fits one line of a printed command stays as it was said; characters. */
const SHORT_ENOUGH = 56

/** The options with the shortest words for their detections; beside a custom detection packs are not taken. */
export function inFewWords(options: InitOptions): InitOptions {
  const { detections, exclude = [], ...rest } = options
  if (detections === undefined || options.filterPattern !== undefined) return options
  if ([...detections, ...exclude].join(',').length <= SHORT_ENOUGH) return options
  const words = shortestWords(selectDetections(detections, exclude).map(({ id }) => id))
  return {
    ...rest,
    detections: words.detections,
    ...(words.exclude.length === 0 ? {} : { exclude: words.exclude }),
  }
}
