/** Whether an organization trail can be created here, found out before the first write. */

import { readOrganization, readTrustedAccess } from '../../aws/readers/organization.ts'
import type { Aws } from '../../aws/session.ts'
import { type TrailSnapshot, valueIfRead } from '../../domain/snapshot.ts'
import { AppError, EXIT } from '../../errors.ts'
import { awsCommand, commandLine } from '../../next-command.ts'
import type { TrailChoice } from '../../plan/trail-choice.ts'

/**
 * Notes on what could not be verified. Throws `AppError` with exit 3 where the caller is not the management account, where
 * CloudTrail has no trusted access, and where the id of the organization is unknown: bucket and role would shut members out.
 */
export async function judgeOrganization(
  choice: TrailChoice,
  aws: Aws,
  trails: readonly TrailSnapshot[],
): Promise<readonly string[]> {
  if (choice.how !== 'own' || !choice.organization) return []
  const organization = await readOrganization(aws)
  if (organization.state === 'unreadable') {
    throw cannot(
      `the organization could not be read: ${organization.why}`,
      'allow organizations:DescribeOrganization for the identity that runs this',
    )
  }
  const { account } = aws.identity
  if (organization.value === undefined) {
    throw cannot(`account ${account} is not in an organization`, 'leave --organization out')
  }
  const { managementAccount } = organization.value
  if (managementAccount !== account) {
    throw cannot(
      `${account} is not the management account of its organization, ${managementAccount} is`,
      `run this in account ${managementAccount}; a delegated administrator may use an organization trail that writes to a log group of its own: --trail ARN`,
    )
  }
  if (trails.some((trail) => trail.name === choice.name && trail.account === account && trail.organization)) return []
  const access = await readTrustedAccess(aws)
  if (valueIfRead(access) === false) {
    throw cannot(
      'CloudTrail has no trusted access to the organization',
      `enable it: ${commandLine(awsCommand('organizations enable-aws-service-access', { 'service-principal': 'cloudtrail.amazonaws.com' }))}`,
    )
  }
  if (access.state === 'read') return []
  return [`whether CloudTrail has trusted access to the organization cannot be verified: ${access.why}`]
}

function cannot(why: string, hint: string): AppError {
  return new AppError('organization-trail', `an organization trail cannot be set up: ${why}`, {
    exit: EXIT.access,
    hint,
  })
}
