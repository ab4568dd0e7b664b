/** Amazon EventBridge: rules of the default bus are kept and listed; none fires. */
import type {
  ListRulesRequest,
  ListRulesResponse,
  ListTargetsByRuleRequest,
  ListTargetsByRuleResponse,
  PutRuleRequest,
  PutRuleResponse,
  PutTargetsRequest,
  PutTargetsResponse,
  RuleState,
} from '@aws-sdk/client-eventbridge'
import { awsFault } from '../../../aws/backend.ts'
import { arn, type OperationContext, type Operations, optional, page } from '../context.ts'
import type { EventRuleState } from '../state.ts'

export const eventBridge: Operations = {
  ListRules: listRules,
  ListTargetsByRule: listTargetsByRule,
  PutRule: putRule,
  PutTargets: putTargets,
}

function listRules(input: ListRulesRequest, { state, region, longestPage }: OperationContext): ListRulesResponse {
  const rules = Object.values(state.eventRules).filter(
    (rule) => rule.region === region && rule.name.startsWith(input.NamePrefix ?? ''),
  )
  const { items, next } = page(longestPage, rules, input.NextToken, input.Limit)
  return {
    Rules: items.map((rule) => ({
      Name: rule.name,
      Arn: arnOf(rule),
      State: rule.state as RuleState,
      EventBusName: 'default',
      ...optional('EventPattern', rule.pattern),
    })),
    ...optional('NextToken', next),
  }
}

function listTargetsByRule(input: ListTargetsByRuleRequest, context: OperationContext): ListTargetsByRuleResponse {
  const targets = Object.entries(ruleOf(context, input.Rule).targets)
  const { items, next } = page(context.longestPage, targets, input.NextToken, input.Limit)
  return { Targets: items.map(([Id, Arn]) => ({ Id, Arn })), ...optional('NextToken', next) }
}

function putRule(input: PutRuleRequest, { state, region }: OperationContext): PutRuleResponse {
  const name = input.Name ?? ''
  const key = arn('events', region, `rule/${name}`)
  const targets = state.eventRules[key]?.targets ?? {}
  state.eventRules[key] = {
    name,
    region,
    pattern: input.EventPattern ?? null,
    state: input.State ?? 'ENABLED',
    targets,
  }
  return { RuleArn: key }
}

function putTargets(input: PutTargetsRequest, context: OperationContext): PutTargetsResponse {
  const { targets } = ruleOf(context, input.Rule)
  for (const { Id = '', Arn = '' } of input.Targets ?? []) targets[Id] = Arn
  return { FailedEntryCount: 0, FailedEntries: [] }
}

function ruleOf({ state, region }: OperationContext, name = ''): EventRuleState {
  const rule = state.eventRules[arn('events', region, `rule/${name}`)]
  if (rule === undefined)
    throw awsFault('ResourceNotFoundException', `Rule ${name} does not exist on EventBus default.`)
  return rule
}

function arnOf({ region, name }: EventRuleState): string {
  return arn('events', region, `rule/${name}`)
}
