/** Setup: the complete wish, whoever said it and however: flags, environment, setup file or answers. */

import type { Detection } from '../detections/detection.ts'
import type { Destination, PagerDutyDestination } from '../domain/destination.ts'
import type { Deployer } from '../domain/marker.ts'
import type { Tags } from '../domain/resources.ts'
import type { Route } from '../domain/route.ts'

/** Which patterns are installed: tuned for pages, the published strings for scanners, or both. */
export type Variant = 'paging' | 'compliance' | 'both'

export type TrailSetup = (
  | /** The best trail that is there; where there is none at all, a new one under the chain's name. */
  { readonly how: 'best' }
  | { readonly how: 'existing'; readonly nameOrArn: string }
  | { readonly how: 'create'; readonly name: string; readonly bucket: string | undefined }
) & {
  /** Only a trail of every account of the organization will do. */
  readonly organization?: boolean
}

/** Who is told by e-mail that pages fail. */
export interface FallbackSetup {
  /** Addresses to be subscribed. */
  readonly addresses: readonly string[]
  /** Those and what earlier runs subscribed, as the alarm is to remember them. */
  readonly recorded: readonly string[]
  /** The heartbeat of an earlier run is kept, and also speaks by e-mail. */
  readonly keepsHeartbeat: boolean
}

/** What a dashboard shows beside what the setup names: of earlier runs, and kept. */
export interface DashboardSetup {
  /** Names. */
  readonly alarms: readonly string[]
  readonly metrics: readonly { readonly namespace: string; readonly name: string }[]
}

export interface Setup {
  /** The prefix of every name of this chain. */
  readonly name: string
  /** Undefined: the PagerDuty endpoint that our topic is already subscribed to. */
  readonly destination: Destination | undefined
  /** Where detections of urgency `ticket` go, when not to the same place. */
  readonly ticketRoute: Route | undefined
  readonly trail: TrailSetup
  /** Undefined: the trail's own log group, or one that is created. */
  readonly logGroup: string | undefined
  /** Days that a log group created here keeps its events. */
  readonly logRetention: number
  readonly logRole: string | undefined
  /** Chosen and tuned. */
  readonly detections: readonly Detection[]
  readonly variant: Variant
  /** False: no OK action, incidents are closed by hand. */
  readonly autoResolve: boolean
  /** Minutes from `--hold`, as the marker records them; undefined where each detection has its own. */
  readonly hold: number | undefined
  /** Minutes of silence in the log group that page; undefined: no heartbeat is asked for. */
  readonly heartbeat?: number | undefined
  /** Undefined: no one is told by e-mail. */
  readonly fallback?: FallbackSetup | undefined
  /** `remove`: a queue of an earlier run is to go; undefined: none is asked for. */
  readonly deadLetterQueue?: 'wanted' | 'remove' | undefined
  /** Undefined: no dashboard is asked for. */
  readonly dashboard?: DashboardSetup | undefined
  readonly topic: {
    readonly nameOrArn: string | undefined
    readonly displayName: string | undefined
    readonly kmsKey: string | undefined
  }
  readonly tags: Tags
  /** The engine that a template of this setup is for; undefined where this tool makes the chain itself. */
  readonly deployedBy?: Deployer | undefined
  /** Seconds to wait until PagerDuty confirms the subscription. */
  readonly confirmTimeout: number
}

/** Long enough for every confirmation seen in the field, short enough to stay at the terminal (field case C01). */
export const CONFIRM_TIMEOUT_S = 90

/** Security Hub CloudWatch.16 asks for a year. */
export const LOG_RETENTION_DAYS = 365

/** The retention periods that CloudWatch Logs takes (PutRetentionPolicy API reference). */
export const RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
]

/** What PagerDuty is asked for; undefined where it is not asked. */
export function pagerDutyDestination({ destination }: Setup): PagerDutyDestination | undefined {
  return destination?.how === 'integration' ? undefined : destination
}
