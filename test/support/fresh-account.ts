/** Accounts of a test, closed when it has ended. Apart from `tool.ts`, which also serves where no test runs. */

import { afterEach } from 'vitest'
import { type Aws, connectAws } from '../../src/aws/session.ts'
import type { SandboxOptions } from '../../src/sandbox/sandbox.ts'
import { type Account, anAccount, type RunOptions } from './tool.ts'

const opened: Account[] = []

afterEach(async () => {
  await Promise.all(opened.splice(0).map((one) => one.close()))
})

export async function freshAccount(options: SandboxOptions = {}): Promise<Account> {
  const account = await anAccount(options)
  opened.push(account)
  return account
}

/** An account where `init` has set up one chain and events have begun to arrive. */
export async function accountWithChain(
  flags: readonly string[] = [],
  { env = {}, prepare, ...options }: SandboxOptions & Pick<RunOptions, 'env'> & { prepare?(on: Account): void } = {},
): Promise<Account> {
  const account = await freshAccount(options)
  prepare?.(account)
  const { exit, stderr } = await account.run(['init', '--yes', '--detections', 'root-account-usage', ...flags], { env })
  if (exit !== 0) throw new Error(stderr)
  await account.sandbox.clock.sleep(30 * 60_000)
  account.calls()
  return account
}

/** The SDK's clients in that account. */
export function awsIn({ sandbox }: Pick<Account, 'sandbox'>, region = 'us-east-1'): Promise<Aws> {
  return connectAws({ profile: undefined, region, endpointUrl: undefined }, { env: {}, backend: sandbox.backend })
}
