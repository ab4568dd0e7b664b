/** Tells records that were delivered twice: the same eventID within 24 hours of eventTime, in bounded memory. */

const DAY_MS = 86_400_000

/** Records that are remembered at least; the table takes 12 bytes a slot, and there are two of them. */
const REMEMBERED = 780_000
const SLOTS = 2 ** 20

/** A fingerprint of 64 bits: among as many records as are remembered, two different ids collide once in ten million runs. */
export interface Fingerprint {
  readonly high: number
  readonly low: number
}

/** Of an id that is not empty; never 0 and 0, which stands for "no id". */
export function fingerprint(id: string): Fingerprint {
  const numbers = new Uint32Array(2)
  writeFingerprint(id, 0, id.length, numbers, 0)
  const [high = 0, low = 0] = numbers
  return { high, low }
}

/** Mixes the id that stands between two positions of a text twice over, 32 bits each, into `at` and the number behind it. */
export function writeFingerprint(text: string, from: number, to: number, numbers: Uint32Array, at: number): void {
  let high = 0x811c9dc5
  let low = 0x9e3779b9
  for (let index = from; index < to; index += 1) {
    const code = text.charCodeAt(index)
    high = Math.imul(high ^ code, 0x01000193)
    low = Math.imul(low ^ (code + (low >>> 15)), 0x85ebca6b)
  }
  numbers[at] = from < to ? high ^ (high >>> 16) : 0
  numbers[at + 1] = from < to ? (low ^ (low >>> 13)) | 1 : 0
}

export interface Duplicates {
  /** Whether a record with this id was seen within 24 hours of `time` (milliseconds), and remembers it. */
  seen(high: number, low: number, time: number): boolean
  /** False: records were forgotten, so that a second delivery far behind the first may have been counted. */
  readonly complete: boolean
}

interface Table {
  /** Three numbers a slot: high, low, seconds. */
  readonly slots: Uint32Array
  used: number
}

/** Two generations: the full one becomes the older one, and what was older is forgotten. `remembered` is for tests. */
export function createDuplicates(remembered: number = REMEMBERED): Duplicates {
  const size = Math.min(SLOTS, 2 ** Math.ceil(Math.log2(remembered * 1.34)))
  let recent = newTable(Math.min(size, 2 ** 12))
  let older: Table | undefined
  let complete = true
  const grow = () => {
    const length = recent.slots.length / 3
    if (length < size) {
      const larger = newTable(Math.min(size, length * 4))
      copy(recent, larger)
      recent = larger
      return
    }
    if (older !== undefined) complete = false
    older = recent
    recent = newTable(size)
  }
  return {
    seen(high, low, time) {
      const seconds = Math.floor(time / 1000)
      for (let table: Table | undefined = recent; table !== undefined; table = table === recent ? older : undefined) {
        const { slots } = table
        const at = find(slots, high, low)
        if (at < 0) continue
        const apart = Math.abs((slots[at + 2] ?? 0) - seconds) * 1000
        if (apart <= DAY_MS) return true
        slots[at + 2] = seconds
        return false
      }
      if (recent.used >= (recent.slots.length / 3) * 0.75) grow()
      insert(recent, high, low, seconds)
      return false
    },
    get complete() {
      return complete
    },
  }
}

function newTable(length: number): Table {
  return { slots: new Uint32Array(length * 3), used: 0 }
}

/** Where the slot of this fingerprint begins, or -1. */
function find(slots: Uint32Array, high: number, low: number): number {
  const length = slots.length / 3
  for (let slot = (high ^ low) & (length - 1); ; slot = (slot + 1) & (length - 1)) {
    const at = slot * 3
    if (slots[at] === high && slots[at + 1] === low) return at
    if (slots[at] === 0 && slots[at + 1] === 0) return -1
  }
}

function insert(table: Table, high: number, low: number, seconds: number): void {
  const { slots } = table
  const length = slots.length / 3
  let slot = (high ^ low) & (length - 1)
  while (slots[slot * 3] !== 0 || slots[slot * 3 + 1] !== 0) slot = (slot + 1) & (length - 1)
  slots[slot * 3] = high
  slots[slot * 3 + 1] = low
  slots[slot * 3 + 2] = seconds
  table.used += 1
}

function copy(from: Table, to: Table): void {
  const { slots } = from
  for (let at = 0; at < slots.length; at += 3) {
    const [high = 0, low = 0, seconds = 0] = [slots[at], slots[at + 1], slots[at + 2]]
    if (high !== 0 || low !== 0) insert(to, high, low, seconds)
  }
}
