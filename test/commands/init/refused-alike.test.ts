import { describe, expect, it } from 'vitest'
import { freshAccount } from '../../support/fresh-account.ts'

const DENIED = [{ operation: 'DescribeMetricFilters', every: true, kind: 'access-denied', message: 'no' }] as const

describe('many resources that are refused for one reason', () => {
  it('are told once, in the plan and in the error', async () => {
    const aws = await freshAccount({ faults: DENIED })
    const { exit, stdout } = await aws.run(['init', '--yes'])
    expect(exit).toBe(1)
    expect(stdout.match(/AccessDeniedException/g)).toHaveLength(2)
    expect(stdout).toMatch(/✖ metric filter {2}26\n/)
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'nothing was changed, because metric-filter cloudtrail-pd-account-leaves-organization and 25 more: CloudWatch Logs',
    )
  })

  it('are each in the JSON', async () => {
    const aws = await freshAccount({ faults: DENIED })
    const { changes } = (await aws.run(['init', '--yes', '--json'])).json() as unknown as {
      readonly changes: readonly { readonly action: string }[]
    }
    expect(changes.filter(({ action }) => action === 'blocked')).toHaveLength(26)
  })
})
