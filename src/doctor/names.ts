/** The names that benchmarks, modules and blogs give to the filters, metrics and alarms of the CIS detections. */

import { catalogue } from '../detections/catalogue.ts'
import type { Detection } from '../detections/detection.ts'

/** The most telling first. */
const NAMED: readonly (readonly [id: string, words: RegExp])[] = [
  ['console-signin-without-mfa', /(no|without)mfa|mfa(missing|notused)/],
  ['unauthorized-api-calls', /unauthori[sz]ed|accessdenied|authori[sz]ationfail/],
  ['console-authentication-failures', /(signin|login|authentication)s?fail|failed(console)?(signin|login|auth)/],
  ['root-account-usage', /root(user|account)?(us|login|signin|activity|access)|use?ofroot|^root$/],
  ['cloudtrail-config-changes', /(cloud)?trail(cfg|config\w*)?change|stoplogging/],
  ['kms-key-disable-or-delete', /(disable\w*delet\w*|delet\w*)(cmk|kms)|cmk|kmskey/],
  ['s3-bucket-policy-changes', /(s3|bucket)polic/],
  ['aws-config-changes', /awsconfig|configservice|config(uration)?recorder|config(change|configurationchange)/],
  ['security-group-changes', /securitygroup|sgchange/],
  ['network-acl-changes', /nacl|networkacl/],
  ['network-gateway-changes', /networkg(ate)?w|(?<!transit)gatewaychange|internetgateway/],
  ['route-table-changes', /routetable/],
  ['vpc-changes', /vpcchange/],
  ['organizations-changes', /organi[sz]ation/],
  ['iam-policy-changes', /iam(policy)?change|iampolicy/],
]

/** The detections that the names tell, the first name that tells first. */
export function detectionsNamed(names: readonly string[]): readonly Detection[] {
  return [...new Set(names.map(byName).filter((detection) => detection !== undefined))]
}

function byName(name: string): Detection | undefined {
  const plain = letters(name)
  const exact = ownNames().get(plain)
  if (exact !== undefined) return exact
  const known = NAMED.find(([, words]) => words.test(plain))
  return catalogue.find(({ id }) => id === known?.[0])
}

let own: ReadonlyMap<string, Detection> | undefined

function ownNames(): ReadonlyMap<string, Detection> {
  own ??= new Map(
    catalogue.flatMap((detection) =>
      [detection.id, detection.paging.metric.name, detection.compliance?.metric.name ?? detection.id].map(
        (name) => [letters(name), detection] as const,
      ),
    ),
  )
  return own
}

function letters(name: string): string {
  return name.toLowerCase().replace(/[^a-z0-9]/g, '')
}
