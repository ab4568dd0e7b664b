/** RDS snapshot shared publicly or instance made public. */

import { counts, oneEventHeldAnHour } from '../alarm-template.ts'
import type { Detection } from '../detection.ts'
import { apiCall, assumedRole, iamUser } from '../event.ts'

export const rdsExposed: Detection = {
  id: 'rds-exposed',
  title: 'RDS snapshot shared publicly or instance made public',
  tier: 'core',
  packs: [],
  severity: 'critical',
  urgency: 'page',
  paging: {
    pattern:
      '{ ($.eventSource = "rds.amazonaws.com") && (((($.eventName = "ModifyDBSnapshotAttribute") || ($.eventName = "ModifyDBClusterSnapshotAttribute")) && ($.requestParameters.attributeName = "restore") && ($.requestParameters.valuesToAdd[*] = "all")) || ((($.eventName = "ModifyDBInstance") || ($.eventName = "ModifyDBCluster") || ($.eventName = "CreateDBInstance")) && ($.requestParameters.publiclyAccessible IS TRUE))) && ($.errorCode NOT EXISTS) }',
    metric: counts('RdsExposed'),
    alarm: oneEventHeldAnHour,
  },
  whyItMatters: 'Whole databases leave this way, and no network log shows it.',
  firstLook: 'The snapshot or instance: take the public sharing back, then see whether it was copied.',
  knownNoise: ['Development databases made public by hand.'],
  recommendedExclusions: [],
  limits: [],
  attack: ['T1537'],
  sources: [
    'panther-labs/panther-analysis aws_rds_snapshot_shared',
    'panther-labs/panther-analysis aws_rds_instance_made_public',
  ],
  ownEvents: [
    apiCall(assumedRole(), 'rds.amazonaws.com', 'ModifyDBSnapshotAttribute', {
      requestParameters: { dBSnapshotIdentifier: 'snap-1', attributeName: 'restore', valuesToAdd: ['all'] },
    }),
    apiCall(iamUser(), 'rds.amazonaws.com', 'ModifyDBInstance', {
      requestParameters: { dBInstanceIdentifier: 'db-1', publiclyAccessible: true },
    }),
  ],
  neighborEvents: [
    apiCall(assumedRole(), 'rds.amazonaws.com', 'ModifyDBSnapshotAttribute', {
      requestParameters: { dBSnapshotIdentifier: 'snap-1', attributeName: 'restore', valuesToAdd: [] },
    }),
    apiCall(assumedRole(), 'rds.amazonaws.com', 'DescribeDBInstances'),
  ],
}
