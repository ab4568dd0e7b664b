/** Administrator policy attached. */

import { counts, oneEvent } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, exampleArn, iamUser } from '../event.ts'
import { ELASTIC } from '../sources.ts'

export const adminPolicyAttached: Detection = {
  id: 'admin-policy-attached',
  title: 'Administrator policy attached',
  tier: 'core',
  packs: [],
  severity: 'high',
  urgency: 'page',
  paging: {
    pattern:
      '{ ($.eventSource = "iam.amazonaws.com") && (($.eventName = "AttachUserPolicy") || ($.eventName = "AttachRolePolicy") || ($.eventName = "AttachGroupPolicy")) && (($.requestParameters.policyArn = "*:policy/AdministratorAccess") || ($.requestParameters.policyArn = "*:policy/IAMFullAccess") || ($.requestParameters.policyArn = "*:policy/PowerUserAccess")) && ($.errorCode NOT EXISTS) }',
    metric: counts('AdminPolicyAttached'),
    alarm: oneEvent,
  },
  whyItMatters: 'The privilege escalation that takes one call.',
  firstLook: 'Who received the policy and whether the actor could have been given it by a reviewed change.',
  knownNoise: ['New accounts, Identity Center building its AWSReservedSSO roles, CDK bootstrap.'],
  recommendedExclusions: [
    {
      label: 'Identity Center',
      when: 'permission sets with admin rights exist',
      principal: '*:role/aws-service-role/sso.amazonaws.com/AWSServiceRoleForSSO',
    },
    { label: 'deployer role', when: 'such grants are reviewed in code' },
  ],
  limits: ['A policy of your own with the same rights does not show; iam-policy-changes counts it.'],
  attack: ['T1098.003'],
  sources: ['panther-labs/panther-analysis aws_iam_attach_admin_user_policy', ELASTIC],
  ownEvents: [
    apiCall(iamUser(), 'iam.amazonaws.com', 'AttachUserPolicy', {
      requestParameters: { userName: 'mallory', policyArn: exampleArn('iam', 'policy/AdministratorAccess', 'aws') },
    }),
    apiCall(assumedRole(), 'iam.amazonaws.com', 'AttachRolePolicy', {
      requestParameters: { roleName: 'ci', policyArn: exampleArn('iam', 'policy/IAMFullAccess', 'aws') },
    }),
  ],
  neighborEvents: [
    apiCall(iamUser(), 'iam.amazonaws.com', 'DetachUserPolicy', {
      requestParameters: { userName: 'mallory', policyArn: exampleArn('iam', 'policy/AdministratorAccess', 'aws') },
    }),
    apiCall(assumedRole(), 'iam.amazonaws.com', 'ListAttachedUserPolicies'),
  ],
}
