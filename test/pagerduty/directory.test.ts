import { expect, test } from 'vitest'
import { readRouter, readServiceOrchestration } from '../../src/pagerduty/answers.ts'
import {
  SANDBOX_CLOUDTRAIL_VENDOR_ID,
  SANDBOX_CLOUDWATCH_VENDOR_ID,
  SANDBOX_ESCALATION_POLICY_ID,
  SANDBOX_INTEGRATION_KEY,
  SANDBOX_ORCHESTRATION_ID,
  SANDBOX_ROUTING_KEY,
  SANDBOX_SERVICE_ID,
  seedPagerDuty,
} from '../../src/sandbox/pagerduty/state.ts'
import { openAccount } from '../support/pagerduty-account.ts'

function manyServices(count: number): ReturnType<typeof seedPagerDuty> {
  const services = Array.from({ length: count }, (_, at) => ({
    id: `PS${`${at}`.padStart(5, '0')}`,
    name: `Service ${at}`,
    status: 'active' as const,
    escalationPolicyId: SANDBOX_ESCALATION_POLICY_ID,
  }))
  return { ...seedPagerDuty(), services }
}

test('services come with their status, policy and region', async () => {
  const { pagerduty } = await openAccount()
  expect(await pagerduty.services()).toEqual({
    complete: true,
    items: [
      {
        id: SANDBOX_SERVICE_ID,
        name: 'Security',
        status: 'active',
        htmlUrl: 'https://sandbox.pagerduty.com/service-directory/PSECURE',
        region: 'us',
        escalationPolicyId: SANDBOX_ESCALATION_POLICY_ID,
      },
    ],
  })
})

test('of 11,000 services the first 10,000 are listed, it says so, and a search still finds the last', async () => {
  const { pagerduty, sandbox, traces } = await openAccount({}, { state: manyServices(11_000), pageSize: 100 })
  const { items, complete } = await pagerduty.services()
  expect([items.length, complete, new Set(items.map(({ id }) => id)).size]).toEqual([10_000, false, 10_000])
  expect(sandbox.calls).toHaveLength(100)
  expect(traces.at(-1)).toBe('pagerduty GET /services stopped after 10000: PagerDuty lists no further')
  expect((await pagerduty.service('Service 10999'))?.id).toBe('PS10999')
})

test('exactly 10,000 services are all of them', async () => {
  const { pagerduty } = await openAccount({}, { state: manyServices(10_000), pageSize: 100 })
  const { items, complete } = await pagerduty.services()
  expect([items.length, complete]).toEqual([10_000, true])
})

test('pages smaller than asked for are followed to the end', async () => {
  const { pagerduty, sandbox } = await openAccount({}, { state: manyServices(7), pageSize: 2 })
  expect((await pagerduty.services()).items).toHaveLength(7)
  expect(sandbox.calls).toHaveLength(4)
})

test.each([500, 200])('a page that comes as a broken %i in the middle of a list fails the list', async (status) => {
  const { pagerduty, sandbox } = await openAccount({}, { state: manyServices(7), pageSize: 2 })
  sandbox.fail({ after: 2, times: 3, answer: { status, body: '{}' } })
  await expect(pagerduty.services()).rejects.toMatchObject({ name: 'AppError' })
  expect(sandbox.calls.length).toBeGreaterThan(2)
})

const names: readonly (readonly [asked: string, found: string | undefined])[] = [
  [SANDBOX_SERVICE_ID, SANDBOX_SERVICE_ID],
  ['Security', SANDBOX_SERVICE_ID],
  ['security', SANDBOX_SERVICE_ID],
  ['SECURITY', SANDBOX_SERVICE_ID],
  ['Secur', undefined],
  ['PNOTHING', undefined],
  ['', undefined],
]

test.each(names)('service %j is found as %s', async (asked, found) => {
  const { pagerduty } = await openAccount()
  expect((await pagerduty.service(asked))?.id).toBe(found)
})

test('two services whose names differ in case only are told apart by the exact one, and else refused', async () => {
  const { pagerduty, sandbox } = await openAccount()
  const policy = { status: 'active', escalationPolicyId: SANDBOX_ESCALATION_POLICY_ID } as const
  sandbox.state.services.push({ ...policy, id: 'POTHER1', name: 'security' })
  expect((await pagerduty.service('security'))?.id).toBe('POTHER1')
  await expect(pagerduty.service('SECurity')).rejects.toMatchObject({
    code: 'pagerduty-ambiguous',
    message: 'PagerDuty has 2 services named "SECurity": PSECURE, POTHER1',
  })
})

test('integrations come with their vendor, and with the key as a secret', async () => {
  const { pagerduty } = await openAccount()
  const [first, second] = await pagerduty.integrationsOf(SANDBOX_SERVICE_ID)
  expect(first).toMatchObject({ name: 'AWS CloudTrail', vendorId: SANDBOX_CLOUDTRAIL_VENDOR_ID })
  expect(first?.key?.reveal()).toBe(SANDBOX_INTEGRATION_KEY)
  expect(`${first?.key}`).toBe('…fa4e')
  expect(second?.vendorId).toBeUndefined()
})

test('a vendor is found by its exact name among those that merely contain it', async () => {
  const { pagerduty } = await openAccount()
  expect((await pagerduty.vendorByName('AWS CloudTrail'))?.id).toBe(SANDBOX_CLOUDTRAIL_VENDOR_ID)
  expect((await pagerduty.vendorByName('Amazon CloudWatch'))?.id).toBe(SANDBOX_CLOUDWATCH_VENDOR_ID)
})

test('an account without the vendor has none', async () => {
  const state = { ...seedPagerDuty(), vendors: [{ id: 'PSBX001', name: 'AWS CloudTrail Lake (sample)' }] }
  const { pagerduty } = await openAccount({}, { state })
  expect(await pagerduty.vendorByName('AWS CloudTrail')).toBeUndefined()
})

test('orchestrations tell their keys and where they route', async () => {
  const { pagerduty } = await openAccount()
  expect((await pagerduty.orchestrations()).items).toEqual([
    { id: SANDBOX_ORCHESTRATION_ID, name: 'Security events', routes: 1 },
  ])
  const [integration] = await pagerduty.orchestrationIntegrations(SANDBOX_ORCHESTRATION_ID)
  expect(integration?.key?.reveal()).toBe(SANDBOX_ROUTING_KEY)
  expect(await pagerduty.router(SANDBOX_ORCHESTRATION_ID)).toEqual({
    rules: [{ id: 'rule1', label: 'to Security', disabled: false, conditions: [], routeTo: SANDBOX_SERVICE_ID }],
    catchAll: undefined,
  })
})

test('a service orchestration tells whether it is in force and what its catch-all does', async () => {
  const { pagerduty, sandbox } = await openAccount()
  expect((await pagerduty.serviceOrchestration(SANDBOX_SERVICE_ID)).catchAll.suppress).toBe(false)
  sandbox.state.serviceOrchestrations.push({ serviceId: SANDBOX_SERVICE_ID, active: false, suppress: true })
  expect((await pagerduty.serviceOrchestration(SANDBOX_SERVICE_ID)).catchAll.suppress).toBe(true)
  expect(await pagerduty.serviceOrchestrationActive(SANDBOX_SERVICE_ID)).toBe(false)
})

test('rulesets come with their keys', async () => {
  const { pagerduty, sandbox } = await openAccount()
  sandbox.state.rulesets.push({ id: 'r1', name: 'Old', key: `R0${'1'.repeat(30)}`, serviceId: null })
  const { items } = await pagerduty.rulesets()
  expect(items.map(({ name, keys }) => [name, keys.map((key) => key.reveal())])).toEqual([
    ['Old', [`R0${'1'.repeat(30)}`]],
  ])
})

test('who is on call, and maintenance now, are told by name and time', async () => {
  const { pagerduty, sandbox } = await openAccount({}, { clock: { now: () => new Date('2030-01-01T00:30:00Z') } })
  expect(await pagerduty.onCall(SANDBOX_ESCALATION_POLICY_ID)).toEqual([
    { userId: 'PUSER01', name: 'Sandbox Responder', level: 1, until: undefined },
  ])
  const ids = { description: 'move', serviceIds: [SANDBOX_SERVICE_ID] }
  sandbox.state.maintenanceWindows.push(
    { ...ids, id: 'PNOW001', start: '2030-01-01T00:00:00Z', end: '2030-01-01T01:00:00Z' },
    { ...ids, id: 'PPAST01', start: '2029-01-01T00:00:00Z', end: '2029-01-01T01:00:00Z' },
  )
  expect(await pagerduty.maintenanceWindows(SANDBOX_SERVICE_ID)).toEqual([
    {
      id: 'PNOW001',
      description: 'move',
      start: new Date('2030-01-01T00:00:00Z'),
      end: new Date('2030-01-01T01:00:00Z'),
    },
  ])
  expect((await pagerduty.service(SANDBOX_SERVICE_ID))?.status).toBe('maintenance')
})

test('an incident is seen open, then resolved, with its alert and its log', async () => {
  const { pagerduty, sandbox } = await openAccount({}, { clock: { now: () => new Date('2030-01-01T00:00:00Z') } })
  const query = { serviceIds: [SANDBOX_SERVICE_ID], since: new Date('2029-12-31T23:59:00Z') }
  await raise(sandbox.eventsUrl, 'ALARM')
  const [incident] = (await pagerduty.incidents({ ...query, statuses: ['triggered'] })).items
  expect(incident).toMatchObject({ title: 'ALARM: "root-usage" in US East', status: 'triggered', number: 1 })
  const [alert] = await pagerduty.alerts(incident?.id ?? '')
  expect(alert).toMatchObject({ key: 'root-usage', status: 'triggered', details: { NewStateValue: 'ALARM' } })
  expect((await pagerduty.service(SANDBOX_SERVICE_ID))?.status).toBe('critical')

  await raise(sandbox.eventsUrl, 'OK')
  expect((await pagerduty.incidents({ ...query, statuses: ['triggered'] })).items).toEqual([])
  expect((await pagerduty.incidents(query)).items[0]?.resolvedAt).toEqual(new Date('2030-01-01T00:00:00Z'))
  expect((await pagerduty.logEntries(incident?.id ?? '')).map(({ type }) => type)).toEqual([
    'trigger_log_entry',
    'notify_log_entry',
    'resolve_log_entry',
  ])
  expect((await pagerduty.incidents({ ...query, since: new Date('2030-01-01T00:01:00Z') })).items).toEqual([])
})

async function raise(eventsUrl: string, state: 'ALARM' | 'OK'): Promise<void> {
  const Message = JSON.stringify({ AlarmName: 'root-usage', NewStateValue: state })
  const body = JSON.stringify({
    Type: 'Notification',
    TopicArn: 'arn:aws:sns:x',
    Subject: `${state}: "root-usage" in US East`,
    Message,
  })
  await fetch(`${eventsUrl}/integration/${SANDBOX_INTEGRATION_KEY}/enqueue`, { method: 'POST', body })
}

test('answers with missing or foreign fields are read as far as they go', async () => {
  const { pagerduty, sandbox } = await openAccount()
  const body = JSON.stringify({ services: [null, 7, {}, { id: 'P1' }, { id: 'P2', summary: 'two', status: 3 }] })
  sandbox.fail({ answer: { status: 200, body } })
  expect((await pagerduty.services()).items).toMatchObject([
    { id: 'P1', name: 'P1', status: undefined, region: undefined },
    { id: 'P2', name: 'two', status: undefined },
  ])
  expect(readRouter({ orchestration_path: { sets: [{ rules: [{ id: 'r' }, 1] }, null] } })).toEqual({
    rules: [{ id: 'r', label: undefined, disabled: false, conditions: [], routeTo: undefined }],
    catchAll: undefined,
  })
  expect(readServiceOrchestration(undefined)).toMatchObject({ rules: [], catchAll: { suppress: false } })
})
