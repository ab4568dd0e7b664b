/** Stands between the tool and a server, and lets a test act at the nth write: before AWS sees it, or after AWS has done it. */

import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { isWrite } from './stage.ts'

export interface Write {
  /** As the trace names it, such as `AWS:CreateTopic`; S3 by its method. */
  readonly call: string
  /** From 1. */
  readonly nth: number
  readonly when: 'before' | 'after'
}

export interface Between {
  readonly endpoint: string
  /** The writes that AWS has done, in the order in which they ended. */
  readonly done: readonly string[]
  close(): Promise<void>
}

/** `act` holds the call up until it resolves. */
export async function openBetween(target: string, act: (write: Write) => Promise<void> | void): Promise<Between> {
  const done: string[] = []
  let count = 0

  async function serve(from: IncomingMessage, to: ServerResponse): Promise<void> {
    const body = await buffer(from)
    const call = callOf(from, body)
    if (!isWrite(call)) return forward(target, from, body, to)
    count += 1
    const nth = count
    await act({ call, nth, when: 'before' })
    await forward(target, from, body, to, async () => {
      done.push(call)
      await act({ call, nth, when: 'after' })
    })
  }

  const server = createServer((from, to) => {
    serve(from, to).catch(() => to.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    done,
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
}

/** The answer is passed on only after `between`. */
function forward(
  target: string,
  { method, url, headers }: IncomingMessage,
  body: Buffer,
  to: ServerResponse,
  between: () => Promise<void> = async () => {},
): Promise<void> {
  const { hostname, port } = new URL(target)
  return new Promise((resolve, reject) => {
    const onward = request({ hostname, port, method, path: url, headers, agent: false }, async (answer) => {
      try {
        const answered = await buffer(answer)
        await between()
        to.writeHead(answer.statusCode ?? 502, answer.headers)
        to.end(answered)
        resolve()
      } catch (error) {
        reject(error)
      }
    })
    onward.once('error', reject)
    onward.end(body)
  })
}

/** Four protocols, four places for the name: a header, the path, the form, and for S3 nothing but the method. */
function callOf({ headers, url = '', method = '' }: IncomingMessage, body: Buffer): string {
  const target = headers['x-amz-target']
  const named = typeof target === 'string' ? target.split('.').at(-1) : undefined
  const operation =
    named ?? /\/operation\/(\w+)/.exec(url)?.[1] ?? /(?:^|&)Action=(\w+)/.exec(body.toString('latin1'))?.[1]
  if (operation !== undefined) return `AWS:${operation}`
  return method === 'GET' || method === 'HEAD' ? `S3:Get` : `S3:${method}`
}
