import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  alarmsConsoleUrl,
  eventConsoleUrl,
  eventSearchUrl,
  logGroupConsoleUrl,
  topicConsoleUrl,
  trailConsoleUrl,
} from '../../src/domain/console.ts'
import { searchIn } from '../support/console-link.ts'
import { site } from '../support/snapshot.ts'

const china = { ...site, partition: 'aws-cn', region: 'cn-north-1' }
const gov = { ...site, partition: 'aws-us-gov', region: 'us-gov-west-1' }

describe('a link into the console', () => {
  it('leads to a log group, in the console of its partition', () => {
    expect(logGroupConsoleUrl(site, 'aws/trail')).toBe(
      'https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#logsV2:log-groups/log-group/aws$252Ftrail',
    )
    expect(logGroupConsoleUrl(china, 'g')).toMatch(/^https:\/\/cn-north-1\.console\.amazonaws\.cn\/cloudwatch\//)
    expect(logGroupConsoleUrl(gov, 'g')).toMatch(
      /^https:\/\/us-gov-west-1\.console\.amazonaws-us-gov\.com\/cloudwatch\//,
    )
  })

  it('fills in a search as the console itself spells it', () => {
    expect(eventSearchUrl(site, 'g', '{ $.eventType = "error" && $.message != %token% }')).toBe(
      'https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#logsV2:log-groups/log-group/g' +
        '/log-events$3FfilterPattern$3D$257B+$2524.eventType+$253D+$2522error$2522+$2526$2526+$2524.message+$2521$253D' +
        '+$2525token$2525+$257D$26start$3D-43200000',
    )
  })

  it('gives back the log group and the pattern, whatever characters they have', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (group, pattern) => {
        expect(searchIn(eventSearchUrl(site, group, pattern))).toEqual({ logGroup: group, pattern, hours: 12 })
      }),
    )
  })

  it('has no character at which a chat or a mail program ends a link', () => {
    fc.assert(
      fc.property(fc.string(), (pattern) => {
        expect(eventSearchUrl(site, 'g', pattern)).toMatch(/^[\w:/.?=#$+*-]+$/)
      }),
    )
  })

  it('leads to one event where it was recorded', () => {
    expect(eventConsoleUrl(gov, '90c72977-31e0-4079-9a74-ee25e5d7aadf')).toBe(
      'https://us-gov-west-1.console.amazonaws-us-gov.com/cloudtrailv2/home?region=us-gov-west-1#/events/90c72977-31e0-4079-9a74-ee25e5d7aadf',
    )
  })

  it('leads to a trail, a topic, and the alarms whose names have a text', () => {
    const trail = 'arn:aws-us-gov:cloudtrail:us-gov-west-1:123456789012:trail/org'
    const topic = 'arn:aws-cn:sns:cn-north-1:123456789012:alerts'
    expect(trailConsoleUrl(gov, trail)).toBe(
      `https://us-gov-west-1.console.amazonaws-us-gov.com/cloudtrailv2/home?region=us-gov-west-1#/trails/${trail}`,
    )
    expect(topicConsoleUrl(china, topic)).toBe(
      `https://cn-north-1.console.amazonaws.cn/sns/v3/home?region=cn-north-1#/topic/${topic}`,
    )
    expect(alarmsConsoleUrl(site, 'cloudtrail-pd|é')).toBe(
      "https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:?~(search~'cloudtrail-pd*7c*e9)",
    )
  })
})
