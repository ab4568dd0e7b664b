/** An organization of accounts: the one that the sandbox offers, and several accounts behind one backend. */

import { type AwsBackend, type AwsCall, awsFault } from '../aws/backend.ts'
import { ACCOUNT, type SandboxState } from './aws/state.ts'

/** A member that lets every role in and holds nothing of its own, and one that lets nobody in. */
export const OPEN_MEMBER = '111122223333'
const CLOSED_MEMBER = '222233334444'

/** Makes the sandbox's account the management account of an organization, where it is in none. */
export function makeOrganization(state: SandboxState): void {
  state.organization ??= {
    id: 'o-a1b2c3d4e5',
    managementAccount: ACCOUNT,
    accounts: [ACCOUNT, OPEN_MEMBER, CLOSED_MEMBER],
    trustedServices: ['cloudtrail.amazonaws.com'],
  }
}

const KEY_PREFIX = 'ASIA'

/**
 * Answers in the account whose credentials sign the call. Members may share a sandbox: all of them hold the same, under
 * their own ids. Undefined: the role may not be assumed there.
 */
export function organizationBackend(
  management: AwsBackend,
  member: (account: string) => AwsBackend | undefined,
): AwsBackend {
  return async (call) => {
    if (call.operation === 'AssumeRole') return assumed(call, member)
    const key = call.accessKeyId ?? ''
    if (!key.startsWith(KEY_PREFIX)) return management(call)
    const account = key.slice(KEY_PREFIX.length)
    const backend = member(account)
    if (backend === undefined) throw awsFault('InvalidClientTokenId', 'The security token is invalid.', 403)
    const input = renamed(call.input, account, ACCOUNT) as AwsCall['input']
    return renamed(await backend({ ...call, input }), ACCOUNT, account) as object
  }
}

function assumed(call: AwsCall, member: (account: string) => AwsBackend | undefined): object {
  const role = String(call.input.RoleArn)
  const account = role.split(':')[4] ?? ''
  if (member(account) === undefined) {
    throw awsFault('AccessDenied', `the caller is not authorized to perform: sts:AssumeRole on resource: ${role}`, 403)
  }
  return {
    Credentials: { AccessKeyId: `${KEY_PREFIX}${account}`, SecretAccessKey: 'sandbox', SessionToken: 'sandbox' },
    AssumedRoleUser: { Arn: `${role.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/session` },
  }
}

function renamed(value: unknown, from: string, to: string): unknown {
  if (typeof value === 'string') return value.replaceAll(from, to)
  if (Array.isArray(value)) return value.map((one) => renamed(one, from, to))
  if (typeof value !== 'object' || value === null || value instanceof Date || value instanceof Uint8Array) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, renamed(one, from, to)]))
}
