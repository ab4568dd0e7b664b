/** Faults that tests inject, and how each service words them. */
import { type AwsCall, type AwsFault, awsFault } from '../../aws/backend.ts'
import { CALLER } from './services/identity.ts'

export type FaultKind =
  | 'throttle'
  | 'error-5xx'
  /** The connection breaks before AWS has seen the call. */
  | 'reset'
  /** The connection breaks after AWS has done what the call says. */
  | 'reset-after'
  | 'access-denied'
  /** The session's credentials have run out. */
  | 'expired-token'
  /** The process dies before the call, or after it and before its answer. */
  | 'crash-before'
  | 'crash-after'

/** Which calls go wrong, counting only those that `service` and `operation` (all, where absent) let through. */
export interface InjectedFault {
  /** The first call that fails, from 1, which is the default. */
  readonly nth?: number
  readonly service?: string
  readonly operation?: string
  /** Every call fails. */
  readonly every?: boolean
  readonly kind: FaultKind
  /** How many calls in a row fail, from the nth on; 1 by default. */
  readonly times?: number
  /** In place of the usual text of the error, such as that of a service control policy. */
  readonly message?: string
}

/** Stands for the process dying: thrown out of the call, and no later call is answered. */
export interface SandboxCrash {
  readonly sandboxCrash: true
  readonly name: 'SandboxCrash'
  readonly message: string
}

export function sandboxCrash(message: string): SandboxCrash {
  return { sandboxCrash: true, name: 'SandboxCrash', message }
}

/** Tells for each call, in order, which fault hits it. */
export function faultPicker(faults: readonly InjectedFault[]): (call: AwsCall) => InjectedFault | undefined {
  const counts = faults.map(() => 0)
  return (call) => {
    let hit: InjectedFault | undefined
    for (const [index, fault] of faults.entries()) {
      if (!concerns(fault, call)) continue
      const count = (counts[index] ?? 0) + 1
      counts[index] = count
      const first = fault.nth ?? 1
      const within = count >= first && count < first + (fault.times ?? 1)
      if (hit === undefined && (fault.every === true || within)) hit = fault
    }
    return hit
  }
}

/** What the caller gets to see in place of an answer. */
export function faultError(
  fault: Pick<InjectedFault, 'kind' | 'message'>,
  call: AwsCall,
): AwsFault | SandboxCrash | Error {
  switch (fault.kind) {
    case 'throttle':
      return awsFault(THROTTLES[call.service] ?? 'ThrottlingException', fault.message ?? 'Rate exceeded', 400)
    case 'error-5xx':
      return awsFault(FAILURES[call.service] ?? 'InternalFailure', fault.message ?? 'Internal server error', 500)
    case 'expired-token':
      return awsFault(
        'ExpiredTokenException',
        fault.message ?? 'The security token included in the request is expired',
        403,
      )
    case 'access-denied':
      return denied(call, fault.message)
    case 'reset':
    case 'reset-after':
      return Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })
    case 'crash-before':
    case 'crash-after':
      return sandboxCrash(`the process died at ${call.operation}`)
  }
}

const THROTTLES: Readonly<Record<string, string>> = {
  SNS: 'ThrottledException',
  CloudWatch: 'Throttling',
  IAM: 'Throttling',
  STS: 'Throttling',
  S3: 'SlowDown',
  SQS: 'RequestThrottled',
  Organizations: 'TooManyRequestsException',
}

const FAILURES: Readonly<Record<string, string>> = {
  SNS: 'InternalErrorException',
  CloudWatch: 'InternalServiceFault',
  'CloudWatch Logs': 'ServiceUnavailableException',
  IAM: 'ServiceFailureException',
  S3: 'InternalError',
}

const DENIALS: Readonly<Record<string, string>> = {
  SNS: 'AuthorizationErrorException',
  CloudWatch: 'AccessDenied',
  IAM: 'AccessDenied',
  STS: 'AccessDenied',
  S3: 'AccessDenied',
}

const PREFIXES: Readonly<Record<string, string>> = {
  'CloudWatch Logs': 'logs',
  CloudTrail: 'cloudtrail',
  CloudWatch: 'cloudwatch',
}

function denied(call: AwsCall, message: string | undefined): AwsFault {
  const action = `${PREFIXES[call.service] ?? call.service.toLowerCase()}:${call.operation}`
  const why = `because no identity-based policy allows the ${action} action`
  const usual = `User: ${CALLER} is not authorized to perform: ${action} on resource: * ${why}`
  return awsFault(DENIALS[call.service] ?? 'AccessDeniedException', message ?? usual, 403)
}

function concerns(fault: InjectedFault, call: AwsCall): boolean {
  return (
    (fault.service === undefined || fault.service === call.service) &&
    (fault.operation === undefined || fault.operation === call.operation)
  )
}
