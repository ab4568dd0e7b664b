import { describe, expect, it } from 'vitest'
import type { EventSelectors, FieldSelector } from '../../src/domain/snapshot.ts'
import { blindSpots, logsEvent } from '../../src/plan/coverage.ts'
import { selecting } from '../support/snapshot.ts'

const consoleLogin = { eventSource: 'signin.amazonaws.com', eventName: 'ConsoleLogin', readOnly: false }
const describeVpcs = { eventSource: 'ec2.amazonaws.com', eventName: 'DescribeVpcs', readOnly: true }
const disableKey = { eventSource: 'kms.amazonaws.com', eventName: 'DisableKey', readOnly: false }

function advanced(...fields: (Partial<FieldSelector> & { field: string })[]): EventSelectors {
  const empty = { equals: [], notEquals: [], startsWith: [], notStartsWith: [], endsWith: [], notEndsWith: [] }
  return { basic: [], advanced: [{ fields: fields.map((field) => ({ ...empty, ...field })) }] }
}

const MANAGEMENT = { field: 'eventCategory', equals: ['Management'] }

describe("C39 C40 what a trail's selectors let through", () => {
  it.each([
    ['no selector is the default: everything', { basic: [], advanced: [] }, true, true, true],
    ['all management events', selecting('All'), true, true, true],
    ['only writes', selecting('WriteOnly'), true, false, true],
    ['only reads', selecting('ReadOnly'), false, true, false],
    ['no management events', selecting('All', { management: false }), false, false, false],
    ['without AWS KMS', selecting('All', { excluded: ['kms.amazonaws.com'] }), true, true, false],
    ['advanced, management', advanced(MANAGEMENT), true, true, true],
    ['advanced, data alone', advanced({ field: 'eventCategory', equals: ['Data'] }), false, false, false],
    ['advanced, writes', advanced(MANAGEMENT, { field: 'readOnly', equals: ['false'] }), true, false, true],
    [
      'advanced, not KMS',
      advanced(MANAGEMENT, { field: 'eventSource', notEquals: ['kms.amazonaws.com'] }),
      true,
      true,
      false,
    ],
    [
      'advanced, one prefix',
      advanced(MANAGEMENT, { field: 'eventSource', startsWith: ['signin'] }),
      true,
      false,
      false,
    ],
    ['advanced, not a suffix', advanced(MANAGEMENT, { field: 'eventName', notEndsWith: ['Login'] }), false, true, true],
  ] as const)('%s', (_what, selectors, login, read, key) => {
    expect([consoleLogin, describeVpcs, disableKey].map((event) => logsEvent(selectors, event))).toEqual([
      login,
      read,
      key,
    ])
  })

  it('cannot be told where a selector uses a field of another kind', () => {
    const selectors = advanced(MANAGEMENT, { field: 'userIdentity.arn', equals: ['x'] })
    expect(logsEvent(selectors, consoleLogin)).toBeUndefined()
    expect(blindSpots(selectors)).toContain('fields-unknown')
  })

  it('adds up over several selectors', () => {
    const both: EventSelectors = {
      basic: [...selecting('All', { management: false }).basic, ...selecting('All').basic],
      advanced: [],
    }
    expect(blindSpots(both)).toEqual([])
  })
})
