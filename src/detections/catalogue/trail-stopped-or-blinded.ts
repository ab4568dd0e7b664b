/** CloudTrail stopped, deleted or blinded. */

import { counts, oneEventHeldAnHour } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'

export const trailStoppedOrBlinded: Detection = {
  id: 'trail-stopped-or-blinded',
  title: 'CloudTrail stopped, deleted or blinded',
  tier: 'core',
  packs: [],
  severity: 'critical',
  urgency: 'page',
  paging: {
    pattern:
      '{ ($.eventSource = "cloudtrail.amazonaws.com") && (($.eventName = "StopLogging") || ($.eventName = "DeleteTrail") || ($.eventName = "DeleteEventDataStore") || ($.eventName = "StopEventDataStoreIngestion") || (($.eventName = "PutEventSelectors") && (($.requestParameters.eventSelectors[0].includeManagementEvents IS FALSE) || ($.requestParameters.eventSelectors[0].readWriteType = "ReadOnly") || ($.requestParameters.eventSelectors[0].excludeManagementEventSources[0] = "*"))) || (($.eventName = "UpdateTrail") && (($.requestParameters.isMultiRegionTrail IS FALSE) || ($.requestParameters.includeGlobalServiceEvents IS FALSE) || ($.requestParameters.enableLogFileValidation IS FALSE)))) }',
    metric: counts('TrailStoppedOrBlinded'),
    alarm: oneEventHeldAnHour,
  },
  whyItMatters:
    'Of all changes to trails these make the account go dark, wholly or in part. After them no other detection can be trusted.',
  firstLook:
    'Whether the trail logs again (GetTrailStatus, GetEventSelectors); restart it first, then look at what the actor did since.',
  knownNoise: ['A planned move from an account trail to an organization trail.'],
  recommendedExclusions: [],
  limits: [
    'Advanced event selectors cannot be judged by one pattern: check such a trail by hand.',
    'A trail stopped in another account shows there or in the organization trail only.',
    'The fields below eventSelectors were not yet seen on a real record.',
    'cloudtrail-config-changes counts the same calls and pages too; leave one of the two out to be called once.',
  ],
  attack: ['T1562.008'],
  sources: [
    'panther-labs/panther-analysis aws_cloudtrail_stopped',
    'panther-labs/panther-analysis aws_cloudtrail_event_selectors_disabled',
    'SigmaHQ/sigma aws_cloudtrail_disable_logging',
  ],
  ownEvents: [
    apiCall(assumedRole(), 'cloudtrail.amazonaws.com', 'StopLogging', {
      requestParameters: { name: 'main' },
    }),
    apiCall(iamUser(), 'cloudtrail.amazonaws.com', 'DeleteTrail', { requestParameters: { name: 'main' } }),
  ],
  neighborEvents: [
    apiCall(assumedRole(), 'cloudtrail.amazonaws.com', 'PutEventSelectors', {
      requestParameters: {
        trailName: 'main',
        eventSelectors: [{ includeManagementEvents: true, readWriteType: 'All' }],
      },
    }),
    apiCall(assumedRole(), 'cloudtrail.amazonaws.com', 'GetTrailStatus'),
  ],
}
