/** The documents of the pattern engine. */

import { z } from 'zod'
import { list } from './lists.ts'

const validity = z.enum(['accepted', 'not-established'])

const warnings = list(z.strictObject({ column: z.int(), message: z.string(), suggestion: z.string().optional() }))
  .optional()
  .describe('fields that CloudTrail records do not have; absent where there is none')

export const patternTest = z.strictObject({
  validity,
  warnings,
  results: list(z.strictObject({ index: z.int(), match: z.boolean() })),
})

export const patternLint = z.strictObject({
  valid: z.boolean(),
  findings: list(
    z.strictObject({
      rule: z.string(),
      status: z.enum(['warn', 'fail']),
      column: z.int(),
      message: z.string(),
      suggestion: z.string().optional(),
    }),
  ),
})

const term = z.strictObject({
  text: z.string(),
  column: z.int(),
  end: z.int(),
  holds: z.boolean().optional(),
  seen: z.string().optional(),
})

export const patternExplain = z.strictObject({
  validity,
  warnings,
  pattern: z.string(),
  match: z.boolean().nullable().describe('null without --event'),
  lines: list(
    z.strictObject({
      depth: z.int(),
      text: z.string(),
      holds: z.boolean().optional(),
      column: z.int().optional(),
      end: z.int().optional(),
    }),
  ),
  terms: list(term),
  decidedBy: list(term),
})
