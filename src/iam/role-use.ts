/** May CloudTrail deliver through a role? Asked of a role that somebody else made, before it is used and whenever it is checked. */

import { deliveryStreamArn, type Site } from '../domain/names.ts'
import type { RoleSnapshot } from '../domain/snapshot.ts'
import { type Decision, decide, decideTogether } from './evaluator.ts'

/** No organization has this id. */
const ANY_ORGANIZATION = 'o-0000000000'

/** Whether the trust lets CloudTrail assume the role for this trail. */
export function cloudTrailMayAssume(role: RoleSnapshot, trailArn: string, account: string): Decision {
  return decide(role.trust, {
    principal: { service: 'cloudtrail.amazonaws.com' },
    action: 'sts:AssumeRole',
    resource: role.arn,
    context: { 'aws:SourceArn': trailArn, 'aws:SourceAccount': account },
  })
}

/**
 * Whether its policies let the role write CloudTrail's streams; `site` is that of the log group. A managed policy that
 * was not read may allow it or not. An organization trail also writes streams that begin with the id of the organization (CloudTrail
 * user guide, role policy for organization trails; field case C48); an id that is not known stands for any.
 */
export function roleMayWrite(
  role: RoleSnapshot,
  site: Site,
  logGroup: string,
  organization?: { readonly id: string | undefined },
): Decision {
  const own = deliveryStreamArn(site, logGroup).replace(/\*$/, '')
  const shared = (id: string) => own.replace(/:log-stream:.*$/, `:log-stream:${id}_`)
  const resources = organization === undefined ? [own] : [own, shared(organization.id ?? ANY_ORGANIZATION)]
  const policies = [...Object.values(role.policies), ...Object.values(role.managedPolicies ?? {})]
  const answers = resources.flatMap((resource) =>
    ['logs:CreateLogStream', 'logs:PutLogEvents'].map((action) =>
      decideTogether(policies, { principal: { aws: role.arn }, action, resource, context: {} }),
    ),
  )
  const isNamed = organization?.id === undefined && JSON.stringify(policies).includes(':log-stream:o-')
  if (organization !== undefined && isNamed && !answers.every((answer) => answer === 'yes')) return 'cannot-tell'
  if (answers.every((answer) => answer === 'yes')) return 'yes'
  return answers.includes('no') && unreadPolicies(role).length === 0 ? 'no' : 'cannot-tell'
}

/** ARNs of the managed policies of which nothing else is known. */
export function unreadPolicies({ attachedPolicyArns, managedPolicies = {} }: RoleSnapshot): readonly string[] {
  return attachedPolicyArns.filter((arn) => managedPolicies[arn] === undefined)
}
