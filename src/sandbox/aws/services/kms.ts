/** AWS KMS: as much of a key as an encrypted topic needs. */
import type {
  CreateKeyRequest,
  CreateKeyResponse,
  DescribeKeyRequest,
  DescribeKeyResponse,
  EnableKeyRequest,
  GetKeyPolicyRequest,
  GetKeyPolicyResponse,
  KeyMetadata,
  PutKeyPolicyRequest,
} from '@aws-sdk/client-kms'
import { awsFault } from '../../../aws/backend.ts'
import { arn, nextId, type OperationContext, type Operations } from '../context.ts'
import { ACCOUNT, type KeyState, PARTITION } from '../state.ts'

export const kms: Operations = {
  CreateKey: createKey,
  DescribeKey: describeKey,
  EnableKey: enableKey,
  GetKeyPolicy: getKeyPolicy,
  PutKeyPolicy: putKeyPolicy,
}

function createKey(input: CreateKeyRequest, { state, region }: OperationContext): CreateKeyResponse {
  const id = nextId(state)
  const key: KeyState = { id, region, manager: 'CUSTOMER', state: 'Enabled', policy: input.Policy ?? rootOnly() }
  state.keys[id] = key
  return { KeyMetadata: shown(key) }
}

function describeKey(input: DescribeKeyRequest, context: OperationContext): DescribeKeyResponse {
  return { KeyMetadata: shown(keyOf(context, input.KeyId)) }
}

function enableKey(input: EnableKeyRequest, context: OperationContext): object {
  keyOf(context, input.KeyId).state = 'Enabled'
  return {}
}

function getKeyPolicy(input: GetKeyPolicyRequest, context: OperationContext): GetKeyPolicyResponse {
  return { Policy: keyOf(context, input.KeyId).policy, PolicyName: 'default' }
}

function putKeyPolicy(input: PutKeyPolicyRequest, context: OperationContext): object {
  const key = keyOf(context, input.KeyId)
  if (key.manager === 'AWS') throw awsFault('AccessDeniedException', 'The key is managed by AWS.')
  key.policy = input.Policy ?? key.policy
  return {}
}

function keyOf({ state, region }: OperationContext, identifier = ''): KeyState {
  const name = identifier.replace(/^arn:[^/]*:(key\/|(?=alias\/))/, '')
  const managed = /^alias\/aws\/([a-z0-9]+)$/.exec(name)
  if (managed !== null) return managedKey(managed[1] ?? '', region)
  const key = state.keys[state.aliases[name] ?? name]
  if (key === undefined || key.region !== region) {
    throw awsFault('NotFoundException', `Key '${identifier}' does not exist`)
  }
  return key
}

/** The keys behind `alias/aws/…` admit their own service only, and their policy cannot be changed. */
function managedKey(service: string, region: string): KeyState {
  const statement = {
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: ['kms:Decrypt', 'kms:GenerateDataKey*', 'kms:DescribeKey'],
    Resource: '*',
    Condition: {
      StringEquals: { 'kms:CallerAccount': ACCOUNT, 'kms:ViaService': `${service}.${region}.amazonaws.com` },
    },
  }
  const policy = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  return { id: `aws-managed-${service}`, region, manager: 'AWS', state: 'Enabled', policy }
}

function shown(key: KeyState): KeyMetadata {
  return {
    KeyId: key.id,
    Arn: arn('kms', key.region, `key/${key.id}`),
    AWSAccountId: ACCOUNT,
    KeyManager: key.manager,
    KeyState: key.state as NonNullable<KeyMetadata['KeyState']>,
    Enabled: key.state === 'Enabled',
  }
}

function rootOnly(): string {
  const root = ['arn', PARTITION, 'iam', '', ACCOUNT, 'root'].join(':')
  const statement = { Effect: 'Allow', Principal: { AWS: root }, Action: 'kms:*', Resource: '*' }
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
}
