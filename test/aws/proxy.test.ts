import { createServer, get, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { proxyAgent } from '../../src/aws/proxy.ts'

/** C65: the SDK ignores the proxy variables that the AWS CLI honours. */

let target: Server
let proxy: Server
let tunnels: string[]
const saved = { ...process.env }

beforeEach(async () => {
  tunnels = []
  target = createServer((_request, response) => response.end('answer'))
  proxy = createServer()
  await Promise.all([target, proxy].map((server) => new Promise<void>((done) => server.listen(0, '127.0.0.1', done))))
  proxy.on('connect', (request, socket) => {
    tunnels.push(request.url ?? '')
    const upstream = connect(port(target), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      upstream.pipe(socket).pipe(upstream)
    })
  })
})

afterEach(() => {
  process.env = { ...saved }
  target.closeAllConnections()
  target.close()
  proxy.close()
})

function port(server: Server): number {
  return (server.address() as AddressInfo).port
}

async function fetchThrough(env: Record<string, string>, url: string): Promise<string> {
  Object.assign(process.env, env)
  const agent = await proxyAgent(process.env)
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      let body = ''
      response.on('data', (chunk) => {
        body += String(chunk)
      })
      response.on('end', () => resolve(body))
    }).on('error', reject)
  })
}

describe('C65 behind a proxy', () => {
  it.each(['HTTP_PROXY', 'http_proxy'])('%s is honoured', async (name) => {
    const answer = await fetchThrough(
      { [name]: `http://127.0.0.1:${port(proxy)}` },
      'http://sns.us-east-1.example.test/',
    )
    expect(answer).toBe('answer')
    expect(tunnels).toEqual(['sns.us-east-1.example.test:80'])
  })

  it('NO_PROXY goes around it', async () => {
    const env = { HTTP_PROXY: `http://127.0.0.1:${port(proxy)}`, NO_PROXY: '127.0.0.1' }
    expect(await fetchThrough(env, `http://127.0.0.1:${port(target)}/`)).toBe('answer')
    expect(tunnels).toEqual([])
  })

  it('without a proxy variable there is no agent of ours', async () => {
    expect(await proxyAgent({})).toBeUndefined()
  })
})
