/** SAML or OIDC identity provider changed. */

import { counts, oneEvent } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, exampleArn, iamUser } from '../event.ts'
import { ELASTIC } from '../sources.ts'

export const federationProviderChanged: Detection = {
  id: 'federation-provider-changed',
  title: 'SAML or OIDC identity provider changed',
  tier: 'core',
  packs: [],
  severity: 'high',
  urgency: 'page',
  paging: {
    pattern:
      '{ ($.eventSource = "iam.amazonaws.com") && (($.eventName = "CreateSAMLProvider") || ($.eventName = "UpdateSAMLProvider") || ($.eventName = "DeleteSAMLProvider") || ($.eventName = "CreateOpenIDConnectProvider") || ($.eventName = "DeleteOpenIDConnectProvider") || ($.eventName = "AddClientIDToOpenIDConnectProvider") || ($.eventName = "UpdateOpenIDConnectProviderThumbprint")) && ($.errorCode NOT EXISTS) && (($.userIdentity.sessionContext.sessionIssuer.arn NOT EXISTS) || ($.userIdentity.sessionContext.sessionIssuer.arn != "*:role/aws-service-role/sso.amazonaws.com/*")) }',
    metric: counts('FederationProviderChanged'),
    alarm: oneEvent,
  },
  whyItMatters: 'Whoever controls the identity provider can sign in as any role that trusts it.',
  firstLook: 'Which provider changed and whether its metadata or thumbprint is one you know.',
  knownNoise: ['New EKS clusters register an OIDC provider; setting up CI for GitHub or GitLab.'],
  recommendedExclusions: [{ label: 'role that builds clusters or CI', when: 'clusters are built in code' }],
  limits: [],
  attack: ['T1484.002', 'T1606.002'],
  sources: ['panther-labs/panther-analysis aws_saml_activity', 'SigmaHQ/sigma aws_susp_saml_activity', ELASTIC],
  ownEvents: [
    apiCall(iamUser(), 'iam.amazonaws.com', 'UpdateSAMLProvider', {
      requestParameters: { sAMLProviderArn: exampleArn('iam', 'saml-provider/corp') },
    }),
    apiCall(assumedRole(), 'iam.amazonaws.com', 'CreateOpenIDConnectProvider', {
      requestParameters: { url: 'https://idp.example' },
    }),
  ],
  neighborEvents: [
    apiCall(iamUser(), 'iam.amazonaws.com', 'GetSAMLProvider'),
    apiCall(assumedRole(), 'iam.amazonaws.com', 'ListSAMLProviders'),
  ],
}
