/** IAM policy changes. */

import { counts, oneEvent } from '../alarm-template.ts'
import { cisMonitoring } from '../controls.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, exampleArn, iamUser } from '../event.ts'
import { ASR, CIS, FIELD_NOISE, NOZAQ, SECURITY_HUB } from '../sources.ts'

export const iamPolicyChanges: Detection = {
  id: 'iam-policy-changes',
  title: 'IAM policy changes',
  tier: 'compliance',
  packs: cisMonitoring(4),
  severity: 'medium',
  urgency: 'ticket',
  paging: {
    pattern:
      '{ ($.eventSource = "iam.amazonaws.com") && (($.eventName = "PutUserPolicy") || ($.eventName = "PutRolePolicy") || ($.eventName = "PutGroupPolicy") || ($.eventName = "AttachUserPolicy") || ($.eventName = "AttachRolePolicy") || ($.eventName = "AttachGroupPolicy") || ($.eventName = "DetachUserPolicy") || ($.eventName = "DetachRolePolicy") || ($.eventName = "DetachGroupPolicy") || ($.eventName = "CreatePolicyVersion") || ($.eventName = "SetDefaultPolicyVersion") || ($.eventName = "DeleteUserPermissionsBoundary") || ($.eventName = "DeleteRolePermissionsBoundary") || ($.eventName = "UpdateAssumeRolePolicy")) && ($.errorCode NOT EXISTS) && (($.userIdentity.sessionContext.sessionIssuer.arn NOT EXISTS) || ($.userIdentity.sessionContext.sessionIssuer.arn != "*:role/aws-service-role/*")) }',
    differs:
      'Only grants and detachments that succeeded; adds SetDefaultPolicyVersion, the removal of a permissions boundary and UpdateAssumeRolePolicy; leaves out service-linked roles and plain deletions.',
    metric: counts('IAMPolicyChangesPage'),
    alarm: oneEvent,
  },
  compliance: {
    patterns: [
      {
        label: 'security-hub',
        pattern:
          '{($.eventSource=iam.amazonaws.com) && (($.eventName=DeleteGroupPolicy) || ($.eventName=DeleteRolePolicy) || ($.eventName=DeleteUserPolicy) || ($.eventName=PutGroupPolicy) || ($.eventName=PutRolePolicy) || ($.eventName=PutUserPolicy) || ($.eventName=CreatePolicy) || ($.eventName=DeletePolicy) || ($.eventName=CreatePolicyVersion) || ($.eventName=DeletePolicyVersion) || ($.eventName=AttachRolePolicy) || ($.eventName=DetachRolePolicy) || ($.eventName=AttachUserPolicy) || ($.eventName=DetachUserPolicy) || ($.eventName=AttachGroupPolicy) || ($.eventName=DetachGroupPolicy))}',
        publishedBy: ['Security Hub CloudWatch.4'],
        acceptedBy: ['prowler', 'powerpipe'],
        securityHub: 'exact',
        valid: true,
      },
      {
        label: 'security-hub-2023',
        pattern:
          '{($.eventName=DeleteGroupPolicy) || ($.eventName=DeleteRolePolicy) || ($.eventName=DeleteUserPolicy) || ($.eventName=PutGroupPolicy) || ($.eventName=PutRolePolicy) || ($.eventName=PutUserPolicy) || ($.eventName=CreatePolicy) || ($.eventName=DeletePolicy) || ($.eventName=CreatePolicyVersion) || ($.eventName=DeletePolicyVersion) || ($.eventName=AttachRolePolicy) || ($.eventName=DetachRolePolicy) || ($.eventName=AttachUserPolicy) || ($.eventName=DetachUserPolicy) || ($.eventName=AttachGroupPolicy) || ($.eventName=DetachGroupPolicy)}',
        publishedBy: ['Security Hub documentation of 2023', 'ASR 3.1.5'],
        acceptedBy: ['prowler', 'powerpipe', 'cloudsploit'],
        securityHub: 'not-documented',
        flaw: 'Superseded: Security Hub now documents this control with an eventSource term, and one report says that this form stays failed.',
        valid: true,
      },
      {
        label: 'cis-1.4-to-7.0',
        pattern:
          '{($.eventName=DeleteGroupPolicy)||($.eventName=DeleteRolePolicy)||($.eventName=DeleteUserPolicy)||($.eventName=PutGroupPolicy)||($.eventName=PutRolePolicy)||($.eventName=PutUserPolicy)||($.eventName=CreatePolicy)||($.eventName=DeletePolicy)||($.eventName=CreatePolicyVersion)||($.eventName=DeletePolicyVersion)||($.eventName=AttachRolePolicy)||($.eventName=DetachRolePolicy)||($.eventName=AttachUserPolicy)||($.eventName=DetachUserPolicy)||($.eventName=AttachGroupPolicy)||($.eventName=DetachGroupPolicy)}',
        publishedBy: ['CIS 1.4 to 7.0 (remediation and audit)', 'CloudSploit'],
        acceptedBy: ['prowler', 'powerpipe', 'cloudsploit'],
        securityHub: 'not-documented',
        valid: true,
      },
      {
        label: 'scoutsuite',
        pattern:
          '{ ($.eventName=DeleteGroupPolicy) || ($.eventName=DeleteRolePolicy) || ($.eventName=DeleteUserPolicy) || ($.eventName=PutGroupPolicy) || ($.eventName=PutRolePolicy) || ($.eventName=PutUserPolicy) || ($.eventName=CreatePolicy) || ($.eventName=DeletePolicy) || ($.eventName=CreatePolicyVersion) || ($.eventName=DeletePolicyVersion) || ($.eventName=AttachRolePolicy) || ($.eventName=DetachRolePolicy) || ($.eventName=AttachUserPolicy) || ($.eventName=DetachUserPolicy) || ($.eventName=AttachGroupPolicy) || ($.eventName=DetachGroupPolicy) }',
        publishedBy: ['ScoutSuite'],
        acceptedBy: ['prowler', 'powerpipe', 'cloudsploit', 'scoutsuite'],
        securityHub: 'not-documented',
        valid: true,
      },
    ],
    complianceFilters: ['security-hub'],
    everyScanner: ['security-hub', 'scoutsuite'],
    metric: counts('IAMPolicyChanges'),
    alarm: oneEvent,
    securityHubControl: 'CloudWatch.4',
    caveat:
      'The compliance filters may share one metric only because the threshold is 1: one call then counts more than once.',
  },
  whyItMatters:
    'Every other control is worth what the permissions are worth. A quiet policy edit is how a foothold turns into lasting admin rights.',
  firstLook:
    'The actor and the policy in requestParameters: who got which permission, and is there a change ticket for it.',
  knownNoise: [
    'Deployment pipelines: in one account all 54 alarms of two weeks were the deployer.',
    'Service-linked roles, CDK bootstrap, Identity Center writing its AWSReservedSSO roles.',
    'Without the eventSource term the published text also takes DeletePolicy of other services, such as Auto Scaling.',
  ],
  recommendedExclusions: [
    { label: 'deployer role', when: 'deployments are reviewed and only CI can assume the role' },
    {
      label: 'Identity Center provisioning',
      when: 'permission sets change often; identity-center-permissions watches where the change starts',
      principal: '*:role/aws-service-role/sso.amazonaws.com/AWSServiceRoleForSSO',
    },
  ],
  limits: [
    "Whether Security Hub still takes the text without eventSource is not settled: AWS's own remediation deployed it in 2026.",
  ],
  attack: [],
  sources: [SECURITY_HUB, CIS, ASR, NOZAQ, FIELD_NOISE],
  ownEvents: [
    apiCall(iamUser(), 'iam.amazonaws.com', 'AttachUserPolicy', {
      requestParameters: { userName: 'mallory', policyArn: exampleArn('iam', 'policy/custom') },
    }),
    apiCall(assumedRole(), 'iam.amazonaws.com', 'PutRolePolicy', {
      requestParameters: { roleName: 'ci', policyName: 'inline' },
    }),
  ],
  neighborEvents: [
    apiCall(iamUser(), 'iam.amazonaws.com', 'GetPolicy', {
      requestParameters: { policyArn: exampleArn('iam', 'policy/custom') },
    }),
    apiCall(assumedRole(), 'iam.amazonaws.com', 'ListPolicies'),
  ],
}
