/** `detections list` and `detections show`: the catalogue as values and as text. */

import { catalogue } from '../../detections/catalogue.ts'
import type { Detection, PublishedPattern, Tier } from '../../detections/detection.ts'
import { detectionById, packs } from '../../detections/select.ts'
import { holdSeconds } from '../../domain/alarm-arithmetic.ts'
import { EXIT, usage } from '../../errors.ts'
import type { ListOptions } from '../../options/command-options.ts'
import { toolCommand } from '../../options/next-command.ts'
import { clip, hanging, pad, wrap } from '../../ui/clean.ts'
import { nextSteps } from '../../ui/render/next-commands.ts'
import type { Theme } from '../../ui/theme.ts'
import type { Report } from '../report.ts'
import { detectionJson, listJson } from './json.ts'

/** Every detection and every pack; as CSV the detections alone. Throws `format-conflict` (exit 2). */
export function listDetections({ csv, json }: ListOptions): Report {
  if (csv && json) throw usage('format-conflict', 'CSV and JSON were both asked for', 'leave out --csv or --json')
  return { exit: EXIT.done, json: listJson(), text: csv ? listCsv : listText }
}

/** A header and one line a detection (RFC 4180); the packs with their controls in one field. */
function listCsv(): string {
  const rows = catalogue.map(({ id, title, tier, severity, urgency, packs: controls }) => {
    const inPacks = controls.map(({ pack, control }) => `${pack} ${control}`).join('; ')
    return [id, title, tier, severity, urgency, inPacks]
  })
  const header = ['id', 'title', 'tier', 'severity', 'urgency', 'packs']
  return [header, ...rows].map((fields) => fields.map(csvField).join(',')).join('\n')
}

function csvField(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** One detection. Throws `unknown-detection` (exit 2) with what was probably meant. */
export function showDetection(id: string): Report {
  const detection = detectionById(id)
  return {
    exit: EXIT.done,
    json: detectionJson(detection),
    text: (theme, width) => detectionText(detection, theme, width),
  }
}

function listText(theme: Theme, width: number): string {
  return [
    ...TIERS.flatMap(([tier, meaning]) => tierText(tier, meaning, theme, width)),
    theme.heading('Packs'),
    ...packs.flatMap(({ name, count, description }) =>
      hanging(`  ${pad(name, 13)} ${String(count).padStart(2)}  `, description, width),
    ),
    '',
    ...nextSteps([{ command: toolCommand('detections show', {}, [catalogue[0]?.id ?? 'ID']) }], width, theme),
  ].join('\n')
}

const TIERS: readonly (readonly [Tier, string])[] = [
  ['core', 'what a team should page on'],
  ['extended', 'pays off in some accounts'],
  ['compliance', 'required by a benchmark'],
]

/** Columns that a title needs to say something. */
const NARROWEST = 16

function tierText(tier: Tier, meaning: string, theme: Theme, width: number): readonly string[] {
  const members = catalogue.filter((detection) => detection.tier === tier)
  const column = Math.max(...catalogue.map(({ id }) => id.length))
  const rows = members.flatMap(({ id, severity, urgency, title }) => {
    const start = `  ${pad(id, column)}  ${pad(severity, 8)}  ${pad(urgency, 6)}  `
    // Where there is no room for a title in the table, it stands below.
    if (width - start.length < NARROWEST) {
      return [...hanging(`  ${id}  `, [severity, urgency].join(theme.dot), width), ...hanging('    ', title, width)]
    }
    return [clip(`${start}${title}`, width, theme.ellipsis)]
  })
  return [...hanging(`${theme.heading(tier)}  `, meaning, width), ...rows, '']
}

function detectionText(detection: Detection, theme: Theme, width: number): string {
  const { id, title, severity, urgency, tier, paging, packs: controls } = detection
  const { alarm, metric } = paging
  return [
    theme.heading(id),
    ...paragraph(title, width),
    ...paragraph([severity, `urgency ${urgency}`, `tier ${tier}`].join(theme.dot), width),
    ...(controls.length === 0
      ? []
      : paragraph(controls.map(({ pack, control }) => `${pack} ${control}`).join(theme.dot), width)),
    '',
    theme.heading('Why it matters'),
    ...paragraph(detection.whyItMatters, width),
    '',
    theme.heading('First look'),
    ...paragraph(detection.firstLook, width),
    '',
    theme.heading('The pattern that pages'),
    `  ${paging.pattern}`,
    ...(paging.differs === undefined ? [] : paragraph(paging.differs, width)),
    ...paragraph(
      `metric ${metric.name}, ${alarm.statistic} ${OPERATORS[alarm.comparisonOperator]} ${alarm.threshold} in ${alarm.period} s`,
      width,
    ),
    `  stays up for ${holdSeconds(alarm) / 60} minutes`,
    ...publishedText(detection, theme, width),
    ...listed('Known noise', detection.knownNoise, theme, width),
    ...listed('What it cannot see', detection.limits, theme, width),
    ...listed('Sources', detection.sources, theme, width),
  ].join('\n')
}

function publishedText({ compliance }: Detection, theme: Theme, width: number): readonly string[] {
  if (compliance === undefined) return []
  const installed = (label: string) =>
    compliance.complianceFilters.includes(label) ? ', installed by --variant compliance and both' : ''
  return [
    '',
    theme.heading('Published patterns'),
    ...compliance.patterns.flatMap((published) => [
      ...paragraph(`${published.label}${installed(published.label)}`, width),
      `    ${published.pattern}`,
      ...hanging('    ', `published by ${published.publishedBy.join(', ')}`, width),
      ...hanging('    ', `accepted by ${acceptedBy(published)}`, width),
      ...(published.valid ? [] : ['    CloudWatch Logs refuses it']),
      ...(published.flaw === undefined ? [] : hanging('    ', `flaw: ${published.flaw}`, width)),
    ]),
    ...paragraph(`To satisfy every scanner: ${compliance.everyScanner.join(', ')}.`, width),
    ...(compliance.caveat === undefined ? [] : paragraph(compliance.caveat, width)),
  ]
}

/** Security Hub's own rule is not public, so of it only the likeness to its documentation can be told. */
const SECURITY_HUB = {
  exact: ['security-hub (as documented)'],
  'spacing-differs': ['possibly security-hub (the published text with different spacing)'],
  'not-documented': [],
  'no-control': [],
} as const

function acceptedBy({ acceptedBy, securityHub }: PublishedPattern): string {
  const scanners = [...acceptedBy, ...SECURITY_HUB[securityHub]]
  return scanners.length === 0 ? 'no scanner' : scanners.join(', ')
}

function listed(heading: string, items: readonly string[], theme: Theme, width: number): readonly string[] {
  if (items.length === 0) return []
  return ['', theme.heading(heading), ...items.flatMap((item) => paragraph(item, width))]
}

function paragraph(text: string, width: number): readonly string[] {
  return wrap(text, width - 2).map((line) => `  ${line}`)
}

const OPERATORS = {
  GreaterThanOrEqualToThreshold: '>=',
  GreaterThanThreshold: '>',
  LessThanThreshold: '<',
  LessThanOrEqualToThreshold: '<=',
} as const
