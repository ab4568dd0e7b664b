import { describe, expect, it } from 'vitest'
import type { InjectedFault } from '../../../src/sandbox/aws/faults.ts'
import { freshAccount } from '../../support/fresh-account.ts'
import { type Account, KEY, type Result } from '../../support/tool.ts'

/** Field cases that `init` meets, by their number. Those that are pure have their tables in test/chain. */

const INIT = ['init', '--yes', '--detections', 'root-account-usage']

async function initWith(
  faults: readonly InjectedFault[],
  ...flags: string[]
): Promise<{ aws: Account; result: Result }> {
  const aws = await freshAccount({ faults })
  return { aws, result: await aws.run([...INIT, '--json', ...flags]) }
}

/** Runs init once, changes the account as somebody else would, and runs it again. */
async function changed(change: (aws: Account) => void, ...flags: string[]): Promise<{ aws: Account; result: Result }> {
  const aws = await freshAccount()
  await aws.run(INIT)
  change(aws)
  aws.calls()
  return { aws, result: await aws.run([...INIT, '--json', ...flags]) }
}

describe('C03 raw delivery', () => {
  it('that somebody switched on is switched off again', async () => {
    const { aws, result } = await changed(({ sandbox }) => {
      for (const subscription of Object.values(sandbox.state.subscriptions))
        subscription.attributes.RawMessageDelivery = 'true'
    })
    expect(result.json()).toMatchObject({ status: 'applied' })
    expect(aws.writes()).toEqual(['SNS:SetSubscriptionAttributes'])
  })
})

describe('C17 a topic encrypted with alias/aws/sns', () => {
  it('is refused before the first write, because no alarm would reach PagerDuty', async () => {
    const { aws, result } = await changed(({ sandbox }) => {
      for (const topic of Object.values(sandbox.state.topics)) topic.attributes.KmsMasterKeyId = 'alias/aws/sns'
    })
    expect(result.exit).toBe(1)
    expect(result.json()).toMatchObject({
      status: 'blocked',
      error: { message: expect.stringContaining('CloudWatch may not use') },
    })
    expect(aws.writes()).toEqual([])
  })
})

describe('C19 a topic whose policy refuses CloudWatch', () => {
  it('is refused, and its policy is never replaced', async () => {
    const policy = JSON.stringify({
      Statement: [
        {
          Sid: 'CloudTrailPagerDutyAlarms',
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sns:Publish',
          Resource: '*',
        },
      ],
    })
    const { aws, result } = await changed(({ sandbox }) => {
      for (const topic of Object.values(sandbox.state.topics)) topic.attributes.Policy = policy
    })
    expect(result.json()).toMatchObject({
      status: 'blocked',
      error: { message: expect.stringContaining('sns:Publish') },
    })
    expect(aws.writes()).toEqual([])
  })
})

describe('C21 a topic of another region', () => {
  it('is refused before anything is made', async () => {
    const aws = await freshAccount()
    const arn = ['arn', 'aws', 'sns', 'ca-central-1', '123456789012', 'alerts'].join(':')
    const result = await aws.run([...INIT, '--topic', arn])
    expect(result.exit).toBe(2)
    expect(result.stderr).toContain('ca-central-1')
    expect(aws.writes()).toEqual([])
  })

  it('that is FIFO is refused by its name, before any call', async () => {
    const aws = await freshAccount()
    const result = await aws.run([...INIT, '--topic', 'alerts.fifo'])
    expect(result.exit).toBe(2)
    expect(aws.calls()).toEqual([])
  })
})

describe("C24 C27 a pattern of one's own", () => {
  it.each([
    ['without $.', '{ status = 401 }', /\$\./],
    ['with curly quotes', '{ $.eventName = “ConsoleLogin” }', /quote/],
    ['without its brace', '{ $.a = "x" ', /\}/],
    ['that is empty', '', /empty|every event/],
    ['of 1,025 characters', `{ $.a = "${'x'.repeat(1025 - 11)}" }`, /1,?024/],
    [
      'C24 that joins exclusions by OR',
      '{ ($.errorCode = "AccessDenied*") || ($.sourceIPAddress != "a") || ($.eventName != "b") }',
      /every|always|almost/,
    ],
  ])('%s is exit 2 with the column, before any call', async (_what, pattern, reason) => {
    const aws = await freshAccount()
    const result = await aws.run(['init', '--yes', '--filter-pattern', pattern, '--filter-name', 'mine'])
    expect(result.exit).toBe(2)
    expect(result.stderr).toMatch(reason)
    expect(aws.calls()).toEqual([])
  })

  it('that is well makes one filter and one alarm by the names that were given', async () => {
    const aws = await freshAccount()
    const flags = [
      '--filter-pattern',
      '{ $.eventName = "DeleteTrail" }',
      '--filter-name',
      'Mine',
      '--alarm-name',
      'mine-alarm',
      '--metric-namespace',
      'Mine/Own',
      '--metric-name',
      'Deletes',
      '--threshold',
      '2',
    ]
    const result = await aws.run(['init', '--yes', '--json', ...flags])
    expect(result.json()).toMatchObject({ status: 'applied' })
    const [alarm, ...others] = Object.values(aws.sandbox.state.alarms)
    expect(others).toEqual([])
    expect(alarm).toMatchObject({ name: 'mine-alarm', namespace: 'Mine/Own', metricName: 'Deletes', threshold: 2 })
    aws.calls()
    await aws.run(['destroy', '--yes'])
    expect(aws.sandbox.state.alarms).toEqual({})
    const [group] = Object.values(aws.sandbox.state.logGroups)
    expect(group?.filters).toEqual({})
  })
})

describe('C33 the tuned sign-in detection without the root detection', () => {
  it('says that nobody hears of root', async () => {
    const aws = await freshAccount()
    const result = await aws.run(['init', '--dry-run', '--json', '--detections', 'console-signin-without-mfa'])
    expect(result.json().notes).toContainEqual(expect.stringContaining('root-account-usage'))
  })
})

describe('C35 unauthorized API calls', () => {
  it('do not page by default', async () => {
    const aws = await freshAccount()
    const { stdout } = await aws.run(['init', '--dry-run', '--json'])
    expect(stdout).not.toContain('unauthorized-api-calls')
  })
})

describe('C37 an excluded principal', () => {
  it('is guarded against the absent field, so that others are still counted', async () => {
    const aws = await freshAccount()
    const role = ['arn', 'aws', 'iam', '', '123456789012', 'role/ci-deployer'].join(':')
    await aws.run(['init', '--yes', '--detections', 's3-bucket-policy-changes', '--exclude-principal', role])
    const [put] = aws.calls().filter(({ operation }) => operation === 'PutMetricFilter')
    expect(put?.input.filterPattern).toContain('($.userIdentity.sessionContext.sessionIssuer.arn NOT EXISTS) || ')
    expect(put?.input.filterPattern).toContain(role)
  })

  it.each(['*', 'arn:*'])('"%s" would blind the detection: exit 2', async (principal) => {
    const aws = await freshAccount()
    const result = await aws.run([...INIT, '--exclude-principal', principal])
    expect(result.exit).toBe(2)
    expect(aws.calls()).toEqual([])
  })
})

describe('the trust of the delivery role', () => {
  /** As earlier versions wrote it. */
  const bound = (trail: string) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'CloudTrailPagerDutyDelivery',
          Effect: 'Allow',
          Principal: { Service: 'cloudtrail.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: {
            StringEquals: {
              'aws:SourceArn': `arn:aws:cloudtrail:us-east-1:123456789012:trail/${trail}`,
              'aws:SourceAccount': '123456789012',
            },
          },
        },
      ],
    })

  it('asks CloudTrail for no condition that no AWS page shows', async () => {
    const aws = await freshAccount()
    await aws.run(INIT)
    const [role] = Object.values(aws.sandbox.state.roles)
    expect(role?.trust).not.toContain('Condition')
  })

  it.each([
    ['cloudtrail-pd', 'unchanged', []],
    ['another', 'applied', ['IAM:UpdateAssumeRolePolicy', 'IAM:PutRolePolicy']],
  ])('that is bound to trail %s by an earlier version is %s', async (trail, status, writes) => {
    const { aws, result } = await changed(({ sandbox }) => {
      for (const role of Object.values(sandbox.state.roles)) role.trust = bound(trail)
    })
    expect(result.json()).toMatchObject({ status })
    expect(aws.writes()).toEqual(writes)
  })
})

describe('C46 the delegated administrator of an organization', () => {
  it('gets the filters on the log group of its account, and the trail of the other stays as it is', async () => {
    const aws = await freshAccount()
    await aws.run([...INIT, '--name', 'theirs'])
    const { trails } = aws.sandbox.state
    for (const [key, trail] of Object.entries(trails)) {
      const arn = trail.arn.replace('123456789012', '210987654321')
      delete trails[key]
      trails[key.replace('123456789012', '210987654321')] = { ...trail, arn, organization: true, bucket: 'audit' }
    }
    aws.calls()
    const result = await aws.run([...INIT, '--json'])
    expect(result.json(), result.stdout).toMatchObject({ status: 'applied' })
    expect(result.json().changes).toContainEqual(
      expect.objectContaining({ link: 'log-group', action: 'none', resource: 'theirs-events' }),
    )
    expect(aws.writes().filter((call) => /^(CloudTrail|IAM|S3):/.test(call))).toEqual([])
  })
})

describe('C41 a trail of one region', () => {
  it('becomes multi-region when it is named, and the plan says so', async () => {
    const aws = await freshAccount()
    await aws.run([...INIT, '--name', 'theirs'])
    const [trail] = Object.values(aws.sandbox.state.trails)
    if (trail === undefined) throw new Error('no trail was made')
    Object.assign(trail, { multiRegion: false, globalEvents: false })
    const result = await aws.run([...INIT, '--json', '--trail', 'theirs'])
    expect(result.json(), result.stdout).toMatchObject({ status: 'applied' })
    expect(result.json().changes).toContainEqual(
      expect.objectContaining({
        link: 'trail',
        action: 'update',
        details: expect.arrayContaining(['multiRegion: false → true']),
      }),
    )
    expect(result.json().notes).toContainEqual(
      expect.stringMatching(/theirs covers one region only and will be changed to multi-region/),
    )
    expect(Object.values(aws.sandbox.state.trails)).toMatchObject([{ multiRegion: true, globalEvents: true }])
  })
})

describe('C41 a trail that is made', () => {
  it('is multi-region with global services and validation, in one call', async () => {
    const { aws } = await initWith([])
    const [create] = aws.calls().filter(({ operation }) => operation === 'CreateTrail')
    expect(create?.input).toMatchObject({
      IsMultiRegionTrail: true,
      IncludeGlobalServiceEvents: true,
      EnableLogFileValidation: true,
    })
  })
})

describe('C44 a role that CloudTrail cannot see yet', () => {
  it('is waited for, because IAM needs some seconds', async () => {
    const { aws, result } = await initWith([])
    expect(result.json()).toMatchObject({ status: 'applied' })
    const tries = aws.calls().filter(({ operation }) => operation === 'UpdateTrail')
    expect(tries.length).toBeGreaterThan(1)
    expect(tries.slice(0, -1).every(({ error }) => error?.startsWith('InvalidCloudWatchLogs'))).toBe(true)
  })

  it('for longer than 90 s is a wrong policy: the run ends, says so, and is resumed by the next', async () => {
    const message = 'Access denied. Check the trust relationships for your role.'
    const name = 'InvalidCloudWatchLogsRoleArnException'
    const aws = await freshAccount()
    const { backend } = aws.sandbox
    Object.assign(aws.sandbox, {
      backend: (call: Parameters<typeof backend>[0]) =>
        call.operation === 'UpdateTrail'
          ? Promise.reject({ awsFault: true, name, message, status: 400 })
          : backend(call),
    })
    const result = await aws.run([...INIT, '--json'])
    expect(result.exit).toBe(1)
    expect(result.json()).toMatchObject({
      status: 'incomplete',
      error: { code: 'delivery-role', hint: expect.stringContaining('doctor') },
    })
    Object.assign(aws.sandbox, { backend })
    expect((await aws.run([...INIT, '--json'])).json()).toMatchObject({ status: 'applied' })
  })
})

describe('C49 a service control policy', () => {
  it('is named as such, not as missing permissions of the caller', async () => {
    const message =
      'User is not authorized to perform: cloudtrail:CreateTrail with an explicit deny in a service control policy'
    const { result } = await initWith([{ operation: 'CreateTrail', every: true, kind: 'access-denied', message }])
    expect(result.exit).toBe(1)
    expect(result.json()).toMatchObject({
      error: { hint: expect.stringContaining('service control policy of the organization') },
    })
  })
})

describe('C50 a bucket policy that CloudTrail does not see yet', () => {
  it('is waited for, because it was just written', async () => {
    const aws = await freshAccount()
    const { backend } = aws.sandbox
    let refusals = 2
    Object.assign(aws.sandbox, {
      backend: (call: Parameters<typeof backend>[0]) => {
        if (call.operation !== 'CreateTrail' || refusals === 0) return backend(call)
        refusals -= 1
        return Promise.reject({
          awsFault: true,
          name: 'InsufficientS3BucketPolicyException',
          message: 'not yet',
          status: 400,
        })
      },
    })
    expect((await aws.run([...INIT, '--json'])).json()).toMatchObject({ status: 'applied' })
  })
})

describe('C58 a log group that takes no metric filters', () => {
  it('of another class is refused before the first write', async () => {
    const { aws, result } = await changed(({ sandbox }) => {
      for (const group of Object.values(sandbox.state.logGroups)) group.logClass = 'INFREQUENT_ACCESS'
    })
    expect(result.json()).toMatchObject({
      status: 'blocked',
      error: { message: expect.stringContaining('INFREQUENT_ACCESS') },
    })
    expect(aws.writes()).toEqual([])
  })

  it('because it has 99 of 100 already is refused with the numbers', async () => {
    const { aws, result } = await changed(
      ({ sandbox }) => {
        for (const group of Object.values(sandbox.state.logGroups)) {
          const [one] = Object.values(group.filters)
          for (let n = 0; n < 98; n += 1)
            if (one !== undefined) group.filters[`theirs-${n}`] = { ...one, name: `theirs-${n}` }
        }
      },
      '--detections',
      'root-account-usage,kms-key-disable-or-delete,cloudtrail-config-changes',
    )
    expect(result.json()).toMatchObject({
      status: 'blocked',
      error: { message: expect.stringMatching(/has 99 metric filters, 2 would be added/) },
    })
    expect(aws.writes()).toEqual([])
  })
})

describe('C61 busy services', () => {
  it.each([
    ['CloudTrail throttles', { operation: 'CreateTrail', kind: 'throttle', times: 2 }],
    ['PutMetricFilter is throttled', { operation: 'PutMetricFilter', kind: 'throttle', times: 2 }],
    ['a connection breaks', { operation: 'CreateTopic', kind: 'reset' }],
    ['a connection breaks after the effect', { operation: 'CreateTopic', kind: 'reset-after' }],
    ['an answer of PutMetricAlarm is lost', { operation: 'PutMetricAlarm', kind: 'reset-after' }],
    ['a server error', { operation: 'Subscribe', kind: 'error-5xx', times: 2 }],
  ] as const)('%s: the run goes on', async (_what, fault) => {
    const { result } = await initWith([fault])
    expect(result.json(), result.stdout).toMatchObject({ status: 'applied' })
  })

  it('alarms are written slowly after the first throttle', async () => {
    const aws = await freshAccount({ faults: [{ operation: 'PutMetricAlarm', kind: 'throttle', times: 1 }] })
    await aws.run(['init', '--yes', '--detections', 'cis-1.4'])
    const puts = aws.calls().filter(({ operation, error }) => operation === 'PutMetricAlarm' && error === undefined)
    const times = puts.map(({ at }) => at.getTime())
    expect(puts).toHaveLength(15)
    // Eight were under way when the throttle came; the other seven keep 350 ms between them.
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThanOrEqual(2_100)
  })

  it('for good ends the run with what exists, what is missing, and both commands', async () => {
    const aws = await freshAccount({ faults: [{ operation: 'PutMetricFilter', every: true, kind: 'error-5xx' }] })
    const result = await aws.run(INIT)
    expect(result.exit).toBe(1)
    expect(result.stdout).toMatch(/Created so far:[\s\S]*topic cloudtrail-pd-alerts[\s\S]*Missing:[\s\S]*metric filter/)
    const commands = result.stdout.replaceAll(/ \\\n\s+/g, ' ')
    expect(commands).toMatch(
      /npx cloudtrail-pd init .*--yes\s+\(needs CLOUDTRAIL_PD_INTEGRATION_KEY in the environment\)\s+npx cloudtrail-pd destroy/,
    )
  })
})

describe('C63 an interrupt', () => {
  it('while applying lets the call in flight finish, lists what is made and missing, and exits 130', async () => {
    const aws = await freshAccount()
    let send = () => {}
    const { backend } = aws.sandbox
    Object.assign(aws.sandbox, {
      backend: (call: Parameters<typeof backend>[0]) => {
        if (call.operation === 'CreateLogGroup') send()
        return backend(call)
      },
    })
    const result = await aws.run(INIT, {
      interrupt: (interrupt) => {
        send = interrupt
      },
    })
    expect(result.exit).toBe(130)
    expect(result.stdout).toMatch(/Created so far:[\s\S]*log group cloudtrail-pd-events[\s\S]*Missing:/)
    expect(result.stdout).toContain('An incomplete chain pages no one')
    Object.assign(aws.sandbox, { backend })
    expect((await aws.run([...INIT, '--json'])).json()).toMatchObject({ status: 'applied' })
  })
})

describe('C67 the integration key', () => {
  it.each([
    ['a flag', ['--integration-url', `https://events.pagerduty.com/integration/${KEY}/enqueue`], {}],
    ['the environment', [], {}],
  ] as const)(
    'from %s is in no output, not with --verbose and not in an error that quotes the endpoint',
    async (_from, flags, env) => {
      const quoted = `Invalid parameter: Endpoint https://events.pagerduty.com/integration/${KEY}/enqueue`
      for (const faults of [
        [],
        [{ operation: 'Subscribe', every: true, kind: 'access-denied', message: quoted }],
      ] as const) {
        for (const mode of [[], ['--json'], ['--dry-run', '--json']]) {
          const aws = await freshAccount({ faults: [...faults] })
          const result = await aws.run([...INIT, '--verbose', ...mode, ...flags], {
            env: flags.length > 0 ? { ...env, CLOUDTRAIL_PD_INTEGRATION_KEY: '' } : env,
          })
          expect(result.stdout + result.stderr).not.toContain(KEY)
        }
      }
    },
  )

  it('is never saved with the setup', async () => {
    const aws = await freshAccount()
    const files: Record<string, string> = {}
    await aws.run([...INIT, '--save', 'chain.yaml'], { files })
    expect(files['chain.yaml']).toContain('root-account-usage')
    expect(files['chain.yaml']).not.toContain(KEY)
  })
})

describe('access', () => {
  it.each([
    ['expired SSO', 'TokenProviderError', 'Token is expired, the SSO session has to be renewed', /aws sso login/],
    ['an expired token', 'ExpiredTokenException', 'The security token is expired', /aws sts get-caller-identity/],
  ])('with %s is exit 3 with the one command that helps', async (_what, name, message, hint) => {
    const aws = await freshAccount()
    const { backend } = aws.sandbox
    Object.assign(aws.sandbox, {
      backend: (call: Parameters<typeof backend>[0]) =>
        call.operation === 'GetCallerIdentity'
          ? Promise.reject({ awsFault: true, name, message, status: 403 })
          : backend(call),
    })
    const result = await aws.run([...INIT, '--json'])
    expect(result.exit).toBe(3)
    expect(result.json()).toMatchObject({ error: { hint: expect.stringMatching(hint) } })
  })

  it.each([
    'DescribeAlarms',
    'DescribeMetricFilters',
    'GetTopicAttributes',
    'ListSubscriptionsByTopic',
    'GetRole',
    'GetBucketPolicy',
    'DescribeLogGroups',
  ])('to %s denied is never read as "not there": nothing is written', async (operation) => {
    const { aws, result } = await initWith([{ operation, every: true, kind: 'access-denied' }])
    expect(result.exit).toBe(1)
    expect(result.json()).toMatchObject({ status: 'blocked' })
    expect(aws.writes()).toEqual([])
  })

  it('to the list of trails denied is exit 3', async () => {
    const { result } = await initWith([{ operation: 'DescribeTrails', every: true, kind: 'access-denied' }])
    expect(result.exit).toBe(3)
  })
})

const KMS_KEY = '1234abcd-12ab-34cd-56ef-1234567890ab'

describe('C18 a customer key for the topic', () => {
  const cloudWatch = {
    Effect: 'Allow',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Action: 'kms:*',
    Resource: '*',
  }
  const rootOnly = { Effect: 'Allow', Principal: { AWS: '123456789012' }, Action: 'kms:*', Resource: '*' }

  async function withKey(statements: readonly object[], faults: readonly InjectedFault[] = []) {
    const aws = await freshAccount({ faults })
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: statements })
    aws.sandbox.state.keys[KMS_KEY] = {
      id: KMS_KEY,
      region: 'us-east-1',
      manager: 'CUSTOMER',
      state: 'Enabled',
      policy,
    }
    return { aws, result: await aws.run([...INIT, '--json', '--kms-key', KMS_KEY]) }
  }

  it('that admits CloudWatch encrypts the topic', async () => {
    const { aws, result } = await withKey([rootOnly, cloudWatch])
    expect(result.json(), result.stdout).toMatchObject({ status: 'applied' })
    const [topic] = Object.values(aws.sandbox.state.topics)
    expect(topic?.attributes.KmsMasterKeyId).toBe(KMS_KEY)
  })

  it('that only admits the account is refused with the statement to add: a root statement does not cover a service', async () => {
    const { aws, result } = await withKey([rootOnly])
    expect(result.json()).toMatchObject({
      status: 'blocked',
      error: { message: expect.stringContaining('kms:GenerateDataKey*') },
    })
    expect(aws.writes()).toEqual([])
  })

  it('that is not there is refused', async () => {
    const aws = await freshAccount()
    const result = await aws.run([...INIT, '--json', '--kms-key', '00000000-0000-4000-8000-000000000000'])
    expect(result.json()).toMatchObject({
      status: 'blocked',
      error: { message: expect.stringContaining('there is no key') },
    })
  })

  it('whose policy may not be read is used, and said to be unverified', async () => {
    const { result } = await withKey(
      [rootOnly, cloudWatch],
      [{ operation: 'DescribeKey', every: true, kind: 'access-denied' }],
    )
    expect(result.json()).toMatchObject({
      status: 'applied',
      notes: expect.arrayContaining([expect.stringContaining('cannot be verified')]),
    })
  })
})

describe('C44 a delivery role that was named', () => {
  const trust = (service: string) =>
    JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }] })
  const writes = JSON.stringify({
    Statement: [{ Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' }],
  })

  const MANAGED = 'arn:aws:iam::123456789012:policy/delivery'

  async function withRole(
    service: string | undefined,
    policies: Record<string, string>,
    attached: readonly string[] = [],
  ) {
    const aws = await freshAccount()
    if (service !== undefined) {
      const arn = ['arn', 'aws', 'iam', '', '123456789012', 'role/audit/theirs'].join(':')
      aws.sandbox.state.roles.theirs = {
        name: 'theirs',
        arn,
        id: 'AROATHEIRS',
        createdAt: 0,
        trust: trust(service),
        description: null,
        tags: {},
        policies,
        attached: [...attached],
        visibleAt: 0,
      }
    }
    aws.sandbox.state.managedPolicies[MANAGED] = writes
    return { aws, result: await aws.run([...INIT, '--json', '--log-role', 'theirs']) }
  }

  it('is used as it is, by its own ARN with its path', async () => {
    const { aws, result } = await withRole('cloudtrail.amazonaws.com', { p: writes })
    expect(result.json(), result.stdout).toMatchObject({ status: 'applied' })
    expect(Object.values(aws.sandbox.state.trails)[0]?.roleArn).toContain('role/audit/theirs')
    expect(Object.keys(aws.sandbox.state.roles)).toEqual(['theirs'])
  })

  it('is used where its rights are in a managed policy, and doctor judges that policy', async () => {
    const { aws, result } = await withRole('cloudtrail.amazonaws.com', {}, [MANAGED])
    expect(result.json(), result.stdout).toMatchObject({ status: 'applied' })
    const { findings } = (await aws.run(['doctor', '--json'])).json() as unknown as {
      readonly findings: readonly { readonly check: string; readonly status: string }[]
    }
    expect(findings.find(({ check }) => check === 'delivery.role-policy')).toMatchObject({ status: 'pass' })
  })

  it.each([
    ['that does not exist', undefined, {}, /there is no role theirs/],
    [
      'that trusts another service',
      'ec2.amazonaws.com',
      { p: writes },
      /does not let cloudtrail\.amazonaws\.com assume it/,
    ],
    ['that may not write', 'cloudtrail.amazonaws.com', {}, /does not allow logs:PutLogEvents/],
  ])('%s is refused before the first write', async (_what, service, policies, reason) => {
    const { aws, result } = await withRole(service, policies)
    expect(result.json()).toMatchObject({ status: 'blocked', error: { message: expect.stringMatching(reason) } })
    expect(aws.writes()).toEqual([])
  })
})

describe('a topic that is only named', () => {
  it('keeps a PagerDuty endpoint of somebody else, also with --prune, and its policy', async () => {
    const aws = await freshAccount()
    await aws.run([...INIT, '--name', 'theirs'])
    const [topic] = Object.values(aws.sandbox.state.topics)
    const before = structuredClone(topic)
    aws.calls()
    const env = { CLOUDTRAIL_PD_INTEGRATION_KEY: 'fedcba9876543210fedcba9876543210' }
    const flags = ['--topic', 'theirs-alerts', '--trail', 'theirs', '--prune', '--confirm-timeout', '2']
    const result = await aws.run([...INIT, '--json', ...flags], { env })
    expect(result.exit, result.stdout).toBe(5)
    expect(result.json().kept).toEqual([])
    expect(aws.writes()).not.toContain('SNS:Unsubscribe')
    expect(topic).toEqual(before)
    await aws.run(['destroy', '--yes'])
    expect(Object.values(aws.sandbox.state.topics)[0]).toEqual(before)
  })
})

describe('every alarm that init makes', () => {
  async function made() {
    const aws = await freshAccount()
    await aws.run(['init', '--yes', '--detections', 'all', '--variant', 'both'])
    const calls = aws.calls()
    const inputs = (operation: string) =>
      calls.filter((call) => call.operation === operation).map(({ input }) => input as Record<string, unknown>)
    return { alarms: inputs('PutMetricAlarm'), filters: inputs('PutMetricFilter') }
  }

  it('C54 C56 can be raised by the newest data alone, and comes back to OK when nothing is there', async () => {
    const { alarms } = await made()
    expect(alarms.length).toBeGreaterThan(47)
    for (const alarm of alarms) {
      expect(alarm).toMatchObject({ TreatMissingData: 'notBreaching', DatapointsToAlarm: 1, Statistic: 'Sum' })
    }
  })

  it('C57 stands on a metric that a filter of ours writes, with neither dimensions nor a unit', async () => {
    const { alarms, filters } = await made()
    const written = new Set(
      filters.flatMap(({ metricTransformations }) =>
        (metricTransformations as { metricNamespace: string; metricName: string }[]).map(
          ({ metricNamespace, metricName }) => `${metricNamespace}/${metricName}`,
        ),
      ),
    )
    for (const alarm of alarms) {
      expect(written).toContain(`${alarm.Namespace}/${alarm.MetricName}`)
      expect(alarm).not.toHaveProperty('Unit')
      expect(alarm).not.toHaveProperty('Dimensions')
    }
  })
})
