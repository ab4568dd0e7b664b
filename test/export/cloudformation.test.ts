import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { sameDescription } from '../../src/domain/marker.ts'
import type { Site } from '../../src/domain/names.ts'
import { SID } from '../../src/domain/policy-documents.ts'
import type { Resource } from '../../src/domain/resources.ts'
import { cloudFormation, MAX_RESOURCES } from '../../src/export/cloudformation.ts'
import { NOTHING_READ, templateOf, UNKNOWN_ENDPOINTS } from '../../src/export/template.ts'
import { setupOf } from '../../src/options/setup.ts'
import { scopedTo } from '../../src/plan/chain-names.ts'
import { desired } from '../../src/plan/desired.ts'
import type { TrailChoice } from '../../src/plan/trail-choice.ts'

type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value }

/** As much of CloudFormation's functions as the templates use, for one account and region. */
function deployed(text: string, site: Site, existing: string) {
  const body = parse(text, { version: '1.1' })
  const makesTrail = existing === ''
  const known: Record<string, string> = {
    'AWS::AccountId': site.account,
    'AWS::Region': site.region,
    'AWS::Partition': site.partition,
    ExistingLogGroupName: existing,
  }
  const value = (one: Value): Value => {
    if (typeof one !== 'object' || one === null) return one
    if (Array.isArray(one)) return one.map(value)
    const [[name = '', inner = null] = []] = Object.entries(one)
    const list = (Array.isArray(inner) ? inner : []) as readonly Value[]
    switch (name) {
      case 'Ref':
        return known[String(inner)] ?? reference(String(inner))
      case 'Fn::If':
        return value((makesTrail ? list[1] : list[2]) ?? null)
      case 'Fn::Join':
        return (value(list[1] ?? null) as readonly string[]).join(String(list[0]))
      case 'Fn::Split':
        return String(value(list[1] ?? null)).split(String(list[0]))
      case 'Fn::FindInMap':
        return body.Mappings[String(list[0])][String(value(list[1] ?? null))][String(list[2])]
      case 'Fn::Sub':
        return substituted(inner)
      default:
        return Object.fromEntries(Object.entries(one).map(([key, item]) => [key, value(item)]))
    }
  }
  const substituted = (inner: Value): string => {
    const [pattern, variables] = Array.isArray(inner) ? inner : [inner, {}]
    const names: Record<string, Value> = { ...known }
    for (const [key, item] of Object.entries(variables as object)) names[key] = value(item as Value)
    return String(pattern).replaceAll(/\$\{(!?)([\w:]+)\}/g, (_, literal, name) =>
      literal === '!' ? `\${${name}}` : String(names[name]),
    )
  }
  const reference = (id: string): string => {
    const { Type, Properties } = body.Resources[id]
    if (Type === 'AWS::Logs::LogGroup') return String(value(Properties.LogGroupName))
    if (Type !== 'AWS::SNS::Topic') return id
    return `arn:${site.partition}:sns:${site.region}:${site.account}:${Properties.TopicName}`
  }
  const of = (type: string) =>
    Object.values(body.Resources as Record<string, { Type: string; Condition?: string; Properties: Value }>)
      .filter(({ Type, Condition }) => Type === type && (Condition === undefined || makesTrail))
      .map(({ Properties }) => value(Properties) as Record<string, Value>)
  return { of }
}

const SITES: readonly Site[] = [
  { partition: 'aws', account: '123456789012', region: 'us-east-1' },
  { partition: 'aws-cn', account: '210987654321', region: 'cn-northwest-1' },
  { partition: 'aws-us-gov', account: '123456789012', region: 'us-gov-west-1' },
]

const dollar = '$'
const { setup } = setupOf({
  detections: ['all'],
  variant: 'both',
  drill: true,
  tag: { team: `a${dollar}{b}` },
  name: 'team-a',
})
const text = cloudFormation(templateOf(setup, { deployedBy: 'cloudformation', organization: false, anyLogGroup: true }))

function wantedBy(site: Site, logGroup: string | undefined): readonly Resource[] {
  const own = { how: 'own' as const, name: 'team-a', bucket: `team-a-${site.account}-${site.region}` }
  const choice: TrailChoice = { ...own, region: site.region, organization: false, notes: [] }
  const local = { ...setup, logGroup, deployedBy: 'cloudformation' as const }
  return desired(scopedTo(site, local, choice), { ...NOTHING_READ, site }, choice, UNKNOWN_ENDPOINTS)
}

describe('a CloudFormation template', () => {
  it.each(SITES.flatMap((site) => ['', '/aws/cloudtrail#1'].map((existing) => [site.region, existing, site] as const)))(
    'deployed in %s over log group "%s" makes what init would make',
    (_, existing, site) => {
      const { of } = deployed(text, site, existing)
      const wanted = wantedBy(site, existing === '' ? undefined : existing)
      const alarms = new Map(of('AWS::CloudWatch::Alarm').map((one) => [String(one.AlarmName), one]))
      const filters = new Map(of('AWS::Logs::MetricFilter').map((one) => [String(one.FilterName), one]))
      for (const resource of wanted) {
        if (resource.kind === 'alarm') {
          const alarm = alarms.get(resource.name)
          expect(sameDescription(String(alarm?.AlarmDescription), resource.spec.description)).toBe(true)
          expect(alarm).toMatchObject({
            Namespace: resource.spec.metric.namespace,
            MetricName: resource.spec.metric.name,
            Threshold: resource.spec.threshold,
            Period: resource.spec.period,
            EvaluationPeriods: resource.spec.evaluationPeriods,
            AlarmActions: resource.spec.alarmActions,
            OKActions: resource.spec.okActions,
            Tags: Object.entries(resource.spec.tags).map(([Key, Value]) => ({ Key, Value })),
          })
        }
        if (resource.kind === 'metric-filter') {
          expect(filters.get(resource.name)).toMatchObject({
            LogGroupName: resource.spec.logGroup,
            FilterPattern: resource.spec.pattern,
          })
        }
        if (resource.kind === 'topic') {
          const policies = of('AWS::SNS::TopicPolicy').map(({ PolicyDocument }) => PolicyDocument)
          expect(policies).toContainEqual(resource.spec.policy)
        }
        if (resource.kind === 'role' && existing === '') {
          // Only init writes into the Sid what it made; of the stack, the stack knows.
          const Statement = resource.spec.policy.Statement.map((one) => ({ ...one, Sid: SID.rolePolicy }))
          expect(of('AWS::IAM::Role')).toMatchObject([
            {
              RoleName: resource.name,
              AssumeRolePolicyDocument: resource.spec.trust,
              Policies: [
                { PolicyName: resource.spec.policyName, PolicyDocument: { ...resource.spec.policy, Statement } },
              ],
            },
          ])
        }
        if (resource.kind === 'bucket' && existing === '') {
          expect(of('AWS::S3::Bucket')).toMatchObject([{ BucketName: resource.name }])
          expect(of('AWS::S3::BucketPolicy')).toMatchObject([
            { PolicyDocument: { Statement: resource.spec.statements } },
          ])
        }
      }
      expect(alarms.size).toBe(wanted.filter(({ kind }) => kind === 'alarm').length)
      expect(filters.size).toBe(wanted.filter(({ kind }) => kind === 'metric-filter').length)
      if (existing !== '') expect(of('AWS::CloudTrail::Trail')).toEqual([])
    },
  )

  it('takes the URL as a parameter that is never echoed', () => {
    expect(parse(text).Parameters.IntegrationUrl).toMatchObject({ Type: 'String', NoEcho: true })
  })

  it('of more resources than fit is refused, and says how many detections do', () => {
    const [one] = setup.detections
    if (one === undefined) throw new Error('no detection')
    const detections = Array.from({ length: 300 }, (_, index) => ({ ...one, id: `${one.id}-${index}` }))
    const template = templateOf(
      { ...setup, variant: 'paging', detections },
      {
        deployedBy: 'cloudformation',
        organization: false,
        anyLogGroup: true,
      },
    )
    expect(() => cloudFormation(template)).toThrow(new RegExp(`${MAX_RESOURCES}`))
    expect(() => cloudFormation(template)).toThrow(expect.objectContaining({ code: 'export-too-many', exit: 2 }))
  })
})
