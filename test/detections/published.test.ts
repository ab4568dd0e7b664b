import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { catalogue } from '../../src/detections/catalogue.ts'
import type { PublishedPattern } from '../../src/detections/detection.ts'

const published = catalogue.flatMap((detection) =>
  (detection.compliance?.patterns ?? []).map((pattern) => ({ id: detection.id, ...pattern })),
)

/** Length and first twelve digits of the SHA-256 of the texts as AWS printed them. */
const checksums: readonly (readonly [id: string, label: string, length: number, sha256: string])[] = [
  ['root-account-usage', 'security-hub', 102, '6a0b7f784762'],
  ['unauthorized-api-calls', 'security-hub', 73, '466f930215a0'],
  ['console-signin-without-mfa', 'security-hub', 164, '0e75d5219d24'],
  ['console-signin-without-mfa', 'two-term', 73, 'eb559f4cf2da'],
  ['iam-policy-changes', 'security-hub', 574, 'a90c2deef553'],
  ['iam-policy-changes', 'security-hub-2023', 535, 'd1ebb2d6b7d7'],
  ['cloudtrail-config-changes', 'security-hub', 144, '037532dd537f'],
  ['console-authentication-failures', 'security-hub', 72, 'bcfb694063da'],
  ['kms-key-disable-or-delete', 'security-hub', 102, 'c7fbbaef305d'],
  ['s3-bucket-policy-changes', 'security-hub', 354, 'd85ab6c6d49e'],
  ['aws-config-changes', 'security-hub', 200, '8b70feeb3591'],
  ['security-group-changes', 'security-hub', 252, 'c6576bd66d8e'],
  ['network-acl-changes', 'security-hub', 230, '031a82d4527c'],
  ['network-gateway-changes', 'security-hub', 232, 'c75ebb0b7f89'],
  ['route-table-changes', 'security-hub', 279, 'bf5bbf2bf4b4'],
  ['route-table-changes', 'security-hub-2023', 240, 'f599187c59cd'],
  ['vpc-changes', 'security-hub', 417, 'f447626dc43e'],
]

test.each(checksums)('%s %s is the published text, byte for byte', (id, label, length, sha256) => {
  const text = find(id, label)?.pattern ?? ''
  expect([text.length, createHash('sha256').update(text).digest('hex').slice(0, 12)]).toEqual([length, sha256])
})

test('every exact text of Security Hub is under a checksum', () => {
  const exact = published.filter((one) => one.securityHub === 'exact')
  expect(exact).toHaveLength(14)
  for (const one of exact) expect(checksums.some(([id, label]) => id === one.id && label === one.label)).toBe(true)
})

test('labels are unique within a detection and fit into the name of a metric filter', () => {
  const labels = published.map(({ id, label }) => `${id}/${label}`)
  expect(new Set(labels).size).toBe(labels.length)
  for (const { label } of published) expect(label).toMatch(/^[a-z0-9][a-z0-9.-]*$/)
})

test('the seventeen twins satisfy Security Hub, Prowler and Powerpipe together, and none of them is flawed', () => {
  const complianceFilters = catalogue.flatMap((detection) =>
    (detection.compliance?.complianceFilters ?? []).map((label) => [detection.id, label]),
  )
  expect(complianceFilters).toHaveLength(17)
  for (const detection of catalogue) {
    if (detection.compliance === undefined) continue
    const installed = detection.compliance.complianceFilters.map((label) => find(detection.id, label))
    expect(installed.filter((one) => one === undefined || one.flaw !== undefined || !one.valid)).toEqual([])
    for (const scanner of ['prowler', 'powerpipe'] as const) {
      expect(
        installed.some((one) => one?.acceptedBy.includes(scanner)),
        `${detection.id} ${scanner}`,
      ).toBe(true)
    }
    const exact = installed.some((one) => one?.securityHub === 'exact')
    expect(exact).toBe(detection.compliance.securityHubControl !== undefined)
  }
})

test('the larger set adds CloudSploit and ScoutSuite, and leaves nothing out that the twins satisfy', () => {
  for (const { id, compliance } of catalogue) {
    if (compliance === undefined) continue
    const installed = compliance.everyScanner.map((label) => find(id, label))
    const satisfied = new Set(installed.flatMap((one) => one?.acceptedBy ?? []))
    const wanted = ['cloudsploit', 'powerpipe', 'prowler', ...(id === 'organizations-changes' ? [] : ['scoutsuite'])]
    expect([...satisfied].sort(), id).toEqual(wanted)
    expect(
      installed.every((one) => one?.valid),
      id,
    ).toBe(true)
  }
})

test('a text that CloudWatch Logs refuses says what is wrong with it', () => {
  const refused = published.filter((one) => !one.valid)
  expect(refused.map(({ id, label }) => `${id}/${label}`)).toEqual(['console-authentication-failures/cis-4.0-to-7.0'])
  expect(refused.every((one) => one.flaw !== undefined)).toBe(true)
})

test('twins share a metric only where their alarm counts from one', () => {
  for (const { compliance } of catalogue) if (compliance !== undefined) expect(compliance.alarm.threshold).toBe(1)
})

function find(id: string, label: string): PublishedPattern | undefined {
  return published.find((one) => one.id === id && one.label === label)
}
