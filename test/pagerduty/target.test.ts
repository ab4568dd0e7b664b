import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/domain/secret.ts'
import type { ServiceOrchestration, ServiceRule } from '../../src/pagerduty/answers.ts'
import { findTarget, readTargetService, routeStops, stopsOf } from '../../src/pagerduty/target.ts'
import {
  type PagerDutyState,
  SANDBOX_INTEGRATION_KEY,
  SANDBOX_ROUTING_KEY,
  SANDBOX_SERVICE_ID,
  seedPagerDuty,
} from '../../src/sandbox/pagerduty/state.ts'
import { openAccount } from '../support/pagerduty-account.ts'

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:cloudtrail-pd-alerts'
const SERVICE = { shape: 'enqueue', key: new Secret(SANDBOX_INTEGRATION_KEY) } as const
const ROUTED = { shape: 'x-ere', key: new Secret(SANDBOX_ROUTING_KEY) } as const

async function accountWith(change: (state: PagerDutyState) => void) {
  const state = seedPagerDuty()
  change(state)
  return openAccount({}, { state, pageSize: 100 })
}

describe('the target of a key', () => {
  it('is the service of its integration, with who is on call', async () => {
    const { pagerduty } = await openAccount()
    expect(await findTarget(pagerduty, SERVICE, TOPIC)).toMatchObject({
      kind: 'service',
      service: { id: SANDBOX_SERVICE_ID, status: 'active', onCall: { value: ['Sandbox Responder'] } },
    })
  })

  it('is an orchestration with the services that it routes the topic to', async () => {
    const { pagerduty } = await openAccount()
    expect(await findTarget(pagerduty, ROUTED, TOPIC)).toMatchObject({
      kind: 'orchestration',
      name: 'Security events',
      routes: { value: { services: [{ name: 'Security' }], others: 0, dynamic: false } },
    })
  })

  it('is a ruleset that has the key', async () => {
    const key = 'R0RULESETRULESETRULESETRULESET00'
    const ruleset = { id: 'RS1', name: 'Default', key, serviceId: null }
    const { pagerduty } = await accountWith(({ rulesets }) => rulesets.push(ruleset))
    expect(await findTarget(pagerduty, { ...ROUTED, key: new Secret(key) }, TOPIC)).toEqual({
      kind: 'ruleset',
      name: 'Default',
    })
  })

  it('is undefined for a key that PagerDuty does not know', async () => {
    const { pagerduty } = await accountWith(({ integrations }) => integrations.splice(0))
    expect(await findTarget(pagerduty, SERVICE, TOPIC)).toBeUndefined()
  })

  it('is uncertain where the token does not see all keys', async () => {
    const { pagerduty } = await openAccount()
    const hidden = {
      ...pagerduty,
      async servicesWithIntegrations() {
        const { items, complete } = await pagerduty.servicesWithIntegrations()
        const integrations = items.flatMap((one) => one.integrations).map((one) => ({ ...one, key: undefined }))
        return { items: items.map((service) => ({ ...service, integrations })), complete }
      },
    }
    await expect(findTarget(hidden, SERVICE, TOPIC)).rejects.toMatchObject({ code: 'pagerduty-unsure' })
  })

  it('counts a service that the token does not show', async () => {
    const { pagerduty } = await openAccount()
    const target = await findTarget({ ...pagerduty, service: async () => undefined }, ROUTED, TOPIC)
    expect(target).toMatchObject({ routes: { value: { services: [], others: 1 } } })
    expect(target?.kind === 'orchestration' && routeStops(target)).toEqual([])
  })

  it('takes one call for each hundred services, not one for each service', async () => {
    const calls = async (services: number) => {
      const { pagerduty, sandbox } = await accountWith((state) => {
        const [first] = state.services
        for (let n = 0; first !== undefined && n < services; n++) {
          state.services.unshift({ ...first, id: `PX${n}`, name: `A ${n}` })
        }
      })
      await findTarget(pagerduty, SERVICE, TOPIC)
      return sandbox.calls.length
    }
    expect((await calls(300)) - (await calls(0))).toBe(3)
  })
})

const rule = (over: Partial<ServiceRule>): ServiceRule => ({
  id: 'r1',
  label: 'Quiet',
  disabled: false,
  conditions: [],
  suppress: false,
  suspendSeconds: undefined,
  eventAction: undefined,
  ...over,
})
const NOTHING = { suppress: false, suspendSeconds: undefined, eventAction: undefined }
const HUSH = { ...NOTHING, suppress: true }
const OURS = [`raw_event.TopicArn matches '${TOPIC}'`]
const OTHERS = ["raw_event.TopicArn matches 'arn:aws:sns:us-east-1:123456789012:other'"]
const UNREAD = ["event.severity matches 'info'"]

describe('what the rules of a service do to the alerts of a topic', () => {
  it.each<[string, ServiceOrchestration, readonly string[]]>([
    ['no rule', { rules: [], catchAll: NOTHING }, []],
    [
      'a catch-all that suppresses',
      { rules: [], catchAll: HUSH },
      ['the catch-all rule of service S suppresses alerts'],
    ],
    ['a rule that takes everything before it', { rules: [rule({})], catchAll: HUSH }, []],
    ['a rule that takes the topic before it', { rules: [rule({ conditions: OURS })], catchAll: HUSH }, []],
    [
      'a rule for another topic before it',
      { rules: [rule({ conditions: OTHERS })], catchAll: HUSH },
      ['the catch-all rule of service S suppresses alerts'],
    ],
    [
      'a rule that may take the alert before it',
      { rules: [rule({ conditions: UNREAD })], catchAll: HUSH },
      ['the catch-all rule of service S may suppress alerts'],
    ],
    [
      'a disabled rule before it',
      { rules: [rule({ disabled: true })], catchAll: HUSH },
      ['the catch-all rule of service S suppresses alerts'],
    ],
    [
      'a rule that suppresses everything',
      { rules: [rule({ suppress: true })], catchAll: NOTHING },
      ['rule "Quiet" of service S suppresses alerts'],
    ],
    [
      'a rule that may suppress',
      { rules: [rule({ suppress: true, conditions: UNREAD })], catchAll: NOTHING },
      ['rule "Quiet" of service S may suppress alerts'],
    ],
    [
      'a rule that pauses',
      { rules: [rule({ suspendSeconds: 120 })], catchAll: NOTHING },
      ['rule "Quiet" of service S pauses alerts'],
    ],
  ])('%s', async (_, orchestration, stops) => {
    const { pagerduty } = await openAccount()
    const client = { ...pagerduty, serviceOrchestration: async () => orchestration }
    const service = { id: SANDBOX_SERVICE_ID, name: 'S', status: 'active', escalationPolicyId: 'PONCALL' }
    expect(stopsOf(await readTargetService(client, service, TOPIC)).map(({ reason }) => reason)).toEqual(stops)
  })

  it('nothing where the orchestration is not in force', async () => {
    const { pagerduty } = await accountWith(({ serviceOrchestrations }) =>
      serviceOrchestrations.push({ serviceId: SANDBOX_SERVICE_ID, active: false, suppress: true }),
    )
    const target = await findTarget(pagerduty, SERVICE, TOPIC)
    expect(target?.kind === 'service' && stopsOf(target.service)).toEqual([])
  })
})
