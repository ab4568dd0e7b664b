import { describe, expect, it } from 'vitest'
import {
  bucketStatements,
  deliveryPolicy,
  deliveryTrust,
  mergeStatements,
  parsePolicy,
  removeStatements,
  SID,
  samePolicy,
  sameStatements,
  topicPolicy,
} from '../../src/domain/policy-documents.ts'
import { site } from '../support/snapshot.ts'

const foreign = { Sid: 'Theirs', Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'r' }

describe("C50 a bucket's policy", () => {
  const statements = bucketStatements(site, 'audit', 'mine')

  it("lets CloudTrail check the ACL and write this account's logs, for this trail alone", () => {
    expect(statements).toMatchObject([
      { Action: 's3:GetBucketAcl', Resource: 'arn:aws:s3:::audit' },
      { Action: 's3:PutObject', Resource: 'arn:aws:s3:::audit/AWSLogs/123456789012/*' },
    ])
    for (const statement of statements) {
      expect(JSON.stringify(statement.Condition)).toContain('arn:aws:cloudtrail:us-east-1:123456789012:trail/mine')
    }
  })

  it('is merged: what others wrote stays to the letter and in its place', () => {
    const merged = mergeStatements({ Version: '2008-10-17', Statement: [foreign] }, statements)
    expect(merged.Version).toBe('2008-10-17')
    expect(merged.Statement[0]).toBe(foreign)
    expect(merged.Statement).toHaveLength(3)
  })

  it('is not doubled on a re-run', () => {
    const once = mergeStatements(undefined, statements)
    expect(mergeStatements(once, statements)).toEqual(once)
  })

  it('keeps statements of our Sid that serve another trail, and adds its own under a Sid of its own', () => {
    const others = bucketStatements(site, 'audit', 'another')
    const merged = mergeStatements({ Statement: others }, statements)
    expect(merged.Statement.slice(0, 2)).toEqual(others)
    expect(new Set(merged.Statement.map(({ Sid }) => Sid)).size).toBe(4)
    expect(sameStatements(merged, statements)).toBe(true)
    expect(mergeStatements(merged, statements)).toEqual(merged)
  })

  it("of another trail's SourceArn is seen as missing", () => {
    const others = { Statement: bucketStatements(site, 'audit', 'another') }
    expect(sameStatements(others, statements)).toBe(false)
  })
})

describe('the delivery role', () => {
  it('may write the streams of an organization too, when the trail is one', () => {
    const policy = deliveryPolicy(site, 'g', 'o-abc')
    expect(JSON.stringify(policy)).toContain(':log-stream:o-abc_*')
    expect(JSON.stringify(deliveryPolicy(site, 'g', undefined))).not.toContain('o-abc')
  })

  it('is trusted to CloudTrail without a condition, as the user guide shows it', () => {
    expect(deliveryTrust().Statement).toEqual([
      {
        Sid: 'CloudTrailPagerDutyDelivery',
        Effect: 'Allow',
        Principal: { Service: 'cloudtrail.amazonaws.com' },
        Action: 'sts:AssumeRole',
      },
    ])
  })
})

describe('policies are compared by what they say', () => {
  const policy = topicPolicy(site, 'arn:aws:sns:us-east-1:123456789012:t')

  it('whatever the order of statements, of keys, and whether one value is a list', () => {
    const [first, second] = policy.Statement
    const reordered = {
      Statement: [{ ...second, Action: ['sns:Publish'] }, Object.fromEntries(Object.entries(first ?? {}).reverse())],
    }
    expect(samePolicy(policy, reordered)).toBe(true)
  })

  it('and a changed value is a difference', () => {
    const changed = { Statement: [...policy.Statement.slice(0, 1), { ...policy.Statement[1], Effect: 'Deny' }] }
    expect(samePolicy(policy, changed)).toBe(false)
  })

  it('are read from JSON, from the URL encoding of IAM, and not from rubbish', () => {
    const text = JSON.stringify(policy)
    expect(parsePolicy(text)).toEqual(policy)
    expect(parsePolicy(encodeURIComponent(text))).toEqual(policy)
    for (const rubbish of ['', 'x', '{}', '{"Statement":[1]}', '[]', undefined])
      expect(parsePolicy(rubbish)).toBeUndefined()
  })

  it('lose only the statements that are named', () => {
    expect(removeStatements(policy, [SID.topic]).Statement).toEqual(policy.Statement.slice(0, 1))
  })
})
