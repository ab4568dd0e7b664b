/** Keeps data events away from patterns that are about management events: denied reads of a public bucket would flood them (field case C36). */

import { compile } from '../patterns/match/match.ts'
import { MAX_PATTERN_LENGTH, parsePattern } from '../patterns/parse/parse.ts'
import type { CloudTrailEvent, Detection } from './detection.ts'
import { apiCall, assumedRole, awsService, iamUser } from './event.ts'
import { withTerm } from './principal.ts'

/** The term that leaves data events out; every record carries the field since version 1.08 (CloudTrail user guide, record contents). */
export const MANAGEMENT_ONLY = '($.eventCategory = "Management")'

/** True where the pattern counts data events that are everyday life. Root's are none of them: to use root is worth a page. */
export function countsDataEvents(pattern: string): boolean {
  const parsed = parsePattern(pattern)
  if (parsed.validity === 'refused') return false
  const matches = compile(parsed.pattern)
  messages ??= everydayDataEvents().map((event) => JSON.stringify(event))
  return messages.some(matches)
}

/**
 * The detection with a paging pattern that leaves data events out, where it would count them. Undefined where the term
 * does not fit into the pattern. A detection of one's own keeps the pattern that was given.
 */
export function managementOnly(detection: Detection): Detection | undefined {
  const { paging, custom } = detection
  if (custom !== undefined || !countsDataEvents(paging.pattern)) return detection
  const pattern = withTerm(paging.pattern, MANAGEMENT_ONLY)
  return pattern.length > MAX_PATTERN_LENGTH ? undefined : { ...detection, paging: { ...paging, pattern } }
}

let messages: readonly string[] | undefined

/** Objects, items and functions, each as its callers use it and as it is denied to them. */
function everydayDataEvents(): readonly CloudTrailEvent[] {
  const data = { managementEvent: false, eventCategory: 'Data' }
  const denied = { ...data, errorCode: 'AccessDenied', errorMessage: 'Access Denied' }
  const anonymous = { type: 'AWSAccount', principalId: '', accountId: 'anonymous' }
  const calls: readonly (readonly [source: string, name: string])[] = [
    ['s3.amazonaws.com', 'GetObject'],
    ['s3.amazonaws.com', 'HeadObject'],
    ['s3.amazonaws.com', 'PutObject'],
    ['s3.amazonaws.com', 'DeleteObject'],
    ['lambda.amazonaws.com', 'Invoke'],
    ['dynamodb.amazonaws.com', 'GetItem'],
    ['dynamodb.amazonaws.com', 'PutItem'],
  ]
  const callers = [assumedRole(), iamUser(), anonymous, awsService('cloudfront.amazonaws.com')]
  return calls.flatMap(([source, name]) =>
    callers.flatMap((caller) => [apiCall(caller, source, name, data), apiCall(caller, source, name, denied)]),
  )
}
