/** What to do where PagerDuty took the OK for an event of its own. */

import { orchestrationRules } from '../domain/orchestration-rules.ts'

/** Lines for a person, filled in with the topic (PagerDuty docs: Event Orchestration, PCL). */
export function resolvingRules(topicArn: string): readonly string[] {
  return [
    'PagerDuty took the OK for an event of its own, so incidents of this chain never resolve. Either move the topic to a',
    'service\'s own "AWS CloudTrail" integration, or add rules to the orchestration:',
    ...orchestrationRules(topicArn).map((line) => `  ${line}`),
    'The last one needs a plan with event fields (AIOps). Use AlarmArn, not the subject: long names are cut there.',
  ]
}
