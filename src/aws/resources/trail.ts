/** Trails: reading them with status and selectors, and making one that logs. */

import type { AdvancedFieldSelector, Trail } from '@aws-sdk/client-cloudtrail'
import { parseArn } from '../../domain/names.ts'
import type { EventSelectors, FieldSelector, Reading, TrailSnapshot, TrailStatus } from '../../domain/snapshot.ts'
import { failed } from '../../errors.ts'
import { loadCloudTrail } from '../clients.ts'
import { errorName, failureKind, reading, readingList } from '../failures.ts'
import { inParallel, retry } from '../pacing.ts'
import type { Aws } from '../session.ts'
import { updateTrail } from './delivery.ts'
import type { LinkHandler } from './handler.ts'

/** Five trails at most exist per region, so this width is never a storm. */
const STATUS_WIDTH = 5

/** Every trail that is seen from this region, each asked by ARN in its home region (field case C42: a shadow trail answers only there). */
export async function readTrails(aws: Aws): Promise<Reading<readonly TrailSnapshot[]>> {
  const { CloudTrailClient, DescribeTrailsCommand } = await loadCloudTrail()
  const listed = await readingList(async () => {
    const { trailList } = await aws.client(CloudTrailClient).send(new DescribeTrailsCommand({}))
    return trailList ?? []
  })
  if (listed.state === 'unreadable') return listed
  return { state: 'read', value: await inParallel(listed.value, STATUS_WIDTH, (trail) => snapshotOf(aws, trail)) }
}

export const trailHandler: LinkHandler<'trail'> = {
  async write({ name, spec }, action, run) {
    const { aws, clock, cloudtrail, created } = run
    const { CloudTrailClient, CreateTrailCommand, DescribeTrailsCommand, GetTrailStatusCommand, StartLoggingCommand } =
      await loadCloudTrail()
    const client = aws.client(CloudTrailClient)
    const flags = {
      IsMultiRegionTrail: spec.multiRegion,
      IncludeGlobalServiceEvents: spec.globalServiceEvents,
      EnableLogFileValidation: spec.fileValidation,
      ...(spec.organization ? { IsOrganizationTrail: true } : {}),
    }
    let arn = spec.arn
    if (action === 'create') {
      const input = { Name: name, S3BucketName: spec.bucket, ...flags, TagsList: tagList(spec.tags) }
      // The bucket's policy may be seconds old (field case C50).
      const retryPolicy = {
        withinMs: 40_000,
        firstWaitMs: 5_000,
        longestWaitMs: 10_000,
        isRetryable: bucketPolicyIsFresh,
      }
      const create = () => cloudtrail(() => client.send(new CreateTrailCommand(input)))
      const { TrailARN } = await retry(clock, retryPolicy, create).catch(async (error) => {
        if (errorName(error) !== 'TrailAlreadyExistsException') throw error
        // The answer to an earlier attempt was lost: the plan saw no such trail, and this one writes to our bucket.
        const { trailList } = await client.send(new DescribeTrailsCommand({ trailNameList: [name] }))
        const made = trailList?.find((trail) => trail.Name === name && trail.S3BucketName === spec.bucket)
        if (made === undefined) throw error
        return made
      })
      // It may be in another account than the caller's (field case C47).
      if (TrailARN !== undefined) arn = TrailARN
      created?.(arn)
    } else {
      await updateTrail(spec.arn, flags, run)
    }
    // CreateTrail does not start logging (field case C43).
    await cloudtrail(() => client.send(new StartLoggingCommand({ Name: arn })))
    const status = await client.send(new GetTrailStatusCommand({ Name: arn }))
    if (status.IsLogging !== true) throw failed('trail-not-logging', `trail ${name} is not logging after StartLogging`)
  },
  async remove({ name, spec }, { aws, cloudtrail }) {
    const { CloudTrailClient, DeleteTrailCommand } = await loadCloudTrail()
    // By name, which in the home region means this trail alone; moto answers an ARN without deleting anything. A name is
    // looked for in the caller's account, and a delegated administrator's trail is of another (field case C47).
    const Name = parseArn(spec.arn)?.account === aws.identity.account ? name : spec.arn
    try {
      await cloudtrail(() => aws.client(CloudTrailClient).send(new DeleteTrailCommand({ Name })))
    } catch (error) {
      if (failureKind(error) !== 'absent') throw error
    }
  },
  actions: {
    read: ['cloudtrail:DescribeTrails', 'cloudtrail:GetTrailStatus', 'cloudtrail:GetEventSelectors'],
    write: ['cloudtrail:CreateTrail', 'cloudtrail:UpdateTrail', 'cloudtrail:StartLogging', 'cloudtrail:AddTags'],
    remove: ['cloudtrail:DeleteTrail'],
  },
}

async function snapshotOf(aws: Aws, trail: Trail): Promise<TrailSnapshot> {
  const { CloudTrailClient, GetEventSelectorsCommand, GetTrailStatusCommand } = await loadCloudTrail()
  const arn = trail.TrailARN ?? ''
  const homeRegion = trail.HomeRegion ?? parseArn(arn)?.region ?? aws.region
  const client = aws.inRegion(homeRegion).client(CloudTrailClient)
  const [status, selectors] = await Promise.all([
    reading(async () => statusOf(await client.send(new GetTrailStatusCommand({ Name: arn })))),
    reading(async () => selectorsOf(await client.send(new GetEventSelectorsCommand({ TrailName: arn })))),
  ])
  return {
    arn,
    name: trail.Name ?? arn,
    homeRegion,
    account: parseArn(arn)?.account ?? '',
    multiRegion: trail.IsMultiRegionTrail ?? false,
    globalServiceEvents: trail.IncludeGlobalServiceEvents ?? false,
    organization: trail.IsOrganizationTrail ?? false,
    fileValidation: trail.LogFileValidationEnabled ?? false,
    bucket: trail.S3BucketName ?? '',
    logGroupArn: present(trail.CloudWatchLogsLogGroupArn),
    roleArn: present(trail.CloudWatchLogsRoleArn),
    kmsKeyId: present(trail.KmsKeyId),
    status: seen(status),
    selectors: seen(selectors),
  }
}

/** A trail that was just listed and is not found belongs to a region or account that does not answer here. */
function seen<T>(read: Reading<T | undefined>): Reading<T> {
  if (read.state === 'unreadable') return read
  if (read.value !== undefined) return { state: 'read', value: read.value }
  return { state: 'unreadable', why: 'its home region or account gave no answer', denied: false }
}

function statusOf(answer: {
  readonly IsLogging?: boolean | undefined
  readonly StartLoggingTime?: Date | undefined
  readonly StopLoggingTime?: Date | undefined
  readonly LatestDeliveryError?: string | undefined
  readonly LatestCloudWatchLogsDeliveryError?: string | undefined
  readonly LatestCloudWatchLogsDeliveryTime?: Date | undefined
}): TrailStatus {
  return {
    logging: answer.IsLogging ?? false,
    started: answer.StartLoggingTime,
    stopped: answer.StopLoggingTime,
    deliveryError: present(answer.LatestDeliveryError),
    logsDeliveryError: present(answer.LatestCloudWatchLogsDeliveryError),
    logsDelivered: answer.LatestCloudWatchLogsDeliveryTime,
  }
}

function selectorsOf(answer: {
  readonly EventSelectors?:
    | readonly {
        readonly ReadWriteType?: string | undefined
        readonly IncludeManagementEvents?: boolean | undefined
        readonly ExcludeManagementEventSources?: readonly string[] | undefined
        readonly DataResources?: readonly { readonly Type?: string | undefined }[] | undefined
      }[]
    | undefined
  readonly AdvancedEventSelectors?:
    | readonly { readonly FieldSelectors?: readonly AdvancedFieldSelector[] | undefined }[]
    | undefined
}): EventSelectors {
  return {
    basic: (answer.EventSelectors ?? []).map((selector) => ({
      readWriteType: selector.ReadWriteType ?? 'All',
      includeManagementEvents: selector.IncludeManagementEvents ?? true,
      excludedSources: selector.ExcludeManagementEventSources ?? [],
      dataResources: (selector.DataResources ?? []).flatMap(({ Type }) => Type ?? []),
    })),
    advanced: (answer.AdvancedEventSelectors ?? []).map(({ FieldSelectors }) => ({
      fields: (FieldSelectors ?? []).map(fieldOf),
    })),
  }
}

function fieldOf(selector: AdvancedFieldSelector): FieldSelector {
  return {
    field: selector.Field ?? '',
    equals: selector.Equals ?? [],
    notEquals: selector.NotEquals ?? [],
    startsWith: selector.StartsWith ?? [],
    notStartsWith: selector.NotStartsWith ?? [],
    endsWith: selector.EndsWith ?? [],
    notEndsWith: selector.NotEndsWith ?? [],
  }
}

function bucketPolicyIsFresh(error: unknown): boolean {
  return errorName(error) === 'InsufficientS3BucketPolicyException' || failureKind(error) === 'conflict'
}

function present(text: string | undefined): string | undefined {
  return text === '' ? undefined : text
}

function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
}
