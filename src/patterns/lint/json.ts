/** The lint rules for JSON patterns, each in a file of its kind. */

import type { JsonPattern } from '../pattern.ts'
import { lintAbsentFields } from './absent-field.ts'
import type { Draft } from './draft.ts'
import { lintLogic } from './logic.ts'
import { lintTautologies } from './tautology.ts'
import { lintValues } from './values.ts'

export function lintJson(pattern: JsonPattern): readonly Draft[] {
  return [...lintAbsentFields(pattern), ...lintTautologies(pattern), ...lintLogic(pattern), ...lintValues(pattern)]
}
