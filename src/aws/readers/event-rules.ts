/** EventBridge rules on CloudTrail events: another way from an event to a page, beside metric filters and alarms. */

import type { Rule } from '@aws-sdk/client-eventbridge'
import type { Reading } from '../../domain/snapshot.ts'
import type { IamAction } from '../../iam/action.ts'
import { loadEventBridge } from '../clients.ts'
import { reading, readingList } from '../failures.ts'
import { inParallel } from '../pacing.ts'
import type { Aws } from '../session.ts'

export const EVENT_RULE_ACTIONS: readonly IamAction[] = ['events:ListRules', 'events:ListTargetsByRule']

export interface EventRule {
  readonly name: string
  /** ARNs; a rule has 5 at most (EventBridge quotas). */
  readonly targets: Reading<readonly string[]>
}

/** A bus holds 300 rules unless its quota was raised (EventBridge quotas). */
const LONGEST_PAGE = 100
const MOST_PAGES = 10

/** So many rules are asked for their targets. */
const MOST_RULES = 20
const WIDTH = 4

/** Enabled rules of the default bus, where CloudTrail's events arrive; those that AWS manages for its services apart. */
export async function readEventRules(aws: Aws): Promise<Reading<readonly EventRule[]>> {
  const listed = await readingList(() => listRules(aws))
  if (listed.state === 'unreadable') return listed
  const names = listed.value.filter(isOnCloudTrail).map(({ Name = '' }) => Name)
  return {
    state: 'read',
    value: await inParallel(names, WIDTH, async (name) => ({
      name,
      targets: names.indexOf(name) < MOST_RULES ? await readTargets(aws, name) : NOT_ASKED,
    })),
  }
}

const NOT_ASKED = {
  state: 'unreadable',
  why: `the targets of no more than ${MOST_RULES} rules are read`,
  denied: false,
} as const

async function listRules(aws: Aws): Promise<readonly Rule[]> {
  const { EventBridgeClient, ListRulesCommand } = await loadEventBridge()
  const client = aws.client(EventBridgeClient)
  const rules: Rule[] = []
  let token: string | undefined
  for (let page = 0; page < MOST_PAGES && (page === 0 || token !== undefined); page += 1) {
    const next = token === undefined ? {} : { NextToken: token }
    const { Rules = [], NextToken } = await client.send(new ListRulesCommand({ Limit: LONGEST_PAGE, ...next }))
    rules.push(...Rules)
    token = NextToken
  }
  return rules
}

async function readTargets(aws: Aws, rule: string): Promise<Reading<readonly string[]>> {
  const answer = await reading(async () => {
    const { EventBridgeClient, ListTargetsByRuleCommand } = await loadEventBridge()
    const { Targets = [] } = await aws.client(EventBridgeClient).send(new ListTargetsByRuleCommand({ Rule: rule }))
    return Targets.map(({ Arn = '' }) => Arn)
  })
  return answer.state === 'read' ? { state: 'read', value: answer.value ?? [] } : answer
}

/** The detail types of CloudTrail's events end in these words, and their detail is the record (EventBridge user guide, AWS service events). */
function isOnCloudTrail({ EventPattern, ManagedBy, State }: Rule): boolean {
  if (EventPattern === undefined || ManagedBy !== undefined || State === 'DISABLED') return false
  return /via CloudTrail|aws\.cloudtrail|"(eventName|eventSource|userIdentity)"/.test(EventPattern)
}
