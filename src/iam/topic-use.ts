/** May CloudWatch alarms publish to a topic? Asked before an alarm is put on it, and whenever it is checked. */

import { parseArn, type Site } from '../domain/names.ts'
import { alarmsMayPublish, mergeStatements, type PolicyStatement } from '../domain/policy-documents.ts'
import type { Reading, TopicSnapshot } from '../domain/snapshot.ts'
import { type Decision, decide } from './evaluator.ts'

type TopicPolicy = Pick<TopicSnapshot, 'arn' | 'policy'>

/**
 * Whether the policy lets this alarm publish; `alarm` is its ARN, which a policy may ask for (SNS developer guide, access
 * control). A policy may also ask for the organization of its account, which is judged where that was read: the call of
 * an account in no organization does not carry `aws:SourceOrgID` (IAM user guide, global condition keys).
 */
export function alarmMayPublish(
  { arn, policy }: TopicPolicy,
  alarm: string,
  site: Site,
  organizationId?: Reading<string | undefined>,
): Decision {
  if (policy === undefined) return 'cannot-tell'
  const account = parseArn(alarm)?.account ?? site.account
  return decide(policy, {
    principal: { service: 'cloudwatch.amazonaws.com' },
    action: 'sns:Publish',
    resource: arn,
    context: {
      'aws:SourceArn': alarm,
      'aws:SourceAccount': account,
      'aws:SourceOwner': account,
      ...(organizationId?.state === 'read' ? { 'aws:SourceOrgID': organizationId.value } : {}),
      'sns:Protocol': undefined,
      'sns:Endpoint': undefined,
    },
  })
}

/** Whether a policy asks for the organization of the alarm's account. */
export function asksForOrganization(policy: TopicSnapshot['policy']): boolean {
  return /"aws:sourceorgid"/i.test(JSON.stringify(policy ?? {}))
}

/** The statement that lets alarms publish, and whether adding it is enough: a statement that denies wins over it. */
export function publishStatement(
  topic: TopicPolicy,
  alarms: readonly string[],
  site: Site,
  organizationId?: Reading<string | undefined>,
): { readonly add: PolicyStatement; readonly enough: boolean } {
  const add = alarmsMayPublish(site, topic.arn)
  const changed = { arn: topic.arn, policy: mergeStatements(topic.policy, [add]) }
  return { add, enough: alarms.every((alarm) => alarmMayPublish(changed, alarm, site, organizationId) === 'yes') }
}
