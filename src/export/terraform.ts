/** The chain as a Terraform configuration for the AWS provider, and the import blocks of a chain that stands already. */

import { CONSOLE_HOSTS, DEFAULT_CONSOLE_HOST } from '../domain/console.ts'
import { withRetries } from '../domain/delivery-retries.ts'
import { DELIVERY_ROLE_DESCRIPTION } from '../domain/policy-documents.ts'
import { addressOf, type Kind, type Resource, type SubscriptionPurpose } from '../domain/resources.ts'
import { type Attributes, type Block, Expression, formatFile, type HclValue, jsonEncode } from './hcl.ts'
import { labelsOf } from './labels.ts'
import { ANY_SITE } from './placeholders.ts'
import { made, purposesOf, type Template } from './template.ts'
import { hclText, hclValue } from './terraform-value.ts'

/** Where each resource of a standing chain is found, by the address of the resource that it belongs to. */
export interface Standing {
  /** ARNs of subscriptions by purpose. */
  readonly subscriptions: ReadonlyMap<SubscriptionPurpose, string>
  /** ARNs of e-mail subscriptions by address; one that is pending has none. */
  readonly emails: ReadonlyMap<string, string>
  /** Of the dead-letter queue; undefined where there is none. */
  readonly queueUrl: string | undefined
  /** The resources that are there. */
  has(resource: Resource): boolean
}

const VARIABLE: Readonly<Record<SubscriptionPurpose, string>> = {
  pages: 'integration_url',
  tickets: 'low_urgency_integration_url',
  compliance: 'compliance_url',
}

/** One resource of Terraform, and the id by which an existing one is imported (AWS provider documentation). */
interface TfResource {
  readonly type: string
  readonly label: string
  readonly attributes: Attributes
  readonly blocks?: readonly Block[]
  readonly importId: string | undefined
}

interface Scope {
  labelOf(resource: Resource): string
  /** A reference to the topic where the configuration makes it. */
  topic(arn: string): HclValue
  /** The same of the queue. */
  queue(arn: string): HclValue
  /** The name of the log group that filters read. */
  logGroup(name: string): HclValue
  readonly has: (kind: Kind) => boolean
  readonly standing: Standing | undefined
}

/** The configuration, as `terraform fmt` leaves it. With `standing`, import blocks for what is there already. */
export function terraform(template: Template, standing?: Standing): string {
  const resources = made(template)
  const scope = scopeOf(template, resources, standing)
  const rendered = resources.map((resource) => ({
    resource,
    parts: RENDER[resource.kind](resource as never, scope, template),
  }))
  const imports = rendered.flatMap(({ resource, parts }) =>
    standing?.has(resource) ? parts.flatMap((part) => importBlock(part)) : [],
  )
  return formatFile([
    SETTINGS,
    ...purposesOf(template).map(variable),
    ...localBlocks(template),
    ...rendered.flatMap(({ parts }) => parts.map(resourceBlock)),
    ...imports,
  ])
}

const SETTINGS: Block = {
  type: 'terraform',
  comment: [
    'CloudTrail to PagerDuty, by cloudtrail-pd.',
    'The integration URL is a secret: give it as TF_VAR_integration_url, and keep the state encrypted.',
  ],
  attributes: { required_version: '>= 1.5' },
  blocks: [
    {
      type: 'required_providers',
      attributes: { aws: { source: 'hashicorp/aws', version: '>= 5.100, < 7.0' } },
    },
  ],
}

type Renderers = {
  readonly [K in Kind]: (resource: Resource<K>, scope: Scope, template: Template) => readonly TfResource[]
}

const RENDER: Renderers = {
  bucket: ({ name, spec }) => {
    const bucket = new Expression('aws_s3_bucket.trail.id')
    return [
      { type: 'aws_s3_bucket', label: 'trail', attributes: { bucket: hclText(name) }, importId: name },
      {
        type: 'aws_s3_bucket_public_access_block',
        label: 'trail',
        attributes: {
          bucket,
          block_public_acls: true,
          block_public_policy: true,
          ignore_public_acls: true,
          restrict_public_buckets: true,
        },
        importId: name,
      },
      {
        type: 'aws_s3_bucket_policy',
        label: 'trail',
        attributes: {
          bucket: new Expression('aws_s3_bucket_public_access_block.trail.bucket'),
          policy: policyOf({ Version: '2012-10-17', Statement: spec.statements }),
        },
        importId: name,
      },
    ]
  },
  trail: ({ name, spec }, { has }, { resources }) => {
    const delivery = resources.find(({ kind }) => kind === 'delivery') as Resource<'delivery'> | undefined
    return [
      {
        type: 'aws_cloudtrail',
        label: 'trail',
        attributes: {
          name: hclText(name),
          // The policy has to be in place before CloudTrail looks at the bucket.
          s3_bucket_name: has('bucket') ? new Expression('aws_s3_bucket_policy.trail.bucket') : hclText(spec.bucket),
          cloud_watch_logs_group_arn: has('log-group')
            ? new Expression(`"\${aws_cloudwatch_log_group.events.arn}:*"`)
            : hclText(delivery?.spec.logGroupArn ?? ''),
          cloud_watch_logs_role_arn: has('role')
            ? new Expression('aws_iam_role.delivery.arn')
            : hclText(delivery?.spec.roleArn ?? ''),
          enable_logging: spec.logging,
          enable_log_file_validation: spec.fileValidation,
          include_global_service_events: spec.globalServiceEvents,
          is_multi_region_trail: spec.multiRegion,
          is_organization_trail: spec.organization ? true : undefined,
          tags: tagsOf(spec.tags),
          depends_on: has('role') ? [new Expression('aws_iam_role_policy.delivery')] : undefined,
        },
        importId: spec.arn,
      },
    ]
  },
  'log-group': ({ name, spec }) => [
    {
      type: 'aws_cloudwatch_log_group',
      label: 'events',
      attributes: { name: hclText(name), retention_in_days: spec.retentionDays, tags: tagsOf(spec.tags) },
      importId: name,
    },
  ],
  role: ({ name, spec }) => [
    {
      type: 'aws_iam_role',
      label: 'delivery',
      attributes: {
        name: hclText(name),
        description: DELIVERY_ROLE_DESCRIPTION,
        assume_role_policy: policyOf(spec.trust),
        tags: tagsOf(spec.tags),
      },
      importId: name,
    },
    {
      type: 'aws_iam_role_policy',
      label: 'delivery',
      attributes: {
        name: spec.policyName,
        role: new Expression('aws_iam_role.delivery.id'),
        policy: policyOf(spec.policy),
      },
      importId: `${name}:${spec.policyName}`,
    },
  ],
  // Part of the trail.
  delivery: () => [],
  'metric-filter': (resource, { labelOf, logGroup, standing }) => {
    const { pattern, metric } = resource.spec
    return [
      {
        type: 'aws_cloudwatch_log_metric_filter',
        label: labelOf(resource),
        attributes: {
          name: resource.name,
          log_group_name: logGroup(resource.spec.logGroup),
          pattern: hclText(pattern),
        },
        blocks: [
          {
            type: 'metric_transformation',
            attributes: {
              namespace: metric.namespace,
              name: metric.name,
              value: metric.value,
              unit: metric.unit,
              default_value: metric.defaultValue,
            },
          },
          // The provider says None where init says nothing, which means the same.
          ...(standing?.has(resource) && metric.unit === undefined ? [ignoring('metric_transformation[0].unit')] : []),
        ],
        importId: `${resource.spec.logGroup}:${resource.name}`,
      },
    ]
  },
  topic: (resource, { labelOf }) => [
    {
      type: 'aws_sns_topic',
      label: labelOf(resource),
      attributes: {
        name: resource.name,
        display_name: hclText(resource.spec.displayName),
        kms_master_key_id: resource.spec.kmsKeyId,
        policy: policyOf(resource.spec.policy),
        tags: tagsOf(resource.spec.tags),
      },
      importId: resource.spec.arn,
    },
  ],
  queue: (resource, { labelOf, standing }) => {
    const { retentionS, encrypted, policy, tags } = resource.spec
    return [
      {
        type: 'aws_sqs_queue',
        label: labelOf(resource),
        attributes: {
          name: resource.name,
          message_retention_seconds: retentionS,
          sqs_managed_sse_enabled: encrypted,
          policy: policyOf(policy),
          tags: tagsOf(tags),
        },
        // The provider's default is that of older queues, and both take every message of SNS.
        blocks: standing?.has(resource) ? [ignoring('max_message_size')] : [],
        importId: standing?.queueUrl,
      },
    ]
  },
  subscription: (resource, { labelOf, topic, queue, standing }) => {
    const { topicArn, purpose, deadLetterQueue, retries } = resource.spec
    return [
      {
        type: 'aws_sns_topic_subscription',
        label: labelOf(resource),
        attributes: {
          topic_arn: topic(topicArn),
          protocol: 'https',
          endpoint: new Expression(`var.${VARIABLE[purpose]}`),
          // PagerDuty confirms by itself.
          endpoint_auto_confirms: true,
          confirmation_timeout_in_minutes: 2,
          redrive_policy:
            typeof deadLetterQueue === 'string'
              ? jsonEncode({ deadLetterTargetArn: queue(deadLetterQueue) })
              : undefined,
          delivery_policy: retries === undefined ? undefined : policyOf(withRetries(undefined, retries)),
        },
        blocks: standing?.has(resource)
          ? [
              {
                ...ignoring('endpoint', 'endpoint_auto_confirms', 'confirmation_timeout_in_minutes'),
                comment: [
                  'For the import alone: what AWS returns is not marked as sensitive, and the other two it does not keep.',
                  'Take this block out afterwards, or a new URL is not noticed.',
                ],
              },
            ]
          : [],
        importId: standing?.subscriptions.get(purpose),
      },
    ]
  },
  'email-subscription': (resource, { labelOf, topic, standing }) => {
    const { topicArn, address } = resource.spec
    return [
      {
        type: 'aws_sns_topic_subscription',
        label: labelOf(resource),
        attributes: { topic_arn: topic(topicArn), protocol: 'email', endpoint: hclText(address) },
        // AWS keeps neither.
        blocks: standing?.has(resource) ? [ignoring('confirmation_timeout_in_minutes', 'endpoint_auto_confirms')] : [],
        importId: standing?.emails.get(address),
      },
    ]
  },
  alarm: (resource, { labelOf, topic }) => {
    const { spec } = resource
    const actions = (arns: readonly string[]) => (arns.length === 0 ? undefined : arns.map(topic))
    return [
      {
        type: 'aws_cloudwatch_metric_alarm',
        label: labelOf(resource),
        attributes: {
          alarm_name: hclText(resource.name),
          alarm_description: hclText(spec.description),
          namespace: spec.metric.namespace,
          metric_name: spec.metric.name,
          ...(spec.metric.dimensions === undefined
            ? {}
            : {
                dimensions: Object.fromEntries(
                  Object.entries(spec.metric.dimensions).map(([name, value]) => [name, hclText(value)]),
                ),
              }),
          statistic: spec.statistic,
          period: spec.period,
          evaluation_periods: spec.evaluationPeriods,
          datapoints_to_alarm: spec.datapointsToAlarm,
          threshold: spec.threshold,
          comparison_operator: spec.comparisonOperator,
          treat_missing_data: spec.treatMissingData,
          actions_enabled: spec.actionsEnabled,
          alarm_actions: actions(spec.alarmActions),
          ok_actions: actions(spec.okActions),
          insufficient_data_actions: actions(spec.insufficientDataActions),
          tags: tagsOf(spec.tags),
        },
        importId: resource.name,
      },
    ]
  },
  dashboard: (resource, { labelOf }) => [
    {
      type: 'aws_cloudwatch_dashboard',
      label: labelOf(resource),
      attributes: { dashboard_name: hclText(resource.name), dashboard_body: policyOf(resource.spec.body) },
      importId: resource.name,
    },
  ],
  'pagerduty-service': () => [],
  integration: () => [],
}

function scopeOf(template: Template, resources: readonly Resource[], standing: Standing | undefined): Scope {
  const labels = labelsOf(resources, template.setup.name, template.site)
  const labelOf = (resource: Resource) => (labels.get(addressOf(resource)) ?? []).join('_')
  const kinds = new Set(resources.map(({ kind }) => kind))
  const topics = new Map(
    resources.flatMap((resource) =>
      resource.kind === 'topic'
        ? [[resource.spec.arn, new Expression(`aws_sns_topic.${labelOf(resource)}.arn`)] as const]
        : [],
    ),
  )
  return {
    labelOf,
    standing,
    has: (kind) => kinds.has(kind),
    topic: (arn) => topics.get(arn) ?? hclText(arn),
    queue: (arn) => {
      const made = resources.find((one) => one.kind === 'queue' && one.spec.arn === arn)
      return made === undefined ? hclText(arn) : new Expression(`aws_sqs_queue.${labelOf(made)}.arn`)
    },
    logGroup: (name) =>
      kinds.has('log-group') ? new Expression('aws_cloudwatch_log_group.events.name') : hclText(name),
  }
}

function variable(purpose: SubscriptionPurpose): Block {
  const description =
    purpose === 'pages'
      ? 'Integration URL of PagerDuty: where pages go'
      : 'Integration URL of PagerDuty for detections of low urgency'
  return {
    type: 'variable',
    labels: [VARIABLE[purpose]],
    attributes: { description, type: new Expression('string'), sensitive: true },
  }
}

/** What stands for account, region and partition; a configuration for one known account needs none of it. */
function localBlocks({ site, resources }: Template): readonly Block[] {
  if (site !== ANY_SITE) return []
  const organization = resources.some((one) => one.kind === 'trail' && one.spec.organization)
  const data = (type: string): Block => ({ type: 'data', labels: [type, 'current'] })
  const lookup = `lookup(local.console_hosts, local.partition, "${DEFAULT_CONSOLE_HOST}")`
  return [
    data('aws_caller_identity'),
    data('aws_partition'),
    data('aws_region'),
    ...(organization ? [data('aws_organizations_organization')] : []),
    {
      type: 'locals',
      attributes: {
        account: new Expression('data.aws_caller_identity.current.account_id'),
        partition: new Expression('data.aws_partition.current.partition'),
        region: new Expression('data.aws_region.current.id'),
        organization: organization ? new Expression('data.aws_organizations_organization.current.id') : undefined,
        console_host: new Expression(lookup),
        console_hosts: CONSOLE_HOSTS,
      },
    },
  ]
}

/** Attributes whose stored value may differ from what is written. */
function ignoring(...attributes: readonly string[]): Block {
  return { type: 'lifecycle', attributes: { ignore_changes: attributes.map((name) => new Expression(name)) } }
}

function resourceBlock({ type, label, attributes, blocks = [] }: TfResource): Block {
  return { type: 'resource', labels: [type, label], attributes, blocks }
}

function importBlock({ type, label, importId }: TfResource): readonly Block[] {
  if (importId === undefined) return []
  return [{ type: 'import', attributes: { to: new Expression(`${type}.${label}`), id: hclText(importId) } }]
}

function policyOf(policy: unknown): Expression {
  return jsonEncode(hclValue(policy))
}

function tagsOf(tags: Readonly<Record<string, string>>): HclValue {
  return hclValue(tags)
}
