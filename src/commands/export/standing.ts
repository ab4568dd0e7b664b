/** A chain that stands already, as a template with all its names known. */

import { siteOf } from '../../aws/site.ts'
import { addressOf, type Resource, type SubscriptionPurpose, type Tags } from '../../domain/resources.ts'
import { type Reading, valueIfRead } from '../../domain/snapshot.ts'
import { AppError, usage } from '../../errors.ts'
import type { Template } from '../../export/template.ts'
import type { Standing } from '../../export/terraform.ts'
import { emailSubscriptionOf } from '../../plan/desired-fallback.ts'
import { managedQueue } from '../../plan/desired-queue.ts'
import type { Decided } from '../init/decide.ts'

/**
 * What the account should hold, by its own names; `records` are the tags by which its topics remember their
 * subscriptions. Throws `blocked` (exit 1) where a name is taken, and a usage error
 * (exit 2) where a trail of somebody else would have to be changed, which no template can do.
 */
export function standingTemplate({ plan, setup, aws }: Decided, records: ReadonlyMap<string, Reading<Tags>>): Template {
  const blocked = plan.flatMap((change) =>
    change.action === 'blocked' ? [`${change.resource.kind} ${change.resource.name}: ${change.why}`] : [],
  )
  if (blocked.length > 0) {
    throw new AppError('blocked', `this cannot be exported, because ${blocked.join('; ')}`, {
      hint: 'choose other names with --name, or get the missing permission',
    })
  }
  const adopted = plan.find(({ resource }) => resource.kind === 'trail' && resource.ownership === 'adopted')
  const delivery = plan.find(({ resource }) => resource.kind === 'delivery')
  if (adopted !== undefined && delivery !== undefined && delivery.action !== 'none') {
    throw usage(
      'export-delivery',
      `trail ${adopted.resource.name} does not write to a log group yet, and a template cannot change a trail that it did not create`,
      'run npx cloudtrail-pd init first, or set the log group where the trail is managed',
    )
  }
  return {
    setup,
    site: siteOf(aws),
    resources: plan.flatMap(({ action, resource }) => (action === 'delete' ? [] : [withRecords(resource, records)])),
    ownLogGroup: undefined,
  }
}

function withRecords(resource: Resource, records: ReadonlyMap<string, Reading<Tags>>): Resource {
  if (resource.kind !== 'topic') return resource
  const { spec } = resource
  return { ...resource, spec: { ...spec, tags: { ...spec.tags, ...valueIfRead(records.get(spec.arn)) } } }
}

/** Which of it is there, and under which ARN where the name does not tell. */
export function standingOf({ plan, snapshot, setup }: Decided): Standing {
  const present = new Set(
    plan.filter(({ action }) => action === 'none' || action === 'update').map(({ resource }) => addressOf(resource)),
  )
  const subscriptions = new Map<SubscriptionPurpose, string>()
  for (const { resource } of plan) {
    if (resource.kind !== 'subscription') continue
    const { topicArn, purpose, endpoint } = resource.spec
    const known = valueIfRead(snapshot.subscriptions.get(topicArn)) ?? []
    const arn = known.find((one) => endpoint !== 'from-pagerduty' && one.endpoint.address.equals(endpoint))?.arn
    if (arn !== undefined) subscriptions.set(purpose, arn)
  }
  const emails = new Map(
    plan.flatMap(({ resource }) => {
      if (resource.kind !== 'email-subscription') return []
      const { topicArn, address } = resource.spec
      const arn = emailSubscriptionOf(snapshot, topicArn, address)?.arn
      return arn === undefined ? [] : [[address, arn] as const]
    }),
  )
  const queueUrl = managedQueue(snapshot, setup.name)?.url
  return { subscriptions, emails, queueUrl, has: (resource) => present.has(addressOf(resource)) }
}
