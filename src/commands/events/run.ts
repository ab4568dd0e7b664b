/** `events`: who did it. The log events behind an alarm's last ALARM, and on request a note of them in PagerDuty. */

import type { CommandContext } from '../../context.ts'
import { DEFAULT_NAME } from '../../domain/names.ts'
import type { AlarmSnapshot } from '../../domain/snapshot.ts'
import { type EventsBehind, eventsBehind, parseSince } from '../../drill/events-behind.ts'
import { findIncident, noteOnce, noteText } from '../../drill/incident-note.ts'
import { findAlarm } from '../../drill/target.ts'
import { EXIT, usage } from '../../errors.ts'
import type { Body } from '../../json/schemas.ts'
import type { EventsOptions } from '../../options/command-options.ts'
import { onSameChain } from '../../options/next-command.ts'
import type { Incident } from '../../pagerduty/answers.ts'
import type { PagerDuty } from '../../pagerduty/directory.ts'
import { showEvents } from '../../ui/render/events.ts'
import { noToken } from '../pagerduty-session.ts'
import type { Report } from '../report.ts'
import { openSession } from '../session.ts'

export async function events(name: string, options: EventsOptions, context: CommandContext): Promise<Report> {
  const since = sinceOf(options, context.clock.now())
  if (options.note && options.incident === undefined) throw noteWithoutIncident()
  const found = await findAlarm(await openSession(options, context), name, options.name ?? DEFAULT_NAME)
  const { aws, alarm } = found
  const asked = await incidentOf(alarm, options, context)
  const behind = await eventsBehind(found, { since, before: endOf(asked?.incident) }, context)
  const note = asked === undefined || !options.note ? null : await noted(asked, alarm.name, behind)
  const incident = asked && { ...shownIncident(asked.incident), note }
  const { alarmed, window, rows, later, complete } = behind
  return {
    exit: EXIT.done,
    json: {
      account: aws.identity.account,
      region: aws.region,
      alarm: alarm.name,
      alarmed: alarmed?.toISOString() ?? null,
      from: window?.from.toISOString() ?? null,
      to: window?.to.toISOString() ?? null,
      events: rows,
      later,
      complete,
      ...(incident === undefined ? {} : { incident }),
    } satisfies Body<'events'>,
    text: (theme, width) =>
      showEvents(
        {
          alarm: alarm.name,
          account: aws.identity.account,
          sameChain: (command) => onSameChain(command, { ...options }),
          incident,
          ...behind,
        },
        theme,
        width,
      ),
  }
}

interface AskedIncident {
  readonly pagerDuty: PagerDuty
  readonly incident: Incident
}

async function incidentOf(
  alarm: AlarmSnapshot,
  { incident }: EventsOptions,
  { connectPagerDuty, clock }: CommandContext,
): Promise<AskedIncident | undefined> {
  if (incident === undefined) return undefined
  if (connectPagerDuty === undefined) throw noToken()
  const { client } = await connectPagerDuty()
  const which = incident === 'latest' ? 'latest' : Number(incident.replace('#', ''))
  return { pagerDuty: client, incident: await findIncident(client, alarm, which, clock.now()) }
}

/** PagerDuty's clock and CloudWatch's may differ by so much; milliseconds. */
const SKEW_MS = 120_000

/** The ALARM that opened an incident comes before it. */
function endOf(incident: Incident | undefined): Date | undefined {
  return incident?.createdAt && new Date(incident.createdAt.getTime() + SKEW_MS)
}

function noted(
  { pagerDuty, incident }: AskedIncident,
  alarm: string,
  behind: EventsBehind,
): Promise<'written' | 'already-there'> {
  return noteOnce(pagerDuty, incident, noteText(alarm, behind))
}

function shownIncident({ id, number, htmlUrl }: Incident) {
  return { id, number: number ?? null, url: htmlUrl ?? null }
}

function noteWithoutIncident() {
  return usage(
    'note-without-incident',
    '--note needs the incident to write into',
    'add --incident NUMBER, or --incident latest',
  )
}

function sinceOf({ since }: EventsOptions, now: Date): Date | undefined {
  if (since === undefined) return undefined
  const at = parseSince(since, now)
  if (at !== undefined) return at
  throw usage(
    'since',
    `--since "${since}" is neither a time nor a duration`,
    'for example --since 2h or --since 2026-01-15T10:00',
  )
}
