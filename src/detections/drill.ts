/** The fire drill's own detection: it sees the one call that a drill makes, and nothing else. */

import { counts, oneEvent } from './alarm-template.ts'
import type { Detection } from './detection.ts'
import { apiCall, iamUser } from './event.ts'

/** What the user agent of a drill's call begins with; the drill's id follows. */
export const DRILL_AGENT = 'cloudtrail-pd-drill/'

const CHAIN_AGENT = 'cloudtrail-pd-chain/'

/**
 * The words that a drill adds to its user agent. Two chains may watch one log group, so the chain is named as well;
 * the full stop ends it, because one chain's name may begin with another's.
 */
export function drillAgent(drill: string, chain: string): string {
  return `${DRILL_AGENT}${drill} ${CHAIN_AGENT}${chain}-.`
}

/** Finds the call of one drill, whoever else calls. The SDK writes more before and after, hence both stars. */
export function drillPattern(drill: string): string {
  return `{ $.userAgent = "*${DRILL_AGENT}${drill}*" }`
}

/** Not in the catalogue: it guards nothing, and only `init --drill` installs it. */
export const fireDrill: Detection = {
  id: 'fire-drill',
  title: 'This is a drill',
  tier: 'extended',
  packs: [],
  severity: 'low',
  urgency: 'page',
  paging: {
    pattern: `{ $.userAgent = "*${DRILL_AGENT}*" }`,
    scopedPattern: `{ ($.userAgent = "*${DRILL_AGENT}*") && ($.userAgent = "*${CHAIN_AGENT}{{alarms}}.*") }`,
    metric: counts('FireDrill'),
    // The shortest hold: the drill waits until the incident resolves.
    alarm: oneEvent,
  },
  whyItMatters:
    'Nothing has happened. Someone ran cloudtrail-pd test, which verifies that a CloudTrail event reaches the person on call.',
  firstLook:
    'No action needed: the incident resolves automatically within about 20 minutes. If it does not, run cloudtrail-pd doctor.',
  knownNoise: [],
  recommendedExclusions: [],
  limits: ['A drill proves the chain, not the patterns of the other detections.'],
  attack: [],
  sources: [],
  ownEvents: [
    apiCall(iamUser(), 'cloudtrail.amazonaws.com', 'DescribeTrails', {
      userAgent: `aws-sdk-js/3.0.0 ua/2.1 os/linux lang/js md/nodejs#22.0.0 cloudtrail-pd/0.1.0 ${drillAgent('7f3a', 'cloudtrail-pd')}`,
    }),
  ],
  neighborEvents: [
    apiCall(iamUser(), 'cloudtrail.amazonaws.com', 'DescribeTrails', {
      userAgent: 'aws-sdk-js/3.0.0 ua/2.1 os/linux lang/js md/nodejs#22.0.0 cloudtrail-pd/0.1.0',
    }),
  ],
}
