/** What a proxy leads to in tests: AWS with an account that holds nothing, and whatever stands behind PagerDuty's host. */

import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { ROOT } from './built.ts'

const TLS = join(ROOT, 'test', 'fixtures', 'loopback-tls')

/** Trusted with NODE_EXTRA_CA_CERTS; for the hosts of AWS and PagerDuty. */
export const CERTIFICATE = join(TLS, 'certificate.pem')

const ACCOUNT = '123456789012'
const ARN = ['arn', 'aws', 'iam', '', ACCOUNT, 'user/me'].join(':')

export interface CountingProxy {
  readonly url: string
  /** A server with the same account that answers without a proxy. */
  readonly direct: string
  /** `host:port` of each tunnel since the last look. */
  tunnels(): readonly string[]
  /** The access key of each AWS call since the last look. */
  accessKeys(): readonly string[]
  close(): Promise<void>
}

/** A proxy that knows CONNECT alone; what is sent to PagerDuty's API goes to `pagerDutyUrl`. */
export async function openProxy(pagerDutyUrl: string): Promise<CountingProxy> {
  const hosts: string[] = []
  const keys: string[] = []
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    if (incoming.headers.host === 'api.pagerduty.com') return forward(incoming, outgoing, pagerDutyUrl)
    keys.push(/Credential=([^/]+)\//.exec(incoming.headers.authorization ?? '')?.[1] ?? '')
    return answerForAws(incoming, outgoing)
  }
  const plain = createServer(answer)
  const secure = createSecureServer(
    { cert: readFileSync(CERTIFICATE), key: readFileSync(join(TLS, 'key.pem')) },
    answer,
  )
  const proxy = createServer((_, outgoing) => outgoing.writeHead(405).end())
  proxy.on('connect', ({ url = '' }, socket: Socket) => {
    hosts.push(url)
    socket.on('error', () => {})
    socket.write('HTTP/1.1 200 OK\r\n\r\n')
    const behind = url.endsWith(':443') ? secure : plain
    behind.emit('connection', socket)
  })
  await Promise.all([plain, proxy].map((server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done))))
  return {
    url: addressOf(proxy),
    direct: addressOf(plain),
    tunnels: () => hosts.splice(0),
    accessKeys: () => keys.splice(0),
    async close() {
      for (const server of [plain, secure, proxy]) server.closeAllConnections()
      await Promise.all([plain, proxy].map((server) => new Promise((done) => server.close(done))))
    },
  }
}

function addressOf(server: Server): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Says who is calling, and that there is nothing, in the form in which each service is asked. */
function answerForAws(incoming: IncomingMessage, outgoing: ServerResponse): void {
  const type = String(incoming.headers['content-type'] ?? '')
  const chunks: Buffer[] = []
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk))
  incoming.on('end', () => {
    const action = new URLSearchParams(Buffer.concat(chunks).toString('latin1')).get('Action')
    if (type.includes('cbor')) {
      outgoing.writeHead(200, { 'content-type': 'application/cbor', 'smithy-protocol': 'rpc-v2-cbor' })
      return outgoing.end(EMPTY_CBOR)
    }
    if (type.includes('json')) return outgoing.writeHead(200, { 'content-type': type }).end('{}')
    const known = action === 'GetCallerIdentity'
    outgoing.writeHead(known ? 200 : 404, { 'content-type': 'text/xml' })
    return outgoing.end(known ? IDENTITY : ABSENT)
  })
}

const IDENTITY = `<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>${ARN}</Arn><UserId>AIDA</UserId><Account>${ACCOUNT}</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`
const ABSENT = '<ErrorResponse><Error><Code>NotFound</Code><Message>there is none</Message></Error></ErrorResponse>'
/** A map without entries (RFC 8949). */
const EMPTY_CBOR = Buffer.from([0xa0])

function forward(incoming: IncomingMessage, outgoing: ServerResponse, base: string): void {
  const { method, url = '/', headers } = incoming
  const onward = request(
    new URL(url, base),
    { method, headers: { ...headers, host: new URL(base).host } },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    },
  )
  onward.on('error', () => outgoing.destroy())
  incoming.pipe(onward)
}
