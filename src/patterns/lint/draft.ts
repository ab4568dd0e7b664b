/** A finding as a lint rule makes it, before it is known whether its fix leaves a clean pattern. */
import { type Condition, type Expression, type JsonPattern, print } from '../pattern.ts'
import { replace } from '../tree.ts'

export type LintRule =
  | 'syntax'
  | 'absent-field'
  | 'tautology'
  | 'never-matches'
  | 'field-name'
  | 'unknown-field'
  | 'value-form'
  | 'precedence'
  | 'quoted-number'
  | 'dead-wildcard'
  | 'boolean-case'
  | 'too-long'
  | 'regex-quota'
  | 'regex-dot'
  | 'loose-value'
  | 'ignored-term'
  | 'split-term'

export interface Draft {
  readonly rule: LintRule
  readonly status: 'warn' | 'fail'
  readonly column: number
  readonly message: string
  /** The whole pattern with this one fault put right, whatever else is wrong with it. */
  readonly fix?: string
}

/** The draft with the text of the fixed tree; without a fix where there is none. */
export function withFix(draft: Draft, where: Expression<Condition> | undefined): Draft {
  return where === undefined ? draft : { ...draft, fix: print({ kind: 'json', where }) }
}

/** The draft that replaces one node by another, or removes it. */
export function replacing(
  draft: Draft,
  pattern: JsonPattern,
  node: Expression<Condition>,
  by: Expression<Condition> | undefined,
): Draft {
  return withFix(draft, replace(pattern.where, node, by))
}
