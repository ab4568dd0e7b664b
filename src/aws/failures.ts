/** What an AWS error means, decided once, and the sentence that a person gets. */

import type { Reading } from '../domain/snapshot.ts'
import { AppError, EXIT, type ExitCode } from '../errors.ts'
import { clockSkewMinutes, clockSkewText } from './clock-skew.ts'

/** `busy` is what the SDK retries by itself; `conflict` is somebody else's change under way, which it does not (field case C61). */
export type FailureKind = 'absent' | 'denied' | 'credentials' | 'busy' | 'conflict' | 'network' | 'other'

export interface CalledAs {
  readonly service: string
  readonly operation: string
  /** The host that was called, where the call got so far. */
  readonly host?: string | undefined
}

/** Names by which services say that a thing is not there. */
const ABSENT = new Set([
  'NotFoundException',
  'NotFound',
  'NoSuchEntityException',
  'NoSuchEntity',
  'ResourceNotFoundException',
  'ResourceNotFound',
  'TrailNotFoundException',
  'NoSuchBucket',
  'NoSuchBucketPolicy',
  'NoSuchPublicAccessBlockConfiguration',
  'QueueDoesNotExist',
  // CloudWatch has two names for it: of the shape, and of its older protocol.
  'DashboardNotFoundError',
])

const DENIED = new Set([
  'OptInRequired',
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'AuthorizationErrorException',
  'UnauthorizedOperation',
  'NotAuthorizedException',
  'Forbidden',
  '403',
])

const CREDENTIALS = new Set([
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'UnrecognizedClientException',
  'SignatureDoesNotMatch',
  'InvalidSignatureException',
  'AuthFailure',
  'InvalidAccessKeyId',
  'TokenRefreshRequired',
  'SSOTokenProviderFailure',
  'TokenProviderError',
  'RequestExpired',
  'RequestTimeTooSkewed',
])

const CONFLICT = new Set([
  'OperationAbortedException',
  'ConcurrentModificationException',
  'ConcurrentModification',
  'ConflictException',
  'ConcurrentAccessException',
  'StaleTagException',
])

const BUSY = new Set([
  'Throttling',
  'ThrottlingException',
  'ThrottledException',
  'TooManyRequestsException',
  'RequestLimitExceeded',
  'ServiceUnavailableException',
  'ServiceUnavailable',
  'InternalFailure',
  'InternalErrorException',
  'InternalServiceFault',
  'InternalServerError',
])

const NETWORK = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EPIPE',
  'EPROTO',
  'EHOSTUNREACH',
  // Node's HTTP parser and its checks of certificates (Node.js errors, OpenSSL and llhttp).
  ...['SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ...['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID'],
])

const calls = new WeakMap<object, CalledAs>()

/** Lets an error know which call it came from; the SDK's own errors do not say. */
export function rememberCall(error: unknown, call: CalledAs): void {
  if (typeof error === 'object' && error !== null) calls.set(error, call)
}

export function failureKind(error: unknown): FailureKind {
  const { name, code, status } = namesOf(error)
  const words = [name, code].filter((word) => word !== undefined)
  if (isFromProxy(error)) return 'network'
  if (words.some((word) => ABSENT.has(word))) return 'absent'
  if (words.some((word) => CREDENTIALS.has(word))) return 'credentials'
  if (words.some((word) => DENIED.has(word))) return 'denied'
  if (words.some((word) => CONFLICT.has(word))) return 'conflict'
  if (words.some((word) => BUSY.has(word))) return 'busy'
  if (words.some((word) => NETWORK.has(word) || word.startsWith('HPE_')) || name === 'TimeoutError') return 'network'
  if (status === 403) return 'denied'
  return status !== undefined && status >= 500 ? 'busy' : 'other'
}

/**
 * Whether the answer is not AWS's: HTML of a proxy, a sign-in page or an emulator, which the SDK cannot read, or a demand
 * of a proxy (407), which AWS never makes (field case N30).
 */
function isFromProxy(error: unknown): boolean {
  const { name, message, status } = namesOf(error)
  if (name === 'TimeoutError') return false
  return status === 407 || /Deserialization error/.test(message) || (name === 'SyntaxError' && status !== undefined)
}

/**
 * Whether an attempt ended in bytes that are not an answer: broken HTTP, or a body that is neither AWS's nor an error of
 * somebody else. It is as passing as a reset, and the SDK does not try it again by itself.
 */
export function isGarbled(error: unknown): boolean {
  const { name, code, message, status } = namesOf(error)
  if (code?.startsWith('HPE_')) return true
  const unreadable = /Deserialization error/.test(message) || name === 'SyntaxError'
  return unreadable && (status === undefined || status < 300 || status >= 500)
}

/** Whether AWS asked for fewer calls a second. */
export function isThrottle(error: unknown): boolean {
  return /Throttl|TooManyRequests|RequestLimitExceeded/.test(errorName(error))
}

/** The error's name, as every comparison outside this file wants it. */
export function errorName(error: unknown): string {
  return namesOf(error).name ?? 'Error'
}

/** Runs one read. Absent becomes `undefined`; denied and every other failure become `unreadable` with the reason, never "not there". */
export async function reading<T>(read: () => Promise<T>): Promise<Reading<T | undefined>> {
  try {
    return { state: 'read', value: await read() }
  } catch (error) {
    const kind = failureKind(error)
    if (kind === 'absent') return { state: 'read', value: undefined }
    if (kind === 'credentials') throw awsError(error)
    if (isAbort(error)) throw error
    return { state: 'unreadable', why: awsError(error).message, denied: kind === 'denied' }
  }
}

/** A list is never absent: what cannot be listed is unreadable. */
export async function readingList<T>(read: () => Promise<readonly T[]>): Promise<Reading<readonly T[]>> {
  const result = await reading(read)
  return result.state === 'read' ? { state: 'read', value: result.value ?? [] } : result
}

/** One sentence with service, operation and cause; the request id only as detail for `--verbose`. An `AppError` passes through. */
export function awsError(error: unknown, context: { profile?: string | undefined; always?: ExitCode } = {}): AppError {
  if (error instanceof AppError) return error
  const kind = failureKind(error)
  const { name, message, status, requestId } = namesOf(error)
  const call = typeof error === 'object' && error !== null ? calls.get(error) : undefined
  const where = call === undefined ? 'AWS' : `${call.service} ${call.operation}`
  const skew = clockSkewMinutes(error)
  const fromProxy = isFromProxy(error)
  const text = fromProxy ? proxyText(status, call?.host) : sentence(kind, name, message)
  return new AppError(`aws-${kind}`, `${where}: ${skew === undefined ? text : clockSkewText(skew)}`, {
    exit: context.always ?? (kind === 'credentials' || kind === 'denied' ? EXIT.access : EXIT.failed),
    hint:
      skew !== undefined
        ? 'set the clock, for example by switching on its synchronization, and run the command again'
        : fromProxy
          ? proxyHint(status, call?.host)
          : hintFor(kind, name, message, call, context.profile),
    cause: error,
    ...(requestId === undefined ? {} : { detail: `request id ${requestId}` }),
  })
}

export function isAbort(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError'
}

interface Named {
  readonly name: string | undefined
  readonly code: string | undefined
  readonly message: string
  readonly status: number | undefined
  readonly requestId: string | undefined
}

function namesOf(error: unknown): Named {
  if (typeof error !== 'object' || error === null) {
    return { name: undefined, code: undefined, message: String(error), status: undefined, requestId: undefined }
  }
  const shape = error as {
    name?: string
    message?: string
    code?: string
    Code?: string
    $metadata?: { httpStatusCode?: number; requestId?: string }
  }
  return {
    name: shape.name,
    code: shape.code ?? shape.Code,
    message: shape.message ?? '',
    status: shape.$metadata?.httpStatusCode,
    requestId: shape.$metadata?.requestId,
  }
}

/** AWS's hosts end in these (AWS general reference, service endpoints); any other was chosen with an endpoint. */
function isAwsHost(host: string | undefined): boolean {
  return host === undefined || /\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$/.test(host)
}

function proxyText(status: number | undefined, host: string | undefined): string {
  const what = `HTTP ${status ?? 'error'} with a response that is not from AWS`
  if (host === undefined) return what
  return isAwsHost(host) ? `${what}: a proxy or a sign-in page stands between` : `${what}: ${host} sent it`
}

function proxyHint(status: number | undefined, host: string | undefined): string {
  if (!isAwsHost(host)) return `check what answers at ${host}: --endpoint-url or AWS_ENDPOINT_URL points there`
  return status === 407
    ? 'give the proxy its user name and password: HTTPS_PROXY=http://USER:PASSWORD@HOST:PORT'
    : 'check the proxy (HTTPS_PROXY, NO_PROXY), or sign in to the network'
}

function sentence(kind: FailureKind, name: string | undefined, message: string): string {
  // The SDK appends how to look into its hidden fields.
  const text = message
    .replace(/\s*Deserialization error:.*/s, '')
    .replace(/\s+/g, ' ')
    .replace(/\.$/, '')
  if (kind === 'network') return `no answer (${text === '' ? name : text})`
  return text === '' || text === 'UnknownError' ? `${name ?? 'failed'}` : `${name ?? 'error'}: ${text}`
}

function hintFor(
  kind: FailureKind,
  name: string | undefined,
  message: string,
  call: CalledAs | undefined,
  profile: string | undefined,
): string {
  const flag = profile === undefined ? '' : ` --profile ${profile}`
  switch (kind) {
    case 'credentials':
      if (/sso/i.test(`${name} ${message}`)) return `sign in again: aws sso login${flag}`
      if (/could not find|profile|could not load/i.test(message))
        return 'see which profiles exist: aws configure list-profiles'
      return `check the credentials: aws sts get-caller-identity${flag}`
    case 'denied':
      if (name === 'OptInRequired') return 'enable this region or service for the account, or choose another --region'
      return deniedHint(message, call)
    case 'busy':
      return 'AWS is busy; run the same command again'
    case 'conflict':
      return 'someone else is changing the same resource; run the same command again'
    case 'network':
      if (/certificate|SELF_SIGNED|CERT_/i.test(`${message} ${name}`))
        return "for a company's own certificate authority, set NODE_EXTRA_CA_CERTS to its file"
      return 'check the network, the proxy variables (HTTPS_PROXY, NO_PROXY, NODE_EXTRA_CA_CERTS) and --endpoint-url'
    default:
      return 'run again with --verbose for the request id'
  }
}

/** The wording tells the layer that denies (IAM user guide, access denied error messages). */
function deniedHint(message: string, call: CalledAs | undefined): string {
  if (/service control policy/i.test(message)) {
    return 'a service control policy of the organization denies this; no change to your own permissions helps'
  }
  if (/permissions boundary/i.test(message)) return 'the permissions boundary of this identity denies this'
  const action = call === undefined ? 'this action' : `${prefixOf(call.service)}:${call.operation}`
  return `allow ${action} for the identity that runs this`
}

const PREFIXES: Readonly<Record<string, string>> = {
  'CloudWatch Logs': 'logs',
  CloudWatch: 'cloudwatch',
  CloudTrail: 'cloudtrail',
}

function prefixOf(service: string): string {
  return PREFIXES[service] ?? service.toLowerCase()
}
