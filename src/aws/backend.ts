/** The seam under the real SDK clients: something that answers calls in place of the network. */

/** One AWS call after serialisation and before it would become HTTP. */
export interface AwsCall {
  /** The client's `serviceId`, such as `SNS`, `CloudTrail`, `CloudWatch Logs`, `CloudWatch`, `IAM`, `S3`, `STS`, `Organizations`, `KMS`, `SQS`. */
  readonly service: string
  /** The operation, such as `CreateTopic`. */
  readonly operation: string
  /** The command's input as the caller wrote it. */
  readonly input: Readonly<Record<string, unknown>>
  /** The region of the client that sends it. */
  readonly region: string
  /** The User-Agent header that AWS would record in CloudTrail. */
  readonly userAgent: string
  /** Of the credentials that sign it: a session of a role in another account has its own. */
  readonly accessKeyId?: string
}

/** Takes a call, gives the operation's output without `$metadata`; rejects with an `AwsFault` to answer with a service error. */
export type AwsBackend = (call: AwsCall) => Promise<object>

/** A service error as a backend states it; the middleware turns it into the SDK's own exception form. */
export interface AwsFault {
  readonly awsFault: true
  /** The error's `name` as SDK v3 has it, such as `NotFoundException` or `ThrottlingException`. */
  readonly name: string
  readonly message: string
  /** The HTTP status; 5xx and throttling names are retried by the SDK. */
  readonly status: number
}

export function awsFault(name: string, message: string, status = 400): AwsFault {
  return { awsFault: true, name, message, status }
}

export function isAwsFault(error: unknown): error is AwsFault {
  return typeof error === 'object' && error !== null && 'awsFault' in error && error.awsFault === true
}
