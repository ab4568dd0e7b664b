/** What is called of STS: named, so that the bundle holds no more of its client. */

export { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
