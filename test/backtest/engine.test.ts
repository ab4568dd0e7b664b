import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { athenaQuery } from '../../src/backtest/engine/athena.ts'
import { readCsv } from '../../src/backtest/engine/csv.ts'
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

  const read = (text: string) => readResults([{ path: 'r', text }], detections, WINDOW)
  const refused = (why: string, hint = '') =>
    expect.objectContaining({
      code: 'result-unreadable',
      exit: 2,
      message: expect.stringContaining(`--result "r" is not a whole answer to the query: ${why}`),
      hint: expect.stringContaining(hint),
    })

  it.each([
    ['', 'it is empty'],
    ['\u001f\ufffd\b\0', 'it is not text in UTF-8'],
    ['a,b\n1,2', 'it has no column detection, minute, matches'],
    ['detection,minute,matches\nx,soon,1', 'line 2 has minute "soon"'],
    ['detection,minute,matches\nx,2026-01-05T10:00:00+05:00,1', 'line 2 has minute "2026-01-05T10:00:00+05:00"'],
    ['detection,minute,matches\nx,2026-01-05T10:00,many', 'line 2 has matches "many"'],
    ['detection,minute,matches\n\nx,2026-01-05T10:00,', 'line 3 has matches ""'],
    ['detection,minute,matches\n,2026-01-05T10:00,1', 'line 2 has detection ""'],
    ['detection,minute,matches\nx,2026-01-05T10:00', 'line 2 has 2 cells, and the header 3'],
    ['detection,minute,matches\nx,2026-01-05T10:00,1,', 'line 2 has 4 cells, and the header 3'],
    ['detection,minute,matches\nx', 'line 2 has 1 cell, and the header 3'],
    ['detection,minute,matches\n"x,2026-01-05T10:00,1\nx,2026-01-05T11:00,1', 'line 2 has a quote that does not end'],
    ['detection,minute,matches\n"x"y,2026-01-05T10:00,1', 'line 2 has text after a closing quote'],
    ['detection,minute,matches\nx"y",2026-01-05T10:00,1', 'line 2 has a quote in a cell that does not begin with one'],
    ['{"a":', 'it is not whole JSON'],
    ['{"a":1}', 'it is neither CSV nor an answer'],
    ['[5]', 'row 1 has no detection, minute, matches'],
    ['[{"detection":"x","minute":{"toString":1},"matches":1}]', 'row 1 has no minute'],
    ['{"results":5}', 'it is neither CSV nor an answer'],
    ['{"results":[null]}', 'row 1 has no detection, minute, matches'],
    ['{"results":[[null]]}', 'row 1 has no detection, minute, matches'],
    ['{"ResultSet":{"Rows":5}}', 'it is neither CSV nor an answer'],
    ['{"ResultSet":{"Rows":[{"Data":null}]}}', 'it has no column detection, minute, matches'],
    ['{"ResultSet":{"Rows":[null]}}', 'it has no column detection, minute, matches'],
    ['{"ResultSet":{"Rows":[]},"NextToken":"x"}', 'it has a NextToken, so more pages follow'],
  ])('is refused for %j', (text, why) => {
    expect(() => read(text)).toThrowError(refused(why))
  })

  it.each([
    ['Running', 'aws logs get-query-results'],
    ['Scheduled', 'aws logs get-query-results'],
    ['Unknown', 'aws logs get-query-results'],
    ['Failed', 'run the query again'],
    ['Cancelled', 'run the query again'],
    ['Timeout', 'run the query again'],
  ])('is refused while its query is %s', (status, hint) => {
    const answer = (of: string) => JSON.stringify({ ...JSON.parse(shapes[1]?.[1] ?? ''), status: of })
    expect(() => read(answer(status))).toThrowError(refused(`the status of its query is ${status}, not Complete`, hint))
    expect(read(answer('Complete'))).toMatchObject({ rows: 4 })
  })

  it('names the line of a row that follows a cell of several lines', () => {
    const lines = ['detection,minute,eventname,matches', 'x,2026-01-05T10:00,"a', 'b",1', 'x,2026-01-05T10:00,c,?']
    for (const end of ['\n', '\r\n', '\r']) {
      expect(() => read(lines.join(end))).toThrowError(refused('line 4 has matches "?"'))
    }
  })

  it('is never read in part: wherever it is cut, it is refused but at the end of a row', () => {
    const ends = [...csv.matchAll(/\r\n|$/g)].map(({ index }) => index)
    for (let at = 1; at <= csv.length; at += 1) {
      const whole = ends.findIndex((end) => end === at || end + 1 === at || end + 2 === at)
      if (whole === -1) expect(() => read(csv.slice(0, at)), `cut at ${at}`).toThrowError(refused(''))
      else expect(read(csv.slice(0, at)).rows).toBe(whole)
    }
  })

  it('gives back each cell of well-formed CSV', () => {
    const cell = fc.oneof(fc.string(), fc.string({ unit: fc.constantFrom('"', ',', '\n', 'a') }))
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
    fc.assert(
      fc.property(fc.array(fc.array(cell, { minLength: 3, maxLength: 3 })), (table) => {
        const text = table.map((cells) => cells.map(quoted).join(',')).join('\n')
        const ends = (one: string) => one.replaceAll(/\r\n?/g, '\n')
        const found = readCsv(text, (fault) => new Error(fault)).map(({ cells }) => cells)
        expect(found).toEqual(table.map((cells) => cells.map(ends)))
      }),
    )
  })

  it('is read or refused, whatever it is', () => {
    const any = fc.jsonValue()
    const json = fc.oneof(
      any,
      fc.record({ results: any, status: any }, { requiredKeys: ['results'] }),
      fc.record({
        results: fc.array(fc.array(fc.record({ field: fc.oneof(any, fc.constantFrom(...names)), value: any }))),
      }),
      fc.record({ ResultSet: any }),
      fc.record({ ResultSet: fc.record({ Rows: any }) }),
      fc.record({ ResultSet: fc.record({ Rows: fc.array(fc.oneof(any, fc.record({ Data: any }))) }) }),
      fc.array(fc.record({ detection: any, minute: any, matches: any })),
    )
    const marks = fc.string({ unit: fc.constantFrom('"', ',', '\n', '\r', '{', '[', '1', ' ') })
    const spoiled = fc
      .record({ shape: fc.constantFrom(...shapes), at: fc.nat(600), length: fc.nat(3), by: marks })
      .map(({ shape: [, text], at, length, by }) => text.slice(0, at) + by + text.slice(at + length))
    const texts = fc.oneof(
      fc.string(),
      marks,
      spoiled,
      json.map((value) => JSON.stringify(value)),
    )
    fc.assert(
      fc.property(texts, (text) => {
        try {
          read(text)
        } catch (error) {
          expect(error).toEqual(refused(''))
        }
      }),
      { numRuns: 2_000 },
    )
  })
})
