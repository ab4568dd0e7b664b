/** A command with a person at the prompts: the same deps that `main` builds, but for the scripted answers. */

import { connectAws } from '../../src/aws/session.ts'
import type { Backend } from '../../src/cli/backend.ts'
import { pagerDutyConnector, pagerDutySignIn } from '../../src/cli/connect.ts'
import type { CommandContext } from '../../src/context.ts'
import { createScrubber } from '../../src/domain/secret.ts'
import { SANDBOX_TOKEN } from '../../src/sandbox/pagerduty/state.ts'
import { filesWith } from '../options/reading.ts'
import { type Script, type Step, script } from './scripted-prompter.ts'
import type { Account } from './tool.ts'

export interface Asked {
  readonly context: CommandContext
  readonly played: Script
  /** What was shown, without every secret that the run has learned. */
  shown(): string
}

/** `token` undefined: none is at hand, and the person may type one. */
export function asked(account: Account, steps: readonly Step[], token: string | undefined = SANDBOX_TOKEN): Asked {
  const { sandbox, pagerDuty } = account
  const played = script(steps)
  const { signal } = new AbortController()
  const scrubber = createScrubber()
  const backend: Backend = {
    clock: sandbox.clock,
    connectAws: ({ region }) =>
      connectAws(
        { profile: undefined, region: region ?? 'us-east-1', endpointUrl: undefined },
        { env: {}, backend: sandbox.backend },
      ),
    pagerDuty: { token, apiUrl: pagerDuty.apiUrl },
    keyFor: () => undefined,
    secrets: [],
    close: async () => {},
  }
  const signInPagerDuty = pagerDutySignIn(backend, { env: {}, signal, progress: { trace: () => {}, note: () => {} } })
  const context: CommandContext = {
    env: {},
    clock: backend.clock,
    files: filesWith({}),
    signal,
    prompter: played.prompter,
    progress: played.progress,
    connectAws: backend.connectAws,
    connectPagerDuty: pagerDutyConnector(token, signInPagerDuty),
    signInPagerDuty,
    redact: (secret) => scrubber.add(secret),
  }
  return { context, played, shown: () => played.lines.join('\n') }
}
