/** Checks of the log group: can it hold metric filters, and do they see the events as CloudTrail wrote them? */

import { counted } from '../../../counted.ts'
import { decide } from '../../../iam/evaluator.ts'
import { awsCommand } from '../../../next-command.ts'
import { type Check, findingFor, perReading } from '../../check.ts'
import { drillFix } from '../../drill-step.ts'
import { readingOf } from '../../graph.ts'

const each = perReading(
  ({ logGroups }) => logGroups,
  ({ gathered }) => gathered.snapshot.logGroups,
  'the log group can be used',
)

export const logGroupExists: Check = {
  name: 'log-group.exists',
  essential: true,
  finds: 'a log group that is gone',
  run: (graph) =>
    graph.logGroups.map((name) => {
      const report = findingFor('log-group.exists', name)
      const group = readingOf(graph.gathered.snapshot.logGroups, name)
      if (group.state === 'unreadable') return report.skip('the log group exists', group.why)
      if (group.value !== undefined) return report.pass('the log group exists', group.value.arn)
      return report.fail({
        title: 'the log group does not exist',
        evidence: name,
        impact: 'The trail delivers into nothing: no one is paged.',
        fix: {
          summary: 'make it again; its metric filters went with it',
          command: awsCommand('logs create-log-group', { 'log-group-name': name, region: graph.site.region }),
        },
      })
    }),
}

export const logGroupClass: Check = {
  name: 'log-group.class',
  finds: 'a class of log group in which metric filters do not work',
  run: each('log-group.class', (group, report) => {
    if (group.class === 'STANDARD') return report.pass('metric filters work in this class of log group', 'STANDARD')
    return report.fail({
      title: 'metric filters do not work in this class of log group',
      evidence: `class ${group.class}`,
      impact: 'Nothing is counted: no one is paged. The class of a group cannot be changed.',
      fix: {
        summary:
          'create a log group of class STANDARD, let the trail deliver to it, and create the metric filters there again',
      },
    })
  }),
}

const ENOUGH_DAYS = 7

export const logGroupRetention: Check = {
  name: 'log-group.retention',
  finds: 'events that are gone before a weekend is over',
  run: each('log-group.retention', (group, report, graph) => {
    const days = group.retentionDays
    if (days === undefined)
      return report.pass('the events stay', 'no retention set', 'they are kept, and charged, indefinitely')
    const seen = counted(days, 'day')
    if (days >= 365) return report.pass('the events stay for a year', seen)
    if (days < ENOUGH_DAYS) {
      return report.warn({
        title: 'the events do not stay for a week',
        evidence: seen,
        impact: 'A page on Friday night is looked at on Monday, when its event may be gone.',
        fix: {
          summary: 'keep them for a year, as Security Hub CloudWatch.16 asks; what is kept is charged',
          command: awsCommand('logs put-retention-policy', {
            'log-group-name': group.name,
            'retention-in-days': '365',
            region: graph.site.region,
          }),
        },
      })
    }
    return report.pass('the events stay for a while', seen, 'Security Hub CloudWatch.16 asks for 365 days')
  }),
}

export const logGroupKms: Check = {
  name: 'log-group.kms',
  essential: true,
  finds: 'a key that is gone, disabled, or closed to CloudWatch Logs',
  run: each('log-group.kms', (group, report, graph) => {
    const title = 'CloudWatch Logs may use the key of the group'
    if (group.kmsKeyId === undefined) return report.pass('the group has no key of its own', 'no KMS key')
    const key = readingOf(graph.gathered.diagnostics.keys ?? new Map(), group.kmsKeyId)
    if (key.state === 'unreadable') return report.skip(title, key.why)
    if (key.value === undefined || !key.value.enabled) {
      return report.fail(
        unusable(
          key.value === undefined ? 'the key of the group does not exist' : 'the key of the group is disabled',
          group.kmsKeyId,
        ),
      )
    }
    if (key.value.policy.state === 'unreadable') return report.skip(title, key.value.policy.why)
    const service = `logs.${graph.site.region}.amazonaws.com`
    const decisions = ['kms:Decrypt', 'kms:GenerateDataKey'].map((action) =>
      decide(key.value?.policy.state === 'read' ? key.value.policy.value : undefined, {
        principal: { service },
        action,
        resource: key.value?.arn ?? '',
        context: {
          'kms:EncryptionContext:aws:logs:arn': group.arn,
          'aws:SourceAccount': graph.site.account,
          'aws:SourceArn': group.arn,
        },
      }),
    )
    if (decisions.includes('no'))
      return report.fail(unusable(`the policy of the key does not let ${service} use it`, group.kmsKeyId))
    if (decisions.includes('cannot-tell'))
      return report.skip(title, 'the conditions of the key policy cannot be told from outside')
    return report.pass(title, group.kmsKeyId)
  }),
}

export const logGroupMasking: Check = {
  name: 'log-group.masking',
  finds: 'a data protection policy or a transformer that changes what filters see',
  run: each('log-group.masking', (group, report, graph) => {
    const masked = group.dataProtection === 'ACTIVATED' || group.inheritedProperties.includes('ACCOUNT_DATA_PROTECTION')
    const { transformers } = graph.gathered.diagnostics
    const transformed = transformers?.state === 'read' && transformers.value.includes(group.name)
    if (masked || transformed) {
      return report.warn({
        title: masked ? 'a data protection policy masks parts of the events' : 'a transformer rewrites the events',
        evidence: masked
          ? [group.dataProtection, ...group.inheritedProperties].filter((word) => word !== undefined).join(', ')
          : 'a transformer is set',
        impact: 'A filter may see the masked or rewritten text and miss its event; a responder sees asterisks.',
        works: null,
        fix: drillFix(
          'try a fire drill by a real call, which shows what the filters see',
          graph,
          graph.chains.filter(({ logGroup }) => logGroup === group.name),
          'real',
        ),
      })
    }
    const unknown = transformers?.state === 'read' ? undefined : 'transformers were not looked at'
    return report.pass('the events are as CloudTrail wrote them', 'no data protection', unknown)
  }),
}

function unusable(title: string, key: string) {
  return {
    title,
    evidence: key,
    impact: 'CloudTrail cannot write into the group: no one is paged.',
    fix: {
      summary:
        'allow kms:Encrypt, kms:Decrypt and kms:GenerateDataKey* to CloudWatch Logs of this region in the key policy',
    },
  }
}
