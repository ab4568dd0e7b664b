import { describe, expect, it } from 'vitest'
import { freshAccount } from '../support/fresh-account.ts'
import { type Account, anAccount } from '../support/tool.ts'
import { resourcesOf } from './state.ts'

const WATCHED = ['--heartbeat', '--fallback-email', 'oncall@example.com', '--dead-letter-queue', '--dashboard']
const INIT = ['init', '--yes', '--json', '--detections', 'root-account-usage,kms-key-disable-or-delete', ...WATCHED]
const DESTROY = ['destroy', '--yes', '--json', '--delete-trail', '--delete-logs']

/** How many calls a whole run makes when nothing goes wrong. */
async function callsOf(args: readonly string[], prepare: (aws: Account) => Promise<unknown>): Promise<number> {
  const aws = await freshAccount()
  await prepare(aws)
  aws.calls()
  await aws.run(args)
  return aws.calls().length
}

async function stoppedAt(
  nth: number,
  kind: 'crash-before' | 'crash-after',
  args: readonly string[],
  aws: Account,
): Promise<void> {
  aws.sandbox.restart([{ nth, kind }])
  await aws.run(args)
  aws.sandbox.restart()
}

describe.each(['crash-before', 'crash-after'] as const)('a run that dies by %s', (kind) => {
  it('at every single call of init reaches the same end when it is run again, with nothing doubled', async () => {
    const whole = await freshAccount()
    await whole.run(INIT)
    const expected = resourcesOf(whole.sandbox.state)
    const calls = await callsOf(INIT, async () => {})
    expect(calls).toBeGreaterThan(30)
    for (let nth = 1; nth <= calls; nth += 1) {
      const aws = await anAccount()
      await stoppedAt(nth, kind, INIT, aws)
      const again = await aws.run(INIT)
      expect(again.exit, `call ${nth}: ${again.stdout}`).toBe(0)
      expect(resourcesOf(aws.sandbox.state), `call ${nth}`).toEqual(expected)
      await aws.close()
    }
  }, 120_000)

  it('at every single call of destroy leaves nothing when it is run again', async () => {
    const empty = resourcesOf((await freshAccount()).sandbox.state)
    const calls = await callsOf(DESTROY, (aws) => aws.run(INIT))
    expect(calls).toBeGreaterThan(20)
    for (let nth = 1; nth <= calls; nth += 1) {
      const aws = await anAccount()
      await aws.run(INIT)
      await stoppedAt(nth, kind, DESTROY, aws)
      const again = await aws.run(DESTROY)
      expect(again.exit, `call ${nth}: ${again.stdout}`).toBe(0)
      expect(resourcesOf(aws.sandbox.state), `call ${nth}`).toEqual(empty)
      await aws.close()
    }
  }, 120_000)
})
