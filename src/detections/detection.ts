/** What a detection is: one metric filter with its alarm, and everything a person should know before and after it pages. */

import type { AlarmSettings } from '../domain/alarm-state.ts'

export type Severity = 'critical' | 'high' | 'medium' | 'low'

/** `page` wakes somebody; `ticket` goes to the low-urgency route where there is one. */
export type Urgency = 'page' | 'ticket'

/** `core` is what a team should page on; `extended` pays off in some accounts; `compliance` exists because a benchmark asks. */
export type Tier = 'core' | 'extended' | 'compliance'

/** What the filter publishes. The namespace belongs to the chain, and dimensions are never used. */
export interface MetricTemplate {
  /** Undefined: the chain's own namespace. Only a detection given by flags names one. */
  readonly namespace?: string
  readonly name: string
  /** `1` counts events; `$.field` takes a number from the event. */
  readonly value: string
  /** A CloudWatch unit. The catalogue sets none: an alarm that names another unit never leaves INSUFFICIENT_DATA. */
  readonly unit?: string
  /** Written in each minute in which the log group took something in and nothing matched. */
  readonly defaultValue?: number
}

export interface AlarmTemplate extends AlarmSettings {
  /** Only `notBreaching` brings the OK that resolves the incident (CloudWatch user guide, missing data). */
  readonly treatMissingData: 'notBreaching'
}

/** The packs whose membership is written at the detection; `recommended` and `all` follow from the tier. */
export type BenchmarkPack =
  | 'cis-1.2'
  | 'cis-1.4'
  | 'cis-1.5'
  | 'cis-2.0'
  | 'cis-3.0'
  | 'cis-4.0'
  | 'cis-5.0'
  | 'cis-6.0'
  | 'cis-7.0'
  | 'security-hub'

/** One line of a benchmark that this detection answers, such as `3.3` of `cis-1.2` or `CloudWatch.1` of `security-hub`. */
export interface PackControl {
  readonly pack: BenchmarkPack
  readonly control: string
}

export type Scanner = 'prowler' | 'powerpipe' | 'cloudsploit' | 'scoutsuite'

/**
 * How a text stands to the one that Security Hub documents: the same bytes, the same words with other blanks,
 * another text, or there is no control to pass. Security Hub's own code is not public, so this is no verdict.
 */
export type SecurityHubStanding = 'exact' | 'spacing-differs' | 'not-documented' | 'no-control'

/** A filter pattern as somebody published it, byte for byte: scanners compare text. */
export interface PublishedPattern {
  /** Unique within the detection and safe in the name of a metric filter. */
  readonly label: string
  readonly pattern: string
  readonly publishedBy: readonly string[]
  /** The scanners whose own rule takes the text, found by running those rules over it. */
  readonly acceptedBy: readonly Scanner[]
  readonly securityHub: SecurityHubStanding
  /** What is wrong with the published text; none of the `twins` has a flaw. */
  readonly flaw?: string
  /** `false` where CloudWatch Logs refuses the text. */
  readonly valid: boolean
}

/** The published side of a detection: what auditors want to find, kept apart from what pages. */
export interface Compliance {
  readonly patterns: readonly PublishedPattern[]
  /** Labels to install so that Security Hub, Prowler and Powerpipe are satisfied together. */
  readonly complianceFilters: readonly string[]
  /** Labels to install so that CloudSploit and ScoutSuite are satisfied as well. */
  readonly everyScanner: readonly string[]
  /** The twins feed this one metric; that is sound only while the alarm's threshold is 1. */
  readonly metric: MetricTemplate
  readonly alarm: AlarmTemplate
  /** Such as `CloudWatch.1`; absent where Security Hub has no control. */
  readonly securityHubControl?: string
  /** What installing the twins costs. */
  readonly caveat?: string
}

/** A way to quieten this detection that its noise has shown to be useful. */
export interface Exclusion {
  readonly label: string
  /** When it is safe. */
  readonly when: string
  /** Can be given to `--exclude-principal` as it stands. Without it and without `clause`, give the ARN of your own role. */
  readonly principal?: string
  /** A term to join with `&&` in a pattern of your own; no option writes it. */
  readonly clause?: string
}

export type EventJson =
  | string
  | number
  | boolean
  | null
  | readonly EventJson[]
  | { readonly [field: string]: EventJson }

/** A CloudTrail record, as far as a filter pattern can see. */
export interface CloudTrailEvent {
  readonly eventSource: string
  readonly eventName: string
  readonly [field: string]: EventJson
}

/** At least one record. */
export type Examples = readonly [CloudTrailEvent, ...CloudTrailEvent[]]

/** Names of a detection of one's own; those left out are computed like any other. */
export interface CustomNames {
  readonly filterName?: string
  readonly alarmName?: string
  /** In place of why and first look. */
  readonly description?: string
}

export interface Detection {
  /** Kebab-case, stable: users write it in flags and setup files. */
  readonly id: string
  readonly title: string
  readonly tier: Tier
  readonly packs: readonly PackControl[]
  readonly severity: Severity
  readonly urgency: Urgency
  /** The tuned form, the one that pages. */
  readonly paging: {
    readonly pattern: string
    /** The same, narrowed to one chain's own resources by the placeholders of `scope.ts`; preferred where it exists. */
    readonly scopedPattern?: string
    /** How it departs from the published text, where there is one. */
    readonly differs?: string
    readonly metric: MetricTemplate
    /** `evaluationPeriods` is the hold: the alarm stays up while one of that many periods still breaches. */
    readonly alarm: AlarmTemplate
  }
  readonly compliance?: Compliance
  readonly whyItMatters: string
  /** The first thing the responder looks at: one sentence. */
  readonly firstLook: string
  readonly knownNoise: readonly string[]
  readonly recommendedExclusions: readonly Exclusion[]
  /** What it cannot see, and what was not yet observed on a real event. */
  readonly limits: readonly string[]
  /** MITRE ATT&CK techniques. */
  readonly attack: readonly string[]
  readonly sources: readonly string[]
  /** Set for a detection that was given by flags: the names that it asked for. */
  readonly custom?: CustomNames
  /** Records that the paging pattern matches; the first is matched by every published pattern without a flaw as well. */
  readonly ownEvents: Examples
  /** Harmless records that resemble them, which no pattern without a flaw matches. */
  readonly neighborEvents: Examples
}
