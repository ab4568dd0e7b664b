/** Who did it, written into the PagerDuty incident of an alarm: which incident that is, and what the note says. */

import type { EventRow } from '../domain/event-row.ts'
import type { AlarmSnapshot } from '../domain/snapshot.ts'
import { AppError, EXIT, usage } from '../errors.ts'
import type { Incident } from '../pagerduty/answers.ts'
import type { PagerDuty } from '../pagerduty/directory.ts'
import type { EventsBehind } from './events-behind.ts'
import { speaksOf } from './incidents.ts'

/** How far back an incident without the alarm's key is looked for; milliseconds. */
const LOOK_BACK_MS = 30 * 86_400_000

/** Events of which a note tells; a responder reads no more, and `events` shows them all. */
const MOST = 20

/**
 * The alarm's latest incident, or the one with this number. An alert of an alarm has the alarm's name or ARN for its key;
 * where an orchestration made another one, the title of the incident names the alarm.
 */
export async function findIncident(
  pagerDuty: PagerDuty,
  { name, arn }: Pick<AlarmSnapshot, 'name' | 'arn'>,
  which: number | 'latest',
  now: Date,
): Promise<Incident> {
  const fits = ({ number }: Incident) => which === 'latest' || number === which
  const byKey = await Promise.all([name, arn].map((key) => pagerDuty.incidents({ key })))
  const keyed = newest(byKey.flatMap(({ items }) => items).filter(fits))
  if (keyed !== undefined) return keyed
  const { items } = await pagerDuty.incidents({ since: new Date(now.getTime() - LOOK_BACK_MS) })
  const other = newest(items.filter((one) => fits(one) && (which !== 'latest' || speaksOf(one.title, name))))
  if (other !== undefined) return other
  throw usage(
    'incident-not-found',
    which === 'latest' ? `PagerDuty shows no incident of alarm ${name}` : `PagerDuty shows no incident #${which}`,
    'the token may belong to another account, or not see the service; the number stands in the address of the incident',
  )
}

function newest(incidents: readonly Incident[]): Incident | undefined {
  return incidents.toSorted((a, b) => (b.createdAt?.getTime() ?? 0) - (a.createdAt?.getTime() ?? 0))[0]
}

/** Writes it unless the incident has a note of the same first line. */
export async function noteOnce(
  pagerDuty: PagerDuty,
  { id }: Pick<Incident, 'id'>,
  content: string,
): Promise<'written' | 'already-there'> {
  const [heading = ''] = content.split('\n')
  const isThere = async () => (await pagerDuty.notes(id)).some((note) => note.split(/\r?\n/)[0] === heading)
  if (await isThere()) return 'already-there'
  try {
    await pagerDuty.createNote(id, content)
  } catch (error) {
    // PagerDuty knows no idempotency key: only a look tells whether the lost answer was a yes.
    const uncertain = ['pagerduty-unavailable', 'pagerduty-unreadable', 'pagerduty-timeout', 'pagerduty-unreachable']
    if (!(error instanceof AppError && uncertain.includes(error.code) && (await isThere().catch(() => false)))) {
      throw error
    }
  }
  return 'written'
}

/** Throws when there is no event to tell of. */
export function noteText(alarm: string, { alarmed, window, rows, later }: EventsBehind): string {
  if (rows.length === 0) {
    throw new AppError('note-without-events', `no event was found behind alarm ${alarm}, so no note was written`, {
      exit: EXIT.failed,
      hint: 'CloudTrail delivers within about 15 minutes: run the command again later, or pass --since 2h',
    })
  }
  const at = (alarmed ?? window?.from)?.toISOString().slice(0, 19)
  const heading = `Who did it (cloudtrail-pd events): ${alarm}, ${alarmed === undefined ? 'since' : 'ALARM at'} ${at}Z`
  const more = rows.length - MOST + later
  return [
    heading,
    ...rows.slice(0, MOST).map(lineOf),
    ...(more > 0 ? [`${more} more: npx cloudtrail-pd events ${alarm}`] : []),
  ].join('\n')
}

function lineOf(row: EventRow): string {
  const service = row.eventSource.replace('.amazonaws.com', '')
  const person = row.person === null ? '' : ` (${row.person})`
  const error = row.errorCode ?? row.errorMessage
  return [
    `${row.time} ${row.principal}${person} from ${row.sourceIp ?? 'an unknown address'}: ${service}:${row.eventName}`,
    ...(row.on.length === 0 ? [] : [`on ${row.on.join(', ')}`]),
    `in account ${row.account}, ${row.region}`,
    ...(error === null ? [] : [`error ${error}`]),
    ...(row.url === null ? [] : [row.url]),
  ].join('; ')
}
