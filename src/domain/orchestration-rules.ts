/** Rules of an event orchestration: those that this chain needs, and whether a rule that exists takes its messages. */

/** What to type into the orchestration so that it routes and resolves, filled in with the topic (Event Orchestration, PCL). */
export function orchestrationRules(topicArn: string): readonly string[] {
  return [
    `routing   when   raw_event.TopicArn matches '${topicArn}'`,
    '          then   route to your service',
    "on OK     when   raw_event.Subject matches part 'OK: '",
    '          then   event action: resolve',
    '          needed only where PagerDuty does not resolve by itself: a fire drill shows that',
    '          and in every rule that takes the topic, so that OK meets its ALARM:',
    '          variable alarm, of raw_event.Message by regex   "AlarmArn":"([^"]+)"',
    '          extract  event.dedup_key   {{variables.alarm}}',
  ]
}

export type RuleMatch = 'yes' | 'no' | 'cannot tell'

/** Matches of the topic alone are understood; any other expression may or may not hold for an alarm. */
const BY_TOPIC = /^\s*raw_event\.TopicArn\s+matches(\s+part)?\s+'([^']*)'\s*$/

/** Whether a rule takes the messages of the topic: one of its conditions must hold, and none at all takes everything. `topicArn` is undefined while it is not known. */
export function takesTopic(conditions: readonly string[], topicArn: string | undefined): RuleMatch {
  if (conditions.length === 0) return 'yes'
  const verdicts = conditions.map((condition) => conditionTakes(condition, topicArn))
  if (verdicts.includes('yes')) return 'yes'
  return verdicts.includes('cannot tell') ? 'cannot tell' : 'no'
}

function conditionTakes(condition: string, topicArn: string | undefined): RuleMatch {
  const [match, part, text = ''] = BY_TOPIC.exec(condition) ?? []
  if (match === undefined || topicArn === undefined) return 'cannot tell'
  return (part === undefined ? topicArn === text : topicArn.includes(text)) ? 'yes' : 'no'
}
