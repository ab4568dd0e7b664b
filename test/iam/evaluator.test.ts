import { describe, expect, it } from 'vitest'
import { decide, decideTogether, type PolicyRequest } from '../../src/iam/evaluator.ts'

const ACCOUNT = '123456789012'
const TOPIC = `arn:aws:sns:us-east-1:${ACCOUNT}:alerts`
const ALARM = `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:root`
const ROLE = `arn:aws:iam::${ACCOUNT}:role/delivery`

const publish: PolicyRequest = {
  principal: { service: 'cloudwatch.amazonaws.com' },
  action: 'sns:Publish',
  resource: TOPIC,
  context: {
    'aws:SourceArn': ALARM,
    'aws:SourceAccount': ACCOUNT,
    'AWS:SourceOwner': ACCOUNT,
    'sns:Protocol': undefined,
  },
}
const cloudwatch = { Service: 'cloudwatch.amazonaws.com' }
const open = { Effect: 'Allow', Principal: cloudwatch, Action: 'sns:Publish', Resource: TOPIC }

function answer(statement: object | readonly object[], request: PolicyRequest = publish) {
  const statements = Array.isArray(statement) ? statement : [statement]
  return decide({ Statement: statements }, request)
}

function under(Condition: object, request: PolicyRequest = publish) {
  return answer({ ...open, Condition }, request)
}

describe('who is meant', () => {
  it.each([
    ['the service by name', { Principal: cloudwatch }, 'yes'],
    ['the service in a list', { Principal: { Service: ['events.amazonaws.com', 'cloudwatch.amazonaws.com'] } }, 'yes'],
    ['another service', { Principal: { Service: 'events.amazonaws.com' } }, 'no'],
    ['everybody', { Principal: '*' }, 'yes'],
    ['every AWS principal, as in the default policy', { Principal: { AWS: '*' } }, 'yes'],
    ['the root of the account, which is no service', { Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } }, 'no'],
    [
      'everybody but another service',
      { Principal: undefined, NotPrincipal: { Service: 'events.amazonaws.com' } },
      'yes',
    ],
    ['everybody but this service', { Principal: undefined, NotPrincipal: cloudwatch }, 'no'],
    ['a principal of no form', { Principal: 7 }, 'no'],
  ])('%s', (_, change, expected) => {
    expect(answer({ ...open, ...change })).toBe(expected)
  })

  it.each([
    ['a role by ARN', ROLE, ROLE, 'yes'],
    ['its account by number', ACCOUNT, ROLE, 'yes'],
    ['its account by root', `arn:aws:iam::${ACCOUNT}:root`, ROLE, 'yes'],
    ['another account', '210987654321', ROLE, 'no'],
    ["the role's namesake", ROLE, `${ROLE}-2`, 'no'],
  ])('an AWS principal: %s', (_, AWS, aws, expected) => {
    expect(answer({ ...open, Principal: { AWS } }, { ...publish, principal: { aws } })).toBe(expected)
  })
})

describe('what is meant', () => {
  it.each([
    ['the action in another case', { Action: 'SNS:publish' }, 'yes'],
    ['a wildcard in the action', { Action: 'sns:Pub*' }, 'yes'],
    ['a question mark', { Action: 'sns:Publis?' }, 'yes'],
    ['all actions but another', { Action: undefined, NotAction: 'sns:Subscribe' }, 'yes'],
    ['all actions but this', { Action: undefined, NotAction: ['sns:P*'] }, 'no'],
    ['another action', { Action: ['sns:Subscribe'] }, 'no'],
    ['every resource', { Resource: '*' }, 'yes'],
    ['a wildcard in the resource', { Resource: TOPIC.replace('alerts', 'al*') }, 'yes'],
    ['a resource in another case', { Resource: TOPIC.replace('alerts', 'Alerts') }, 'no'],
    ['another resource', { Resource: `${TOPIC}-2` }, 'no'],
    ['all resources but this', { Resource: undefined, NotResource: TOPIC }, 'no'],
    ['a dot that is no wildcard', { Action: 'snsXPublish' }, 'no'],
    [
      'a policy variable that may fit',
      { Resource: TOPIC.replace('alerts', `\${aws:PrincipalTag/topic}`) },
      'cannot-tell',
    ],
    ['a policy variable elsewhere', { Resource: `arn:aws:sqs:*:*:\${aws:username}` }, 'no'],
  ])('%s', (_, change, expected) => {
    expect(answer({ ...open, ...change })).toBe(expected)
  })
})

describe('allow and deny', () => {
  it('says no without any policy, and without a statement', () => {
    expect(decide(undefined, publish)).toBe('no')
    expect(decide({ Statement: [] }, publish)).toBe('no')
  })

  it.each([
    ['a deny after the allow', [open, { ...open, Effect: 'Deny' }], 'no'],
    ['a deny before the allow', [{ ...open, Effect: 'Deny' }, open], 'no'],
    ['a deny of something else', [open, { ...open, Effect: 'Deny', Action: 'sns:Subscribe' }], 'yes'],
    [
      'a deny to everybody but this service',
      [open, { ...open, Effect: 'Deny', Principal: undefined, NotPrincipal: cloudwatch }],
      'yes',
    ],
    [
      'a deny to everybody but another service',
      [open, { ...open, Effect: 'Deny', Principal: undefined, NotPrincipal: { Service: 'events.amazonaws.com' } }],
      'no',
    ],
    [
      'a deny of plain-text calls',
      [open, { ...open, Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
      'yes',
    ],
    [
      'a deny that cannot be told',
      [open, { ...open, Effect: 'Deny', Condition: { StringEquals: { 'aws:RequestedRegion': 'x' } } }],
      'cannot-tell',
    ],
    [
      'an allow that cannot be told beside one that can',
      [open, { ...open, Condition: { StringEquals: { 'x:y': 'z' } } }],
      'yes',
    ],
    ['an effect of no form', [{ ...open, Effect: 'allow' }], 'no'],
  ])('%s', (_, statements, expected) => {
    expect(answer(statements)).toBe(expected)
  })

  it('adds up the policies of a role', () => {
    const grant = (Action: string) => ({ Statement: [{ Effect: 'Allow', Action, Resource: '*' }] })
    const request = { principal: { aws: ROLE }, action: 'logs:PutLogEvents', resource: 'x', context: {} }
    expect(decideTogether([grant('logs:CreateLogStream'), grant('logs:PutLogEvents')], request)).toBe('yes')
    expect(decideTogether([], request)).toBe('no')
  })
})

describe('C20 conditions of a topic policy', () => {
  it.each([
    ['the account of the alarm', { StringEquals: { 'aws:SourceAccount': ACCOUNT } }, 'yes'],
    ['another account', { StringEquals: { 'aws:SourceAccount': '210987654321' } }, 'no'],
    ['one account of several', { StringEquals: { 'aws:SourceAccount': ['210987654321', ACCOUNT] } }, 'yes'],
    ['the key in another case', { StringEquals: { 'AWS:sourceaccount': ACCOUNT } }, 'yes'],
    ['the owner, as in the default policy', { StringEquals: { 'AWS:SourceOwner': ACCOUNT } }, 'yes'],
    ["the alarm's ARN with stars", { ArnLike: { 'aws:SourceArn': `arn:aws:cloudwatch:*:*:alarm:*` } }, 'yes'],
    [
      'the ARN of an alarm in another region',
      { ArnLike: { 'aws:SourceArn': ALARM.replace('us-east-1', 'eu-west-1') } },
      'no',
    ],
    [
      'ArnEquals with stars',
      { ArnEquals: { 'aws:SourceArn': `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:*` } },
      'yes',
    ],
    [
      'a star that would have to reach over a colon',
      { ArnLike: { 'aws:SourceArn': `arn:aws:cloud*:alarm:root` } },
      'no',
    ],
    ['StringLike on the ARN', { StringLike: { 'aws:SourceArn': 'arn:*:alarm:root' } }, 'yes'],
    [
      'the organization of the caller, which a service does not have',
      { StringEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } },
      'no',
    ],
    [
      'the organization of the caller, if it has one',
      { StringEqualsIfExists: { 'aws:PrincipalOrgID': 'o-1234567890' } },
      'yes',
    ],
    ['not another organization', { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } }, 'yes'],
    ['paths of the organization', { 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-1234567890/*' } }, 'no'],
    [
      'the organization of the source, which is not known here',
      { StringEquals: { 'aws:SourceOrgID': 'o-1234567890' } },
      'cannot-tell',
    ],
    ['the account of the caller', { StringEquals: { 'aws:PrincipalAccount': ACCOUNT } }, 'no'],
    ['an AWS service as caller', { Bool: { 'aws:PrincipalIsAWSService': 'true' } }, 'yes'],
    ['encrypted transport', { Bool: { 'aws:SecureTransport': true } }, 'yes'],
    ['a key that must be absent and is', { Null: { 'aws:PrincipalOrgID': 'true' } }, 'yes'],
    ['a key that must be there and is', { Null: { 'aws:SourceArn': 'false' } }, 'yes'],
    ['a key that must be absent and is not', { Null: { 'aws:SourceArn': 'true' } }, 'no'],
    ['all values of a key that is absent', { 'ForAllValues:StringEquals': { 'sns:Protocol': 'https' } }, 'yes'],
    ['any value of a key that is absent', { 'ForAnyValue:StringEquals': { 'sns:Protocol': 'https' } }, 'no'],
    ['not like another ARN', { ArnNotLike: { 'aws:SourceArn': `arn:aws:s3:::*` } }, 'yes'],
    ['a key nobody knows', { StringEquals: { 'x:y': 'z' } }, 'cannot-tell'],
    ['an operator nobody knows', { StringResembles: { 'aws:SourceAccount': ACCOUNT } }, 'cannot-tell'],
    ['a date', { DateGreaterThan: { 'aws:CurrentTime': '2026-01-01T00:00:00Z' } }, 'cannot-tell'],
    ['an address', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, 'cannot-tell'],
    [
      'a policy variable as the value',
      { StringEquals: { 'aws:SourceAccount': `\${aws:PrincipalAccount}` } },
      'cannot-tell',
    ],
    ['two conditions of which one fails', { StringEquals: { 'x:y': 'z', 'aws:SourceAccount': '2' } }, 'no'],
    [
      'two conditions of which one cannot be told',
      { StringEquals: { 'x:y': 'z', 'aws:SourceAccount': ACCOUNT } },
      'cannot-tell',
    ],
    ['a number', { NumericLessThanEquals: { 'aws:SourceAccount': 9e11 } }, 'yes'],
    ['a condition of no form', 'anything', 'cannot-tell'],
  ])('%s', (_, condition, expected) => {
    expect(under(condition as object)).toBe(expected)
  })
})
