import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtTool } from './built.ts'

/** Milliseconds between the last output and the end. */
const LINGERING_MS = 100

/** A busy machine may be slow to end any process; a timer or a socket that keeps one alive does so each time. */
const TRIES = 5

let server: Server
let tool = ''

/** Answers who asks, refuses everything else, and never closes a connection by itself. */
beforeAll(async () => {
  tool = await builtTool()
  server = createServer((request, response) => {
    request.resume()
    request.on('end', () => {
      const known = (request.headers.authorization ?? '').includes('/sts/')
      // Services of the JSON protocols are called by a target, or by a content type of CBOR that may be answered in JSON too.
      const json = request.headers['x-amz-target'] !== undefined
      response.writeHead(known ? 200 : 403, { 'content-type': json ? 'application/x-amz-json-1.1' : 'text/xml' })
      response.end(known ? IDENTITY : json ? DENIED_IN_JSON : DENIED)
    })
  })
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
}, 120_000)

afterAll(() => {
  server.closeAllConnections()
  server.close()
})

const IDENTITY = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>${['arn', 'aws', 'iam', '', '123456789012', 'user/me'].join(':')}</Arn><UserId>AIDA</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`
const DENIED_IN_JSON = '{"__type":"AccessDeniedException","message":"no"}'
const DENIED = '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>'

/** The run that ended soonest after its last output, of at most so many as it takes. */
async function soonest(words: readonly string[]) {
  let best = await lingering(words)
  for (let run = 1; run < TRIES && best.milliseconds >= LINGERING_MS; run += 1) {
    const other = await lingering(words)
    if (other.milliseconds < best.milliseconds) best = other
  }
  return best
}

async function lingering(words: readonly string[]) {
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const env = {
    PATH: process.env.PATH,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_ENDPOINT_URL: endpoint,
    CLOUDTRAIL_PD_INTEGRATION_KEY: 'f00d'.repeat(8),
  }
  const child = spawn(process.execPath, [tool, ...words], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let last = performance.now()
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      last = performance.now()
      output += text
    })
  }
  const [code] = await once(child, 'exit')
  return { code, output, milliseconds: performance.now() - last }
}

describe('the process ends with its last output, whatever connections are open', { timeout: 60_000 }, () => {
  it.each([
    [['init', '--yes', '--json'], 3],
    [['doctor'], 3],
    [['destroy', '--yes'], 3],
    [['detections', 'list'], 0],
    [['init', '--nonsense'], 2],
  ])('%j', async (words, exit) => {
    const { code, output, milliseconds } = await soonest(words)
    expect([code, output]).toEqual([exit, expect.stringMatching(/./)])
    expect(milliseconds).toBeLessThan(LINGERING_MS)
  })
})
