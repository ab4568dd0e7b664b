/** What a first run in the sandbox asks before its plan, in order: each with a default that Enter takes. */
export const EVERY_QUESTION = [
  'Where should alerts go?',
  'Which service?',
  'Which integration?',
  'Display name of the topic:',
  'Check the last 14 days first?',
  'Which detections should page?',
  'When does an incident resolve?',
  'Page when no events arrive from CloudTrail?',
] as const
