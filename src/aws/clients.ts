/** The clients of AWS, most of the package: each is loaded by the first call that needs it. */

export const loadCloudTrail = () => import('./clients/cloudtrail.ts')
export const loadCloudWatch = () => import('./clients/cloudwatch.ts')
export const loadCloudWatchLogs = () => import('./clients/cloudwatch-logs.ts')
export const loadEventBridge = () => import('./clients/eventbridge.ts')
export const loadIam = () => import('./clients/iam.ts')
export const loadKms = () => import('./clients/kms.ts')
export const loadOrganizations = () => import('./clients/organizations.ts')
export const loadS3 = () => import('./clients/s3.ts')
export const loadSns = () => import('./clients/sns.ts')
export const loadSqs = () => import('./clients/sqs.ts')
export const loadSts = () => import('./clients/sts.ts')
