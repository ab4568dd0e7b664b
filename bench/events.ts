/** CloudTrail events as a busy account writes them: seeded, so that two runs measure the same lines. */

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
type Random = () => number

interface Call {
  readonly source: string
  readonly name: string
  /** How often it is seen, relative to the others. */
  readonly weight: number
  readonly readOnly: boolean
  readonly parameters: (random: Random) => object | null
  readonly response?: (random: Random) => object | null
}

/** Yields `count` raw messages, one event each, as CloudTrail delivers them to a log group. */
export function cloudTrailMessages(count: number, seed = 1): readonly string[] {
  const random = seeded(seed)
  return Array.from({ length: count }, (_, index) => JSON.stringify(cloudTrailEvent(random, index)))
}

function cloudTrailEvent(random: Random, index: number): object {
  const call = weighted(CALLS, random)
  const denied = random() < 0.02
  const identity = pick(IDENTITIES, random)(random)
  return {
    eventVersion: '1.11',
    userIdentity: identity,
    eventTime: new Date(Date.UTC(2026, 0, 15) + index * 40).toISOString().replace('.000', ''),
    eventSource: call.source,
    eventName: call.name,
    awsRegion: pick(REGIONS, random),
    sourceIPAddress: 'invokedBy' in identity ? identity.invokedBy : address(random),
    userAgent: pick(AGENTS, random),
    ...(denied ? { errorCode: pick(ERRORS, random), errorMessage: `not authorized to perform ${call.name}` } : {}),
    requestParameters: call.parameters(random),
    responseElements: denied ? null : (call.response?.(random) ?? null),
    requestID: uuid(random),
    eventID: uuid(random),
    readOnly: call.readOnly,
    ...(random() < 0.4
      ? {
          resources: [
            { accountId: ACCOUNT, type: 'AWS::KMS::Key', ARN: `arn:aws:kms:us-east-1:${ACCOUNT}:key/${uuid(random)}` },
          ],
        }
      : {}),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Management',
    tlsDetails: {
      tlsVersion: 'TLSv1.3',
      cipherSuite: 'TLS_AES_128_GCM_SHA256',
      clientProvidedHostHeader: call.source.replace('.', '.us-east-1.'),
    },
  }
}

const ACCOUNT = '111122223333'
const REGIONS = ['us-east-1', 'us-east-1', 'us-east-1', 'eu-west-1', 'ap-southeast-2']
const ERRORS = ['AccessDenied', 'Client.UnauthorizedOperation', 'ThrottlingException', 'NoSuchEntityException']
const AGENTS = [
  'aws-cli/2.22.4 md/awscrt#0.23.4 ua/2.0 os/linux#6.1.0 md/arch#x86_64 lang/python#3.12.6 md/prompt#off md/command#s3.ls',
  'APN/1.0 HashiCorp/1.0 Terraform/1.9.8 (+https://www.terraform.io) terraform-provider-aws/5.76.0 aws-sdk-go-v2/1.32.4',
  'Boto3/1.35.63 md/Botocore#1.35.63 ua/2.0 os/linux#5.10 md/arch#aarch64 lang/python#3.11.10 exec-env/AWS_Lambda_python3.11',
  'AWS Internal',
]

const IDENTITIES: readonly ((random: Random) => { readonly type: string; readonly invokedBy?: string })[] = [
  assumedRole,
  assumedRole,
  assumedRole,
  (random) => ({ ...assumedRole(random), invokedBy: 'cloudformation.amazonaws.com' }),
  () => ({ type: 'AWSService', invokedBy: 'autoscaling.amazonaws.com' }),
  (random) => ({
    type: 'IAMUser',
    principalId: `AIDA${letters(17, random)}`,
    arn: `arn:aws:iam::${ACCOUNT}:user/deploy`,
    accountId: ACCOUNT,
    accessKeyId: `AKIA${letters(16, random)}`,
    userName: 'deploy',
  }),
]

function assumedRole(random: Random) {
  const role = pick(['AppServer', 'Deploy', 'Monitoring', 'AWSReservedSSO_PowerUser_0123456789abcdef'], random)
  const principal = `AROA${letters(17, random)}`
  return {
    type: 'AssumedRole',
    principalId: `${principal}:i-${letters(17, random).toLowerCase()}`,
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/i-0abc`,
    accountId: ACCOUNT,
    accessKeyId: `ASIA${letters(16, random)}`,
    sessionContext: {
      sessionIssuer: {
        type: 'Role',
        principalId: principal,
        arn: `arn:aws:iam::${ACCOUNT}:role/${role}`,
        accountId: ACCOUNT,
        userName: role,
      },
      attributes: { creationDate: '2026-01-15T09:12:44Z', mfaAuthenticated: 'false' },
    },
  }
}

const CALLS: readonly Call[] = [
  read('ec2', 'DescribeInstances', 14, () => ({
    maxResults: 1000,
    instancesSet: {},
    filterSet: { items: [{ name: 'tag:env', valueSet: { items: [{ value: 'prod' }] } }] },
  })),
  read('ec2', 'DescribeVolumes', 6, () => ({ maxResults: 500, volumeSet: {}, filterSet: {} })),
  read('sts', 'GetCallerIdentity', 6, () => null),
  read('kms', 'Decrypt', 16, (random) => ({
    encryptionContext: { 'aws:s3:arn': `arn:aws:s3:::data/${uuid(random)}` },
    encryptionAlgorithm: 'SYMMETRIC_DEFAULT',
  })),
  read('kms', 'GenerateDataKey', 8, () => ({
    keySpec: 'AES_256',
    keyId: `arn:aws:kms:us-east-1:${ACCOUNT}:alias/app`,
  })),
  read('sts', 'AssumeRole', 14, () => ({
    roleArn: `arn:aws:iam::${ACCOUNT}:role/AppServer`,
    roleSessionName: 'app',
    durationSeconds: 3600,
  })),
  read('s3', 'GetBucketAcl', 5, () => ({ bucketName: 'data', Platform: 'data.s3.amazonaws.com', acl: '' })),
  read('logs', 'DescribeLogGroups', 4, () => ({ limit: 50 })),
  read('iam', 'GetRole', 4, () => ({ roleName: 'AppServer' })),
  read('ssm', 'GetParametersByPath', 4, () => ({
    path: '/app/prod',
    recursive: true,
    withDecryption: true,
    maxResults: 10,
  })),
  write('logs', 'CreateLogStream', 6, (random) => ({
    logGroupName: '/aws/lambda/app',
    logStreamName: `2026/01/15/[$LATEST]${uuid(random)}`,
  })),
  write('ec2', 'RunInstances', 2, (random) => ({
    instancesSet: { items: [{ imageId: `ami-${letters(17, random).toLowerCase()}`, minCount: 1, maxCount: 4 }] },
    instanceType: 'm7g.large',
    blockDeviceMapping: {},
    monitoring: { enabled: false },
  })),
  write('ec2', 'AuthorizeSecurityGroupIngress', 0.5, () => ({
    groupId: 'sg-0abc',
    ipPermissions: {
      items: [
        { ipProtocol: 'tcp', fromPort: 443, toPort: 443, groups: {}, ipRanges: { items: [{ cidrIp: '10.0.0.0/8' }] } },
      ],
    },
  })),
  write('iam', 'AttachRolePolicy', 0.4, () => ({
    roleName: 'AppServer',
    policyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess',
  })),
  write('s3', 'PutBucketPolicy', 0.3, () => ({
    bucketName: 'data',
    bucketPolicy: {
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 's3:GetObject', Resource: 'arn:aws:s3:::data/*' },
      ],
    },
    Platform: 'data.s3.amazonaws.com',
    policy: '',
  })),
  write('signin', 'ConsoleLogin', 0.3, () => null),
  write('monitoring', 'PutMetricAlarm', 1, () => ({
    alarmName: 'cpu',
    threshold: 80,
    period: 300,
    evaluationPeriods: 3,
    comparisonOperator: 'GreaterThanThreshold',
  })),
]

function read(service: string, name: string, weight: number, parameters: Call['parameters']): Call {
  return { source: `${service}.amazonaws.com`, name, weight, readOnly: true, parameters }
}

function write(service: string, name: string, weight: number, parameters: Call['parameters']): Call {
  const response: Call['response'] = (random) => ({ requestId: uuid(random), _return: true })
  return { source: `${service}.amazonaws.com`, name, weight, readOnly: false, parameters, response }
}

function seeded(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

function pick<T>(values: readonly T[], random: Random): T {
  const value = values[Math.floor(random() * values.length)]
  if (value === undefined) throw new RangeError('nothing to pick from')
  return value
}

function weighted(calls: readonly Call[], random: Random): Call {
  let left = random() * calls.reduce((sum, { weight }) => sum + weight, 0)
  const found = calls.find(({ weight }) => {
    left -= weight
    return left < 0
  })
  return found ?? pick(calls, random)
}

function letters(count: number, random: Random): string {
  return Array.from({ length: count }, () => pick([...'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'], random)).join('')
}

function uuid(random: Random): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

function address(random: Random): string {
  return `198.51.100.${Math.floor(random() * 256)}`
}
