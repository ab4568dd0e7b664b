/** Amounts as a sentence has them. */

/** `10,000`. A whole number; by hand, since Node's tables of languages take 10 ms to load. */
export function thousands(n: number): string {
  return String(n).replace(/\B(?=(?:\d{3})+$)/g, ',')
}

/** `1 chain`, `10,000 chains`, `2 matches` where the plural is given. */
export function counted(n: number, noun: string, nouns = `${noun}s`): string {
  return `${thousands(n)} ${n === 1 ? noun : nouns}`
}
