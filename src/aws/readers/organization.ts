/** The accounts of the organization, and a session in each. */

import { roleArn } from '../../domain/names.ts'
import type { Reading } from '../../domain/snapshot.ts'
import { AppError, EXIT } from '../../errors.ts'
import type { IamAction } from '../../iam/action.ts'
import { loadOrganizations } from '../clients.ts'
import { awsError, errorName, reading } from '../failures.ts'

import type { Aws } from '../session.ts'

export const ORGANIZATION_ACTIONS: readonly IamAction[] = ['organizations:DescribeOrganization']
/** What an organization trail takes besides, before it is created. */
export const TRUSTED_ACCESS_ACTIONS: readonly IamAction[] = [
  'organizations:ListAWSServiceAccessForOrganization',
  'organizations:ListDelegatedAdministrators',
]
/** What reading every account takes besides what each account is asked. */
export const MEMBER_ACCOUNT_ACTIONS: readonly IamAction[] = ['organizations:ListAccounts', 'sts:AssumeRole']

export interface MemberAccount {
  readonly id: string
  /** Suspended accounts and those that are being closed let nobody in. */
  readonly active: boolean
}

export interface Organization {
  readonly id: string
  readonly managementAccount: string
}

/** The organization of the caller's account; undefined where it is in none. */
export function readOrganization(aws: Aws): Promise<Reading<Organization | undefined>> {
  return reading(async () => {
    const { DescribeOrganizationCommand, OrganizationsClient } = await loadOrganizations()
    try {
      const { Organization } = await aws.client(OrganizationsClient).send(new DescribeOrganizationCommand({}))
      const { Id, MasterAccountId } = Organization ?? {}
      return Id === undefined ? undefined : { id: Id, managementAccount: MasterAccountId ?? '' }
    } catch (error) {
      if (errorName(error) === 'AWSOrganizationsNotInUseException') return undefined
      throw error
    }
  })
}

/** Read as undefined where the account is in no organization. */
export async function readOrganizationId(aws: Aws): Promise<Reading<string | undefined>> {
  const organization = await readOrganization(aws)
  return organization.state === 'read' ? { state: 'read', value: organization.value?.id } : organization
}

const CLOUDTRAIL = 'cloudtrail.amazonaws.com'

/** Whether CloudTrail may act in the accounts of the organization: without that it creates no organization trail (CloudTrail user guide). */
export async function readTrustedAccess(aws: Aws): Promise<Reading<boolean>> {
  const answer = await reading(async () => {
    const { OrganizationsClient, paginateListAWSServiceAccessForOrganization } = await loadOrganizations()
    const client = aws.client(OrganizationsClient)
    for await (const { EnabledServicePrincipals = [] } of paginateListAWSServiceAccessForOrganization({ client }, {})) {
      if (EnabledServicePrincipals.some(({ ServicePrincipal }) => ServicePrincipal === CLOUDTRAIL)) return true
    }
    return false
  })
  return answer.state === 'read' ? { state: 'read', value: answer.value === true } : answer
}

/**
 * Whether the caller's account is a delegated administrator of CloudTrail, which may create organization trails. The list
 * answers to the management account and to delegated administrators alone (Organizations API reference): a member that is
 * none is denied it.
 */
export async function readDelegation(aws: Aws): Promise<Reading<boolean>> {
  const answer = await reading(async () => {
    const { OrganizationsClient, paginateListDelegatedAdministrators } = await loadOrganizations()
    const client = aws.client(OrganizationsClient)
    const input = { ServicePrincipal: CLOUDTRAIL }
    for await (const { DelegatedAdministrators = [] } of paginateListDelegatedAdministrators({ client }, input)) {
      if (DelegatedAdministrators.some(({ Id }) => Id === aws.identity.account)) return true
    }
    return false
  })
  return answer.state === 'read' ? { state: 'read', value: answer.value === true } : answer
}

/** Every account, page by page. Throws `AppError` with exit 3: only the management account and delegated administrators may ask. */
export async function readAccounts(aws: Aws): Promise<readonly MemberAccount[]> {
  const { OrganizationsClient, paginateListAccounts } = await loadOrganizations()
  const accounts: MemberAccount[] = []
  try {
    for await (const { Accounts = [] } of paginateListAccounts({ client: aws.client(OrganizationsClient) }, {})) {
      // `Status` is retired in favour of `State` (Organizations API reference, Account); emulators know the old one alone.
      accounts.push(
        ...Accounts.map(({ Id = '', State, Status }) => ({ id: Id, active: (State ?? Status) === 'ACTIVE' })),
      )
    }
  } catch (error) {
    throw new AppError('no-organization', awsError(error).message, {
      exit: EXIT.access,
      hint: 'the management account of an organization, or a delegated administrator, may list its accounts',
      cause: error,
    })
  }
  return accounts
}

/** A session of the role of this name in another account. Throws `AppError` when the role may not be assumed. */
export function assumeIn(aws: Aws, account: string, roleName: string): Promise<Aws> {
  return aws.assume(roleArn({ partition: aws.identity.partition, account, region: '' }, roleName))
}
