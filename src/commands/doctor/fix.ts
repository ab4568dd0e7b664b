/** `doctor --fix`: shows each repair with what it changes, asks once, makes them one by one. */

import { makeRepair } from '../../apply/repair.ts'
import { awsError } from '../../aws/failures.ts'
import { createCloudTrailPacer, inParallel, pollUntil, readBackPolicy } from '../../aws/pacing.ts'
import { readStack } from '../../aws/readers/stack.ts'
import { readSubscriptions } from '../../aws/resources/subscription.ts'
import type { Aws } from '../../aws/session.ts'
import type { CommandContext } from '../../context.ts'
import { valueIfRead } from '../../domain/snapshot.ts'
import type { AppError } from '../../errors.ts'
import { inCode } from '../../plan/in-code.ts'
import { type Repair, repairDiff, repairTarget } from '../../plan/repair.ts'
import { hanging } from '../../ui/clean.ts'
import type { Theme } from '../../ui/theme.ts'

export interface PlannedRepair {
  readonly aws: Aws
  readonly repair: Repair
}

/** `told` is the `repairs` of the JSON document. */
export interface RepairOutcome {
  readonly done: readonly PlannedRepair[]
  readonly reported: readonly object[]
  readonly failed: AppError | undefined
}

/** Stops at the first failure and at a signal; what was made stays made. */
export async function repairAll(
  planned: readonly PlannedRepair[],
  options: { yes?: boolean | undefined },
  context: CommandContext,
): Promise<RepairOutcome> {
  const stacks = await inParallel(planned, READS, ({ aws, repair }) => stackOf(aws, repair))
  context.progress.show((theme, width) => showRepairs(planned, stacks, theme, width))
  const agreed =
    options.yes === true || (await context.prompter?.confirm({ message: 'Make these repairs?', default: false }))
  const done: PlannedRepair[] = []
  let failed: AppError | undefined
  const cloudtrail = createCloudTrailPacer(context.clock)
  for (const one of agreed === true ? planned : []) {
    if (context.signal.aborted || failed !== undefined) break
    const target = repairTarget(one.repair)
    context.progress.working('repair', target)
    try {
      await makeRepair(one.repair, {
        aws: one.aws,
        clock: context.clock,
        cloudtrail,
        waiting: (text) => context.progress.working('repair', text),
      })
      done.push(one)
      context.progress.done('repair', 'good', target)
    } catch (error) {
      failed = awsError(error)
      context.progress.done('repair', 'bad', target)
    }
  }
  for (const one of done) await awaitConfirmation(one, context)
  return { done, reported: planned.map((one) => report(one, done.includes(one))), failed }
}

/**
 * ```
 * Repairs
 *   ~ CIS-ConsoleNoMFA
 *       OKActions: none → arn:…:alerts
 *       in Terraform: aws_cloudwatch_metric_alarm, ok_actions = ["arn:…:alerts"]
 * ```
 */
function showRepairs(
  planned: readonly PlannedRepair[],
  stacks: readonly (string | undefined)[],
  theme: Theme,
  width: number,
): string {
  const several = new Set(planned.map(({ aws }) => placeOf(aws))).size > 1
  const lines = planned.flatMap(({ aws, repair }, at) => [
    `  ${theme.mark('update')} ${repairTarget(repair)}${several ? `${theme.dot}${placeOf(aws)}` : ''}`,
    ...repairDiff(repair).flatMap(({ field, from, to }) =>
      hanging('      ', `${field}: ${from} ${theme.arrow} ${to}`, width),
    ),
    // To be pasted.
    ...inCode(repair).map((line) => `      ${line}`),
    ...(stacks[at] === undefined
      ? []
      : hanging('      ', `made by CloudFormation stack ${stacks[at]}: change it there too`, width)),
  ])
  const code = planned.some(({ repair }) => inCode(repair).length > 0)
  return [
    theme.heading('Repairs'),
    ...lines,
    ...hanging('  ', 'Every other field stays as it is.', width),
    ...(code
      ? hanging(
          '  ',
          'Change resources managed by Terraform or CloudFormation there too: the next apply reverts a repair.',
          width,
        )
      : []),
  ].join('\n')
}

/** Tags read at a time. */
const READS = 4

/** The stack that made what a repair changes; undefined where none did, or it cannot be read. */
async function stackOf(aws: Aws, repair: Repair): Promise<string | undefined> {
  if (repair.kind === 'alarm') return valueIfRead(await readStack(aws, repair.alarm.arn))
  return repair.kind === 'topic-policy' ? valueIfRead(await readStack(aws, repair.topicArn)) : undefined
}

function placeOf({ identity, region }: Aws): string {
  return `${identity.account} ${region}`
}

function report({ aws, repair }: PlannedRepair, made: boolean): object {
  const { identity, region } = aws
  const target = { account: identity.account, region }
  return { ...target, kind: repair.kind, resource: repairTarget(repair), changes: repairDiff(repair), made }
}

async function awaitConfirmation({ aws, repair }: PlannedRepair, context: CommandContext): Promise<void> {
  if (repair.kind !== 'subscribe-again') return
  if (context.signal.aborted) return
  const waiting = () => context.progress.working('repair', 'waiting for PagerDuty to confirm')
  const ask = () => readSubscriptions(aws, repair.topicArn)
  await pollUntil(context.clock, { ...readBackPolicy, signal: context.signal, waiting }, ask, (listed) =>
    (valueIfRead(listed) ?? []).some(
      ({ endpoint, confirmed }) => confirmed === true && endpoint.address.equals(repair.endpoint),
    ),
  )
}
