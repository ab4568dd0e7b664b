/** The orchestration rules that pair an OK with its ALARM where PagerDuty does not do so by itself. */

/** Lines to type into the orchestration, filled in with the topic (PagerDuty docs: Event Orchestration, PCL). */
export function orchestrationRules(topicArn: string): readonly string[] {
  return [
    'PagerDuty took the OK for an event of its own, so incidents of this chain never resolve. Either move the topic to a',
    'service’s own "AWS CloudTrail" integration, or add rules to the orchestration:',
    `  routing   when   raw_event.TopicArn matches '${topicArn}'`,
    '            then   route to your service',
    "  on OK     when   raw_event.Subject matches part 'OK: '",
    '            then   event action: resolve',
    '  always    variable alarm, of raw_event.Message by regex:  "AlarmArn":"([^"]+)"',
    '            then   extract event.dedup_key:  {{variables.alarm}}',
    'The last one needs a plan with event fields (AIOps). Use AlarmArn, not the subject: long names are cut there.',
  ]
}
