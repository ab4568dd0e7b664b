/** The columns of the CloudTrail table that the Athena guide creates, and which field of a record each holds. */

import { fieldKind } from '../../patterns/cloudtrail-fields.ts'
import { printSelector, type Selector, type SelectorStep } from '../../patterns/pattern.ts'
import { cannot } from './uncompiled.ts'

/** Where a selector leads. */
export type Place =
  /** A column, or a field of one, that holds the text of a field that is always a string. */
  | { readonly kind: 'text'; readonly sql: string }
  /** `'true'` or `'false'`: the table holds booleans as text. */
  | { readonly kind: 'boolean'; readonly sql: string }
  /** A field within a column of JSON text. */
  | { readonly kind: 'json'; readonly column: string; readonly steps: readonly SelectorStep[] }

const COLUMNS: ReadonlySet<string> = new Set([
  'eventVersion',
  'userIdentity.type',
  'userIdentity.principalId',
  'userIdentity.arn',
  'userIdentity.accountId',
  'userIdentity.invokedBy',
  'userIdentity.accessKeyId',
  'userIdentity.userName',
  'userIdentity.sessionContext.attributes.mfaAuthenticated',
  'userIdentity.sessionContext.attributes.creationDate',
  'userIdentity.sessionContext.sessionIssuer.type',
  'userIdentity.sessionContext.sessionIssuer.principalId',
  'userIdentity.sessionContext.sessionIssuer.arn',
  'userIdentity.sessionContext.sessionIssuer.accountId',
  'userIdentity.sessionContext.sessionIssuer.userName',
  // The one field that the guide's table lacks and detections of the catalogue look at; the query says so.
  'userIdentity.sessionContext.assumedRoot',
  'eventTime',
  'eventSource',
  'eventName',
  'awsRegion',
  'sourceIPAddress',
  'userAgent',
  'errorCode',
  'errorMessage',
  'requestID',
  'eventID',
  'eventType',
  'apiVersion',
  'readOnly',
  'recipientAccountId',
  'sharedEventID',
  'vpcEndpointId',
  'eventCategory',
  'sessionCredentialFromConsole',
])

const JSON_COLUMNS: ReadonlySet<string> = new Set([
  'requestParameters',
  'responseElements',
  'additionalEventData',
  'serviceEventDetails',
])

/** Throws `Uncompilable` for a field that the table does not hold, or not in a form that keeps its type. */
export function placeOf(selector: Selector): Place {
  const [first, ...rest] = selector.steps
  const shown = printSelector(selector)
  if (first?.kind === 'key' && JSON_COLUMNS.has(first.name)) {
    if (rest.length === 0) {
      cannot(`the table holds ${shown} as text, which does not tell an absent field from null or an object`)
    }
    return { kind: 'json', column: first.name.toLowerCase(), steps: rest }
  }
  const path = selector.steps.map((step) => (step.kind === 'key' ? step.name : '*')).join('.')
  if (!COLUMNS.has(path)) cannot(`the table has no column for ${shown}`)
  return { kind: fieldKind(selector) === 'boolean' ? 'boolean' : 'text', sql: path.toLowerCase() }
}
