/** The documents of the catalogue. */

import { z } from 'zod'
import { list, texts } from './lists.ts'

const severity = z.enum(['critical', 'high', 'medium', 'low'])
const urgency = z.enum(['page', 'ticket'])
const tier = z.enum(['core', 'extended', 'compliance'])
const control = z.strictObject({ pack: z.string(), control: z.string() })

export const detectionsList = z.strictObject({
  detections: list(
    z.strictObject({ id: z.string(), title: z.string(), tier, severity, urgency, packs: list(control) }),
  ),
  packs: list(z.strictObject({ name: z.string(), description: z.string(), detections: texts })),
})

const metric = z.strictObject({
  namespace: z.string().optional(),
  name: z.string(),
  value: z.string(),
  unit: z.string().optional(),
  defaultValue: z.number().optional(),
})

const alarm = z.strictObject({
  statistic: z.string(),
  period: z.int().describe('seconds'),
  evaluationPeriods: z.int(),
  datapointsToAlarm: z.int(),
  threshold: z.number(),
  comparisonOperator: z.string(),
  treatMissingData: z.literal('notBreaching'),
})

const compliance = z.strictObject({
  patterns: list(
    z.strictObject({
      label: z.string(),
      pattern: z.string(),
      publishedBy: texts,
      acceptedBy: texts,
      securityHub: z.enum(['exact', 'spacing-differs', 'not-documented', 'no-control']),
      flaw: z.string().optional(),
      valid: z.boolean(),
    }),
  ),
  twins: texts,
  everyScanner: texts,
  metric,
  alarm,
  securityHubControl: z.string().optional(),
  caveat: z.string().optional(),
})

const event = z.record(z.string(), z.unknown())

export const detectionsShow = z.strictObject({
  detection: z.strictObject({
    id: z.string(),
    title: z.string(),
    tier,
    packs: list(control),
    severity,
    urgency,
    paging: z.strictObject({
      pattern: z.string(),
      scopedPattern: z.string().optional(),
      differs: z.string().optional(),
      metric,
      alarm,
    }),
    compliance: compliance.optional(),
    whyItMatters: z.string(),
    firstLook: z.string(),
    knownNoise: texts,
    recommendedExclusions: list(
      z.strictObject({
        label: z.string(),
        when: z.string(),
        principal: z.string().optional(),
        clause: z.string().optional(),
      }),
    ),
    limits: texts,
    attack: texts,
    sources: texts,
    matchingEvent: event,
    otherEvent: event,
    ownEvents: list(event),
    neighborEvents: list(event),
  }),
})
