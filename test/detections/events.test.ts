import { describe, expect, test } from 'vitest'
import { catalogue } from '../../src/detections/catalogue.ts'
import type { CloudTrailEvent } from '../../src/detections/detection.ts'
import {
  apiCall,
  assumedRole,
  awsService,
  consoleLogin,
  exampleArn,
  iamUser,
  root,
} from '../../src/detections/event.ts'
import { excludePrincipals } from '../../src/detections/principal.ts'
import { scopeTo } from '../../src/detections/scope.ts'
import { detectionById } from '../../src/detections/select.ts'
import { compile } from '../../src/patterns/match/match.ts'
import { parsePattern } from '../../src/patterns/parse/parse.ts'

const ROLE = exampleArn('iam', 'role/ci-deployer')

describe.each(catalogue.map((detection) => [detection.id, detection] as const))('%s', (_, detection) => {
  test('its paging pattern sees each of its own events and leaves every neighbour alone', () => {
    const { paging, ownEvents, neighborEvents } = detection
    expect(ownEvents.filter((event) => !matches(paging.pattern, event))).toEqual([])
    expect(neighborEvents.filter((event) => matches(paging.pattern, event))).toEqual([])
  })

  test('it has several own events and several neighbours, no two alike', () => {
    const { ownEvents, neighborEvents } = detection
    expect(ownEvents.length).toBeGreaterThan(1)
    expect(neighborEvents.length).toBeGreaterThan(1)
    const texts = [...ownEvents, ...neighborEvents].map(({ eventID: _, ...event }) => JSON.stringify(event))
    expect(new Set(texts).size).toBe(texts.length)
  })

  test('every published pattern without a flaw sees the first own event and no neighbour', () => {
    for (const { label, pattern, valid, flaw } of detection.compliance?.patterns ?? []) {
      if (!valid || flaw !== undefined) continue
      expect(matches(pattern, detection.ownEvents[0]), label).toBe(true)
      expect(
        detection.neighborEvents.filter((event) => matches(pattern, event)),
        label,
      ).toEqual([])
    }
  })

  test('with a role left out, its own event still counts unless that role made it', () => {
    const { pattern } = excludePrincipals(detection.paging.pattern, [ROLE])
    expect(matches(pattern, detection.ownEvents[0])).toBe(true)
    expect(matches(pattern, { ...detection.ownEvents[0], userIdentity: assumedRole('ci-deployer') })).toBe(false)
  })
})

test('a text that CloudWatch Logs refuses is refused here', () => {
  const refused = catalogue.flatMap(({ compliance }) => compliance?.patterns ?? []).filter(({ valid }) => !valid)
  expect(refused.map(({ pattern }) => parsePattern(pattern).validity)).toEqual(['refused'])
})

test('of no paging pattern or twin it is open whether AWS takes it', () => {
  const open = catalogue.flatMap(({ id, paging, compliance }) => {
    const complianceFilters = (compliance?.patterns ?? []).filter(({ label }) =>
      compliance?.everyScanner.includes(label),
    )
    const texts = [paging.pattern, ...complianceFilters.map(({ pattern }) => pattern)]
    return texts.filter((text) => parsePattern(text).validity !== 'accepted').map(() => id)
  })
  expect(open).toEqual([])
})

/** One event raises more than one alarm here; each line is a page that somebody gets twice. */
test('the overlaps of the catalogue are these', () => {
  const overlaps = catalogue.map(({ id, ownEvents }) => [id, raisedBy(ownEvents[0]).filter((other) => other !== id)])
  expect(Object.fromEntries(overlaps.filter(([, others]) => others?.length !== 0))).toEqual({
    'account-leaves-organization': ['organizations-changes'],
    'admin-policy-attached': ['iam-policy-changes'],
    'cloudtrail-config-changes': ['trail-stopped-or-blinded'],
    'compromised-key-quarantine': ['iam-policy-changes'],
    'role-trust-changed': ['iam-policy-changes'],
    'root-access-key-created': ['root-account-usage'],
    'root-console-login-failed': ['root-account-usage', 'console-authentication-failures'],
    'root-credentials-changed': ['root-account-usage'],
    'security-group-open-to-world': ['security-group-changes'],
    'trail-stopped-or-blinded': ['cloudtrail-config-changes'],
  })
})

describe('noise and blind spots met in the field', () => {
  const ssoSession = {
    type: 'AssumedRole',
    arn: exampleArn('sts', 'assumed-role/AWSReservedSSO_Admin_0123456789abcdef/carol@corp.example'),
  }
  const hidden = { type: 'IAMUser', userName: 'HIDDEN_DUE_TO_SECURITY_REASONS' }
  const shouted = { additionalEventData: { MFAUsed: 'YES' } }
  const serviceRole = { ...assumedRole('AWSServiceRoleForConfig'), invokedBy: 'config.amazonaws.com' }
  const byStack = { ...assumedRole('Developer'), invokedBy: 'cloudformation.amazonaws.com' }
  const task = { ...root(), sessionContext: { sessionIssuer: {}, assumedRoot: 'true' } }
  const denied = { errorCode: 'AccessDenied' }

  test.each<readonly [string, CloudTrailEvent, readonly string[]]>([
    ['C31 a sign-in through Identity Center', consoleLogin(ssoSession, 'Success', 'No'), []],
    ['C32 a mistyped user name', consoleLogin(hidden, 'Failure', 'No'), ['console-authentication-failures']],
    [
      'C33 root without MFA',
      consoleLogin(root(), 'Success', 'No'),
      ['root-account-usage', 'console-signin-without-mfa'],
    ],
    ['C34 root with MFA, spelt YES', { ...consoleLogin(root(), 'Success', 'Yes'), ...shouted }, ['root-account-usage']],
    ['C35 AWS Config probing a bucket', apiCall(serviceRole, 's3.amazonaws.com', 'HeadBucket', denied), []],
    [
      'C35 log delivery',
      apiCall(awsService('delivery.logs.amazonaws.com'), 's3.amazonaws.com', 'PutObject', denied),
      [],
    ],
    [
      'C35 a person refused through a stack',
      apiCall(byStack, 'ec2.amazonaws.com', 'RunInstances', denied),
      ['unauthorized-api-calls'],
    ],
    [
      'C23 a refusal without invokedBy',
      apiCall(iamUser(), 'iam.amazonaws.com', 'CreateUser', denied),
      ['unauthorized-api-calls'],
    ],
    ['C24 an everyday call', apiCall(assumedRole(), 'ec2.amazonaws.com', 'DescribeInstances'), []],
    ['C38 a task session of root', apiCall(task, 's3.amazonaws.com', 'GetBucketPolicy'), []],
    [
      'C38 a service acting for root',
      apiCall({ ...root(), invokedBy: 'support.amazonaws.com' }, 'kms.amazonaws.com', 'CreateGrant'),
      [],
    ],
    [
      'C38 a service event under root',
      apiCall(root(), 'autoscaling.amazonaws.com', 'Terminate', { eventType: 'AwsServiceEvent' }),
      [],
    ],
    [
      'a refused attempt to stop the trail',
      apiCall(iamUser(), 'cloudtrail.amazonaws.com', 'StopLogging', denied),
      ['trail-stopped-or-blinded', 'cloudtrail-config-changes', 'unauthorized-api-calls'],
    ],
  ])('%s', (_, event, ids) => {
    expect(raisedBy(event)).toEqual(ids)
  })

  test('C37 a change by the deployer is quiet once it is left out, by anybody else it is not', () => {
    const { pattern } = excludePrincipals(detectionById('s3-bucket-policy-changes').paging.pattern, [ROLE])
    const change = (who: ReturnType<typeof iamUser>) => apiCall(who, 's3.amazonaws.com', 'PutBucketPolicy')
    expect(matches(pattern, change(assumedRole('ci-deployer')))).toBe(false)
    expect(matches(pattern, change(assumedRole('ci-deployer-2')))).toBe(true)
    expect(matches(pattern, change(iamUser()))).toBe(true)
    expect(matches(pattern, apiCall({}, 's3.amazonaws.com', 'PutBucketPolicy'))).toBe(true)
  })

  test('nobody is left out by the name of a session', () => {
    const { pattern } = excludePrincipals('{ $.eventName = "StopLogging" }', ['*AWSControlTower*'])
    const named = { ...assumedRole('OpsAdmin'), arn: exampleArn('sts', 'assumed-role/OpsAdmin/AWSControlTower') }
    expect(matches(pattern, apiCall(named, 'cloudtrail.amazonaws.com', 'StopLogging'))).toBe(true)
  })
})

test('a scoped detection sees its own event and not what happens to the alarms of others', () => {
  const names = { alarmPrefix: 'cloudtrail-pd-', logGroup: 'logs', topicArn: exampleArn('sns', 'cloudtrail-pd-alerts') }
  const { paging, ownEvents } = scopeTo(names, detectionById('alert-pipeline-tampering'))
  const deletion = (alarmNames: readonly string[]) =>
    apiCall(assumedRole(), 'monitoring.amazonaws.com', 'DeleteAlarms', { requestParameters: { alarmNames } })
  const unsubscribe = (topic: string) =>
    apiCall(assumedRole(), 'sns.amazonaws.com', 'Unsubscribe', {
      requestParameters: { subscriptionArn: `${topic}:0001` },
    })
  expect(matches(paging.pattern, ownEvents[0])).toBe(true)
  expect(matches(paging.pattern, deletion(['web-cpu', 'cloudtrail-pd-vpc-changes']))).toBe(true)
  expect(matches(paging.pattern, deletion(['web-cpu']))).toBe(false)
  expect(matches(paging.pattern, unsubscribe(names.topicArn))).toBe(true)
  expect(matches(paging.pattern, unsubscribe(exampleArn('sns', 'news')))).toBe(false)
})

function raisedBy(event: CloudTrailEvent): readonly string[] {
  return catalogue.filter(({ paging }) => matches(paging.pattern, event)).map(({ id }) => id)
}

function matches(text: string, event: CloudTrailEvent): boolean {
  const parsed = parsePattern(text)
  if (parsed.validity === 'refused') throw new Error(`column ${parsed.column}: ${parsed.message}`)
  return compile(parsed.pattern)(JSON.stringify(event))
}
