/** Checks of PagerDuty: does the key belong to something that opens an incident, and is somebody there to be paged? */

import { counted } from '../../../counted.ts'
import { isPagerDuty } from '../../../domain/endpoint.ts'
import { orchestrationRules } from '../../../domain/orchestration-rules.ts'
import type { SubscriptionSnapshot } from '../../../domain/snapshot.ts'
import { type PagerDutyTarget, routeStops, type Stop, stopsOf, type TargetService } from '../../../pagerduty/target.ts'
import type { PagerDutyReadings } from '../../account.ts'
import { type Check, type CheckName, type Finding, type FindingBuilder, findingFor } from '../../check.ts'
import { drillFix } from '../../drill-step.ts'
import { wrongSubscriptionFix } from '../../fixes.ts'
import { type ChainGraph, readingOf, subscriptionAddress } from '../../graph.ts'

const NO_TOKEN = 'no token (PAGERDUTY_TOKEN)'

export const pagerdutyToken: Check = {
  name: 'pagerduty.token',
  finds: 'a token that PagerDuty does not take',
  run: ({ gathered }) => {
    const report = findingFor('pagerduty.token', 'PagerDuty')
    const { pagerduty } = gathered.diagnostics
    if (pagerduty === undefined) return [report.skip('PagerDuty answers', NO_TOKEN)]
    if (pagerduty.state === 'read')
      return [report.pass('PagerDuty answers', `service region ${pagerduty.value.serviceRegion.toUpperCase()}`)]
    return [
      report.warn({
        title: 'PagerDuty does not answer to this token',
        evidence: pagerduty.why,
        impact: "Nothing on PagerDuty's side was checked.",
        fix: {
          summary:
            'use a REST API key of the account, read-only is enough; a token of the other service region looks like a wrong one',
        },
      }),
    ]
  },
}

export const pagerdutyRegion: Check = {
  name: 'pagerduty.region',
  finds: 'an endpoint in one service region and an account in the other',
  run: each('pagerduty.region', 'endpoint and account are in one service region', (subscription, report, pagerduty) => {
    const { endpoint } = subscription
    const account = pagerduty.serviceRegion.toUpperCase()
    if (!isPagerDuty(endpoint))
      return report.skip('endpoint and account are in one service region', 'the endpoint is no integration URL')
    const events = endpoint.route.serviceRegion.toUpperCase()
    if (events === account) return report.pass('endpoint and account are in one service region', account)
    return report.warn({
      title: 'endpoint and account are in different service regions',
      evidence: `endpoint ${events}, account ${account}`,
      impact: 'PagerDuty forwards from the US host today and does not promise it: pages may stop one day.',
      fix: {
        ...wrongSubscriptionFix(subscription),
        summary: `subscribe the ${account} form of the same URL, then remove this subscription`,
      },
    })
  }),
}

export const pagerdutyIntegration: Check = {
  name: 'pagerduty.integration',
  looks: true,
  finds: 'a key that PagerDuty does not know',
  run: targeted('pagerduty.integration', 'PagerDuty knows the integration key', (target, report, subscription) => {
    if (target === undefined) {
      return report.fail({
        title: 'PagerDuty does not know the integration key',
        evidence: 'no service, orchestration or ruleset of this account has it',
        impact: 'SNS delivers, and PagerDuty drops every page.',
        fix: wrongSubscriptionFix(subscription),
      })
    }
    if (target.kind !== 'service')
      return report.pass('PagerDuty knows the integration key', `${target.kind} ${target.name}`)
    const { integration, service } = target
    const known = `${integration.name} of service ${service.name}`
    // The vendor decides how PagerDuty reads a message; which one reads alarms is only known for some of them.
    const { type = 'unknown', vendorId } = integration
    const generic = vendorId === undefined && !/cloudwatch/i.test(type)
    const note = generic ? `it is of type ${type}, which may not read alarms` : undefined
    return at(service.url, report.pass('PagerDuty knows the integration key', known, note))
  }),
}

export const pagerdutyServiceActive: Check = {
  name: 'pagerduty.service-active',
  finds: 'a service that is disabled',
  run: services('pagerduty.service-active', 'the service takes incidents', (service, report) => {
    if (stopOf(service, 'disabled') === undefined)
      return report.pass('the service takes incidents', `${service.name}: ${service.status}`)
    return report.fail({
      title: 'the service is disabled',
      evidence: service.name,
      impact: 'No incident opens: no one is paged.',
      fix: { summary: 'enable the service in PagerDuty' },
    })
  }),
}

export const pagerdutyMaintenance: Check = {
  name: 'pagerduty.maintenance',
  finds: 'a service in maintenance, which opens no incident',
  run: services('pagerduty.maintenance', 'no maintenance window is open', (service, report) => {
    const { maintenance } = service
    if (maintenance.state === 'unreadable') return report.skip('no maintenance window is open', maintenance.why)
    if (stopOf(service, 'maintenance') === undefined) return report.pass('no maintenance window is open', service.name)
    const until = maintenance.value?.until
    return report.warn({
      title: 'the service is in maintenance',
      evidence: `${service.name}${until === undefined ? '' : ` until ${until.toISOString()}`}`,
      impact: 'No incident opens while the window is open.',
      fix: { summary: 'wait for its end, or end it in PagerDuty' },
    })
  }),
}

export const pagerdutyOnCall: Check = {
  name: 'pagerduty.on-call',
  finds: 'no one on call for the service',
  run: services('pagerduty.on-call', 'somebody is on call', (service, report) => {
    const { onCall } = service
    if (onCall.state === 'unreadable') return report.skip('somebody is on call', onCall.why)
    if (stopOf(service, 'on-call') === undefined)
      return report.pass('somebody is on call', `${service.name}: ${onCall.value.join(', ')}`)
    return report.fail({
      title: 'no one is on call',
      evidence: `escalation policy of ${service.name}`,
      impact: 'PagerDuty opens no incident when no one is on call.',
      fix: { summary: 'put somebody on the escalation policy in PagerDuty' },
    })
  }),
}

export const pagerdutySuppression: Check = {
  name: 'pagerduty.suppression',
  finds: 'a rule of the service that suppresses every alert',
  run: services('pagerduty.suppression', 'no rule of the service suppresses every alert', (service, report) => {
    const { rules } = service
    if (rules.state === 'unreadable') return report.skip('no rule of the service suppresses every alert', rules.why)
    const stop = stopOf(service, 'suppressed')
    if (stop?.certain !== true)
      return report.pass('no rule of the service suppresses every alert', service.name, stop?.reason)
    return report.fail({
      title: 'a rule of the service suppresses every alert',
      evidence: `${service.name}: ${rules.value.suppress?.rule}`,
      impact: 'Alerts arrive and open no incident: no one is paged.',
      fix: { summary: 'change that rule of the service orchestration in PagerDuty' },
    })
  }),
}

export const pagerdutyOrchestrationRoute: Check = {
  name: 'pagerduty.orchestration-route',
  finds: 'an orchestration that routes to no service, or of which that is not known',
  run: (graph) =>
    subscriptionsTo(graph).flatMap((subscription) => {
      const { endpoint } = subscription
      if (!isPagerDuty(endpoint) || endpoint.route.shape !== 'x-ere') return []
      return [
        orchestrationRoute(
          subscription,
          findingFor('pagerduty.orchestration-route', subscriptionAddress(subscription)),
          graph,
        ),
      ]
    }),
}

export const pagerdutyRulesetEndOfLife: Check = {
  name: 'pagerduty.ruleset-end-of-life',
  finds: 'a key of a ruleset, whose end of life has been announced',
  run: targeted('pagerduty.ruleset-end-of-life', 'the key is not of a ruleset', (target, report) => {
    if (target?.kind !== 'ruleset') return report.pass('the key is not of a ruleset', target?.kind ?? 'unknown key')
    return report.warn({
      title: 'the key belongs to a ruleset',
      evidence: target.name,
      impact: 'Rulesets reached their end of life on 31 January 2025: pages may stop without notice.',
      fix: { summary: 'migrate the ruleset to an event orchestration in PagerDuty; the key stays the same' },
    })
  }),
}

/** Confirmed is not routed: an orchestration that sends the event nowhere confirms all the same (field case C06). */
function orchestrationRoute(subscription: SubscriptionSnapshot, report: FindingBuilder, graph: ChainGraph): Finding {
  const title = 'the orchestration routes the alarms to a service'
  const condition = `raw_event.TopicArn matches '${subscription.topicArn}'`
  const { pagerduty } = graph.gathered.diagnostics
  if (pagerduty?.state !== 'read') {
    return report.warn({
      title: 'whether the orchestration routes the alarms is not known',
      evidence: `${subscription.endpoint.address}; ${pagerduty === undefined ? NO_TOKEN : pagerduty.why}`,
      impact: 'A confirmed subscription proves no route: without one, every alarm vanishes and no one is paged.',
      fix: {
        ...drillFix(
          `route on ${condition}, then try a fire drill and look for the incident`,
          graph,
          graph.chains.filter((one) => one.subscription === subscription),
        ),
        lines: orchestrationRules(subscription.topicArn),
      },
    })
  }
  const target = readingOf(pagerduty.value.targets, subscription.arn ?? '')
  if (target.state === 'unreadable') return report.skip(title, target.why)
  if (target.value?.kind !== 'orchestration') return report.skip(title, 'the key is not of an orchestration')
  const { routes, name } = target.value
  if (routes.state === 'unreadable') return report.skip(title, routes.why)
  const { services, others = 0 } = routes.value
  const [stop] = routeStops(target.value)
  if (stop?.certain !== true) {
    if (services.length > 0) {
      const note = stop && 'its conditions may leave this topic out; only a drill proves it'
      return report.pass(title, `${name} → ${services.map((one) => one.name).join(', ')}`, note)
    }
    const hidden = `it routes to ${counted(others, 'service')} that the token does not show`
    return report.pass(title, name, others > 0 ? hidden : 'it routes dynamically; only a drill proves where to')
  }
  return report.fail({
    title: 'the orchestration routes to no service',
    evidence: `${name}: only the catch-all "unrouted"`,
    impact: 'The subscription is confirmed, and every alarm vanishes: no one is paged.',
    fix: { summary: `add a route: ${condition}`, lines: orchestrationRules(subscription.topicArn) },
  })
}

type Judge = (
  subscription: SubscriptionSnapshot,
  report: FindingBuilder,
  pagerduty: PagerDutyReadings,
  graph: ChainGraph,
) => Finding

function each(name: CheckName, title: string, judge: Judge): Check['run'] {
  return (graph) =>
    subscriptionsTo(graph).map((subscription) => {
      const report = findingFor(name, subscriptionAddress(subscription))
      const { pagerduty } = graph.gathered.diagnostics
      if (pagerduty === undefined) return report.skip(title, NO_TOKEN)
      return pagerduty.state === 'unreadable'
        ? report.skip(title, pagerduty.why)
        : judge(subscription, report, pagerduty.value, graph)
    })
}

function targeted(
  name: CheckName,
  title: string,
  judge: (target: PagerDutyTarget | undefined, report: FindingBuilder, subscription: SubscriptionSnapshot) => Finding,
): Check['run'] {
  return each(name, title, (subscription, report, pagerduty) => {
    const target = readingOf(pagerduty.targets, subscription.arn ?? '')
    return target.state === 'unreadable' ? report.skip(title, target.why) : judge(target.value, report, subscription)
  })
}

/** Judges the services that the key leads to; the first that has a fault speaks for them all. */
function services(
  name: CheckName,
  title: string,
  judge: (service: TargetService, report: FindingBuilder) => Finding,
): Check['run'] {
  return targeted(name, title, (target, report) => {
    if (target === undefined) return report.skip(title, 'PagerDuty does not know the integration key')
    if (target.kind === 'ruleset') return report.skip(title, 'what a ruleset routes to is not read')
    const judged = (service: TargetService) => at(service.url, judge(service, report))
    if (target.kind === 'service') return judged(target.service)
    if (target.routes.state === 'unreadable') return report.skip(title, target.routes.why)
    const findings = target.routes.value.services.map(judged)
    const worst = ['fail', 'warn', 'skip', 'pass']
      .map((status) => findings.find((one) => one.status === status))
      .find((one) => one !== undefined)
    return worst ?? report.skip(title, 'the orchestration names no service')
  })
}

function at(url: string | undefined, finding: Finding): Finding {
  return url === undefined ? finding : { ...finding, url }
}

function stopOf(service: TargetService, code: Stop['code']): Stop | undefined {
  return stopsOf(service).find((stop) => stop.code === code)
}

function subscriptionsTo(graph: ChainGraph): readonly SubscriptionSnapshot[] {
  return graph.subscriptions.filter(({ endpoint }) => isPagerDuty(endpoint))
}
