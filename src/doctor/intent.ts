/** What a foreign filter was meant to detect, told from marker, names and meaning. */

import type { AlarmFact, MetricFilterFact } from '../chain/inventory.ts'
import { parseMarker } from '../chain/marker.ts'
import { catalogue } from '../detections/catalogue.ts'
import type { Detection } from '../detections/detection.ts'

/** The detection that a filter stands for; undefined when nothing tells. */
export function intendedFor(filter: MetricFilterFact, alarms: readonly AlarmFact[]): Detection | undefined {
  const marked = alarms.map(({ description }) => parseMarker(description)?.detection).find((id) => id !== undefined)
  if (marked !== undefined) return catalogue.find(({ id }) => id === marked)
  return (
    catalogue.find((detection) => texts(detection).includes(filter.pattern)) ??
    byName([filter.name, ...filter.transformations.map(({ name }) => name), ...alarms.map(({ name }) => name)])
  )
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

function byName(names: readonly string[]): Detection | undefined {
  const plain = names.map((name) => name.toLowerCase().replace(/[^a-z0-9]/g, ''))
  const exact = catalogue.find(({ id, paging, compliance }) => {
    const own = [id, paging.metric.name, compliance?.metric.name ?? id].map((name) =>
      name.toLowerCase().replace(/[^a-z0-9]/g, ''),
    )
    return plain.some((name) => own.includes(name))
  })
  if (exact !== undefined) return exact
  const known = NAMED.find(([, words]) => plain.some((name) => words.test(name)))
  return catalogue.find(({ id }) => id === known?.[0])
}
