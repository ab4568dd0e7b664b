/** What PagerDuty says about the endpoints that a chain delivers to, once a token lets `init` look. */

import { readSubscriptions } from '../../aws/resources/subscription.ts'
import type { CommandContext } from '../../context.ts'
import type { Finding } from '../../doctor/check.ts'
import { valueIfRead } from '../../domain/snapshot.ts'
import { AppError } from '../../errors.ts'
import type { PagerDutySession } from '../pagerduty-session.ts'
import type { Decided } from './decide.ts'

/** None without a token. A look that fails is told and ends nothing: what was asked for is made by then. */
export async function pagerDutyFindings(
  { aws, snapshot, plan }: Decided,
  pagerduty: PagerDutySession,
  context: Pick<CommandContext, 'clock' | 'progress'>,
): Promise<readonly Finding[]> {
  if (!pagerduty.hasToken()) return []
  // The checks are many, and a run without a token judges nothing.
  const [{ gatherPagerDuty }, { judgePagerDuty }] = await Promise.all([
    import('../../doctor/gather-pagerduty.ts'),
    import('../../doctor/diagnose.ts'),
  ])
  const topics = plan.flatMap(({ resource }) => (resource.kind === 'subscription' ? [resource.spec.topicArn] : []))
  try {
    const { client, serviceRegion } = await pagerduty.account()
    const readings = await Promise.all([...new Set(topics)].map((arn) => readSubscriptions(aws, arn)))
    const subscriptions = readings.flatMap((reading) => valueIfRead(reading) ?? [])
    const diagnostics = { pagerduty: await gatherPagerDuty(client, serviceRegion, subscriptions) }
    return judgePagerDuty({ snapshot, now: context.clock.now(), identity: aws.identity, diagnostics }, subscriptions)
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    context.progress.note(`! PagerDuty was not checked: ${error.message}`)
    return []
  }
}
