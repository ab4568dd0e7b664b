/** Reading a drill out of an alarm's history: its ALARM, the OK after it, and what became of the actions of both. */

import type { ActionOutcome, HistoryEntry, StateChange } from '../aws/readers/alarm-history.ts'

export interface Phase {
  readonly change: StateChange
  readonly actions: readonly ActionOutcome[]
}

/** The first ALARM that is the drill's, and the OK that followed; undefined while they have not come. */
export interface AlarmTimeline {
  readonly alarm: Phase | undefined
  readonly ok: Phase | undefined
}

/** Entries are oldest first. `isDrill` picks the drill's own change to ALARM. */
export function timelineOf(entries: readonly HistoryEntry[], isDrill: (change: StateChange) => boolean): AlarmTimeline {
  const start = entries.findIndex((entry) => entry.kind === 'state' && entry.to === 'ALARM' && isDrill(entry))
  if (start < 0) return { alarm: undefined, ok: undefined }
  const after = entries.slice(start)
  const end = after.findIndex((entry) => entry.kind === 'state' && entry.to === 'OK')
  const alarm = phaseAt(after, 0, end < 0 ? after.length : end, 'ALARM')
  return { alarm, ok: end < 0 ? undefined : phaseAt(after, end, after.length, 'OK') }
}

/** Tells an entry from those that were there before. */
export function entryKey(entry: HistoryEntry): string {
  const what = entry.kind === 'state' ? entry.to : `${entry.target} ${entry.announced}`
  return `${entry.at.toISOString()} ${entry.kind} ${what}`
}

/** Actions stand after their change, or carry the state they announced: timestamps of the two may be equal. */
function phaseAt(entries: readonly HistoryEntry[], from: number, to: number, state: string): Phase | undefined {
  const change = entries[from]
  if (change?.kind !== 'state') return undefined
  const actions = entries.filter((entry) => entry.kind === 'action')
  const between = new Set(entries.slice(from, to))
  return {
    change,
    actions: actions.filter((action) =>
      action.announced === undefined ? between.has(action) : action.announced === state,
    ),
  }
}
