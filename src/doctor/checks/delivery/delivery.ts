/** Checks of the delivery: does the trail hand its events to the log group, and may its role do so? */

import { logGroupNameOf, parseArn, roleNameOf } from '../../../domain/names.ts'
import { deliveryPolicy, deliveryTrust, mergeStatements } from '../../../domain/policy-documents.ts'
import { type RoleSnapshot, type TrailSnapshot, valueIfRead } from '../../../domain/snapshot.ts'
import type { Decision } from '../../../iam/evaluator.ts'
import { cloudTrailMayAssume, roleMayWrite, unreadPolicies } from '../../../iam/role-use.ts'
import { awsCommand } from '../../../next-command.ts'
import type { Check, CheckName, Finding, FindingBuilder, Fix } from '../../check.ts'
import { deliveryFix } from '../../fixes.ts'
import { type ChainGraph, localLogGroup, readingOf } from '../../graph.ts'
import { pagingRules } from '../trail/event-rules.ts'
import { each } from '../trail/trail.ts'

export const deliveryConfigured: Check = {
  name: 'delivery.configured',
  essential: true,
  finds: 'a trail without a log group, which no metric filter can see',
  run: each('delivery.configured', (trail, report, graph) => {
    const title = 'the trail delivers to a log group'
    if (trail.logGroupArn !== undefined) return report.pass(title, trail.logGroupArn)
    if (graph.trails.some((other) => localLogGroup(other, graph.site) !== undefined)) {
      return report.pass('the trail delivers to its bucket alone', 'no log group', 'another trail feeds the chain')
    }
    return report.fail({
      title: 'the trail does not deliver to CloudWatch Logs',
      evidence: 'CloudWatchLogsLogGroupArn is not set',
      impact: `Metric filters see no event at all: no alarm ever pages.${besideAlarms(graph)}`,
      fix: deliveryFix(trail, graph),
    })
  }),
}

/** What may page although no alarm can. */
function besideAlarms(graph: ChainGraph): string {
  const rules = pagingRules(graph)
  return rules.length === 0 ? '' : ` EventBridge rules may page, and were not followed: ${rules.join(', ')}.`
}

export const deliveryRole: Check = {
  name: 'delivery.role',
  essential: true,
  finds: 'a log group without a role, or with a role that is gone',
  run: delivering('delivery.role', (trail, report, graph) => {
    if (trail.roleArn === undefined) {
      return report.fail(
        broken('the trail has a log group and no role', 'CloudWatchLogsRoleArn is not set', trail, graph),
      )
    }
    const role = roleOf(trail, graph)
    if (role.state === 'unreadable') return report.skip('the role of the delivery exists', role.why)
    if (role.value === undefined) {
      return report.fail(broken('the role of the delivery does not exist', trail.roleArn, trail, graph))
    }
    return report.pass('the role of the delivery exists', trail.roleArn)
  }),
}

export const deliveryRoleTrust: Check = {
  name: 'delivery.role-trust',
  essential: true,
  finds: 'a role that CloudTrail may not assume',
  needs: ['delivery.role'],
  run: withRole('delivery.role-trust', 'CloudTrail may assume the role', (trail, role, report, graph) => {
    const decision = cloudTrailMayAssume(role, trail.arn, trail.account)
    const title = 'CloudTrail may assume the role'
    if (decision === 'no') {
      return report.fail({
        ...broken('the role does not trust CloudTrail for this trail', `trust policy of ${role.name}`, trail, graph),
        fix: trustFix(role, trail),
      })
    }
    return reported(decision, report, title, `trust policy of ${role.name}`)
  }),
}

/** One statement beside those that are there, where that is enough: a statement that denies wins over it. */
function trustFix(role: RoleSnapshot, trail: TrailSnapshot): Fix {
  const summary = `let cloudtrail.amazonaws.com call sts:AssumeRole, with aws:SourceArn ${trail.arn} if at all`
  const trust = mergeStatements(role.trust, deliveryTrust().Statement)
  const look = awsCommand('iam get-role', { 'role-name': role.name, query: 'Role.AssumeRolePolicyDocument' })
  if (cloudTrailMayAssume({ ...role, trust }, trail.arn, trail.account) !== 'yes') {
    return { summary: `${summary}; a statement that denies is in the way`, look }
  }
  const command = awsCommand('iam update-assume-role-policy', {
    'role-name': role.name,
    'policy-document': JSON.stringify(trust),
  })
  return { summary: `${summary}; the command adds one statement and keeps every other`, command }
}

export const deliveryRolePolicy: Check = {
  name: 'delivery.role-policy',
  essential: true,
  finds: 'a role that may not write streams of this trail into this log group',
  needs: ['delivery.role'],
  run: withRole('delivery.role-policy', 'the role may write into the log group', (trail, role, report, graph) => {
    const title = 'the role may write into the log group'
    const group = logGroupNameOf(trail.logGroupArn ?? '')
    if (group === undefined) return report.skip(title, `"${trail.logGroupArn}" is not the ARN of a log group`)
    const site = {
      ...graph.site,
      region: trail.homeRegion,
      account: parseArn(trail.logGroupArn ?? '')?.account ?? trail.account,
    }
    const organization = trail.organization ? { id: valueIfRead(graph.gathered.snapshot.organizationId) } : undefined
    const decision = roleMayWrite(role, site, group, organization)
    const missing = organization !== undefined && roleMayWrite(role, site, group) === 'yes'
    if (decision === 'no') {
      return report.fail({
        ...broken(
          missing
            ? 'the role may not write the streams of the organization'
            : 'the role may not write into the log group',
          `policies of ${role.name}, log group ${group}`,
          trail,
          graph,
        ),
        ...(missing
          ? { impact: 'Events of the member accounts are lost: no one is paged for what happens there.' }
          : {}),
        fix: {
          summary:
            organization !== undefined && organization.id === undefined
              ? 'allow logs:CreateLogStream and logs:PutLogEvents on the streams of this group, with o-ID_* for the id of the organization'
              : 'allow logs:CreateLogStream and logs:PutLogEvents on the streams of this group',
          command: awsCommand('iam put-role-policy', {
            'role-name': role.name,
            'policy-name': 'cloudtrail-delivery',
            'policy-document': JSON.stringify(deliveryPolicy(site, group, organization && (organization.id ?? 'o-ID'))),
          }),
        },
      })
    }
    if (decision === 'yes') return report.pass(title, `policies of ${role.name}`)
    const unread = unreadPolicies(role)
    return report.skip(
      title,
      unread.length > 0 ? `managed policies of the role could not be read: ${unread.join(', ')}` : CANNOT_TELL,
    )
  }),
}

export const deliveryError: Check = {
  name: 'delivery.error',
  essential: true,
  finds: 'an error at the last delivery, as CloudTrail reports it',
  run: delivering('delivery.error', (trail, report, graph) => {
    const title = 'the last delivery succeeded'
    if (trail.status.state === 'unreadable') return report.skip(title, trail.status.why)
    const error = trail.status.value.logsDeliveryError
    if (error === undefined || error === '') return report.pass(title, 'no delivery error')
    return report.fail({
      ...broken('CloudTrail cannot deliver to the log group', error, trail, graph),
      fix: {
        ...deliveryFix(trail, graph),
        summary: 'look at the role and the log group; CloudTrail clears the error at the next delivery that succeeds',
      },
    })
  }),
}

const HOUR_MS = 3_600_000
const STALE_MS = HOUR_MS

export const deliveryRecent: Check = {
  name: 'delivery.recent',
  finds: 'no event in the log group for an hour although the trail is logging',
  needs: ['trail.logging'],
  run: delivering('delivery.recent', (trail, report, graph) => {
    const title = 'events arrived in the log group within the last hour'
    if (trail.status.state === 'unreadable') return report.skip(title, trail.status.why)
    const { logsDelivered } = trail.status.value
    const now = graph.gathered.now.getTime()
    // A delivery that fails leaves an error within minutes; neither error nor success means that none was tried yet.
    if (logsDelivered === undefined)
      return report.skip(title, 'nothing was delivered yet, and nothing failed; the first events take about 5 minutes')
    const age = now - logsDelivered.getTime()
    if (age <= STALE_MS) return report.pass(title, `last delivery ${logsDelivered.toISOString()}`)
    return report.warn(
      stale(
        'no event has arrived for more than an hour',
        `last delivery ${logsDelivered.toISOString()}, ${Math.round(age / HOUR_MS)} h ago`,
        trail,
      ),
    )
  }),
}

const CANNOT_TELL = 'its conditions go beyond what can be told from outside'

function reported(decision: Decision, report: FindingBuilder, title: string, evidence: string): Finding {
  return decision === 'yes' ? report.pass(title, evidence) : report.skip(title, CANNOT_TELL)
}

function broken(title: string, evidence: string, trail: TrailSnapshot, graph: ChainGraph) {
  return {
    title,
    evidence,
    impact: 'No event reaches the metric filters: no one is paged.',
    fix: deliveryFix(trail, graph),
  }
}

function stale(title: string, evidence: string, trail: TrailSnapshot) {
  return {
    title,
    evidence,
    impact: 'Even a quiet account has events; what does not arrive cannot page.',
    fix: {
      summary: 'see whether the trail is logging and its role still exists',
      look: awsCommand('cloudtrail get-trail-status', { name: trail.arn }),
    },
  }
}

type Judge = (trail: TrailSnapshot, report: FindingBuilder, graph: ChainGraph) => Finding

function delivering(name: CheckName, judge: Judge): Check['run'] {
  const run = each(name, judge)
  return (graph) => run({ ...graph, trails: graph.trails.filter(({ logGroupArn }) => logGroupArn !== undefined) })
}

function withRole(
  name: CheckName,
  title: string,
  judge: (trail: TrailSnapshot, role: RoleSnapshot, report: FindingBuilder, graph: ChainGraph) => Finding,
): Check['run'] {
  return delivering(name, (trail, report, graph) => {
    const role = roleOf(trail, graph)
    if (role.state === 'unreadable') return report.skip(title, role.why)
    return role.value === undefined
      ? report.skip(title, 'the role does not exist')
      : judge(trail, role.value, report, graph)
  })
}

/** Whoever gathered may have asked by ARN or by name. */
function roleOf({ roleArn = '' }: TrailSnapshot, graph: ChainGraph) {
  const { roles } = graph.gathered.snapshot
  return readingOf(roles, roles.has(roleArn) ? roleArn : roleNameOf(roleArn))
}
