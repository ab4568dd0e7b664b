import { expect, test } from 'vitest'
import { Secret } from '../../src/domain/secret.ts'
import type { FaultAnswer } from '../../src/sandbox/pagerduty/http.ts'
import {
  SANDBOX_CLOUDTRAIL_VENDOR_ID,
  SANDBOX_ESCALATION_POLICY_ID,
  SANDBOX_INTEGRATION_KEY,
  SANDBOX_ORCHESTRATION_ID,
  SANDBOX_SERVICE_ID,
  SANDBOX_TOKEN,
  seedPagerDuty,
} from '../../src/sandbox/pagerduty/state.ts'
import { type Account, openAccount } from '../support/pagerduty-account.ts'

const WANTED = { name: 'cloudtrail-pd', vendorId: SANDBOX_CLOUDTRAIL_VENDOR_ID }

interface Making {
  readonly what: string
  make(account: Account): Promise<{ readonly created: boolean; readonly item: { readonly id: string } }>
  count(account: Account): number
}

const makings: readonly Making[] = [
  {
    what: 'an integration',
    make: ({ pagerduty }) => pagerduty.createIntegration(SANDBOX_SERVICE_ID, WANTED),
    count: ({ sandbox }) => sandbox.state.integrations.length,
  },
  {
    what: 'a service',
    make: ({ pagerduty }) =>
      pagerduty.createService({ name: 'Audit', escalationPolicyId: SANDBOX_ESCALATION_POLICY_ID }),
    count: ({ sandbox }) => sandbox.state.services.length,
  },
  {
    what: 'an orchestration key',
    make: ({ pagerduty }) => pagerduty.createOrchestrationIntegration(SANDBOX_ORCHESTRATION_ID, 'cloudtrail-pd'),
    count: ({ sandbox }) => sandbox.state.orchestrations[0]?.integrations.length ?? 0,
  },
]

test.each(makings)('$what is created once, and found by the next run', async ({ make, count }) => {
  const account = await openAccount()
  const before = count(account)
  const first = await make(account)
  const second = await make(account)
  expect([first.created, second.created, first.item.id === second.item.id]).toEqual([true, false, true])
  expect(count(account)).toBe(before + 1)
})

const losses: readonly (readonly [how: string, answer: FaultAnswer])[] = [
  ['500', { status: 500 }],
  ['a broken connection', 'reset'],
  ['no answer at all', 'stall'],
  ['a web page', { status: 200, body: '<html></html>' }],
  ['an empty answer', { status: 201 }],
  ['JSON without the thing', { status: 201, body: '{}' }],
]
/** Milliseconds; one that is answered is not to fail because the machine is busy. */
const timeoutMs = (answer: FaultAnswer) => (answer === 'stall' ? 1_000 : 20_000)
const lossesByMaking = makings.flatMap((making) => losses.map(([how, answer]) => ({ ...making, how, answer })))

test.each(lossesByMaking)('$what whose creation is answered by $how is looked for, not created again', async (row) => {
  const account = await openAccount({ timeoutMs: timeoutMs(row.answer) })
  const before = row.count(account)
  account.sandbox.fail({ method: 'POST', afterwards: true, answer: row.answer })
  expect((await row.make(account)).created).toBe(true)
  expect(row.count(account)).toBe(before + 1)
  expect(account.sandbox.calls.filter((call) => call.startsWith('POST'))).toHaveLength(1)
})

test.each(lossesByMaking)('$what that was not created, answered by $how, fails without a second try', async (row) => {
  const account = await openAccount({ timeoutMs: timeoutMs(row.answer) })
  const before = row.count(account)
  account.sandbox.fail({ method: 'POST', answer: row.answer })
  await expect(row.make(account)).rejects.toMatchObject({ name: 'AppError' })
  expect(row.count(account)).toBe(before)
  expect(account.sandbox.calls.filter((call) => call.startsWith('POST'))).toHaveLength(1)
})

test.each(makings)('$what is not created when what exists cannot be listed', async ({ make, count }) => {
  const account = await openAccount()
  const before = count(account)
  account.sandbox.fail({ method: 'GET', answer: { status: 200, body: '{}' }, times: 9 })
  await expect(make(account)).rejects.toMatchObject({ code: 'pagerduty-unreadable' })
  expect(count(account)).toBe(before)
  expect(account.sandbox.calls.filter((call) => call.startsWith('POST'))).toEqual([])
})

test('a 429 did nothing, so even a creation is sent again after the wait', async () => {
  const account = await openAccount()
  account.sandbox.fail({ method: 'POST', answer: { status: 429, headers: { 'ratelimit-reset': '3' } } })
  expect((await account.pagerduty.createIntegration(SANDBOX_SERVICE_ID, WANTED)).created).toBe(true)
  expect(account.waits).toEqual([3_000])
})

test('a new integration brings its key', async () => {
  const { pagerduty } = await openAccount()
  const { item } = await pagerduty.createIntegration(SANDBOX_SERVICE_ID, WANTED)
  expect(item.key?.reveal()).toMatch(/^[0-9a-f]{32}$/)
  expect(item.key?.reveal()).not.toBe(SANDBOX_INTEGRATION_KEY)
})

test('an integration of the same name and another vendor is not taken for ours', async () => {
  const { pagerduty, sandbox } = await openAccount()
  sandbox.state.integrations.push({
    id: 'PINTEG3',
    serviceId: SANDBOX_SERVICE_ID,
    type: 'service_integration',
    name: WANTED.name,
    vendorId: 'PSBX003',
    key: 'fa4e'.repeat(8),
  })
  expect((await pagerduty.createIntegration(SANDBOX_SERVICE_ID, WANTED)).created).toBe(true)
})

test('a rejected integration type is tried in its other spelling', async () => {
  const { pagerduty, sandbox } = await openAccount()
  sandbox.fail({ method: 'POST', answer: { status: 400, body: '{"error":{"message":"Invalid Input"}}' } })
  const { item } = await pagerduty.createIntegration(SANDBOX_SERVICE_ID, WANTED)
  expect(item.type).toBe('service_integration')
})

test('a service of another case is another service', async () => {
  const { pagerduty } = await openAccount()
  const wanted = { name: 'SECURITY', escalationPolicyId: SANDBOX_ESCALATION_POLICY_ID }
  expect((await pagerduty.createService(wanted)).created).toBe(true)
})

test('a read-only token may look and not create, and learns who may', async () => {
  const state = { ...seedPagerDuty(), tokens: [{ value: SANDBOX_TOKEN, kind: 'token' as const, readOnly: true }] }
  const { pagerduty } = await openAccount({}, { state })
  expect((await pagerduty.services()).items).toHaveLength(1)
  await expect(pagerduty.createIntegration(SANDBOX_SERVICE_ID, WANTED)).rejects.toMatchObject({
    code: 'pagerduty-denied',
    hint: expect.stringContaining('Manager, Admin, Global Admin or Account Owner'),
  })
})

test('an integration is deleted once, and its absence is no failure', async () => {
  const { pagerduty } = await openAccount()
  const { item } = await pagerduty.createIntegration(SANDBOX_SERVICE_ID, WANTED)
  expect(await pagerduty.deleteIntegration(SANDBOX_SERVICE_ID, item.id)).toBe(true)
  expect(await pagerduty.deleteIntegration(SANDBOX_SERVICE_ID, item.id)).toBe(false)
})

test('a token that the account does not know is refused', async () => {
  const { pagerduty } = await openAccount({ token: new Secret('another-token-000000') })
  await expect(pagerduty.abilities()).rejects.toMatchObject({ code: 'pagerduty-token-refused', exit: 3 })
})
