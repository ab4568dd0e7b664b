import { describe, expect, it } from 'vitest'
import type { ActionOutcome, HistoryEntry, StateChange } from '../../src/aws/readers/alarm-history.ts'
import { publishCause } from '../../src/drill/causes.ts'
import { entryKey, timelineOf } from '../../src/drill/history.ts'

const at = (second: number) => new Date(second * 1000)
const change = (second: number, from: string, to: string, reason = ''): StateChange => ({
  kind: 'state',
  at: at(second),
  from,
  to,
  reason,
})
const action = (second: number, over: Partial<ActionOutcome> = {}): ActionOutcome => ({
  kind: 'action',
  at: at(second),
  succeeded: true,
  target: 'arn:aws:sns:us-east-1:123456789012:alerts',
  error: undefined,
  announced: undefined,
  summary: '',
  ...over,
})
const drillOf =
  (id: string) =>
  ({ reason }: StateChange) =>
    reason.includes(`drill ${id}`)

describe('the course of a drill in the history', () => {
  it('begins at its own ALARM, not at a real one', () => {
    const entries = [
      change(0, 'OK', 'ALARM', 'Threshold Crossed'),
      action(1),
      change(2, 'ALARM', 'OK'),
      change(9, 'OK', 'ALARM', 'a drill 7f3a'),
    ]
    const timeline = timelineOf(entries, drillOf('7f3a'))
    expect(timeline.alarm?.change.at).toEqual(at(9))
    expect(timeline.alarm?.actions).toEqual([])
    expect(timeline.ok).toBeUndefined()
  })

  it('gives each action to the state that it announced', () => {
    const entries = [change(0, 'OK', 'ALARM', 'drill 7f3a'), action(0), change(3, 'ALARM', 'OK'), action(3)]
    const { alarm, ok } = timelineOf(entries, drillOf('7f3a'))
    expect([alarm?.actions.length, ok?.actions.length]).toEqual([1, 1])
  })

  it('believes the message rather than the order when both have the same time', () => {
    const entries: HistoryEntry[] = [
      change(0, 'OK', 'ALARM', 'drill 7f3a'),
      change(0, 'ALARM', 'OK'),
      action(0, { announced: 'ALARM' }),
      action(0, { announced: 'OK', succeeded: false }),
    ]
    const { alarm, ok } = timelineOf(entries, drillOf('7f3a'))
    expect([alarm?.actions[0]?.succeeded, ok?.actions[0]?.succeeded]).toEqual([true, false])
  })

  it('has nothing before the drill began', () => {
    expect(timelineOf([change(0, 'INSUFFICIENT_DATA', 'OK')], () => true)).toEqual({ alarm: undefined, ok: undefined })
  })

  it('tells entries of one second apart', () => {
    const entries = [change(0, 'OK', 'ALARM'), change(0, 'ALARM', 'OK'), action(0), action(0, { announced: 'OK' })]
    expect(new Set(entries.map(entryKey)).size).toBe(4)
  })
})

describe('causes of a refused publication', () => {
  const cases: readonly [string, RegExp][] = [
    [
      'Resource: arn:aws:cloudwatch:us-east-1:123456789012:alarm:a is not authorized to perform: SNS:Publish on resource: arn:aws:sns:us-east-1:123456789012:alerts because no resource-based policy allows the SNS:Publish action',
      /policy does not let CloudWatch publish/,
    ],
    [
      'CloudWatch Alarms is not authorized to perform: SNS:Publish on resource',
      /policy does not let CloudWatch publish/,
    ],
    ['null (Service: AWSKMS; Status Code: 400; Error Code: AccessDeniedException; Request ID: 1)', /kms:Decrypt/],
    ['KMS key is disabled', /kms:Decrypt/],
    ['Topic does not exist (Service: AmazonSNS; Status Code: 404; Error Code: NotFound)', /no longer exists/],
    ['something new', /could not publish: something new/],
    ['', /the history gives no reason/],
  ]
  it.each(cases)('%s', (error, cause) => {
    expect(publishCause(error, 'arn:aws:sns:us-east-1:123456789012:alerts')).toMatch(cause)
  })
})
