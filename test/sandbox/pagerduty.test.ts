import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, test, vi } from 'vitest'
import type { PagerDutySandbox, PagerDutySandboxOptions } from '../../src/sandbox/pagerduty/server.ts'
import { openPagerDutySandbox } from '../../src/sandbox/pagerduty/server.ts'
import { SANDBOX_INTEGRATION_KEY } from '../../src/sandbox/pagerduty/state.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
})

async function open(options: PagerDutySandboxOptions = {}): Promise<PagerDutySandbox> {
  const sandbox = await openPagerDutySandbox(options)
  closers.push(() => sandbox.close())
  return sandbox
}

/** A stand-in for SNS that counts the visits to its SubscribeURL. */
async function openSns(status: number): Promise<{ url: string; visits: () => number }> {
  let visits = 0
  const server = createServer((_request, response) => {
    visits += 1
    response.writeHead(status, { connection: 'close' }).end('<ConfirmSubscriptionResponse/>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise((resolve) => server.close(resolve)))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/confirm`, visits: () => visits }
}

async function subscribe(sandbox: PagerDutySandbox, subscribeUrl: string, key = SANDBOX_INTEGRATION_KEY) {
  const body = { Type: 'SubscriptionConfirmation', TopicArn: 'arn:aws:sns:x', SubscribeURL: subscribeUrl }
  const url = `${sandbox.eventsUrl}/integration/${key}/enqueue`
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
  await vi.waitFor(() => expect(sandbox.state.received).toHaveLength(1))
  return { status: response.status, outcome: sandbox.state.received[0]?.outcome }
}

test('a subscription is confirmed by really visiting its SubscribeURL', async () => {
  const sns = await openSns(200)
  expect(await subscribe(await open(), sns.url)).toEqual({ status: 202, outcome: 'confirmed' })
  expect(sns.visits()).toBe(1)
})

test('an unknown key is answered 202 like any other and never confirms', async () => {
  const sns = await openSns(200)
  expect(await subscribe(await open(), sns.url, '0'.repeat(32))).toEqual({ status: 202, outcome: 'unknown-key' })
  expect(sns.visits()).toBe(0)
})

test('a SubscribeURL elsewhere is not visited', async () => {
  const outcome = await subscribe(await open(), 'https://example.com/confirm')
  expect(outcome).toEqual({ status: 202, outcome: 'not-confirmed' })
})

test('a SubscribeURL that refuses leaves the subscription pending', async () => {
  const sns = await openSns(403)
  expect(await subscribe(await open(), sns.url)).toEqual({ status: 202, outcome: 'not-confirmed' })
})

test('told not to confirm, it answers and does nothing', async () => {
  const sns = await openSns(200)
  const sandbox = await open({ confirm: false })
  expect(await subscribe(sandbox, sns.url)).toEqual({ status: 202, outcome: 'not-confirmed' })
  expect(sns.visits()).toBe(0)
})

test('an embedded SNS may confirm by a function, without any network', async () => {
  const visited: string[] = []
  const sandbox = await open({
    visit: async (url) => {
      visited.push(url.href)
    },
  })
  const address = 'http://127.0.0.1:4566/?Action=ConfirmSubscription&Token=t'
  expect(await subscribe(sandbox, address)).toEqual({ status: 202, outcome: 'confirmed' })
  expect(visited).toEqual([address])
})

test('each message is reported with the whole state, stamped by the given clock and naming only the end of the key', async () => {
  const seen: string[] = []
  const clock = { now: () => new Date('2030-01-01T00:00:00Z') }
  const sandbox = await open({ clock, onChange: (state) => void seen.push(JSON.stringify(state.received)) })
  await subscribe(sandbox, 'https://example.com/')
  expect(seen).toEqual([JSON.stringify([{ at: '2030-01-01T00:00:00.000Z', key: 'fa4e', outcome: 'not-confirmed' }])])
})

test('a message longer than PagerDuty takes is cut off', async () => {
  const sandbox = await open()
  const url = `${sandbox.eventsUrl}/x-ere/${SANDBOX_INTEGRATION_KEY}`
  await expect(fetch(url, { method: 'POST', body: 'x'.repeat(600 * 1024) })).rejects.toThrow()
  expect(sandbox.state.received).toEqual([])
})
