/** "Did you mean": the known words that a mistyped one is close to. */

import { distance } from 'fastest-levenshtein'

/** Up to three of the known words that the word may have meant, the nearest first. */
export function nearest(word: string, known: readonly string[]): readonly string[] {
  const text = word.toLowerCase()
  return known
    .map((candidate) => ({ candidate, far: apart(text, candidate.toLowerCase()) }))
    .filter(({ candidate, far }) => far <= mistakesIn(candidate.replace(/^-+/, '').length))
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ candidate }) => candidate)
}

/** So many letters may be wrong: a third of them, and two that are swapped in a short word. */
function mistakesIn(letters: number): number {
  return Math.max(letters / 3, Math.min(2, letters / 2))
}

/** Letters between two words; of a word that contains the other whole, one. */
function apart(a: string, b: string): number {
  return a !== b && a.length >= 3 && (a.includes(b) || b.includes(a)) ? 1 : distance(a, b)
}
