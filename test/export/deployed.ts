/** What CloudFormation makes of a template. */

import { parse } from 'yaml'
import type { Site } from '../../src/domain/names.ts'

export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value }

/** As much of CloudFormation's functions as the templates use, for one account and region. */
export function deployed(text: string, site: Site, existing: string) {
  const body = parse(text, { version: '1.1' })
  const makesTrail = existing === ''
  const known: Record<string, string> = {
    'AWS::AccountId': site.account,
    'AWS::Region': site.region,
    'AWS::Partition': site.partition,
    ExistingLogGroupName: existing,
  }
  const value = (one: Value): Value => {
    if (typeof one !== 'object' || one === null) return one
    if (Array.isArray(one)) return one.map(value)
    const [[name = '', inner = null] = []] = Object.entries(one)
    const list = (Array.isArray(inner) ? inner : []) as readonly Value[]
    switch (name) {
      case 'Ref':
        return known[String(inner)] ?? reference(String(inner))
      case 'Fn::If':
        return value((makesTrail ? list[1] : list[2]) ?? null)
      case 'Fn::Join':
        return (value(list[1] ?? null) as readonly string[]).join(String(list[0]))
      case 'Fn::Split':
        return String(value(list[1] ?? null)).split(String(list[0]))
      case 'Fn::FindInMap':
        return body.Mappings[String(list[0])][String(value(list[1] ?? null))][String(list[2])]
      case 'Fn::Sub':
        return substituted(inner)
      default:
        return Object.fromEntries(Object.entries(one).map(([key, item]) => [key, value(item)]))
    }
  }
  const substituted = (inner: Value): string => {
    const [pattern, variables] = Array.isArray(inner) ? inner : [inner, {}]
    const names: Record<string, Value> = { ...known }
    for (const [key, item] of Object.entries(variables as object)) names[key] = value(item as Value)
    // `${!…}` stands for itself without the mark (Fn::Sub reference).
    return String(pattern).replaceAll(/\$\{(?:!([^}]*)|([\w:]+))\}/g, (_, literal, name) =>
      literal === undefined ? String(names[name]) : `\${${literal}}`,
    )
  }
  const reference = (id: string): string => {
    const { Type, Properties } = body.Resources[id] ?? {}
    if (Type === 'AWS::Logs::LogGroup') return String(value(Properties.LogGroupName))
    if (Type !== 'AWS::SNS::Topic') return id
    return `arn:${site.partition}:sns:${site.region}:${site.account}:${Properties.TopicName}`
  }
  const of = (type: string) =>
    Object.values(body.Resources as Record<string, { Type: string; Condition?: string; Properties: Value }>)
      .filter(({ Type, Condition }) => Type === type && (Condition === undefined || makesTrail))
      .map(({ Properties }) => value(Properties) as Record<string, Value>)
  return { of }
}
