/** IAM policy documents: reading them, and the statements that the chain writes. */

import { alarmArn, bucketArn, deliveryStreamArn, type Site, trailArn } from './names.ts'

export interface PolicyDocument {
  readonly Version?: string
  readonly Statement: readonly PolicyStatement[]
}

/** A statement as stored; values keep their spelling (one string or a list) so that a rewrite changes nothing else. */
export type PolicyStatement = Readonly<Record<string, unknown>>

/** The Sid that marks a statement, and with it the resource that carries it, as made by this program. */
export const SID = {
  topic: 'CloudTrailPagerDutyAlarms',
  topicOwner: 'CloudTrailPagerDutyOwner',
  queue: 'CloudTrailPagerDutyDeadLetters',
  roleTrust: 'CloudTrailPagerDutyDelivery',
  rolePolicy: 'CloudTrailPagerDutyStreams',
  /** In place of `rolePolicy`, where init also made the log group: one that was there before is never deleted. */
  madeLogGroup: 'CloudTrailPagerDutyMadeStreams',
  /** The same, where init made the trail too. All three are followed by a fingerprint of the trail. */
  madeTrail: 'CloudTrailPagerDutyMadeTrailStreams',
  bucketAcl: 'CloudTrailPagerDutyAclCheck',
  bucketWrite: 'CloudTrailPagerDutyWrite',
  /** On a bucket that was created here, so that a bucket which was only named is never deleted. */
  bucketCreated: 'CloudTrailPagerDutyBucketTls',
} as const

/** Reads a policy as AWS returns it: JSON text, or URL-encoded JSON from IAM. Undefined when it is not a policy. */
export function parsePolicy(text: string | undefined): PolicyDocument | undefined {
  if (text === undefined || text === '') return undefined
  try {
    const plain = text.trimStart().startsWith('%7B') ? decodeURIComponent(text) : text
    const document: unknown = JSON.parse(plain)
    if (typeof document !== 'object' || document === null || !('Statement' in document)) return undefined
    const statements = Array.isArray(document.Statement) ? document.Statement : [document.Statement]
    if (!statements.every((statement) => typeof statement === 'object' && statement !== null)) return undefined
    return { ...document, Statement: statements as PolicyStatement[] }
  } catch {
    return undefined
  }
}

export function hasSid(policy: PolicyDocument | undefined, sid: string): boolean {
  return policy?.Statement.some((statement) => statement.Sid === sid) ?? false
}

/**
 * The policy with `statements` added where they are missing. No statement that is there is replaced: its Sid may be ours
 * and still serve another trail or another account, so a taken Sid gets a number behind it.
 */
export function mergeStatements(
  policy: PolicyDocument | undefined,
  statements: readonly PolicyStatement[],
): PolicyDocument {
  const merged = [...(policy?.Statement ?? [])]
  for (const statement of statements) {
    if (sameStatements({ Statement: merged }, [statement])) continue
    merged.push({ ...statement, Sid: freeSid(String(statement.Sid), merged) })
  }
  // A policy without a version is of 2008, where a `${…}` stands for itself: it must not become one of 2012.
  return { ...(policy ?? { Version: '2012-10-17' }), Statement: merged }
}

/** Whether a Sid is this one, or this one with the number that it gets where another statement has it already. */
export function isSid(found: unknown, sid: string): boolean {
  return typeof found === 'string' && found.startsWith(sid) && /^\d*$/.test(found.slice(sid.length))
}

function freeSid(wanted: string, statements: readonly PolicyStatement[]): string {
  const taken = new Set(statements.map(({ Sid }) => Sid))
  let sid = wanted
  for (let number = 2; taken.has(sid); number += 1) sid = `${wanted}${number}`
  return sid
}

export function removeStatements(policy: PolicyDocument, sids: readonly string[]): PolicyDocument {
  return { ...policy, Statement: policy.Statement.filter((statement) => !sids.includes(String(statement.Sid))) }
}

/** Equal when every statement is, whatever the order of statements, keys, and of values in a list. */
export function samePolicy(a: PolicyDocument | undefined, b: PolicyDocument | undefined): boolean {
  return canonical(a?.Statement ?? []) === canonical(b?.Statement ?? [])
}

/** Whether the policy says each of these, whatever the Sid. */
export function sameStatements(policy: PolicyDocument | undefined, statements: readonly PolicyStatement[]): boolean {
  const held = new Set((policy?.Statement ?? []).map(effectOf))
  return statements.every((statement) => held.has(effectOf(statement)))
}

function effectOf({ Sid: _, ...effect }: PolicyStatement): string {
  return canonical(effect)
}

/**
 * The policy of a topic that we create: the account's own use as in the default policy, and alarms of this account.
 * Alarms may publish under the default policy too; the statement of our own is the marker (SNS developer guide, access policies).
 */
export function topicPolicy(site: Site, topic: string): PolicyDocument {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: SID.topicOwner,
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: [
          'sns:GetTopicAttributes',
          'sns:SetTopicAttributes',
          'sns:AddPermission',
          'sns:RemovePermission',
          'sns:DeleteTopic',
          'sns:Subscribe',
          'sns:ListSubscriptionsByTopic',
          'sns:Publish',
        ],
        Resource: topic,
        Condition: { StringEquals: { 'AWS:SourceOwner': site.account } },
      },
      alarmsMayPublish(site, topic),
    ],
  }
}

/** Lets the alarms of this account and region publish to the topic. */
export function alarmsMayPublish(site: Site, topic: string): PolicyStatement {
  return {
    Sid: SID.topic,
    Effect: 'Allow',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Action: 'sns:Publish',
    Resource: topic,
    Condition: {
      StringEquals: { 'aws:SourceAccount': site.account },
      ArnLike: { 'aws:SourceArn': alarmArn(site, '*') },
    },
  }
}

/** Lets SNS put into the queue what endpoints of these topics did not take (SNS developer guide, dead-letter queues). */
export function snsMaySend(queue: string, topics: readonly string[]): PolicyStatement {
  return {
    Sid: SID.queue,
    Effect: 'Allow',
    Principal: { Service: 'sns.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queue,
    Condition: { ArnEquals: { 'aws:SourceArn': topics.length === 1 ? topics[0] : topics } },
  }
}

/**
 * Who may assume the delivery role: CloudTrail (CloudTrail user guide, role policy document for CloudWatch Logs).
 * The guide shows no condition for this role: if CloudTrail sent none of the keys, no event would be delivered.
 */
export function deliveryTrust(): PolicyDocument {
  return { Version: '2012-10-17', Statement: [CLOUDTRAIL_MAY_ASSUME] }
}

/** The trust that earlier versions wrote, bound to one trail: a role that has it is left as it is. */
export function boundDeliveryTrust(trail: string, account: string): PolicyDocument {
  const Condition = { StringEquals: { 'aws:SourceArn': trail, 'aws:SourceAccount': account } }
  return { Version: '2012-10-17', Statement: [{ ...CLOUDTRAIL_MAY_ASSUME, Condition }] }
}

const CLOUDTRAIL_MAY_ASSUME: PolicyStatement = {
  Sid: SID.roleTrust,
  Effect: 'Allow',
  Principal: { Service: 'cloudtrail.amazonaws.com' },
  Action: 'sts:AssumeRole',
}

/** The inline policy of the delivery role. */
export const DELIVERY_POLICY = 'cloudtrail-delivery'

export const DELIVERY_ROLE_DESCRIPTION = 'Lets CloudTrail write its events into CloudWatch Logs'

/**
 * What the delivery role may do. An organization trail also writes streams named after the organization. The Sid
 * remembers what else init made.
 */
export function deliveryPolicy(
  site: Site,
  logGroup: string,
  organizationId: string | undefined,
  sid: string = SID.rolePolicy,
): PolicyDocument {
  const own = deliveryStreamArn(site, logGroup)
  const streams = organizationId === undefined ? [own] : [own, organizationStream(own, organizationId)]
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: sid,
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: streams,
      },
    ],
  }
}

/**
 * What CloudTrail needs of a trail's bucket, bound to this trail (CloudTrail user guide, bucket policy). The records of
 * an organization's accounts lie below its id; `owner` is
 * the account of the trail, the management account for every organization trail.
 */
export function bucketStatements(
  site: Site,
  bucket: string,
  trail: string,
  organizationId?: string | undefined,
  owner = site.account,
): readonly PolicyStatement[] {
  const arn = bucketArn(site, bucket)
  const own = `${arn}/AWSLogs/${owner}/*`
  const principal = { Service: 'cloudtrail.amazonaws.com' }
  const source = { 'aws:SourceArn': trailArn({ ...site, account: owner }, trail) }
  return [
    {
      Sid: SID.bucketAcl,
      Effect: 'Allow',
      Principal: principal,
      Action: 's3:GetBucketAcl',
      Resource: arn,
      Condition: { StringEquals: source },
    },
    {
      Sid: SID.bucketWrite,
      Effect: 'Allow',
      Principal: principal,
      Action: 's3:PutObject',
      Resource: organizationId === undefined ? own : [own, `${arn}/AWSLogs/${organizationId}/*`],
      Condition: { StringEquals: { ...source, 's3:x-amz-acl': 'bucket-owner-full-control' } },
    },
  ]
}

/** On a bucket created here: no plain-text access; it also marks the bucket as ours. */
export function tlsOnly(site: Site, bucket: string): PolicyStatement {
  const arn = bucketArn(site, bucket)
  return {
    Sid: SID.bucketCreated,
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: [arn, `${arn}/*`],
    Condition: { Bool: { 'aws:SecureTransport': 'false' } },
  }
}

function organizationStream(own: string, organizationId: string): string {
  return own.replace(/:log-stream:.*$/, `:log-stream:${organizationId}_*`)
}

/** One text for equal documents: keys sorted, a list of one like its only value, lists as sets. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) {
    const items = value.map(canonical).sort()
    return items.length === 1 ? (items[0] ?? '') : `[${items.join(',')}]`
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`
  }
  return JSON.stringify(value) ?? 'null'
}
