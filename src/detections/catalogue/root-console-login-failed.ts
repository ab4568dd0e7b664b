/** Root console sign-in failed. */

import { counts, oneEvent } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { consoleLogin, iamUser, root } from '../event.ts'
import { SECURITY_HUB } from '../sources.ts'

export const rootConsoleLoginFailed: Detection = {
  id: 'root-console-login-failed',
  title: 'Root console sign-in failed',
  tier: 'core',
  packs: [],
  severity: 'high',
  urgency: 'page',
  paging: {
    pattern:
      '{ ($.eventSource = "signin.amazonaws.com") && ($.eventName = "ConsoleLogin") && ($.userIdentity.type = "Root") && ($.responseElements.ConsoleLogin = "Failure") }',
    metric: counts('RootConsoleLoginFailed'),
    alarm: oneEvent,
  },
  whyItMatters:
    'No one should be typing the root password. A refused try means that someone knows the address and guesses.',
  firstLook: 'The source address, and whether a root sign-in succeeded after it.',
  knownNoise: ['The owner mistyping in a planned break-glass test.'],
  recommendedExclusions: [],
  limits: [
    'Root sign-ins through the global endpoint are recorded in us-east-1.',
    'root-account-usage counts the same event and pages too.',
  ],
  attack: ['T1110'],
  sources: ['panther-labs/panther-analysis aws_console_root_login_failed', SECURITY_HUB],
  ownEvents: [consoleLogin(root(), 'Failure', 'No'), consoleLogin(root(), 'Failure', 'Yes')],
  neighborEvents: [consoleLogin(root(), 'Success', 'Yes'), consoleLogin(iamUser(), 'Failure', 'No')],
}
