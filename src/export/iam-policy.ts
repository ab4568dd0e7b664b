/** The IAM policy of a command: its actions on the resources of one chain, with the conditions that AWS has. */

import {
  alarmArn,
  bucketArn,
  chainNames,
  dashboardArn,
  formatArn,
  logGroupArn,
  queueArn,
  roleArn,
  roleNameOf,
  type Site,
  topicArn,
  trailArn,
} from '../domain/names.ts'
import type { PolicyDocument, PolicyStatement } from '../domain/policy-documents.ts'
import type { Resource } from '../domain/resources.ts'
import { usage } from '../errors.ts'
import { SCOPES, type Scope } from './iam-scopes.ts'
import { made, type Template } from './template.ts'

/** An identity policy holds no more characters, white space not counted (IAM quotas, managed policies). */
export const MAX_POLICY = 6144

/** The partition that a region belongs to; without a region that of most accounts. */
export function partitionOf(region: string | undefined): string {
  if (region?.startsWith('cn-')) return 'aws-cn'
  if (region?.startsWith('us-gov-')) return 'aws-us-gov'
  return 'aws'
}

/** The site of a policy for any account, where `*` stands for what is not known. */
export function policySite(region: string | undefined): Site {
  return { partition: partitionOf(region), account: '*', region: region ?? '*' }
}

/**
 * The policy that allows `actions` for the chain of `template`. `role` is the role that `sts:AssumeRole` is for.
 * An action that nobody gave a scope is an error of ours.
 */
export function iamPolicy(template: Template, actions: readonly string[], role: string | undefined): PolicyDocument {
  const grouped = new Map<Scope, string[]>()
  for (const action of actions) {
    const scope = SCOPES[action]
    if (scope === undefined) throw new Error(`no resource is known for ${action}`)
    grouped.set(scope, [...(grouped.get(scope) ?? []), action])
  }
  const statements = [...grouped].flatMap(([scope, names]) => statementOf(scope, names, template, role))
  return { Version: '2012-10-17', Statement: statements }
}

/** The document as IAM takes it. Throws a usage error (exit 2) when it is too long for a managed policy. */
export function formatPolicy(policy: PolicyDocument): string {
  const length = JSON.stringify(policy).length
  if (length > MAX_POLICY) {
    throw usage(
      'export-policy-too-long',
      `the policy would have ${length} characters, and IAM takes ${MAX_POLICY}`,
      'choose a shorter --name',
    )
  }
  return `${JSON.stringify(policy, null, 2)}\n`
}

function statementOf(
  scope: Scope,
  actions: readonly string[],
  template: Template,
  role: string | undefined,
): readonly PolicyStatement[] {
  const resources = resourcesOf(scope, template, role)
  if (resources.length === 0) return []
  const condition = conditionOf(scope, template)
  return [
    ...(scope === 'subscribing' ? emailStatement(actions, template) : []),
    {
      Sid: `CloudTrailPagerDuty${scope.charAt(0).toUpperCase()}${scope.slice(1)}`,
      Effect: 'Allow',
      Action: [...actions],
      Resource: resources.length === 1 ? resources[0] : resources,
      ...(condition === undefined ? {} : { Condition: condition }),
    },
  ]
}

/** E-mail goes to the address that the options name and to no other. */
function emailStatement(actions: readonly string[], { resources }: Template): readonly PolicyStatement[] {
  const emails = resources.filter(
    (one) => one.kind === 'email-subscription',
  ) as readonly Resource<'email-subscription'>[]
  return emails.map(({ spec: { topicArn: topic, address } }) => ({
    Sid: 'CloudTrailPagerDutyFallbackEmail',
    Effect: 'Allow',
    Action: [...actions],
    Resource: topic,
    Condition: { StringEquals: { 'sns:Protocol': 'email', 'sns:Endpoint': address } },
  }))
}

function resourcesOf(scope: Scope, template: Template, role: string | undefined): readonly string[] {
  const { site, setup } = template
  const all = (service: string, resource: string) => [formatArn({ ...site, region: '*', service, resource })]
  switch (scope) {
    case 'any':
      return ['*']
    // An organization's trail is of another account.
    case 'trails':
      return [formatArn({ ...site, region: '*', account: '*', service: 'cloudtrail', resource: 'trail/*' })]
    case 'roles':
      return [roleArn(site, '*')]
    // Those of the account, and those that AWS keeps for all.
    case 'managedPolicies':
      return [site.account, 'aws'].map((account) =>
        formatArn({ ...site, region: '', account, service: 'iam', resource: 'policy/*' }),
      )
    case 'buckets':
      return [bucketArn(site, '*')]
    case 'logGroups':
      return all('logs', 'log-group:*')
    case 'topics':
      return all('sns', '*')
    case 'alarms':
      return all('cloudwatch', 'alarm:*')
    case 'queues':
      return all('sqs', '*')
    case 'queue':
      return [queueArn(site, chainNames(setup.name, site).queue)]
    case 'dashboards':
      return [dashboardArn(site, '*')]
    case 'dashboard':
      return [dashboardArn(site, chainNames(setup.name, site).dashboard)]
    case 'muteRules':
      return all('cloudwatch', 'alarm-mute-rule:*')
    case 'keys':
      return all('kms', 'key/*')
    case 'rules':
      return all('events', 'rule/*')
    case 'trail':
      // The organization trail that a delegated administrator makes is of the management account.
      return unique(
        template.resources.flatMap((one) => {
          if (one.kind !== 'trail') return []
          return [one.spec.organization ? trailArn({ ...site, account: '*' }, one.name) : one.spec.arn]
        }),
      )
    case 'role':
      return made(template).flatMap((one) => (one.kind === 'role' ? [roleArn(site, one.name)] : []))
    case 'passedRole':
      return unique(
        template.resources.flatMap((one) =>
          one.kind === 'delivery' ? [roleArn(site, roleNameOf(one.spec.roleArn))] : [],
        ),
      )
    case 'bucket':
      return template.resources.flatMap((one) => (one.kind === 'bucket' ? [bucketArn(site, one.name)] : []))
    case 'logGroup':
      return template.resources.flatMap((one) => (one.kind === 'log-group' ? logGroupArns(site, one.name) : []))
    case 'topic':
    case 'subscribing':
      return topicArns(template)
    case 'alarm':
    case 'alarmWrite':
      return [
        alarmArn(site, `${setup.name}-*`),
        ...setup.detections.flatMap(({ custom }) => (custom?.alarmName ? [alarmArn(site, custom.alarmName)] : [])),
      ]
    case 'assumedRole':
      return [roleArn({ ...site, account: '*' }, role ?? 'ROLE_NAME')]
  }
}

function conditionOf(scope: Scope, template: Template): object | undefined {
  switch (scope) {
    case 'passedRole':
      return { StringEquals: { 'iam:PassedToService': 'cloudtrail.amazonaws.com' } }
    case 'subscribing':
      return {
        StringEquals: { 'sns:Protocol': 'https' },
        StringLike: { 'sns:Endpoint': ['https://events.pagerduty.com/*', 'https://events.eu.pagerduty.com/*'] },
      }
    // An alarm can stop or terminate machines; these only publish.
    case 'alarmWrite':
      return { 'ForAllValues:StringLike': { 'cloudwatch:AlarmActions': topicArns(template) } }
    case 'assumedRole':
      return { StringEquals: { 'aws:ResourceOrgID': `\${aws:PrincipalOrgID}` } }
    default:
      return undefined
  }
}

/** Those of the setup, and the further ones that an earlier run may have made. */
function topicArns({ resources, setup, site }: Template): readonly string[] {
  const names = chainNames(setup.name, site)
  const computed = [names.topic, names.ticketTopic, names.complianceTopic, names.fallbackTopic].map((name) =>
    topicArn(site, name),
  )
  return unique([...resources.flatMap((one) => (one.kind === 'topic' ? [one.spec.arn] : [])), ...computed])
}

/** Calls about a group name it plainly, those about what is in it with `:*` (CloudWatch Logs, identity-based policies). */
function logGroupArns(site: Site, name: string): readonly string[] {
  return [logGroupArn(site, name), `${logGroupArn(site, name)}:*`]
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)]
}
