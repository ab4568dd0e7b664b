/** Does a policy let somebody do something? Three answers, because a wrong "yes" loses pages and a wrong "no" cries wolf. */

import { parseArn } from '../domain/names.ts'
import type { PolicyDocument, PolicyStatement } from '../domain/policy-documents.ts'
import { type Certainty, conditionsHold, matchesWildcard } from './conditions.ts'

export type Decision = 'yes' | 'no' | 'cannot-tell'

export type Principal =
  /** Such as `cloudwatch.amazonaws.com`. */
  | { readonly service: string }
  /** The ARN of a user or role, or a twelve-digit account. */
  | { readonly aws: string }

export interface PolicyRequest {
  readonly principal: Principal
  /** Such as `sns:Publish`. */
  readonly action: string
  readonly resource: string
  /**
   * What is known of the call, by condition key in any case: a text is the key's value, `undefined` means that the
   * call does not carry it. A key that is not listed is unknown, and a condition on it cannot be told.
   */
  readonly context: Readonly<Record<string, string | undefined>>
}

/** A deny wins over an allow; where one of them cannot be told, neither can the answer. No policy allows nothing. */
export function decide(policy: PolicyDocument | undefined, request: PolicyRequest): Decision {
  const statements = policy?.Statement ?? []
  const denied = strongest(statements.filter((one) => one.Effect === 'Deny').map((one) => applies(one, request)))
  if (denied === 'yes') return 'no'
  const allowed = strongest(statements.filter((one) => one.Effect === 'Allow').map((one) => applies(one, request)))
  if (allowed === 'no') return 'no'
  return allowed === 'yes' && denied === 'no' ? 'yes' : 'cannot-tell'
}

/** The same question to several documents that add up, such as the policies of a role. */
export function decideTogether(policies: readonly PolicyDocument[], request: PolicyRequest): Decision {
  return decide({ Statement: policies.flatMap((policy) => policy.Statement) }, request)
}

function applies(statement: PolicyStatement, request: PolicyRequest): Certainty {
  return weakest([
    principalApplies(statement, request.principal),
    elementApplies(statement, 'Action', (pattern) =>
      matchesWildcard(pattern.toLowerCase(), request.action.toLowerCase()) ? 'yes' : 'no',
    ),
    elementApplies(statement, 'Resource', (pattern) => resourceApplies(pattern, request.resource)),
    conditionsHold(statement.Condition, { ...intrinsic(request.principal), ...request.context }),
  ])
}

/** An element or its `Not…` form. A statement that has neither is not narrowed by it. */
function elementApplies(
  statement: PolicyStatement,
  element: 'Action' | 'Resource',
  judge: (pattern: string) => Certainty,
): Certainty {
  const given = statement[element]
  if (given !== undefined) return strongest(texts(given).map(judge))
  const exempt = statement[`Not${element}`]
  return exempt === undefined ? 'yes' : inverse(strongest(texts(exempt).map(judge)))
}

function resourceApplies(pattern: string, resource: string): Certainty {
  // A policy variable stands for something that only AWS knows at the time of the call.
  if (pattern.includes('${')) return matchesWildcard(pattern.replace(/\$\{[^}]*\}/g, '*'), resource) ? 'maybe' : 'no'
  return matchesWildcard(pattern, resource) ? 'yes' : 'no'
}

/** Policies of a role or user name no principal: they speak of whoever holds them. */
function principalApplies(statement: PolicyStatement, who: Principal): Certainty {
  const given = statement.Principal
  if (given !== undefined) return names(given, who) ? 'yes' : 'no'
  const exempt = statement.NotPrincipal
  if (exempt === undefined) return 'yes'
  return names(exempt, who) ? 'no' : 'yes'
}

function names(principal: unknown, who: Principal): boolean {
  if (principal === '*') return true
  if (typeof principal !== 'object' || principal === null) return false
  const { AWS, Service }: { AWS?: unknown; Service?: unknown } = principal
  // `AWS: "*"` is everybody, services too: the default policy of a topic lets alarms publish by it.
  if (texts(AWS).includes('*')) return true
  if ('service' in who) return texts(Service).includes(who.service)
  return texts(AWS).some((one) => one === who.aws || isAccountOf(one, who.aws))
}

/** An account, written as its number or as its root, stands for everybody in it. */
function isAccountOf(named: string, who: string): boolean {
  const account = /^\d{12}$/.test(who) ? who : (parseArn(who)?.account ?? '')
  const principal = parseArn(named)
  return account !== '' && (named === account || (principal?.resource === 'root' && principal.account === account))
}

/** Keys whose value follows from who calls: a service is in no organization, account or role, and comes through no VPC endpoint (IAM guide, global condition keys). */
function intrinsic(who: Principal): Readonly<Record<string, string | undefined>> {
  if ('aws' in who) return { 'aws:PrincipalIsAWSService': 'false', 'aws:PrincipalServiceName': undefined }
  return {
    'aws:PrincipalIsAWSService': 'true',
    'aws:PrincipalServiceName': who.service,
    'aws:PrincipalOrgID': undefined,
    'aws:PrincipalOrgPaths': undefined,
    'aws:PrincipalAccount': undefined,
    'aws:PrincipalArn': undefined,
    'aws:userid': undefined,
    'aws:username': undefined,
    'aws:SourceVpc': undefined,
    'aws:SourceVpce': undefined,
    'aws:SecureTransport': 'true',
  }
}

function weakest(parts: readonly Certainty[]): Certainty {
  if (parts.includes('no')) return 'no'
  return parts.includes('maybe') ? 'maybe' : 'yes'
}

function strongest(parts: readonly Certainty[]): Certainty {
  if (parts.includes('yes')) return 'yes'
  return parts.includes('maybe') ? 'maybe' : 'no'
}

function inverse(part: Certainty): Certainty {
  if (part === 'maybe') return 'maybe'
  return part === 'yes' ? 'no' : 'yes'
}

function texts(value: unknown): readonly string[] {
  const list = Array.isArray(value) ? value : [value]
  return list.filter((entry): entry is string => typeof entry === 'string')
}
