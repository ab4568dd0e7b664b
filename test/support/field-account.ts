/** An account as a public module or template leaves it, from `test/fixtures/accounts`: the facts that doctor judges. */

import { readdirSync, readFileSync } from 'node:fs'
import type { Gathered } from '../../src/doctor/account.ts'
import { logGroupArn, trailLogGroupArn } from '../../src/domain/names.ts'
import { deliveryPolicy, type PolicyDocument, parsePolicy } from '../../src/domain/policy-documents.ts'
import { Secret } from '../../src/domain/secret.ts'
import type { KeySnapshot, MetricTransformation, Reading } from '../../src/domain/snapshot.ts'
import { keyStatement } from '../../src/iam/key-use.ts'
import {
  aFilter,
  aLogGroup,
  anAlarm,
  aRole,
  aSubscription,
  aTopic,
  aTrail,
  aTransformation,
  read,
  SITE,
  someFacts,
} from './builders.ts'

interface AccountFile {
  readonly trail: { readonly name: string; readonly multiRegion: boolean; readonly logGroup: string }
  readonly logGroups: readonly { readonly name: string; readonly retentionDays: number | null }[]
  readonly metricFilters: readonly {
    readonly logGroup: string
    readonly name: string
    readonly pattern: string
    readonly transformations: readonly TransformationFile[]
  }[]
  readonly alarms: readonly AlarmFile[]
  readonly topics: readonly { readonly arn: string; readonly policy: object; readonly key: 'aws' | 'customer' | null }[]
  readonly subscriptions: readonly { readonly topic: string; readonly protocol: string; readonly endpoint: string }[]
}

interface TransformationFile {
  readonly metricName: string
  readonly metricNamespace: string
  readonly metricValue: string
  readonly unit?: string | null
  readonly defaultValue?: number | string | null
}

/** Members of PutMetricAlarm. */
interface AlarmFile {
  readonly AlarmName: string
  readonly ActionsEnabled: boolean
  readonly AlarmActions: readonly string[]
  readonly OKActions: readonly string[]
  readonly InsufficientDataActions: readonly string[]
  readonly MetricName?: string
  readonly Namespace?: string
  readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[]
  /** Metric math. */
  readonly Metrics?: readonly object[]
  readonly Statistic?: string
  readonly Period?: number
  readonly EvaluationPeriods: number
  readonly DatapointsToAlarm?: number
  readonly Threshold: number
  readonly ComparisonOperator: string
  readonly TreatMissingData?: string
  readonly Unit?: string
}

const FOLDER = new URL('../fixtures/accounts/', import.meta.url)
const CUSTOMER_KEY = `arn:aws:kms:${SITE.region}:${SITE.account}:key/customer`

/** Names of all accounts, in the order of the alphabet. */
export const FIELD_ACCOUNTS: readonly string[] = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length))
  .sort()

export function fieldAccount(name: string): Gathered {
  const file = JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8')) as AccountFile
  const keys = new Map<string, Reading<KeySnapshot | undefined>>([[CUSTOMER_KEY, read(customerKey())]])
  return someFacts({
    trails: [
      aTrail({
        name: file.trail.name,
        multiRegion: file.trail.multiRegion,
        logGroupArn: trailLogGroupArn(SITE, file.trail.logGroup),
      }),
    ],
    logGroups: file.logGroups.map((group) =>
      aLogGroup({
        name: group.name,
        arn: logGroupArn(SITE, group.name),
        retentionDays: group.retentionDays ?? undefined,
      }),
    ),
    filters: file.metricFilters.map((filter) =>
      aFilter({
        logGroup: filter.logGroup,
        name: filter.name,
        pattern: filter.pattern,
        transformations: filter.transformations.map(transformation),
      }),
    ),
    alarms: file.alarms.map(alarm),
    topics: file.topics.map(({ arn, policy, key }) => {
      const policyText = JSON.stringify(policy)
      const kmsKeyId = key === null ? undefined : key === 'aws' ? 'alias/aws/sns' : CUSTOMER_KEY
      return aTopic({ arn, policyText, policy: parsePolicy(policyText), kmsKeyId })
    }),
    subscriptions: file.subscriptions.map(({ topic, protocol, endpoint }, index) =>
      aSubscription({ arn: `${topic}:${index}`, topicArn: topic, protocol, endpoint: new Secret(endpoint) }),
    ),
    roles: [
      aRole({
        trust: trustOfAnyTrail(),
        policies: { delivery: deliveryPolicy(SITE, file.trail.logGroup, undefined) },
      }),
    ],
    diagnostics: { keys },
  })
}

function transformation(made: TransformationFile): MetricTransformation {
  return aTransformation({
    namespace: made.metricNamespace,
    name: made.metricName,
    value: made.metricValue,
    unit: made.unit === null || made.unit === 'None' ? undefined : made.unit,
    defaultValue: made.defaultValue === undefined || made.defaultValue === null ? undefined : Number(made.defaultValue),
  })
}

function alarm(one: AlarmFile) {
  const { MetricName: metric, Namespace: namespace, Dimensions } = one
  const dimensions = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]))
  return anAlarm({
    name: one.AlarmName,
    raw: { ...one },
    actionsEnabled: one.ActionsEnabled,
    alarmActions: one.AlarmActions,
    okActions: one.OKActions,
    insufficientDataActions: one.InsufficientDataActions,
    metric: metric === undefined || namespace === undefined ? undefined : { namespace, name: metric, dimensions },
    statistic: one.Statistic,
    period: one.Period,
    evaluationPeriods: one.EvaluationPeriods,
    datapointsToAlarm: one.DatapointsToAlarm,
    threshold: one.Threshold,
    comparisonOperator: one.ComparisonOperator,
    treatMissingData: one.TreatMissingData,
    unit: one.Unit,
  })
}

function customerKey(): KeySnapshot {
  const policy: PolicyDocument = { Version: '2012-10-17', Statement: [keyStatement(SITE)] }
  return { arn: CUSTOMER_KEY, manager: 'CUSTOMER', enabled: true, policy: read(policy) }
}

function trustOfAnyTrail(): PolicyDocument {
  const Principal = { Service: 'cloudtrail.amazonaws.com' }
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }] }
}
