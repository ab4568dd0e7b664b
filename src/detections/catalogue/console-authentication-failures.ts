/** Console authentication failures. */

import { burstOf, counts, oneEvent } from '../alarm-template.ts'
import { cisMonitoring } from '../controls.ts'
import type { Detection } from '../detection.ts'
import { consoleLogin, iamUser, root, ssoSession } from '../event.ts'
import { ASR, CIS, NOZAQ, SECURITY_HUB } from '../sources.ts'

export const consoleAuthenticationFailures: Detection = {
  id: 'console-authentication-failures',
  title: 'Console authentication failures',
  tier: 'compliance',
  packs: cisMonitoring(6),
  severity: 'medium',
  urgency: 'ticket',
  paging: {
    pattern:
      '{ ($.eventSource = "signin.amazonaws.com") && ($.eventName = "ConsoleLogin") && ($.responseElements.ConsoleLogin = "Failure") }',
    differs:
      'Looks at the outcome instead of one error text, so unknown users and failed MFA count too; asks for five within five minutes.',
    metric: counts('ConsoleAuthenticationFailurePage'),
    alarm: burstOf(5),
  },
  compliance: {
    patterns: [
      {
        label: 'security-hub',
        pattern: '{($.eventName=ConsoleLogin) && ($.errorMessage="Failed authentication")}',
        publishedBy: ['Security Hub CloudWatch.6'],
        acceptedBy: ['prowler', 'powerpipe', 'cloudsploit'],
        securityHub: 'exact',
        valid: true,
      },
      {
        label: 'cis-1.4-to-3.0',
        pattern: '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
        publishedBy: ['CIS 1.4 to 3.0 (remediation and audit)', 'CloudSploit', 'ScoutSuite'],
        acceptedBy: ['prowler', 'powerpipe', 'cloudsploit', 'scoutsuite'],
        securityHub: 'spacing-differs',
        valid: true,
      },
      {
        label: 'cis-4.0-to-7.0',
        pattern: '{ ($.eventName = ConsoleLogin) && ($.errorMessage = Failed authentication) }',
        publishedBy: ['CIS 4.0 to 7.0 (remediation and audit)'],
        acceptedBy: ['prowler'],
        securityHub: 'not-documented',
        flaw: 'The two-word value has lost its quotation marks, which CloudWatch Logs refuses.',
        valid: false,
      },
    ],
    complianceFilters: ['security-hub'],
    everyScanner: ['security-hub', 'cis-1.4-to-3.0'],
    metric: counts('ConsoleAuthenticationFailure'),
    alarm: oneEvent,
    securityHubControl: 'CloudWatch.6',
    caveat:
      'The compliance filters may share one metric only because the threshold is 1: one call then counts more than once.',
  },
  whyItMatters:
    'One failure is a typo. Several within minutes mean that someone is trying passwords against IAM users or root.',
  firstLook: 'Whether the failures share one user name or one address, and whether a success from there followed.',
  knownNoise: [
    'Typos. Federated users do not show up: their identity provider refuses them before a request reaches AWS.',
  ],
  recommendedExclusions: [],
  limits: ['Sign-ins are recorded in the region of the sign-in endpoint, so a multi-region trail is needed.'],
  attack: [],
  sources: [SECURITY_HUB, CIS, ASR, NOZAQ, 'cloudposse/terraform-aws-cloudtrail-cloudwatch-alarms'],
  ownEvents: [consoleLogin(iamUser(), 'Failure', 'No'), consoleLogin(root(), 'Failure', 'No')],
  neighborEvents: [
    consoleLogin(iamUser(), 'Success', 'Yes'),
    consoleLogin(ssoSession(), 'Success', 'No'),
    consoleLogin(root(), 'Success', 'Yes'),
  ],
}
