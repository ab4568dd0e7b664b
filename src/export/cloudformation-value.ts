/** Values of a CloudFormation template: texts with placeholders become intrinsic functions. */

import { ANY_LOG_GROUP, type Placeholder, partsOf, placeholdersOf } from './placeholders.ts'

export type CfnValue =
  | string
  | number
  | boolean
  | readonly CfnValue[]
  | { readonly [key: string]: CfnValue | undefined }

/** Parameters and conditions of the template that values refer to. */
export const EXISTING_LOG_GROUP = 'ExistingLogGroupName'
export const ORGANIZATION_ID = 'OrganizationId'
export const MAKES_TRAIL = 'MakesTrail'
export const PARTITIONS = 'Partitions'

/** Pseudo parameters and parameters that stand in a text by their names. */
const NAMES: Readonly<Partial<Record<Placeholder, string>>> = {
  account: 'AWS::AccountId',
  region: 'AWS::Region',
  partition: 'AWS::Partition',
  organization: ORGANIZATION_ID,
}

/** A value with the placeholders of all its texts, keys left alone; `logGroup` is the log group's own reference. */
export function cfnValue(value: unknown, logGroup: CfnValue): CfnValue {
  if (typeof value === 'string') return cfnText(value, logGroup)
  if (typeof value === 'number' || typeof value === 'boolean') return value
  if (Array.isArray(value)) return value.map((item) => cfnValue(item, logGroup))
  const entries = Object.entries(value as Readonly<Record<string, unknown>>)
  return Object.fromEntries(
    entries.flatMap(([key, item]) => (item === undefined ? [] : [[key, cfnValue(item, logGroup)]])),
  )
}

/** A text as it stands, a reference, or `Fn::Sub`, in which `${!` is a literal `${` (Fn::Sub reference). */
export function cfnText(text: string, logGroup: CfnValue): CfnValue {
  const parts = partsOf(typeof logGroup === 'string' ? text.replaceAll(ANY_LOG_GROUP, logGroup) : text)
  const [only] = parts
  if (only === undefined) return ''
  if (parts.length === 1 && typeof only === 'string') return only
  if (parts.length === 1 && typeof only === 'object') return reference(only.placeholder, logGroup)
  const variables = placeholdersOf(parts).filter((placeholder) => NAMES[placeholder] === undefined)
  const body = parts
    .map((part) =>
      typeof part === 'string'
        ? part.replaceAll('${', '${!')
        : `\${${NAMES[part.placeholder] ?? variableOf(part.placeholder)}}`,
    )
    .join('')
  if (variables.length === 0) return { 'Fn::Sub': body }
  const values = variables.map((placeholder) => [variableOf(placeholder), reference(placeholder, logGroup)] as const)
  return { 'Fn::Sub': [body, Object.fromEntries(values)] }
}

function variableOf(placeholder: Placeholder): string {
  return placeholder.charAt(0).toUpperCase() + placeholder.slice(1)
}

function reference(placeholder: Placeholder, logGroup: CfnValue): CfnValue {
  switch (placeholder) {
    case 'logGroup':
      return logGroup
    case 'logGroupInUrl':
      return escaped(escaped(logGroup, '/', '$252F'), '#', '$2523')
    case 'consoleHost':
      return { 'Fn::FindInMap': [PARTITIONS, { Ref: 'AWS::Partition' }, 'ConsoleHost'] }
    default:
      return { Ref: NAMES[placeholder] ?? '' }
  }
}

/** The two characters of a log group's name that the console escapes, replaced by splitting and joining. */
function escaped(value: CfnValue, character: string, code: string): CfnValue {
  return { 'Fn::Join': [code, { 'Fn::Split': [character, value] }] }
}
