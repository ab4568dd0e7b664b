/** Detections as one query for Athena over the CloudTrail table: matches by minute, principal, service and event name. */

import type { Detection } from '../../detections/detection.ts'
import { parsePattern } from '../../patterns/parse/parse.ts'
import { MINUTE_MS, type MinuteWindow } from '../timeline.ts'
import { conditionSql } from './athena-condition.ts'
import { literal } from './text-condition.ts'
import { cannot, compileAll } from './uncompiled.ts'

/** The row of all events of a minute stands under this id. */
export const EVERY_EVENT = '*'

/** The name that the Athena guide gives to the table. */
export const TABLE = 'cloudtrail_logs'

/** The condition of one detection: TRUE, or FALSE or NULL where it does not match. Throws `Uncompilable`. */
export function detectionSql({ paging: { pattern, metric } }: Detection): string {
  if (metric.value.startsWith('$')) cannot(`its metric value is the field ${metric.value}`)
  const parsed = parsePattern(pattern)
  if (parsed.validity === 'refused') cannot(parsed.message)
  if (parsed.pattern.kind !== 'json')
    cannot('its pattern searches the text of a log message, which a table does not hold')
  return conditionSql(parsed.pattern.where)
}

/**
 * One scan of the table for all detections. A record that was delivered twice has one eventID and one eventTime, so it
 * is counted once within its minute.
 */
export function athenaQuery(detections: readonly Detection[], { from, to }: MinuteWindow, table = TABLE): string {
  const time = (minute: number) => new Date(minute * MINUTE_MS).toISOString().replace('.000Z', 'Z')
  const tests = compileAll(detections, 'athena', (one) => `      IF(${detectionSql(one)}, ${literal(one.id)})`)
  return `-- Partitions: add a condition on those of your table, or all of it is read and paid for, for example
--   AND "timestamp" BETWEEN '${day(from)}' AND '${day(to)}'
-- The table is the one of the Athena user guide, with one more field in its useridentity column:
--   sessioncontext:STRUCT<assumedroot:STRING, …>
SELECT
  detection,
  minute,
  IF(detection = '${EVERY_EVENT}', '', principal) AS principal,
  IF(detection = '${EVERY_EVENT}', '', eventsource) AS eventsource,
  IF(detection = '${EVERY_EVENT}', '', eventname) AS eventname,
  count(DISTINCT eventid) AS matches
FROM (
  SELECT
    eventid,
    substr(eventtime, 1, 16) AS minute,
    eventsource,
    eventname,
    coalesce(
      nullif(useridentity.sessioncontext.sessionissuer.arn, ''),
      nullif(useridentity.arn, ''),
      nullif(useridentity.username, ''),
      nullif(useridentity.invokedby, ''),
      nullif(useridentity.principalid, ''),
      nullif(useridentity.type, ''),
      'unknown'
    ) AS principal,
    filter(ARRAY[
      '${EVERY_EVENT}',
${tests.join(',\n')}
    ], d -> d IS NOT NULL) AS detections
  FROM ${table}
  WHERE eventtime >= ${literal(time(from))} AND eventtime < ${literal(time(to))}
)
CROSS JOIN UNNEST(detections) AS matched (detection)
GROUP BY 1, 2, 3, 4, 5
ORDER BY 1, 2, 3, 4, 5
`
}

function day(minute: number): string {
  return new Date(minute * MINUTE_MS).toISOString().slice(0, 10).replaceAll('-', '/')
}
