/** Checks of the topic: is it there, of the right kind, and may every alarm publish to it? */

import { counted } from '../../../counted.ts'
import { parseArn } from '../../../domain/names.ts'
import { mergeStatements } from '../../../domain/policy-documents.ts'
import type { AlarmSnapshot, TopicSnapshot } from '../../../domain/snapshot.ts'
import { alarmMayUseKey, keyStatement } from '../../../iam/key-use.ts'
import { alarmMayPublish, asksForOrganization, publishStatement } from '../../../iam/topic-use.ts'

import { awsCommand } from '../../../next-command.ts'
import { type Check, FIX_COMMAND, type Fix, findingFor, perReading } from '../../check.ts'
import { drillFix } from '../../drill-step.ts'
import { missingTopicFix, noKeyFix } from '../../fixes.ts'
import { type Chain, type ChainGraph, readingOf } from '../../graph.ts'

const each = perReading(
  ({ topics }) => topics,
  ({ gathered }) => gathered.snapshot.topics,
  'the topic can be used',
)

export const topicExists: Check = {
  name: 'topic.exists',
  essential: true,
  finds: 'a topic that is gone',
  run: (graph) =>
    graph.topics.map((arn) => {
      const report = findingFor('topic.exists', arn)
      const topic = readingOf(graph.gathered.snapshot.topics, arn)
      if (topic.state === 'unreadable') return report.skip('the topic exists', topic.why)
      if (topic.value !== undefined) return report.pass('the topic exists', arn)
      return report.fail({
        title: 'the topic does not exist',
        evidence: `${arn}, named by ${names(graph.alarmsTelling(arn))}`,
        impact: 'The alarms notify no one. CloudWatch does not check that the topic exists.',
        fix: missingTopicFix(arn, graph),
      })
    }),
}

export const topicType: Check = {
  name: 'topic.type',
  finds: 'a FIFO topic, which cannot deliver over HTTPS',
  run: each('topic.type', (topic, report) => {
    if (!topic.fifo) return report.pass('the topic is a standard topic', 'not FIFO')
    return report.fail({
      title: 'the topic is a FIFO topic',
      evidence: topic.arn,
      impact: 'A FIFO topic takes no https subscription, and alarms do not publish to it: no one is paged.',
      fix: { summary: 'use a standard topic, and let the alarms tell that one' },
    })
  }),
}

export const topicRegion: Check = {
  name: 'topic.region',
  finds: 'a topic in another region than the alarms',
  run: (graph) =>
    graph.topics.map((arn) => {
      const report = findingFor('topic.region', arn)
      const found = parseArn(arn)
      if (found === undefined) return report.skip('the topic is in the region of the alarms', `"${arn}" is not an ARN`)
      if (found.region === graph.site.region) {
        const away = found.account === graph.site.account ? undefined : `it belongs to account ${found.account}`
        return report.pass('the topic is in the region of the alarms', found.region, away)
      }
      return report.fail({
        title: 'the topic is in another region than the alarms',
        evidence: `topic ${found.region}, alarms ${graph.site.region}`,
        impact: 'An alarm reaches topics of its own region alone: no one is paged.',
        fix: { summary: `let the alarms tell a topic in ${graph.site.region}` },
      })
    }),
}

export const topicPolicyCheck: Check = {
  name: 'topic.policy',
  essential: true,
  finds: 'a policy that does not let the alarms publish',
  run: each('topic.policy', (topic, report, graph) => {
    const title = 'the alarms may publish to the topic'
    if (topic.policy === undefined) return report.skip(title, 'the policy of the topic was not read')
    const alarms = graph.alarmsTelling(topic.arn)
    const { organizationId } = graph.gathered.snapshot
    const answers = alarms.map((alarm) => ({
      alarm,
      decision: alarmMayPublish(topic, alarm.arn, graph.site, organizationId),
    }))
    const refused = answers.filter(({ decision }) => decision === 'no').map(({ alarm }) => alarm)
    const doubtful = answers.filter(({ decision }) => decision === 'cannot-tell').map(({ alarm }) => alarm)
    if (refused.length > 0) {
      return report.fail({
        title: 'the policy of the topic does not let the alarms publish',
        evidence: `cloudwatch.amazonaws.com may not sns:Publish for ${names(refused)}`,
        impact: 'ALARM or OK is lost, and only the history of the alarm says so: no one is paged, or nothing resolves.',
        fix: policyFix(topic, graph),
        affects: refused.map(({ name }) => name),
      })
    }
    if (doubtful.length > 0) {
      const unread = organizationId?.state === 'unreadable' && asksForOrganization(topic.policy)
      const why = unread
        ? `the policy asks for the organization of the account, which could not be read: ${organizationId.why}`
        : `conditions of the policy cannot be told from outside, for ${names(doubtful)}`
      return report.skip(title, why)
    }
    return report.pass(title, counted(alarms.length, 'alarm'))
  }),
}

export const topicEncryption: Check = {
  name: 'topic.encryption',
  essential: true,
  finds: 'a key that CloudWatch may not use, the AWS managed one included',
  run: each('topic.encryption', (topic, report, graph) => {
    const title = 'the alarms may use the key of the topic'
    const id = topic.kmsKeyId
    if (id === undefined || id === '')
      return report.pass('the topic is not encrypted with a key of its own', 'no KMS key')
    if (/(^|[:/])alias\/aws\/sns$/.test(id)) return report.fail(managedKey(topic.arn, id))
    const key = readingOf(graph.gathered.diagnostics.keys ?? new Map(), id)
    if (key.state === 'unreadable') return report.skip(title, `key ${id}: ${key.why}`)
    if (key.value === undefined)
      return report.fail({ ...lostKey('the key of the topic does not exist', id), fix: noKeyFix(topic.arn) })
    if (key.value.manager === 'AWS') return report.fail(managedKey(topic.arn, id))
    const found = key.value
    if (!found.enabled) {
      const command = awsCommand('kms enable-key', { 'key-id': found.arn, region: graph.site.region })
      const fix = { summary: 'enable the key, or give the topic another one', command }
      return report.fail({ ...lostKey('the key of the topic is disabled', id), fix })
    }
    if (found.policy.state === 'unreadable') return report.skip(title, `key ${id}: ${found.policy.why}`)
    const asked = graph.alarmsTelling(topic.arn).map((alarm) => alarmMayUseKey(found, alarm.arn, graph.site))
    if (asked.includes('no')) {
      return report.fail({
        title: 'the policy of the key does not let CloudWatch use it',
        evidence: `key ${id}`,
        impact: 'Every alarm on this topic is lost, while a message published by hand goes through.',
        fix: {
          summary: `put this statement into the key policy, beside every other: ${JSON.stringify(keyStatement(graph.site))}`,
          command: awsCommand('kms put-key-policy', {
            'key-id': found.arn,
            'policy-name': 'default',
            policy: JSON.stringify(mergeStatements(found.policy.value, [keyStatement(graph.site)])),
            region: graph.site.region,
          }),
        },
      })
    }
    if (asked.includes('cannot-tell'))
      return report.skip(title, 'conditions of the key policy cannot be told from outside')
    return report.pass(title, `key ${id}`)
  }),
}

export const topicDeliveryFailures: Check = {
  name: 'topic.delivery-failures',
  finds: 'deliveries that failed within the last days',
  run: (graph) => {
    const { deliveries } = graph.gathered.diagnostics
    const title = 'SNS delivers what the topic takes'
    if (deliveries === undefined) {
      return [
        findingFor('topic.delivery-failures', `${graph.site.account} ${graph.site.region}`).skip(
          title,
          'the metrics of the topics were not read',
        ),
      ]
    }
    return graph.topics.map((arn) => {
      const report = findingFor('topic.delivery-failures', arn)
      const counts = readingOf(deliveries, arn)
      if (counts.state === 'unreadable') return report.skip(title, counts.why)
      const { hours, published, delivered, failed } = counts.value
      const seen = `in ${hours} h: ${published ?? 0} published, ${delivered ?? 0} delivered, ${failed ?? 0} failed`
      const lost = (published ?? 0) > 0 && delivered === undefined && (failed ?? 0) > 0
      if (lost || ((published ?? 0) > 0 && delivered === 0)) {
        return report.fail({
          title: 'SNS could not deliver anything',
          evidence: seen,
          impact: 'CloudWatch published alarms, but SNS could not deliver them to PagerDuty. No one was paged.',
          fix: drillFix('check the integration key, then try a fire drill', graph, chainsTo(arn, graph)),
        })
      }
      if ((failed ?? 0) > 0) {
        return report.warn({
          title: 'some deliveries failed',
          evidence: seen,
          impact: 'SNS gives up after a few tries: a page may have been lost.',
          fix: drillFix(
            'try a fire drill; a dead-letter queue would keep what is refused',
            graph,
            chainsTo(arn, graph),
          ),
        })
      }
      if (published === undefined) return report.pass('the topic was quiet', seen, 'nothing proves a delivery')
      return report.pass(title, seen, 'an answer of 4xx may count as delivered; only a drill proves a page')
    })
  },
}

function policyFix(topic: TopicSnapshot, graph: ChainGraph): Fix {
  const alarms = graph.alarmsTelling(topic.arn).map(({ arn }) => arn)
  const { add, enough } = publishStatement(topic, alarms, graph.site, graph.gathered.snapshot.organizationId)
  const summary = 'adds one statement to the policy, keeps every other'
  const elsewhere = parseArn(topic.arn)?.account !== graph.site.account
  if (elsewhere)
    return { summary: `the topic is of another account: have this statement added there: ${JSON.stringify(add)}` }
  if (!enough)
    return { summary: `a statement that denies may be in the way; this one has to hold: ${JSON.stringify(add)}` }
  if (topic.policyText === undefined) return { summary: `add this statement: ${JSON.stringify(add)}` }
  return {
    summary,
    command: FIX_COMMAND,
    repairs: [{ kind: 'topic-policy', topicArn: topic.arn, policyText: topic.policyText, add }],
  }
}

function managedKey(topic: string, id: string) {
  return {
    title: 'the topic is encrypted with the key that AWS manages for SNS',
    evidence: `KmsMasterKeyId is ${id}`,
    impact:
      'CloudWatch cannot use that key, and its policy cannot be changed: every alarm is lost, while a message published by hand goes through.',
    fix: noKeyFix(topic),
  }
}

function lostKey(title: string, id: string) {
  return {
    title,
    evidence: `key ${id}`,
    impact: 'The topic can take no message: no one is paged.',
  }
}

function names(alarms: readonly AlarmSnapshot[]): string {
  const shown = alarms.slice(0, 5).map(({ name }) => name)
  return alarms.length > shown.length
    ? `${shown.join(', ')} and ${alarms.length - shown.length} more`
    : shown.join(', ')
}

/** Those whose signal goes through the topic. */
function chainsTo(topic: string, { chains }: ChainGraph): readonly Chain[] {
  return chains.filter(({ topicArn }) => topicArn === topic)
}
