/** The SQL for Athena on a real Trino, beside the pattern engine: the same records, the same counts. */

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { athenaQuery, detectionSql } from '../../src/backtest/engine/athena.ts'
import { Uncompilable } from '../../src/backtest/engine/uncompiled.ts'
import { createSighter } from '../../src/backtest/sight.ts'
import { soughtOf } from '../../src/backtest/sought.ts'
import { createTally } from '../../src/backtest/tally.ts'
import { catalogue } from '../../src/detections/catalogue.ts'
import { customDetection } from '../../src/detections/custom.ts'
import type { CloudTrailEvent, Detection } from '../../src/detections/detection.ts'
import { AppError } from '../../src/errors.ts'
import { compile } from '../../src/patterns/match/match.ts'
import { parsePattern } from '../../src/patterns/parse/parse.ts'
import { variations } from './records.ts'
import { startTrino, type Trino, whyNoTrino } from './trino.ts'

const RECORDS = 6_000
const START = Date.UTC(2026, 0, 5)

const why = await whyNoTrino()
if (why !== undefined) process.stdout.write(`test:athena is skipped: ${why}\n`)

/** The statement of the Athena guide, in Trino's words, with the field that it lacks. */
const TABLE = `CREATE TABLE cloudtrail_logs (
  eventversion varchar,
  useridentity row(type varchar, principalid varchar, arn varchar, accountid varchar, invokedby varchar,
    accesskeyid varchar, username varchar,
    sessioncontext row(attributes row(mfaauthenticated varchar, creationdate varchar),
      sessionissuer row(type varchar, principalid varchar, arn varchar, accountid varchar, username varchar),
      assumedroot varchar)),
  eventtime varchar, eventsource varchar, eventname varchar, awsregion varchar, sourceipaddress varchar,
  useragent varchar, errorcode varchar, errormessage varchar, requestparameters varchar, responseelements varchar,
  additionaleventdata varchar, requestid varchar, eventid varchar, eventtype varchar, apiversion varchar,
  readonly varchar, recipientaccountid varchar, serviceeventdetails varchar, sharedeventid varchar,
  vpcendpointid varchar, eventcategory varchar, sessioncredentialfromconsole varchar
) WITH (format = 'OPENX_JSON', external_location = 'local:///records')`

interface Vectors {
  readonly kind: string
  readonly pattern: string
  readonly match?: readonly string[]
  readonly miss?: readonly string[]
}

const file = new URL('../fixtures/pattern-vectors.jsonl', import.meta.url)
const vectors = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as Vectors)
  .filter(({ kind }) => kind === 'json')

/** Patterns of one's own that reach what no pattern of the catalogue does. */
const OWN = [
  '{ $.requestParameters.a[*] != "all" }',
  '{ $.requestParameters.valuesToAdd[*] NOT EXISTS }',
  '{ $.requestParameters.enable IS TRUE }',
  '{ $.requestParameters.enable IS FALSE }',
  '{ $.requestParameters.enable IS NULL }',
  '{ $.requestParameters.enable = "*" }',
  '{ $.requestParameters.enable = 1 }',
  '{ $.requestParameters.enable != 1 }',
  '{ $.requestParameters.enable > 0.5 }',
  '{ $.requestParameters.enable <= 1 }',
  '{ $.requestParameters.userName = %^[a-z]+\\d*$% }',
  '{ $.userIdentity.arn = "arn:*:user/*" }',
  '{ $.userIdentity.arn = %^arn:aws:iam::\\d{12}:(root)?% }',
  '{ $.userAgent = "*é*" }',
  '{ $.userAgent != "aws-cli/*" }',
  '{ $.readOnly IS TRUE }',
  '{ $.readOnly IS FALSE }',
  '{ $.errorCode = 1 }',
  '{ $.errorCode != 1 }',
  '{ $.requestParameters.ipPermissions.items[0].ipRanges.items[*].cidrIp NOT EXISTS }',
].filter((pattern) => parsePattern(pattern).validity !== 'refused')

function own(pattern: string, index: number): Detection[] {
  try {
    const { detection } = customDetection({ filterPattern: pattern, filterName: `own-${index}` })
    detectionSql(detection)
    return [detection]
  } catch (error) {
    if (error instanceof AppError || error instanceof Uncompilable) return []
    throw error
  }
}

/** The table holds columns as text, so only records whose columns are text, or absent, can stand in it. */
function fits(message: string): CloudTrailEvent[] {
  const free = ['requestParameters', 'responseElements', 'additionalEventData', 'serviceEventDetails']
  try {
    const record = JSON.parse(message) as CloudTrailEvent
    const flat = (value: unknown): boolean =>
      typeof value === 'string' ||
      (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(flat))
    const fine = Object.entries(record).every(([key, value]) => {
      if (free.includes(key)) return typeof value === 'object' && value !== null
      return flat(value) || (typeof value === 'boolean' && key === 'readOnly')
    })
    return fine ? [record] : []
  } catch {
    return []
  }
}

describe.runIf(why === undefined)('the SQL for Athena, on Trino', () => {
  let trino: Trino
  const spoken = vectors.filter(({ pattern }, index) => own(pattern, index).length > 0)
  const detections = [...catalogue, ...[...OWN, ...spoken.map(({ pattern }) => pattern)].flatMap(own)]
  const told = spoken.flatMap(({ match = [], miss = [] }) => [...match, ...miss]).flatMap(fits)
  const records = [
    ...variations(RECORDS, START, 1),
    ...told.map((record, index) => ({ ...record, eventTime: '2026-01-06T00:00:00Z', eventID: `told-${index}` })),
  ]

  beforeAll(async () => {
    trino = await startTrino()
    mkdirSync(join(trino.lake, 'records'))
    writeFileSync(
      join(trino.lake, 'records', 'all.json'),
      records.map((record) => `${JSON.stringify(record)}\n`).join(''),
    )
    await trino.query("CREATE SCHEMA hive.logs WITH (location = 'local:///logs')")
    await trino.query(TABLE)
  }, 300_000)

  afterAll(async () => {
    await trino?.stop()
  })

  test('speaks of something', () => {
    expect(detections.length).toBeGreaterThan(catalogue.length + OWN.length)
    process.stdout.write(`trino: ${detections.length} patterns, ${records.length} records\n`)
  })

  test('finds the records that the pattern engine finds, detection by detection', async () => {
    const wrong: string[] = []
    for (let first = 0; first < detections.length; first += 20) {
      const some = detections.slice(first, first + 20)
      const columns = some.map((one) => `coalesce(${detectionSql(one)}, false)`).join(', ')
      const rows = await trino.query(`SELECT eventid, ${columns} FROM cloudtrail_logs`)
      const byId = new Map(rows.map(([id, ...found]) => [id, found]))
      for (const [index, { id, paging }] of some.entries()) {
        const parsed = parsePattern(paging.pattern)
        if (parsed.validity === 'refused') throw new Error(paging.pattern)
        const matches = compile(parsed.pattern)
        let found = 0
        for (const record of records) {
          const expected = matches(JSON.stringify(record))
          if (expected) found += 1
          if (byId.get(record.eventID)?.[index] !== expected) {
            wrong.push(`${id} ${expected ? 'misses' : 'finds'} ${JSON.stringify(record)} by ${paging.pattern}`)
          }
        }
        if (catalogue.some((one) => one.id === id)) expect(found, id).toBeGreaterThan(0)
      }
    }
    expect(wrong.slice(0, 5)).toEqual([])
  }, 300_000)

  test('counts by minute and principal as a backtest of the same files does', async () => {
    const window = { from: START / 60_000, to: START / 60_000 + 10 * 1_440 }
    const sighter = createSighter(soughtOf(catalogue))
    const tally = createTally(catalogue, window)
    for (const record of records) {
      const sighting = sighter.ofMessage(JSON.stringify(record))
      if (sighting !== undefined) tally.add(sighting)
    }
    const rows = await trino.query(athenaQuery(catalogue, window))
    const counted = (id: string) => rows.filter(([detection]) => detection === id)
    const sum = (id: string) => counted(id).reduce((total, row) => total + Number(row[5]), 0)
    expect(sum('*')).toBe(tally.events)
    for (const { detection, matches, minutes } of tally.detections) {
      expect(sum(detection.id), detection.id).toBe(matches)
      const first = [...minutes.minutes()].map(([minute]) => new Date(minute * 60_000).toISOString().slice(0, 16))
      expect([...new Set(counted(detection.id).map(([, minute]) => minute))].sort()).toEqual(first)
    }
  }, 120_000)
})
