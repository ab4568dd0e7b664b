/** `docs/checks.md` as the checks and their tests make it. */

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CHECKS } from '../../src/doctor/checks/all.ts'

/** Test files that break an account and name what doctor says. */
const LIVE = [
  'doctor/cases.test.ts',
  'doctor/fixes.test.ts',
  'doctor/live.test.ts',
  'doctor/checks/states.test.ts',
  'doctor/breakages.ts',
  'emulators/doctor.test.ts',
  'commands/init/data-events.test.ts',
  'commands/doctor/targets.test.ts',
  'watching/heartbeat.test.ts',
  'watching/dashboard.test.ts',
  'watching/dead-letter-queue.test.ts',
  'watching/fallback-email.test.ts',
]

/** Checks that may say something is wrong, and that no live test has say so. */
export function untested(): readonly string[] {
  const seen = seenLive()
  return FAULTY.filter((name) => !seen.has(name))
}

export function checksPage(): string {
  const links = [...new Set(CHECKS.map(({ name }) => linkOf(name)))]
  return [HEAD, ...links.flatMap(tableOf)].join('\n')
}

/** Each check has an anchor of its own name, so that a finding can point at it. */
function tableOf(link: string): readonly string[] {
  const rows = CHECKS.filter(({ name }) => linkOf(name) === link).map(({ name, finds, needs = [] }) => {
    const rests = needs.map((need) => `[\`${need}\`](#${need})`).join(', ')
    return `| <a id="${name}"></a>\`${name}\` | ${finds} | ${rests} |`
  })
  return [`## ${link}\n`, '| check | finds | rests on |', '|---|---|---|', ...rows, '']
}

function linkOf(check: string): string {
  return check.slice(0, check.indexOf('.'))
}

const FAULTY = CHECKS.filter(({ finds }) => !finds.startsWith('nothing') && !finds.startsWith('informational')).map(
  ({ name }) => name,
)

function seenLive(): ReadonlySet<string> {
  const texts = LIVE.map((file) => readFileSync(join(import.meta.dirname, '..', file), 'utf8'))
  const named = texts.flatMap((text) => [...text.matchAll(/(?:fail|warn|check:?) '?([a-z-]+\.[a-z-]+)/g)])
  return new Set(named.map(([, name = '']) => name))
}

const HEAD = `# What doctor checks

\`doctor\` reads the account once and asks ${CHECKS.length} questions, each about one resource. An answer is \`pass\`, \`warn\`, \`fail\` or \`skip\`: a read that was denied, or a check that this one rests on and that failed, makes it a \`skip\` with the reason, never a \`pass\`. A remark without fault is a \`pass\` with a note. What init was told on purpose (no auto-resolve, a hold, a compliance twin that pages no one) is no fault.

\`--fix\` shows what it would change, asks once, reads each resource again, changes the one thing, writes everything else back as it was, and looks again. It leaves alone what it cannot keep whole: composite alarms, metric math, and alarms with members that are newer than this program.

Below, the checks stand by link, in the order of the signal. Each has its name as its address, and findings of a release link there: \`checks.md#alarm.ok-action\`. \`npx cloudtrail-pd help alarm.ok-action\` prints one in the terminal. [troubleshooting.md](troubleshooting.md) goes from what one sees to the check.

A finding says what to do in one sentence. Where a command repairs it, \`fix.command\` has that command with its arguments; \`fix.look\` has one that shows more or tries it, or adds the fire drill that tries it, and repairs nothing. [reliability.md](reliability.md#checks) says how both are tested.

\`--all-regions\` looks into every region of the partition, \`--accounts ROLE\` into every account of the organization by assuming the role of that name there; the caller's own account needs none. Both give one report: in JSON, every chain and every finding then carries \`account\` and \`region\`, and \`account\` and \`region\` at the top are those of the first place with a chain. A place without a chain leaves its \`identity\` findings alone. A region that is not enabled or denied, and an account where the role could not be assumed, is one \`skip\` with the reason, of \`identity.region\` or \`identity.credentials\`; it makes nothing unhealthy, and the others go on. When no place could be looked at, the exit code is 3.

\`--html FILE\` writes the same as a page for people: the verdict, the chain as a picture, every finding with what it costs, what was seen and what to do, the chains with a mark for each link, accounts and regions in a table, and what was not checked. The page is one file that loads nothing, needs no script, prints unfolded, and fits a phone. Of hundreds of chains, equal ones are one line, and a finding on hundreds of resources names the first 40; \`--json\` has all. \`--report FILE\` is Markdown for a ticket, \`--junit FILE\` has a case for each finding. They hold names, ARNs and account ids as the JSON does, and no key.
`
