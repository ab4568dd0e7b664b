/** The IAM actions that each command may need: what `docs/permissions.md` shows and every test run is held to. */

import { handlers } from '../apply/registry.ts'
import { REPAIR_ACTIONS } from '../apply/repair.ts'
import { ORGANIZATION_ACTIONS } from '../aws/readers/organization.ts'
import { EVENTS_ACTIONS, TEST_ACTIONS } from '../drill/actions.ts'
import type { IamAction } from '../iam/action.ts'

export interface Permission {
  readonly command: string
  readonly actions: readonly IamAction[]
}

const all = Object.values(handlers)

const READ = all.flatMap(({ actions }) => actions.read)
const WRITE = all.flatMap(({ actions }) => actions.write)
const REMOVE = all.flatMap(({ actions }) => actions.remove)

/** Only an organization trail and a customer key lead to these. */
const INIT_MORE: readonly IamAction[] = ['organizations:DescribeOrganization', 'kms:DescribeKey', 'kms:GetKeyPolicy']

/** Each of these is optional: what is denied is reported as not checked. */
const DOCTOR_MORE: readonly IamAction[] = [
  'kms:DescribeKey',
  'kms:GetKeyPolicy',
  'cloudwatch:DescribeAlarmHistory',
  'cloudwatch:GetMetricData',
  'cloudwatch:GetMetricStatistics',
  'cloudwatch:ListAlarmMuteRules',
  'logs:DescribeAccountPolicies',
  'logs:GetTransformer',
  'sns:ListSubscriptions',
  'sns:ListTopics',
]

/** Identity is read by `sts:GetCallerIdentity`, which needs no grant (STS API reference). */
export const PERMISSIONS: readonly Permission[] = [
  { command: 'init', actions: sorted([...READ, ...WRITE, ...INIT_MORE]) },
  { command: 'init --dry-run', actions: sorted([...READ, ...INIT_MORE]) },
  {
    command: 'init --prune',
    actions: sorted(['cloudwatch:DeleteAlarms', 'logs:DeleteMetricFilter', 'sns:DeleteTopic', 'sns:Unsubscribe']),
  },
  { command: 'doctor', actions: sorted([...READ, ...DOCTOR_MORE]) },
  { command: 'doctor --accounts', actions: sorted(ORGANIZATION_ACTIONS) },
  { command: 'doctor --fix', actions: sorted(REPAIR_ACTIONS) },
  { command: 'test', actions: sorted(TEST_ACTIONS) },
  { command: 'events', actions: sorted(EVENTS_ACTIONS) },
  { command: 'destroy', actions: sorted([...READ, ...REMOVE]) },
]

function sorted(actions: readonly IamAction[]): readonly IamAction[] {
  return [...new Set(actions)].sort()
}
