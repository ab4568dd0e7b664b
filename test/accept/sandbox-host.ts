/** An acceptance run in this process, in a fresh account of the sandbox whose clock does not wait. */

import { type AcceptOptions, accept, type Host, type Outcome } from '../../accept/flow.ts'
import { callIn, type Tool } from '../../accept/tool.ts'
import type { AwsBackend } from '../../src/aws/backend.ts'
import { connectAws } from '../../src/aws/session.ts'
import { Secret } from '../../src/domain/secret.ts'
import { connectPagerDuty } from '../../src/pagerduty/directory.ts'
import { SANDBOX_SERVICE_ID, SANDBOX_TOKEN } from '../../src/sandbox/pagerduty/state.ts'
import type { Account } from '../support/tool.ts'

export const NAME = 'pd-accept'

export interface AcceptRun {
  readonly outcome: Outcome
  readonly asked: readonly string[]
  readonly said: readonly string[]
  /** The command lines of the tool. */
  readonly lines: readonly string[]
}

export interface AcceptRunOptions extends Partial<AcceptOptions> {
  /** Whether a question is answered with yes; always by default. */
  readonly agrees?: (question: string) => boolean
  /** Called before each command line, with what sends the first signal. */
  readonly before?: (line: string, interrupt: () => void) => void
  /** Answers the tool in place of the account's own. */
  readonly toolBackend?: AwsBackend
}

export async function acceptIn(
  account: Account,
  { agrees, before, toolBackend, ...more }: AcceptRunOptions = {},
): Promise<AcceptRun> {
  const options: AcceptOptions = {
    ...{ target: 'sandbox', name: NAME, where: [], trail: undefined, route: 'service', serviceRegion: 'us' },
    ...{
      keys: [undefined, undefined],
      service: SANDBOX_SERVICE_ID,
      token: true,
      timeout: undefined,
      profile: undefined,
    },
    ...more,
  }
  const [asked, said, lines]: [string[], string[], string[]] = [[], [], []]
  const controller = new AbortController()
  const interrupt = () => controller.abort(new Error('interrupted'))
  const tool: Tool = {
    async run(args, env, signal) {
      lines.push(args.join(' '))
      before?.(args.join(' '), interrupt)
      const given = {
        env,
        ...(toolBackend === undefined ? {} : { backend: toolBackend }),
        interrupt: (send: () => void) => {
          signal?.addEventListener('abort', send, { once: true })
          if (signal?.aborted) queueMicrotask(send)
        },
      }
      const { exit, stdout, stderr } = await (options.token
        ? account.runWithToken(args, given)
        : account.run(args, given))
      return { exit, stdout, calls: stderr.split('\n').flatMap((line) => callIn(line, undefined) ?? []) }
    },
  }
  const { clock, backend } = account.sandbox
  const target = { profile: undefined, region: 'us-east-1', endpointUrl: undefined }
  const aws = await connectAws(target, { env: {}, backend })
  const { apiUrl: baseUrl } = account.pagerDuty
  const pagerDuty = connectPagerDuty({ token: new Secret(SANDBOX_TOKEN), region: 'us', baseUrl, clock })
  const host: Host = {
    tool,
    look: (read) => read({ aws, clock, pagerDuty: options.token ? pagerDuty : undefined }),
    ask: async (question) => {
      asked.push(question)
      return agrees?.(question) ?? true
    },
    say: (line) => said.push(line),
    signal: controller.signal,
  }
  return { outcome: await accept(options, host), asked, said, lines }
}

/** `init done`, as a test compares them. */
export function stepsOf({ outcome }: AcceptRun): readonly string[] {
  return outcome.steps.map(({ step, status }) => `${step} ${status}`)
}
