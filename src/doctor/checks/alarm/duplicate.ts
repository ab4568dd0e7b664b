/** Check of double pages: two alarms that one event fires, and that tell the same endpoint of PagerDuty. */

import type { AlarmSnapshot, MetricFilterSnapshot } from '../../../domain/snapshot.ts'
import type { Check } from '../../check.ts'
import type { Classification } from '../../classify.ts'
import type { ChainGraph } from '../../graph.ts'
import { grouped } from '../../indexes.ts'
import { conditionOf, each, reachesPagerDuty, seen } from './actions.ts'

/** So many others are named. */
const NAMED = 5

export const alarmDuplicate: Check = {
  name: 'alarm.duplicate',
  finds: 'two alarms that one event fires, and that tell the same endpoint',
  run: (graph) => {
    const othersOf = duplicates(graph)
    return each('alarm.duplicate', (alarm, report) => {
      const names = othersOf(alarm).map(({ name }) => name)
      if (names.length === 0) return report.pass('no other alarm is seen to page for the same', seen(alarm))
      return report.warn({
        title: 'another alarm pages for the same',
        evidence: `${names.join(', ')}: fired by the same event, to the same endpoint`,
        impact: 'One event opens two incidents.',
        fix: { summary: 'remove one of the two' },
      })
    })(graph)
  },
}

/** The alarms that one event fires beside the given one, at the same endpoint of PagerDuty; the first few. */
export function duplicates(graph: ChainGraph): (alarm: AlarmSnapshot) => readonly AlarmSnapshot[] {
  const paging = graph.alarms.filter((alarm) => alarm.type === 'metric' && reachesPagerDuty(alarm, graph))
  const meanings = new Map(paging.map((alarm) => [alarm, meaningsOf(alarm, graph)]))
  const alike = grouped(paging, (alarm) => [conditionOf(alarm)])
  const akin = grouped(paging, (alarm) => meanings.get(alarm)?.map(({ key }) => key) ?? [])
  return (alarm) => {
    const own = meanings.get(alarm) ?? []
    const same = meanings.has(alarm) ? (alike.get(conditionOf(alarm) ?? '') ?? []) : []
    const others = new Set(same.filter((other) => other !== alarm))
    for (const other of own.flatMap(({ key }) => akin.get(key) ?? [])) {
      if (others.size >= NAMED) break
      if (other !== alarm && overlap(own, meanings.get(other) ?? []) && shareEndpoint(alarm, other, graph)) {
        others.add(other)
      }
    }
    return [...others].slice(0, NAMED)
  }
}

/** Whether one event is counted by both filters, as far as their meaning tells. */
export function countTheSame(filter: MetricFilterSnapshot, other: MetricFilterSnapshot, graph: ChainGraph): boolean {
  return overlap([meaningOf(filter, graph)], [meaningOf(other, graph)])
}

/** What fires an alarm: a detection with its events that are counted, or a pattern of which no more is known. */
interface Meaning {
  readonly filter: MetricFilterSnapshot
  readonly key: string
  /** Missing for a pattern: the same text counts the same. Shared with the classification: an account has thousands. */
  readonly counted?: Classification['counted']
}

function meaningsOf(alarm: AlarmSnapshot, graph: ChainGraph): readonly Meaning[] {
  return graph.joins.filtersOf(alarm).map((filter) => meaningOf(filter, graph))
}

function meaningOf(filter: MetricFilterSnapshot, graph: ChainGraph): Meaning {
  const told = graph.classificationOf(filter)
  const pattern = filter.pattern.replace(/\s+/g, '')
  if (told === undefined || !isMeant(told) || told.counted.length === 0) return { filter, key: pattern }
  return { filter, key: `${told.detection.id} ${told.only.join()}`, counted: told.counted }
}

/** What merely happens to match some of a detection's events is not meant for it. */
function isMeant({ by, claimed }: Classification): boolean {
  return by === 'mark' || by === 'meaning' || (by === 'events' && claimed)
}

/** By filters of their own: two alarms on one metric are tiers, unless their conditions are the same. */
function overlap(own: readonly Meaning[], others: readonly Meaning[]): boolean {
  return own.some(({ filter, key, counted }) =>
    others.some((other) => other.filter !== filter && other.key === key && meet(counted, other.counted)),
  )
}

function meet(counted: Meaning['counted'], others: Meaning['counted']): boolean {
  if (counted === undefined || others === undefined || counted === others) return true
  return counted.some(({ name }) => others.some((other) => other.name === name))
}

function shareEndpoint(alarm: AlarmSnapshot, other: AlarmSnapshot, graph: ChainGraph): boolean {
  const theirs = graph.endpointsOf(other)
  return graph.endpointsOf(alarm).some((endpoint) => theirs.some((one) => one.equals(endpoint)))
}
