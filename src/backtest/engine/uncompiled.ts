/** What cannot be said in the language of a query engine: refused by name, never left out. */

import type { Detection } from '../../detections/detection.ts'
import { type AppError, usage } from '../../errors.ts'

/** Thrown while a pattern is compiled; `compiling` puts the detection to it. */
export class Uncompilable extends Error {}

export function cannot(what: string): never {
  throw new Uncompilable(what)
}

/** Runs the compiler for one detection. Throws `not-compilable` (exit 2) with the detection and what stands in the way. */
export function compiling<T>(detection: Detection, engine: string, compile: () => T): T {
  try {
    return compile()
  } catch (error) {
    if (error instanceof Uncompilable) throw refusal(detection, engine, error.message)
    throw error
  }
}

function refusal({ id }: Detection, engine: string, why: string): AppError {
  return usage(
    'not-compilable',
    `${id} cannot be compiled for ${engine}: ${why}`,
    'leave it out with --exclude, or read files with --files',
  )
}
