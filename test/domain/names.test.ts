import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  bucketArn,
  chainNames,
  deliveryStreamArn,
  logGroupArn,
  logGroupNameOf,
  parseArn,
  roleArn,
  roleNameOf,
  type Site,
  topicArn,
  trailLogGroupArn,
} from '../../src/domain/names.ts'

const site: Site = { partition: 'aws', account: '123456789012', region: 'us-east-1' }
const gov: Site = { ...site, partition: 'aws-us-gov', region: 'us-gov-west-1' }
const china: Site = { ...site, partition: 'aws-cn', region: 'cn-north-1' }

describe('C53 ARNs', () => {
  it.each([gov, china])('carry the partition $partition', (place) => {
    const arns = [topicArn(place, 't'), roleArn(place, 'r'), bucketArn(place, 'b'), logGroupArn(place, 'g')]
    for (const arn of arns) expect(parseArn(arn)?.partition).toBe(place.partition)
  })

  it('are never written with a fixed partition in the source', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
    const guilty = files.filter((name) =>
      readFileSync(join('src', name), 'utf8').includes(['arn', 'aws', ''].join(':')),
    )
    expect(guilty).toEqual([])
  })

  it('that are none are not read as one', () => {
    for (const text of ['', 'arn', 'arn:aws', 'pending confirmation', 'PendingConfirmation']) {
      expect(parseArn(text)).toBeUndefined()
    }
  })
})

describe('C45 a log group', () => {
  it('has one ARN for CloudTrail and one for everybody else', () => {
    expect(logGroupArn(site, 'a/b#c')).toBe(`arn:aws:logs:us-east-1:123456789012:log-group:a/b#c`)
    expect(trailLogGroupArn(site, 'a/b#c')).toBe(`arn:aws:logs:us-east-1:123456789012:log-group:a/b#c:*`)
  })

  it.each(['', ':*', ':*:*'])('is recognised with "%s" at the end of its ARN', (end) => {
    expect(logGroupNameOf(`${logGroupArn(site, 'a/b#c')}${end}`)).toBe('a/b#c')
  })

  it('is written to in streams named after account and region', () => {
    expect(deliveryStreamArn(site, 'g')).toMatch(/:log-group:g:log-stream:123456789012_CloudTrail_us-east-1\*$/)
  })
})

describe('the names of a chain', () => {
  it('C08 carry account and region in every alarm, so that two regions never share an incident', () => {
    const here = chainNames('cloudtrail-pd', site).alarm('root-account-usage', 'paging')
    const there = chainNames('cloudtrail-pd', { ...site, region: 'eu-west-1' }).alarm('root-account-usage', 'paging')
    expect(here).toBe('cloudtrail-pd-root-account-usage-123456789012-us-east-1')
    expect(there).not.toBe(here)
  })

  it('of two chains in one account have nothing in common, metrics included', () => {
    const one = chainNames('cloudtrail-pd', site)
    const two = chainNames('audit', site)
    for (const key of ['topic', 'ticketTopic', 'complianceTopic', 'bucket', 'role', 'namespace'] as const) {
      expect(one[key]).not.toBe(two[key])
    }
  })

  it('give S3 a bucket name that it takes', () => {
    expect(chainNames('My_Chain', site).bucket).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/)
  })

  it('come back from a role ARN with a path', () => {
    expect(roleNameOf('arn:aws:iam::123456789012:role/service-role/delivery')).toBe('delivery')
  })
})
