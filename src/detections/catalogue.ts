/** Every detection there is, the most severe first and by id within a severity: the order in which people choose. */
import { awsConfigChanges } from './catalogue/aws-config-changes.ts'
import { cloudtrailConfigChanges } from './catalogue/cloudtrail-config-changes.ts'
import { consoleAuthenticationFailures } from './catalogue/console-authentication-failures.ts'
import { consoleSigninWithoutMfa } from './catalogue/console-signin-without-mfa.ts'
import { iamPolicyChanges } from './catalogue/iam-policy-changes.ts'
import { kmsKeyDisableOrDelete } from './catalogue/kms-key-disable-or-delete.ts'
import { networkAclChanges } from './catalogue/network-acl-changes.ts'
import { networkGatewayChanges } from './catalogue/network-gateway-changes.ts'
import { organizationsChanges } from './catalogue/organizations-changes.ts'
import { rootAccountUsage } from './catalogue/root-account-usage.ts'
import { routeTableChanges } from './catalogue/route-table-changes.ts'
import { s3BucketPolicyChanges } from './catalogue/s3-bucket-policy-changes.ts'
import { securityGroupChanges } from './catalogue/security-group-changes.ts'
import { unauthorizedApiCalls } from './catalogue/unauthorized-api-calls.ts'
import { vpcChanges } from './catalogue/vpc-changes.ts'
import type { Detection } from './detection.ts'

export const catalogue: readonly Detection[] = [
  rootAccountUsage,
  cloudtrailConfigChanges,
  consoleSigninWithoutMfa,
  kmsKeyDisableOrDelete,
  awsConfigChanges,
  consoleAuthenticationFailures,
  iamPolicyChanges,
  organizationsChanges,
  s3BucketPolicyChanges,
  unauthorizedApiCalls,
  networkAclChanges,
  networkGatewayChanges,
  routeTableChanges,
  securityGroupChanges,
  vpcChanges,
]
