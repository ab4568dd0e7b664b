/** THE shapes of every JSON document, one schema a command: types for what writes them, `docs/json` and tests for what reads them. */

import { z } from 'zod'
import { HOPS } from '../drill/hop.ts'
import { type CommandName, EXPORT_FORMATS, SHELLS } from '../options/command-options.ts'
import { detectionsList, detectionsShow } from './detections.ts'
import { list, texts } from './lists.ts'
import { patternExplain, patternLint, patternTest } from './pattern.ts'

const link = z.enum([
  'trail',
  'delivery',
  'log-group',
  'metric-filter',
  'alarm',
  'topic',
  'subscription',
  'pagerduty',
  'dashboard',
])

const frame = { schemaVersion: z.literal(1), command: z.string() }

const error = z.strictObject({
  code: z.string().describe('one of those that npx cloudtrail-pd help errors lists'),
  message: z.string(),
  hint: z.string().nullable().describe('what to do'),
})

/** What went wrong after the report had begun. */
const failure = { error: error.optional() }

const place = { account: z.string(), region: z.string() }

const fix = z.strictObject({
  automatic: z.boolean().describe('doctor --fix can make it'),
  summary: z.string(),
  command: z.string().optional().describe('what repairs it, to paste into a POSIX shell'),
  needs: texts.optional().describe('environment variables with a secret that the command needs'),
  look: z
    .string()
    .optional()
    .describe('what shows more, tries it, or adds the drill that tries it, to paste into a POSIX shell'),
  lines: texts.optional().describe('what has to be typed in elsewhere, word for word'),
})

const finding = z.strictObject({
  account: z.string().optional().describe('only where several places were examined'),
  region: z.string().optional(),
  check: z.string(),
  status: z.enum(['pass', 'warn', 'fail', 'skip']),
  link: z.union([link, z.literal('identity')]),
  resource: z.string(),
  note: z.string().optional(),
  title: z.string(),
  evidence: z.string(),
  impact: z.string().optional(),
  url: z.string().optional().describe('the page where it can be seen'),
  checkUrl: z.string().optional().describe('the page that explains the check; a release has it'),
  fix: fix.optional(),
})

const subscription = z.strictObject({
  arn: z.string().nullable(),
  status: z.enum(['confirmed', 'pending', 'planned']),
  endpoint: z.string().describe('the key masked'),
  purpose: z.string(),
})

/** In PagerDuty. */
const incident = { id: z.string(), number: z.int().nullable(), url: z.string().nullable() }

const test = z.strictObject({
  ...place,
  alarm: z.string(),
  drill: z.string().describe('the id of this drill, in everything that it sends'),
  via: z.enum(['alarm-state', 'api-call']),
  verdict: z.enum(['delivered', 'sent', 'failed']),
  steps: list(
    z.strictObject({
      hop: z.enum(HOPS),
      status: z.enum(['ok', 'failed', 'unknown']),
      seconds: z.number(),
      detail: z.string(),
    }),
  ),
  notes: texts,
  incident: z.strictObject(incident).nullable().describe('the one that the alert is in, as far as it was seen'),
  service: z
    .strictObject({ name: z.string(), url: z.string().nullable() })
    .nullable()
    .describe('the PagerDuty service that the drill pages; null: not known, or an orchestration decides'),
  ...failure,
})

const init = z.strictObject({
  status: z.enum(['applied', 'unchanged', 'planned', 'incomplete', 'blocked']),
  ...place,
  changes: list(
    z.strictObject({
      link,
      action: z.enum(['create', 'update', 'delete', 'none', 'blocked']),
      resource: z.string(),
      details: texts,
    }),
  ),
  subscription: subscription.nullable(),
  subscriptions: list(subscription),
  created: texts,
  remaining: texts,
  kept: texts,
  findings: list(finding),
  notes: texts,
  next: texts.describe('commands to paste, the next step first'),
  test: test.optional().describe('with --test: the fire drill, as test reports it'),
  ...failure,
})

const chain = z.strictObject({
  account: z.string().optional(),
  region: z.string().optional(),
  trail: z.string().nullable(),
  logGroup: z.string().nullable(),
  metricFilter: z.string().nullable(),
  metric: z.string().nullable(),
  alarm: z.string().nullable(),
  topic: z.string().nullable(),
  subscription: z.string().nullable(),
  endpoint: z.string().nullable(),
  works: z.boolean().nullable().describe('whether it pages; null: unknown'),
  resolves: z.boolean().nullable().describe('whether the OK of its alarm resolves the incident; null: unknown'),
})

const repair = z.strictObject({
  ...place,
  kind: z.string(),
  resource: z.string(),
  changes: list(z.strictObject({ field: z.string(), from: z.string(), to: z.string() })),
  made: z.boolean(),
})

const coverage = z.strictObject({
  ...place,
  coverage: z.enum(['covered', 'broken', 'not-covered', 'unknown']),
  by: z
    .strictObject({ ...place, trail: z.string() })
    .nullable()
    .describe('the chain that covers it'),
  works: z.boolean().nullable(),
  resolves: z.boolean().nullable(),
  why: z.string().nullable().describe('why it is unknown'),
})

const known = z.strictObject({
  ...place,
  check: z.string(),
  resource: z.string(),
  status: z.enum(['warn', 'fail', 'skip']),
  title: z.string(),
})

const doctor = z.strictObject({
  healthy: z.boolean(),
  account: z.string().nullable(),
  region: z.string().nullable(),
  summary: z.strictObject({ pass: z.int(), warn: z.int(), fail: z.int(), skip: z.int() }),
  chains: list(chain),
  findings: list(finding),
  changedSince: z
    .strictObject({
      standing: list(known).describe('what the earlier report has and is still so; findings are the others'),
      resolved: list(known).describe('what it has and is no longer found'),
      worse: texts.describe('chains that paged or resolved then, and are gone or not known to do so now'),
    })
    .optional()
    .describe('only with --changed-since'),
  accounts: list(coverage).optional().describe('with --accounts: what covers each account and region'),
  repairs: list(repair).optional().describe('with --fix, where there was something to repair'),
  ...failure,
})

const reason = z.strictObject({ resource: z.string(), why: z.string() })

const destroy = z.strictObject({
  ...place,
  planned: texts.optional().describe('with --dry-run: what would be deleted'),
  deleted: texts,
  kept: list(reason),
  failed: list(reason),
  ...failure,
})

const time = z.string().describe('ISO 8601, UTC')

const events = z.strictObject({
  ...place,
  alarm: z.string(),
  alarmed: time.nullable(),
  from: time.nullable(),
  to: time.nullable(),
  events: list(
    z.strictObject({
      time,
      principal: z.string(),
      person: z.string().nullable().describe('the human behind a role or a federation, where the record names one'),
      sourceIp: z.string().nullable(),
      eventSource: z.string(),
      eventName: z.string(),
      on: texts.describe('what it was done to: ARNs, or names and ids among the parameters as name=value'),
      errorCode: z.string().nullable(),
      errorMessage: z.string().nullable(),
      eventId: z.string(),
      ...place,
      url: z.string().nullable().describe('its page in the console; null where event history does not keep it'),
    }),
  ),
  later: z.int().describe('events since then that are not listed'),
  complete: z.boolean(),
  incident: z
    .strictObject({
      ...incident,
      note: z.enum(['written', 'already-there']).nullable().describe('null: none was asked for'),
    })
    .optional()
    .describe('only with --incident'),
})

const exported = z.strictObject({
  format: z.enum(EXPORT_FORMATS),
  document: z.string().describe('as it is printed without --json'),
})
const sourceCounts = list(z.strictObject({ key: z.string(), matches: z.int() }))

/** Of `backtest --print` only `engine`, `from`, `to` and `query` are there, of everything else all but these two; `error` where the page could not be written. */
const backtest = z
  .strictObject({
    source: z.enum(['files', 'log-group', 'lookup', 'athena', 'logs-insights']),
    timeBase: z.enum(['eventTime', 'log timestamp']),
    from: time,
    to: time,
    events: z.int().describe('in that time, duplicates left out; matching ones alone where the source gives no others'),
    duplicates: z.int(),
    bytes: z.int().describe('uncompressed'),
    skippedLines: z.int(),
    skippedFiles: list(z.strictObject({ path: z.string(), reason: z.string() })),
    notes: texts,
    detections: list(
      z.strictObject({
        id: z.string(),
        matches: z.int(),
        pages: z.int().describe('changes of the alarm into ALARM'),
        pagesPerWeek: z.number(),
        longestAlarmMinutes: z.int(),
        topSources: sourceCounts.describe('principals, the loudest first'),
        topServices: sourceCounts,
        topEventNames: sourceCounts,
        byDay: list(z.int()).describe('matches by day, UTC'),
        suggestion: z
          .strictObject({
            kind: z.enum(['threshold', 'exclude-principal']),
            option: z.string(),
            pages: z.int(),
            pagesPerWeek: z.number(),
            matchesLost: z.int(),
          })
          .nullable(),
      }),
    ),
    engine: z.enum(['athena', 'logs-insights']),
    query: z.string(),
    ...failure,
  })
  .partial()

const completion = z.strictObject({
  shell: z.enum(SHELLS),
  script: z.string().describe('as it is printed without --json'),
})

const BODIES = {
  backtest,
  init,
  doctor,
  destroy,
  test,
  events,
  export: exported,
  completion,
  'detections list': detectionsList,
  'detections show': detectionsShow,
  'pattern test': patternTest,
  'pattern lint': patternLint,
  'pattern explain': patternExplain,
} as const satisfies { readonly [C in CommandName]: z.ZodObject }

/** What a command reports, without the two fields that every document begins with. */
export type Body<C extends CommandName> = z.infer<(typeof BODIES)[C]>

export type ErrorBody = z.infer<typeof error>

/** The document of a failure before there was anything to report. */
export const FAILURE = z.strictObject({ ...frame, error })

/** The whole document of a command. */
export function documentSchema(command: CommandName): z.ZodObject {
  return z.strictObject({ ...frame, command: z.literal(command), ...BODIES[command].shape })
}
