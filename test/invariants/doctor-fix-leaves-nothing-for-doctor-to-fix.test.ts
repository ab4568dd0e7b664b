import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BREAKAGES } from '../doctor/breakages.ts'
import { awsIn } from '../support/fresh-account.ts'
import { anAccount } from '../support/tool.ts'

describe('doctor --fix', () => {
  it('leaves nothing for doctor to fix, whatever was broken together and in whichever order', async () => {
    const broken = fc.shuffledSubarray([...BREAKAGES], { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(broken, async (breakages) => {
        const account = await anAccount()
        try {
          await account.run(['init', '--yes', '--detections', 'root-account-usage,vpc-changes'])
          await account.sandbox.clock.sleep(30 * 60_000)
          const aws = await awsIn(account)
          for (const { breaks } of breakages) await breaks(aws)

          const fixed = await account.run(['doctor', '--fix', '--yes', '--json'])
          expect(fixed.exit, fixed.stdout).toBe(0)
          expect(fixed.json()).toMatchObject({ healthy: true, summary: { warn: 0, fail: 0 } })
          const made = fixed.json().repairs as unknown as readonly { readonly made: boolean }[]
          expect(made.length).toBeGreaterThan(0)
          expect(made.filter((repair) => !repair.made)).toEqual([])

          account.calls()
          const again = await account.run(['doctor', '--fix', '--yes', '--json'])
          expect(again.json().repairs).toBeUndefined()
          expect(account.writes()).toEqual([])
        } finally {
          await account.close()
        }
      }),
      { numRuns: 12 },
    )
  }, 60_000)
})
