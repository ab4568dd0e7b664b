/** What cannot be said in the language of a query engine: refused by name, never left out. */

import type { Detection } from '../../detections/detection.ts'
import { usage } from '../../errors.ts'

/** Thrown while a pattern is compiled; `compileAll` puts the detection to it. */
export class Uncompilable extends Error {}

export function cannot(what: string): never {
  throw new Uncompilable(what)
}

/**
 * Runs the compiler for each detection. Throws `not-compilable` (exit 2) with all detections that it cannot say, and what
 * stands in the way.
 */
export function compileAll<T>(
  detections: readonly Detection[],
  engine: string,
  compile: (detection: Detection) => T,
): readonly T[] {
  const refused: { readonly detection: Detection; readonly why: string }[] = []
  const compiled = detections.flatMap((detection) => {
    try {
      return [compile(detection)]
    } catch (error) {
      if (!(error instanceof Uncompilable)) throw error
      refused.push({ detection, why: error.message })
      return []
    }
  })
  if (refused.length === 0) return compiled
  const told = refused.map(({ detection: { id }, why }, at) =>
    at === 0 ? `${id} cannot be compiled for ${engine}: ${why}` : `nor can ${id}: ${why}`,
  )
  const known = refused.flatMap(({ detection: { id, custom } }) => (custom === undefined ? [id] : []))
  const without = known.length === 0 ? '' : `add --exclude ${known.join(',')}, or `
  throw usage('not-compilable', told.join('; '), `${without}read files with --files`)
}
