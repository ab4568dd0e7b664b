/** How one value is said: as text on a command line or in a variable, and as YAML in a setup file. */

import type { ZodType, z } from 'zod'
import { type AppError, usage } from '../errors.ts'
import { didYouMean } from '../spelling.ts'

/** zod is handed in, so that only a run with a setup file loads it. */
export type Zod = typeof z

export interface OptionType<T> {
  /** Shown after the flag, such as `<days>`; undefined for a switch. */
  readonly placeholder: string | undefined
  /** What a flag without a value says; with it the placeholder is in square brackets. */
  readonly preset?: string
  /** All the texts that it takes, where they are few. */
  readonly choices?: readonly string[]
  /** Takes one text; throws a usage error (exit 2) that starts with `said`, the name under which it was given. */
  parse(text: string, provided: string): T
  /** Present when the option may be given several times. */
  readonly join?: (before: T, more: T) => T
  /** The texts which `parse` and `join` turn into the same value. */
  write(value: T): readonly string[]
  /** What a setup file may hold for it; the output is the value. */
  schema(zod: Zod): ZodType<T>
}

/** On or off; in a variable `1`, `true`, `0` or `false`. */
export const flag: OptionType<boolean> = {
  placeholder: undefined,
  parse(text, provided) {
    if (text === '1' || text === 'true') return true
    if (text === '0' || text === 'false') return false
    throw wrong(provided, text, 'is neither 1 or true nor 0 or false')
  },
  write: (value) => [String(value)],
  schema: (zod) => zod.boolean(),
}

/** A text of a given form, never a blank one: no name, path or address is. `form` completes the sentence "… is not". */
export function text(placeholder: string, form: string, shape: RegExp, hint?: string): OptionType<string> {
  const optionType: OptionType<string> = {
    placeholder,
    parse(value, provided) {
      if (value.trim() === '') throw usage('option-value', `${provided} is blank`, 'give it a value')
      if (shape.test(value)) return value
      throw wrong(provided, value, `is not ${form}`, hint)
    },
    write: (value) => [value],
    schema: (zod) => readable(zod, zod.string(), optionType),
  }
  return optionType
}

/** A text that is judged where it is used, such as a secret, which no complaint may show. */
export function judgedInUse(placeholder: string): OptionType<string> {
  return { placeholder, parse: (value) => value, write: (value) => [value], schema: (zod) => zod.string() }
}

export function choice<const T extends string>(placeholder: string, choices: readonly T[]): OptionType<T> {
  return {
    placeholder,
    choices,
    parse(value, provided) {
      const found = choices.find((known) => known === value)
      if (found !== undefined) return found
      throw wrong(provided, value, `is not one of ${choices.join(', ')}`, didYouMean(value, choices))
    },
    write: (value) => [value],
    schema: (zod) => zod.enum(choices, { error: `is not one of ${choices.join(', ')}` }),
  }
}

export interface Range {
  readonly min?: number
  readonly max?: number
  readonly step?: number
  readonly of?: readonly number[]
  readonly integer?: boolean
}

/** A number within `range`; `form` completes "… is not". */
export function number(placeholder: string, form: string, range: Range = {}): OptionType<number> {
  return {
    placeholder,
    ...(range.of === undefined ? {} : { choices: range.of.map(String) }),
    parse(value, provided) {
      const parsed = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) ? Number(value) : Number.NaN
      if (within(parsed, range)) return parsed
      throw wrong(provided, value, `is not ${form}`)
    },
    write: (value) => [String(value)],
    schema: (zod) => numberSchema(zod, form, range),
  }
}

/** A list by commas, of items that hold none. */
export function commaList<T>(item: OptionType<T>): OptionType<readonly T[]> {
  const items = list(item, commas)
  return { ...items, write: (values) => [items.write(values).join(',')] }
}

/** A list; `split` cuts one text into its items. */
export function list<T>(item: OptionType<T>, split: (text: string) => readonly string[]): OptionType<readonly T[]> {
  return {
    placeholder: item.placeholder,
    parse: (value, provided) => split(value).map((part) => item.parse(part, provided)),
    join: (before, more) => [...before, ...more],
    write: (values) => values.flatMap((value) => item.write(value)),
    schema: (zod) => zod.array(item.schema(zod)),
  }
}

export function commas(value: string): readonly string[] {
  return value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

/** A usage error about one value. It names where it was said, the value, and the form that is allowed. */
export function wrong(provided: string, value: string, verdict: string, hint?: string): AppError {
  return usage('option-value', `${provided} "${shortened(value)}" ${verdict}`, hint)
}

/** Characters of a value that an error repeats; a whole file may have been passed as one. */
const SHOWN = 200

/** The value as an error repeats it. */
export function shortened(value: string): string {
  return value.length <= SHOWN ? value : `${value.slice(0, SHOWN)}... [${value.length} characters]`
}

/** The schema of a value that a setup file holds as text: the codec's own parser judges it. */
export function readable<T>(zod: Zod, raw: ZodType<string>, optionType: Pick<OptionType<T>, 'parse'>): ZodType<T> {
  return raw.transform((value, context): T => {
    try {
      return optionType.parse(value, 'value')
    } catch (error) {
      context.addIssue({ code: 'custom', message: error instanceof Error ? error.message : String(error) })
      return zod.NEVER
    }
  })
}

function within(value: number, { min = -Infinity, max = Infinity, step, of, integer }: Range): boolean {
  if (!Number.isFinite(value) || value < min || value > max) return false
  if (integer && !Number.isInteger(value)) return false
  if (step !== undefined && value % step !== 0) return false
  return of?.includes(value) ?? true
}

function numberSchema(zod: Zod, form: string, range: Range): ZodType<number> {
  const error = `is not ${form}`
  if (range.of !== undefined) return zod.literal(range.of, { error })
  let schema = range.integer ? zod.int() : zod.number()
  if (range.min !== undefined) schema = schema.min(range.min, { error })
  if (range.max !== undefined) schema = schema.max(range.max, { error })
  if (range.step !== undefined) schema = schema.multipleOf(range.step, { error })
  return schema
}
