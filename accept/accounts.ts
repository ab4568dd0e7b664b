/** Opens AWS and PagerDuty for the looks of an acceptance run: once for real accounts, anew each time for the sandbox, whose file one process holds at a time. */

import { openBackend, pagerDutyConnector, pagerDutySignIn } from '../src/cli/connect.ts'
import { processPlatform } from '../src/cli/platform.ts'
import type { Accounts } from './looks.ts'

export interface AccountTarget {
  readonly sandbox: boolean
  readonly profile: string | undefined
  readonly region: string | undefined
  readonly endpointUrl: string | undefined
  readonly token: string | undefined
}

export interface Opener {
  look<T>(read: (accounts: Accounts) => Promise<T>): Promise<T>
  close(): Promise<void>
}

export function accountsOf(target: AccountTarget, signal: AbortSignal): Opener {
  let kept: ReturnType<typeof open> | undefined
  async function open() {
    const progress = { trace: () => {}, note: () => {} }
    const platform = processPlatform(process)
    const backend = await openBackend(platform, { sandbox: target.sandbox }, progress)
    const { profile, region, endpointUrl } = target
    const aws = await backend.connectAws({ profile, region, endpointUrl })
    const signIn = pagerDutySignIn(backend, { env: platform.env, signal, progress })
    const connect = pagerDutyConnector(target.token ?? backend.pagerDuty?.token, signIn)
    const pagerDuty = (await connect?.())?.client
    return { accounts: { aws, pagerDuty, clock: backend.clock }, close: backend.close }
  }
  return {
    async look(read) {
      if (!target.sandbox) {
        kept ??= open()
        return read((await kept).accounts)
      }
      const { accounts, close } = await open()
      return read(accounts).finally(close)
    },
    async close() {
      await (await kept)?.close()
    },
  }
}
