/** May CloudWatch alarms use a customer key? Publishing by hand goes through where every alarm is lost (SNS developer guide, key management). */

import type { Site } from '../domain/names.ts'
import type { PolicyStatement } from '../domain/policy-documents.ts'
import type { KeySnapshot, Reading } from '../domain/snapshot.ts'
import { type Decision, decide } from './evaluator.ts'

/** What an alarm needs of the key that encrypts its topic. */
const NEEDED = ['kms:Decrypt', 'kms:GenerateDataKey']

/** `alarm` is the ARN of the alarm that publishes. No beats cannot tell, which beats yes. */
export function alarmMayUseKey(key: KeySnapshot, alarm: string, site: Site): Decision {
  if (key.policy.state === 'unreadable') return 'cannot-tell'
  const { value: policy } = key.policy
  const context = { 'aws:SourceAccount': site.account, 'aws:SourceArn': alarm }
  const principal = { service: 'cloudwatch.amazonaws.com' }
  const answers = NEEDED.map((action) => decide(policy, { principal, action, resource: key.arn, context }))
  return answers.find((answer) => answer === 'no') ?? answers.find((answer) => answer === 'cannot-tell') ?? 'yes'
}

/** The statement that a key policy has to have. */
export function keyStatement(site: Site): PolicyStatement {
  return {
    Sid: 'CloudTrailPagerDutyAlarms',
    Effect: 'Allow',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Action: ['kms:Decrypt', 'kms:GenerateDataKey*'],
    Resource: '*',
    Condition: { StringEquals: { 'aws:SourceAccount': site.account } },
  }
}

/** Why a topic that is encrypted with this key would lose these alarms (ARNs); undefined when it would not, or when it cannot be told. */
export function keyBlocker(
  id: string,
  key: Reading<KeySnapshot | undefined> | undefined,
  alarms: readonly string[],
  site: Site,
): string | undefined {
  if (key?.state !== 'read') return undefined
  if (key.value === undefined) return `there is no key ${id}`
  if (key.value.manager === 'AWS') return `key ${id} is managed by AWS, and CloudWatch may not use it`
  if (!key.value.enabled) return `key ${id} is disabled`
  const { value } = key
  if (!alarms.some((alarm) => alarmMayUseKey(value, alarm, site) === 'no')) return undefined
  return `the policy of key ${id} does not let CloudWatch use it; add the statement ${JSON.stringify(keyStatement(site))}`
}
