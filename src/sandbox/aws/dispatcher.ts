/** From a call to its answer: finds the operation, lets a fault strike, and has CloudTrail record what happened. */
import { type AwsCall, awsFault, isAwsFault } from '../../aws/backend.ts'
import { record } from './cloudtrail-recorder.ts'
import type { OperationContext, SandboxAws } from './context.ts'
import { type FaultKind, faultError, type InjectedFault } from './faults.ts'
import { type KnownOperation, operationOf } from './operations.ts'

export interface AnsweringOptions {
  readonly aws: SandboxAws
  /** Refuses the second CloudTrail write within a second. */
  readonly throttleCloudTrailWrites: boolean
}

export type Answering = (call: AwsCall, now: number, fault: InjectedFault | undefined) => object

/** These let the call do its work and only lose the answer. */
const AFTER_EFFECT: readonly FaultKind[] = ['reset-after', 'crash-after']

/** Answers calls one after the other; throws what the caller is to see instead. */
export function answering({ aws, throttleCloudTrailWrites }: AnsweringOptions): Answering {
  let lastTrailWrite = Number.NEGATIVE_INFINITY

  function checkTrailRate(call: AwsCall, known: KnownOperation, now: number): void {
    if (!throttleCloudTrailWrites || call.service !== 'CloudTrail' || known.readOnly) return
    if (now - lastTrailWrite < 1_000) throw faultError({ kind: 'throttle' }, call)
    lastTrailWrite = now
  }

  function perform(context: OperationContext, call: AwsCall, known: KnownOperation): object {
    try {
      checkTrailRate(call, known, context.now)
      // The SDK has checked the form of the input; each operation is written against its type.
      const output = known.run(call.input as never, context)
      recordCall(context, call, known, undefined)
      return output
    } catch (error) {
      recordCall(context, call, known, error)
      throw error
    }
  }

  return (call, now, fault) => {
    const known = operationOf(call.service, call.operation, call.region)
    if (known === undefined) {
      throw awsFault('UnknownOperationException', `the sandbox does not know ${call.service} ${call.operation}`)
    }
    const context: OperationContext = { ...aws, now, region: call.region }
    if (fault !== undefined && !AFTER_EFFECT.includes(fault.kind)) {
      const error = faultError(fault, call)
      if (isAwsFault(error)) recordCall(context, call, known, error)
      throw error
    }
    const output = perform(context, call, known)
    if (fault !== undefined) throw faultError(fault, call)
    return output
  }
}

/** Every management call is itself an event, the failed ones too. */
function recordCall(context: OperationContext, call: AwsCall, known: KnownOperation, error: unknown): void {
  if (!known.recorded) return
  record(
    { ...context, region: known.eventRegion },
    {
      source: known.eventSource,
      name: call.operation,
      readOnly: known.readOnly,
      userAgent: call.userAgent,
      requestParameters: parametersOf(call.input),
      ...(isAwsFault(error) ? { errorCode: errorCodeOf(error.name), errorMessage: error.message } : {}),
    },
  )
}

/** CloudTrail has one name for being denied, whatever the service calls it. */
function errorCodeOf(name: string): string {
  return ['AuthorizationErrorException', 'AccessDeniedException'].includes(name) ? 'AccessDenied' : name
}

/** Names begin in lower case there; an endpoint carries a key and is left out. */
function parametersOf(input: Readonly<Record<string, unknown>>): object | null {
  const entries = Object.entries(input).map(([key, value]) => {
    const name = `${key.slice(0, 1).toLowerCase()}${key.slice(1)}`
    return [name, name === 'endpoint' ? 'HIDDEN_DUE_TO_SECURITY_REASONS' : value]
  })
  return entries.length === 0 ? null : Object.fromEntries(entries)
}
