/** `events`: who did it. The log events behind an alarm's last ALARM. */

import type { CommandContext } from '../../context.ts'
import { DEFAULT_NAME } from '../../domain/names.ts'
import { eventsBehind, parseSince } from '../../drill/events-behind.ts'
import { findAlarm } from '../../drill/target.ts'
import { EXIT, usage } from '../../errors.ts'
import type { Body } from '../../json/schemas.ts'
import type { EventsOptions } from '../../options/command-options.ts'
import { onSameChain } from '../../options/next-command.ts'
import { showEvents } from '../../ui/render/events.ts'
import type { Report } from '../report.ts'
import { openSession } from '../session.ts'

export async function events(name: string, options: EventsOptions, context: CommandContext): Promise<Report> {
  const since = sinceOf(options, context.clock.now())
  const found = await findAlarm(await openSession(options, context), name, options.name ?? DEFAULT_NAME)
  const { aws, alarm } = found
  const behind = await eventsBehind(found, since, context)
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
    } satisfies Body<'events'>,
    text: (theme, width) =>
      showEvents(
        {
          alarm: alarm.name,
          account: aws.identity.account,
          sameChain: (command) => onSameChain(command, { ...options }),
          ...behind,
        },
        theme,
        width,
      ),
  }
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
