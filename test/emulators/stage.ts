/** One account to play in, embedded or behind a real server, with a PagerDuty on loopback that confirms by a real GET. */

import { join } from 'node:path'
import { setTimeout as sleepFor } from 'node:timers/promises'
import { type Aws, connectAws } from '../../src/aws/session.ts'
import type { Clock, Env } from '../../src/ports.ts'
import { openPagerDutySandbox, type PagerDutySandbox } from '../../src/sandbox/pagerduty/server.ts'
import { anAccount, type Result, type RunOptions, runTool } from '../support/tool.ts'
import type { Emulator, EmulatorName } from './servers.ts'

export const REGION = 'us-east-1'

/** Nothing of the machine that runs the tests may reach the SDK; the emulators take any key. */
export const CREDENTIALS: Env = {
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  AWS_REGION: REGION,
  AWS_CONFIG_FILE: join(import.meta.dirname, 'no-such-file'),
  AWS_SHARED_CREDENTIALS_FILE: join(import.meta.dirname, 'no-such-file'),
  AWS_EC2_METADATA_DISABLED: 'true',
}

export interface Told extends Result {
  /** Every call of the run, retries included, as `SNS:CreateTopic`. */
  readonly calls: readonly string[]
  /** Those that change something. */
  readonly writes: readonly string[]
  /** Those of them that AWS carried out. */
  readonly done: readonly string[]
}

export interface Stage {
  readonly name: 'sandbox' | EmulatorName
  readonly account: string
  readonly pagerDuty: PagerDutySandbox
  /** Plain clients of the account, as anybody else in it would have. */
  readonly aws: Aws
  /** Runs the tool in this process. */
  run(args: readonly string[], options?: RunOptions): Promise<Told>
  /** Until CloudTrail sees a role that was made just now. */
  settle(): Promise<void>
  close(): Promise<void>
}

/** An empty account on a server that is running; what was in it is gone. */
export async function emulatedStage(emulator: Emulator, options: { readonly confirm?: boolean } = {}): Promise<Stage> {
  await emulator.reset()
  Object.assign(process.env, CREDENTIALS)
  const pagerDuty = await openPagerDutySandbox(options)
  const { name, account, endpoint } = emulator
  return {
    name,
    account,
    pagerDuty,
    aws: await connectAws({ profile: undefined, region: REGION, endpointUrl: endpoint }, { env: {} }),
    async run(args, { env, ...rest } = {}) {
      const line = [...args, '--endpoint-url', endpoint, '--verbose']
      return told(await runTool(line, { clock: QUICK, env: { ...worldOf(emulator, pagerDuty), ...env }, ...rest }))
    },
    settle: async () => {},
    close: pagerDuty.close,
  }
}

export async function sandboxStage(): Promise<Stage> {
  const account = await anAccount()
  const target = { profile: undefined, region: REGION, endpointUrl: undefined }
  return {
    name: 'sandbox',
    account: '123456789012',
    pagerDuty: account.pagerDuty,
    aws: await connectAws(target, { env: {}, backend: account.sandbox.backend }),
    run: async (args, options) => told(await account.run([...args, '--verbose'], options)),
    settle: () => account.sandbox.clock.sleep(30_000),
    close: account.close,
  }
}

/**
 * Where pages go. moto confirms every subscription unasked and calls nobody, so there the true host can be named;
 * MiniStack sends a real SubscriptionConfirmation, which has to stay on this machine.
 */
export function worldOf({ name }: Emulator, pagerDuty: PagerDutySandbox): Env {
  return name === 'ministack' ? { CLOUDTRAIL_PD_EVENTS_URL: pagerDuty.eventsUrl } : {}
}

/** Real time, but nobody waits for AWS's rates, which no emulator has. */
const QUICK: Clock = {
  now: () => new Date(),
  sleep: (milliseconds, signal) => sleepFor(Math.min(milliseconds, 20), undefined, { signal }),
}

function told(result: Result): Told {
  const calls = callsIn(result.stderr)
  const writes = calls.filter(({ call }) => isWrite(call))
  return {
    ...result,
    calls: calls.map(({ call }) => call),
    writes: writes.map(({ call }) => call),
    done: writes.filter(({ outcome }) => outcome === 'ok').map(({ call }) => call),
  }
}

/** The calls in what `--verbose` says. */
function callsIn(stderr: string): readonly { readonly call: string; readonly outcome: string }[] {
  const lines = stderr.matchAll(/^([\w ]+:\w+) \d+ ms, attempt \d+, (\w+)$/gm)
  return [...lines].map(([, call = '', outcome = '']) => ({ call, outcome }))
}

export function isWrite(call: string): boolean {
  return !/:(Get|List|Describe|Head|Lookup|Filter|Test)/.test(call)
}
