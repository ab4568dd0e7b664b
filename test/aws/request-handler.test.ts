import { createServer, type Socket } from 'node:net'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { connectAws } from '../../src/aws/session.ts'

const open: { close(): void }[] = []
// The SDK looks for credentials in the process's own variables.
beforeEach(() => {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
})
afterEach(() => {
  vi.unstubAllEnvs()
  for (const one of open.splice(0)) one.close()
})

/** A server on loopback that answers every connection with these bytes and then keeps it open. */
async function answering(bytes: (attempt: number) => string): Promise<{ url: string; attempts(): number }> {
  let attempts = 0
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('data', () => {
      attempts += 1
      socket.write(bytes(attempts))
    })
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  open.push({
    close() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  })
  const { port } = server.address() as { port: number }
  return { url: `http://127.0.0.1:${port}`, attempts: () => attempts }
}

const env = { AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE', AWS_SECRET_ACCESS_KEY: 'x' }
const connect = (endpointUrl: string, notice?: (text: string) => void) =>
  connectAws(
    { profile: undefined, region: 'us-east-1', endpointUrl },
    { env, timeouts: { request: 100, connection: 500 }, ...(notice === undefined ? {} : { notice }) },
  )

const BODY = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/a</Arn><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`
const WHOLE = `HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: ${BODY.length}\r\nConnection: close\r\n\r\n${BODY}`

it('a response that stops after its first byte ends the wait, and is tried again', async () => {
  const server = await answering((attempt) =>
    attempt === 1 ? 'HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 500\r\n\r\n<' : WHOLE,
  )
  const aws = await connect(server.url)
  expect(aws.identity.account).toBe('123456789012')
  expect(server.attempts()).toBe(2)
}, 20_000)

it('a response that never gets further is shown after the third attempt, and ends in an error that says so', async () => {
  const server = await answering(() => 'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<')
  const notices: string[] = []
  await expect(connect(server.url, (text) => notices.push(text))).rejects.toMatchObject({
    code: 'aws-network',
    message: expect.stringContaining('the response stopped'),
  })
  expect(server.attempts()).toBeGreaterThan(2)
  expect(notices).toEqual(['AWS has not answered STS:GetCallerIdentity in 3 attempts; still trying'])
}, 60_000)

it.each([
  ['broken HTTP', 'garbage without end\r\n\r\n'],
  [
    'a body that is not an answer',
    'HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 6\r\nConnection: close\r\n\r\n<a><b>',
  ],
])(
  '%s is tried again like a reset',
  async (_what, bytes) => {
    const server = await answering((attempt) => (attempt === 1 ? bytes : WHOLE))
    const aws = await connect(server.url)
    expect(aws.identity.account).toBe('123456789012')
    expect(server.attempts()).toBe(2)
  },
  20_000,
)
