import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { freshAccount } from './fresh-account.ts'

it('no minute passes in the account of a test while nobody sleeps, however slow the machine', async () => {
  const { sandbox } = await freshAccount()
  const before = sandbox.clock.now().getTime()
  await wait(20)
  expect(sandbox.clock.now().getTime()).toBe(before)
  await sandbox.clock.sleep(60_000)
  expect(sandbox.clock.now().getTime()).toBe(before + 60_000)
})
