/** AWS Organizations changes. */

import { counts, oneEvent } from '../alarm-template.ts'
import { cisMonitoring } from '../controls.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'
import { CIS, NOZAQ } from '../sources.ts'

export const organizationsChanges: Detection = {
  id: 'organizations-changes',
  title: 'AWS Organizations changes',
  tier: 'compliance',
  packs: cisMonitoring(15),
  severity: 'medium',
  urgency: 'ticket',
  paging: {
    pattern:
      '{ ($.eventSource = "organizations.amazonaws.com") && (($.eventName = "DetachPolicy") || ($.eventName = "DeletePolicy") || ($.eventName = "UpdatePolicy") || ($.eventName = "DisablePolicyType") || ($.eventName = "MoveAccount") || ($.eventName = "LeaveOrganization") || ($.eventName = "RemoveAccountFromOrganization") || ($.eventName = "DeleteOrganization") || ($.eventName = "InviteAccountToOrganization") || ($.eventName = "AcceptHandshake") || ($.eventName = "RegisterDelegatedAdministrator") || ($.eventName = "EnableAWSServiceAccess") || ($.eventName = "PutResourcePolicy") || ($.eventName = "CloseAccount") || ($.eventName = "CreateAccount")) && ($.errorCode NOT EXISTS) }',
    differs:
      'Keeps what weakens or moves control; adds delegated administrators, trusted access, the resource policy and closed accounts, none of which CIS lists; successful calls only.',
    metric: counts('OrganizationsChangesPage'),
    alarm: oneEvent,
  },
  compliance: {
    patterns: [
      {
        label: 'cis-1.4-to-3.0',
        pattern:
          '{ ($.eventSource = organizations.amazonaws.com) && (($.eventName = "AcceptHandshake") || ($.eventName = "AttachPolicy") || ($.eventName = "CreateAccount") || ($.eventName = "CreateOrganizationalUnit") || ($.eventName = "CreatePolicy") || ($.eventName = "DeclineHandshake") || ($.eventName = "DeleteOrganization") || ($.eventName = "DeleteOrganizationalUnit") || ($.eventName = "DeletePolicy") || ($.eventName = "DetachPolicy") || ($.eventName = "DisablePolicyType") || ($.eventName = "EnablePolicyType") || ($.eventName = "InviteAccountToOrganization") || ($.eventName = "LeaveOrganization") || ($.eventName = "MoveAccount") || ($.eventName = "RemoveAccountFromOrganization") || ($.eventName = "UpdatePolicy") || ($.eventName = "UpdateOrganizationalUnit")) }',
        publishedBy: ['CIS 1.4 to 3.0 (remediation and audit)'],
        acceptedBy: ['powerpipe'],
        securityHub: 'no-control',
        flaw: 'Eighteen calls; Prowler wants twenty-one.',
        valid: true,
      },
      {
        label: 'cis-4.0-to-7.0',
        pattern:
          '{ ($.eventSource = organizations.amazonaws.com) && (($.eventName = AcceptHandshake) || ($.eventName = AttachPolicy) || ($.eventName = CreateAccount) || ($.eventName = CreateOrganizationalUnit) || ($.eventName = CreatePolicy) || ($.eventName = DeclineHandshake) || ($.eventName = DeleteOrganization) || ($.eventName = DeleteOrganizationalUnit) || ($.eventName = DeletePolicy) || ($.eventName = DetachPolicy) || ($.eventName = DisablePolicyType) || ($.eventName = EnablePolicyType) || ($.eventName = InviteAccountToOrganization) || ($.eventName = LeaveOrganization) || ($.eventName = MoveAccount) || ($.eventName = RemoveAccountFromOrganization) || ($.eventName = UpdatePolicy) || ($.eventName = UpdateOrganizationalUnit)) }',
        publishedBy: ['CIS 4.0 to 7.0 (remediation and audit)', 'CloudSploit'],
        acceptedBy: ['powerpipe', 'cloudsploit'],
        securityHub: 'no-control',
        flaw: 'Eighteen calls; Prowler wants twenty-one.',
        valid: true,
      },
      {
        label: 'prowler-21-events',
        pattern:
          '{($.eventSource = organizations.amazonaws.com) && (($.eventName = AcceptHandshake) || ($.eventName = AttachPolicy) || ($.eventName = CancelHandshake) || ($.eventName = CreateAccount) || ($.eventName = CreateOrganization) || ($.eventName = CreateOrganizationalUnit) || ($.eventName = CreatePolicy) || ($.eventName = DeclineHandshake) || ($.eventName = DeleteOrganization) || ($.eventName = DeleteOrganizationalUnit) || ($.eventName = DeletePolicy) || ($.eventName = DetachPolicy) || ($.eventName = DisablePolicyType) || ($.eventName = EnableAllFeatures) || ($.eventName = EnablePolicyType) || ($.eventName = InviteAccountToOrganization) || ($.eventName = LeaveOrganization) || ($.eventName = MoveAccount) || ($.eventName = RemoveAccountFromOrganization) || ($.eventName = UpdatePolicy) || ($.eventName = UpdateOrganizationalUnit))}',
        publishedBy: ['Prowler (event list)'],
        acceptedBy: ['prowler', 'powerpipe'],
        securityHub: 'no-control',
        valid: true,
      },
    ],
    complianceFilters: ['prowler-21-events'],
    everyScanner: ['cis-4.0-to-7.0', 'prowler-21-events'],
    metric: counts('OrganizationsChanges'),
    alarm: oneEvent,
    caveat:
      'The compliance filters may share one metric only because the threshold is 1: one call then counts more than once.',
  },
  whyItMatters:
    'Guardrails, membership and delegated power are set here, and one change reaches every account below it.',
  firstLook: 'Which policy or account was moved, by whom, and whether the landing zone did it.',
  knownNoise: ['Account vending, Control Tower, landing-zone pipelines.'],
  recommendedExclusions: [
    { label: 'Control Tower', when: 'Control Tower vends the accounts', principal: '*AWSControlTower*' },
    { label: 'account vending role', when: 'vending runs in CI' },
  ],
  limits: [
    'These calls are recorded in us-east-1 of the management account; a member sees only LeaveOrganization and handshakes.',
  ],
  attack: [],
  sources: [
    CIS,
    NOZAQ,
    'terraform-aws-modules/terraform-aws-cloudwatch, modules/cis-alarms',
    'aws-samples/aws-securityhub-remediations #5',
  ],
  ownEvents: [
    apiCall(assumedRole(), 'organizations.amazonaws.com', 'DetachPolicy', {
      requestParameters: { policyId: 'p-00000001', targetId: 'ou-0000-00000001' },
    }),
    apiCall(iamUser(), 'organizations.amazonaws.com', 'MoveAccount', {
      requestParameters: { accountId: '444455556666' },
    }),
  ],
  neighborEvents: [
    apiCall(assumedRole(), 'organizations.amazonaws.com', 'DescribeOrganization'),
    apiCall(assumedRole(), 'organizations.amazonaws.com', 'ListRoots'),
  ],
}
