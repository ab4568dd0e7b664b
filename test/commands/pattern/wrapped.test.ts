import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { runTool } from '../../support/tool.ts'

const ROOT = '{ ($.userIdentity.type = "Root") && ($.eventName = "ConsoleLogin") }'
const fixture = (name: string) => readFileSync(`test/fixtures/wrapped-events/${name}`, 'utf8')
const record: object = JSON.parse(fixture('eventbridge.json')).detail
const message = JSON.stringify(record)
const payload = { messageType: 'DATA_MESSAGE', owner: '1', logEvents: [{ id: '1', timestamp: 1, message }] }
const zipped = gzipSync(JSON.stringify(payload)).toString('base64')

function run(args: readonly string[], content: string | Uint8Array) {
  return runTool(args, { files: { events: content } })
}

function test(content: string | Uint8Array, ...flags: readonly string[]) {
  return run(['pattern', 'test', ROOT, 'events', '--json', ...flags], content)
}

const pretty = JSON.stringify(record, null, 2)
const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(`${message}\n`, 'utf16le')])

const WRAPPED: readonly (readonly [string, string | Uint8Array, RegExp | undefined, number])[] = [
  ['the answer of lookup-events', fixture('lookup-events.json'), /unwrapped 1 record of lookup-events/, 1],
  ['the list in it', JSON.stringify(JSON.parse(fixture('lookup-events.json')).Events), /of lookup-events/, 1],
  ['the answer of filter-log-events', fixture('filter-log-events.json'), /1 record of filter-log-events/, 1],
  ['a file with more than records', `{"foo":1,"Records":[${message}]}`, /1 record of a CloudTrail file/, 1],
  ['an event of EventBridge', fixture('eventbridge.json'), /1 record of EventBridge/, 1],
  ['lines of logs tail', fixture('logs-tail-short.txt'), /1 record of logs tail/, 1],
  ['lines of logs tail with streams', `2026-01-15T10:00:05.123000+00:00 a_stream ${message}\n`, /of logs tail/, 1],
  ['the payload of a subscription', JSON.stringify(payload), /1 record of a subscription filter/, 1],
  ['the same as Lambda gets it', JSON.stringify({ awslogs: { data: zipped } }), /of a subscription filter/, 1],
  [
    'results of Logs Insights',
    JSON.stringify({ results: [[{ field: '@message', value: message }]] }, null, 2),
    /of Logs Insights/,
    1,
  ],
  [
    'records that are JSON strings',
    `${JSON.stringify(message)}\n${JSON.stringify(message)}\n`,
    /2 records of a JSON string/,
    2,
  ],
  ['several printed documents in a row', `${pretty}\n${pretty}\n`, undefined, 2],
  ['UTF-16, as PowerShell writes it', utf16, /read as UTF-16/, 1],
]

describe('pattern test unwraps', () => {
  it.each(WRAPPED)('%s, and says so on stderr', async (_what, content, said, count) => {
    const result = await test(content)
    expect(result.exit, result.stdout).toBe(0)
    expect(result.json().results).toEqual(Array.from({ length: count }, (_, index) => ({ index, match: true })))
    if (said === undefined) expect(result.stderr).toBe('')
    else expect(result.stderr).toMatch(said)
  })

  it('nothing with --lines', async () => {
    const result = await test(fixture('logs-tail-short.txt'), '--lines')
    expect(result.json().results).toEqual([{ index: 0, match: false }])
    expect(result.stderr).toBe('')
  })

  it('nothing that only looks like it: an application may log a message with a timestamp', async () => {
    const lines = `${JSON.stringify({ timestamp: 1, message: 'started' })}\n${message}\n`
    const result = await test(lines)
    expect(result.json().results).toEqual([
      { index: 0, match: false },
      { index: 1, match: true },
    ])
    expect(result.stderr).toBe('')
  })
})

describe('a no on what was not understood', () => {
  it.each([
    ['a table', 'time,user,event\n10:00,root,ConsoleLogin\n'],
    ['events of something else', '{"level":"info"}\n{"level":"warn"}\n'],
    ['a whole answer of another call', JSON.stringify({ Trails: [{ Name: 'main' }] }, null, 2)],
  ])('is refused for %s', async (_what, content) => {
    const result = await test(content)
    expect(result.exit).toBe(2)
    expect(result.json()).toMatchObject({
      error: {
        message: expect.stringContaining('none of these looks like a CloudTrail record'),
        hint: expect.stringContaining('--lines'),
      },
    })
    expect((await test(content, '--lines')).exit).toBe(0)
  })

  it('is an answer where another record was understood, where a term was searched, and where nothing was read', async () => {
    expect((await test(`${JSON.stringify({ ...record, eventName: 'Other' })}\n{"level":"info"}\n`)).exit).toBe(0)
    expect((await run(['pattern', 'test', 'ERROR', 'events'], 'fine\n')).exit).toBe(0)
    expect((await test('')).exit).toBe(0)
  })

  it('is none where something matched', async () => {
    expect((await run(['pattern', 'test', '{ $.level = "info" }', 'events'], '{"level":"info"}\n')).exit).toBe(0)
  })
})

describe('pattern explain --event', () => {
  it('unwraps as pattern test does', async () => {
    const result = await run(['pattern', 'explain', ROOT, '--event', 'events', '--json'], fixture('lookup-events.json'))
    expect(result.json()).toMatchObject({ match: true })
    expect(result.stderr).toMatch(/unwrapped 1 record of lookup-events/)
  })

  it('refuses what holds no record', async () => {
    const result = await run(['pattern', 'explain', ROOT, '--event', 'events', '--json'], '{"level":"info"}')
    expect(result.exit).toBe(2)
    expect(result.json()).toMatchObject({ error: { code: 'no-cloudtrail-record' } })
  })
})
