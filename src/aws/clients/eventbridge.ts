/** What is called of EventBridge: named, so that the bundle holds no more of its client. */

export { EventBridgeClient, ListRulesCommand, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge'
