/** A chain with the drill's detection, made by `init` in a fresh account, and drills through it. */

import type { DrillStep } from '../../src/drill/hop.ts'
import type { AlarmState } from '../../src/sandbox/aws/state.ts'
import { SANDBOX_TOKEN } from '../../src/sandbox/pagerduty/state.ts'
import { accountWithChain } from './fresh-account.ts'
import type { Account, Result, RunOptions } from './tool.ts'

export const ALARM = 'cloudtrail-pd-fire-drill-123456789012-us-east-1'
export const TOPIC = 'arn:aws:sns:us-east-1:123456789012:cloudtrail-pd-alerts'

export interface Chain extends Account {
  /** Runs with a PagerDuty token. */
  watched(args: readonly string[], options?: RunOptions): Promise<Result>
  drill(via: 'alarm-state' | 'api-call', ...flags: readonly string[]): Promise<Drilled>
  alarm(name?: string): AlarmState
}

export interface Drilled {
  readonly exit: number
  readonly verdict: string
  readonly drill: string
  readonly steps: readonly DrillStep[]
  readonly notes: readonly string[]
  /** The hop that failed, and why. */
  readonly failed: Pick<DrillStep, 'hop' | 'detail'> | undefined
}

export async function aChain(...flags: readonly string[]): Promise<Chain> {
  const aws = await accountWithChain(['--drill', ...flags])
  const env = { PAGERDUTY_TOKEN: SANDBOX_TOKEN, CLOUDTRAIL_PD_API_URL: aws.pagerDuty.apiUrl }
  const watched = (args: readonly string[], options: RunOptions = {}) =>
    aws.run(args, { ...options, env: { ...env, ...options.env } })
  return {
    ...aws,
    watched,
    async drill(via, ...more) {
      return drilled(await watched(['test', '--yes', '--json', '--via', via, ...more]))
    },
    alarm(name = ALARM) {
      const alarm = Object.values(aws.sandbox.state.alarms).find((one) => one.name === name)
      if (alarm === undefined) throw new Error(`no alarm ${name}`)
      return alarm
    },
  }
}

export function drilled(result: Result): Drilled {
  const report = result.json() as unknown as Omit<Drilled, 'exit' | 'failed'>
  if (report.steps === undefined) throw new Error(result.stdout + result.stderr)
  const failed = report.steps.find(({ status }) => status === 'failed')
  return { ...report, exit: result.exit, failed: failed && { hop: failed.hop, detail: failed.detail } }
}

export function hopsOf({ steps }: Drilled): readonly string[] {
  return steps.map(({ hop, status }) => `${hop} ${status}`)
}

export function theOne<T>(items: Readonly<Record<string, T>>): T {
  const [item, ...more] = Object.values(items)
  if (item === undefined || more.length > 0) throw new Error(`${more.length + 1} items in place of one`)
  return item
}
