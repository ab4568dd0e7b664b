/** The benchmark lines that the CloudWatch detections answer: the same block of recommendations, renumbered by each edition. */
import type { BenchmarkPack, PackControl } from './detection.ts'

const FOURTH_SECTION: readonly BenchmarkPack[] = ['cis-1.4', 'cis-1.5', 'cis-2.0', 'cis-3.0', 'cis-4.0', 'cis-5.0']
const FIFTH_SECTION: readonly BenchmarkPack[] = ['cis-6.0', 'cis-7.0']

/** Position of AWS Organizations changes: added by 1.4, and Security Hub has no control for it. */
const ORGANIZATIONS = 15

/**
 * All lines for the n-th recommendation of the CIS monitoring section (1 to 15).
 * 1.2 numbers them 3.n, 1.4 to 5.0 number them 4.n, 6.0 and 7.0 number them 5.n.
 * Security Hub has its own order: root comes first there, and pushes the first two down.
 */
export function cisMonitoring(n: number): readonly PackControl[] {
  return [
    ...(n === ORGANIZATIONS ? [] : [{ pack: 'cis-1.2', control: `3.${n}` } as const]),
    ...FOURTH_SECTION.map((pack) => ({ pack, control: `4.${n}` })),
    ...FIFTH_SECTION.map((pack) => ({ pack, control: `5.${n}` })),
    ...(n === ORGANIZATIONS ? [] : [{ pack: 'security-hub', control: `CloudWatch.${securityHubNumber(n)}` } as const]),
  ]
}

function securityHubNumber(n: number): number {
  if (n === 3) return 1
  return n < 3 ? n + 1 : n
}
