/** The IAM actions of `backtest`, as a policy has to allow them; each source needs its own. */

import type { IamAction } from '../iam/action.ts'

export const BACKTEST_ACTIONS: readonly IamAction[] = [
  'cloudtrail:LookupEvents',
  'logs:DescribeLogGroups',
  'logs:FilterLogEvents',
]
