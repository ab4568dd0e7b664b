/** The chain as a CloudFormation template, for one account or for a stack set. */

import { stringify } from 'yaml'
import { CONSOLE_HOSTS, DEFAULT_CONSOLE_HOST } from '../domain/console.ts'
import { withRetries } from '../domain/delivery-retries.ts'
import { DELIVERY_ROLE_DESCRIPTION } from '../domain/policy-documents.ts'
import {
  addressOf,
  type Kind,
  PUBLIC_ACCESS_BLOCK,
  type Resource,
  type SubscriptionPurpose,
  type Tags,
} from '../domain/resources.ts'
import { usage } from '../errors.ts'
import {
  type CfnValue,
  cfnText,
  cfnValue,
  EXISTING_LOG_GROUP,
  MAKES_TRAIL,
  ORGANIZATION_ID,
  PARTITIONS,
} from './cloudformation-value.ts'
import { labelsOf, pascalCase } from './labels.ts'
import { made, purposesOf, type Template } from './template.ts'

/** A template holds no more (CloudFormation quotas). */
export const MAX_RESOURCES = 500
/** In bytes: a longer one has to be uploaded to S3, and one over the second is refused (CloudFormation quotas). */
const MAX_BODY = 51_200
const MAX_FILE = 1_000_000

/** Dates and the words of YAML 1.1 are quoted, because most readers of templates speak it. */
const YAML_FORM = { lineWidth: 0, aliasDuplicateObjects: false, version: '1.1' as const }

const URL_PARAMETER: Readonly<Record<SubscriptionPurpose, string>> = {
  pages: 'IntegrationUrl',
  tickets: 'LowUrgencyIntegrationUrl',
  compliance: 'ComplianceUrl',
}

interface CfnResource {
  readonly id: string
  readonly body: { readonly [key: string]: CfnValue | undefined }
}

/** What a renderer may refer to. */
interface Scope {
  /** The log group that filters read. */
  readonly logGroup: CfnValue
  /** Its name, where the template makes it. */
  readonly ownLogGroup: CfnValue
  /** The resource of an ARN, where the template makes it. */
  arnOf(arn: string): CfnValue
  idOf(resource: Resource): string
  readonly resources: readonly Resource[]
}

/** The template as YAML. Throws a usage error (exit 2) when it would hold too many resources. */
export function cloudFormation(template: Template): string {
  const resources = made(template)
  const scope = scopeOf(template, resources)
  const rendered = resources.flatMap((resource) => RENDER[resource.kind](resource as never, scopeFor(resource, scope)))
  refuseTooMany(rendered.length, template)
  const body = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `CloudTrail to PagerDuty: chain ${template.setup.name}`,
    Parameters: parameters(template),
    Mappings: {
      [PARTITIONS]: Object.fromEntries(
        ['aws', ...Object.keys(CONSOLE_HOSTS)].map((partition) => [
          partition,
          { ConsoleHost: CONSOLE_HOSTS[partition] ?? DEFAULT_CONSOLE_HOST },
        ]),
      ),
    },
    ...(template.ownLogGroup === undefined
      ? {}
      : { Conditions: { [MAKES_TRAIL]: { 'Fn::Equals': [{ Ref: EXISTING_LOG_GROUP }, ''] } } }),
    Resources: Object.fromEntries(rendered.map(({ id, body: resource }) => [id, resource])),
    Outputs: outputs(template, scope),
  }
  const text = stringify(body, YAML_FORM)
  return `${sizeNote(text, rendered.length)}${text}`
}

const RENDER: { readonly [K in Kind]: (resource: Resource<K>, scope: Scope) => readonly CfnResource[] } = {
  bucket: ({ name, spec }, { logGroup }) => [
    kept('TrailBucket', 'AWS::S3::Bucket', {
      BucketName: cfnText(name, logGroup),
      PublicAccessBlockConfiguration: PUBLIC_ACCESS_BLOCK,
    }),
    kept('TrailBucketPolicy', 'AWS::S3::BucketPolicy', {
      Bucket: { Ref: 'TrailBucket' },
      PolicyDocument: cfnValue({ Version: '2012-10-17', Statement: spec.statements }, logGroup),
    }),
  ],
  trail: ({ name, spec }, scope) => {
    const ownBucket = scope.resources.some(({ kind }) => kind === 'bucket')
    const role = scope.resources.some(({ kind }) => kind === 'role')
    const delivery = scope.resources.find(({ kind }) => kind === 'delivery') as Resource<'delivery'> | undefined
    return [
      kept(
        'Trail',
        'AWS::CloudTrail::Trail',
        {
          TrailName: cfnText(name, scope.logGroup),
          S3BucketName: ownBucket ? { Ref: 'TrailBucket' } : cfnText(spec.bucket, scope.logGroup),
          IsLogging: spec.logging,
          IsMultiRegionTrail: spec.multiRegion,
          IncludeGlobalServiceEvents: spec.globalServiceEvents,
          EnableLogFileValidation: spec.fileValidation,
          IsOrganizationTrail: spec.organization ? true : undefined,
          CloudWatchLogsLogGroupArn: { 'Fn::GetAtt': ['LogGroup', 'Arn'] },
          CloudWatchLogsRoleArn: role
            ? { 'Fn::GetAtt': ['DeliveryRole', 'Arn'] }
            : cfnText(delivery?.spec.roleArn ?? '', scope.logGroup),
          Tags: tagList(spec.tags, scope),
        },
        ownBucket ? ['TrailBucketPolicy'] : undefined,
      ),
    ]
  },
  'log-group': ({ name, spec }, scope) => [
    kept('LogGroup', 'AWS::Logs::LogGroup', {
      LogGroupName: cfnText(name, scope.logGroup),
      RetentionInDays: spec.retentionDays,
      Tags: tagList(spec.tags, scope),
    }),
  ],
  role: ({ name, spec }, scope) => [
    kept('DeliveryRole', 'AWS::IAM::Role', {
      RoleName: cfnText(name, scope.logGroup),
      Description: DELIVERY_ROLE_DESCRIPTION,
      AssumeRolePolicyDocument: cfnValue(spec.trust, scope.logGroup),
      Policies: [{ PolicyName: spec.policyName, PolicyDocument: cfnValue(spec.policy, scope.logGroup) }],
      Tags: tagList(spec.tags, scope),
    }),
  ],
  // Part of the trail.
  delivery: () => [],
  'metric-filter': (resource, scope) => {
    const { namespace, name, value, unit, defaultValue } = resource.spec.metric
    return [
      plain(scope.idOf(resource), 'AWS::Logs::MetricFilter', {
        FilterName: resource.name,
        LogGroupName: scope.logGroup,
        FilterPattern: cfnText(resource.spec.pattern, scope.logGroup),
        MetricTransformations: [
          {
            MetricNamespace: namespace,
            MetricName: name,
            MetricValue: value,
            Unit: unit,
            DefaultValue: defaultValue,
          },
        ],
      }),
    ]
  },
  topic: (resource, scope) => {
    const id = scope.idOf(resource)
    const { displayName, kmsKeyId, policy, tags } = resource.spec
    return [
      plain(id, 'AWS::SNS::Topic', {
        TopicName: resource.name,
        DisplayName: displayName,
        KmsMasterKeyId: kmsKeyId,
        Tags: tagList(tags, scope),
      }),
      plain(`${id}Policy`, 'AWS::SNS::TopicPolicy', {
        Topics: [{ Ref: id }],
        PolicyDocument: cfnValue(policy, scope.logGroup),
      }),
    ]
  },
  queue: (resource, scope) => {
    const id = scope.idOf(resource)
    const { retentionS, encrypted, policy, tags } = resource.spec
    return [
      {
        id,
        body: {
          Type: 'AWS::SQS::Queue',
          // Said outright, because what lies in the queue goes with the stack.
          DeletionPolicy: 'Delete',
          UpdateReplacePolicy: 'Delete',
          Properties: defined({
            QueueName: resource.name,
            MessageRetentionPeriod: retentionS,
            SqsManagedSseEnabled: encrypted,
            Tags: tagList(tags, scope),
          }),
        },
      },
      plain(`${id}Policy`, 'AWS::SQS::QueuePolicy', {
        Queues: [{ Ref: id }],
        PolicyDocument: cfnValue(policy, scope.logGroup),
      }),
    ]
  },
  subscription: (resource, scope) => {
    const { topicArn, purpose, deadLetterQueue, retries } = resource.spec
    return [
      plain(scope.idOf(resource), 'AWS::SNS::Subscription', {
        TopicArn: scope.arnOf(topicArn),
        Protocol: 'https',
        Endpoint: { Ref: URL_PARAMETER[purpose] },
        RedrivePolicy:
          typeof deadLetterQueue === 'string' ? { deadLetterTargetArn: scope.arnOf(deadLetterQueue) } : undefined,
        DeliveryPolicy: retries === undefined ? undefined : cfnValue(withRetries(undefined, retries), scope.logGroup),
      }),
    ]
  },
  'email-subscription': (resource, scope) => [
    plain(scope.idOf(resource), 'AWS::SNS::Subscription', {
      TopicArn: scope.arnOf(resource.spec.topicArn),
      Protocol: 'email',
      Endpoint: resource.spec.address,
    }),
  ],
  alarm: (resource, scope) => {
    const { spec } = resource
    const actions = (arns: readonly string[]) => (arns.length === 0 ? undefined : arns.map(scope.arnOf))
    const dimensions = Object.entries(spec.metric.dimensions ?? {})
    return [
      plain(scope.idOf(resource), 'AWS::CloudWatch::Alarm', {
        AlarmName: cfnText(resource.name, scope.logGroup),
        AlarmDescription: cfnText(spec.description, scope.logGroup),
        ActionsEnabled: spec.actionsEnabled,
        Namespace: spec.metric.namespace,
        MetricName: spec.metric.name,
        ...(dimensions.length === 0
          ? {}
          : { Dimensions: dimensions.map(([Name, value]) => ({ Name, Value: cfnText(value, scope.logGroup) })) }),
        Statistic: spec.statistic,
        Period: spec.period,
        EvaluationPeriods: spec.evaluationPeriods,
        DatapointsToAlarm: spec.datapointsToAlarm,
        Threshold: spec.threshold,
        ComparisonOperator: spec.comparisonOperator,
        TreatMissingData: spec.treatMissingData,
        AlarmActions: actions(spec.alarmActions),
        OKActions: actions(spec.okActions),
        InsufficientDataActions: actions(spec.insufficientDataActions),
        Tags: tagList(spec.tags, scope),
      }),
    ]
  },
  dashboard: (resource, scope) => [
    plain(scope.idOf(resource), 'AWS::CloudWatch::Dashboard', {
      DashboardName: cfnText(resource.name, scope.logGroup),
      DashboardBody: cfnText(JSON.stringify(resource.spec.body), scope.logGroup),
    }),
  ],
  'pagerduty-service': () => [],
  integration: () => [],
}

/** What is made only together with the trail knows the name of its log group. */
function scopeFor({ kind }: Resource, scope: Scope): Scope {
  return EVENT_KINDS.includes(kind) ? { ...scope, logGroup: scope.ownLogGroup } : scope
}

const EVENT_KINDS: readonly Kind[] = ['bucket', 'trail', 'log-group', 'role']

function scopeOf(template: Template, resources: readonly Resource[]): Scope {
  const labels = labelsOf(resources, template.setup.name, template.site)
  const logGroup = logGroupOf(template)
  const idOf = (resource: Resource) =>
    `${ID_PREFIX[resource.kind] ?? ''}${pascalCase(labels.get(addressOf(resource)) ?? [])}`
  const arns = new Map<string, CfnValue>(
    resources.flatMap((resource): readonly (readonly [string, CfnValue])[] => {
      if (resource.kind === 'topic') return [[resource.spec.arn, { Ref: idOf(resource) }]]
      return resource.kind === 'queue' ? [[resource.spec.arn, { 'Fn::GetAtt': [idOf(resource), 'Arn'] }]] : []
    }),
  )
  const ownLogGroup = template.ownLogGroup ?? ''
  return { logGroup, ownLogGroup, resources, idOf, arnOf: (arn) => arns.get(arn) ?? cfnText(arn, logGroup) }
}

const ID_PREFIX: Readonly<Partial<Record<Kind, string>>> = {
  'metric-filter': 'MetricFilter',
  alarm: 'Alarm',
  dashboard: 'Dashboard',
  topic: 'Topic',
  queue: 'Queue',
  subscription: 'Subscription',
  'email-subscription': 'Subscription',
}

/** The log group that the template makes, or the one that the parameter names; where the trail exists, its name as it was given. */
function logGroupOf({ ownLogGroup }: Template): CfnValue {
  if (ownLogGroup === undefined) return { Ref: EXISTING_LOG_GROUP }
  return { 'Fn::If': [MAKES_TRAIL, { Ref: 'LogGroup' }, { Ref: EXISTING_LOG_GROUP }] }
}

function parameters(template: Template): CfnValue {
  const url = (description: string) => ({
    Type: 'String',
    NoEcho: true,
    Description: description,
    AllowedPattern: '^https?://\\S+$',
    ConstraintDescription: 'the integration URL that PagerDuty shows',
  })
  const purposes = purposesOf(template)
  const own = template.ownLogGroup !== undefined
  const organization = template.resources.some((one) => one.kind === 'trail' && one.spec.organization)
  return Object.fromEntries(
    Object.entries({
      [URL_PARAMETER.pages]: purposes.includes('pages')
        ? url('Integration URL of PagerDuty: where pages go')
        : undefined,
      [URL_PARAMETER.tickets]: purposes.includes('tickets')
        ? url('Integration URL of PagerDuty for detections of low urgency')
        : undefined,
      [EXISTING_LOG_GROUP]: {
        Type: 'String',
        Description: own
          ? 'Log group that a trail of this account writes to in this region. Empty: a trail is made, with a log group of its own.'
          : 'Log group that the trail of this account writes to in this region',
        Default: own ? '' : template.setup.logGroup,
        AllowedPattern: own ? '^[A-Za-z0-9._/#-]{0,180}$' : '^[A-Za-z0-9._/#-]{1,180}$',
      },
      [ORGANIZATION_ID]: organization
        ? { Type: 'String', Description: 'Id of the organization', AllowedPattern: '^o-[a-z0-9]{10,32}$' }
        : undefined,
    }).filter(([, value]) => value !== undefined),
  )
}

function outputs(template: Template, { arnOf }: Scope): CfnValue {
  const topic = template.resources.find((resource) => resource.kind === 'topic') as Resource<'topic'> | undefined
  return { TopicArn: { Description: 'Topic that pages', Value: arnOf(topic?.spec.arn ?? '') } }
}

/** What an audit rests on stays when the stack goes, as `destroy` leaves it; it is only made where no trail is named. */
function kept(
  id: string,
  Type: string,
  Properties: Readonly<Record<string, CfnValue | undefined>>,
  DependsOn?: readonly string[],
): CfnResource {
  return {
    id,
    body: {
      Type,
      Condition: MAKES_TRAIL,
      DependsOn,
      DeletionPolicy: 'RetainExceptOnCreate',
      UpdateReplacePolicy: 'Retain',
      Properties: defined(Properties),
    },
  }
}

function plain(id: string, Type: string, Properties: Readonly<Record<string, CfnValue | undefined>>): CfnResource {
  return { id, body: { Type, Properties: defined(Properties) } }
}

function defined(properties: Readonly<Record<string, CfnValue | undefined>>): CfnValue {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => value !== undefined))
}

function tagList(tags: Tags, { logGroup }: Pick<Scope, 'logGroup'>): CfnValue {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value: cfnText(Value, logGroup) }))
}

/** A detection is a filter and an alarm; what is left of the quota says how many fit. */
function refuseTooMany(count: number, { setup }: Template): void {
  if (count <= MAX_RESOURCES) return
  const perDetection = setup.detections.length === 0 ? 2 : count / setup.detections.length
  const fit = Math.floor((setup.detections.length * MAX_RESOURCES) / count - 10 / perDetection)
  throw usage(
    'export-too-many',
    `the template would hold ${count} resources, and CloudFormation takes ${MAX_RESOURCES}`,
    `about ${fit} of the ${setup.detections.length} detections fit: export the rest under another --name`,
  )
}

function sizeNote(text: string, resources: number): string {
  const bytes = Buffer.byteLength(text)
  if (bytes > MAX_FILE) {
    throw usage(
      'export-too-large',
      `the template would have ${bytes} bytes, and CloudFormation takes ${MAX_FILE}`,
      'export some of the detections under another --name',
    )
  }
  const upload =
    bytes > MAX_BODY
      ? '# Too long for --template-body: aws cloudformation deploy --s3-bucket BUCKET uploads it first.\n'
      : ''
  return `# CloudTrail to PagerDuty by cloudtrail-pd: ${resources} resources.\n${upload}`
}
