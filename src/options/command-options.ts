/** What each command can be told, as types. */

import type { ComparisonOperator, Statistic } from '../domain/alarm-state.ts'
import type { Tags } from '../domain/resources.ts'
import type { RouteKind, ServiceRegion } from '../domain/route.ts'
import type { Variant } from '../plan/setup.ts'
import type { PrincipalExclusion, SetField } from './items.ts'

/** Every field may be unsaid, and unsaid is visible: no defaults here. */
type Said<T> = { readonly [K in keyof T]?: T[K] | undefined }

export interface OutputOptions
  extends Said<{
    json: boolean
    /** False: `--no-color`. */
    color: boolean
    plain: boolean
  }> {}

/** What every command that talks to AWS knows. */
export interface CommonOptions
  extends OutputOptions,
    Said<{
      profile: string
      region: string
      endpointUrl: string
      /** Keys and credentials may go unencrypted to another machine. */
      insecureEndpoint: boolean
      sandbox: boolean
      name: string
      yes: boolean
      verbose: boolean
    }> {}

/** A detection of the person's own, said in flags. */
export interface CustomOptions
  extends Said<{
    filterName: string
    filterPattern: string
    metricNamespace: string
    metricName: string
    metricValue: string
    metricUnit: string
    defaultValue: number
    alarmName: string
    alarmDescription: string
    threshold: number
    /** Seconds. */
    period: number
    evaluationPeriods: number
    datapointsToAlarm: number
    comparisonOperator: ComparisonOperator
    statistic: Statistic
  }> {}

/** What chooses and tunes detections. */
export interface DetectionOptions
  extends CustomOptions,
    Said<{
      detections: readonly string[]
      exclude: readonly string[]
      set: readonly SetField[]
      variant: Variant
      excludePrincipal: readonly PrincipalExclusion[]
      /** Minutes. */
      hold: number
    }> {}

export interface InitOptions
  extends CommonOptions,
    DetectionOptions,
    TokenOptions,
    Said<{
      route: RouteKind
      integrationKey: string
      integrationUrl: string
      /** Already read: what it held is in `integrationKey` or `integrationUrl`. */
      integrationKeyFile: string
      serviceRegion: ServiceRegion
      /** A name or an id, as in the next two. */
      pagerdutyService: string
      pagerdutyOrchestration: string
      escalationPolicy: string
      createIntegration: boolean
      createService: string
      lowUrgencyIntegrationUrl: string
      trail: string
      createTrail: string
      trailBucket: string
      /** The trail records every account of the organization. */
      organization: boolean
      logGroup: string
      /** Days. */
      logRetention: number
      logRole: string
      /** False: `--no-auto-resolve`. */
      autoResolve: boolean
      topic: string
      displayName: string
      kmsKey: string
      tag: Tags
      config: string
      save: string
      /** Also the fire drill's detection. */
      drill: boolean
      /** A fire drill at the end, so its detection too. */
      test: boolean
      dryRun: boolean
      /** Minutes; 0: none. */
      heartbeat: number
      /** An address. */
      fallbackEmail: string
      deadLetterQueue: boolean
      dashboard: boolean
      /** Every value of the plan. */
      detail: boolean
      /** A path. */
      markdown: string
      exitCode: boolean
      /** Seconds. */
      confirmTimeout: number
      prune: boolean
    }> {}

export const EXPORT_FORMATS = ['cloudformation', 'terraform', 'cli', 'iam-policy'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

/** The runs that a policy can be for. */
export const POLICY_COMMANDS = [
  'init',
  'init-dry-run',
  'init-prune',
  'doctor',
  'doctor-accounts',
  'doctor-fix',
  'test',
  'events',
  'backtest',
  'destroy',
] as const
export type PolicyCommand = (typeof POLICY_COMMANDS)[number]

export interface ExportOptions
  extends InitOptions,
    Said<{
      format: ExportFormat
      scope: 'account' | 'organization'
      command: PolicyCommand
      fromAccount: boolean
      /** The name of a role in each account of the organization. */
      accounts: string
    }> {}

/** What commands that may look into PagerDuty know besides `PAGERDUTY_TOKEN`. */
export interface TokenOptions extends Said<{ pagerdutyTokenFile: string }> {}

export interface DestroyOptions
  extends CommonOptions,
    TokenOptions,
    Said<{ deleteTrail: boolean; deleteLogs: boolean; dryRun: boolean }> {}

export interface DoctorOptions
  extends CommonOptions,
    TokenOptions,
    Said<{
      trail: string
      logGroup: string
      topic: string
      alarm: string
      allRegions: boolean
      /** The name of a role in each account of the organization. */
      accounts: string
      /** A path. */
      resume: string
      strict: boolean
      fix: boolean
      /** The path of an earlier report. */
      changedSince: string
      /** Paths of files to write. */
      junit: string
      report: string
      html: string
    }> {}

export interface TestOptions
  extends CommonOptions,
    TokenOptions,
    Said<{
      alarm: string
      via: DrillVia
      /** Seconds. */
      timeout: number
      acceptSent: boolean
    }> {}

/** `alarm-state` begins at the alarm, `api-call` at the audit log. */
export type DrillVia = 'alarm-state' | 'api-call'

export interface EventsOptions
  extends CommonOptions,
    TokenOptions,
    Said<{
      since: string
      /** Its number in PagerDuty, or `latest`. */
      incident: string
      note: boolean
    }> {}

export interface BacktestOptions
  extends CommonOptions,
    DetectionOptions,
    Said<{
      /** Paths of files and folders. */
      files: readonly string[]
      logGroup: string
      lookup: boolean
      /** An ISO time or a duration before now, as in the next. */
      since: string
      until: string
      config: string
      /** Path of a file to write. */
      html: string
      engine: QueryEngine
      print: boolean
      /** Paths of what the engine answered. */
      result: readonly string[]
    }> {}

/** Where a query of the backtest runs. */
export type QueryEngine = 'athena' | 'logs-insights'

/** Those that completion speaks. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

export interface ListOptions extends OutputOptions, Said<{ csv: boolean }> {}

export interface PatternTestOptions extends OutputOptions, Said<{ lines: boolean }> {}

export interface PatternExplainOptions extends OutputOptions, Said<{ event: string }> {}

/** Commands that have options, and the options of each. */
export interface OptionsOf {
  init: InitOptions
  destroy: DestroyOptions
  doctor: DoctorOptions
  test: TestOptions
  events: EventsOptions
  export: ExportOptions
  backtest: BacktestOptions
  completion: OutputOptions
  'detections list': ListOptions
  'detections show': OutputOptions
  'pattern test': PatternTestOptions
  'pattern lint': OutputOptions
  'pattern explain': PatternExplainOptions
}

export type CommandName = keyof OptionsOf

export type AllOptions = InitOptions &
  DestroyOptions &
  DoctorOptions &
  TestOptions &
  EventsOptions &
  ExportOptions &
  BacktestOptions &
  ListOptions &
  PatternTestOptions &
  PatternExplainOptions

export type OptionName = keyof AllOptions
