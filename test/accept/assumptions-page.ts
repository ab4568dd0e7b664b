/** `docs/assumptions.md` as the table of assumptions makes it. */

import { ASSUMPTIONS, type Assumption } from '../../accept/assumptions.ts'
import type { Evidence } from '../../accept/evidence.ts'

const AREAS: readonly Assumption['of'][] = ['CloudTrail', 'CloudWatch', 'SNS', 'PagerDuty']

export function assumptionsPage(): string {
  const sections = AREAS.map((area) =>
    [`## ${area}`, '', ...COLUMNS, ...ASSUMPTIONS.filter((one) => one.of === area).map(row), ''].join('\n'),
  )
  return [HEAD, ...sections, TAIL].join('\n')
}

const COLUMNS = [
  '| id | behavior | source | confidence | if it is false | `npm run accept` looks at |',
  '|---|---|---|---|---|---|',
]

function row({ id, behavior, source, confidence, confidenceNote, ifFalse, shownBy, observe }: Assumption): string {
  const sure = confidenceNote === undefined ? confidence : `${confidence}; ${confidenceNote}`
  const looks = shownBy ?? `nothing: ${observe(NOTHING).detail}`
  return `| \`${id}\` | ${[behavior, source, sure, ifFalse, looks].join(' | ')} |`
}

/** For the reason of what no run can show. */
const NOTHING: Evidence = {
  setting: { target: 'aws', ownTrail: true, route: 'service', serviceRegion: 'us', token: true },
}

const HEAD = `# Assumptions

The project's own tests reach no real AWS account and no real PagerDuty account. This page lists each behavior of the two that the tool relies on and that no emulator shows: where it is known from, how sure it is, and what happens to you if it is false. It is made from \`accept/assumptions.ts\`.

Confidence: **documented** (AWS or PagerDuty says so), **reported** (public captures or issues show it), **inferred** (follows from something documented or reported; nobody has shown it).

\`npm run accept\` looks at them in an account of your own and reports each as \`seen\`, \`not seen\` or \`cannot tell\`, with what it saw or why it could not look: [acceptance.md](acceptance.md).
`

const TAIL = `## If one is false in your account

Open an issue and attach the report of \`npm run accept\`: it names no account, key, person or address. What the tool does until then is in the column "if it is false".
`
