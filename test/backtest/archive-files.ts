/** An archive with everything in it that befalls archives. */

import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { variations } from '../athena/records.ts'

/** Files are as large as those of a busy account, by a filler that gzip cannot make smaller. */
const FILLER = 200_000

/** Writes about 4 MB below `folder`, of a day that begins at `start`. */
export function writeArchive(folder: string, start: number): void {
  const put = (name: string, content: string | Uint8Array) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  const texts = variations(2_400, start, 11).map((record, at) => {
    const { eventVersion, userIdentity, eventTime, eventSource, eventName, ...rest } = record
    const event = { eventVersion, userIdentity, eventTime, eventSource, eventName, ...rest }
    return JSON.stringify(at % 150 === 0 ? { ...event, filler: filler(at) } : event)
  })
  const fileOf = (records: readonly string[]) => `{"Records":[${records.join(',')}]}`
  const name = (at: number, day = '20260105') =>
    `AWSLogs/111122223333/CloudTrail/us-east-1/111122223333_CloudTrail_us-east-1_${day}T0005Z_${String(at).padStart(4, '0')}.json`
  for (let at = 0; at < 24; at += 1) {
    // Ten records of the file before are delivered again.
    const records = texts.slice(Math.max(0, at * 100 - 10), (at + 1) * 100)
    if (at % 8 === 5) put(name(at), fileOf(records))
    else put(`${name(at)}.gz`, gzipSync(fileOf(records)))
  }
  const whole = gzipSync(fileOf(texts.slice(300, 600)))
  put(`${name(3)}-cut.json.gz`, whole.subarray(0, whole.length - 1_000))
  put(`${name(4)}-cut.json`, fileOf(texts.slice(500, 600)).slice(0, -30))
  put(`${name(6)}-garbled.json.gz`, Buffer.concat([whole.subarray(0, 1_000), Buffer.alloc(5_000, 7)]))
  put(`${name(7)}-lines.jsonl`, `${texts.slice(700, 720).join('\n')}\nSTART RequestId\nEND\n`)
  put(`${name(90, '20260301')}.gz`, gzipSync(fileOf(texts.slice(0, 50))))
  put('AWSLogs/111122223333/CloudTrail-Digest/us-east-1/x.json.gz', gzipSync('{"awsAccountId":"1"}'))
  put('empty.json', '')
  const [first = ''] = texts
  put('long-line.jsonl', `${first.slice(0, -1)},"note":"${'x'.repeat(20 * 1024 * 1024)}"}\n${texts[1]}\n`)
  put(
    'long-text.json.gz',
    gzipSync(fileOf(texts.slice(0, 20).map((text) => `${text.slice(0, -1)},"note":"${'y'.repeat(900_000)}"}`))),
  )
}

function filler(at: number): string {
  let text = ''
  for (let part = 0; text.length < FILLER; part += 1)
    text += createHash('sha256').update(`${at} ${part}`).digest('base64')
  return text
}
