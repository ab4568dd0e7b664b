/** `docs/checks.md` as the checks and their tests make it. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CHECKS } from '../../src/doctor/checks/all.ts'

/** Faults that no test breaks a live account for, and why: neither the embedded AWS nor moto can be brought there. */
const BUILT_ALONE: Readonly<Record<string, string>> = {
  'alarm.action-target': 'CloudWatch refuses such an action when the alarm is put',
  'alarm.composite': 'the embedded AWS has no composite alarms, and moto never evaluates them',
  'alarm.muted': 'no emulator has mute rules',
  'alarm.stuck': 'the embedded alarms go back to OK as real ones do; it takes weeks of events to keep one up',
  'delivery.error': 'no emulator has a delivery that fails by itself',
  'delivery.recent': 'no emulator has a delivery that dries up by itself',
  'identity.region': 'no emulator plays China, GovCloud or an isolated partition',
  'log-group.class':
    'AWS refuses a metric filter in such a group, so the group comes first and the class cannot follow',
  'log-group.kms': 'no emulator asks a key policy before it writes',
  'log-group.masking': 'no emulator masks or transforms events',
  'metric-filter.precedence': 'it reads patterns, as metric-filter.root-signin does',
  'metric-filter.quota': 'it counts; a hundred filters show no more than their number does',
  'metric-filter.root-signin': 'it compares patterns, by the engine that the embedded AWS uses too',
  'pagerduty.region': 'the embedded PagerDuty has one region',
  'pagerduty.maintenance': 'the embedded PagerDuty has no maintenance windows',
  'pagerduty.ruleset-end-of-life': 'rulesets are no longer made',
  'pagerduty.suppression': 'the embedded PagerDuty has no orchestration of a service',
  'pagerduty.token': 'a token that is refused ends a run before any check',
  'subscription.dead-letter-queue': 'it counts alarms, as metric-filter.quota counts filters',
  'subscription.protocol': 'PagerDuty confirms over https alone',
  'subscription.throttle': 'SNS takes no rate below one message a second today',
  'topic.delivery-failures': 'no emulator measures deliveries',
  'topic.region': 'CloudWatch refuses such an action when the alarm is put',
  'topic.type': 'SNS refuses an https subscription of such a topic',
  'trail.duplicate-delivery': 'it compares the log groups of trails',
  'trail.organization-owner': 'the embedded AWS is one account, and moto shows no trail of another',
}

/** Test files that break an account and name what doctor says. */
const LIVE = ['doctor/cases.test.ts', 'doctor/live.test.ts', 'doctor/breakages.ts', 'emulators/doctor.test.ts']

/** Checks that may say something is wrong, and that no live test has say so, nor an excuse above. */
export function untested(): readonly string[] {
  const seen = seenLive()
  return FAULTY.filter((name) => !seen.has(name) && BUILT_ALONE[name] === undefined)
}

/** Excuses for what a live test shows after all, or for what is no check. */
export function needlessExcuses(): readonly string[] {
  const seen = seenLive()
  return Object.keys(BUILT_ALONE).filter((name) => seen.has(name) || !FAULTY.some((one) => one === name))
}

export function checksPage(): string {
  const rows = CHECKS.map(({ name, finds, needs = [] }) => {
    const rests = needs.map((need) => `\`${need}\``).join(', ')
    return `| \`${name}\` | ${finds} | ${rests} |`
  })
  const excuses = Object.entries(BUILT_ALONE)
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([name, why]) => `| \`${name}\` | ${why} |`)
  return [
    HEAD,
    '| check | finds | rests on |',
    '|---|---|---|',
    ...rows,
    '',
    TESTED,
    '| check | why no live account shows it |',
    '|---|---|',
    ...excuses,
    '',
  ].join('\n')
}

const FAULTY = CHECKS.filter(({ finds }) => !finds.startsWith('nothing')).map(({ name }) => name)

function seenLive(): ReadonlySet<string> {
  const texts = LIVE.map((file) => readFileSync(join(import.meta.dirname, '..', file), 'utf8'))
  const named = texts.flatMap((text) => [...text.matchAll(/(?:fail|warn|check:) '?([a-z-]+\.[a-z-]+)/g)])
  return new Set(named.map(([, name = '']) => name))
}

const HEAD = `# What doctor checks

\`doctor\` reads the account once and asks ${CHECKS.length} questions, each about one resource. An answer is \`pass\`, \`warn\`, \`fail\` or \`skip\`: a read that was denied, or a check that this one rests on and that failed, makes it a \`skip\` with the reason, never a \`pass\`. A remark without fault is a \`pass\` with a note. What init was told on purpose (no auto-resolve, a hold, a compliance twin that pages nobody) is no fault.

\`--fix\` shows what it would change, asks once, reads each resource again, changes the one thing, writes everything else back as it was, and looks again. It leaves alone what it cannot keep whole: composite alarms, metric math, and alarms with members that are newer than this program.

\`--all-regions\` looks into every region of the partition, \`--accounts ROLE\` into every account of the organization by assuming the role of that name there; the caller's own account needs none. Both give one report: in JSON, every chain and every finding then carries \`account\` and \`region\`, and \`account\` and \`region\` at the top are those of the first place with a chain. A place without a chain leaves its \`identity\` findings alone. A region that is not enabled or denied, and an account where the role could not be assumed, is one \`skip\` with the reason, of \`identity.region\` or \`identity.credentials\`; it makes nothing unhealthy, and the others go on. When no place could be looked at, the exit code is 3.
`

const TESTED = `## How they are tested

Every check is tested on built inventories, and most by breaking a live account, embedded or on moto, and naming what \`doctor\` says. These could not be brought about live:
`
