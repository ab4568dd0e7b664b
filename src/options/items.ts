/** Options whose items have parts: overrides, excluded principals and tags. */

import type { Tags } from '../domain/resources.ts'
import { AppError } from '../errors.ts'
import { HEARTBEAT_MINUTES } from '../plan/silence.ts'
import { commaList, commas, list, number, type OptionType, readable, text, wrong } from './types.ts'

/** One `--set ID.field=VALUE`; which fields and values there are is the detections' business. */
export interface SetField {
  readonly id: string
  readonly field: string
  readonly value: string
}

/** One `--exclude-principal [ID=]ARN`. */
export interface PrincipalExclusion {
  /** Undefined: from every detection. */
  readonly id: string | undefined
  readonly principal: string
}

export const detectionId = text(
  '<id|pack,...>',
  'an id or a pack: lower-case words joined by hyphens',
  /^[a-z0-9]+([.-][a-z0-9]+)*$/,
)

export const detectionIds = commaList(detectionId)

/** Paths; one with a comma in it can stand behind the options. */
export const paths = commaList(text('<path,...>', 'a path', /./))

export const setFields = list(
  item('<id.field=value>', parseSetField, ({ id, field, value }) => `${id}.${field}=${value}`),
  commas,
)

export const principals = list(
  item('<[id=]arn,...>', parsePrincipal, ({ id, principal }) => (id === undefined ? principal : `${id}=${principal}`)),
  // A role's name may hold a comma, so one only separates where another principal begins.
  (value) => value.split(/,(?=(?:[a-z0-9-]+=)?(?:arn:|\*))/),
)

/** Tag keys and values as AWS allows them (Tagging Best Practices, naming limits). */
export const tags: OptionType<Tags> = {
  placeholder: '<key=value>',
  parse: (value, provided) => Object.fromEntries(value.split(/,(?=[^,=]+=)/).map((pair) => tag(pair, provided))),
  join: (before, more) => ({ ...before, ...more }),
  write: (value) => Object.entries(value).map(([key, word]) => `${key}=${word}`),
  schema: (zod) =>
    zod.record(zod.string(), zod.string()).superRefine((value, { addIssue }) => {
      for (const [key, word] of Object.entries(value)) {
        try {
          tag(`${key}=${word}`, 'value')
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          addIssue({ code: 'custom', message: error.message })
        }
      }
    }),
}

function item<T>(placeholder: string, parse: OptionType<T>['parse'], show: (value: T) => string): OptionType<T> {
  return {
    placeholder,
    parse,
    write: (value) => [show(value)],
    schema: (zod) => readable(zod, zod.string(), { parse }),
  }
}

function parseSetField(value: string, provided: string): SetField {
  const [, id, field, given] = /^([^.=\s]+)\.(\w+)=(.+)$/.exec(value) ?? []
  if (id !== undefined && field !== undefined && given !== undefined) return { id, field, value: given.trim() }
  throw wrong(provided, value, 'is not of the form ID.field=VALUE', 'for example root-account-usage.hold=60')
}

function parsePrincipal(value: string, provided: string): PrincipalExclusion {
  const [, id, principal] = /^(?:([a-z0-9-]+)=)?((?:arn:|\*)\S*)$/.exec(value.trim()) ?? []
  if (principal !== undefined) return { id, principal }
  throw wrong(provided, value, 'is not an ARN', 'for example the ARN of a role, role/deploy* at its end')
}

/** What every service takes, IAM being the strictest; a key ends at its first `=` (IAM user guide, rules for tagging). */
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

function tag(pair: string, provided: string): readonly [string, string] {
  const [, key = '', value = ''] = /^([^=]+)=(.*)$/s.exec(pair) ?? []
  if (key.trim() === '') throw wrong(provided, pair, 'is not of the form KEY=VALUE')
  if (key.length > 128 || value.length > 256)
    throw wrong(provided, pair, 'has more than 128 characters before = or 256 after it')
  if (!TAG_TEXT.test(key) || !TAG_TEXT.test(value))
    throw wrong(
      provided,
      pair,
      'holds a character that tags may not have',
      'letters, digits, spaces and _ . : / + - @ are allowed',
    )
  if (/^aws:/i.test(key)) throw wrong(provided, pair, 'has a key that is reserved by AWS')
  return [key, value]
}

const HEARTBEAT_FORM = 'a multiple of 5 from 15 to 1440, or 0 for none'

/** A multiple of CloudTrail's delivery interval; CloudWatch evaluates no more than a day (PutMetricAlarm API reference). */
const minutesOfSilence = number('[minutes]', HEARTBEAT_FORM, {
  of: [0, ...Array.from({ length: 286 }, (_, index) => 15 + index * 5)],
})

/** Minutes of silence; as a switch, an hour. */
export const heartbeat: OptionType<number> = {
  ...minutesOfSilence,
  preset: String(HEARTBEAT_MINUTES),
  parse(value, provided) {
    if (value === '1' || value === 'true') return HEARTBEAT_MINUTES
    return value === 'false' ? 0 : minutesOfSilence.parse(value, provided)
  },
}
