/** What is called of KMS: named, so that the bundle holds no more of its client. */

export { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient } from '@aws-sdk/client-kms'
