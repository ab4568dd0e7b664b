/** The IAM actions that each command may need, composed of what each reader and resource declares beside its calls. */

import { handlers } from '../apply/registry.ts'
import { REPAIR_ACTIONS } from '../apply/repair.ts'
import { ALARM_HISTORY_ACTIONS, ALARM_STATE_ACTIONS } from '../aws/readers/alarm-history.ts'
import { DRILL_CALL } from '../aws/readers/drill-call.ts'
import { EVENT_RULE_ACTIONS } from '../aws/readers/event-rules.ts'
import { KEY_ACTIONS } from '../aws/readers/key.ts'
import { LAST_WRITES_ACTIONS } from '../aws/readers/last-writes.ts'
import { LOG_EVENTS_ACTIONS } from '../aws/readers/log-events.ts'
import { MANAGED_POLICY_ACTIONS } from '../aws/readers/managed-policies.ts'
import { METRIC_DATA_ACTIONS } from '../aws/readers/metric-data.ts'
import { MUTE_RULE_ACTIONS } from '../aws/readers/mute-rules.ts'
import { MEMBER_ACCOUNT_ACTIONS, ORGANIZATION_ACTIONS, TRUSTED_ACCESS_ACTIONS } from '../aws/readers/organization.ts'
import { PAGING_TOPIC_ACTIONS } from '../aws/readers/paging-topics.ts'
import { PATTERN_VERIFICATION_ACTIONS } from '../aws/readers/pattern-verification.ts'
import { PUBLIC_ACCESS_ACTIONS } from '../aws/readers/public-access.ts'
import { STACK_ACTIONS } from '../aws/readers/stack.ts'
import { SUBSCRIPTION_FILTER_ACTIONS } from '../aws/readers/subscription-filters.ts'
import { TRANSFORMER_ACTIONS } from '../aws/readers/transformer.ts'
import { RECORD_ACTIONS } from '../aws/resources/subscription.ts'
import { BACKTEST_ACTIONS } from '../backtest/actions.ts'
import type { Kind } from '../domain/resources.ts'
import type { IamAction } from '../iam/action.ts'
import type { PolicyCommand } from '../options/command-options.ts'
import { ORPHAN_KINDS } from '../plan/orphans.ts'

export interface Permission {
  readonly command: string
  readonly actions: readonly IamAction[]
}

const ALL = Object.keys(handlers) as readonly Kind[]

/** Reads of the chain from its alarm back to its trail. */
const BEHIND_AN_ALARM = [
  ...of('read', ['alarm', 'metric-filter', 'trail']),
  ...ALARM_HISTORY_ACTIONS,
  ...LOG_EVENTS_ACTIONS,
]

const PLAN = [
  ...of('read', ALL),
  ...ORGANIZATION_ACTIONS,
  ...TRUSTED_ACCESS_ACTIONS,
  ...KEY_ACTIONS,
  ...METRIC_DATA_ACTIONS,
  ...RECORD_ACTIONS,
]

/** Identity is read by `sts:GetCallerIdentity`, which needs no grant (STS API reference). */
export const PERMISSIONS: readonly Permission[] = [
  permission('init', PLAN, of('write', ALL), PATTERN_VERIFICATION_ACTIONS),
  permission('init --dry-run', PLAN),
  permission('init --prune', of('remove', ORPHAN_KINDS)),
  // Whatever of this is denied is reported as not checked.
  permission(
    'doctor',
    of('read', ['trail', 'log-group', 'metric-filter', 'role', 'alarm', 'topic', 'subscription', 'queue', 'dashboard']),
    KEY_ACTIONS,
    ALARM_HISTORY_ACTIONS,
    METRIC_DATA_ACTIONS,
    MUTE_RULE_ACTIONS,
    PAGING_TOPIC_ACTIONS,
    ORGANIZATION_ACTIONS,
    TRANSFORMER_ACTIONS,
    EVENT_RULE_ACTIONS,
    MANAGED_POLICY_ACTIONS,
    LAST_WRITES_ACTIONS,
    PUBLIC_ACCESS_ACTIONS,
  ),
  permission('doctor --accounts', MEMBER_ACCOUNT_ACTIONS),
  permission('doctor --fix', REPAIR_ACTIONS, STACK_ACTIONS),
  permission(
    'test',
    BEHIND_AN_ALARM,
    of('read', ['subscription']),
    METRIC_DATA_ACTIONS,
    MUTE_RULE_ACTIONS,
    ALARM_STATE_ACTIONS,
    [DRILL_CALL],
  ),
  permission('events', BEHIND_AN_ALARM),
  permission('backtest', BACKTEST_ACTIONS),
  permission('destroy', of('read', ALL), of('remove', ALL), SUBSCRIPTION_FILTER_ACTIONS, RECORD_ACTIONS),
]

function of(part: 'read' | 'write' | 'remove', kinds: readonly Kind[]): readonly IamAction[] {
  return kinds.flatMap((kind) => handlers[kind].actions[part])
}

function permission(command: string, ...actions: readonly (readonly IamAction[])[]): Permission {
  return { command, actions: [...new Set(actions.flat())].sort() }
}

const RUNS: Readonly<Record<PolicyCommand, readonly string[]>> = {
  init: ['init'],
  'init-dry-run': ['init --dry-run'],
  'init-prune': ['init', 'init --prune'],
  doctor: ['doctor'],
  'doctor-accounts': ['doctor', 'doctor --accounts'],
  'doctor-fix': ['doctor', 'doctor --fix'],
  test: ['test'],
  events: ['events'],
  backtest: ['backtest'],
  destroy: ['destroy'],
}

/** All that one run of a command may call. */
export function actionsOf(command: PolicyCommand): readonly IamAction[] {
  const actions = PERMISSIONS.flatMap((one) => (RUNS[command].includes(one.command) ? one.actions : []))
  return [...new Set(actions)].sort()
}
