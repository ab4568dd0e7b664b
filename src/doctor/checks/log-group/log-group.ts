/** Checks of the log group: can it hold metric filters, and do they see the events as CloudTrail wrote them? */

import type { LogGroupFact } from '../../../domain/snapshot.ts'
import { decide } from '../../../iam/evaluator.ts'
import { about, type Check, type CheckName, type Finding, type Voice } from '../../check.ts'
import { type Graph, readingOf } from '../../graph.ts'

export const logGroupExists: Check = {
  name: 'log-group.exists',
  finds: 'a log group that is gone',
  run: (graph) =>
    graph.logGroups.map((name) => {
      const say = about('log-group.exists', name)
      const group = readingOf(graph.facts.inventory.logGroups, name)
      if (group.state === 'unreadable') return say.skip('the log group exists', group.why)
      if (group.value !== undefined) return say.pass('the log group exists', group.value.arn)
      return say.fail({
        title: 'the log group does not exist',
        evidence: name,
        impact: 'The trail delivers into nothing: nobody is paged.',
        fix: { summary: 'make it again, with its filters', command: 'npx cloudtrail-pd init' },
      })
    }),
}

export const logGroupClass: Check = {
  name: 'log-group.class',
  finds: 'a class of log group in which metric filters do not work',
  run: each('log-group.class', (group, say) => {
    if (group.class === 'STANDARD') return say.pass('metric filters work in this class of log group', 'STANDARD')
    return say.fail({
      title: 'metric filters do not work in this class of log group',
      evidence: `class ${group.class}`,
      impact: 'Nothing is counted: nobody is paged. The class of a group cannot be changed.',
      fix: {
        summary: 'deliver to a new group of class STANDARD',
        command: 'npx cloudtrail-pd init --log-group NEW-NAME',
      },
    })
  }),
}

const ENOUGH_DAYS = 7

export const logGroupRetention: Check = {
  name: 'log-group.retention',
  finds: 'nothing: it notes when events are kept for less than a year, or for ever',
  run: each('log-group.retention', (group, say) => {
    const days = group.retentionDays
    if (days === undefined)
      return say.pass('the events stay', 'no retention set', 'they are kept, and paid for, for ever')
    const seen = `${days} day${days === 1 ? '' : 's'}`
    if (days >= 365) return say.pass('the events stay for a year', seen)
    const note =
      days < ENOUGH_DAYS ? 'a responder may find the event gone' : 'Security Hub CloudWatch.16 asks for 365 days'
    return say.pass('the events stay for a while', seen, note)
  }),
}

export const logGroupKms: Check = {
  name: 'log-group.kms',
  finds: 'a key that is gone, disabled, or closed to CloudWatch Logs',
  run: each('log-group.kms', (group, say, graph) => {
    const title = 'CloudWatch Logs may use the key of the group'
    if (group.kmsKeyId === undefined) return say.pass('the group has no key of its own', 'no KMS key')
    const key = readingOf(graph.facts.extras.keys ?? new Map(), group.kmsKeyId)
    if (key.state === 'unreadable') return say.skip(title, key.why)
    if (key.value === undefined || !key.value.enabled) {
      return say.fail(
        unusable(
          key.value === undefined ? 'the key of the group does not exist' : 'the key of the group is disabled',
          group.kmsKeyId,
        ),
      )
    }
    if (key.value.policy.state === 'unreadable') return say.skip(title, key.value.policy.why)
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
      return say.fail(unusable(`the policy of the key does not let ${service} use it`, group.kmsKeyId))
    if (decisions.includes('cannot-tell'))
      return say.skip(title, 'the conditions of the key policy cannot be told from outside')
    return say.pass(title, group.kmsKeyId)
  }),
}

export const logGroupMasking: Check = {
  name: 'log-group.masking',
  finds: 'a data protection policy or a transformer that changes what filters see',
  run: each('log-group.masking', (group, say, graph) => {
    const masked = group.dataProtection === 'ACTIVATED' || group.inheritedProperties.includes('ACCOUNT_DATA_PROTECTION')
    const { transformers } = graph.facts.extras
    const transformed = transformers?.state === 'read' && transformers.value.includes(group.name)
    if (masked || transformed) {
      return say.warn({
        title: masked ? 'a data protection policy masks parts of the events' : 'a transformer rewrites the events',
        evidence: masked
          ? [group.dataProtection, ...group.inheritedProperties].filter((word) => word !== undefined).join(', ')
          : 'a transformer is set',
        impact: 'A filter may see the masked or rewritten text and miss its event; a responder sees asterisks.',
        fix: {
          summary: 'try a fire drill by a real call, which shows what the filters see',
          command: 'npx cloudtrail-pd test --via api-call',
        },
      })
    }
    const unknown = transformers?.state === 'read' ? undefined : 'transformers were not looked at'
    return say.pass('the events are as CloudTrail wrote them', 'no data protection', unknown)
  }),
}

function unusable(title: string, key: string) {
  return {
    title,
    evidence: key,
    impact: 'CloudTrail cannot write into the group: nobody is paged.',
    fix: {
      summary:
        'allow kms:Encrypt, kms:Decrypt and kms:GenerateDataKey* to CloudWatch Logs of this region in the key policy',
    },
  }
}

function each(name: CheckName, judge: (group: LogGroupFact, say: Voice, graph: Graph) => Finding): Check['run'] {
  return (graph) =>
    graph.logGroups.flatMap((group) => {
      const reading = readingOf(graph.facts.inventory.logGroups, group)
      // `log-group.exists` speaks of groups that are not there.
      if (reading.state === 'read' && reading.value === undefined) return []
      const say = about(name, group)
      if (reading.state === 'unreadable') return [say.skip('the log group is fit for its work', reading.why)]
      return reading.value === undefined ? [] : [judge(reading.value, say, graph)]
    })
}
