/** Fields that no record of CloudTrail is documented to have: AWS may add some, so this is never more than a warning. */
import { isOfRecord, type UndocumentedField, undocumentedField, unwrapped } from '../cloudtrail-fields.ts'
import { type Condition, type JsonPattern, printSelector, type Selector } from '../pattern.ts'
import { conditions } from '../tree.ts'
import { type Draft, replacing } from './draft.ts'

export function lintUnknownFields(pattern: JsonPattern): readonly Draft[] {
  const all = conditions(pattern.where)
  const found = all.flatMap((node) => {
    const field = unwrapped(node.selector) === undefined ? undocumentedField(node.selector) : undefined
    return field === undefined ? [] : [{ node, field }]
  })
  const isCloudTrail = all.some(({ selector }) => isOfRecord(selector)) || found.every(({ field }) => isMistyped(field))
  return isCloudTrail ? found.map(({ node, field }) => draftOf(node, field, pattern)) : []
}

/** Alone, a name has to be close to one of a record: many logs are JSON, and most have a `message`. */
function isMistyped({ name, near }: UndocumentedField): boolean {
  return near !== undefined && name.length >= SHORTEST && /^[A-Za-z]+$/.test(name)
}

/** Shorter names, such as `type` and `arn`, stand in logs of all kinds. */
const SHORTEST = 6

function draftOf(node: Condition, { name, near }: UndocumentedField, pattern: JsonPattern): Draft {
  const draft = (message: string): Draft => ({ rule: 'unknown-field', status: 'warn', column: node.column, message })
  const plain = `CloudTrail records have no field $.${name} today`
  if (near === undefined) return draft(plain)
  const selector = startingWith(node.selector, near)
  return replacing(draft(`${plain}; write ${printSelector(selector)}`), pattern, node, { ...node, selector })
}

function startingWith(selector: Selector, path: string): Selector {
  const steps = path.split('.').map((name) => ({ kind: 'key', name }) as const)
  return { ...selector, steps: [...steps, ...selector.steps.slice(1)] }
}
