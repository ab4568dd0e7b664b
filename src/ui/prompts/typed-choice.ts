/** Choices named in words, where a person types a line: numbers, ranges, names and groups. */

import type { Choice, ChoiceGroup } from '../../ports.ts'
import { didYouMean } from '../../spelling.ts'
import { shortName } from './list.ts'

export type Read<T> = { readonly value: T } | { readonly problem: string }

/**
 * The indices of the choices after a line of words, parted by commas or blanks. `+27` and `-vpc-changes` change what is
 * picked; words without a sign replace it. A word is a number, a range such as `1-5`, a name, a group, `all` or `none`.
 */
export function pickByWords<T>(
  line: string,
  picked: ReadonlySet<number>,
  choices: readonly Choice<T>[],
  groups: readonly ChoiceGroup<T>[],
): Read<ReadonlySet<number>> {
  const words = wordsOf(line)
  const after = new Set(words.every((word) => /^[+-]/.test(word)) ? picked : [])
  for (const word of words) {
    const [, sign = '', name = ''] = /^([+-]?)(.*)$/.exec(word) ?? []
    const found = indicesOf(name, choices, groups)
    if ('problem' in found) return found
    for (const index of found.value) {
      const { disabled } = choices[index] ?? {}
      if (sign === '-') after.delete(index)
      else if (disabled === undefined) after.add(index)
      // A group leaves out what is not possible; who names it alone is told.
      else if (found.value.length === 1) return { problem: `${name} is not possible: ${disabled}` }
    }
  }
  return { value: after }
}

/** `1 - 5` is a range, `+ 27` a sign with its word. */
function wordsOf(line: string): readonly string[] {
  return line
    .replaceAll(/(\d)\s*-\s+(\d)/g, '$1-$2')
    .replaceAll(/(^|[\s,])([+-])\s+/g, '$1$2')
    .split(/[\s,]+/)
    .filter((word) => word !== '')
}

function indicesOf<T>(
  word: string,
  choices: readonly Choice<T>[],
  groups: readonly ChoiceGroup<T>[],
): Read<readonly number[]> {
  const name = word.toLowerCase()
  const exact = choices.flatMap((choice, index) => (idOf(choice) === name ? [index] : []))
  if (exact.length > 0) return { value: exact }
  const group = groups.find((one) => one.name.toLowerCase() === name)
  if (group !== undefined) {
    return { value: choices.flatMap(({ value }, index) => (group.values.includes(value) ? [index] : [])) }
  }
  if (name === 'all') return { value: choices.map((_, index) => index) }
  if (name === 'none') return { value: [] }
  const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(name) ?? []
  if (first !== undefined && last !== undefined) return between(Number(first), Number(last), choices.length)
  const guess = didYouMean(name, [...choices.map(idOf), ...groups.map((one) => one.name)])
  return { problem: `"${word}" is no number, name or group here${guess === undefined ? '' : `; ${guess}`}` }
}

function between(first: number, last: number, count: number): Read<readonly number[]> {
  const wrong = [first, last].find((number) => number < 1 || number > count)
  if (wrong !== undefined) return { problem: `${wrong} is not one of 1 to ${count}` }
  if (last < first) return { problem: `${first}-${last} runs backwards` }
  return { value: Array.from({ length: last - first + 1 }, (_, index) => first - 1 + index) }
}

/** The one choice that a number, a value, or a name or its unique beginning, means. */
export function chooseByWords<T>(line: string, choices: readonly Choice<T>[]): Read<number> {
  const index = numberedOrNamed(line.trim(), choices)
  if ('problem' in index) return index
  const { disabled } = choices[index.value] ?? {}
  return disabled === undefined ? index : { problem: `not possible: ${disabled}` }
}

/** More names than this are not listed in a sentence. */
const LISTED = 5

function numberedOrNamed<T>(text: string, choices: readonly Choice<T>[]): Read<number> {
  const number = /^\d+$/.test(text) ? Number(text) : undefined
  const name = text.toLowerCase()
  const ofValue = choices.findIndex(({ value }) => typeof value === 'string' && value.toLowerCase() === name)
  const exact = ofValue >= 0 ? ofValue : choices.findIndex((choice) => idOf(choice) === name)
  if (exact >= 0) return { value: exact }
  if (number !== undefined && number >= 1 && number <= choices.length) return { value: number - 1 }
  const numbered = choices.map((choice, index) => ({ id: idOf(choice), index }))
  // A word of another name is as good a guess as the beginning of this one.
  const beginning = numbered.filter(({ id }) => ` ${id}`.includes(` ${name}`))
  const [first, second] = beginning
  if (first?.id.startsWith(name) === true && second === undefined) return { value: first.index }
  const containing = beginning.length > 0 ? beginning : numbered.filter(({ id }) => id.includes(name))
  if (number === undefined && containing.length > 0) {
    const listed = containing
      .slice(0, LISTED)
      .map(({ index }) => `${index + 1} ${shortName(choices[index]?.name ?? '')}`)
    const more = containing.length > LISTED ? ` and ${containing.length - LISTED} more` : ''
    return { problem: `which: ${listed.join(', ')}${more}?` }
  }
  return { problem: `enter a number from 1 to ${choices.length}, or the beginning of a name` }
}

function idOf({ name }: Choice<unknown>): string {
  return shortName(name).toLowerCase()
}
