/** The trails of the account, and what the one that is taken means for the setup. */

import { readTrails } from '../../aws/resources/trail.ts'
import type { Aws } from '../../aws/session.ts'
import { MANAGEMENT_ONLY, managementOnly } from '../../detections/data-events.ts'
import { type TrailSnapshot, valueIfRead } from '../../domain/snapshot.ts'
import { AppError, EXIT } from '../../errors.ts'
import { recordsDataEvents } from '../../plan/coverage.ts'
import type { Setup } from '../../plan/setup.ts'
import type { TrailChoice } from '../../plan/trail-choice.ts'

/** All trails, or an error with exit 3: without them nothing can be decided. */
export async function listTrails(aws: Aws): Promise<readonly TrailSnapshot[]> {
  const trails = await readTrails(aws)
  if (trails.state === 'read') return trails.value
  throw new AppError('trails-unreadable', trails.why, {
    exit: EXIT.access,
    hint: 'allow cloudtrail:DescribeTrails for the identity that runs this command',
  })
}

/** Where the trail records data events, patterns that would count them are narrowed to management events. */
export function narrowedToTrail(
  setup: Setup,
  choice: TrailChoice,
  trails: readonly TrailSnapshot[],
): { readonly setup: Setup; readonly notes: readonly string[] } {
  const trail = choice.how === 'reuse' ? choice.trail : trails.find(({ name }) => name === choice.name)
  const selectors = valueIfRead(trail?.selectors)
  if (trail === undefined || selectors === undefined || !recordsDataEvents(selectors)) return { setup, notes: [] }
  const narrowed = setup.detections.map((detection) => ({ detection, narrow: managementOnly(detection) }))
  const changed = narrowed.filter(({ detection, narrow }) => narrow !== undefined && narrow !== detection)
  const tooLong = narrowed.filter(({ narrow }) => narrow === undefined)
  const says = (found: typeof narrowed, text: string) =>
    found.length === 0
      ? []
      : [`${trail.name} records data events: ${found.map(({ detection }) => detection.id).join(', ')} ${text}`]
  return {
    setup: { ...setup, detections: narrowed.map(({ detection, narrow }) => narrow ?? detection) },
    notes: [
      ...says(changed, 'counts management events only'),
      ...says(tooLong, `counts them too, because adding ${MANAGEMENT_ONLY} would make the pattern too long`),
    ],
  }
}
