import { describe, expect, it } from 'vitest'
import { AppError } from '../../src/errors.ts'
import type { InitOptions } from '../../src/options/command-options.ts'
import { setupOf } from '../../src/options/setup.ts'

const KEY = '0123456789abcdef0123456789abcdef'
const PATTERN = '{ $.eventName = "DeleteVpc" }'

function complaintOf(options: InitOptions): AppError {
  try {
    setupOf(options)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

describe('a setup', () => {
  it('from no options is the recommended chain without a route', () => {
    const { setup, warnings } = setupOf({})
    expect(warnings).toEqual([])
    expect(setup).toMatchObject({
      name: 'cloudtrail-pd',
      destination: undefined,
      trail: { how: 'best' },
      logRetention: 365,
      variant: 'paging',
      autoResolve: true,
      hold: undefined,
      confirmTimeout: 90,
      tags: {},
    })
    expect(setup.detections.every(({ tier }) => tier === 'core')).toBe(true)
  })

  it('carries what was said', () => {
    const { setup } = setupOf({
      createTrail: 'mine',
      trailBucket: 'b-1',
      topic: 'pages',
      kmsKey: 'alias/x',
      tag: { a: 'b' },
      autoResolve: false,
    })
    expect(setup).toMatchObject({
      trail: { how: 'create', name: 'mine', bucket: 'b-1' },
      topic: { nameOrArn: 'pages', kmsKey: 'alias/x' },
      tags: { a: 'b' },
      autoResolve: false,
    })
  })

  it('builds the route from a key', () => {
    const { setup } = setupOf({ integrationKey: KEY, serviceRegion: 'eu' })
    expect(JSON.stringify(setup.destination)).toContain('https://events.eu.pagerduty.com/integration/…cdef/enqueue')
  })

  it('passes on the warnings of the route', () => {
    expect(setupOf({ integrationKey: KEY, route: 'global-orchestration' }).warnings).toHaveLength(1)
  })

  it('tunes detections by --set and --hold, the single one last', () => {
    const { setup } = setupOf({
      detections: ['root-account-usage', 'mfa-deactivated'],
      hold: 30,
      set: [{ id: 'root-account-usage', field: 'hold', value: '60' }],
    })
    const minutes = setup.detections.map(({ id, paging: { alarm } }) => [
      id,
      (alarm.evaluationPeriods * alarm.period) / 60,
    ])
    expect(Object.fromEntries(minutes)).toEqual({ 'root-account-usage': 60, 'mfa-deactivated': 30 })
    expect(setup.hold).toBe(30)
  })

  it('leaves excluded principals out of the pattern of one detection', () => {
    const principal = 'arn:aws:iam::123456789012:role/break-glass'
    const { setup } = setupOf({
      detections: ['mfa-deactivated', 'root-account-usage'],
      excludePrincipal: [{ id: 'mfa-deactivated', principal }],
    })
    const without = setup.detections.filter(({ paging }) => paging.pattern.includes(principal)).map(({ id }) => id)
    expect(without).toEqual(['mfa-deactivated'])
  })

  it.each<[InitOptions, string]>([
    [{ trail: 'a-trail', createTrail: 'b-trail' }, 'trail-conflict'],
    [{ trailBucket: 'bucket' }, 'trail-bucket'],
    [{ exitCode: true }, 'exit-code'],
    [{ detections: ['root-acount-usage'] }, 'unknown-detection'],
    [{ detections: ['root-account-usage'], exclude: ['root-account-usage'] }, 'no-detections'],
    [{ set: [{ id: 'root-account-usage', field: 'hld', value: '1' }] }, 'bad-override'],
    [{ excludePrincipal: [{ id: undefined, principal: '*' }] }, 'blinding-principal'],
    [{ integrationKey: 'abcdefghij0123456789' }, 'key-is-token'],
    [{ threshold: 5 }, 'custom-without-pattern'],
    [{ filterPattern: PATTERN, detections: ['recommended'] }, 'custom-with-pack'],
    [{ filterPattern: '{ $.eventName = DeleteVpc" }' }, 'pattern-refused'],
    [{ filterPattern: PATTERN, datapointsToAlarm: 3, evaluationPeriods: 2 }, 'alarm-impossible'],
    [{ filterPattern: PATTERN, period: 60, evaluationPeriods: 1441 }, 'alarm-impossible'],
    [{ filterPattern: 'ERROR', metricValue: '$.size' }, 'metric-value'],
  ])('from %j is refused before any call', (options, code) => {
    expect(complaintOf(options)).toMatchObject({ exit: 2, code })
  })

  it('names everything that is wrong at once', () => {
    const { message } = complaintOf({ integrationKey: 'short', trailBucket: 'b-1', detections: ['nope'], threshold: 3 })
    expect(message.split('; ')).toHaveLength(4)
    expect(message).not.toContain('short')
  })
})

describe("a detection of one's own", () => {
  it('is the only one when no other is named', () => {
    const { setup } = setupOf({ filterPattern: PATTERN, filterName: 'VpcDeleted' })
    expect(setup.detections).toHaveLength(1)
    expect(setup.detections[0]).toMatchObject({
      id: 'vpc-deleted',
      custom: { filterName: 'VpcDeleted' },
      paging: {
        pattern: PATTERN,
        metric: { name: 'VpcDeleted', value: '1', defaultValue: 0 },
        alarm: { period: 300, evaluationPeriods: 1, threshold: 1, treatMissingData: 'notBreaching' },
      },
    })
  })

  it('stands beside single detections that are named', () => {
    const { setup } = setupOf({ filterPattern: PATTERN, detections: ['root-account-usage'] })
    expect(setup.detections.map(({ id }) => id)).toEqual(['root-account-usage', 'custom'])
  })

  it('takes names, metric and alarm as they were said', () => {
    const { setup } = setupOf({
      filterPattern: PATTERN,
      filterName: 'big',
      metricNamespace: 'Sec/Ops',
      metricName: 'Bytes',
      metricValue: '$.requestParameters.size',
      metricUnit: 'Bytes',
      alarmName: 'too big',
      alarmDescription: 'look',
      threshold: 10,
      period: 60,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      statistic: 'Maximum',
      comparisonOperator: 'GreaterThanThreshold',
    })
    const [detection] = setup.detections
    expect(detection?.custom).toEqual({ filterName: 'big', alarmName: 'too big', description: 'look' })
    expect(detection?.paging.metric).toEqual({
      namespace: 'Sec/Ops',
      name: 'Bytes',
      value: '$.requestParameters.size',
      unit: 'Bytes',
    })
    expect(detection?.paging.alarm).toMatchObject({
      threshold: 10,
      period: 60,
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      statistic: 'Maximum',
      comparisonOperator: 'GreaterThanThreshold',
    })
  })

  it('warns where nobody knows how AWS reads the pattern', () => {
    const { warnings } = setupOf({ filterPattern: '{ $.a = 01 }' })
    expect(warnings).toEqual([expect.stringMatching(/^filter pattern, column 9: /)])
  })
})
