import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Account, anAccount } from '../../support/tool.ts'

const ONE = ['--detections', 'root-account-usage']
const PATTERN = '($.userIdentity.invokedBy NOT EXISTS)'

interface Change {
  readonly link: string
  readonly action: string
  readonly details: readonly string[]
}

let aws: Account

beforeEach(async () => {
  aws = await anAccount()
})

afterEach(() => aws.close())

async function changes(...args: readonly string[]): Promise<readonly Change[]> {
  const { json } = await aws.run(['init', '--dry-run', '--json', ...args])
  return json().changes as unknown as readonly Change[]
}

describe('the plan in full', () => {
  it('shows every value of what is made: patterns, thresholds, periods, hold, actions, policies', async () => {
    const { exit, stdout } = await aws.run(['init', '--dry-run', '--detail', ...ONE])
    expect(exit).toBe(0)
    for (const text of [
      'threshold: 1',
      'period: 300 s',
      'hold: 60 minutes',
      'treat missing data: notBreaching',
      'ok actions:',
      '"sns:Publish"',
      '"sts:AssumeRole"',
      '"s3:PutObject"',
      'retention days: 365 days',
    ]) {
      expect(stdout).toContain(text)
    }
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(PATTERN)
    expect(aws.writes()).toEqual([])
  })

  it('tears no word, however narrow the terminal is', async () => {
    const words = async (columns: number) => {
      const { stdout } = await aws.run(['init', '--dry-run', '--detail', ...ONE], { columns })
      return new Set(stdout.split(/\s+/))
    }
    const [wide, narrow] = [await words(120), await words(40)]
    expect([...wide].filter((word) => /arn:|"Sid"|Pages?Duty/.test(word) && !narrow.has(word))).toEqual([])
  })

  it('is in the details of the JSON document too', async () => {
    const plan = await changes(...ONE)
    const of = (link: string) => plan.filter((one) => one.link === link).flatMap(({ details }) => details)
    expect(of('metric-filter')).toEqual(expect.arrayContaining([expect.stringContaining(PATTERN)]))
    expect(of('alarm')).toEqual(expect.arrayContaining(['threshold: 1', 'evaluationPeriods: 12', 'hold: 60 minutes']))
    expect(of('topic').join()).toContain('CloudTrailPagerDutyAlarms')
  })

  it('shows old and new of each field that changes, and no alarm for its marker alone', async () => {
    await aws.run(['init', '--yes', '--drill', '--detections', 'root-account-usage,unauthorized-api-calls'])
    const plan = await changes('--drill', '--detections', 'root-account-usage,unauthorized-api-calls', '--hold', '60')
    const updates = plan.filter(({ action }) => action === 'update')
    for (const { details } of updates) expect(details.join()).toMatch(/evaluationPeriods: \d+ → \d+/)
    // 60 minutes are the hold that root-account-usage has anyway, and the drill keeps its own.
    expect(updates.length).toBeLessThanOrEqual(1)
    const { stdout } = await aws.run(['init', '--dry-run', '--detail', ...ONE, '--hold', '90'])
    expect(stdout).toContain('evaluation periods: 12 → 18')
  })

  it('never shows a secret', async () => {
    const { stdout } = await aws.run(['init', '--dry-run', '--detail', ...ONE])
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(
      /endpoint: ?https:\/\/events\.pagerduty\.com\/integration\/…\w{4}\/enqueue/,
    )
  })

  it('can be written as Markdown, to paste into a review', async () => {
    const files: Record<string, string> = {}
    const { exit } = await aws.run(['init', '--dry-run', '--markdown', 'plan.md', ...ONE], { files })
    expect(exit).toBe(0)
    const text = files['plan.md'] ?? ''
    expect(text).toMatch(/^## CloudTrail to PagerDuty: plan\n/)
    expect(text).toContain('9 to create')
    expect(text).toContain(
      '<summary>create alarm <code>cloudtrail-pd-root-account-usage-123456789012-us-east-1</code></summary>',
    )
    expect(text).toContain('- threshold: `1`')
    expect(text).toContain(PATTERN)
    await aws.run(['init', '--yes', ...ONE])
    await aws.run(['init', '--dry-run', '--markdown', 'plan.md', ...ONE, '--hold', '90'], { files })
    expect(files['plan.md']).toContain('  ```diff\n  - 12\n  + 18\n  ```')
  })
})
