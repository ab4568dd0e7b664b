/** What a foreign filter was meant to detect, told from marker, names and meaning. */

import { catalogue } from '../detections/catalogue.ts'
import type { Detection } from '../detections/detection.ts'
import { parseMarker } from '../domain/marker.ts'
import type { AlarmSnapshot, MetricFilterSnapshot } from '../domain/snapshot.ts'
import { matchesWildcard } from '../iam/conditions.ts'

/** The detection that a filter stands for; undefined when nothing tells. */
export function classifyFilter(filter: MetricFilterSnapshot, alarms: readonly AlarmSnapshot[]): Detection | undefined {
  const marked = alarms.map(({ description }) => parseMarker(description)?.detection).find((id) => id !== undefined)
  if (marked !== undefined) return catalogue.find(({ id }) => id === marked)
  return (
    catalogue.find((detection) => texts(detection).includes(filter.pattern)) ??
    named(filter, [filter.name, ...filter.transformations.map(({ name }) => name), ...alarms.map(({ name }) => name)])
  )
}

/** The first name that tells, the filter's own before those of its metric and alarms. */
function named(filter: MetricFilterSnapshot, names: readonly string[]): Detection | undefined {
  return names.map(byName).find((detection) => detection !== undefined && agrees(filter.pattern, detection))
}

/** A name alone may mislead: a pattern that asks for another service or for other calls is for something else. */
function agrees(pattern: string, detection: Detection): boolean {
  const known = texts(detection).join(' ').toLowerCase()
  const source = detection.matchingEvent.eventSource
  const sources = valuesOf(pattern, 'eventSource')
  const names = valuesOf(pattern, 'eventName')
  return (
    (sources.length === 0 || sources.some((value) => matchesWildcard(value.toLowerCase(), source))) &&
    (names.length === 0 || names.some((value) => known.includes(value.toLowerCase().replaceAll('*', ''))))
  )
}

/** What a pattern compares a field with for equality. */
function valuesOf(pattern: string, field: string): readonly string[] {
  const found = pattern.matchAll(new RegExp(`\\$\\.${field}\\s*=\\s*"?([^"\\s)]+)`, 'g'))
  return [...found].map(([, value]) => value ?? '')
}

/** Whether a text is one that a benchmark or scanner publishes, and nothing is wrong with it. */
export function isPublished(pattern: string): boolean {
  return catalogue.some(({ compliance }) =>
    (compliance?.patterns ?? []).some((one) => one.pattern === pattern && one.flaw === undefined),
  )
}

function texts({ paging, compliance }: Detection): readonly string[] {
  return [paging.pattern, ...(compliance?.patterns ?? []).map(({ pattern }) => pattern)]
}

/** The names that benchmarks, modules and blogs give to the CIS detections, most telling first. */
const NAMED: readonly (readonly [id: string, words: RegExp])[] = [
  ['console-signin-without-mfa', /(no|without)mfa|mfa(missing|notused)/],
  ['console-authentication-failures', /(signin|login|auth\w*)fail|failed(console)?(signin|login|auth)/],
  ['root-account-usage', /root(account)?(us|login|signin|activity|access)|^root$/],
  ['unauthorized-api-calls', /unauthori[sz]ed|accessdenied/],
  ['cloudtrail-config-changes', /(cloud)?trail(cfg|config\w*)?change|stoplogging/],
  ['kms-key-disable-or-delete', /(disable\w*delet\w*|delet\w*)(cmk|kms)|cmk|kmskey/],
  ['s3-bucket-policy-changes', /(s3|bucket)policy/],
  ['aws-config-changes', /awsconfig|configservice|configrecorder|config(change|configurationchange)/],
  ['security-group-changes', /securitygroup|sgchange/],
  ['network-acl-changes', /nacl|networkacl/],
  ['network-gateway-changes', /networkg(ate)?w|gatewaychange|internetgateway/],
  ['route-table-changes', /routetable/],
  ['vpc-changes', /vpcchange/],
  ['organizations-changes', /organi[sz]ation/],
  ['iam-policy-changes', /iam(policy)?change|iampolicy/],
]

function byName(name: string): Detection | undefined {
  const plain = letters(name)
  const exact = OWN_NAMES.get(plain)
  if (exact !== undefined) return exact
  const known = NAMED.find(([, words]) => words.test(plain))
  return catalogue.find(({ id }) => id === known?.[0])
}

const OWN_NAMES: ReadonlyMap<string, Detection> = new Map(
  catalogue.flatMap((detection) =>
    [detection.id, detection.paging.metric.name, detection.compliance?.metric.name ?? detection.id].map(
      (own) => [letters(own), detection] as const,
    ),
  ),
)

function letters(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}
