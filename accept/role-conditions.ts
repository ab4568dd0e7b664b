/** An experiment on the run's own delivery role: which conditions of its trust policy CloudTrail meets when it assumes the role. */

import { CloudTrailClient, DescribeTrailsCommand, UpdateTrailCommand } from '@aws-sdk/client-cloudtrail'
import { GetRoleCommand, IAMClient, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam'
import { errorName } from '../src/aws/failures.ts'
import type { Aws } from '../src/aws/session.ts'
import { roleNameOf } from '../src/domain/names.ts'
import { boundDeliveryTrust, type PolicyDocument } from '../src/domain/policy-documents.ts'
import type { Accounts } from './looks.ts'

export interface RoleConditions {
  /** Whether UpdateTrail refused a role that asks for the ARN of another trail; without that the rest says nothing. */
  readonly otherTrailRefused: boolean
  /** Seconds until a role that asks for this trail and this account was accepted; undefined: it was not. */
  readonly acceptedAfter: number | undefined
}

/** CloudTrail takes one write a second, and IAM is consistent within seconds (milliseconds). */
const EVERY_MS = 8_000

/** A change of a role is seen by then (seconds). */
const SEEN_S = 120

/** The trail and its role are the run's own; `most` is in seconds. The trust policy is put back, whatever happens. */
export async function tryRoleConditions(
  { aws, clock }: Accounts,
  trailName: string,
  most: number = SEEN_S,
  signal: AbortSignal,
): Promise<RoleConditions> {
  const cloudtrail = aws.client(CloudTrailClient)
  const { trailList } = await cloudtrail.send(new DescribeTrailsCommand({ trailNameList: [trailName] }))
  const { TrailARN, CloudWatchLogsRoleArn, CloudWatchLogsLogGroupArn } = trailList?.[0] ?? {}
  if (TrailARN === undefined || CloudWatchLogsRoleArn === undefined) throw new Error(`trail ${trailName} has no role`)
  const role = roleNameOf(CloudWatchLogsRoleArn)
  const { Role } = await aws.client(IAMClient).send(new GetRoleCommand({ RoleName: role }))
  const before = decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '')

  const trust = (document: PolicyDocument) => setTrust(aws, role, JSON.stringify(document))
  /** Seconds until UpdateTrail answers so; undefined: not in the time that IAM may take. */
  async function until(wanted: 'accepted' | 'refused'): Promise<number | undefined> {
    const began = clock.now().getTime()
    while (clock.now().getTime() - began < most * 1000) {
      const input = { Name: TrailARN, CloudWatchLogsRoleArn, CloudWatchLogsLogGroupArn }
      const answer = await cloudtrail.send(new UpdateTrailCommand(input)).then(
        () => 'accepted' as const,
        (error: unknown) => {
          if (!/^InvalidCloudWatchLogs/.test(errorName(error))) throw error
          return 'refused' as const
        },
      )
      if (answer === wanted) return Math.round((clock.now().getTime() - began) / 1000)
      await clock.sleep(Math.min(EVERY_MS, most * 1000), signal)
    }
    return undefined
  }

  try {
    await trust(boundDeliveryTrust(`${TrailARN}-other`, aws.identity.account))
    if ((await until('refused')) === undefined) return { otherTrailRefused: false, acceptedAfter: undefined }
    await trust(boundDeliveryTrust(TrailARN, aws.identity.account))
    return { otherTrailRefused: true, acceptedAfter: await until('accepted') }
  } finally {
    await setTrust(aws, role, before)
  }
}

async function setTrust(aws: Aws, RoleName: string, PolicyDocument: string): Promise<void> {
  await aws.client(IAMClient).send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }))
}
