/** Who is behind the matches of one detection, and in which minutes, in bounded memory. */

import { MinuteSeries } from './minutes.ts'

/** Names that are held at a time; and their minutes, where one who comes often counts as many. */
const NAMES = 1_000
const MINUTES = 20_000
/** Beyond that a list of minutes takes more memory than all minutes of a day. */
const FEW = 500
const OFTEN = 1_000

/** Matches of one principal. */
export interface PrincipalTally {
  readonly matches: number
  /** Matches in a minute since the epoch. */
  readonly minutes: Pick<MinuteSeries, 'count'>
  /** False: others may have been forgotten under this name, so `matches` is the least that it can be. */
  readonly whole: boolean
}

/** When there are too many, the quieter half is dropped: who is loud stays, and is counted from the first match on. */
export class Principals {
  #held = new Map<string, Held>()
  #minutes = 0
  #complete = true

  /** False: not every name could be kept. */
  get complete(): boolean {
    return this.#complete
  }

  /** `times` matches in a minute since the epoch. */
  add(name: string, minute: number, times: number): void {
    let one = this.#held.get(name)
    if (one === undefined) {
      one = new Held(this.#complete)
      this.#held.set(name, one)
    }
    const before = one.weight
    one.add(minute, times)
    this.#minutes += one.weight - before
    if (this.#held.size > NAMES || this.#minutes > MINUTES) this.#keepTheLoud()
  }

  entries(): Iterable<readonly [name: string, tally: PrincipalTally]> {
    return this.#held
  }

  #keepTheLoud(): void {
    const loudest = [...this.#held].sort((a, b) => b[1].matches - a[1].matches)
    this.#held = new Map()
    this.#minutes = 0
    this.#complete = false
    for (const [name, one] of loudest) {
      if (this.#held.size >= NAMES / 2 || this.#minutes + one.weight > MINUTES / 2) break
      this.#held.set(name, one)
      this.#minutes += one.weight
    }
  }
}

class Held implements PrincipalTally {
  matches = 0
  readonly whole: boolean
  #few: Map<number, number> | undefined = new Map()
  readonly #many = new MinuteSeries()
  readonly minutes = { count: (minute: number) => this.#few?.get(minute) ?? this.#many.count(minute) }

  constructor(whole: boolean) {
    this.whole = whole
  }

  get weight(): number {
    return this.#few?.size ?? OFTEN
  }

  add(minute: number, times: number): void {
    this.matches += times
    if (this.#few === undefined) {
      this.#many.add(minute, undefined, times)
      return
    }
    this.#few.set(minute, (this.#few.get(minute) ?? 0) + times)
    if (this.#few.size <= FEW) return
    for (const [at, count] of this.#few) this.#many.add(at, undefined, count)
    this.#few = undefined
  }
}
