/** A diagnosis for machines and tickets: the JSON of the contract, JUnit XML for CI, and Markdown. */

import { parseMarker } from '../chain/marker.ts'
import { DEFAULT_NAME, parseArn } from '../chain/names.ts'
import { filterAddress } from './chains.ts'
import type { Finding, Fix } from './check.ts'
import type { Diagnosis, JudgedChain } from './doctor.ts'

/** Diagnoses of one or more places as one document. Totals and health are over all of them; the place of `first` names it. */
export function diagnosisJson(diagnoses: readonly Diagnosis[]): object {
  const [first] = diagnoses
  const placed = diagnoses.length > 1
  const place = ({ account, region }: Diagnosis) => (placed ? { account, region } : {})
  return {
    healthy: allHealthy(diagnoses),
    account: first?.account ?? null,
    region: first?.region ?? null,
    summary: totals(diagnoses),
    chains: diagnoses.flatMap((one) => one.chains.map((chain) => ({ ...place(one), ...chainJson(chain) }))),
    findings: diagnoses.flatMap((one) => one.findings.map((finding) => ({ ...place(one), ...findingJson(finding) }))),
  }
}

/** Healthy in each place that has a chain, and there is one. */
export function allHealthy(diagnoses: readonly Diagnosis[]): boolean {
  const inhabited = diagnoses.filter(
    ({ chains, summary }) => chains.length > 0 || (diagnoses.length > 1 && summary.fail > 0),
  )
  return inhabited.length > 0 && inhabited.every(({ healthy }) => healthy)
}

export function totals(diagnoses: readonly Diagnosis[]): Diagnosis['summary'] {
  const sum = { pass: 0, warn: 0, fail: 0, skip: 0 }
  for (const { summary } of diagnoses) {
    sum.pass += summary.pass
    sum.warn += summary.warn
    sum.fail += summary.fail
    sum.skip += summary.skip
  }
  return sum
}

/** One suite a link, one case a finding; a warning is a failure when `strict`. */
export function diagnosisJunit(diagnoses: readonly Diagnosis[], strict: boolean): string {
  const suites = diagnoses.flatMap(({ account, region, findings }) => {
    const links = [...new Set(findings.map(({ link }) => link))]
    return links.map((link) =>
      suite(
        `${link} ${account} ${region}`,
        findings.filter((one) => one.link === link),
        strict,
      ),
    )
  })
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<testsuites name="cloudtrail-pd doctor">',
    ...suites,
    '</testsuites>',
    '',
  ].join('\n')
}

/** For a ticket: the verdict, the chains, and every fault with its four lines. */
export function diagnosisMarkdown(diagnoses: readonly Diagnosis[], now: Date): string {
  const { pass, warn, fail, skip } = totals(diagnoses)
  const verdict = allHealthy(diagnoses)
    ? 'The chain to PagerDuty works.'
    : 'The chain to PagerDuty is not known to work.'
  return [
    '# Doctor of the chain from CloudTrail to PagerDuty',
    '',
    `${verdict} ${now.toISOString()}: ${pass} passed, ${warn} warnings, ${fail} failed, ${skip} not checked.`,
    '',
    ...diagnoses.filter((one, index) => index === 0 || isTelling(one)).flatMap(placeMarkdown),
    ...othersMarkdown(diagnoses),
  ].join('\n')
}

/** A place beside others is worth a block when it has a chain or a fault. */
export function isTelling({ chains, summary }: Diagnosis): boolean {
  return chains.length > 0 || summary.fail + summary.warn > 0
}

/** The region, with its account where there are several. */
export function placeName({ account, region }: Diagnosis, all: readonly Diagnosis[]): string {
  return all.some((one) => one.account !== account) ? `${account} ${region}` : region
}

/** Places without a chain, and those that were not looked at. */
function othersMarkdown(diagnoses: readonly Diagnosis[]): readonly string[] {
  const others = diagnoses.filter((one, index) => index > 0 && !isTelling(one))
  const empty = others.filter(({ summary }) => summary.pass > 0).map((one) => placeName(one, diagnoses))
  const blind = others
    .filter(({ summary }) => summary.pass === 0)
    .map((one) => `- ${placeName(one, diagnoses)}: ${cellText(one.findings[0]?.evidence ?? '')}`)
  return [
    ...(empty.length === 0 ? [] : ['## Without a chain', '', empty.join(', '), '']),
    ...(blind.length === 0 ? [] : ['## Not looked at', '', ...blind, '']),
  ]
}

function placeMarkdown({ account, region, chains, findings }: Diagnosis): readonly string[] {
  const rows = chains.map((chain) => {
    const cells = [
      chain.alarm?.name ?? chain.filter?.name,
      chain.trail?.name,
      chain.logGroup,
      chain.topicArn,
      chain.endpoint?.toString(),
      worksText(chain),
    ]
    return `| ${cells.map((cell) => cellText(cell ?? '–')).join(' | ')} |`
  })
  const table =
    rows.length === 0
      ? ['No chain found.']
      : ['| detection | trail | log group | topic | endpoint | works |', '|---|---|---|---|---|---|', ...rows]
  const faults = findings.flatMap((finding) =>
    finding.status === 'fail' || finding.status === 'warn' ? [faultMarkdown(finding)] : [],
  )
  return [`## Account ${account}, ${region}`, '', ...table, '', ...faults.flat()]
}

function faultMarkdown(finding: Extract<Finding, { status: 'warn' | 'fail' }>): readonly string[] {
  return [
    `### ${finding.status === 'fail' ? 'Failed' : 'Warning'}: ${finding.check}`,
    '',
    `${finding.title}: \`${finding.resource}\``,
    '',
    `- costs: ${finding.impact}`,
    `- seen: ${finding.evidence}`,
    `- fix: ${finding.fix.summary}${finding.fix.command === undefined ? '' : ` (\`${finding.fix.command}\`)`}`,
    '',
  ]
}

function suite(name: string, findings: readonly Finding[], strict: boolean): string {
  const failed = (finding: Finding) => finding.status === 'fail' || (strict && finding.status === 'warn')
  const cases = findings.map((finding) => {
    const head = `    <testcase classname="${xml(finding.link)}" name="${xml(`${finding.check} ${finding.resource}`)}"`
    if (finding.status === 'skip') return `${head}><skipped message="${xml(finding.evidence)}"/></testcase>`
    if (finding.status === 'pass' || !failed(finding)) return `${head}/>`
    const impact = 'impact' in finding ? finding.impact : ''
    const fix = 'fix' in finding ? finding.fix.summary : ''
    return `${head}><failure message="${xml(finding.title)}">${xml(`${impact}\nseen: ${finding.evidence}\nfix: ${fix}`)}</failure></testcase>`
  })
  const counts = `tests="${findings.length}" failures="${findings.filter(failed).length}" skipped="${findings.filter(({ status }) => status === 'skip').length}"`
  return [`  <testsuite name="${xml(name)}" ${counts}>`, ...cases, '  </testsuite>'].join('\n')
}

function chainJson(chain: JudgedChain): object {
  return {
    trail: chain.trail?.name ?? null,
    logGroup: chain.logGroup ?? null,
    metricFilter: chain.filter?.name ?? null,
    metric: chain.metric ?? null,
    alarm: chain.alarm?.name ?? null,
    topic: chain.topicArn ?? null,
    subscription: chain.subscription === undefined ? null : (chain.subscription.arn ?? 'PendingConfirmation'),
    endpoint: chain.endpoint?.toString() ?? null,
    works: chain.works,
  }
}

export function findingJson(finding: Finding): object {
  const { check, status, link, resource, note, title, evidence } = finding
  const fault =
    finding.status === 'warn' || finding.status === 'fail' ? { impact: finding.impact, fix: fixJson(finding.fix) } : {}
  return { check, status, link, resource, ...(note === undefined ? {} : { note }), title, evidence, ...fault }
}

function fixJson({ summary, command, lines, repairs }: Fix): object {
  return {
    automatic: (repairs ?? []).length > 0,
    summary,
    ...(command === undefined ? {} : { command }),
    ...(lines === undefined ? {} : { lines }),
  }
}

function worksText({ works }: JudgedChain): string {
  return works === null ? 'cannot tell' : works ? 'yes' : 'no'
}

function cellText(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ')
}

function xml(text: string): string {
  const escaped = text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML 1.0 has no way to write them.
  return escaped.replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
}

/** The row's name, as short as it can be told apart: the detection of our own, else the alarm without its place. */
export function chainLabel({ alarm, filter }: JudgedChain): string {
  if (alarm === undefined) return filter === undefined ? '' : filterAddress(filter)
  const marker = parseMarker(alarm.description)
  if (marker?.name === DEFAULT_NAME) return marker.detection
  const place = parseArn(alarm.arn)
  const tail = `-${place?.account}-${place?.region}`
  return alarm.name.endsWith(tail) ? alarm.name.slice(0, -tail.length) : alarm.name
}
