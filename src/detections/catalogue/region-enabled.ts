/** Opt-in Region enabled. */

import { counts, oneEvent } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'

export const regionEnabled: Detection = {
  id: 'region-enabled',
  title: 'Opt-in Region enabled',
  tier: 'extended',
  packs: [],
  severity: 'high',
  urgency: 'page',
  paging: {
    pattern:
      '{ ($.eventSource = "account.amazonaws.com") && (($.eventName = "EnableRegion") || ($.eventName = "DisableRegion")) && ($.errorCode NOT EXISTS) }',
    metric: counts('RegionEnabled'),
    alarm: oneEvent,
  },
  whyItMatters: 'Miners like regions that no one watches.',
  firstLook: 'The region, and what runs in it already.',
  knownNoise: ['Planned growth into a region.'],
  recommendedExclusions: [],
  limits: ['Counts a disabled region too.'],
  attack: ['T1535'],
  sources: [
    'SigmaHQ/sigma aws_cloudtrail_region_enabled',
    'panther-labs/panther-analysis aws_cloudtrail_region_enabled',
  ],
  ownEvents: [
    apiCall(assumedRole(), 'account.amazonaws.com', 'EnableRegion', {
      requestParameters: { RegionName: 'ap-east-1' },
    }),
    apiCall(iamUser(), 'account.amazonaws.com', 'DisableRegion', { requestParameters: { RegionName: 'ap-east-1' } }),
  ],
  neighborEvents: [
    apiCall(assumedRole(), 'account.amazonaws.com', 'ListRegions'),
    apiCall(assumedRole(), 'account.amazonaws.com', 'GetRegionOptStatus'),
  ],
}
