/** What each resource is called inside a template, where names of AWS are not allowed. */

import { chainNames, type Site } from '../domain/names.ts'
import { type Address, addressOf, type Resource } from '../domain/resources.ts'

/** CloudFormation takes 255 letters and digits (resources section); room is left for the kind and a number. */
const LONGEST_WORDS = 200

/** Words in lower case that tell the resources of one kind apart, by address. */
export type Labels = ReadonlyMap<Address, readonly string[]>

/** Unique within a kind, and the same for the same resources in the same order. */
export function labelsOf(resources: readonly Resource[], prefix: string, site: Site): Labels {
  const taken = new Set<string>()
  return new Map(
    resources.map((resource) => {
      const words = wordsOf(resource, prefix, site)
      let unique = words
      for (let count = 2; taken.has(`${resource.kind} ${unique.join('')}`); count += 1) unique = [...words, `n${count}`]
      taken.add(`${resource.kind} ${unique.join('')}`)
      return [addressOf(resource), unique] as const
    }),
  )
}

/** `AlarmRootAccountUsage`. */
export function pascalCase(words: readonly string[]): string {
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
}

function wordsOf(resource: Resource, prefix: string, site: Site): readonly string[] {
  const names = chainNames(prefix, site)
  switch (resource.kind) {
    case 'subscription':
      return [resource.spec.purpose]
    case 'topic':
      return split(without(resource.name, `${prefix}-`), 'alerts')
    case 'alarm':
      return split(without(resource.name, `${prefix}-`).replace(`-${site.account}-${site.region}`, ''), 'alarm')
    case 'metric-filter':
      return split(without(resource.name, `${prefix}-`), 'filter')
    case 'email-subscription':
      return ['fallback', 'email']
    case 'queue':
      return ['dead', 'letters']
    case 'dashboard':
      return ['chain']
    case 'bucket':
    case 'trail':
      return ['trail']
    case 'log-group':
      return ['events']
    case 'role':
    case 'delivery':
      return ['delivery']
    default:
      return split(without(resource.name, names.prefix), 'item')
  }
}

function without(name: string, prefix: string): string {
  return name.startsWith(prefix) ? name.slice(prefix.length) : name
}

/** A word begins with a letter, so that any of them can begin a label. */
function split(text: string, otherwise: string): readonly string[] {
  const words = text
    .slice(0, LONGEST_WORDS)
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')
  const [first = otherwise] = words
  return /^[a-z]/.test(first) && words.length > 0 ? words : [otherwise, ...words]
}
