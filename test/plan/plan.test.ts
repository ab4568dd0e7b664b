import { describe, expect, it } from 'vitest'
import { topicPolicy } from '../../src/domain/policy-documents.ts'
import { addressOf, type CurrentResource, type Resource } from '../../src/domain/resources.ts'
import { blocked, countActions, plan, settled } from '../../src/plan/plan.ts'
import { SITE, TOPIC } from '../support/builders.ts'

const group: Resource<'log-group'> = {
  kind: 'log-group',
  name: 'events',
  ownership: 'managed',
  spec: { retentionDays: 365, tags: {} },
}
const adopted: Resource = { ...group, ownership: 'adopted' }

function planned(wanted: Resource, observation: CurrentResource, obstacle?: string) {
  const preflight = new Map(obstacle === undefined ? [] : [[addressOf(wanted), { why: obstacle }]])
  return plan([wanted], new Map([[addressOf(wanted), observation]]), preflight)
}

function retained(days: number | undefined, managed = true): CurrentResource {
  return { state: 'present', managed, spec: { retentionDays: days, tags: {} } }
}

describe('what is decided about a wanted resource', () => {
  it.each([
    ['absent and ours', group, { state: 'absent' }, 'create'],
    ['absent and named by the person', adopted, { state: 'absent' }, 'blocked'],
    ['there as wished', group, retained(365), 'none'],
    ['there and different', group, retained(undefined), 'update'],
    ['there under our name, made by somebody else', group, retained(365, false), 'blocked'],
    ['there, made by somebody else, and named by the person', adopted, retained(365, false), 'none'],
    [
      'unreadable: not being allowed to look is never "not there"',
      group,
      { state: 'unreadable', why: 'denied' },
      'blocked',
    ],
  ] as const)('%s', (_what, wanted, observation, action) => {
    expect(planned(wanted, observation as CurrentResource)).toMatchObject([{ action }])
  })

  it('an obstacle blocks it whatever was observed', () => {
    const changes = planned(group, { state: 'absent' }, 'its class takes no filters')
    expect(changes).toMatchObject([{ action: 'blocked', why: 'its class takes no filters' }])
    expect(blocked(changes)).toBe(true)
  })

  it('a retention that is longer than wished is never shortened', () => {
    expect(planned(group, retained(3653))).toMatchObject([{ action: 'none' }])
  })

  it('a resource that nobody observed is a fault of ours, not "absent"', () => {
    expect(() => plan([group], new Map())).toThrow('nothing was observed of log-group/events')
  })
})

describe('fields that change', () => {
  const filter: Resource<'metric-filter'> = {
    kind: 'metric-filter',
    name: 'f',
    ownership: 'managed',
    spec: {
      logGroup: 'events',
      pattern: '{ ($.a = "x") && ($.b = "y") }',
      exact: false,
      metric: { namespace: 'N', name: 'M', value: '1', unit: undefined, defaultValue: 0 },
    },
  }
  const stored = (pattern: string, exact = false): CurrentResource => ({
    state: 'present',
    managed: true,
    spec: { ...filter.spec, pattern, exact },
  })

  it('C29 a pattern that somebody reformatted means the same and is left alone', () => {
    expect(planned(filter, stored('{$.b=y&&$.a="x"}'))).toMatchObject([{ action: 'none' }])
  })

  it('C30 a compliance string is compared to the letter, because scanners do', () => {
    const exact: Resource = { ...filter, spec: { ...filter.spec, exact: true } }
    expect(planned(exact, stored('{$.b=y&&$.a="x"}', true))).toMatchObject([{ action: 'update' }])
  })

  it('a pattern that means something else is shown with both texts', () => {
    expect(planned(filter, stored('{ $.a = "x" }'))).toMatchObject([
      { action: 'update', fields: [{ field: 'pattern', from: '{ $.a = "x" }', to: filter.spec.pattern }] },
    ])
  })

  it("what is set at creation alone, such as a topic's policy and tags, is never overwritten", () => {
    const topic: Resource<'topic'> = {
      kind: 'topic',
      name: 'alerts',
      ownership: 'managed',
      spec: { arn: TOPIC, displayName: 'd', kmsKeyId: undefined, policy: topicPolicy(SITE, TOPIC), tags: { a: 'b' } },
    }
    const observation: CurrentResource = {
      state: 'present',
      managed: true,
      spec: { ...topic.spec, policy: { Statement: [] }, tags: {} },
    }
    expect(settled(planned(topic, observation))).toBe(true)
  })
})

describe('a plan', () => {
  it('counts its actions and is settled when there is nothing to do', () => {
    const changes = [...planned(group, { state: 'absent' }), ...planned(group, retained(365))]
    expect(countActions(changes)).toEqual({ create: 1, update: 0, delete: 0, none: 1, blocked: 0 })
    expect(settled(changes)).toBe(false)
  })
})
