/** A trail's delivery to CloudWatch Logs: log group and role, always set together. */

import type { UpdateTrailCommandInput } from '@aws-sdk/client-cloudtrail'
import { AppError } from '../../errors.ts'
import { toolCommand } from '../../options/next-command.ts'
import { loadCloudTrail } from '../clients.ts'
import { errorName, failureKind } from '../failures.ts'
import { retry } from '../pacing.ts'
import type { ApplyContext, LinkHandler } from './handler.ts'

/** How long a fresh role may stay invisible to CloudTrail before the policy itself is wrong (milliseconds; field case C44). */
const ROLE_LAG_MS = 90_000

export const deliveryHandler: LinkHandler<'delivery'> = {
  async write({ spec }, _action, run) {
    const members = { CloudWatchLogsLogGroupArn: spec.logGroupArn, CloudWatchLogsRoleArn: spec.roleArn }
    try {
      await updateTrail(run.arnOf?.(spec.trailArn) ?? spec.trailArn, members, run)
    } catch (error) {
      throw explain(error)
    }
  },
  async remove({ spec }, run) {
    // Empty text clears the delivery; left-out members would stay (UpdateTrail API reference).
    try {
      await updateTrail(spec.trailArn, { CloudWatchLogsLogGroupArn: '', CloudWatchLogsRoleArn: '' }, run)
    } catch (error) {
      if (failureKind(error) !== 'absent') throw error
    }
  },
  actions: {
    read: ['cloudtrail:DescribeTrails'],
    write: ['cloudtrail:UpdateTrail', 'iam:PassRole'],
    remove: ['cloudtrail:UpdateTrail'],
  },
}

/** Every change of a trail has CloudTrail judge role and bucket anew, so it waits where their policies may be seconds old. */
export async function updateTrail(
  trail: string,
  members: Omit<UpdateTrailCommandInput, 'Name'>,
  { aws, clock, cloudtrail, waiting }: ApplyContext,
): Promise<void> {
  const { CloudTrailClient, UpdateTrailCommand } = await loadCloudTrail()
  const client = aws.client(CloudTrailClient)
  await retry(
    clock,
    {
      isRetryable: (error) => roleIsNotVisibleYet(error) || failureKind(error) === 'conflict',
      withinMs: ROLE_LAG_MS,
      firstWaitMs: 2_000,
      longestWaitMs: 8_000,
      waiting: () => waiting('waiting for the new IAM role to become available'),
    },
    () => cloudtrail(() => client.send(new UpdateTrailCommand({ Name: trail, ...members }))),
  )
}

/** Only these two errors with this text are IAM lag; any other text of theirs is final (field case C44). */
function roleIsNotVisibleYet(error: unknown): boolean {
  const lagging = ['InvalidCloudWatchLogsRoleArnException', 'InvalidCloudWatchLogsLogGroupArnException']
  return lagging.includes(errorName(error)) && error instanceof Error && /access denied/i.test(error.message)
}

function explain(error: unknown): unknown {
  if (roleIsNotVisibleYet(error)) {
    return new AppError('delivery-role', 'CloudTrail still cannot use the delivery role after 90 s', {
      cause: error,
      hint: ['check its trust policy and permissions: ', toolCommand('doctor')],
    })
  }
  if (errorName(error) === 'InsufficientS3BucketPolicyException') {
    return new AppError(
      'bucket-policy',
      "CloudTrail refuses the change because the policy of the trail's bucket is already broken",
      {
        cause: error,
        hint: 'the trail may not be able to write to its bucket either; check aws cloudtrail get-trail-status',
      },
    )
  }
  return error
}
