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
import { deployed } from './deployed.ts'

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
