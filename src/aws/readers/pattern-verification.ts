/** AWS as the oracle of the pattern engine: TestMetricFilter, which creates nothing and needs no log group. */

import type { IamAction } from '../../iam/action.ts'
import type { PatternProbe, ProbeAnswer } from '../../plan/pattern-verification.ts'
import type { Clock } from '../../ports.ts'
import { loadCloudWatchLogs } from '../clients.ts'
import type { MiddlewareStack } from '../middleware.ts'
import { createPacer, inParallel } from '../pacing.ts'
import type { Aws } from '../session.ts'

export interface VerificationRun {
  readonly aws: Aws
  readonly clock: Clock
  readonly signal: AbortSignal
}

/** Without the permission nothing is lost but the comparison. */
export const PATTERN_VERIFICATION_ACTIONS: readonly IamAction[] = ['logs:TestMetricFilter']

/** TestMetricFilter takes five calls a second (CloudWatch Logs quotas). */
const GAP_MS = 210
const WIDTH = 4

/** Milliseconds; nobody waits longer for an opinion. What is not asked by then stays unasked. */
const WITHIN_MS = 15_000
const CALL_WITHIN_MS = 5_000

/**
 * One call for each probe. Never rejects: an oracle that may not be asked, is not there or does not answer has no
 * opinion, and after the first such answer it is not asked again.
 */
export async function verifyPatterns(
  probes: readonly PatternProbe[],
  run: VerificationRun,
): Promise<readonly ProbeAnswer[]> {
  const until = run.clock.now().getTime() + WITHIN_MS
  const pace = createPacer(run.clock, GAP_MS)
  let silent = false
  const ask = async (probe: PatternProbe): Promise<ProbeAnswer> => {
    // Who is not asked need not wait for a turn.
    if (silent) return undefined
    try {
      return await pace(async () => {
        if (silent || run.signal.aborted || run.clock.now().getTime() > until) return undefined
        return await answerTo(probe, run)
      })
    } catch {
      silent = true
      return undefined
    }
  }
  const [first, ...others] = probes
  if (first === undefined) return []
  // The first alone tells whether there is anybody to ask.
  const answer = await ask(first)
  return [answer, ...(await inParallel(others, WIDTH, ask))]
}

async function answerTo({ pattern, messages }: PatternProbe, { aws, signal }: VerificationRun): Promise<ProbeAnswer> {
  const { CloudWatchLogsClient, TestMetricFilterCommand } = await loadCloudWatchLogs()
  const command = new TestMetricFilterCommand({ filterPattern: pattern, logEventMessages: [...messages] })
  askOnce(command.middlewareStack as unknown as MiddlewareStack)
  const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(CALL_WITHIN_MS)])
  const { matches } = await aws.client(CloudWatchLogsClient).send(command, { abortSignal })
  // Whoever answers without the list has not tested anything.
  if (matches === undefined) return undefined
  // By text: the numbers begin at 1 in recordings, and at 0 in the example of the API reference.
  const matched = new Set(matches.map(({ eventMessage }) => eventMessage))
  return messages.map((message) => matched.has(message))
}

/** An opinion is not worth a second try, and the SDK does not retry an error that it does not know. */
function askOnce(stack: MiddlewareStack): void {
  stack.addRelativeTo(
    (next) => async (args) => {
      try {
        return await next(args)
      } catch (error) {
        throw new Error(`no opinion: ${error instanceof Error ? error.name : 'unknown'}`)
      }
    },
    { relation: 'after', toMiddleware: 'retryMiddleware', name: 'cloudtrailPdAskOnce', override: true },
  )
}
