/** Decimal numbers of any size, compared exactly and in time linear in their digits. */

/** ±0.d₁d₂d₃… × 10^exponent, without leading or trailing zeros; no digits at all is zero. */
export interface Decimal {
  readonly negative: boolean
  readonly digits: string
  readonly exponent: number
}

/** AWS refuses a literal whose exponent does not fit 32 bits. */
const MAX_EXPONENT = 2_147_483_647

const NUMBER = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/

export function isNumberText(text: string): boolean {
  const exponent = NUMBER.exec(text)
  return exponent !== null && Math.abs(Number(exponent[4] ?? 0)) <= MAX_EXPONENT
}

/** Takes a text for which `isNumberText` holds. */
export function decimal(text: string): Decimal {
  const [, sign, whole = '', fraction = '', power = '0'] = NUMBER.exec(text) ?? []
  const all = whole + fraction
  const first = all.search(/[1-9]/)
  if (first < 0) return { negative: false, digits: '', exponent: 0 }
  return {
    negative: sign === '-',
    digits: withoutTrailingZeros(all.slice(first)),
    exponent: whole.length - first + Number(power),
  }
}

/** Negative, zero or positive, as `a` is below, equal to or above `b`. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  if (a.negative !== b.negative) return a.negative ? -1 : 1
  const size = compareSizes(a, b)
  return a.negative ? -size : size
}

function compareSizes(a: Decimal, b: Decimal): number {
  if (a.digits === '' || b.digits === '') return a.digits.length - b.digits.length
  if (a.exponent !== b.exponent) return a.exponent - b.exponent
  if (a.digits === b.digits) return 0
  return a.digits < b.digits ? -1 : 1
}

/** A loop: `/0+$/` tries every run of zeros anew. */
function withoutTrailingZeros(digits: string): string {
  let end = digits.length
  while (end > 0 && digits[end - 1] === '0') end -= 1
  return digits.slice(0, end)
}
