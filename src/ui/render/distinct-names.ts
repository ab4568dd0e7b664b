/** Cuts names so that those which differ still look different: first what they share, then the middle. */

import { shorten } from '../clean.ts'
import { columns } from '../columns.ts'

/** Each name in at most `width` columns, by name. */
export function distinctNames(names: readonly string[], width: number, gap: string): ReadonlyMap<string, string> {
  const different = [...new Set(names)]
  const head = different.length < 2 ? 0 : sharedStart(different)
  const tail = different.length < 2 ? 0 : sharedStart(different.map(reversed))
  return new Map(different.map((name) => [name, fitted(name, head, tail || siteOf(name), width, gap)]))
}

/** Letters of the account and the region at the end of a name, which of one name alone tell the least. */
function siteOf(name: string): number {
  return /-\d{12}-[a-z]{2}(?:-[a-z]+)+-\d$/.exec(name)?.[0].length ?? 0
}

function fitted(name: string, head: number, tail: number, width: number, gap: string): string {
  if (columns(name) <= width) return name
  const letters = [...name]
  const withoutTail = letters.slice(0, Math.max(head, letters.length - tail)).join('') + gap
  if (tail > columns(gap) && columns(withoutTail) <= width) return withoutTail
  const core = letters.slice(head, Math.max(head, letters.length - tail)).join('')
  const bare = `${head > 0 ? gap : ''}${core}${tail > 0 ? gap : ''}`
  return shorten(columns(bare) < columns(name) ? bare : name, width, gap)
}

/** How many letters all of them begin with. */
function sharedStart(names: readonly string[]): number {
  const [first = '', ...rest] = names
  const letters = [...first]
  const shared = letters.findIndex((letter, index) => rest.some((name) => [...name][index] !== letter))
  return shared < 0 ? letters.length : shared
}

function reversed(name: string): string {
  return [...name].reverse().join('')
}
