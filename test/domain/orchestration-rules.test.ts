import { describe, expect, it } from 'vitest'
import { orchestrationRules, takesTopic } from '../../src/domain/orchestration-rules.ts'

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:cloudtrail-pd-alerts'
const OTHER = 'arn:aws:sns:us-east-1:123456789012:elsewhere'

describe('a routing rule', () => {
  it.each([
    ['without a condition', [], 'yes'],
    ['on this topic', [`raw_event.TopicArn matches '${TOPIC}'`], 'yes'],
    ['on another topic', [`raw_event.TopicArn matches '${OTHER}'`], 'no'],
    ['on a part of its name', ["raw_event.TopicArn matches part 'cloudtrail'"], 'yes'],
    ['on a part of another name', ["raw_event.TopicArn matches part 'billing'"], 'no'],
    ['on something else', ["event.summary matches part 'ALARM'"], 'cannot tell'],
    [
      'on another topic or something else',
      [`raw_event.TopicArn matches '${OTHER}'`, 'event.severity exists'],
      'cannot tell',
    ],
    [
      'on another topic or this one',
      [`raw_event.TopicArn matches '${OTHER}'`, `raw_event.TopicArn matches '${TOPIC}'`],
      'yes',
    ],
    [
      'on this topic and something else',
      [`raw_event.TopicArn matches '${TOPIC}' and event.severity exists`],
      'cannot tell',
    ],
  ] as const)('%s takes the topic: %s', (_, conditions, verdict) => {
    expect(takesTopic(conditions, TOPIC)).toBe(verdict)
  })
})

it('the rules to add route by this topic, resolve on OK, and pair both by the ARN of the alarm', () => {
  const text = orchestrationRules(TOPIC).join('\n')
  expect(text).toContain(`raw_event.TopicArn matches '${TOPIC}'`)
  expect(text).toContain("raw_event.Subject matches part 'OK: '")
  expect(text).toContain('{{variables.alarm}}')
  expect(takesTopic([text.match(/raw_event\.TopicArn matches '[^']*'/)?.[0] ?? ''], TOPIC)).toBe('yes')
})
