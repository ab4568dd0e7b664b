/** All calls of the catalogue side by side, and which of them each detection counts: one event may be the aim of several. */

import { catalogue } from '../detections/catalogue.ts'
import type { Detection } from '../detections/detection.ts'
import { type Call, samplesOf, soundPatterns } from '../detections/samples.ts'
import { compileForEvents } from '../patterns/match/match.ts'
import { parsePattern } from '../patterns/parse/parse.ts'

interface CallSpace {
  /** The calls of every detection, and its harmless neighbors as calls of their own. */
  readonly calls: readonly Call[]
  countedBy(detection: Detection): ReadonlySet<Call>
}

let space: CallSpace | undefined

/** Worked out once, when the first filter is looked at that no text tells. */
export function callSpace(): CallSpace {
  space ??= buildSpace()
  return space
}

function buildSpace(): CallSpace {
  const calls = catalogue.flatMap((detection) => [
    ...samplesOf(detection).calls,
    ...detection.neighborEvents.map((event): Call => ({ name: event.eventName, events: [event] })),
  ])
  const patterns = catalogue.flatMap((detection) =>
    soundPatterns(detection).flatMap(({ text }) => {
      const parsed = parsePattern(text)
      return parsed.validity === 'refused' ? [] : [{ detection, pattern: parsed.pattern }]
    }),
  )
  const matching = compileForEvents(patterns.map(({ pattern }) => pattern))
  const counted = new Map<Detection, Set<Call>>(catalogue.map((detection) => [detection, new Set()]))
  for (const call of calls) {
    for (const index of (call.events[0] && matching({ ...call.events[0] })) ?? []) {
      const detection = patterns[index]?.detection
      if (detection !== undefined) counted.get(detection)?.add(call)
    }
  }
  return { calls, countedBy: (detection) => counted.get(detection) ?? new Set() }
}
