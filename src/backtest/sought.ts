/** What a search looks for, from detections: parsed once, whoever searches. */

import type { Detection } from '../detections/detection.ts'
import { parsePattern } from '../patterns/parse/parse.ts'
import type { Pattern } from '../patterns/pattern.ts'
import type { Sought } from './sight.ts'

/** Takes detections whose patterns AWS accepts. */
export function soughtOf(detections: readonly { readonly paging: SoughtPaging }[]): readonly Sought[] {
  return detections.map(({ paging }) => ({ pattern: patternOf(paging.pattern), metric: paging.metric.value }))
}

type SoughtPaging = Pick<Detection['paging'], 'pattern'> & {
  readonly metric: Pick<Detection['paging']['metric'], 'value'>
}

function patternOf(text: string): Pattern {
  const parsed = parsePattern(text)
  if (parsed.validity === 'refused') throw new Error(`pattern was not judged before: ${text}`)
  return parsed.pattern
}
