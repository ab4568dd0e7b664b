/** `doctor --fix`: shows each repair with what it changes, asks once, makes them one by one. */

import { makeRepair } from '../../apply/repair.ts'
import { awsError } from '../../aws/failures.ts'
import { createCloudTrailPacer } from '../../aws/pacing.ts'
import { readSubscriptions } from '../../aws/resources/subscription.ts'
import type { Aws } from '../../aws/session.ts'
import type { Deps } from '../../context.ts'
import type { AppError } from '../../errors.ts'
import { type Repair, repairDiff, repairTarget } from '../../plan/repair.ts'
import type { Theme } from '../../ui/theme.ts'

export interface PlannedRepair {
  readonly aws: Aws
  readonly repair: Repair
}

/** `told` is the `repairs` of the JSON document. */
export interface RepairOutcome {
  readonly done: readonly PlannedRepair[]
  readonly told: readonly object[]
  readonly failed: AppError | undefined
}

/** PagerDuty confirms within seconds when it does at all. */
const CONFIRM_WITHIN_MS = 30_000
const CONFIRM_WAIT_MS = 2_000

/** Stops at the first failure and at a signal; what was made stays made. */
export async function repairAll(
  planned: readonly PlannedRepair[],
  options: { yes?: boolean | undefined },
  deps: Deps,
): Promise<RepairOutcome> {
  deps.progress.show((theme) => showRepairs(planned, theme))
  const agreed =
    options.yes === true || (await deps.prompter?.confirm({ message: 'Make these repairs?', default: false }))
  const done: PlannedRepair[] = []
  let failed: AppError | undefined
  const cloudtrail = createCloudTrailPacer(deps.clock)
  for (const one of agreed === true ? planned : []) {
    if (deps.signal.aborted || failed !== undefined) break
    const target = repairTarget(one.repair)
    deps.progress.working('repair', target)
    try {
      await makeRepair(one.repair, {
        aws: one.aws,
        clock: deps.clock,
        cloudtrail,
        waiting: (text) => deps.progress.working('repair', text),
      })
      done.push(one)
      deps.progress.done('repair', 'good', target)
    } catch (error) {
      failed = awsError(error)
      deps.progress.done('repair', 'bad', target)
    }
  }
  for (const one of done) await awaitConfirmation(one, deps)
  return { done, told: planned.map((one) => tell(one, done.includes(one))), failed }
}

/**
 * ```
 * Repairs
 *   ~ CIS-ConsoleNoMFA
 *       OKActions: none → arn:…:alerts
 * ```
 */
function showRepairs(planned: readonly PlannedRepair[], theme: Theme): string {
  const several = new Set(planned.map(({ aws }) => placeOf(aws))).size > 1
  const lines = planned.flatMap(({ aws, repair }) => [
    `  ${theme.mark('update')} ${repairTarget(repair)}${several ? `${theme.dot}${placeOf(aws)}` : ''}`,
    ...repairDiff(repair).map(({ field, from, to }) => `      ${field}: ${from} ${theme.arrow} ${to}`),
  ])
  return [theme.heading('Repairs'), ...lines, '  Every other field stays as it is.'].join('\n')
}

function placeOf({ identity, region }: Aws): string {
  return `${identity.account} ${region}`
}

function tell({ aws, repair }: PlannedRepair, made: boolean): object {
  const { identity, region } = aws
  const place = { account: identity.account, region }
  return { ...place, kind: repair.kind, resource: repairTarget(repair), changes: repairDiff(repair), made }
}

async function awaitConfirmation({ aws, repair }: PlannedRepair, deps: Deps): Promise<void> {
  if (repair.kind !== 'subscribe-again') return
  const until = deps.clock.now().getTime() + CONFIRM_WITHIN_MS
  while (deps.clock.now().getTime() < until && !deps.signal.aborted) {
    const listed = await readSubscriptions(aws, repair.topicArn)
    const own =
      listed.state === 'read' ? listed.value.find(({ endpoint }) => endpoint.equals(repair.endpoint)) : undefined
    if (own?.confirmed === true) return
    deps.progress.working('repair', 'waiting until PagerDuty confirms')
    await deps.clock.sleep(CONFIRM_WAIT_MS, deps.signal)
  }
}
