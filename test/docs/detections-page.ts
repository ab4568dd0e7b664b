/** `docs/detections.md` as the catalogue makes it. */

import { catalogue } from '../../src/detections/catalogue.ts'
import type { Detection } from '../../src/detections/detection.ts'
import { fireDrill } from '../../src/detections/drill.ts'
import { packs } from '../../src/detections/select.ts'
import { holdSeconds } from '../../src/domain/alarm-arithmetic.ts'

const TIERS = [
  ['core', 'Core', 'What a team should page on. These make up the pack `recommended`, the default.'],
  ['extended', 'Extended', 'They pay off in some accounts.'],
  ['compliance', 'Compliance', 'A benchmark asks for them. As pages they are noise in most accounts.'],
] as const

export function detectionsPage(): string {
  return [
    HEAD,
    '## Packs\n',
    '| pack | detections | |',
    '|---|---:|---|',
    ...packs.map(({ name, count, description }) => `| \`${name}\` | ${count} | ${description} |`),
    '',
    '## All of them\n',
    '| detection | severity | urgency | pages for |',
    '|---|---|---|---|',
    ...TIERS.flatMap(([tier]) => catalogue.filter((one) => one.tier === tier)).map(
      ({ id, severity, urgency, title }) => `| [\`${id}\`](#${id}) | ${severity} | ${urgency} | ${cell(title)} |`,
    ),
    '',
    ...TIERS.flatMap(([tier, heading, meaning]) => [
      `## ${heading}\n`,
      `${meaning}\n`,
      ...catalogue.filter((one) => one.tier === tier).map(section),
    ]),
    '## The fire drill\n',
    'Not in the catalogue and in no pack: `init` adds it, with the options of the chain and `--drill`. See [drill.md](drill.md).\n',
    section(fireDrill),
  ].join('\n')
}

function section(detection: Detection): string {
  const { id, title, severity, urgency, packs: controls, paging } = detection
  const inPacks = [...new Set(controls.map(({ pack, control }) => `${pack} (${control})`))]
  return [
    `### ${id}\n`,
    `**${title}.** Severity ${severity}, urgency ${urgency}.\n`,
    `${detection.whyItMatters}\n`,
    `Check first: ${detection.firstLook}\n`,
    ...fenced(paging.pattern),
    ...(paging.scopedPattern === undefined
      ? []
      : ['As `init` writes it, with the names of the chain in the braces:\n', ...fenced(paging.scopedPattern)]),
    `- Pages: ${pagesWhen(detection)}`,
    `- Resolves: ${resolvesWhen(detection)}`,
    ...(inPacks.length === 0 ? [] : [`- Packs: ${inPacks.join(', ')}`]),
    ...(paging.differs === undefined ? [] : [`- Tuned: ${paging.differs}`]),
    ...detection.knownNoise.map((text) => `- Known noise: ${text}`),
    ...detection.recommendedExclusions.map(({ label, when, principal, clause }) =>
      `- Quieter: ${label}, when ${when}. ${quieter(id, { principal, clause })}`.trimEnd(),
    ),
    ...detection.limits.map((text) => `- Limit: ${text}`),
    '',
  ].join('\n')
}

function quieter(
  id: string,
  { principal, clause }: { principal: string | undefined; clause: string | undefined },
): string {
  if (principal !== undefined) return `\`--exclude-principal ${id}=${principal}\``
  return clause === undefined ? '' : `In a pattern of your own, joined by \`&&\`: \`${clause}\``
}

function pagesWhen({ paging: { alarm } }: Detection): string {
  return alarm.threshold === 1
    ? 'at the first event'
    : `at ${alarm.threshold} events within ${alarm.period / 60} minutes`
}

function resolvesWhen({ paging: { alarm } }: Detection): string {
  return `after ${holdSeconds(alarm) / 60} quiet minutes`
}

function fenced(text: string): readonly string[] {
  return ['```text', text, '```\n']
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

const HEAD = `# The catalogue

${catalogue.length} detections. Each is one metric filter and one alarm: the filter counts the CloudTrail events that its pattern matches, the alarm pages. Made from the catalogue in the program; \`npx cloudtrail-pd detections show ID\` prints the same, with the published compliance patterns and the sources.

- **Urgency** \`page\` wakes someone. \`ticket\` goes to the low-urgency route where there is one (\`--low-urgency-integration-url\`), and pages like the others where there is none.
- **Choose** with \`--detections\` and \`--exclude\`, by id or by pack. **Tune** with \`--set ID.threshold=5\`; the fields are \`threshold\` (events), \`period\` (seconds), \`hold\` (minutes) and \`urgency\`. **Leave out** a role with \`--exclude-principal ID=ARN\`.
- **Count** before you page: \`npx cloudtrail-pd backtest --lookup\` says how often each would have paged ([backtest.md](backtest.md)).
`
