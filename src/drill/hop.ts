/** A drill as a list of hops: each has a probe, a deadline and an explanation for silence; the clock is a port. */

import type { Clock } from '../ports.ts'

/** The hops in the order of the signal, as reports name them. */
export const HOPS = [
  'event',
  'log-group',
  'metric',
  'alarm',
  'topic',
  'subscription',
  'incident-opened',
  'alarm-ok',
  'incident-resolved',
] as const

export type HopName = (typeof HOPS)[number]

/** What one probe found. */
export type HopReading =
  | { readonly seen: 'yes'; readonly detail: string }
  | { readonly seen: 'not-yet' }
  /** It will not come any more. */
  | { readonly seen: 'never'; readonly detail: string }
  /** It cannot be told from here; the signal may have passed. */
  | { readonly seen: 'unknowable'; readonly detail: string }

export interface DrillHop {
  readonly name: HopName
  /** Seconds from the first look on. */
  readonly deadline: number
  /** True: the hop after it may be seen first, which proves this one. */
  readonly passable: boolean
  read(): Promise<HopReading>
  /** What silence at the deadline means. */
  silence(): Promise<{ readonly status: 'failed' | 'unknown'; readonly detail: string }>
}

export interface DrillStep {
  readonly hop: HopName
  readonly status: 'ok' | 'failed' | 'unknown'
  /** From the beginning of the drill until this was settled. */
  readonly seconds: number
  readonly detail: string
}

export type Verdict = 'delivered' | 'sent' | 'failed'

export interface FollowOptions {
  readonly clock: Clock
  readonly signal: AbortSignal
  /** When the drill began. */
  readonly began: Date
  /** Seconds for the whole drill. */
  readonly timeout: number
  /** Milliseconds between two rounds of probes. */
  readonly every: number
  /** Told when a hop is looked at for the first time, and when it is settled. */
  watching(hop: HopName): void
  settled(step: DrillStep): void
}

/** Follows the signal hop by hop until the last is settled or one has failed. Rejects with the signal's reason when it aborts. */
export async function follow(hops: readonly DrillHop[], following: FollowOptions): Promise<readonly DrillStep[]> {
  const ledger = createLedger(hops, following)
  while (!ledger.over()) {
    following.signal.throwIfAborted()
    await ledger.round()
    if (!ledger.over()) await following.clock.sleep(following.every, following.signal)
  }
  return ledger.steps()
}

/** `delivered` needs both ends seen in PagerDuty, `sent` both messages taken by SNS. */
export function verdictOf(steps: readonly DrillStep[]): Verdict {
  const ok = (hop: HopName) => steps.some((step) => step.hop === hop && step.status === 'ok')
  if (steps.some(({ status }) => status === 'failed')) return 'failed'
  if (ok('incident-opened') && ok('incident-resolved')) return 'delivered'
  return ok('topic') && ok('alarm-ok') ? 'sent' : 'failed'
}

/** The steps of a drill that was cut short: those that were settled, and the rest as not seen. */
export function cutShort(hops: readonly DrillHop[], settled: readonly DrillStep[]): readonly DrillStep[] {
  return hops.map(
    ({ name }) =>
      settled.find(({ hop }) => hop === name) ?? {
        hop: name,
        status: 'unknown',
        seconds: 0,
        detail: 'not seen before the drill stopped',
      },
  )
}

/** The OK is a message of its own: that it went out says nothing about the ALARM. */
const PROVES_NOTHING: ReadonlySet<HopName> = new Set(['alarm-ok'])

interface Ledger {
  round(): Promise<void>
  over(): boolean
  steps(): readonly DrillStep[]
}

function createLedger(hops: readonly DrillHop[], following: FollowOptions): Ledger {
  const settled = new Map<HopName, DrillStep>()
  const firstLook = new Map<HopName, number>()
  const { clock, began, timeout } = following
  const now = () => clock.now().getTime()
  const failed = () => [...settled.values()].some(({ status }) => status === 'failed')
  const open = () => hops.filter(({ name }) => !settled.has(name))

  function settle(hop: HopName, status: DrillStep['status'], detail: string): void {
    const step = { hop, status, seconds: Math.round((now() - began.getTime()) / 100) / 10, detail }
    settled.set(hop, step)
    following.settled(step)
  }

  /** What comes later has been seen, so the signal went through here. */
  function settleUpTo(hop: DrillHop, detail: string): void {
    const before = PROVES_NOTHING.has(hop.name) ? [] : open().slice(0, open().indexOf(hop))
    for (const earlier of before) {
      settle(earlier.name, 'ok', `passed: the signal was seen further on (${text(hop.name)})`)
    }
    settle(hop.name, 'ok', detail)
  }

  async function inspect(hop: DrillHop): Promise<'on' | 'wait'> {
    if (!firstLook.has(hop.name)) {
      firstLook.set(hop.name, now())
      following.watching(hop.name)
    }
    const read = await hop.read()
    if (read.seen === 'yes') settleUpTo(hop, read.detail)
    if (read.seen === 'never') settle(hop.name, 'failed', read.detail)
    if (read.seen === 'unknowable') settle(hop.name, 'unknown', read.detail)
    if (read.seen === 'not-yet' && (await isOverdue(hop))) return 'on'
    return read.seen === 'not-yet' && !hop.passable ? 'wait' : 'on'
  }

  async function isOverdue(hop: DrillHop): Promise<boolean> {
    const late = now() - (firstLook.get(hop.name) ?? 0) >= hop.deadline * 1000
    if (!late && now() - began.getTime() < timeout * 1000) return false
    const { status, detail } = await hop.silence()
    settle(hop.name, status, detail)
    return true
  }

  return {
    async round() {
      for (const hop of open()) {
        if (failed() || settled.has(hop.name)) continue
        if ((await inspect(hop)) === 'wait') return
      }
    },
    over: () => failed() || open().length === 0,
    steps() {
      const detail = (name: HopName) => (firstLook.has(name) ? 'not seen before the drill stopped' : 'not reached')
      return hops.map(
        ({ name }) => settled.get(name) ?? { hop: name, status: 'unknown' as const, seconds: 0, detail: detail(name) },
      )
    },
  }
}

/** `incident-opened` as a person says it. */
export function text(hop: HopName): string {
  const special: Readonly<Partial<Record<HopName, string>>> = { 'alarm-ok': 'alarm OK' }
  return special[hop] ?? hop.replace('-', ' ')
}
