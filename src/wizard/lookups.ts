/** What the wizard works with: whom to ask, and what it may look up while it asks. */

import type { CommandContext, PagerDutyAccount } from '../context.ts'
import type { Detection } from '../detections/detection.ts'
import type { RouteKind } from '../domain/route.ts'
import type { Secret } from '../domain/secret.ts'
import type { InitOptions } from '../options/command-options.ts'
import type { Prompter } from '../ports.ts'

/** One trail as the wizard offers it. */
export interface TrailLookup {
  readonly name: string
  /** What speaks for or against it, in a few words. */
  readonly choiceText: string
  /** The one that would be taken unasked. */
  readonly best: boolean
  /** Its home region, where that is not the region of the run: everything would be made there. */
  readonly elsewhere?: string
  /** Whether it delivers management events now, so that a new trail makes a second copy; missing: unknown. */
  readonly deliversEvents?: boolean | undefined
  /** Why it cannot be taken. */
  readonly unusable?: string
}

/** What the wizard may look up. */
export interface InitLookups {
  /** The region of the run. */
  readonly region?: string
  /** A key that stands for an empty answer: the sandbox has one for each route. */
  offeredKey?(route: RouteKind): string | undefined
  trails(): Promise<readonly TrailLookup[]>
  /** Whether this is the management account of an organization; missing: nobody can tell. */
  managesOrganization?(): Promise<boolean>
  /** The PagerDuty endpoint that our topic is already subscribed to. */
  subscribedEndpoint(): Promise<Secret | undefined>
  readonly pagerduty?: PagerDutyLookups
  /** Minutes that the trail's log group was silent at most in the last two weeks; undefined where that is not known. */
  longestSilence?(trail: string | undefined): Promise<number | undefined>
  /** Where past events can be read, to try the detections on. */
  pastPages?(trail: string | undefined): PastPages
}

/** What the detections would have done in the account's own past. */
export interface PastPages {
  /** Where the events come from, such as `log group NAME`. */
  readonly source: string
  readonly days: number
  /** How long it takes, in one sentence. */
  readonly wait: string
  /** By the id of the detection. Rejects with `AppError`. */
  count(detections: readonly Detection[]): Promise<ReadonlyMap<string, PastResult>>
}

export interface PastResult {
  readonly pagesPerWeek: number
  /** What makes it quiet. */
  readonly suggestion?:
    | {
        /** As it is written on a command line. */
        readonly option: string
        readonly pagesPerWeek: number
        /** The options with it in them. */
        applied(options: InitOptions): InitOptions
      }
    | undefined
}

/** PagerDuty as the wizard sees it: it may have a token, or be given one. */
export interface PagerDutyLookups {
  hasToken(): boolean
  /** Throws `AppError` when the token is missing, malformed or refused. */
  account(): Promise<PagerDutyAccount>
  /** Takes a typed token in place of what there was; it is kept only when PagerDuty knows it. */
  signIn(token: string): Promise<PagerDutyAccount>
  /** The integration URL of a key that PagerDuty gave, as `--integration-url` takes it. */
  urlOf(account: PagerDutyAccount, kind: 'service' | 'orchestration', key: Secret): string
}

/** Whom to ask, and what is known of the world. */
export interface WizardContext {
  readonly look: InitLookups
  readonly prompter: Prompter
  readonly progress: CommandContext['progress']
  /** What was answered before a question was opened again: its answer is the default. */
  readonly former: InitOptions
  /** Takes an answer that was left before its end, as the default when the question is asked again. */
  draft(answers: InitOptions): void
  /** The person wants to change this answer: they are asked even for what is usually left as it is. */
  readonly isPicked?: boolean
  /** Takes what can be saved when the run is stopped in the middle of a question; undefined: nothing any more. */
  readonly keep?: (kept: KeptPart | undefined) => void
}

/** What is answered so far of a question that goes on. */
export interface KeptPart {
  readonly options: InitOptions
  /** What of it is saved, in a word. */
  readonly what: string
}
