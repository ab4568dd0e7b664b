/** Every detection there is, the most severe first and by id within a severity: the order in which people choose. */
import { accessKeyCreated } from './catalogue/access-key-created.ts'
import { accountLeavesOrganization } from './catalogue/account-leaves-organization.ts'
import { adminPolicyAttached } from './catalogue/admin-policy-attached.ts'
import { alertPipelineTampering } from './catalogue/alert-pipeline-tampering.ts'
import { awsConfigChanges } from './catalogue/aws-config-changes.ts'
import { backupsDestroyed } from './catalogue/backups-destroyed.ts'
import { bedrockLoggingDisabled } from './catalogue/bedrock-logging-disabled.ts'
import { cloudtrailConfigChanges } from './catalogue/cloudtrail-config-changes.ts'
import { compromisedKeyQuarantine } from './catalogue/compromised-key-quarantine.ts'
import { consoleAuthenticationFailures } from './catalogue/console-authentication-failures.ts'
import { consoleSigninWithoutMfa } from './catalogue/console-signin-without-mfa.ts'
import { ebsDefaultEncryptionOff } from './catalogue/ebs-default-encryption-off.ts'
import { federationProviderChanged } from './catalogue/federation-provider-changed.ts'
import { flowLogsDeleted } from './catalogue/flow-logs-deleted.ts'
import { guarddutyDisabled } from './catalogue/guardduty-disabled.ts'
import { guarddutyFindingsHidden } from './catalogue/guardduty-findings-hidden.ts'
import { iamPolicyChanges } from './catalogue/iam-policy-changes.ts'
import { identityCenterPermissions } from './catalogue/identity-center-permissions.ts'
import { identityCenterTrustChanged } from './catalogue/identity-center-trust-changed.ts'
import { instanceProfileChanged } from './catalogue/instance-profile-changed.ts'
import { kmsKeyDisableOrDelete } from './catalogue/kms-key-disable-or-delete.ts'
import { kmsKeyPolicyChanged } from './catalogue/kms-key-policy-changed.ts'
import { lambdaPublic } from './catalogue/lambda-public.ts'
import { loginProfileChanged } from './catalogue/login-profile-changed.ts'
import { mfaDeactivated } from './catalogue/mfa-deactivated.ts'
import { networkAclChanges } from './catalogue/network-acl-changes.ts'
import { networkGatewayChanges } from './catalogue/network-gateway-changes.ts'
import { organizationsChanges } from './catalogue/organizations-changes.ts'
import { rdsExposed } from './catalogue/rds-exposed.ts'
import { regionEnabled } from './catalogue/region-enabled.ts'
import { roleTrustChanged } from './catalogue/role-trust-changed.ts'
import { rootAccessKeyCreated } from './catalogue/root-access-key-created.ts'
import { rootAccountUsage } from './catalogue/root-account-usage.ts'
import { rootConsoleLoginFailed } from './catalogue/root-console-login-failed.ts'
import { rootCredentialsChanged } from './catalogue/root-credentials-changed.ts'
import { routeTableChanges } from './catalogue/route-table-changes.ts'
import { s3BucketPolicyChanges } from './catalogue/s3-bucket-policy-changes.ts'
import { s3PublicAccessBlockRemoved } from './catalogue/s3-public-access-block-removed.ts'
import { secretsDestroyed } from './catalogue/secrets-destroyed.ts'
import { securityGroupChanges } from './catalogue/security-group-changes.ts'
import { securityGroupOpenToWorld } from './catalogue/security-group-open-to-world.ts'
import { securityhubDisabled } from './catalogue/securityhub-disabled.ts'
import { snapshotOrAmiPublic } from './catalogue/snapshot-or-ami-public.ts'
import { stsAssumeRoot } from './catalogue/sts-assume-root.ts'
import { trailStoppedOrBlinded } from './catalogue/trail-stopped-or-blinded.ts'
import { unauthorizedApiCalls } from './catalogue/unauthorized-api-calls.ts'
import { vpcChanges } from './catalogue/vpc-changes.ts'
import type { Detection } from './detection.ts'

export const catalogue: readonly Detection[] = [
  accountLeavesOrganization,
  alertPipelineTampering,
  backupsDestroyed,
  compromisedKeyQuarantine,
  guarddutyDisabled,
  identityCenterTrustChanged,
  rdsExposed,
  rootAccessKeyCreated,
  rootAccountUsage,
  rootCredentialsChanged,
  snapshotOrAmiPublic,
  trailStoppedOrBlinded,
  adminPolicyAttached,
  cloudtrailConfigChanges,
  consoleSigninWithoutMfa,
  ebsDefaultEncryptionOff,
  federationProviderChanged,
  flowLogsDeleted,
  guarddutyFindingsHidden,
  kmsKeyDisableOrDelete,
  kmsKeyPolicyChanged,
  lambdaPublic,
  loginProfileChanged,
  mfaDeactivated,
  regionEnabled,
  rootConsoleLoginFailed,
  s3PublicAccessBlockRemoved,
  secretsDestroyed,
  securityGroupOpenToWorld,
  securityhubDisabled,
  stsAssumeRoot,
  accessKeyCreated,
  awsConfigChanges,
  bedrockLoggingDisabled,
  consoleAuthenticationFailures,
  iamPolicyChanges,
  identityCenterPermissions,
  instanceProfileChanged,
  organizationsChanges,
  roleTrustChanged,
  s3BucketPolicyChanges,
  unauthorizedApiCalls,
  networkAclChanges,
  networkGatewayChanges,
  routeTableChanges,
  securityGroupChanges,
  vpcChanges,
]
