/** What is called of Organizations: named, so that the bundle holds no more of its client. */

export { DescribeOrganizationCommand, OrganizationsClient, paginateListAccounts } from '@aws-sdk/client-organizations'
