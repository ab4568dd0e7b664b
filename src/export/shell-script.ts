/** The chain as a shell script of AWS CLI calls, in the order in which `init` makes it. */

import { CONSOLE_HOSTS, DEFAULT_CONSOLE_HOST } from '../domain/console.ts'
import { withRetries } from '../domain/delivery-retries.ts'
import { SUBSCRIBED_TAG } from '../domain/marker.ts'
import { DELIVERY_ROLE_DESCRIPTION } from '../domain/policy-documents.ts'
import {
  type Kind,
  PUBLIC_ACCESS_BLOCK,
  type Resource,
  type SubscriptionPurpose,
  type SubscriptionSpec,
  type Tags,
} from '../domain/resources.ts'
import { quoted } from '../next-command.ts'
import { ANY_SITE, type Placeholder, partsOf } from './placeholders.ts'
import { made, purposesOf, type Template } from './template.ts'

const VARIABLES: Readonly<Record<Placeholder, string>> = {
  account: 'ACCOUNT',
  region: 'REGION',
  partition: 'PARTITION',
  consoleHost: 'CONSOLE_HOST',
  organization: 'ORGANIZATION',
  logGroup: 'LOG_GROUP',
  logGroupInUrl: 'LOG_GROUP',
}

const URL_VARIABLE: Readonly<Record<SubscriptionPurpose, string>> = {
  pages: 'CLOUDTRAIL_PD_INTEGRATION_URL',
  tickets: 'CLOUDTRAIL_PD_LOW_URGENCY_INTEGRATION_URL',
  compliance: 'CLOUDTRAIL_PD_COMPLIANCE_URL',
}

/** The script. It ends at the first call that fails; most calls may be repeated, those that make a resource once may not. */
export function shellScript(template: Template): string {
  const calls = made(template).flatMap((resource) => RENDER[resource.kind](resource as never, template))
  return `${[...head(template), ...calls].join('\n')}\n`
}

const RENDER: { readonly [K in Kind]: (resource: Resource<K>, template: Template) => readonly string[] } = {
  bucket: ({ name, spec }) => [
    '# us-east-1 is the one region that must not be named as a location.',
    'LOCATION=()',
    `if [ "$REGION" != us-east-1 ]; then LOCATION=(--create-bucket-configuration "LocationConstraint=$REGION"); fi`,
    `aws s3api create-bucket --bucket ${word(name)} \${LOCATION[@]+"\${LOCATION[@]}"}`,
    call('s3api put-public-access-block', {
      bucket: name,
      'public-access-block-configuration': Object.entries(PUBLIC_ACCESS_BLOCK)
        .map((pair) => pair.join('='))
        .join(','),
    }),
    call('s3api put-bucket-policy', {
      bucket: name,
      policy: JSON.stringify({ Version: '2012-10-17', Statement: spec.statements }),
    }),
  ],
  trail: ({ name, spec }) => [
    call('cloudtrail create-trail', { name, 's3-bucket-name': spec.bucket }, [
      spec.multiRegion ? '--is-multi-region-trail' : '--no-is-multi-region-trail',
      spec.globalServiceEvents ? '--include-global-service-events' : '--no-include-global-service-events',
      spec.fileValidation ? '--enable-log-file-validation' : '--no-enable-log-file-validation',
      ...(spec.organization ? ['--is-organization-trail'] : []),
      ...keyValueTags('--tags-list', spec.tags),
    ]),
    call('cloudtrail start-logging', { name: spec.arn }),
  ],
  'log-group': ({ name, spec }) => [
    call('logs create-log-group', { 'log-group-name': name, tags: JSON.stringify(spec.tags) }),
    ...(spec.retentionDays === undefined
      ? []
      : [
          call('logs put-retention-policy', {
            'log-group-name': name,
            'retention-in-days': String(spec.retentionDays),
          }),
        ]),
  ],
  role: ({ name, spec }) => [
    call(
      'iam create-role',
      {
        'role-name': name,
        description: DELIVERY_ROLE_DESCRIPTION,
        'assume-role-policy-document': JSON.stringify(spec.trust),
      },
      keyValueTags('--tags', spec.tags),
    ),
    call('iam put-role-policy', {
      'role-name': name,
      'policy-name': spec.policyName,
      'policy-document': JSON.stringify(spec.policy),
    }),
  ],
  delivery: ({ spec }) => [
    '# CloudTrail sees a new role only after a while.',
    'for ATTEMPT in 1 2 3 4 5 6 7 8 9 10; do',
    `  if ${call('cloudtrail update-trail', {
      name: spec.trailArn,
      'cloud-watch-logs-log-group-arn': spec.logGroupArn,
      'cloud-watch-logs-role-arn': spec.roleArn,
    })}; then break; fi`,
    '  if [ "$ATTEMPT" = 10 ]; then exit 1; fi',
    '  sleep 9',
    'done',
  ],
  'metric-filter': ({ name, spec }) => {
    const { namespace, name: metricName, value, unit, defaultValue } = spec.metric
    const transformation = {
      metricNamespace: namespace,
      metricName,
      metricValue: value,
      ...(unit === undefined ? {} : { unit }),
      ...(defaultValue === undefined ? {} : { defaultValue }),
    }
    return [
      call('logs put-metric-filter', {
        'log-group-name': spec.logGroup,
        'filter-name': name,
        'filter-pattern': spec.pattern,
        'metric-transformations': JSON.stringify([transformation]),
      }),
    ]
  },
  topic: ({ name, spec }) => {
    const attributes = {
      DisplayName: spec.displayName,
      Policy: JSON.stringify(spec.policy),
      ...(spec.kmsKeyId === undefined ? {} : { KmsMasterKeyId: spec.kmsKeyId }),
    }
    return [
      call('sns create-topic', { name, attributes: JSON.stringify(attributes) }, keyValueTags('--tags', spec.tags)),
    ]
  },
  queue: ({ name, spec }) => {
    const attributes = {
      MessageRetentionPeriod: String(spec.retentionS),
      SqsManagedSseEnabled: String(spec.encrypted),
      Policy: JSON.stringify(spec.policy),
    }
    return [
      call('sqs create-queue', {
        'queue-name': name,
        attributes: JSON.stringify(attributes),
        tags: JSON.stringify(spec.tags),
      }),
    ]
  },
  subscription: ({ spec }) => [
    ...(spec.recorded ? recorded(spec) : []),
    '# In a file that only this user can read: a command line is seen by everyone on the machine.',
    'REQUEST="$(mktemp)"',
    `trap 'rm -f "$REQUEST"' EXIT`,
    [
      `printf '{"TopicArn":"%s","Protocol":"https","Endpoint":"%s","ReturnSubscriptionArn":true,"Attributes":%s}'`,
      `${word(spec.topicArn)} "$${URL_VARIABLE[spec.purpose]}" ${word(JSON.stringify(subscriptionAttributes(spec)))} > "$REQUEST"`,
    ].join(' '),
    'aws sns subscribe --cli-input-json "file://$REQUEST"',
    'rm -f "$REQUEST"',
  ],
  'email-subscription': ({ spec }) => [
    call('sns subscribe', { 'topic-arn': spec.topicArn, protocol: 'email', 'notification-endpoint': spec.address }),
  ],
  alarm: ({ name, spec }) => [
    call(
      'cloudwatch put-metric-alarm',
      {
        'alarm-name': name,
        'alarm-description': spec.description,
        namespace: spec.metric.namespace,
        'metric-name': spec.metric.name,
        statistic: spec.statistic,
        period: String(spec.period),
        'evaluation-periods': String(spec.evaluationPeriods),
        'datapoints-to-alarm': String(spec.datapointsToAlarm),
        threshold: String(spec.threshold),
        'comparison-operator': spec.comparisonOperator,
        'treat-missing-data': spec.treatMissingData,
      },
      [
        spec.actionsEnabled ? '--actions-enabled' : '--no-actions-enabled',
        ...list(
          '--dimensions',
          Object.entries(spec.metric.dimensions ?? {}).map(([name, value]) => `Name=${name},Value=${value}`),
        ),
        ...list('--alarm-actions', spec.alarmActions),
        ...list('--ok-actions', spec.okActions),
        ...list('--insufficient-data-actions', spec.insufficientDataActions),
        ...keyValueTags('--tags', spec.tags),
      ],
    ),
  ],
  dashboard: ({ name, spec }) => [
    call('cloudwatch put-dashboard', { 'dashboard-name': name, 'dashboard-body': JSON.stringify(spec.body) }),
  ],
  'pagerduty-service': () => [],
  integration: () => [],
}

function subscriptionAttributes({ deadLetterQueue, retries }: SubscriptionSpec): Readonly<Record<string, string>> {
  return {
    ...(typeof deadLetterQueue === 'string'
      ? { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: deadLetterQueue }) }
      : {}),
    ...(retries === undefined ? {} : { DeliveryPolicy: JSON.stringify(withRetries(undefined, retries)) }),
  }
}

function head(template: Template): readonly string[] {
  const organization = template.resources.some((one) => one.kind === 'trail' && one.spec.organization)
  const hosts = Object.entries(CONSOLE_HOSTS).map(([partition, host]) => `  ${partition}) CONSOLE_HOST=${host} ;;`)
  return [
    '#!/usr/bin/env bash',
    '# CloudTrail to PagerDuty by AWS CLI calls, from cloudtrail-pd. Region and credentials are those of the AWS CLI.',
    'set -euo pipefail',
    ...purposesOf(template).map(
      (purpose) => `: "\${${URL_VARIABLE[purpose]}:?the integration URL that PagerDuty shows}"`,
    ),
    // biome-ignore lint/suspicious/noTemplateCurlyInString: expanded by the shell
    'REGION="${AWS_REGION:-${AWS_DEFAULT_REGION:-$(aws configure get region)}}"',
    'export AWS_REGION="$REGION" AWS_DEFAULT_REGION="$REGION" AWS_PAGER=""',
    ...(template.site === ANY_SITE
      ? [
          'IDENTITY="$(aws sts get-caller-identity --query Arn --output text)"',
          'ACCOUNT="$(aws sts get-caller-identity --query Account --output text)"',
          'PARTITION="$(printf %s "$IDENTITY" | cut -d: -f2)"',
          'case "$PARTITION" in',
          ...hosts,
          `  *) CONSOLE_HOST=${DEFAULT_CONSOLE_HOST} ;;`,
          'esac',
        ]
      : []),
    ...(organization
      ? ['ORGANIZATION="$(aws organizations describe-organization --query Organization.Id --output text)"']
      : []),
    '',
  ]
}

/** One call on one line. */
function call(command: string, options: Readonly<Record<string, string>>, more: readonly string[] = []): string {
  const words = Object.entries(options).map(([name, value]) => `--${name}=${word(value)}`)
  return ['aws', command, ...words, ...more].join(' ')
}

/** One word of a POSIX shell: literal texts in single quotes, variables in double ones. */
function word(text: string): string {
  const parts = partsOf(text)
  if (parts.length === 0) return "''"
  return parts.map((part) => (typeof part === 'string' ? quoted(part) : `"$${VARIABLES[part.placeholder]}"`)).join('')
}

function list(flag: string, values: readonly string[]): readonly string[] {
  return values.length === 0 ? [] : [flag, ...values.map(word)]
}

/** As JSON, because the short form has no quotes for commas and blanks. */
/** First, as init does it: the topic remembers whose subscription it is about to get. */
function recorded({ topicArn, purpose }: SubscriptionSpec): readonly string[] {
  return [
    `SUBSCRIBED="$(printf %s "$${URL_VARIABLE[purpose]}" | openssl dgst -sha256 -r | cut -c1-8)"`,
    `aws sns tag-resource --resource-arn ${word(topicArn)} --tags "Key=${SUBSCRIBED_TAG}$SUBSCRIBED,Value=by init"`,
  ]
}

function keyValueTags(flag: string, tags: Tags): readonly string[] {
  const pairs = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  return pairs.length === 0 ? [] : [flag, word(JSON.stringify(pairs))]
}
