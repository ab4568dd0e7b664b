/** What to run after a diagnosis: the repair where there is one, `init` where there is no chain, else the fire drill. */

import type { NextCommand } from '../next-command.ts'
import { toolCommand } from '../options/next-command.ts'
import { FIX_COMMAND } from './check.ts'
import type { Diagnosis } from './diagnose.ts'
import type { DrillStep } from './drill-step.ts'
import type { FindingSummary } from './summary.ts'

export interface NextStep {
  /** Nothing is broken that was seen, and whether someone is paged was not tried. */
  readonly unproven: boolean
  /** Undefined: there is nothing that this account could run. */
  readonly offered: { readonly command: NextCommand; readonly why: string } | undefined
}

export interface NextStepView {
  /** The account of whoever asks: the only one in which a command can be run as it stands. */
  readonly caller: string
  /** The command with the options that lead it to the same chains, in a region of its own where one is given. */
  sameChain(command: NextCommand, region?: string): NextCommand
}

/** Undefined: what there is to do stands in the findings. */
export function nextStepOf(
  diagnoses: readonly Diagnosis[],
  summaries: readonly FindingSummary[],
  { sameChain, caller }: NextStepView,
): NextStep | undefined {
  const chains = diagnoses.flatMap((one) => one.chains)
  const offer = (unproven: boolean, command: NextCommand, why: string, region?: string): NextStep => ({
    unproven,
    offered: { command: sameChain(command, region), why },
  })
  if (summaries.some(({ repairable }) => repairable)) {
    return offer(false, FIX_COMMAND, 'shows what it would change, and asks')
  }
  if (chains.length === 0 && diagnoses.some(({ unread }) => unread !== undefined)) return undefined
  if (chains.length === 0) return offer(false, toolCommand('init'), 'sets up a chain')
  if (chains.some(({ works }) => works !== true)) return undefined
  const home = diagnoses.find((one) => one.account === caller && one.chains.length > 0)
  if (home === undefined) return { unproven: true, offered: undefined }
  const region = diagnoses.length > 1 ? home.region : undefined
  const { drill } = home
  return drill === undefined
    ? { unproven: true, offered: undefined }
    : offer(true, drill.command, WHY[drill.how], region)
}

const WHY: Readonly<Record<DrillStep['how'], string>> = {
  run: 'runs a fire drill; asks before it pages',
  add: 'adds the fire drill, which tests the whole path',
  borrow: 'pages as this alarm would; asks before it does',
}
