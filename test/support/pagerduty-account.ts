/** A connected account on the sandbox's server, with a clock that never waits and remembers what it was asked to. */

import { onTestFinished } from 'vitest'
import { Secret } from '../../src/domain/secret.ts'
import type { PagerDutyOptions } from '../../src/pagerduty/client/connection.ts'
import type { PagerDuty } from '../../src/pagerduty/directory.ts'
import { connectPagerDuty } from '../../src/pagerduty/directory.ts'
import type { PagerDutySandbox, PagerDutySandboxOptions } from '../../src/sandbox/pagerduty/server.ts'
import { openPagerDutySandbox } from '../../src/sandbox/pagerduty/server.ts'
import { SANDBOX_TOKEN } from '../../src/sandbox/pagerduty/state.ts'

export interface Account {
  readonly pagerduty: PagerDuty
  readonly sandbox: PagerDutySandbox
  /** Milliseconds of each wait. */
  readonly waits: readonly number[]
  readonly traces: readonly string[]
}

export async function openAccount(
  options: Partial<PagerDutyOptions> = {},
  sandboxOptions: PagerDutySandboxOptions = {},
): Promise<Account> {
  const sandbox = await openPagerDutySandbox(sandboxOptions)
  onTestFinished(() => sandbox.close())
  const waits: number[] = []
  const traces: string[] = []
  const pagerduty = connectPagerDuty({
    token: new Secret(SANDBOX_TOKEN),
    region: 'us',
    baseUrl: sandbox.apiUrl,
    clock: waitlessClock(waits),
    trace: (line) => void traces.push(line),
    ...options,
  })
  return { pagerduty, sandbox, waits, traces }
}

export function waitlessClock(waits: number[] = []): PagerDutyOptions['clock'] {
  let time = Date.parse('2030-01-01T00:00:00Z')
  return {
    now: () => new Date(time),
    sleep: async (milliseconds, signal) => {
      signal?.throwIfAborted()
      waits.push(milliseconds)
      time += milliseconds
    },
  }
}
