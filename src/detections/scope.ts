/** Narrows a detection that watches this chain to the chain's own resources. */

import { MAX_PATTERN_LENGTH } from '../patterns/parse/parse.ts'
import type { Detection } from './detection.ts'

/** The resources of one chain, as they appear in CloudTrail records. */
export interface ScopedNames {
  /** What all names of the chain's alarms begin with. */
  readonly alarmPrefix: string
  readonly logGroup: string
  /** ARNs of the chain's topics; the pattern has room for the one that pages. */
  readonly topicArn: string
}

/**
 * The detection with its scoped pattern filled in. A detection without one is returned as it is, and so is one whose
 * names are too long or cannot be written in a pattern: then the wide pattern stays, which sees more, not less.
 */
export function scopeTo(names: ScopedNames, detection: Detection): Detection {
  const { scopedPattern, ...paging } = detection.paging
  if (scopedPattern === undefined) return detection
  const values = [names.alarmPrefix, names.logGroup, names.topicArn]
  if (values.some((value) => !/^[^"\\*\s]+$/.test(value))) return detection
  const pattern = scopedPattern
    .replaceAll('{{alarms}}', () => names.alarmPrefix)
    .replaceAll('{{logGroup}}', () => names.logGroup)
    .replaceAll('{{topic}}', () => names.topicArn)
  if (pattern.length > MAX_PATTERN_LENGTH) return detection
  return { ...detection, paging: { ...paging, pattern } }
}
