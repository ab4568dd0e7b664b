/** Whether an organization trail can be created here, found out before the first write. */

import { readDelegation, readOrganization, readTrustedAccess } from '../../aws/readers/organization.ts'
import type { Aws } from '../../aws/session.ts'
import { type TrailSnapshot, valueIfRead } from '../../domain/snapshot.ts'
import { AppError, EXIT } from '../../errors.ts'
import { awsCommand, commandLine } from '../../next-command.ts'
import type { TrailChoice } from '../../plan/trail-choice.ts'

/**
 * The choice with the account that the trail will belong to, and with notes on what could not be verified. Throws
 * `AppError` with exit 3 where the caller is neither the management account nor a delegated administrator, where CloudTrail
 * has no trusted access, and where the id of the organization is unknown: bucket and role would shut members out.
 */
export async function judgeOrganization(
  choice: TrailChoice,
  aws: Aws,
  trails: readonly TrailSnapshot[],
): Promise<TrailChoice> {
  if (choice.how !== 'own' || !choice.organization) return choice
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
  const present = trails.find((trail) => trail.name === choice.name && trail.account === (choice.owner ?? account))
  if (present?.organization === true) return choice
  if (managementAccount !== account) await judgeDelegation(choice.name, aws, managementAccount, present)
  const access = await readTrustedAccess(aws)
  if (valueIfRead(access) === false) {
    throw cannot(
      'CloudTrail has no trusted access to the organization',
      `enable it: ${commandLine(awsCommand('organizations enable-aws-service-access', { 'service-principal': CLOUDTRAIL }))}`,
    )
  }
  const unverified =
    access.state === 'read'
      ? []
      : [`whether CloudTrail has trusted access to the organization cannot be verified: ${access.why}`]
  if (managementAccount === account) return { ...choice, notes: [...choice.notes, ...unverified] }
  const belongs = `trail ${choice.name} will belong to the management account, ${managementAccount}; its bucket, log group and role are in this one`
  return { ...choice, owner: managementAccount, notes: [...choice.notes, belongs, ...unverified] }
}

/** A delegated administrator makes the trail in the management account, and only that account turns one of its own into it (CloudTrail user guide). */
async function judgeDelegation(
  name: string,
  aws: Aws,
  managementAccount: string,
  present: TrailSnapshot | undefined,
): Promise<void> {
  const { account } = aws.identity
  const delegation = await readDelegation(aws)
  if (valueIfRead(delegation) !== true) {
    const register = commandLine(
      awsCommand('cloudtrail register-organization-delegated-admin', { 'member-account-id': account }),
    )
    const unread = delegation.state === 'unreadable' ? ` (${delegation.why})` : ''
    throw cannot(
      `${account} is not the management account of its organization, ${managementAccount} is, and it is not known to be a delegated administrator of CloudTrail${unread}`,
      `run this in account ${managementAccount}, or make this account a delegated administrator there: ${register}`,
    )
  }
  if (present !== undefined) {
    throw cannot(
      `trail ${name} records this account alone, and only the management account can change a trail of its own into one of the organization`,
      'create another: --create-trail NAME --trail-bucket NAME',
    )
  }
}

const CLOUDTRAIL = 'cloudtrail.amazonaws.com'

function cannot(why: string, hint: string): AppError {
  return new AppError('organization-trail', `an organization trail cannot be set up: ${why}`, {
    exit: EXIT.access,
    hint,
  })
}
