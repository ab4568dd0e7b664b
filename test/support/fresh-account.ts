/** Accounts of a test, closed when it has ended. Apart from `tool.ts`, which also serves where no test runs. */

import { afterEach } from 'vitest'
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts'
import { type Account, anAccount } from './tool.ts'

const opened: Account[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()))
})

export async function freshAccount(options: SandboxOptions = {}): Promise<Account> {
  const account = await anAccount(options)
  opened.push(account)
  return account
}
