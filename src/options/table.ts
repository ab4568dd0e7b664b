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
import { detectionIds, paths, principals, setFields, tags } from './items.ts'
import { choice, flag, number, type OptionType, secret, text } from './types.ts'

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
  /** Describes a custom detection, and is refused without `--filter-pattern`. */
  readonly customDetection?: true
  /** The heading in `--help`, for every command or for each; without one the common heading. It decides nothing else. */
  readonly group?: string | { readonly [C in CommandName]?: string }
}

const AWS = ['init', 'doctor', 'test', 'events', 'backtest', 'destroy'] as const
const REACHING = [...AWS, 'export'] as const
const EVERY = [
  ...REACHING,
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
const RUN = 'Execution:'
const SCOPE = 'Scope:'
const OUTPUT = 'Output:'
const ALSO = 'Also delete:'
const DRILL = 'The drill:'
const INPUT = 'Input:'
const PAST = 'Which events:'
const ENGINE = 'Where a query does the counting:'

const arnOr = (name: string) => new RegExp(`^(${name}|arn:[a-z-]+:[a-z]+:[a-z0-9-]*:\\d{12}:\\S+)$`)
const REGION =
  /^(us|eu|ap|sa|ca|me|af|il|mx|cn|us-gov|us-iso|us-isob|us-isof|eu-isoe|eusc-de)-(north|south|east|west|central|northeast|northwest|southeast|southwest)-\d$/
const pagerdutyName = text('<name|id>', '1 to 255 characters', /^[^\p{Cc}]{1,255}$/u)
/** CreateTrail API reference, Name: no two of . _ - side by side, and no IP address. */
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
    value: secret('<key>'),
    help: {
      init: 'the integration key; better in CLOUDTRAIL_PD_INTEGRATION_KEY or a file, since others can see a command line',
    },
  },
  integrationUrl: {
    group: WHERE,
    file: true,
    secret: true,
    value: secret('<url>'),
    help: { init: 'or the integration URL; it decides route and service region by itself' },
  },
  integrationKeyFile: {
    group: WHERE,
    file: true,
    value: text('<path>', 'a path', /./),
    help: { init: 'or a file that holds one of the two; - is standard input' },
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
      init: 'a file with a REST API token of PagerDuty, if not in PAGERDUTY_TOKEN: to look up the key or have one made',
      ...on(['doctor', 'test', 'destroy'], 'a file with a REST API token of PagerDuty, if not in PAGERDUTY_TOKEN'),
    },
  },
  pagerdutyService: {
    group: WHERE,
    file: true,
    value: pagerdutyName,
    help: { init: 'with a token: the service to page, by its integration for alarms' },
  },
  pagerdutyOrchestration: {
    group: WHERE,
    file: true,
    value: pagerdutyName,
    help: { init: 'with a token: the global orchestration to send to' },
  },
  createIntegration: {
    group: WHERE,
    file: true,
    value: flag,
    help: { init: 'with one of the two: make an integration of our own there' },
  },
  createService: {
    group: WHERE,
    file: true,
    value: text('<name>', '1 to 255 characters', /^[^\p{Cc}]{1,255}$/u),
    help: { init: 'with a token: make this service, with an integration' },
  },
  escalationPolicy: {
    group: WHERE,
    file: true,
    value: pagerdutyName,
    help: { init: 'the escalation policy of the new service' },
  },
  lowUrgencyIntegrationUrl: {
    group: WHERE,
    file: true,
    secret: true,
    value: secret('<url>'),
    help: { init: 'the integration URL for detections of urgency ticket, over a topic of their own' },
  },

  trail: {
    group: { init: EVENTS, doctor: SCOPE, backtest: PAST },
    file: true,
    value: text('<name|arn>', "a trail's name or ARN", arnOr(TRAIL_NAME)),
    help: { init: 'an existing trail (default: the best there is)', doctor: 'only chains of this trail' },
  },
  createTrail: {
    group: EVENTS,
    file: true,
    value: text(
      '<name>',
      'a trail name: 3 to 128 letters, digits, . _ -, no two of . _ - side by side, no IP address',
      new RegExp(`^${TRAIL_NAME}$`),
    ),
    help: { init: 'make a new trail, with a bucket' },
  },
  trailBucket: {
    group: EVENTS,
    file: true,
    value: text(
      '<name>',
      'a bucket name: 3 to 63 lower-case letters, digits, . -, no prefix or suffix that AWS keeps, no IP address',
      BUCKET_NAME,
    ),
    help: { init: 'the bucket of the new trail' },
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
      init: "the log group (default: the trail's own)",
      doctor: 'only chains through this log group',
      backtest: 'the events of this log group, as CloudWatch Logs reads the patterns',
    },
  },
  logRetention: {
    group: EVENTS,
    file: true,
    value: number('<days>', `one of ${RETENTION_DAYS.join(', ')} days`, { of: RETENTION_DAYS }),
    help: { init: 'how long a new log group keeps events (default: 365)' },
  },
  logRole: {
    group: EVENTS,
    file: true,
    value: text('<name>', 'a role name: 1 to 64 letters, digits, + = , . @ _ -', /^[\w+=,.@-]{1,64}$/),
    help: { init: 'the role by which CloudTrail writes to the log group' },
  },

  detections: {
    group: WHAT,
    file: true,
    value: detectionIds,
    help: on(['init', 'backtest'], 'ids and packs (default: recommended)'),
  },
  exclude: { group: WHAT, file: true, value: detectionIds, help: on(['init', 'backtest'], 'leave these out') },
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
    help: on(['init', 'backtest'], 'never count these callers; a * only at the start or the end'),
  },
  drill: {
    group: WHAT,
    file: true,
    value: flag,
    help: { init: 'also install the detection that test --via api-call uses' },
  },
  hold: {
    group: WHAT,
    file: true,
    value: number('<minutes>', 'a whole number of minutes from 1 to 1440', { min: 1, max: 1440, integer: true }),
    help: on(['init', 'backtest'], "keep the alarm up at least so long (default: the detection's own)"),
  },
  autoResolve: {
    group: WHAT,
    file: true,
    negated: true,
    value: flag,
    help: { init: 'no OK action: incidents are resolved by hand' },
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
    value: text('<pattern>', 'a filter pattern', /(?:)/),
    help: on(['init', 'backtest'], 'what to count, in the filter-pattern language of CloudWatch Logs'),
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
    help: on(['init', 'backtest'], 'what an event adds: 1, or a number in the event (default: 1)'),
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
    help: on(['init', 'backtest'], 'what a minute without a match adds'),
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
    help: { init: 'what the responder reads first' },
  },
  threshold: {
    group: CUSTOM,
    customDetection: true,
    file: true,
    value: number('<number>', 'a number'),
    help: on(['init', 'backtest'], 'how much is too much (default: 1)'),
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
    help: on(['init', 'backtest'], 'length of a period (default: 300)'),
  },
  evaluationPeriods: {
    group: CUSTOM,
    customDetection: true,
    file: true,
    value: periods,
    help: on(['init', 'backtest'], 'periods to look back on (default: 1)'),
  },
  datapointsToAlarm: {
    group: CUSTOM,
    customDetection: true,
    file: true,
    value: periods,
    help: on(['init', 'backtest'], 'how many of them have to breach (default: 1)'),
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
    help: { init: 'the topic to page through (default: one of our own)', doctor: 'only chains through this topic' },
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
    help: { init: 'customer key that encrypts the topic; CloudWatch must be allowed to use it' },
  },
  tag: { group: HOW, file: true, value: tags, help: { init: 'a tag for everything that is made; may be repeated' } },

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
    help: { init: 'write the answers to this setup file, without the key' },
  },
  dryRun: {
    group: RUN,
    value: flag,
    help: { init: 'show the plan, change nothing', destroy: 'show what would be deleted, delete nothing' },
  },
  detail: { group: RUN, value: flag, help: { init: 'show every value that is sent, and every field that changes' } },
  markdown: {
    group: RUN,
    value: text('<file>', 'a path', /./),
    help: { init: 'write the plan as Markdown, to paste into a review' },
  },
  exitCode: { group: RUN, value: flag, help: { init: 'with --dry-run: exit 6 when there are changes' } },
  confirmTimeout: {
    group: RUN,
    file: true,
    value: number('<seconds>', 'a whole number of seconds from 0 to 3600', { min: 0, max: 3600, integer: true }),
    help: { init: 'how long to wait until PagerDuty confirms (default: 90)' },
  },
  prune: { group: RUN, approves: true, value: flag, help: { init: 'delete our detections that are no longer listed' } },

  alarm: {
    group: { doctor: SCOPE, test: DRILL },
    value: text('<name>', '1 to 255 characters', /^[^\p{Cc}]{1,255}$/u),
    help: { doctor: 'only the chain of this alarm', test: "the alarm to drill (default: the drill's own)" },
  },
  allRegions: { group: SCOPE, value: flag, help: { doctor: 'look into every region that is enabled' } },
  accounts: {
    group: SCOPE,
    value: text('<role>', 'the name of a role: 1 to 64 letters, digits, + = , . @ _ -', /^[\w+=,.@-]{1,64}$/),
    help: {
      doctor: 'look into every account of the organization, through this role in each',
      export: 'with --command doctor-accounts: the role that doctor assumes',
    },
  },
  format: {
    group: OUTPUT,
    value: choice('<format>', EXPORT_FORMATS),
    help: { export: `what to print: ${EXPORT_FORMATS.join(', ')}` },
  },
  scope: {
    group: OUTPUT,
    value: choice('<scope>', ['account', 'organization']),
    help: { export: 'account (default), or organization: its trail records every account' },
  },
  command: {
    group: OUTPUT,
    value: choice('<command>', POLICY_COMMANDS),
    help: { export: `with --format iam-policy, the run that it is for: ${POLICY_COMMANDS.join(', ')} (default: init)` },
  },
  fromAccount: {
    group: OUTPUT,
    value: flag,
    help: { export: 'read the account: the trail that fits, and import blocks for Terraform' },
  },
  strict: { group: OUTPUT, value: flag, help: { doctor: 'a warning counts as a failure' } },
  fix: {
    group: OUTPUT,
    approves: true,
    value: flag,
    help: { doctor: 'show what can be repaired, ask, repair it, and look again' },
  },
  junit: { group: OUTPUT, value: text('<file>', 'a path', /./), help: { doctor: 'write each check as JUnit XML' } },
  report: { group: OUTPUT, value: text('<file.md>', 'a path', /./), help: { doctor: 'write a Markdown report' } },

  via: {
    group: DRILL,
    value: choice('<way>', ['alarm-state', 'api-call']),
    help: {
      test: "api-call: a real event through the whole chain; alarm-state: from the alarm on (default: api-call for the drill's own alarm)",
    },
  },
  timeout: {
    group: DRILL,
    value: number('<seconds>', 'a whole number of seconds from 1 to 86400', { min: 1, max: 86_400, integer: true }),
    help: { test: 'how long to follow the signal (default: 300, api-call 2400, plus the hold of the alarm)' },
  },
  acceptSent: {
    group: DRILL,
    value: flag,
    help: { test: 'exit 0 when SNS took both messages, although PagerDuty was not looked into' },
  },
  files: {
    group: PAST,
    value: paths,
    help: { backtest: 'files of CloudTrail, or folders of them such as a copy of the bucket; may be repeated' },
  },
  lookup: {
    group: PAST,
    value: flag,
    help: { backtest: "the account's event history: management events of 90 days, about 100 a second" },
  },
  since: {
    group: { events: SCOPE, backtest: PAST },
    value: text('<time>', 'an ISO date or time (UTC), or a duration such as 2h or 14d', /\S/),
    help: {
      events: 'events since then (default: those behind the last ALARM)',
      backtest: 'an ISO date or time (UTC), or a duration (default: 14d)',
    },
  },
  until: {
    group: PAST,
    value: text('<time>', 'an ISO date or time (UTC), or a duration such as 2h or 14d', /\S/),
    help: { backtest: 'where the events end (default: now)' },
  },
  html: {
    value: text('<file>', 'a path', /./),
    help: { backtest: 'also write the report as one page, for whoever approves what pages' },
  },
  engine: {
    group: ENGINE,
    value: choice('<engine>', ['athena', 'logs-insights']),
    help: { backtest: 'athena or logs-insights; with --print or --result' },
  },
  print: { group: ENGINE, value: flag, help: { backtest: 'print the query; nothing is called' } },
  result: {
    group: ENGINE,
    value: paths,
    help: { backtest: "the engine's answer as CSV or JSON, for the same report; may be repeated" },
  },

  lines: {
    group: INPUT,
    value: flag,
    help: { 'pattern test': 'each line is one raw log message: nothing is trimmed or unwrapped' },
  },
  event: {
    group: INPUT,
    value: text('<file>', 'a path', /./),
    help: { 'pattern explain': 'an event: says which terms hold for it and which decided; - is standard input' },
  },

  deleteTrail: {
    group: ALSO,
    approves: true,
    value: flag,
    help: { destroy: 'also delete our trail, its role and log group, and its bucket when that is empty' },
  },
  deleteLogs: {
    group: ALSO,
    approves: true,
    value: flag,
    help: { destroy: 'with --delete-trail: even a log group with events' },
  },

  profile: {
    file: true,
    value: text('<name>', 'a profile', /\S/),
    help: on(AWS, 'profile of the AWS configuration files'),
  },
  region: {
    file: true,
    value: text('<region>', 'an AWS region such as eu-central-1', REGION),
    help: on(AWS, 'where to look for the trail; its home region is followed'),
  },
  endpointUrl: {
    file: true,
    value: text('<url>', 'an http or https URL', /^https?:\/\/[^\s/]+\S*$/),
    help: on(AWS, 'talk to this endpoint in place of AWS'),
  },
  sandbox: {
    value: flag,
    help: on(REACHING, 'use an embedded AWS and PagerDuty: no account needed, nothing leaves this machine'),
  },
  name: {
    file: true,
    // The longest names made of it are the bucket's (63) and the role's (64), which add account and region.
    value: text(
      '<name>',
      '3 to 32 letters, digits and hyphens, a letter first',
      /^[A-Za-z][A-Za-z0-9-]{1,30}[A-Za-z0-9]$/,
    ),
    help: on(AWS, 'prefix of every name of this chain (default: cloudtrail-pd)'),
  },
  yes: { approves: true, short: 'y', value: flag, help: on(AWS, 'approve; never asks') },
  verbose: { value: flag, help: on(REACHING, 'a line for each API call') },
  json: {
    value: flag,
    help: on(
      EVERY.filter((name) => name !== 'export'),
      'the result as one JSON document',
    ),
  },
  color: { negated: true, value: flag, help: on(EVERY, 'no colours') },
  plain: { value: flag, help: on(EVERY, 'no cursor movement: for screen readers and logs') },
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
