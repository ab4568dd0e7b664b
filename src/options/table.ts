/** THE table of options: one row each, from which flags, variables, setup-file keys, help and JSON Schema follow. */

import { DESTINATION_OPTIONS } from '../domain/destination.ts'
import { ROUTES } from '../domain/route.ts'
import { RETENTION_DAYS } from '../plan/setup.ts'
import {
  type AllOptions,
  type CommandName,
  EXPORT_FORMATS,
  type OptionName,
  POLICY_COMMANDS,
} from './command-options.ts'
import { detectionIds, heartbeat, paths, principals, setFields, tags } from './items.ts'
import { choice, flag, judgedInUse, number, type OptionType, text } from './types.ts'

export interface OptionSpec<T = unknown> {
  readonly value: OptionType<T>
  /** The commands that know it, and what it means to each: a line of `--help`. */
  readonly help: { readonly [C in CommandName]?: string }
  readonly short?: string
  /** The flag is `--no-…` and says false. */
  readonly negated?: true
  readonly secret?: true
  /** Approving options are flags only: no variable and no setup file may say them. */
  readonly approves?: true
  /** Belongs in a setup file. What only steers one run does not. */
  readonly file?: true
  /** What both its values mean there, where the flag speaks of one alone. */
  readonly inFile?: string
  /** Describes a custom detection, and is refused without `--filter-pattern`. */
  readonly customDetection?: true
  /** The heading in `--help`, for every command or for each; without one the common heading. It decides nothing else. */
  readonly group?: string | { readonly [C in CommandName]?: string }
}

const AWS = ['init', 'doctor', 'test', 'events', 'backtest', 'destroy'] as const
const REACHING = [...AWS, 'export'] as const
const EVERY = [
  ...REACHING,
  'completion',
  'detections list',
  'detections show',
  'pattern test',
  'pattern lint',
  'pattern explain',
] as const
const WHERE = 'Where pages go:'
const EVENTS = 'Where the events come from:'
const WHAT = 'What pages:'
const CUSTOM = 'One custom detection:'
const HOW = 'How it is delivered:'
const WATCH = 'Who watches the chain:'
const RUN = 'Execution:'
const SCOPE = 'Scope:'
const OUTPUT = 'Output:'
const ALSO = 'Also delete:'
const DRILL = 'The drill:'
const INPUT = 'Input:'
const PAST = 'Which events:'
const ENGINE = 'Query engine:'

const arnOr = (name: string) => new RegExp(`^(${name}|arn:[a-z-]+:[a-z]+:[a-z0-9-]*:\\d{12}:\\S+)$`)
const REGION =
  /^(us|eu|ap|sa|ca|me|af|il|mx|cn|us-gov|us-iso|us-isob|us-isof|eu-isoe|eusc-de)-(north|south|east|west|central|northeast|northwest|southeast|southwest)-\d$/
const pagerdutyName = text('<name|id>', '1 to 255 characters', /^[^\p{Cc}]{1,255}$/u)
/** CreateTrail API reference, Name: no two of . _ - in a row, and no IP address. */
const TRAIL_NAME = '(?!\\d+(?:\\.\\d+){3}$)(?!.*[._-]{2})[A-Za-z0-9][A-Za-z0-9._-]{1,126}[A-Za-z0-9]'
/** S3 user guide, bucket naming rules: prefixes and suffixes that AWS keeps, no two dots, no IP address. */
const BUCKET_NAME =
  /^(?!xn--|sthree-|amzn-s3-demo-)(?!.*(?:-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$)(?!\d+(?:\.\d+){3}$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/
const metricWord = text('<name>', '1 to 255 characters without : * $', /^[^:*$\p{Cc}]{1,255}$/u)
const periods = number('<n>', 'a whole number from 1', { min: 1, integer: true })

/** In the order of `--help`. A row for every field of every command: the type sees to it. */
export const OPTIONS: { readonly [K in OptionName]-?: OptionSpec<NonNullable<AllOptions[K]>> } = {
  route: {
    group: WHERE,
    file: true,
    value: choice('<route>', ROUTES),
    help: { init: `${ROUTES.join(', ')} (default: service)` },
  },
  integrationKey: {
    group: WHERE,
    file: true,
    secret: true,
    value: judgedInUse('<key>'),
    help: {
      init: 'PagerDuty integration key; prefer CLOUDTRAIL_PD_INTEGRATION_KEY or a file, because other users can see command lines',
    },
  },
  integrationUrl: {
    group: WHERE,
    file: true,
    secret: true,
    value: judgedInUse('<url>'),
    help: { init: 'PagerDuty integration URL; it implies route and service region' },
  },
  integrationKeyFile: {
    group: WHERE,
    file: true,
    value: text('<path>', 'a path', /./),
    help: { init: 'file that contains the integration key or URL; - is standard input' },
  },
  serviceRegion: {
    group: WHERE,
    file: true,
    value: choice('<region>', ['us', 'eu']),
    help: { init: 'PagerDuty service region: us or eu (default: us)' },
  },
  pagerdutyTokenFile: {
    group: { init: WHERE },
    file: true,
    value: text('<path>', 'a path', /./),
    help: {
      init: 'file with a PagerDuty REST API token (default: PAGERDUTY_TOKEN), used to look up or create an integration',
      ...on(['doctor', 'test', 'events', 'destroy'], 'file with a PagerDuty REST API token (default: PAGERDUTY_TOKEN)'),
    },
  },
  pagerdutyService: {
    group: WHERE,
    file: true,
    value: pagerdutyName,
    help: { init: 'service to send alarms to (requires a token)' },
  },
  pagerdutyOrchestration: {
    group: WHERE,
    file: true,
    value: pagerdutyName,
    help: { init: 'global orchestration to send alarms to (requires a token)' },
  },
  createIntegration: {
    group: WHERE,
    file: true,
    value: flag,
    help: { init: 'create a new integration on that service or orchestration' },
  },
  createService: {
    group: WHERE,
    file: true,
    value: text('<name>', '1 to 255 characters', /^[^\p{Cc}]{1,255}$/u),
    help: { init: 'create this service with an integration (requires a token)' },
  },
  escalationPolicy: {
    group: WHERE,
    file: true,
    value: pagerdutyName,
    help: { init: 'escalation policy for the new service' },
  },
  lowUrgencyIntegrationUrl: {
    group: WHERE,
    file: true,
    secret: true,
    value: judgedInUse('<url>'),
    help: { init: 'integration URL for low-urgency detections (uses a separate SNS topic)' },
  },

  trail: {
    group: { init: EVENTS, doctor: SCOPE, backtest: PAST },
    file: true,
    value: text('<name|arn>', "a trail's name or ARN", arnOr(TRAIL_NAME)),
    help: { init: 'existing trail to use (default: the most suitable one)', doctor: 'only chains of this trail' },
  },
  createTrail: {
    group: EVENTS,
    file: true,
    value: text(
      '<name>',
      'a trail name: 3 to 128 letters, digits, . _ -, no two of . _ - in a row, no IP address',
      new RegExp(`^${TRAIL_NAME}$`),
    ),
    help: { init: 'create a new trail with an S3 bucket' },
  },
  organization: {
    group: EVENTS,
    file: true,
    value: flag,
    help: { init: 'use or create a trail that records every account of the organization' },
  },
  trailBucket: {
    group: EVENTS,
    file: true,
    value: text(
      '<name>',
      'a bucket name: 3 to 63 lower-case letters, digits, . -, no prefix or suffix reserved by AWS, no IP address',
      BUCKET_NAME,
    ),
    help: { init: 'S3 bucket for the new trail' },
  },
  logGroup: {
    group: { init: EVENTS, doctor: SCOPE, backtest: PAST },
    file: true,
    value: text(
      '<name>',
      'a log group name: 1 to 512 letters, digits, . - _ / #, not beginning with aws/',
      /^(?!aws\/)[A-Za-z0-9._\-/#]{1,512}$/,
    ),
    help: {
      init: 'CloudWatch Logs log group (default: the one the trail delivers to)',
      doctor: 'only chains through this log group',
      backtest: 'count the events in this log group with CloudWatch Logs',
    },
  },
  logRetention: {
    group: EVENTS,
    file: true,
    value: number('<days>', `one of ${RETENTION_DAYS.join(', ')} days`, { of: RETENTION_DAYS }),
    help: { init: 'retention of the log group, in days (default: 365)' },
  },
  logRole: {
    group: EVENTS,
    file: true,
    value: text('<name>', 'a role name: 1 to 64 letters, digits, + = , . @ _ -', /^[\w+=,.@-]{1,64}$/),
    help: { init: 'IAM role that CloudTrail uses to write to the log group' },
  },

  detections: {
    group: WHAT,
    file: true,
    value: detectionIds,
    help: on(['init', 'backtest'], 'detection ids and packs (default: recommended)'),
  },
  exclude: { group: WHAT, file: true, value: detectionIds, help: on(['init', 'backtest'], 'detections to leave out') },
  set: {
    group: WHAT,
    file: true,
    value: setFields,
    help: on(['init', 'backtest'], 'tune a detection: threshold, period, hold, urgency, ...; may be repeated'),
  },
  variant: {
    group: WHAT,
    file: true,
    value: choice('<variant>', ['paging', 'compliance', 'both']),
    help: { init: 'paging (tuned), compliance (the published strings), or both (default: paging)' },
  },
  excludePrincipal: {
    group: WHAT,
    file: true,
    value: principals,
    help: on(['init', 'backtest'], 'ignore events from these principals; * is allowed only at the start or the end'),
  },
  drill: {
    group: WHAT,
    file: true,
    value: flag,
    help: { init: 'also install the fire-drill detection (needed for test --via api-call)' },
  },
  hold: {
    group: WHAT,
    file: true,
    value: number('<minutes>', 'a whole number of minutes from 1 to 1440', { min: 1, max: 1440, integer: true }),
    help: on(['init', 'backtest'], 'minimum time the alarm stays in ALARM (default: set by each detection)'),
  },
  autoResolve: {
    group: WHAT,
    file: true,
    negated: true,
    value: flag,
    help: { init: 'add no OK action: incidents must be resolved by hand' },
    inFile: 'true: OK resolves the incident; false: no OK action, incidents are resolved by hand',
  },

  filterName: {
    group: CUSTOM,
    customDetection: true,
    file: true,
    value: text('<name>', '1 to 512 characters without : *', /^[^:*\p{Cc}]{1,512}$/u),
    help: on(['init', 'backtest'], 'name of the metric filter'),
  },
  filterPattern: {
    group: CUSTOM,
    customDetection: true,
    file: true,
    // Judged by the pattern engine, which has better words for an empty one.
    value: judgedInUse('<pattern>'),
    help: on(['init', 'backtest'], 'CloudWatch Logs filter pattern to match'),
  },
  metricNamespace: {
    group: CUSTOM,
    customDetection: true,
    file: true,
    value: metricWord,
    help: { init: 'namespace of the metric' },
  },
  metricName: {
    group: CUSTOM,
    customDetection: true,
    file: true,
    value: metricWord,
    help: { init: 'name of the metric' },
  },
  metricValue: {
    group: CUSTOM,
    customDetection: true,
    file: true,
    value: text(
      '<1|$.field>',
      '1 or a field such as $.requestParameters.size',
      /^(\d+(\.\d+)?|\$(\.[A-Za-z_][\w-]*(\[\d+\])*)+)$/,
      'events of CloudTrail are JSON, so write a field as $.name; the $size of space-delimited logs is $.size here',
    ),
    help: on(['init', 'backtest'], 'metric value per matching event: 1, or a number in the event (default: 1)'),
  },
  metricUnit: {
    group: CUSTOM,
    customDetection: true,
    file: true,
    value: text('<unit>', 'a unit of CloudWatch such as Count, Bytes or Bytes/Second', unitShape()),
    help: { init: 'unit of the metric' },
  },
  defaultValue: {
    group: CUSTOM,
    customDetection: true,
    file: true,
    value: number('<number>', 'a number'),
    help: on(['init', 'backtest'], 'metric value for periods without matches'),
  },
  alarmName: {
    group: CUSTOM,
    customDetection: true,
    file: true,
    value: text('<name>', '1 to 255 characters', /^[^\p{Cc}]{1,255}$/u),
    help: { init: 'name of the alarm' },
  },
  alarmDescription: {
    group: CUSTOM,
    customDetection: true,
    file: true,
    value: text('<text>', 'at most 700 characters', /^[\s\S]{1,700}$/),
    help: { init: 'description of the alarm, shown to the responder' },
  },
  threshold: {
    group: CUSTOM,
    customDetection: true,
    file: true,
    value: number('<number>', 'a number'),
    help: on(['init', 'backtest'], 'alarm threshold (default: 1)'),
  },
  period: {
    group: CUSTOM,
    customDetection: true,
    file: true,
    value: number('<seconds>', 'a multiple of 60 from 60 to 86400 seconds', {
      min: 60,
      max: 86_400,
      step: 60,
      integer: true,
    }),
    help: on(['init', 'backtest'], 'length of a period in seconds (default: 300)'),
  },
  evaluationPeriods: {
    group: CUSTOM,
    customDetection: true,
    file: true,
    value: periods,
    help: on(['init', 'backtest'], 'number of periods to evaluate (default: 1)'),
  },
  datapointsToAlarm: {
    group: CUSTOM,
    customDetection: true,
    file: true,
    value: periods,
    help: on(['init', 'backtest'], 'number of breaching periods that trigger the alarm (default: 1)'),
  },
  comparisonOperator: {
    group: CUSTOM,
    customDetection: true,
    file: true,
    value: choice('<operator>', [
      'GreaterThanOrEqualToThreshold',
      'GreaterThanThreshold',
      'LessThanThreshold',
      'LessThanOrEqualToThreshold',
    ]),
    help: on(['init', 'backtest'], 'default: GreaterThanOrEqualToThreshold'),
  },
  statistic: {
    group: CUSTOM,
    customDetection: true,
    file: true,
    value: choice('<statistic>', ['Sum', 'SampleCount', 'Average', 'Minimum', 'Maximum']),
    help: on(['init', 'backtest'], 'default: Sum'),
  },

  topic: {
    group: { init: HOW, doctor: SCOPE },
    file: true,
    value: text(
      '<name|arn>',
      "a standard topic's name or ARN",
      arnOr('[A-Za-z0-9_-]{1,256}'),
      'a FIFO topic cannot deliver to HTTPS',
    ),
    help: { init: 'SNS topic to publish to (default: a new topic)', doctor: 'only chains through this topic' },
  },
  displayName: {
    group: HOW,
    file: true,
    value: text('<text>', 'at most 100 characters', /^[^\p{Cc}]{1,100}$/u),
    help: { init: 'display name of the topic' },
  },
  kmsKey: {
    group: HOW,
    file: true,
    value: text(
      '<id>',
      'a key id, key ARN or alias',
      /^(alias\/[\w/-]+|[0-9a-f-]{36}|mrk-[0-9a-f]{32}|arn:[a-z-]+:kms:\S+)$/,
    ),
    help: { init: 'customer managed KMS key for the topic; its policy must allow CloudWatch to use it' },
  },
  tag: {
    group: HOW,
    file: true,
    value: tags,
    help: { init: 'tag for every resource that is created; may be repeated' },
  },

  heartbeat: {
    group: WATCH,
    file: true,
    value: heartbeat,
    help: {
      init: 'page when the log group receives no events for this many minutes; --no-heartbeat for none',
    },
  },

  fallbackEmail: {
    group: WATCH,
    file: true,
    // SNS takes no name before the address, and no list of addresses.
    value: text(
      '<address>',
      'an e-mail address',
      /^(?=.{6,254}$)[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$/,
      'for example oncall@example.com',
    ),
    help: { init: 'e-mail this address when SNS cannot deliver to PagerDuty, and when the heartbeat fires' },
  },
  deadLetterQueue: {
    group: WATCH,
    file: true,
    value: flag,
    help: { init: 'retry for 50 minutes, then keep what PagerDuty did not take in an SQS queue for 14 days' },
  },
  dashboard: {
    group: WATCH,
    file: true,
    value: flag,
    help: { init: 'create a CloudWatch dashboard of alarms, metrics and notifications' },
  },

  config: {
    group: RUN,
    value: text('<file>', 'a path', /./),
    help: {
      init: 'read answers from this setup file',
      export: 'read answers from this setup file',
      backtest: 'read the detections from this setup file',
    },
  },
  save: {
    group: RUN,
    value: text('<file>', 'a path', /./),
    help: { init: 'save the answers to this setup file, without the key' },
  },
  dryRun: {
    group: RUN,
    value: flag,
    help: {
      init: 'show the plan without changing anything',
      destroy: 'show what would be deleted without deleting anything',
    },
  },
  detail: { group: RUN, value: flag, help: { init: 'show every value and every changed field' } },
  markdown: {
    group: RUN,
    value: text('<file>', 'a path', /./),
    help: { init: 'write the plan as Markdown, for example for a review' },
  },
  exitCode: { group: RUN, value: flag, help: { init: 'with --dry-run: exit 6 when there are changes' } },
  confirmTimeout: {
    group: RUN,
    file: true,
    value: number('<seconds>', 'a whole number of seconds from 0 to 3600', { min: 0, max: 3600, integer: true }),
    help: { init: 'how long to wait for PagerDuty to confirm the subscription, in seconds (default: 90)' },
  },
  test: {
    group: RUN,
    // It pages.
    approves: true,
    value: flag,
    help: { init: 'run the fire drill at the end; installs its detection, and pages whoever is on call' },
  },
  prune: {
    group: RUN,
    approves: true,
    value: flag,
    help: { init: 'delete resources of this chain that are no longer configured' },
  },

  alarm: {
    group: { doctor: SCOPE, test: DRILL },
    value: text('<name>', '1 to 255 characters', /^[^\p{Cc}]{1,255}$/u),
    help: { doctor: 'only the chain of this alarm', test: 'alarm to test (default: the fire-drill alarm)' },
  },
  allRegions: { group: SCOPE, value: flag, help: { doctor: 'check every enabled region' } },
  accounts: {
    group: SCOPE,
    value: text('<role>', 'the name of a role: 1 to 64 letters, digits, + = , . @ _ -', /^[\w+=,.@-]{1,64}$/),
    help: {
      doctor: 'check every account of the organization by assuming this role in each',
      export: 'role that doctor assumes (with --command doctor-accounts)',
    },
  },
  resume: {
    group: SCOPE,
    value: text('<file>', 'a path', /./),
    help: { doctor: 'keep what was found in this file, and go on from it after a run that was cut off' },
  },
  format: {
    group: OUTPUT,
    value: choice('<format>', EXPORT_FORMATS),
    help: { export: `what to print: ${EXPORT_FORMATS.join(', ')}` },
  },
  scope: {
    group: OUTPUT,
    value: choice('<scope>', ['account', 'organization']),
    help: { export: 'account (default), or organization: a trail that records every account' },
  },
  command: {
    group: OUTPUT,
    value: choice('<command>', POLICY_COMMANDS),
    help: {
      export: `command that the policy is for (with --format iam-policy): ${POLICY_COMMANDS.join(', ')} (default: init)`,
    },
  },
  fromAccount: {
    group: OUTPUT,
    value: flag,
    help: { export: 'read the account to pick the trail and to write Terraform import blocks' },
  },
  changedSince: {
    group: OUTPUT,
    value: text('<file>', 'a path', /./),
    help: { doctor: 'report only what an earlier report (doctor --json) does not have; exit 4 when that is a failure' },
  },
  strict: { group: OUTPUT, value: flag, help: { doctor: 'treat warnings as failures' } },
  fix: {
    group: OUTPUT,
    approves: true,
    value: flag,
    help: { doctor: 'show what can be repaired, ask for approval, repair it, and check again' },
  },
  junit: { group: OUTPUT, value: text('<file>', 'a path', /./), help: { doctor: 'write the checks as JUnit XML' } },
  report: { group: OUTPUT, value: text('<file.md>', 'a path', /./), help: { doctor: 'write a Markdown report' } },
  html: {
    group: OUTPUT,
    value: text('<file>', 'a path', /./),
    help: {
      doctor: 'write a page for people: one HTML file, to read, print or send',
      backtest: 'also write the report as a single HTML page',
    },
  },

  via: {
    group: DRILL,
    value: choice('<way>', ['alarm-state', 'api-call']),
    help: {
      test: 'api-call: send a real event through the whole chain; alarm-state: start at the alarm (default: api-call for the fire-drill alarm)',
    },
  },
  timeout: {
    group: DRILL,
    value: number('<seconds>', 'a whole number of seconds from 1 to 86400', { min: 1, max: 86_400, integer: true }),
    help: {
      test: 'how long to wait for the page, in seconds (default: 300, api-call 2400, plus the hold of the alarm and three periods)',
    },
  },
  acceptSent: {
    group: DRILL,
    value: flag,
    help: { test: 'treat accepted by SNS as success when no PagerDuty token is given' },
  },
  files: {
    group: PAST,
    value: paths,
    help: { backtest: 'CloudTrail log files, or folders of them such as a copy of the bucket; may be repeated' },
  },
  lookup: {
    group: PAST,
    value: flag,
    help: { backtest: "use the account's event history: management events of the last 90 days, about 100 per second" },
  },
  since: {
    group: { events: SCOPE, backtest: PAST },
    value: text('<time>', 'an ISO date or time (UTC), or a duration such as 2h or 14d', /\S/),
    help: {
      events: 'show events since this time (default: those that caused the last ALARM)',
      backtest: 'an ISO date or time (UTC), or a duration (default: 14d)',
    },
  },
  incident: {
    group: SCOPE,
    value: text('<number>', "an incident's number or latest", /^(?:latest|#?[1-9]\d{0,9})$/),
    help: { events: 'the ALARM behind this PagerDuty incident, by its number, or latest (requires a token)' },
  },
  note: {
    group: OUTPUT,
    value: flag,
    help: { events: 'write the events as a note into that incident, once' },
  },
  until: {
    group: PAST,
    value: text('<time>', 'an ISO date or time (UTC), or a duration such as 2h or 14d', /\S/),
    help: { backtest: 'end of the time range (default: now)' },
  },
  engine: {
    group: ENGINE,
    value: choice('<engine>', ['athena', 'logs-insights']),
    help: { backtest: 'athena or logs-insights; with --print or --result' },
  },
  print: { group: ENGINE, value: flag, help: { backtest: 'print the query without running it' } },
  result: {
    group: ENGINE,
    value: paths,
    help: { backtest: 'query result as CSV or JSON, to build the same report from; may be repeated' },
  },

  lines: {
    group: INPUT,
    value: flag,
    help: { 'pattern test': 'treat each line as one raw log message, without trimming or unwrapping' },
  },
  event: {
    group: INPUT,
    value: text('<file>', 'a path', /./),
    help: {
      'pattern explain': 'event to evaluate: shows which terms match and which one decided; - is standard input',
    },
  },

  deleteTrail: {
    group: ALSO,
    approves: true,
    value: flag,
    help: { destroy: 'also delete the trail that init created, its role and log group, and its bucket if empty' },
  },
  deleteLogs: {
    group: ALSO,
    approves: true,
    value: flag,
    help: { destroy: 'with --delete-trail: delete the log group even if it contains events' },
  },

  profile: {
    file: true,
    value: text('<name>', 'a profile', /\S/),
    help: on(AWS, 'AWS profile to use'),
  },
  region: {
    file: true,
    value: text('<region>', 'an AWS region such as eu-central-1', REGION),
    help: on(AWS, 'AWS region to search for the trail (resources go to its home region)'),
  },
  endpointUrl: {
    file: true,
    value: text('<url>', 'an http or https URL', /^https?:\/\/[^\s/]+\S*$/),
    help: on(AWS, 'send AWS requests to this endpoint'),
  },
  insecureEndpoint: {
    file: true,
    value: flag,
    help: on(AWS, 'allow an http endpoint that is not on this machine'),
  },
  sandbox: {
    value: flag,
    help: on(REACHING, 'use simulated AWS and PagerDuty accounts; nothing leaves this machine'),
  },
  name: {
    file: true,
    // The longest names made of it are the bucket's (63) and the role's (64), which add account and region.
    value: text(
      '<name>',
      '3 to 32 letters, digits and hyphens, a letter first',
      /^[A-Za-z][A-Za-z0-9-]{1,30}[A-Za-z0-9]$/,
    ),
    help: on(AWS, 'prefix for the names of all resources (default: cloudtrail-pd)'),
  },
  yes: { approves: true, short: 'y', value: flag, help: on(AWS, 'approve all changes without asking') },
  verbose: { value: flag, help: on(REACHING, 'print every API call') },
  json: {
    value: flag,
    help: on(
      EVERY.filter((name) => name !== 'export'),
      'print the result as one JSON document',
    ),
  },
  csv: { value: flag, help: { 'detections list': 'print the detections as CSV' } },
  color: { negated: true, value: flag, help: on(EVERY, 'disable colors') },
  plain: { value: flag, help: on(EVERY, 'disable cursor movement, for screen readers and logs') },
}

/** Pairs that say the same thing in two ways: a source that says one silences the others in lower sources. */
export const ALTERNATIVES: readonly (readonly OptionName[])[] = [
  [...DESTINATION_OPTIONS, 'integrationKeyFile'],
  ['trail', 'createTrail'],
  ['files', 'logGroup', 'lookup', 'engine'],
]

export const OPTION_NAMES = Object.keys(OPTIONS) as readonly OptionName[]

export function optionsOf(command: CommandName): readonly OptionName[] {
  return OPTION_NAMES.filter((name) => helpOf(name, command) !== undefined)
}

/** What an option means to a command; `export` takes what a setup file may say, with the meaning that it has to `init`. */
export function helpOf(name: OptionName, command: CommandName): string | undefined {
  const { help, file } = OPTIONS[name] as OptionSpec
  return help[command] ?? (command === 'export' && file ? help.init : undefined)
}

/** What a key of a setup file means. */
export function meaningOf(name: OptionName): string {
  const { help, inFile } = OPTIONS[name] as OptionSpec
  return inFile ?? help.init ?? ''
}

/** The heading of the option in the help of the command. */
export function headingOf(name: OptionName, command: CommandName): string {
  const { group } = OPTIONS[name] as OptionSpec
  return (typeof group === 'string' ? group : group?.[command]) ?? COMMON
}

/** Shown after all others. */
export const COMMON = 'Common options:'

/** `--integration-key`, or `--no-color` for a negated one. */
export function isCommand(name: string): name is CommandName {
  return EVERY.some((one) => one === name)
}

export function flagOf(name: OptionName): string {
  return `--${OPTIONS[name].negated ? 'no-' : ''}${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** `--no-heartbeat`: says 0 for an option whose flag needs no value. */
export function denialOf(name: OptionName): string {
  return flagOf(name).replace('--', '--no-')
}

/** `CLOUDTRAIL_PD_INTEGRATION_KEY`; undefined for what may be said by flag alone. */
export function variableOf(name: OptionName): string | undefined {
  if (OPTIONS[name].approves) return undefined
  return `CLOUDTRAIL_PD_${name.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}

function on(commands: readonly CommandName[], help: string): OptionSpec['help'] {
  return Object.fromEntries(commands.map((command) => [command, help]))
}

/** The units that PutMetricData and metric filters take (CloudWatch API reference, StandardUnit). */
function unitShape(): RegExp {
  const sizes = [
    'Bytes',
    'Kilobytes',
    'Megabytes',
    'Gigabytes',
    'Terabytes',
    'Bits',
    'Kilobits',
    'Megabits',
    'Gigabits',
    'Terabits',
  ]
  return new RegExp(`^(Seconds|Microseconds|Milliseconds|Percent|None|(Count|${sizes.join('|')})(/Second)?)$`)
}
