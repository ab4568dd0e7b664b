import { describe, expect, it } from 'vitest'
import { isProblem } from '../../../src/doctor/check.ts'
import { type PolicyStatement, parsePolicy, topicPolicy } from '../../../src/domain/policy-documents.ts'
import type { KeySnapshot, Reading } from '../../../src/domain/snapshot.ts'
import { changedPolicy } from '../../../src/plan/repair.ts'
import {
  ALARM,
  anAlarm,
  aSubscription,
  aTopic,
  aTopicWith,
  read,
  SITE,
  TOPIC,
  unreadable,
} from '../../support/builders.ts'
import { faults, of, verdict, works } from '../verdicts.ts'

const KEY_ARN = `arn:aws:kms:us-east-1:${SITE.account}:key/k`
const encrypted = { topics: [aTopic({ kmsKeyId: KEY_ARN })] }

function key(different: Partial<KeySnapshot> = {}): { keys: ReadonlyMap<string, Reading<KeySnapshot | undefined>> } {
  return {
    keys: new Map([
      [
        KEY_ARN,
        read({ arn: KEY_ARN, manager: 'CUSTOMER', enabled: true, policy: read({ Statement: [] }), ...different }),
      ],
    ]),
  }
}

const rootOnly: PolicyStatement = {
  Effect: 'Allow',
  Principal: { AWS: `arn:aws:iam::${SITE.account}:root` },
  Action: 'kms:*',
  Resource: '*',
}
const cloudwatch: PolicyStatement = {
  Effect: 'Allow',
  Principal: { Service: 'cloudwatch.amazonaws.com' },
  Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
  Resource: '*',
}

describe('C17 the key that AWS manages for SNS', () => {
  it.each(['alias/aws/sns', `arn:aws:kms:us-east-1:${SITE.account}:alias/aws/sns`])(
    '%s fails by its name',
    (kmsKeyId) => {
      expect(faults({ topics: [aTopic({ kmsKeyId })] })).toEqual([`fail topic.encryption ${TOPIC}`])
      expect(works({ topics: [aTopic({ kmsKeyId })] })).toEqual([false])
    },
  )

  it('fails under any other name', () => {
    expect(verdict('topic.encryption', { ...encrypted, diagnostics: key({ manager: 'AWS' }) })).toBe('fail')
  })
})

describe('C18 a customer key', () => {
  it.each([
    ['that admits the account alone', read({ Statement: [rootOnly] }), 'fail'],
    ['that admits CloudWatch', read({ Statement: [rootOnly, cloudwatch] }), 'pass'],
    [
      'that admits CloudWatch for this account',
      read({ Statement: [{ ...cloudwatch, Condition: { StringEquals: { 'aws:SourceAccount': SITE.account } } }] }),
      'pass',
    ],
    ['that lets it decrypt alone', read({ Statement: [{ ...cloudwatch, Action: 'kms:Decrypt' }] }), 'fail'],
    [
      'with a condition nobody knows',
      read({ Statement: [{ ...cloudwatch, Condition: { StringEquals: { 'x:y': 'z' } } }] }),
      'skip',
    ],
    ['whose policy may not be read', unreadable('KMS GetKeyPolicy: denied'), 'skip'],
  ])('%s', (_, policy, expected) => {
    expect(verdict('topic.encryption', { ...encrypted, diagnostics: key({ policy }) })).toBe(expected)
  })

  it('names the statement to add', () => {
    expect(
      of('topic.encryption', { ...encrypted, diagnostics: key({ policy: read({ Statement: [rootOnly] }) }) })[0],
    ).toMatchObject({
      fix: { summary: expect.stringContaining('"Service":"cloudwatch.amazonaws.com"') },
    })
  })

  it.each([
    ['is disabled', key({ enabled: false }), 'fail'],
    ['is gone', { keys: new Map([[KEY_ARN, read(undefined)]]) }, 'fail'],
    ['was not read', {}, 'skip'],
  ])('that %s', (_, diagnostics, expected) => {
    expect(verdict('topic.encryption', { ...encrypted, diagnostics })).toBe(expected)
  })

  it('that is not known leaves the chain unknown', () => {
    expect(works(encrypted)).toEqual([null])
  })
})

describe('C19 the policy of the topic', () => {
  const replaced = aTopicWith({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'events',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: TOPIC,
      },
    ],
  })

  const forOrganization = aTopicWith({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: TOPIC,
        Condition: { StringEquals: { 'aws:SourceOrgID': 'o-abcdefghij' } },
      },
    ],
  })

  it.each([
    ['its organization', read('o-abcdefghij'), 'pass', true],
    ['another organization', read('o-zyxwvutsrq'), 'fail', false],
    ['in none', read(undefined), 'fail', false],
    ['an organization that could not be read', unreadable('DescribeOrganization was denied'), 'skip', null],
  ])('that asks for the organization of the account, which is %s', (_what, organizationId, status, expected) => {
    const different = { topics: [forOrganization], snapshot: { organizationId } }
    expect(verdict('topic.policy', different)).toBe(status)
    expect(works(different)).toEqual([expected])
  })

  it('that asks for an organization which could not be read says why it could not', () => {
    const organizationId = unreadable('DescribeOrganization was denied')
    const [finding] = of('topic.policy', { topics: [forOrganization], snapshot: { organizationId } })
    expect(JSON.stringify(finding)).toContain('could not be read: DescribeOrganization was denied')
  })

  it('that was replaced fails, and is repaired by one statement beside the others', () => {
    const [finding] = of('topic.policy', { topics: [replaced] }).filter(isProblem)
    expect(finding).toMatchObject({ status: 'fail', affects: [ALARM] })
    const repair = finding?.fix.repairs?.[0]
    if (repair?.kind !== 'topic-policy') throw new Error('no repair')
    const after = parsePolicy(changedPolicy(repair.policyText, repair.add))
    expect(after?.Statement.slice(0, -1)).toEqual(replaced.policy?.Statement)
    expect(after?.Statement).toHaveLength(2)
    const repaired = { topics: [aTopicWith(after ?? { Statement: [] })] }
    expect(faults(repaired)).toEqual([])
  })

  it('is judged for each target: OK may be lost where ALARM is not', () => {
    const okTopic = `${TOPIC}-ok`
    const different = {
      alarms: [anAlarm({ okActions: [TOPIC, okTopic] })],
      topics: [aTopic(), { ...replaced, arn: okTopic }],
      subscriptions: [aSubscription(), aSubscription({ topicArn: okTopic })],
    }
    expect(of('topic.policy', different).map(({ resource, status }) => [resource, status])).toEqual([
      [TOPIC, 'pass'],
      [okTopic, 'fail'],
    ])
  })

  it('as SNS makes it lets alarms publish', () => {
    const byDefault = aTopicWith({ Statement: topicPolicy(SITE, TOPIC).Statement.slice(0, 1) })
    expect(verdict('topic.policy', { topics: [byDefault] })).toBe('pass')
  })

  it('C20 that asks for the organization of the caller does not', () => {
    const statement = {
      Effect: 'Allow',
      Principal: '*',
      Action: 'sns:Publish',
      Resource: TOPIC,
      Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } },
    }
    expect(verdict('topic.policy', { topics: [aTopicWith({ Statement: [statement] })] })).toBe('fail')
  })

  it('that cannot be told is skipped, and leaves the chain unknown', () => {
    const statement = {
      Effect: 'Allow',
      Principal: '*',
      Action: 'sns:Publish',
      Resource: TOPIC,
      Condition: { StringEquals: { 'aws:SourceOrgID': 'o-1' } },
    }
    const different = { topics: [aTopicWith({ Statement: [statement] })] }
    expect(verdict('topic.policy', different)).toBe('skip')
    expect(works(different)).toEqual([null])
  })

  it('with a deny is left to a person', () => {
    const deny = { Effect: 'Deny', Principal: '*', Action: 'sns:Publish', Resource: TOPIC }
    const [finding] = of('topic.policy', {
      topics: [aTopicWith({ Statement: [...topicPolicy(SITE, TOPIC).Statement, deny] })],
    }).filter(isProblem)
    expect(finding?.fix.repairs).toBeUndefined()
  })
})

describe('the topic', () => {
  it('that was deleted fails, and its other checks say nothing', () => {
    const snapshot = {
      topics: new Map([[TOPIC, read(undefined)]]),
      subscriptions: new Map([[TOPIC, unreadable('not there', false)]]),
    }
    expect(faults({ snapshot })).toEqual([`fail topic.exists ${TOPIC}`])
    expect(works({ snapshot })).toEqual([false])
  })

  it('that is FIFO fails', () => {
    expect(verdict('topic.type', { topics: [aTopic({ fifo: true })] })).toBe('fail')
  })

  it.each([
    ['delivered nothing', { published: 4, delivered: 0, failed: 4 }, 'fail'],
    ['delivered nothing that was counted', { published: 4, delivered: undefined, failed: 4 }, 'fail'],
    ['lost some', { published: 4, delivered: 3, failed: 1 }, 'warn'],
    ['delivered all', { published: 4, delivered: 4, failed: undefined }, 'pass'],
    ['was quiet', { published: undefined, delivered: undefined, failed: undefined }, 'pass'],
  ])('that %s', (_, counts, expected) => {
    const diagnostics = { deliveries: new Map([[TOPIC, read({ hours: 24, filteredOut: undefined, ...counts })]]) }
    expect(verdict('topic.delivery-failures', { diagnostics })).toBe(expected)
  })
})

describe('C53 partitions', () => {
  it.each([
    ['aws', 'pass'],
    ['aws-eusc', 'pass'],
    ['aws-cn', 'warn'],
    ['aws-us-gov', 'warn'],
    ['aws-iso', 'fail'],
  ])('%s', (partition, expected) => {
    expect(verdict('identity.region', { site: { ...SITE, partition } })).toBe(expected)
  })
})
