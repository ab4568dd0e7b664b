import { describe, expect, it } from 'vitest'
import type { InjectedFault } from '../../../src/sandbox/aws/faults.ts'
import { freshAccount } from '../../support/fresh-account.ts'

const INIT = ['init', '--yes', '--json', '--detections', 'root-account-usage']

interface Json {
  readonly created: readonly string[]
  readonly remaining: readonly string[]
  readonly next: readonly string[]
  readonly error?: { readonly code: string; readonly message: string }
}

describe('the wait for the confirmation', () => {
  it.each(['GetSubscriptionAttributes', 'ListSubscriptionsByTopic'])(
    'that may not look (%s) says so at once, and blames no key',
    async (operation) => {
      const aws = await freshAccount()
      const nth = operation === 'ListSubscriptionsByTopic' ? 2 : 1
      const denied: InjectedFault = { operation, nth, times: 99, kind: 'access-denied' }
      aws.sandbox.restart([denied])
      const before = aws.sandbox.clock.now().getTime()
      const { exit, json, stdout } = await aws.run(INIT)
      expect(exit, stdout).toBe(5)
      const { error, created, next } = json() as unknown as Json
      expect(error?.message).toContain('could not be read')
      expect(error?.message).toContain(operation)
      expect(created.length).toBeGreaterThan(5)
      expect(next.length).toBeGreaterThan(0)
      expect(aws.sandbox.clock.now().getTime() - before).toBeLessThan(60_000)
    },
  )

  it('of two topics takes the time of one', async () => {
    const aws = await freshAccount({ confirm: false })
    const tickets = 'https://events.pagerduty.com/integration/fedcba9876543210fedcba9876543210/enqueue'
    const before = aws.sandbox.clock.now().getTime()
    const flags = ['--low-urgency-integration-url', tickets, '--confirm-timeout', '90']
    const { exit, stdout } = await aws.run([...INIT, ...flags])
    expect(exit, stdout).toBe(5)
    expect(aws.sandbox.clock.now().getTime() - before).toBeLessThan(170_000)
  })
})
