/** "Did you mean": the known words that a mistyped one is close to. */

import { distance } from 'fastest-levenshtein'

/** No resource has a longer ARN; to compare megabytes takes minutes. */
const LONGEST_NAME = 2_048

/** Up to three of the known words that the word may have meant, the nearest first. */
export function nearest(word: string, known: readonly string[]): readonly string[] {
  if (word.length > LONGEST_NAME) return []
  const text = word.toLowerCase()
  return known
    .map((candidate) => ({ candidate, far: distance(text, candidate.toLowerCase()) }))
    .filter(({ candidate, far }) => far <= mistakesIn(bare(candidate).length) || isPart(text, candidate.toLowerCase()))
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ candidate }) => candidate)
}

/** The nearest of the known words as a hint; undefined when none is near. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const [guess] = nearest(word, known)
  return guess === undefined ? undefined : `did you mean ${guess}?`
}

/**
 * Up to three of the names that the word may have meant, the nearest first. Names of resources are long, and people type
 * what they remember of one, so a part with few mistakes is near too.
 */
export function nearestNames(word: string, names: readonly string[]): readonly string[] {
  if (word.length > LONGEST_NAME) return []
  const text = word.toLowerCase()
  if (text.length < SHORTEST_PART) return nearest(word, names)
  return names
    .map((name) => ({ name, part: distanceToPart(text, name.toLowerCase()), far: distance(text, name.toLowerCase()) }))
    .filter(({ name, part, far }) => part <= text.length / 3 || far <= mistakesIn(name.length))
    .sort((a, b) => a.part - b.part || a.far - b.far)
    .slice(0, 3)
    .map(({ name }) => name)
}

/** The fewest mistakes by which the word becomes some part of the name (Sellers' algorithm). */
function distanceToPart(word: string, name: string): number {
  const letters = [...word]
  let column = [0, ...letters.map((_, at) => at + 1)]
  let best = letters.length
  for (const letter of name) {
    // A part may begin anywhere, so nothing is wrong before its first letter.
    const next = [0]
    for (const [at, own] of letters.entries()) {
      const replaced = (column[at] ?? 0) + (own === letter ? 0 : 1)
      next.push(Math.min(replaced, (column[at + 1] ?? 0) + 1, (next[at] ?? 0) + 1))
    }
    column = next
    best = Math.min(best, next.at(-1) ?? best)
  }
  return best
}

/** So many letters may be wrong: a third of them, and two that are swapped in a short word. */
function mistakesIn(letters: number): number {
  return Math.max(letters / 3, Math.min(2, letters / 2))
}

/** One holds the other whole: somebody has left out a part of the name, or put one in front. */
function isPart(a: string, b: string): boolean {
  return Math.min(bare(a).length, bare(b).length) >= SHORTEST_PART && (a.includes(b) || b.includes(a))
}

/** Shorter words are in too many others by chance. */
const SHORTEST_PART = 3

function bare(word: string): string {
  return word.replace(/^-+/, '')
}
