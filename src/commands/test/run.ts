/** `test`: a fire drill. Says whom it pages, asks, sends a signal, watches each hop, and leaves the alarm OK. */

import { randomBytes } from 'node:crypto'
import { awsError } from '../../aws/failures.ts'
import { readMuteRules } from '../../aws/readers/mute-rules.ts'
import type { CommandContext } from '../../context.ts'
import { parseMarker } from '../../domain/marker.ts'
import { DEFAULT_NAME } from '../../domain/names.ts'
import { type AlarmSnapshot, valueIfRead } from '../../domain/snapshot.ts'
import { alarmStateHops, drillText, putBack, refuseWhileUp, start } from '../../drill/by-alarm-state.ts'
import { apiCallHops } from '../../drill/by-api-call.ts'
import { cutShort, type DrillHop, type DrillStep, follow, verdictOf } from '../../drill/hop.ts'
import {
  anyone,
  findRecipient,
  type IncidentWatch,
  incidentsBefore,
  nameOf,
  type Recipient,
  staleIncident,
} from '../../drill/paging.ts'
import {
  findAlarm,
  findSource,
  findTarget,
  hasDrillAlarm,
  isDrillAlarm,
  type Source,
  type Target,
} from '../../drill/target.ts'
import { type Drill, pastEntries, secondsUntilOk } from '../../drill/timeline.ts'
import { AppError, EXIT, type ExitCode, failed, usage } from '../../errors.ts'
import { errorJson } from '../../json/error.ts'
import type { Body } from '../../json/schemas.ts'
import { awsCommand } from '../../next-command.ts'
import type { DrillVia, OptionName, TestOptions } from '../../options/command-options.ts'
import { onSameChain, toolCommand } from '../../options/next-command.ts'
import type { Incident } from '../../pagerduty/answers.ts'
import { hanging } from '../../ui/clean.ts'
import {
  type DrillShown,
  drillHeading,
  hopExpectation,
  hopLabel,
  showDrill,
  showDrillEnd,
} from '../../ui/render/drill.ts'
import { showError } from '../../ui/render/error.ts'
import type { Theme } from '../../ui/theme.ts'
import type { Report } from '../report.ts'
import { openSession } from '../session.ts'

/** Seconds: after the alarm it is a matter of moments; CloudTrail and the alarm's return to OK need most of the other. */
const TIMEOUT_S: Readonly<Record<DrillVia, number>> = { 'alarm-state': 300, 'api-call': 2400 }

/** PagerDuty asks for five to ten seconds between polls (REST API overview, rate limits). */
const EVERY_MS = 5_000

export async function test(options: TestOptions, context: CommandContext): Promise<Report> {
  if (context.prompter === undefined && options.yes !== true) throw nobodyToAsk()
  const plan = await prepare(options, context)
  await approve(plan, context)
  return carryOut(context.prompter === undefined ? plan : await lookAgain(plan, context), options, context)
}

/** Everything that was found before anything is sent. */
interface Plan {
  readonly id: string
  readonly via: DrillVia
  readonly chain: string
  readonly target: Target
  readonly source: Source | undefined
  readonly recipient: Recipient | undefined
  readonly watch: Omit<IncidentWatch, 'began'> | undefined
  readonly paged: string
  /** Whether the chain has the drill's own alarm, though this may be a drill on another. */
  readonly hasDrill: boolean
}

async function prepare(options: TestOptions, context: CommandContext): Promise<Plan> {
  const prefix = options.name ?? DEFAULT_NAME
  const found = await findAlarm(await openSession(options, context), options.alarm, prefix)
  const via = options.via ?? (isDrillAlarm(found.alarm) ? 'api-call' : 'alarm-state')
  if (via === 'api-call' && !isDrillAlarm(found.alarm)) throw notTheDrills(found.alarm.name)
  const target = await findTarget(found)
  refuseWhileUp(target.alarm)
  await refuseWhileMuted(target)
  const source = via === 'api-call' ? await findSource(found) : undefined
  const id = randomBytes(2).toString('hex')
  const chain = parseMarker(found.alarm.description)?.name ?? prefix
  const hasDrill = isDrillAlarm(found.alarm) || (await hasDrillAlarm(found.aws, chain))
  return { id, via, chain, target, source, hasDrill, ...(await pagerDutyPlan(target, id, via, context)) }
}

/** With a token: the service, who is on call, and what is open there already. */
async function pagerDutyPlan(
  target: Target,
  id: string,
  via: DrillVia,
  context: CommandContext,
): Promise<Pick<Plan, 'recipient' | 'watch' | 'paged'>> {
  const { subscription, alarm } = target
  if (subscription.state === 'read' && subscription.value === undefined) {
    return { recipient: undefined, watch: undefined, paged: 'no one: the topic has no subscription to PagerDuty' }
  }
  const account = await context.connectPagerDuty?.()
  if (account === undefined) {
    const endpoint = valueIfRead(subscription)?.endpoint.address
    const paged = endpoint === undefined ? anyone(subscription).paged : `whoever is on call for ${endpoint}`
    return { recipient: undefined, watch: undefined, paged }
  }
  const pagerDuty = account.client
  const recipient = await findRecipient(pagerDuty, subscription)
  const before = await incidentsBefore(pagerDuty, recipient, context.clock.now())
  await refuseWhileOpen({ pagerDuty, recipient, before }, alarm)
  // The reason of a set state reaches PagerDuty; what CloudWatch writes about a real one knows of no drill.
  const trace = { alarm: alarm.name, alarmArn: alarm.arn, text: via === 'alarm-state' ? drillText(id) : undefined }
  return { recipient, watch: { pagerDuty, recipient, before, trace }, paged: recipient.paged }
}

async function approve(
  { id, via, target, paged, recipient }: Plan,
  { prompter, progress }: CommandContext,
): Promise<void> {
  progress.show((theme, width) => drillHeading({ via, alarm: target.alarm.name, id }, theme, width))
  progress.note(`In account ${target.aws.identity.account}, ${target.aws.region}`)
  progress.note(`This will page: ${paged}`)
  for (const { reason, certain } of recipient?.stops ?? []) {
    if (certain) progress.show((theme, width) => hanging(`${theme.mark('warn')} `, reason, width).join('\n'))
  }
  if (prompter === undefined) return
  if (!(await prompter.confirm({ message: 'Page them now?', default: false }))) {
    throw failed('declined', 'declined: no one was paged')
  }
}

/** A person may have thought about the page for a while: an incident that opened meanwhile is none of the drill's. */
async function lookAgain(plan: Plan, { clock }: CommandContext): Promise<Plan> {
  const { watch, target } = plan
  if (watch === undefined) return plan
  const { pagerDuty, recipient } = watch
  const before = await incidentsBefore(pagerDuty, recipient, clock.now())
  await refuseWhileOpen({ pagerDuty, recipient, before }, target.alarm)
  return { ...plan, watch: { ...watch, before } }
}

async function carryOut(plan: Plan, options: TestOptions, context: CommandContext): Promise<Report> {
  const { id, via, target } = plan
  const notes: string[] = []
  let incident: Incident | undefined
  const past = await pastEntries(target, context.clock.now())
  const began = context.clock.now()
  const drill: Drill = {
    id,
    target,
    clock: context.clock,
    signal: context.signal,
    began,
    watch: plan.watch === undefined ? undefined : { ...plan.watch, began },
    past,
    isDrill: ({ reason }) => via === 'api-call' || reason.includes(drillText(id)),
    arrived: (found) => {
      incident = found
    },
    note: (lines) => notes.push(...lines),
  }
  const timeout = options.timeout ?? TIMEOUT_S[via] + secondsUntilOk(target.alarm)
  const { steps, error } = await run(plan, drill, timeout, context)
  return drillReport(plan, { steps, notes, incident }, options, error)
}

/** What was seen of a drill; `error` where it was cut short after its signal had been sent. */
interface Ran {
  readonly steps: readonly DrillStep[]
  readonly error?: AppError
}

/** Whatever happens during the drill, it leaves no alarm in ALARM, and a drill that was sent has its report. */
async function run(plan: Plan, drill: Drill, timeout: number, context: CommandContext): Promise<Ran> {
  const { clock, signal } = context
  const settled: DrillStep[] = []
  const hops = hopsOf(plan, drill)
  const shown = live(context, plan.via)
  let started = false
  try {
    signal.throwIfAborted()
    if (plan.via === 'alarm-state') {
      await start(drill.target, drill.id)
      started = true
    }
    const steps = await follow(hops, {
      clock,
      signal,
      began: drill.began,
      timeout,
      every: EVERY_MS,
      watching: shown.watching,
      settled: (step) => {
        settled.push(step)
        shown.settled(step)
      },
    })
    if (plan.via !== 'alarm-state') return { steps }
    const restored = await restore(plan, drill, !arrivedOk(steps))
    return typeof restored === 'boolean' ? { steps } : { steps, error: restored }
  } catch (error) {
    const sent = started || settled.some(({ hop, status }) => hop === 'event' && status === 'ok')
    const restored = plan.via === 'alarm-state' && (await restore(plan, drill, true))
    if (!sent) throw signal.aborted ? interrupted(plan, restored) : error
    return {
      steps: cutShort(hops, settled),
      error: signal.aborted ? interrupted(plan, restored) : cut(error, plan, restored),
    }
  }
}

/** True: the alarm was put back to OK; an error: it could not be. */
async function restore({ target }: Plan, drill: Drill, midway: boolean): Promise<boolean | AppError> {
  try {
    return await putBack(drill.target, drill.id, midway)
  } catch (error) {
    const command = awsCommand('cloudwatch set-alarm-state', {
      'alarm-name': target.alarm.name,
      'state-value': 'OK',
      'state-reason': 'drill over',
    })
    return failed(
      'drill-not-over',
      `alarm ${target.alarm.name} may still be in ALARM because of the drill: ${awsError(error).message}`,
      ['put it back: ', command],
    )
  }
}

/** The signal is sent, so the run did change something: never the exit code of a run that did not. */
function cut(error: unknown, { target }: Plan, restored: boolean | AppError): AppError {
  if (typeof restored !== 'boolean') return restored
  const { code, message, hint } = awsError(error)
  const rest = restored ? `; alarm ${target.alarm.name} was put back to OK` : ''
  return failed(code, `the drill was sent, but could not be followed to its end: ${message}${rest}`, hint)
}

function arrivedOk(steps: readonly DrillStep[]): boolean {
  return steps.some(({ hop, status }) => hop === 'alarm-ok' && status === 'ok')
}

function hopsOf({ source, chain }: Plan, drill: Drill): readonly DrillHop[] {
  return source === undefined ? alarmStateHops(drill) : apiCallHops({ ...drill, source, chain })
}

/** The timeline while it happens. */
function live({ progress }: CommandContext, via: DrillVia) {
  const marks = { ok: 'good', failed: 'bad', unknown: 'skip' } as const
  return {
    watching: (hop: DrillStep['hop']) => progress.working(hopLabel(hop), hopExpectation(hop, via)),
    settled: ({ hop, status, detail }: DrillStep) => progress.done(hopLabel(hop), marks[status], detail),
  }
}

/** What a drill that is run again repeats. */
const DRILL_OPTIONS: readonly OptionName[] = ['via', 'timeout', 'acceptSent']

function drillReport(
  plan: Plan,
  { steps, notes, incident }: Pick<DrillShown, 'steps' | 'notes'> & { readonly incident: Incident | undefined },
  options: TestOptions,
  error: AppError | undefined,
): Report {
  const { id, via, target } = plan
  const acceptSent = options.acceptSent === true
  const verdict = verdictOf(steps)
  const exits: Readonly<Record<typeof verdict, ExitCode>> = {
    delivered: EXIT.done,
    sent: acceptSent ? EXIT.done : EXIT.unverified,
    failed: EXIT.failed,
  }
  const shown: DrillShown = {
    id,
    via,
    alarm: target.alarm.name,
    account: target.aws.identity.account,
    region: target.aws.region,
    verdict,
    steps,
    notes,
    incident: incident && shownIncident(incident),
    service: shownService(plan),
    acceptSent,
    token: plan.watch !== undefined,
    installed: isDrillAlarm(target.alarm),
    hasDrill: plan.hasDrill,
    managed: parseMarker(target.alarm.description) !== undefined,
    sameChain: (command, again) => onSameChain(command, { ...options }, again === undefined ? [] : DRILL_OPTIONS),
  }
  return {
    exit: error?.exit ?? exits[verdict],
    json: {
      account: target.aws.identity.account,
      region: target.aws.region,
      alarm: target.alarm.name,
      drill: id,
      via,
      verdict,
      steps,
      notes,
      incident: incident === undefined ? null : shownIncident(incident),
      service: shownService(plan) ?? null,
      ...(error === undefined ? {} : { error: errorJson(error) }),
    } satisfies Body<'test'>,
    text: (theme, width) => withError(showDrill(shown, theme, width), error, theme, width),
    textBelowProgress: (theme, width) => `\n${withError(showDrillEnd(shown, theme, width), error, theme, width)}`,
  }
}

function withError(text: string, error: AppError | undefined, theme: Theme, width: number): string {
  return error === undefined ? text : `${text}\n\n${showError(error, theme, width)}`
}

function shownIncident({ id, number, htmlUrl }: Incident) {
  return { id, number: number ?? null, url: htmlUrl ?? null }
}

/** The one that the drill pages, where the token tells. */
function shownService({ recipient }: Plan): DrillShown['service'] {
  const service = recipient?.service
  return service === undefined ? undefined : { name: service.name, url: service.url ?? null }
}

/** A new ALARM would join it, and nobody would be paged (field case C14). */
async function refuseWhileOpen(watch: Parameters<typeof staleIncident>[0], alarm: AlarmSnapshot): Promise<void> {
  const stale = await staleIncident(watch, { alarm: alarm.name, alarmArn: alarm.arn })
  if (stale === undefined) return
  throw failed(
    'incident-open',
    `${nameOf(stale)} of alarm ${alarm.name} is open, so the drill would join it and page no one`,
    `resolve it first${stale.htmlUrl === undefined ? '' : `: ${stale.htmlUrl}`}`,
  )
}

/** A muted alarm runs no action. Rules that cannot be read stop no drill; the hop that they concern says so. */
async function refuseWhileMuted({ aws, alarm }: Target): Promise<void> {
  const rules = await readMuteRules(aws)
  const rule = rules.state === 'read' ? rules.value.find(({ alarms }) => alarms.includes(alarm.name)) : undefined
  if (rule === undefined) return
  throw failed(
    'alarm-muted',
    `mute rule ${rule.name} silences alarm ${alarm.name} now, so the drill would page no one`,
    ['see when it ends: ', awsCommand('cloudwatch get-alarm-mute-rule', { 'alarm-mute-rule-name': rule.name })],
  )
}

function notTheDrills(name: string): AppError {
  return usage(
    'not-the-drill-alarm',
    `alarm ${name} is not the fire-drill alarm; only that one can be triggered by an API call`,
    [
      'drill this one with --via alarm-state, or leave --alarm out; where there is no drill, run init as for this chain, with --drill: ',
      toolCommand('init', { drill: true }),
    ],
  )
}

function nobodyToAsk(): AppError {
  return usage(
    'no-terminal',
    'a drill pages someone and needs approval, and there is no terminal for the prompt',
    'pass --yes to approve',
  )
}

function interrupted({ via, target }: Plan, restored: boolean | AppError): AppError {
  const name = target.alarm.name
  const rest =
    via === 'alarm-state'
      ? typeof restored === 'boolean'
        ? `alarm ${name} ${restored ? 'was put back to OK' : 'was left unchanged'}`
        : restored.message
      : 'the call has already been made; a page may still arrive and will resolve on its own'
  return new AppError('interrupted', `the drill was stopped; ${rest}`, {
    exit: EXIT.interrupted,
    hint: (typeof restored === 'boolean' ? undefined : restored.hint) ?? 'run the same command again for a full drill',
  })
}
