/** What stops a trail from feeding the chain, as codes, and the text of each. */

import { parseArn } from '../domain/names.ts'
import type { TrailSnapshot } from '../domain/snapshot.ts'

/** What its selectors leave out of the management events. */
export type BlindSpot = 'no-management-events' | 'reads-only' | 'writes-only' | 'without-kms' | 'fields-unknown'

export type TrailFault =
  | BlindSpot
  | 'other-account'
  | 'one-region'
  | 'not-logging'
  | 'status-unreadable'
  | 'selectors-unreadable'
  | 'log-group-elsewhere'
  | 'control-tower'

export const BLIND_SPOT_TEXT: Readonly<Record<BlindSpot, string>> = {
  'no-management-events': 'it logs no management events',
  'reads-only': 'it logs only read management events',
  'writes-only': 'it logs only write management events',
  'without-kms': 'it excludes AWS KMS events',
  'fields-unknown': 'its event selectors use fields whose effect is unknown',
}

/** The fault of this trail as one sentence about "it". */
export function trailFaultText(fault: TrailFault, trail: TrailSnapshot): string {
  switch (fault) {
    case 'other-account':
      return otherAccountText(trail)
    case 'one-region':
      return trail.homeRegion === 'us-east-1'
        ? 'it covers one region only'
        : 'it covers one region only, but sign-in, root and IAM events are recorded in us-east-1'
    case 'not-logging':
      return 'it is not logging'
    case 'status-unreadable':
      return 'its status could not be read'
    case 'selectors-unreadable':
      return 'its event selectors could not be read'
    case 'log-group-elsewhere':
      return 'its log group is in another account'
    case 'control-tower':
      return 'it is managed by Control Tower and delivers to no log group in this account'
    default:
      return BLIND_SPOT_TEXT[fault]
  }
}

function otherAccountText({ organization, account, logGroupArn = '' }: TrailSnapshot): string {
  const kind = organization ? 'an organization trail of' : 'a trail of'
  const group = parseArn(logGroupArn)?.account
  const where = group === undefined ? 'delivers to no log group' : `its log group is in account ${group}`
  return `it is ${kind} account ${account}, and ${where}`
}
