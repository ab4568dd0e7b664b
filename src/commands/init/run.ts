/** `init`: with a person a conversation, without one a single round. */

import type { CommandContext } from '../../context.ts'
import type { InitOptions } from '../../options/command-options.ts'
import { setupOf } from '../../options/setup.ts'
import { givenFile } from '../../options/setup-command.ts'
import { pagerDutyDestination } from '../../plan/setup.ts'
import { echoAnswers, missingOptions } from '../../wizard/fill.ts'
import { noToken, pagerDutySession } from '../pagerduty-session.ts'
import type { Report } from '../report.ts'
import { openSession } from '../session.ts'
import { workingTime } from '../working-time.ts'
import { converse } from './conversation.ts'
import { unattendedRound } from './round.ts'
import { listTrails } from './trails.ts'
import { withTest } from './with-test.ts'

export async function init(given: InitOptions, context: CommandContext): Promise<Report> {
  const options = given.test === true ? { ...given, drill: true } : given
  // Syntax is judged before any call, and so is whether anybody can be asked.
  const { setup } = setupOf(options)
  const asks = context.prompter !== undefined && options.yes !== true && options.dryRun !== true
  const missing = asks ? undefined : missingOptions(options)
  if (missing !== undefined) throw missing
  const pagerduty = pagerDutySession(context)
  if (!asks && pagerDutyDestination(setup) !== undefined && !pagerduty.hasToken()) throw noToken()
  const time = workingTime(context)
  const session = await openSession(options, context)
  const trails = await listTrails(session)
  const file = await givenFile(options, context)
  const initContext = { session, trails, pagerduty, file, worked: time.milliseconds }
  if (asks) {
    const ended = await converse(options, initContext, time.context)
    return withTest(ended.report, ended.answered, context)
  }
  const answered = echoAnswers(options, context)
  const { report } = await unattendedRound(answered, initContext, time.context)
  return withTest(report, answered, context)
}
