/** Console sign-in without MFA (IAM user). */

import { counts, oneEvent, oneEventHeldAnHour } from '../alarm-template.ts'
import { cisMonitoring } from '../controls.ts'
import type { Detection } from '../detection.ts'
import { consoleLogin, iamUser, root, samlSignIn, ssoSession } from '../event.ts'
import { ASR, CIS, NOZAQ, SECURITY_HUB } from '../sources.ts'

export const consoleSigninWithoutMfa: Detection = {
  id: 'console-signin-without-mfa',
  title: 'Console sign-in without MFA (IAM user)',
  tier: 'core',
  packs: cisMonitoring(2),
  severity: 'high',
  urgency: 'page',
  paging: {
    pattern:
      '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.additionalEventData.MFAUsed != "YES") && ($.responseElements.ConsoleLogin = "Success") && (($.userIdentity.type = "IAMUser") || ($.userIdentity.type = "Root")) }',
    differs:
      'Adds root, which the published text leaves out, and takes YES as well as Yes; federated sign-ins stay out.',
    metric: counts('ConsoleSigninWithoutMFAPage'),
    alarm: oneEventHeldAnHour,
  },
  compliance: {
    patterns: [
      {
        label: 'security-hub',
        pattern:
          '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
        publishedBy: ['Security Hub CloudWatch.3', 'CIS 1.4 to 3.0 (remediation and audit)'],
        acceptedBy: ['prowler', 'powerpipe'],
        securityHub: 'exact',
        valid: true,
      },
      {
        label: 'two-term',
        pattern: '{($.eventName="ConsoleLogin") && ($.additionalEventData.MFAUsed !="Yes")}',
        publishedBy: ['Security Hub documentation before 2022', 'ASR 3.1.5', 'widdix'],
        acceptedBy: ['prowler', 'powerpipe'],
        securityHub: 'not-documented',
        flaw: 'Fires on every federated sign-in.',
        valid: true,
      },
      {
        label: 'cis-1.4-to-3.0-short',
        pattern: '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }',
        publishedBy: ['CIS 1.4 to 3.0 (remediation and audit)', 'ScoutSuite'],
        acceptedBy: ['prowler', 'powerpipe', 'scoutsuite'],
        securityHub: 'not-documented',
        flaw: 'Fires on every federated sign-in.',
        valid: true,
      },
      {
        label: 'cis-4.0-to-7.0-short',
        pattern: '{ ($.eventName = ConsoleLogin) && ($.additionalEventData.MFAUsed != Yes) }',
        publishedBy: ['CIS 4.0 to 7.0 (remediation and audit)', 'CloudSploit'],
        acceptedBy: ['prowler', 'cloudsploit'],
        securityHub: 'not-documented',
        flaw: 'Fires on every federated sign-in.',
        valid: true,
      },
      {
        label: 'cis-4.0-to-7.0-long',
        pattern:
          '{ ($.eventName = ConsoleLogin) && ($.additionalEventData.MFAUsed != Yes) && ($.userIdentity.type = IAMUser) && ($.responseElements.ConsoleLogin = Success) }',
        publishedBy: ['CIS 4.0 to 7.0 (remediation and audit)'],
        acceptedBy: ['prowler'],
        securityHub: 'not-documented',
        valid: true,
      },
    ],
    complianceFilters: ['security-hub'],
    everyScanner: ['security-hub', 'cis-1.4-to-3.0-short', 'cis-4.0-to-7.0-short'],
    metric: counts('ConsoleSigninWithoutMFA'),
    alarm: oneEvent,
    securityHubControl: 'CloudWatch.3',
    caveat:
      'CloudSploit and ScoutSuite want the short form, which fires on every SSO sign-in: install it only to please them, on a topic that pages no one.',
  },
  whyItMatters:
    'A password alone was enough to open the console: either an account lacks its second factor, or a stolen password has just been used.',
  firstLook:
    'Whether the user knows of this sign-in and its address; if not, disable the console password and the keys of that user first.',
  knownNoise: [
    'The two-term form, which several modules still deploy, pages on every IAM Identity Center or SAML sign-in: those always report MFAUsed=No.',
  ],
  recommendedExclusions: [
    {
      label: 'break-glass user that is tested on schedule',
      when: 'another alarm watches its use',
      clause: '(($.userIdentity.userName NOT EXISTS) || ($.userIdentity.userName != "breakglass"))',
    },
  ],
  limits: [
    'A sign-in record without additionalEventData.MFAUsed would be missed: a comparison with an absent field is false.',
    'A root sign-in without MFA raises this detection and root-account-usage.',
  ],
  attack: [],
  sources: [SECURITY_HUB, CIS, ASR, NOZAQ, 'trussworks/terraform-aws-cloudtrail-alarms #2'],
  ownEvents: [consoleLogin(iamUser(), 'Success', 'No'), consoleLogin(iamUser('breakglass'), 'Success', 'No')],
  neighborEvents: [
    consoleLogin(iamUser(), 'Success', 'Yes'),
    consoleLogin(root(), 'Success', 'Yes'),
    consoleLogin(ssoSession(), 'Success', 'No'),
    samlSignIn(),
  ],
}
