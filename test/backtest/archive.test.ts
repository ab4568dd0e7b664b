import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { judgeTally } from '../../src/backtest/result.ts'
import { createSearch, deliveredOn, passedOver, searchLong } from '../../src/backtest/search.ts'
import { soughtOf } from '../../src/backtest/sought.ts'
import { countFiles } from '../../src/backtest/sources.ts'
import { filesOf, wallClock } from '../../src/cli/platform.ts'
import type { CloudTrailEvent } from '../../src/detections/detection.ts'
import { detectionById } from '../../src/detections/select.ts'

const detections = [detectionById('root-account-usage'), detectionById('trail-stopped-or-blinded')]
const START = Date.UTC(2026, 0, 5)
const WINDOW = { from: START / 60_000, to: START / 60_000 + 14 * 1_440 }

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cloudtrail-pd-archive-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

let next = 0
function stopped(hours: number, more: object = {}): CloudTrailEvent {
  next += 1
  const eventTime = new Date(START + hours * 3_600_000).toISOString().replace('.000Z', 'Z')
  return { ...detectionById('trail-stopped-or-blinded').ownEvents[0], eventTime, eventID: `event-${next}`, ...more }
}

function fileOf(...records: readonly object[]): string {
  return JSON.stringify({ Records: records })
}

function put(name: string, content: string | Uint8Array): string {
  const path = join(folder, name)
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, content)
  return path
}

/** More than is held as a whole. */
const LINES = 45_000
const JUNK = `${'x'.repeat(99)}\n`.repeat(LINES)

async function count(paths: readonly string[] = [folder], window = WINDOW) {
  const run = { detections, window, clock: wallClock(), signal: new AbortController().signal, progress: () => {} }
  const judged = await countFiles(
    run,
    filesOf(() => process.stdin),
    paths,
  )
  const result = judgeTally(judged)
  return { ...result, matches: result.detections[1]?.matches, pages: result.detections[1]?.pages }
}

describe('CloudTrail files', () => {
  it('count alike compressed or not, in folders, as lists, an event a line, and over several lines', async () => {
    put(
      'AWSLogs/o-abc/111122223333/CloudTrail/us-east-1/2026/01/05/a.json.gz',
      gzipSync(fileOf(stopped(1), stopped(2))),
    )
    put('b.json', fileOf(stopped(5)))
    put('c.json', JSON.stringify([stopped(9)]))
    put('d.jsonl', `${JSON.stringify(stopped(12))}\n${JSON.stringify(stopped(13))}\n`)
    put('e.json', JSON.stringify(stopped(20), undefined, 2))
    put('f.json', `\uFEFF${fileOf(stopped(24))}`)
    put('g.json', Buffer.from(`\uFEFF${fileOf(stopped(28))}`, 'utf16le'))
    // The alarm is held for an hour, so an event an hour after another is in the same page.
    expect(await count()).toMatchObject({ events: 9, matches: 9, pages: 7, skippedFiles: [], skippedLines: 0 })
  })

  it('that are damaged are named, and what could be read of them counts', async () => {
    put('a.json.gz', gzipSync(fileOf(stopped(1))))
    const cut = gzipSync(
      fileOf(...Array.from({ length: 2_000 }, (_, at) => stopped(at % 300, { note: String(Math.random()) }))),
    )
    put('cut.json.gz', cut.subarray(0, cut.length - 2_000))
    put('cut.json', fileOf(stopped(2), stopped(3)).slice(0, -40))
    const tail = fileOf(...Array.from({ length: 50 }, (_, at) => stopped(at)))
    put('tail.json.gz', Buffer.concat([gzipSync(tail), Buffer.from('and then some text')]))
    const { skippedFiles, skippedLines, events, matches } = await count()
    expect(skippedFiles.map(({ path, reason }) => [path.slice(folder.length + 1), reason])).toEqual([
      ['cut.json', 'it begins like a CloudTrail file, but is not whole JSON'],
      ['cut.json.gz', 'damaged or cut-off gzip data'],
      ['tail.json.gz', 'damaged or cut-off gzip data'],
    ])
    expect(skippedLines).toBe(0)
    // Of the broken JSON the record before the cut, of the broken gzip more than a thousand.
    expect(events).toBeGreaterThan(1_000)
    expect(matches).toBe(events)
    // All that stands before the text counts.
    expect(await count([join(folder, 'tail.json.gz')])).toMatchObject({ events: 50 })
  })

  it.each([
    ['a.json.gz', 'plain text\nover lines', 'not gzip, although its name says so'],
    ['a.json.gz', '', 'not gzip, although its name says so'],
    ['a.json.gz', JUNK, 'not gzip, although its name says so'],
    ['a.json', Buffer.from([0, 200, 10, 255, 10]), 'nothing in it is a JSON object'],
    ['a.json.gz', gzipSync('<Error>\n</Error>'), 'nothing in it is a JSON object'],
    ['a.json', JUNK, 'nothing in it is a JSON object'],
  ])('that are not what the name %s says are named, and not counted by lines', async (name, content, reason) => {
    put('b.json', fileOf(stopped(1)))
    const path = put(name, content)
    expect(await count()).toMatchObject({ events: 1, skippedLines: 0, skippedFiles: [{ path, reason }] })
    rmSync(join(folder, 'b.json'))
    await expect(count()).rejects.toMatchObject({ message: expect.stringMatching(/; 1 file could not be read$/) })
  })

  it('that lost their gzip on the way, or hold lines of others too, count as they are', async () => {
    put('a.json.gz', fileOf(stopped(1)))
    put('b.json', `START\n${JSON.stringify(stopped(9))}\n`)
    put('c.json', `${JUNK}${JSON.stringify(stopped(20))}\n`)
    put('d.json', '{"fileVersion":"1.0","configurationItems":[]}')
    expect(await count()).toMatchObject({ events: 3, skippedLines: LINES + 2, skippedFiles: [] })
  })

  it('may have something else before their records', async () => {
    put('a.json', `{"foo":{"Records":[1]},"Records":[${JSON.stringify(stopped(1))}]}`)
    put('b.json', JSON.stringify({ region: 'us-east-1', Records: [stopped(9), stopped(20)] }, undefined, 2))
    put('c.json', `${JSON.stringify({ foo: 1, Records: [stopped(30)] })}\n`.repeat(2))
    expect(await count()).toMatchObject({ events: 4, duplicates: 1, skippedLines: 0 })
  })

  it.each(['2026-01-05T99:99:00Z', '2026-01-05T10:60:00Z', '2026-01-05T10:00:61Z', '2026-01-32T10:00:00Z'])(
    'count no record at %s, which is no time',
    async (eventTime) => {
      put('a.json', fileOf(stopped(1), stopped(2, { eventTime }), stopped(3)))
      expect(await count()).toMatchObject({ events: 2, skippedLines: 1 })
    },
  )

  it.each(['2026-02-30T10:00:00Z', '2026-02-30T10:00:00.5Z'])('count no record of %s', async (eventTime) => {
    put('a.json', fileOf(stopped(1), stopped(2, { eventTime })))
    const window = { ...WINDOW, to: WINDOW.to + 100 * 1_440 }
    expect(await count([folder], window)).toMatchObject({ events: 1, skippedLines: 1 })
  })

  it('that are cut off are not what ends a run that is interrupted while they stream by', async () => {
    const whole = gzipSync(fileOf(stopped(1), stopped(2)))
    const interrupt = new AbortController()
    const bytes = async function* () {
      yield whole.subarray(0, whole.length - 20)
      interrupt.abort(new Error('interrupted'))
    }
    const files = filesOf(() => process.stdin)
    const search = createSearch({ sought: soughtOf(detections), window: WINDOW }, files)
    const long = { kind: 'long', path: 'cut.json.gz', bytes: bytes(), close: async () => {} } as const
    const parts = searchLong(long, search, interrupt.signal)
    await expect(parts.next()).rejects.toThrow('interrupted')
  })

  it('that are digests or Insights are passed over and counted', async () => {
    put('AWSLogs/1/CloudTrail/us-east-1/a.json', fileOf(stopped(1)))
    put(
      'AWSLogs/1/CloudTrail-Digest/us-east-1/x.json.gz',
      gzipSync('{"awsAccountId":"1","digestStartTime":"2026-01-05T00:00:00Z"}'),
    )
    put('AWSLogs/1/CloudTrail-Insight/us-east-1/x.json.gz', gzipSync(fileOf(stopped(1))))
    put('moved.json', '{"awsAccountId":"1","digestStartTime":"2026-01-05T00:00:00Z"}')
    const { events, notes } = await count()
    expect(events).toBe(1)
    expect(notes).toEqual(
      expect.arrayContaining([
        expect.stringContaining('2 digest files'),
        expect.stringContaining('1 file of CloudTrail Insights'),
      ]),
    )
  })

  it('may hold a record twice, out of order, and from clocks that are wrong', async () => {
    const one = stopped(30)
    put('a.json', fileOf(stopped(40), one, stopped(1)))
    put('b.json', fileOf(one, stopped(20), stopped(24 * 365)))
    put('c.json', fileOf({ ...one, eventTime: '2026-01-09T00:00:00Z' }))
    expect(await count()).toMatchObject({ events: 5, duplicates: 1, matches: 5 })
  })

  it('may lie behind links that lead back, and in folders that may not be entered', async () => {
    put('a/a.json', fileOf(stopped(1)))
    symlinkSync('..', join(folder, 'a', 'back'))
    symlinkSync('nowhere', join(folder, 'a', 'dangling'))
    symlinkSync('itself', join(folder, 'a', 'itself'))
    put('closed/b.json', fileOf(stopped(2)))
    chmodSync(join(folder, 'closed'), 0)
    const { events, skippedFiles } = await count()
    chmodSync(join(folder, 'closed'), 0o700)
    // Whoever is root may enter every folder.
    expect(events).toBe(process.getuid?.() === 0 ? 2 : 1)
    expect(skippedFiles.map(({ reason }) => reason)).toEqual(
      expect.arrayContaining(['a broken symbolic link', 'a symbolic link that points to itself']),
    )
  })

  it('of which one is very long are read piece by piece', async () => {
    const filler = 'x'.repeat(20 * 1024 * 1024)
    put('long-line.jsonl', `${JSON.stringify(stopped(1, { filler }))}\n${JSON.stringify(stopped(9))}\n`)
    put(
      'long.json.gz',
      gzipSync(fileOf(...Array.from({ length: 300 }, (_, at) => stopped(at, { filler: 'y'.repeat(60_000) })))),
    )
    expect(await count()).toMatchObject({ events: 302, matches: 302, skippedFiles: [] })
  }, 60_000)

  it('may hold what AWS tools print, and then the records within count', async () => {
    const text = (hours: number) => JSON.stringify(stopped(hours))
    put('lookup.json', JSON.stringify({ Events: [{ EventId: 'x', CloudTrailEvent: text(1) }] }))
    put('filtered.json', JSON.stringify({ events: [{ message: text(5), timestamp: 1 }], searchedLogStreams: [] }))
    put('subscribed.json', JSON.stringify({ messageType: 'DATA_MESSAGE', logEvents: [{ message: text(9) }] }))
    put('bridge.json', JSON.stringify({ 'detail-type': 'AWS API Call via CloudTrail', detail: stopped(13) }))
    put('insights.json', JSON.stringify({ results: [[{ field: '@message', value: text(17) }]] }))
    put('tail.txt', `2026-01-05T10:00:00.000000+00:00 111122223333_CloudTrail_us-east-1 ${text(21)}\n`)
    put('pretty.json', `${JSON.stringify(stopped(25), undefined, 2)}\n${JSON.stringify(stopped(29), undefined, 2)}\n`)
    expect(await count()).toMatchObject({ events: 8, matches: 8, skippedLines: 0 })
  })

  it('that hold nothing of the time asked for are an error that says what they hold', async () => {
    put('a.json', fileOf(stopped(24 * 100)))
    await expect(count()).rejects.toMatchObject({
      code: 'no-events',
      exit: 2,
      message: expect.stringContaining('the source holds events from 2026-04-15T00:00Z'),
      hint: 'ask for those: --since 2026-04-15 --until 2026-04-16',
    })
    await expect(count([join(folder, 'nosuch')])).rejects.toMatchObject({ code: 'file-unreadable', exit: 2 })
    rmSync(join(folder, 'a.json'))
    await expect(count()).rejects.toMatchObject({ message: 'there is no file in what was named' })
    put('CloudTrail-Digest/x.json.gz', gzipSync('{"awsAccountId":"1"}'))
    await expect(count()).rejects.toMatchObject({ message: expect.stringMatching(/; 1 digest file passed over$/) })
    for (const day of ['20250301', '20250304']) put(`111122223333_CloudTrail_us-east-1_${day}T0005Z_x.json.gz`, '')
    await expect(count()).rejects.toMatchObject({
      message: expect.stringContaining('by their names, the files are of 2025-03-01 to 2025-03-04'),
      hint: 'ask for those: --since 2025-03-01 --until 2025-03-05',
    })
    put('b.txt', 'START RequestId\nEND\n')
    await expect(count()).rejects.toMatchObject({ message: 'none of these 2 messages looks like a CloudTrail record' })
    put('b.txt', 'not found')
    await expect(count()).rejects.toMatchObject({
      message: 'the one message does not look like a CloudTrail record',
    })
  })

  it('that cover less than was asked for narrow the weeks, and that is said', async () => {
    put('a.json', fileOf(stopped(0), stopped(24 * 7 - 0.01)))
    const {
      weeks,
      notes,
      detections: [, one],
    } = await count()
    expect(weeks).toBe(1)
    expect(one?.pagesPerWeek).toBe(2)
    expect(notes[0]).toContain('the source ends at 2026-01-11T23:59Z')
  })
})

describe('the name of a log file', () => {
  const name = (day: string) =>
    `AWSLogs/1/CloudTrail/us-east-1/111122223333_CloudTrail_us-east-1_${day}T1005Z_Abc.json.gz`

  it('tells whether it can hold events of the window', () => {
    expect(deliveredOn(name('20260105'))).toBe(START)
    expect(passedOver(name('20260101'), WINDOW)).toBe('window')
    expect(passedOver(name('20260104'), WINDOW)).toBeUndefined()
    expect(passedOver(name('20260119'), WINDOW)).toBeUndefined()
    expect(passedOver(name('20260122'), WINDOW)).toBe('window')
    expect(passedOver('some/other.json', WINDOW)).toBeUndefined()
  })
})
