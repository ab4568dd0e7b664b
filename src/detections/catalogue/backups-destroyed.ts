/** Backup vault or recovery point deleted. */

import { counts, oneEvent } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, awsService, iamUser } from '../event.ts'
import { ELASTIC } from '../sources.ts'

export const backupsDestroyed: Detection = {
  id: 'backups-destroyed',
  title: 'Backup vault or recovery point deleted',
  tier: 'core',
  packs: [],
  severity: 'critical',
  urgency: 'page',
  paging: {
    pattern:
      '{ ($.eventSource = "backup.amazonaws.com") && (($.eventName = "DeleteBackupVault") || ($.eventName = "DeleteRecoveryPoint") || ($.eventName = "DeleteBackupVaultLockConfiguration") || ($.eventName = "DeleteBackupPlan") || ($.eventName = "PutBackupVaultAccessPolicy")) && ($.errorCode NOT EXISTS) && (($.userIdentity.invokedBy NOT EXISTS) || ($.userIdentity.invokedBy = "cloudformation.amazonaws.com")) }',
    metric: counts('BackupsDestroyed'),
    alarm: oneEvent,
  },
  whyItMatters: 'Extortion crews remove the way back first.',
  firstLook:
    'Which vault lost recovery points, and whether a locked copy exists elsewhere; stop the actor before more is gone.',
  knownNoise: ['Recovery points that expire are removed by the service and do not count.'],
  recommendedExclusions: [],
  limits: [],
  attack: ['T1490'],
  sources: [ELASTIC, 'AWS Backup API reference', 'aquasecurity/cloudsploit backupDeletionProtection'],
  ownEvents: [
    apiCall(assumedRole(), 'backup.amazonaws.com', 'DeleteRecoveryPoint', {
      requestParameters: { backupVaultName: 'main' },
    }),
    apiCall(iamUser(), 'backup.amazonaws.com', 'DeleteBackupVault', { requestParameters: { backupVaultName: 'main' } }),
  ],
  neighborEvents: [
    apiCall(awsService('backup.amazonaws.com'), 'backup.amazonaws.com', 'DeleteRecoveryPoint', {
      eventType: 'AwsServiceEvent',
    }),
    apiCall(assumedRole(), 'backup.amazonaws.com', 'ListBackupVaults'),
  ],
}
