/** The topics of `help`: the pages of docs/ that ship with the package. */

/** Each is `docs/NAME.md`. */
export const TOPICS: Readonly<Record<string, string>> = {
  accessibility: 'screen readers, plain mode, color, width and keys',
  checks: 'what doctor checks, and when a check warns or fails',
  costs: 'what the chain and the commands cost a month',
  drill: 'how test follows an alarm to the incident',
  errors: 'every error code, its meaning, and what to do',
  'first-run': 'what init shows and asks, screen by screen',
  'getting-started': 'where the key is, and the first run',
  organization: 'one chain for many accounts, or one in each',
  pagerduty: 'integrations, keys, tokens and routing rules',
  patterns: 'the filter-pattern language, and where it surprises',
  permissions: 'the IAM actions that each command may need',
  reliability: 'what holds when a run fails in the middle',
  report: 'how to report a bug, a false finding or a wrong answer',
  sandbox: 'what the embedded accounts can do, and where they are kept',
  scheduled: 'a daily doctor: GitHub Actions, cron, CodeBuild',
  scripts: 'exit codes, JSON, environment variables, setup file and CI',
  troubleshooting: 'from what you see to what to do',
  watching: 'heartbeat, fallback e-mail, dead-letter queue and dashboard',
}

/** True for a topic of `help`. */
export function isTopic(name: string): boolean {
  return Object.hasOwn(TOPICS, name)
}
