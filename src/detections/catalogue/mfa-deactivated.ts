/** MFA device removed. */

import { counts, oneEvent } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, exampleArn } from '../event.ts'
import { ELASTIC, ZOPH } from '../sources.ts'

export const mfaDeactivated: Detection = {
  id: 'mfa-deactivated',
  title: 'MFA device removed',
  tier: 'core',
  packs: [],
  severity: 'high',
  urgency: 'page',
  paging: {
    pattern:
      '{ (($.eventSource = "iam.amazonaws.com") && (($.eventName = "DeactivateMFADevice") || ($.eventName = "DeleteVirtualMFADevice")) && ($.errorCode NOT EXISTS)) || (($.eventSource = "sso-directory.amazonaws.com") && (($.eventName = "DeleteMfaDeviceForUser") || ($.eventName = "UpdateMfaDeviceForUser"))) }',
    metric: counts('MfaDeactivated'),
    alarm: oneEvent,
  },
  whyItMatters:
    'The second factor goes just before a sign-in is abused, and at the end of many a talk with the help desk.',
  firstLook: 'Ask the user over another channel; watch for a sign-in of that user.',
  knownNoise: ['New phones. The removal of a virtual device follows its deactivation, so two events are usual.'],
  recommendedExclusions: [],
  limits: ['The event names of the Identity Center directory were not yet seen on real records.'],
  attack: ['T1556.006'],
  sources: [ELASTIC, ZOPH, 'AWS IAM API reference'],
  ownEvents: [
    apiCall(assumedRole(), 'iam.amazonaws.com', 'DeactivateMFADevice', {
      requestParameters: { userName: 'bob', serialNumber: exampleArn('iam', 'mfa/bob') },
    }),
    apiCall(assumedRole(), 'iam.amazonaws.com', 'DeactivateMFADevice', { requestParameters: { userName: 'alice' } }),
  ],
  neighborEvents: [
    apiCall(assumedRole(), 'iam.amazonaws.com', 'ListMFADevices', { requestParameters: { userName: 'bob' } }),
    apiCall(assumedRole(), 'iam.amazonaws.com', 'ListMFADevices'),
  ],
}
