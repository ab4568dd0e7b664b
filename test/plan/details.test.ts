import { describe, expect, it } from 'vitest'
import { detailsOf, differingLines } from '../../src/plan/details.ts'
import type { Change } from '../../src/plan/plan.ts'

const alarm = {
  kind: 'alarm',
  name: 'a',
  ownership: 'managed',
  spec: {
    description: 'one\ntwo',
    metric: { namespace: 'ns', name: 'm' },
    statistic: 'Sum',
    period: 300,
    evaluationPeriods: 12,
    datapointsToAlarm: 1,
    threshold: 1,
    comparisonOperator: 'GreaterThanOrEqualToThreshold',
    treatMissingData: 'notBreaching',
    alarmActions: ['arn:1', 'arn:2'],
    okActions: ['arn:1'],
    insufficientDataActions: [],
    actionsEnabled: true,
    tags: { team: 'security' },
  },
} as const

describe('the details of a change', () => {
  it('of what is made are all values that are sent, and what they come to', () => {
    expect(detailsOf({ action: 'create', resource: alarm })).toEqual([
      { field: 'description', to: 'one\ntwo' },
      { field: 'metric.namespace', to: 'ns' },
      { field: 'metric.name', to: 'm' },
      { field: 'statistic', to: 'Sum' },
      { field: 'period', to: '300' },
      { field: 'evaluationPeriods', to: '12' },
      { field: 'datapointsToAlarm', to: '1' },
      { field: 'threshold', to: '1' },
      { field: 'comparisonOperator', to: 'GreaterThanOrEqualToThreshold' },
      { field: 'treatMissingData', to: 'notBreaching' },
      { field: 'alarmActions', to: 'arn:1, arn:2' },
      { field: 'okActions', to: 'arn:1' },
      { field: 'insufficientDataActions', to: 'none' },
      { field: 'actionsEnabled', to: 'true' },
      { field: 'tags.team', to: 'security' },
      { field: 'hold', to: '60 minutes' },
    ])
  })

  it('keep a policy whole, as JSON to read', () => {
    const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow' }] }
    const spec = { trust: policy, policyName: 'p', policy, tags: {} }
    const change: Change = { action: 'create', resource: { kind: 'role', name: 'r', ownership: 'managed', spec } }
    expect(detailsOf(change)[0]).toEqual({ field: 'trust', to: JSON.stringify(policy, null, 2) })
  })

  it('name no trust that an earlier version wrote: it is never sent', () => {
    const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow' }] }
    const spec = { trust: policy, olderTrust: policy, policyName: 'p', policy, tags: {} }
    const change: Change = { action: 'create', resource: { kind: 'role', name: 'r', ownership: 'managed', spec } }
    expect(detailsOf(change).map(({ field }) => field)).toEqual(['trust', 'policyName', 'policy', 'description'])
  })

  it('of what changes are its fields, old and new', () => {
    const fields = [{ field: 'threshold', from: '1', to: '3' }]
    expect(detailsOf({ action: 'update', resource: alarm, fields })).toEqual(fields)
  })

  it.each([
    ['a\nb\nc', 'a\nx\nc', ['b'], ['x']],
    ['a\nb', 'a\nb\nc', [], ['c']],
    ['a', 'a', [], []],
    ['a\na', 'a', ['a'], []],
  ])('of %j and %j only the lines that differ', (from, to, gone, fresh) => {
    expect(differingLines(from, to)).toEqual({ gone, fresh })
  })
})
