import {
  CreateTrailCommand,
  type CreateTrailCommandInput,
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetTrailCommand,
  GetTrailStatusCommand,
  LookupEventsCommand,
  PutEventSelectorsCommand,
  StartLoggingCommand,
  StopLoggingCommand,
  UpdateTrailCommand,
} from '@aws-sdk/client-cloudtrail'
import { CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs'
import {
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam'
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  GetBucketPolicyCommand,
  GetPublicAccessBlockCommand,
  PutBucketPolicyCommand,
} from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { describe, expect, test } from 'vitest'
import {
  ACCOUNT,
  aBucket,
  aRole,
  aTrail,
  bucketPolicy,
  GROUP_ARN,
  ROLE_ARN,
  TRAIL_ARN,
  WRITE_EVENTS,
} from '../support/chain-by-hand.ts'
import { anAccount, clientsOf } from '../support/sandbox-account.ts'

const MINUTE = 60_000
const DELIVERY = { CloudWatchLogsLogGroupArn: `${GROUP_ARN}:*`, CloudWatchLogsRoleArn: ROLE_ARN }

async function aPreparedAccount() {
  const sandbox = await anAccount()
  const clients = clientsOf(sandbox.backend)
  await clients.logs.send(new CreateLogGroupCommand({ logGroupName: 'trail-events' }))
  await aBucket(clients)
  await aRole(clients)
  const create = (over: Partial<CreateTrailCommandInput> = {}) =>
    clients.trail.send(new CreateTrailCommand({ Name: 'main-trail', S3BucketName: 'trail-bucket', ...over }))
  return { sandbox, clients, create }
}

describe('a new trail', () => {
  test('C43 does not log until it is started', async () => {
    const { clients, create } = await aPreparedAccount()
    await create()
    const status = () => clients.trail.send(new GetTrailStatusCommand({ Name: 'main-trail' }))
    expect((await status()).IsLogging).toBe(false)
    await clients.trail.send(new StartLoggingCommand({ Name: TRAIL_ARN }))
    expect(await status()).toMatchObject({ IsLogging: true, StartLoggingTime: expect.any(Date) })
    await clients.trail.send(new StopLoggingCommand({ Name: TRAIL_ARN }))
    expect(await status()).toMatchObject({ IsLogging: false, StopLoggingTime: expect.any(Date) })
  })

  test.each([
    ['a name that is too short', { Name: 'ab' }, 'InvalidTrailNameException'],
    [
      'all regions without global events',
      { IsMultiRegionTrail: true, IncludeGlobalServiceEvents: false },
      /Combination/,
    ],
    ['a bucket that is not there', { S3BucketName: 'nowhere' }, 'S3BucketDoesNotExistException'],
    ['C50 a prefix that the policy lacks', { S3KeyPrefix: 'audit' }, 'InsufficientS3BucketPolicyException'],
    ['C50 another name than the policy says', { Name: 'other-trail' }, 'InsufficientS3BucketPolicyException'],
    ['an organization that does not exist', { IsOrganizationTrail: true }, 'OrganizationsNotInUseException'],
  ])('is refused with %s', async (_what, over, name) => {
    const { create } = await aPreparedAccount()
    await expect(create(over)).rejects.toMatchObject({ name: expect.stringMatching(name) })
  })

  test('is refused a second time', async () => {
    const { create } = await aPreparedAccount()
    await create()
    await expect(create()).rejects.toMatchObject({ name: 'TrailAlreadyExistsException' })
  })

  test('C52 is refused where five are there, those of other regions included', async () => {
    const { sandbox, clients } = await aPreparedAccount()
    const { s3 } = clients
    for (const [index, region] of [
      'us-east-1',
      'eu-west-1',
      'us-east-1',
      'eu-west-1',
      'us-east-1',
      'us-east-1',
    ].entries()) {
      const arn = `arn:aws:cloudtrail:${region}:${ACCOUNT}:trail/trail-${index}`
      await s3.send(new PutBucketPolicyCommand({ Bucket: 'trail-bucket', Policy: bucketPolicy(arn) }))
      const input = { Name: `trail-${index}`, S3BucketName: 'trail-bucket', IsMultiRegionTrail: true }
      const made = clientsOf(sandbox.backend, region).trail.send(new CreateTrailCommand(input))
      if (index < 5) await made
      else await expect(made).rejects.toMatchObject({ name: 'MaximumNumberOfTrailsExceededException' })
    }
  })
})

describe('the delivery to a log group', () => {
  test('C44 is denied while IAM has not spread the role, then accepted', async () => {
    const { sandbox, clients, create } = await aPreparedAccount()
    await create()
    const update = () => clients.trail.send(new UpdateTrailCommand({ Name: 'main-trail', ...DELIVERY }))
    await expect(update()).rejects.toMatchObject({
      name: 'InvalidCloudWatchLogsRoleArnException',
      message: expect.stringMatching(/^Access denied/),
    })
    await sandbox.clock.sleep(10_000)
    expect(await update()).toMatchObject(DELIVERY)
  })

  test('C44 is denied for good with a role that may not write', async () => {
    const { sandbox, clients, create } = await aPreparedAccount()
    await clients.iam.send(new DeleteRolePolicyCommand({ RoleName: 'trail-role', PolicyName: 'write' }))
    await sandbox.clock.sleep(MINUTE)
    await expect(create(DELIVERY)).rejects.toMatchObject({ name: 'InvalidCloudWatchLogsLogGroupArnException' })
  })

  test.each([
    ['an ARN without its ending', { ...DELIVERY, CloudWatchLogsLogGroupArn: GROUP_ARN }, /LogGroupArn/],
    ['an ARN with the ending twice', { ...DELIVERY, CloudWatchLogsLogGroupArn: `${GROUP_ARN}:*:*` }, /LogGroupArn/],
    ['a group without a role', { CloudWatchLogsLogGroupArn: `${GROUP_ARN}:*` }, /RoleArn/],
    ['a role without a group', { CloudWatchLogsRoleArn: ROLE_ARN }, /LogGroupArn/],
  ])('C45 is refused with %s, and not as a matter of waiting', async (_what, over, name) => {
    const { sandbox, create } = await aPreparedAccount()
    await sandbox.clock.sleep(MINUTE)
    await expect(create(over)).rejects.toMatchObject({
      name: expect.stringMatching(name),
      message: expect.not.stringMatching(/access denied/i),
    })
  })

  test('ends with an empty text, and other members stay', async () => {
    const { sandbox, clients, create } = await aPreparedAccount()
    await sandbox.clock.sleep(MINUTE)
    await create({ ...DELIVERY, IsMultiRegionTrail: true })
    const empty = { CloudWatchLogsLogGroupArn: '', CloudWatchLogsRoleArn: '' }
    const updated = await clients.trail.send(new UpdateTrailCommand({ Name: 'main-trail', ...empty }))
    expect(updated.CloudWatchLogsLogGroupArn).toBeUndefined()
    expect(updated.IsMultiRegionTrail).toBe(true)
  })

  test('goes on while IAM spreads a policy that is written again', async () => {
    const sandbox = await anAccount()
    const { iam, trail } = clientsOf(sandbox.backend)
    await aTrail(sandbox)
    await sandbox.clock.sleep(3 * MINUTE + 55_000)
    const written = { RoleName: 'trail-role', PolicyName: 'write', PolicyDocument: WRITE_EVENTS }
    await iam.send(new PutRolePolicyCommand(written))
    await sandbox.clock.sleep(8_000)
    const status = await trail.send(new GetTrailStatusCommand({ Name: 'main-trail' }))
    expect(status.LatestCloudWatchLogsDeliveryError).toBeUndefined()
    expect(status.LatestCloudWatchLogsDeliveryTime).toBeInstanceOf(Date)
  })

  test('stops with an error in the status when the role goes', async () => {
    const sandbox = await anAccount()
    const { iam, sts, trail } = clientsOf(sandbox.backend)
    await aTrail(sandbox)
    await iam.send(new DeleteRolePolicyCommand({ RoleName: 'trail-role', PolicyName: 'write' }))
    await sts.send(new GetCallerIdentityCommand({}))
    await sandbox.clock.sleep(10 * MINUTE)
    const status = await trail.send(new GetTrailStatusCommand({ Name: 'main-trail' }))
    expect(status.LatestCloudWatchLogsDeliveryError).toMatch(/Access denied/)
  })
})

describe('C42 a trail of another region', () => {
  test('is shown as a shadow, by ARN, and can only be changed at home', async () => {
    const sandbox = await anAccount()
    await aTrail(sandbox)
    const { trail } = clientsOf(sandbox.backend, 'eu-west-1')
    const names = async (includeShadowTrails: boolean) =>
      (await trail.send(new DescribeTrailsCommand({ includeShadowTrails }))).trailList?.map((one) => one.HomeRegion)
    expect(await names(true)).toEqual(['us-east-1'])
    expect(await names(false)).toEqual([])
    const byName = trail.send(new GetTrailCommand({ Name: 'main-trail' }))
    await expect(byName).rejects.toMatchObject({ name: 'TrailNotFoundException' })
    expect((await trail.send(new GetTrailStatusCommand({ Name: TRAIL_ARN }))).IsLogging).toBe(true)
    const stop = trail.send(new StopLoggingCommand({ Name: TRAIL_ARN }))
    await expect(stop).rejects.toMatchObject({ name: 'InvalidHomeRegionException' })
  })

  test('C46 an organization trail of another account can be seen and not changed', async () => {
    const sandbox = await anAccount()
    await aTrail(sandbox)
    const [own] = Object.values(sandbox.state.trails)
    if (own === undefined) throw new Error('no trail')
    const arn = TRAIL_ARN.replace(ACCOUNT, '210987654321')
    sandbox.state.trails = { [arn]: { ...own, arn, organization: true } }
    const { trail } = clientsOf(sandbox.backend)
    expect((await trail.send(new DescribeTrailsCommand({}))).trailList?.[0]?.TrailARN).toBe(arn)
    const stop = trail.send(new StopLoggingCommand({ Name: arn }))
    await expect(stop).rejects.toMatchObject({ name: 'NotOrganizationMasterAccountException' })
  })
})

describe('event selectors', () => {
  test('are one for all management events at first, and replaced as a whole', async () => {
    const sandbox = await anAccount()
    await aTrail(sandbox)
    const { trail } = clientsOf(sandbox.backend)
    const get = () => trail.send(new GetEventSelectorsCommand({ TrailName: 'main-trail' }))
    expect((await get()).EventSelectors).toEqual([
      { ReadWriteType: 'All', IncludeManagementEvents: true, DataResources: [], ExcludeManagementEventSources: [] },
    ])
    const FieldSelectors = [{ Field: 'eventCategory', Equals: ['Data'] }]
    const advanced = { TrailName: 'main-trail', AdvancedEventSelectors: [{ Name: 'data', FieldSelectors }] }
    await trail.send(new PutEventSelectorsCommand(advanced))
    expect((await get()).EventSelectors).toBeUndefined()
    expect((await get()).AdvancedEventSelectors).toEqual([{ Name: 'data', FieldSelectors }])
  })

  test.each([
    ['reads left out', { EventSelectors: [{ ReadWriteType: 'WriteOnly' as const }] }],
    ['no management events', { EventSelectors: [{ IncludeManagementEvents: false }] }],
    ['the source left out', { EventSelectors: [{ ExcludeManagementEventSources: ['sts.amazonaws.com'] }] }],
    [
      'data events alone',
      { AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'eventCategory', Equals: ['Data'] }] }] },
    ],
  ])('C39 C40 with %s the event never arrives', async (_what, selectors) => {
    const sandbox = await anAccount()
    await aTrail(sandbox)
    const { trail, sts } = clientsOf(sandbox.backend)
    await trail.send(new PutEventSelectorsCommand({ TrailName: 'main-trail', ...selectors }))
    await sandbox.clock.sleep(10 * MINUTE)
    await sts.send(new GetCallerIdentityCommand({}))
    await sandbox.clock.sleep(10 * MINUTE)
    const [group] = Object.values(sandbox.state.logGroups)
    expect(group?.events.filter((event) => event.message.includes('GetCallerIdentity'))).toEqual([])
  })
})

test('the event history shows calls of the region, newest first, with and without a trail', async () => {
  const sandbox = await anAccount()
  const { sts, trail, s3 } = clientsOf(sandbox.backend)
  await sts.send(new GetCallerIdentityCommand({}))
  await expect(s3.send(new GetBucketPolicyCommand({ Bucket: 'nowhere' }))).rejects.toMatchObject({
    name: 'NoSuchBucket',
  })
  await sandbox.clock.sleep(5 * MINUTE)
  const { Events } = await trail.send(new LookupEventsCommand({}))
  expect(Events?.map((event) => event.EventName)).toEqual(['GetBucketPolicy', 'GetCallerIdentity'])
  expect(JSON.parse(Events?.[0]?.CloudTrailEvent ?? '')).toMatchObject({
    eventSource: 's3.amazonaws.com',
    errorCode: 'NoSuchBucket',
    readOnly: true,
    requestParameters: { bucket: 'nowhere' },
  })
})

test('a bucket keeps the files of its trail and cannot go before them', async () => {
  const sandbox = await anAccount()
  await aTrail(sandbox)
  await sandbox.clock.sleep(10 * MINUTE)
  const { s3 } = clientsOf(sandbox.backend)
  const gone = s3.send(new DeleteBucketCommand({ Bucket: 'trail-bucket' }))
  await expect(gone).rejects.toMatchObject({ name: 'BucketNotEmpty' })
})

describe('a bucket', () => {
  test('is private at first, and has no policy until it gets one', async () => {
    const sandbox = await anAccount()
    const { s3 } = clientsOf(sandbox.backend)
    await s3.send(new CreateBucketCommand({ Bucket: 'trail-bucket' }))
    const it = { Bucket: 'trail-bucket' }
    expect((await s3.send(new GetPublicAccessBlockCommand(it))).PublicAccessBlockConfiguration?.BlockPublicAcls).toBe(
      true,
    )
    await expect(s3.send(new GetBucketPolicyCommand(it))).rejects.toMatchObject({ name: 'NoSuchBucketPolicy' })
  })

  test('outside us-east-1 stands where it was made, and is not made twice', async () => {
    const sandbox = await anAccount()
    const { s3 } = clientsOf(sandbox.backend, 'eu-west-1')
    const made = new CreateBucketCommand({ Bucket: 'trail-bucket' })
    await s3.send(made)
    expect(sandbox.state.buckets['trail-bucket']?.region).toBe('eu-west-1')
    await expect(s3.send(made)).rejects.toMatchObject({ name: 'BucketAlreadyOwnedByYou' })
  })

  test('is not ours where another owner is expected', async () => {
    const sandbox = await anAccount()
    const { s3 } = clientsOf(sandbox.backend)
    await s3.send(new CreateBucketCommand({ Bucket: 'trail-bucket' }))
    const asked = { Bucket: 'trail-bucket', ExpectedBucketOwner: '210987654321' }
    await expect(s3.send(new GetBucketPolicyCommand(asked))).rejects.toMatchObject({ name: 'AccessDenied' })
  })
})

test('a role goes only after its policies, and its policy is given URL-encoded', async () => {
  const sandbox = await anAccount()
  const clients = clientsOf(sandbox.backend)
  await aRole(clients)
  const role = { RoleName: 'trail-role' }
  const { PolicyDocument } = await clients.iam.send(new GetRolePolicyCommand({ ...role, PolicyName: 'write' }))
  expect(decodeURIComponent(PolicyDocument ?? '')).toBe(WRITE_EVENTS)
  const gone = clients.iam.send(new DeleteRoleCommand(role))
  await expect(gone).rejects.toMatchObject({ name: 'DeleteConflictException' })
  await clients.iam.send(new DeleteRolePolicyCommand({ ...role, PolicyName: 'write' }))
  await clients.iam.send(new DeleteRoleCommand(role))
  await expect(aRole(clients)).resolves.toBeUndefined()
})

describe('what waits for its delivery', () => {
  test('costs a call nothing: the account looks at what is due first, not at all that waits', async () => {
    const { sandbox, create, clients } = await aPreparedAccount()
    await create()
    await clients.trail.send(new StartLoggingCommand({ Name: 'main-trail' }))
    for (let call = 0; call < 600; call++) await clients.trail.send(new DescribeTrailsCommand({}))
    let asked = 0
    const waiting = sandbox.state.undelivered
    expect(waiting.length).toBeGreaterThan(500)
    for (const parcel of waiting) {
      const { dueAt } = parcel
      Object.defineProperty(parcel, 'dueAt', {
        get: () => {
          asked += 1
          return dueAt
        },
      })
    }
    await clients.trail.send(new DescribeTrailsCommand({}))
    expect(asked).toBeLessThan(100)
    expect(waiting.map(({ dueAt }) => dueAt)).toEqual(waiting.map(({ dueAt }) => dueAt).toSorted((a, b) => a - b))
  })
})
