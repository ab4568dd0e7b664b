/** May CloudTrail deliver through a role? Asked of a role that somebody else made, before it is used and whenever it is checked. */

import { deliveryStreamArn, type Site } from '../domain/names.ts'
import type { RoleSnapshot } from '../domain/snapshot.ts'
import { type Decision, decide, decideTogether } from './evaluator.ts'

/** Whether the trust lets CloudTrail assume the role for this trail. */
export function cloudTrailMayAssume(role: RoleSnapshot, trailArn: string, account: string): Decision {
  return decide(role.trust, {
    principal: { service: 'cloudtrail.amazonaws.com' },
    action: 'sts:AssumeRole',
    resource: role.arn,
    context: { 'aws:SourceArn': trailArn, 'aws:SourceAccount': account },
  })
}

/** Whether the inline policies let the role write CloudTrail's streams; `site` is that of the log group. A managed policy is known by its ARN alone. */
export function roleMayWrite(role: RoleSnapshot, site: Site, logGroup: string): Decision {
  const resource = deliveryStreamArn(site, logGroup).replace(/\*$/, '')
  const answers = ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) =>
    decideTogether(Object.values(role.policies), { principal: { aws: role.arn }, action, resource, context: {} }),
  )
  if (answers.every((answer) => answer === 'yes')) return 'yes'
  return answers.includes('no') && role.attachedPolicyArns.length === 0 ? 'no' : 'cannot-tell'
}
