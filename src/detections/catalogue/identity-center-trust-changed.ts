/** IAM Identity Center: identity source or IdP changed. */

import { counts, oneEventHeldAnHour } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'
import { ELASTIC } from '../sources.ts'

export const identityCenterTrustChanged: Detection = {
  id: 'identity-center-trust-changed',
  title: 'IAM Identity Center: identity source or IdP changed',
  tier: 'core',
  packs: [],
  severity: 'critical',
  urgency: 'page',
  paging: {
    pattern:
      '{ (($.eventSource = "sso.amazonaws.com") || ($.eventSource = "sso-directory.amazonaws.com")) && (($.eventName = "AssociateDirectory") || ($.eventName = "DisassociateDirectory") || ($.eventName = "CreateExternalIdPConfigurationForDirectory") || ($.eventName = "UpdateExternalIdPConfigurationForDirectory") || ($.eventName = "EnableExternalIdPConfigurationForDirectory") || ($.eventName = "DisableExternalIdPConfigurationForDirectory") || ($.eventName = "DeleteExternalIdPConfigurationForDirectory") || ($.eventName = "ImportExternalIdPCertificate") || ($.eventName = "DeleteExternalIdPCertificate") || ($.eventName = "DeleteInstance")) && ($.errorCode NOT EXISTS) }',
    metric: counts('IdentityCenterTrustChanged'),
    alarm: oneEventHeldAnHour,
  },
  whyItMatters: 'One change here moves the front door of every account in the organization.',
  firstLook: 'The identity source and its certificates, against what the identity team planned.',
  knownNoise: ["The yearly rotation of the provider's certificate."],
  recommendedExclusions: [],
  limits: ['Recorded in the account and region where Identity Center lives.'],
  attack: ['T1556.007', 'T1484.002'],
  sources: ['SigmaHQ/sigma aws_sso_idp_change', ELASTIC],
  ownEvents: [
    apiCall(assumedRole(), 'sso-directory.amazonaws.com', 'ImportExternalIdPCertificate', {
      requestParameters: { directoryId: 'd-0000000001' },
    }),
    apiCall(iamUser(), 'sso.amazonaws.com', 'AssociateDirectory'),
  ],
  neighborEvents: [
    apiCall(assumedRole(), 'sso-directory.amazonaws.com', 'DescribeDirectory'),
    apiCall(assumedRole(), 'sso.amazonaws.com', 'ListInstances'),
  ],
}
