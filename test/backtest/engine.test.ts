import { describe, expect, it } from 'vitest'
import { athenaQuery } from '../../src/backtest/engine/athena.ts'
import { logsInsightsQueries } from '../../src/backtest/engine/logs-insights.ts'
import { readResults } from '../../src/backtest/engine/read-result.ts'
import { catalogue } from '../../src/detections/catalogue.ts'
import { customDetection } from '../../src/detections/custom.ts'
import { detectionById } from '../../src/detections/select.ts'

const FROM = Date.UTC(2026, 0, 5) / 60_000
const WINDOW = { from: FROM, to: FROM + 14 * 1_440 }

function own(filterPattern: string, more: { metricValue?: string } = {}) {
  return customDetection({ filterPattern, filterName: 'own', ...more }).detection
}

describe('a query for Athena', () => {
  it('is compiled of every detection of the catalogue', () => {
    const query = athenaQuery(catalogue, WINDOW)
    for (const { id } of catalogue) expect(query).toContain(`'${id}')`)
    expect(query).toContain("eventtime >= '2026-01-05T00:00:00Z' AND eventtime < '2026-01-19T00:00:00Z'")
    // Athena takes 262,144 bytes (Athena service quotas).
    expect(Buffer.byteLength(query)).toBeLessThan(262_144)
  })

  it('puts lists of names into one IN, and guards nothing that needs none', () => {
    expect(
      athenaQuery([own('{ ($.eventName = "A") || ($.eventName = "B") || ($.errorCode = "*Denied") }')], WINDOW),
    ).toContain(
      "IF((eventname IN ('A', 'B') OR (strpos(errorcode, 'Denied') > 0 AND strpos(errorcode, 'Denied') = length(errorcode) - 5)), 'own')",
    )
  })

  it.each([
    ['{ $.managementEvent IS TRUE }', 'the table has no column for $.managementEvent'],
    ['{ $.requestParameters NOT EXISTS }', 'the table holds $.requestParameters as text'],
    ['{ $.errorCode IS NULL }', 'the table does not tell whether $.errorCode is null'],
    ['{ $.requestParameters.size > 12345678901234567 }', 'the number 12345678901234567'],
    ['ERROR', 'its pattern searches the text of a log message'],
  ])('is refused for %s, by name', (pattern, why) => {
    expect(() => athenaQuery([own(pattern)], WINDOW)).toThrowError(
      expect.objectContaining({
        code: 'not-compilable',
        exit: 2,
        message: expect.stringContaining(`own cannot be compiled for athena: ${why}`),
      }),
    )
  })

  it('is refused with all detections that stand in the way, and how to leave them out', () => {
    const detections = ['rds-exposed', 'root-account-usage', 'snapshot-or-ami-public'].map(detectionById)
    expect(() => logsInsightsQueries([...detections, own('ERROR')])).toThrowError(
      expect.objectContaining({
        message: expect.stringMatching(/^rds-exposed cannot .*; nor can snapshot-or-ami-public: .*; nor can own: /),
        hint: 'add --exclude rds-exposed,snapshot-or-ami-public, or read files with --files',
      }),
    )
  })

  it('is refused for a metric value out of the event', () => {
    expect(() =>
      athenaQuery([own('{ $.requestParameters.size > 0 }', { metricValue: '$.requestParameters.size' })], WINDOW),
    ).toThrow(/metric value is the field/)
  })
})

describe('a query for Logs Insights', () => {
  it('asks for the field before it compares it, since there an absent field satisfies !=', () => {
    const query = logsInsightsQueries([
      own('{ ($.eventName = "A*") && ($.userIdentity.arn != "x") && ($.errorCode NOT EXISTS) }'),
    ])
    expect(query).toContain('(ispresent(eventName) and eventName like /^A/)')
    expect(query).toContain('(ispresent(userIdentity.arn) and userIdentity.arn != "x")')
    expect(query).toContain('not ispresent(errorCode)')
    expect(query.startsWith('# own\n')).toBe(true)
  })

  it('is refused by name where there is no such field', () => {
    expect(() => logsInsightsQueries([own('{ $.requestParameters.items[*].a = "x" }')])).toThrow(/no wildcard for/)
    expect(() => logsInsightsQueries([own('{ $.requestParameters NOT EXISTS }')])).toThrow(/no field for the object/)
    expect(() => logsInsightsQueries([own('{ $.errorCode IS NULL }')])).toThrow(/is null/)
  })

  it('is compiled of nearly the whole catalogue', () => {
    const refused = catalogue.filter((one) => {
      try {
        logsInsightsQueries([one])
        return false
      } catch {
        return true
      }
    })
    expect(refused.map(({ id }) => id)).toEqual([
      'rds-exposed',
      'snapshot-or-ami-public',
      'security-group-open-to-world',
    ])
  })
})

describe('the answer of an engine', () => {
  const detections = [detectionById('root-account-usage')]
  const rows = [
    ['*', '2026-01-05T10:00', '', '', '', '500'],
    [
      'root-account-usage',
      '2026-01-05T10:00',
      'arn:aws:iam::111122223333:root',
      'iam.amazonaws.com',
      'Create, "it"',
      '2',
    ],
    ['root-account-usage', '2027-01-05T10:00', 'x', 'y', 'z', '7'],
    ['vpc-changes', '2026-01-05T10:00', 'x', 'y', 'z', '7'],
  ]
  const names = ['detection', 'minute', 'principal', 'eventsource', 'eventname', 'matches']
  const csv = [names, ...rows]
    .map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
    .join('\r\n')
  const shapes: readonly (readonly [string, string])[] = [
    ['CSV', csv],
    [
      'JSON of Logs Insights',
      JSON.stringify({ results: rows.map((cells) => cells.map((value, at) => ({ field: names[at], value }))) }),
    ],
    [
      'JSON of Athena',
      JSON.stringify({
        ResultSet: {
          Rows: [names, ...rows].map((cells) => ({ Data: cells.map((VarCharValue) => ({ VarCharValue })) })),
        },
      }),
    ],
    [
      'a list of objects',
      JSON.stringify(rows.map((cells) => Object.fromEntries(cells.map((cell, at) => [names[at], cell])))),
    ],
  ]

  it.each(shapes)('is read as %s', (_, text) => {
    const counts = readResults([{ path: 'r', text }], detections, WINDOW)
    expect(counts).toMatchObject({ events: 500, allEvents: true, rows: 4, ignored: 2 })
    expect(counts.detections[0]).toMatchObject({ matches: 2 })
    expect([...(counts.detections[0]?.eventNames ?? [])]).toEqual([['Create, "it"', 2]])
    expect(counts.arrivals.count(FROM + 600)).toBe(500)
  })

  it.each([
    ['', 'it is empty'],
    ['a,b\n1,2', 'it has no column detection, minute, matches'],
    ['{"a":', 'it is not whole JSON'],
    ['{"a":1}', 'it is neither CSV nor an answer'],
    ['detection,minute,matches\nx,soon,1', 'a row has minute "soon"'],
    ['detection,minute,matches\nx,2026-01-05T10:00,many', 'matches "many"'],
  ])('is refused for %j', (text, why) => {
    expect(() => readResults([{ path: 'r.csv', text }], detections, WINDOW)).toThrowError(
      expect.objectContaining({ code: 'result-unreadable', exit: 2, message: expect.stringContaining(why) }),
    )
  })
})
