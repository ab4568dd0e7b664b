/** The lint rules for JSON patterns, each in a file of its kind. */
import type { Draft } from './draft.ts'
import { lintAbsentFields } from './lint-absent.ts'
import { lintLogic } from './lint-logic.ts'
import { lintTautologies } from './lint-tautology.ts'
import { lintValues } from './lint-values.ts'
import type { JsonPattern } from './pattern.ts'

export function lintJson(pattern: JsonPattern): readonly Draft[] {
  return [...lintAbsentFields(pattern), ...lintTautologies(pattern), ...lintLogic(pattern), ...lintValues(pattern)]
}
