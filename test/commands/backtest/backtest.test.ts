import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../src/detections/catalogue.ts'
import { detectionById } from '../../../src/detections/select.ts'
import { anAccount, type RunOptions, runTool } from '../../support/tool.ts'

const START = Date.UTC(2026, 0, 5)
const SPAN = ['--since', '2026-01-05', '--until', '2026-01-19']
const denied = detectionById('unauthorized-api-calls').ownEvents[0]
const quiet = detectionById('unauthorized-api-calls').neighborEvents[0]
const SCANNER = 'arn:aws:iam::111122223333:role/config-scan'

let next = 0
function at(minutes: number, record: object): object {
  next += 1
  const eventTime = new Date(START + minutes * 60_000).toISOString().replace('.000Z', 'Z')
  return { ...record, eventTime, eventID: `backtest-${next}` }
}

function by(role: string): object {
  const sessionContext = { sessionIssuer: { type: 'Role', arn: role } }
  return { ...denied, userIdentity: { type: 'AssumedRole', arn: `${role}/session`, sessionContext } }
}

/** Every hour a scanner is refused 40 times, and once a day a person 3 times; once, a key is tried 60 times. */
function archive(): Uint8Array {
  const records: object[] = []
  for (let hour = 0; hour < 14 * 24; hour += 1) {
    for (let n = 0; n < 40; n += 1) records.push(at(hour * 60 + (n % 3), by(SCANNER)))
    if (hour % 24 === 9) for (let n = 0; n < 3; n += 1) records.push(at(hour * 60 + 30, denied))
  }
  for (let n = 0; n < 60; n += 1) records.push(at(5 * 1_440 + 45, denied))
  records.push(at(60, detectionById('root-account-usage').ownEvents[0]))
  // No account is ever still, and an alarm falls when other events arrive.
  for (let minute = 0; minute < 14 * 1_440; minute += 2) records.push(at(minute, quiet))
  return gzipSync(JSON.stringify({ Records: records }))
}

const files = { 'a.json.gz': archive() }

async function run(args: readonly string[], options: RunOptions = { files }) {
  return runTool(['backtest', ...args], options)
}

interface Row {
  readonly id: string
  readonly matches: number
  readonly pages: number
  readonly pagesPerWeek: number
  readonly suggestion: { readonly option: string; readonly pages: number; readonly matchesLost: number } | null
}

function rowsOf(result: Awaited<ReturnType<typeof run>>): readonly Row[] {
  expect(result.exit, result.stderr).toBe(0)
  return (result.json() as unknown as { detections: readonly Row[] }).detections
}

describe('backtest of files', () => {
  it('says how often each detection would have paged, and what would make it quiet', async () => {
    const result = await run([
      '--files',
      'a.json.gz',
      ...SPAN,
      '--detections',
      'unauthorized-api-calls,root-account-usage',
      '--json',
    ])
    expect(result.json()).toMatchObject({
      schemaVersion: 1,
      command: 'backtest',
      source: 'files',
      timeBase: 'eventTime',
      from: '2026-01-05T00:00:00.000Z',
      to: '2026-01-19T00:00:00.000Z',
      events: 14 * 24 * 40 + 14 * 3 + 61 + 14 * 720,
      duplicates: 0,
      skippedLines: 0,
      skippedFiles: [],
    })
    const [root, calls] = rowsOf(result)
    expect(root).toMatchObject({ id: 'root-account-usage', matches: 1, pages: 1, pagesPerWeek: 0.5, suggestion: null })
    expect(calls).toMatchObject({
      matches: 14 * 24 * 40 + 14 * 3 + 60,
      pages: 337,
      topSources: [{ key: SCANNER, matches: 14 * 24 * 40 }, { matches: 102 }],
      suggestion: {
        kind: 'exclude-principal',
        option: `--exclude-principal unauthorized-api-calls=${SCANNER}`,
        pages: 1,
        pagesPerWeek: 0.5,
        matchesLost: 14 * 24 * 40,
      },
    })
  })

  it('tells no pages a week where less than a day of events is there', async () => {
    const records = [0, 20, 40].map((minute) => at(minute, detectionById('root-account-usage').ownEvents[0]))
    const short = { files: { 'short.json': JSON.stringify({ Records: records }) } }
    const args = ['short.json', ...SPAN, '--detections', 'root-account-usage']
    const { stdout } = await run(args, short)
    expect(stdout).toMatch(/^root-account-usage +3 +\d +- /m)
    expect(stdout).toMatch(/^Together \d pages?\.$/m)
    expect(stdout).not.toMatch(/pages per week/)
    expect((await run([...args, '--json'], short)).json()).toMatchObject({
      notes: expect.arrayContaining(['less than a day of events says nothing about a week']),
    })
  })

  it('gives with the suggested option what the suggestion promised', async () => {
    const args = ['a.json.gz', ...SPAN, '--detections', 'unauthorized-api-calls', '--json']
    const [before] = rowsOf(await run(args))
    const [after] = rowsOf(await run([...args, ...(before?.suggestion?.option.split(' ') ?? [])]))
    expect(after?.pages).toBe(before?.suggestion?.pages)
    expect((before?.matches ?? 0) - (after?.matches ?? 0)).toBe(before?.suggestion?.matchesLost)
  })

  it('suggests a threshold that was tried where no principal stands out', async () => {
    const records: object[] = []
    for (let day = 0; day < 14; day += 1) {
      for (let n = 0; n < 26 + (day % 3); n += 1) {
        const user = { ...denied, userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::111122223333:user/u${n}` } }
        records.push(at(day * 1_440 + 600, user))
      }
    }
    for (let n = 0; n < 90; n += 1)
      records.push(
        at(3 * 1_440 + 700, {
          ...denied,
          userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::111122223333:user/v${n}` },
        }),
      )
    const held = { files: { 'f.json': JSON.stringify({ Records: records }) } }
    const args = ['f.json', ...SPAN, '--detections', 'unauthorized-api-calls', '--json']
    const [before] = rowsOf(await run(args, held))
    expect(before).toMatchObject({ pages: 15, suggestion: { kind: 'threshold', pages: 1 } })
    const [after] = rowsOf(await run([...args, ...(before?.suggestion?.option.split(' ') ?? [])], held))
    expect(after?.pages).toBe(before?.suggestion?.pages)
  })

  it('shows a table, one row a detection, within 80 columns but for what is to be pasted', async () => {
    const { stdout, exit, stderr } = await run(['a.json.gz', ...SPAN, '--detections', 'cis-1.4'])
    expect(exit, stderr).toBe(0)
    expect(stdout).toMatch(/^14 days, 23,6\d\d events\n/)
    expect(stdout).toMatch(/unauthorized-api-calls +13,5\d\d +337 +168\.5 +5 min {2}█+\n/)
    // Who and what, whole.
    expect(stdout).toContain('\n  who role/config-scan (13,440)  what ec2:DescribeInstances (13,542)\n')
    expect(stdout).toContain(`quieter: --exclude-principal unauthorized-api-calls=${SCANNER}`)
    expect(stdout).toContain('leaves 1 page, loses 13,440 matches')
    expect(stdout).toContain('Counted by eventTime.')
    expect(stdout).toContain('npx cloudtrail-pd init --detections cis-1.4 --dry-run')
    for (const line of stdout.split('\n').filter((one) => !one.includes('--')))
      expect(line.length).toBeLessThanOrEqual(80)
  })

  it.each([40, 60, 120, 200])(
    'says the same in %i columns, with lines that are broken between facts',
    async (columns) => {
      const args = ['a.json.gz', ...SPAN, '--detections', 'unauthorized-api-calls']
      const { stdout } = await run(args, { files, columns })
      const lines = stdout.split('\n')
      for (const line of lines.filter((one) => !one.includes('--'))) expect(line.length).toBeLessThanOrEqual(columns)
      for (const fact of ['role/config-scan (13,440)', 'ec2:DescribeInstances (13,542)', 'leaves 1 page,'])
        expect(lines.filter((line) => line.includes(fact))).toHaveLength(1)
      expect(lines).toContain(
        columns === 40 ? '           loses 13,440 matches' : '           leaves 1 page, loses 13,440 matches',
      )
      // All facts of a row begin at the same column.
      expect(
        lines.filter((line) => /^ +(matches|by day|longest|who|what) /.test(line) && !/^ {2}( {2})?\S/.test(line)),
      ).toEqual([])
    },
  )

  it('has columns for who and what where they have room', async () => {
    const { stdout } = await run(['a.json.gz', ...SPAN, '--detections', 'root-account-usage'], { files, columns: 120 })
    expect(stdout).toMatch(/ by day +who +what\n.* 60 min {2}█▁+ {2}root \(1\) {2}signin:ConsoleLogin \(1\)\n/)
  })

  it('names services and events apart where there are several, since they are counted apart', async () => {
    const s3 = at(10, { ...denied, eventSource: 's3.amazonaws.com', eventName: 'GetObject' })
    const held = { files: { 'f.json': JSON.stringify({ Records: [s3, at(20, denied), at(30, denied)] }) } }
    const { stdout } = await run(['f.json', ...SPAN, '--detections', 'unauthorized-api-calls'], held)
    expect(stdout).toContain('what ec2 (2), DescribeInstances (2)\n')
  })

  it('counts the hours of a short look', async () => {
    const args = ['a.json.gz', '--since', '2026-01-06T10:00', '--until', '2026-01-06T11:00']
    expect((await run(args)).stdout).toMatch(/^1 hour, /)
  })

  it('tests a pattern of ones own with the alarm that is described by flags', async () => {
    const own = [
      '--filter-pattern',
      '{ $.errorCode = "*UnauthorizedOperation" }',
      '--period',
      '3600',
      '--threshold',
      '41',
    ]
    const [row] = rowsOf(await run(['a.json.gz', ...SPAN, ...own, '--json']))
    // Two hours with 40 of the scanner touch the burst, and so do the three of a person each day.
    expect(row?.id).toBe('custom')
    expect(row?.matches).toBe(14 * 24 * 40 + 14 * 3 + 60)
    expect(row?.pages).toBeGreaterThan(0)
  })

  it('takes the detections of a setup file', async () => {
    const setup = 'detections:\n  - id: root-account-usage\n    threshold: 2\n'
    const [row, ...others] = rowsOf(
      await run(['a.json.gz', ...SPAN, '--config', 's.yaml', '--json'], { files: { ...files, 's.yaml': setup } }),
    )
    expect(others).toEqual([])
    expect(row).toMatchObject({ id: 'root-account-usage', matches: 1, pages: 0 })
  })

  it('writes a page that holds everything and reaches for nothing', async () => {
    const written: Record<string, string> = { ...Object.fromEntries(Object.entries(files).map(([name]) => [name, ''])) }
    const held = { files: { ...files, ...written, 'a.json.gz': files['a.json.gz'] } }
    const { exit, stderr } = await run(['a.json.gz', ...SPAN, '--html', 'report.html'], held)
    expect(exit, stderr).toBe(0)
    expect(stderr).toContain('wrote report.html')
    expect((await run(['a.json.gz', ...SPAN, '--html', 'report.html'], held)).exit).toBe(0)
  })

  it('says that the page has no place before it reads anything', async () => {
    const unread = { files: { ...files, 'empty.json': '' } }
    const nowhere = await run(['nosuch.json', '--html', '/nosuch/r.html', '--json'], unread)
    expect(nowhere).toMatchObject({ exit: 1 })
    expect(nowhere.json()).toMatchObject({ error: { code: 'file-not-written' } })
    const over = await run(['nosuch.json', '--html', 'a.json.gz', '--json'], unread)
    expect(over).toMatchObject({ exit: 2 })
    expect(over.json()).toMatchObject({
      error: { code: 'file-exists', message: '"a.json.gz" already exists and is no HTML page' },
    })
  })

  it('shows what was counted where the page could not be written after all', async () => {
    const args = ['a.json.gz', ...SPAN, '--html', '/full/r.html']
    const { exit, stdout } = await run(args)
    expect(exit).toBe(1)
    expect(stdout).toMatch(/^\S+ "\/full\/r\.html" could not be written \(ENOSPC: no space is left\)\n\n14 days, /)
    const result = await run([...args, '--json'])
    expect(result.json()).toMatchObject({ source: 'files', error: { code: 'file-not-written' } })
  })
})

describe('what backtest refuses', () => {
  it.each([
    [[], 'no-source', 'no source of events was given'],
    [['--files', 'a', '--lookup'], 'source-conflict', '--files and --lookup were both given'],
    [['--engine', 'athena'], 'engine-task', '--engine athena was given without --print or --result'],
    [['--engine', 'athena', '--print', '--result', 'r'], 'engine-task', '--print and --result were both given'],
    [['--engine', 'athena', '--print', '--html', 'x.html'], 'engine-task', '--print and --html were both given'],
    [['--print'], 'engine-missing', '--print needs a query engine'],
    [['nosuch.json'], 'no-events', ''],
    [['a.json.gz', '--since', 'soon'], 'time-unreadable', '--since "soon" is neither a time nor a duration'],
    [
      ['a.json.gz', '--since', '2026-02-30'],
      'time-unreadable',
      '--since "2026-02-30" is neither a time nor a duration',
    ],
    [['a.json.gz', '--since', '2026-01-05', '--until', '2026-01-05'], 'window-empty', 'is empty'],
    [
      ['a.json.gz', '--since', '2020-01-01', '--until', '2020-01-15'],
      'no-events',
      'the source holds events from 2026-01-05T00:00Z',
    ],
    [['a.json.gz', '--threshold', '5'], 'custom-without-pattern', '--filter-pattern is missing'],
    [['a.json.gz', '--filter-pattern', '{ $.a == 1 }'], 'pattern-refused', 'column'],
    [['a.json.gz', '--detections', 'nosuch'], 'unknown-detection', 'nosuch'],
    [
      ['--engine', 'athena', '--print', '--filter-pattern', '{ $.nosuch = "x" }'],
      'not-compilable',
      'the table has no column for $.nosuch',
    ],
  ] as const)('%j: %s, before any call', async (args, code, message) => {
    const result = await run([...args, '--json'])
    expect(result.exit).toBe(2)
    const { error } = result.json() as unknown as { error: { code: string; message: string } }
    expect(error.code).toBe(code)
    expect(error.message).toContain(message)
  })
})

describe('backtest by a query', () => {
  it('prints the query alone, and makes the report of its answer', async () => {
    const choice = ['--detections', 'root-account-usage', ...SPAN]
    const { stdout, exit } = await run(['--engine', 'athena', '--print', ...choice])
    expect(exit).toBe(0)
    expect(stdout).toMatch(/^-- Partitions/)
    expect(stdout).toContain('FROM cloudtrail_logs')
    const csv = [
      'detection,minute,principal,eventsource,eventname,matches',
      '*,2026-01-05T01:00,,,,50',
      '*,2026-01-18T23:00,,,,50',
      'root-account-usage,2026-01-06T10:00,arn:aws:iam::111122223333:root,iam.amazonaws.com,CreateUser,3',
      'root-account-usage,2026-01-09T10:00,arn:aws:iam::111122223333:root,iam.amazonaws.com,CreateUser,1',
    ].join('\n')
    const result = await run(['--engine', 'athena', '--result', 'r.csv', ...choice, '--json'], {
      files: { 'r.csv': csv },
    })
    expect(result.json()).toMatchObject({ source: 'athena', events: 100, timeBase: 'eventTime' })
    expect(rowsOf(result)).toMatchObject([{ id: 'root-account-usage', matches: 4, pages: 2, pagesPerWeek: 1 }])
  })

  it('counts the weeks that the answer of Athena covers', async () => {
    const csv = [
      'detection,minute,principal,eventsource,eventname,matches',
      '*,2026-01-05T01:00,,,,50',
      '*,2026-01-08T11:59,,,,50',
      'root-account-usage,2026-01-06T10:00,arn:aws:iam::111122223333:root,iam.amazonaws.com,CreateUser,3',
    ].join('\n')
    const choice = ['--detections', 'root-account-usage', ...SPAN]
    const result = await run(['--engine', 'athena', '--result', 'r.csv', ...choice, '--json'], {
      files: { 'r.csv': csv },
    })
    expect(rowsOf(result)).toMatchObject([{ pages: 1, pagesPerWeek: 2 }])
    expect(result.json()).toMatchObject({ notes: [expect.stringContaining('the source ends at'), expect.anything()] })
  })

  it('says that Logs Insights gives matches alone', async () => {
    const choice = ['--detections', 'root-account-usage', ...SPAN]
    const { stdout } = await run(['--engine', 'logs-insights', '--print', ...choice])
    expect(stdout).toMatch(/^# root-account-usage\nfields /)
    const json = JSON.stringify({
      results: [
        [
          { field: 'detection', value: 'root-account-usage' },
          { field: 'minute', value: '2026-01-06 10:00:00.000' },
          { field: 'matches', value: '2' },
        ],
      ],
    })
    const result = await run(['--engine', 'logs-insights', '--result', 'r.json', ...choice, '--json'], {
      files: { 'r.json': json },
    })
    expect(result.json()).toMatchObject({
      source: 'logs-insights',
      events: 2,
      notes: [expect.stringContaining('matches alone')],
    })
  })

  it('keeps open whether a detection without a row in Logs Insights matched nothing', async () => {
    const csv = 'detection,minute,matches\nroot-account-usage,2026-01-06 10:00:00.000,2'
    const chosen = 'root-account-usage,vpc-changes,lambda-public'
    const hours = Array.from({ length: 56 }, (_, at) =>
      new Date(Date.UTC(2026, 0, 5) + at * 6 * 3_600_000).toISOString(),
    )
    const all = [csv, ...hours.map((hour) => `*,${hour},1`)].join('\n')
    const withFile = { files: { 'r.csv': csv, 'all.csv': all } }
    const answer = ['--detections', chosen, ...SPAN, '--json', '--result']
    const insights = await run(['--engine', 'logs-insights', ...answer, 'r.csv'], withFile)
    expect(insights.json()).toMatchObject({
      notes: [
        expect.stringContaining('matches alone'),
        'no row for lambda-public, vpc-changes: nothing matched, or the results of their queries were not given',
      ],
    })
    const athena = await run(['--engine', 'athena', ...answer, 'all.csv'], withFile)
    expect(athena.json()).toMatchObject({ events: hours.length, notes: [] })
  })

  it.each([
    ['', 'the result has no rows', 'check the time range of the query, and its table or log group'],
    ['*,2027-01-06T10:00,50', 'no row of the result matches the time range', 'pass the same --since, --until'],
  ])('finds no events in the row %j, and says what to look at', async (row, message, hint) => {
    const files = { 'r.csv': `detection,minute,matches\n${row}` }
    const result = await run(['--engine', 'athena', '--result', 'r.csv', ...SPAN, '--json'], { files })
    expect(result.exit).toBe(2)
    expect(result.json()).toMatchObject({
      error: {
        code: 'no-events',
        message: expect.stringContaining(message),
        hint: expect.stringContaining(hint),
      },
    })
  })

  it('refuses an answer that was cut, with the line', async () => {
    const cut = 'detection,minute,matches\nroot-account-usage,2026-01-06T10:00,1\n"root-account-us'
    const result = await run(['--engine', 'athena', '--result', 'cut.csv', ...SPAN], { files: { 'cut.csv': cut } })
    expect(result.exit).toBe(2)
    expect(result.stderr.replaceAll(/\s+/g, ' ')).toContain(
      '--result "cut.csv" is not a whole answer to the query: line 3 has a quote that does not end',
    )
  })
})

describe('backtest of an account', () => {
  it('reads a log group as CloudWatch Logs reads the pattern, and the event history', async () => {
    const account = await anAccount()
    await account.run(['init', '--yes', '--detections', 'cis-1.4', '--confirm-timeout', '0'])
    // A log group holds nothing from before it was made.
    await account.sandbox.clock.sleep(10 * 3_600_000)
    const group = Object.values(account.sandbox.state.logGroups)[0]
    if (group === undefined) throw new Error('no log group')
    const now = account.sandbox.clock.now().getTime()
    for (const [n, minutes] of [300, 200, 100].entries()) {
      const record = { ...detectionById('root-account-usage').ownEvents[0], eventID: `logged-${n}` }
      group.events.push({
        ...(group.events[0] as object),
        id: `logged-${n}`,
        at: now - minutes * 60_000,
        message: JSON.stringify(record),
      } as never)
    }
    account.calls()
    const logged = await account.run([
      'backtest',
      '--log-group',
      group.name,
      '--detections',
      'root-account-usage',
      '--json',
    ])
    expect(logged.exit, logged.stderr).toBe(0)
    expect(logged.json()).toMatchObject({
      source: 'log-group',
      timeBase: 'log timestamp',
      notes: expect.arrayContaining([expect.stringContaining('matches alone')]),
    })
    expect((logged.json() as unknown as { detections: readonly Row[] }).detections[0]).toMatchObject({
      matches: 3,
      pages: 3,
    })
    expect([...new Set(account.calls().map(({ operation }) => operation))].sort()).toEqual([
      'DescribeLogGroups',
      'FilterLogEvents',
      'GetCallerIdentity',
    ])
    const looked = await account.run(['backtest', '--lookup', '--detections', 'all', '--since', '100d', '--json'])
    expect(looked.exit, looked.stderr).toBe(0)
    expect(looked.json()).toMatchObject({
      source: 'lookup',
      timeBase: 'eventTime',
      notes: [expect.stringContaining('reaches back to'), expect.stringContaining('management events')],
    })
    const asked = ['backtest', '--log-group', group.name, '--detections', 'root-account-usage', '--json']
    const begins = Math.min(...group.events.map(({ at }) => at))
    const before = await account.run([...asked, '--until', new Date(begins - 60_000).toISOString().slice(0, 16)])
    expect(before.json()).toMatchObject({ error: { code: 'no-events', message: expect.stringContaining('holds no') } })
    const missing = await account.run(['backtest', '--log-group', 'nosuch', '--json'])
    expect(missing.json()).toMatchObject({ error: { code: 'log-group-missing' } })
    await account.close()
  })
})

describe('every detection of the catalogue', () => {
  it('is found in its own example, and pages once where one event is enough', async () => {
    const records = catalogue.map(({ ownEvents: [matchingEvent] }, index) => at(index * 200, matchingEvent))
    const held = { files: { 'f.json': JSON.stringify({ Records: records }) } }
    for (const { id, matches } of rowsOf(await run(['f.json', ...SPAN, '--detections', 'all', '--json'], held))) {
      expect(matches, id).toBeGreaterThan(0)
    }
  })
})
