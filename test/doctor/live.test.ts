import {
  CloudTrailClient,
  PutEventSelectorsCommand,
  StopLoggingCommand,
  UpdateTrailCommand,
} from '@aws-sdk/client-cloudtrail'
import { CloudWatchClient, PutMetricAlarmCommand, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch'
import { describe, expect, it } from 'vitest'
import type { CommandContext } from '../../src/context.ts'
import { parsePolicy } from '../../src/domain/policy-documents.ts'
import { Secret } from '../../src/domain/secret.ts'
import { connectPagerDuty } from '../../src/pagerduty/directory.ts'
import { type PagerDutyState, SANDBOX_TOKEN } from '../../src/sandbox/pagerduty/state.ts'
import { accountWithChain, awsIn, freshAccount } from '../support/fresh-account.ts'
import type { Account } from '../support/tool.ts'
import { BREAKAGES } from './breakages.ts'
import { doctorOn, faultsOf } from './live.ts'

/** An account where init has run and events have begun to arrive. */
function chained(...flags: string[]): Promise<Account> {
  return accountWithChain(['--detections', 'root-account-usage,kms-key-disable-or-delete', ...flags])
}

async function alarmsOf(aws: Account): Promise<readonly Record<string, unknown>[]> {
  const alarms: object[] = []
  const client = (await awsIn(aws)).client(CloudWatchClient)
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, {})) alarms.push(...MetricAlarms)
  return alarms as Record<string, unknown>[]
}

const topicOf = ({ sandbox }: Account) => Object.keys(sandbox.state.topics)[0] ?? ''
const trailOf = ({ sandbox }: Account) => Object.values(sandbox.state.trails)[0]?.arn ?? ''

describe('doctor after init', () => {
  it('finds nothing wrong, writes nothing, and exits 0', async () => {
    const aws = await chained()
    const seen = await doctorOn(aws)
    expect(faultsOf(seen)).toEqual([])
    expect(seen.exit).toBe(0)
    expect(seen.json.chains.map(({ works }) => works)).toEqual([true, true])
    expect(aws.writes()).toEqual([])
  })

  it('respects --no-auto-resolve and --hold', async () => {
    const seen = await doctorOn(await chained('--no-auto-resolve', '--hold', '600'))
    expect(faultsOf(seen)).toEqual([])
  })

  it('respects compliance twins that page no one', async () => {
    const seen = await doctorOn(await chained('--variant', 'both'))
    expect(faultsOf(seen)).toEqual([])
    expect(seen.exit).toBe(0)
  })

  it('shows one row a chain, and what comes next', async () => {
    const seen = await doctorOn(await chained())
    expect(seen.text.replace(/\d+\.\d s/, 'N s')).toMatchInlineSnapshot(`
      "2 chains · account 123456789012 · us-east-1 · N s

                                   trail deliv logs filt alarm topic subs PD OK
        kms-key-disable-or-delete    ✔     ✔    ✔    ✔     ✔     ✔    ✔   ◌  ✔
        root-account-usage           ✔     ✔    ✔    ✔     ✔     ✔    ✔   ◌  ✔

      ◌ PagerDuty not checked: no token (PAGERDUTY_TOKEN)
      95 passed, 0 warnings, 0 failed, 8 not checked

      Not verified: that someone is paged.
      Next   npx cloudtrail-pd init --detections kms-key-disable-or-delete,root-account-usage --drill
             adds the fire drill, which tests the whole path"
    `)
  })

  it('offers commands that look where it looked', async () => {
    const aws = await chained()
    const place = { region: 'us-east-1', sandbox: true, trail: 'cloudtrail-pd' }
    const well = await doctorOn(aws, place)
    expect(well.text.replaceAll(/ \\\n +/g, ' ')).toMatch(
      /npx cloudtrail-pd init .*--drill --region us-east-1 --sandbox\n/,
    )
    for (const alarm of Object.values(aws.sandbox.state.alarms)) alarm.okActions = []
    const ill = await doctorOn(aws, place)
    const fix = 'npx cloudtrail-pd doctor --fix --region us-east-1 --sandbox --trail cloudtrail-pd'
    expect(ill.text).toContain(fix)
    expect(JSON.stringify(ill.json)).toContain(`"command":"${fix}"`)
  })

  it('asks for pages of lists, and a constant for each topic, log group and role', async () => {
    const lists = /^Describe(Alarms|MetricFilters|AlarmHistory)$/
    const counted = async (detections: string) => {
      const aws = await freshAccount()
      await aws.run(['init', '--yes', '--detections', detections])
      aws.calls()
      const { json } = await doctorOn(aws)
      const calls = aws.calls().map(({ operation }) => operation)
      return { chains: json.chains.length, others: calls.filter((operation) => !lists.test(operation)).sort() }
    }
    const [few, many] = [await counted('root-account-usage'), await counted('all')]
    expect([few.chains, many.chains]).toEqual([1, 47])
    expect(many.others).toEqual(few.others)
  })

  it('asks for the organization of the account only where a policy names one', async () => {
    const aws = await chained()
    const asked = async () => {
      aws.calls()
      await doctorOn(aws)
      return aws.calls().filter(({ operation }) => operation === 'DescribeOrganization').length
    }
    expect(await asked()).toBe(0)
    for (const { attributes } of Object.values(aws.sandbox.state.topics)) {
      const policy = JSON.parse(attributes.Policy ?? '')
      policy.Statement[0].Condition = { StringEquals: { 'aws:SourceOrgID': 'o-abcdefghij' } }
      attributes.Policy = JSON.stringify(policy)
    }
    expect(await asked()).toBe(1)
  })
})

describe('doctor without a chain', () => {
  it('is not healthy and exits 4', async () => {
    const seen = await doctorOn(await freshAccount())
    expect(seen).toMatchObject({ exit: 4, json: { healthy: false, chains: [] } })
    expect(seen.text).toContain('No chain found')
    expect(seen.text).toContain('npx cloudtrail-pd init')
  })

  it.each(['DescribeTrails', 'DescribeMetricFilters', 'DescribeAlarms'])(
    'that may not be looked for with %s exits 3',
    async (operation) => {
      const aws = await chained()
      aws.sandbox.restart([{ operation, every: true, kind: 'access-denied' }])
      expect((await doctorOn(aws)).exit).toBe(3)
    },
  )

  it('whose lists are all denied exits 3', async () => {
    const faults = ['DescribeTrails', 'DescribeMetricFilters', 'DescribeAlarms'].map((operation) => ({
      operation,
      every: true,
      kind: 'access-denied' as const,
    }))
    const seen = await doctorOn(await freshAccount({ faults }))
    expect(seen.exit).toBe(3)
    expect(seen.json.findings.filter(({ status }) => status === 'fail')).toEqual([])
  })
})

describe('not allowed to look', () => {
  it.each([
    ['IAM', 'GetRole', 'delivery.role', null],
    ['SNS', 'ListSubscriptionsByTopic', 'subscription.exists', null],
    ['SNS', 'GetTopicAttributes', 'topic.exists', null],
    ['SNS', 'GetSubscriptionAttributes', 'subscription.confirmed', null],
    ['CloudTrail', 'GetTrailStatus', 'trail.logging', null],
    ['CloudTrail', 'GetEventSelectors', 'trail.management-events', null],
    ['CloudWatch Logs', 'DescribeLogGroups', 'log-group.exists', null],
    ['CloudWatch', 'DescribeAlarmHistory', 'alarm.last-action', true],
  ])('%s:%s is a skip of %s, never a pass and never a failure', async (service, operation, check, works) => {
    const aws = await chained()
    aws.sandbox.restart([{ service, operation, every: true, kind: 'access-denied' }])
    const seen = await doctorOn(aws)
    const statuses = seen.json.findings.filter((finding) => finding.check === check).map(({ status }) => status)
    expect(new Set(statuses)).toEqual(new Set(['skip']))
    expect(seen.json.summary.fail).toBe(0)
    expect(new Set(seen.json.chains.map((chain) => chain.works))).toEqual(new Set([works]))
    expect(faultsOf(seen)).toEqual(['warn identity.permissions'])
  })
})

describe('doctor --fix', () => {
  it.each(BREAKAGES)('repairs $what and leaves nothing for itself to fix', async ({ check, breaks }) => {
    const aws = await chained()
    await breaks(await awsIn(aws))
    expect(faultsOf(await doctorOn(aws)).join()).toContain(check)
    const fixed = await doctorOn(aws, { fix: true, yes: true })
    expect(fixed.json.repairs?.every((repair) => 'made' in repair && repair.made === true)).toBe(true)
    expect(faultsOf(fixed)).toEqual([])
    expect(fixed.exit).toBe(0)
    aws.calls()
    expect((await doctorOn(aws, { fix: true, yes: true })).json.repairs).toBeUndefined()
    expect(aws.writes()).toEqual([])
  })

  it('C14 C56 rewrites a foreign alarm with every other field as it was', async () => {
    const aws = await chained()
    const [ours] = await alarmsOf(aws)
    const foreign = {
      AlarmName: 'CIS-RootUsage-123456789012-us-east-1',
      AlarmDescription: 'made by hand, with "quotes" and\nlines',
      Namespace: String(ours?.Namespace),
      MetricName: String(ours?.MetricName),
      Statistic: 'Maximum' as const,
      Period: 60,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 1,
      Threshold: 0.5,
      ComparisonOperator: 'GreaterThanThreshold' as const,
      TreatMissingData: 'breaching',
      AlarmActions: [topicOf(aws)],
    }
    const cloudwatch = (await awsIn(aws)).client(CloudWatchClient)
    await cloudwatch.send(new PutMetricAlarmCommand(foreign))
    const before = (await alarmsOf(aws)).find(({ AlarmName }) => AlarmName === foreign.AlarmName)
    expect(faultsOf(await doctorOn(aws))).toEqual(['fail alarm.ok-action', 'fail alarm.missing-data'])
    aws.calls()
    const fixed = await doctorOn(aws, { fix: true, yes: true })
    expect(faultsOf(fixed)).toEqual([])
    expect(aws.writes()).toEqual(['CloudWatch:PutMetricAlarm'])
    const after = (await alarmsOf(aws)).find(({ AlarmName }) => AlarmName === foreign.AlarmName)
    expect({ ...after, AlarmConfigurationUpdatedTimestamp: 0 }).toEqual({
      ...before,
      OKActions: [topicOf(aws)],
      TreatMissingData: 'notBreaching',
      AlarmConfigurationUpdatedTimestamp: 0,
    })
    expect(fixed.said.join('\n')).toContain('TreatMissingData: breaching → notBreaching')
  })

  it('C19 keeps the statements of others', async () => {
    const aws = await chained()
    await BREAKAGES.find(({ check }) => check === 'topic.policy')?.breaks(await awsIn(aws))
    await doctorOn(aws, { fix: true, yes: true })
    const text = Object.values(aws.sandbox.state.topics)[0]?.attributes.Policy
    expect(parsePolicy(text)?.Statement.map(({ Sid }) => Sid)).toEqual(['mine', 'tls', 'CloudTrailPagerDutyAlarms'])
  })

  it('asks once, and changes nothing for a no', async () => {
    const aws = await chained()
    await (await awsIn(aws)).client(CloudTrailClient).send(new StopLoggingCommand({ Name: trailOf(aws) }))
    aws.calls()
    let asked = 0
    const never = async (): Promise<never> => {
      throw new Error('nothing else is asked')
    }
    const prompter = {
      select: never,
      checkbox: never,
      search: never,
      input: never,
      secret: never,
      confirm: async () => {
        asked += 1
        return false
      },
    }
    const seen = await doctorOn(aws, { fix: true }, { prompter })
    expect(asked).toBe(1)
    expect(seen.exit).toBe(4)
    expect(aws.writes()).toEqual([])
  })

  it('without anybody to ask and without --yes is a usage error before any call', async () => {
    const aws = await chained()
    await expect(doctorOn(aws, { fix: true })).rejects.toMatchObject({ exit: 2 })
    expect(aws.calls()).toEqual([])
  })

  it('stops at the first failure and says what was made', async () => {
    const aws = await chained()
    await (await awsIn(aws)).client(CloudTrailClient).send(new StopLoggingCommand({ Name: trailOf(aws) }))
    aws.sandbox.restart([{ operation: 'StartLogging', every: true, kind: 'access-denied' }])
    const seen = await doctorOn(aws, { fix: true, yes: true })
    expect(seen.json.error?.code).toBe('aws-denied')
    expect(seen.json.repairs).toMatchObject([{ kind: 'start-logging', made: false }])
  })
})

describe('for machines', () => {
  it('--strict makes a warning a failure', async () => {
    const aws = await chained()
    await (await awsIn(aws))
      .client(CloudTrailClient)
      .send(new UpdateTrailCommand({ Name: trailOf(aws), IsMultiRegionTrail: false }))
    expect((await doctorOn(aws)).exit).toBe(0)
    expect((await doctorOn(aws, { strict: true })).exit).toBe(4)
  })

  it('--junit, --report and --html write each check, and no key', async () => {
    const aws = await chained()
    await (await awsIn(aws)).client(CloudTrailClient).send(new StopLoggingCommand({ Name: trailOf(aws) }))
    const { files } = await doctorOn(aws, { junit: 'doctor.xml', report: 'doctor.md', html: 'doctor.html' })
    expect(files['doctor.xml']).toContain('<failure message="the trail is not logging">')
    expect(files['doctor.xml']).toMatch(
      /<testsuite name="topic 123456789012 us-east-1" tests="\d+" failures="0" skipped="0">/,
    )
    expect(files['doctor.md']).toContain('### Failed: trail.logging')
    expect(files['doctor.html']).toMatch(/<h1>.*None of 2 chains pages<.*<\/h1>/)
    expect(files['doctor.html']).toContain('The trail is not logging')
    expect(JSON.stringify(files)).not.toMatch(/[0-9a-f]{32}/)
  })

  it('says what was found even where a file cannot be written', async () => {
    const write = async () => {
      throw new Error('ENOENT: no such file or directory')
    }
    const files = { read: async () => '', async *bytes() {}, write, append: write }
    const seen = await doctorOn(await chained(), { junit: 'nowhere/doctor.xml' }, { files })
    expect(seen).toMatchObject({ exit: 1, json: { healthy: true, error: { code: 'file-not-written' } } })
    expect(seen.text).toContain('"nowhere/doctor.xml" could not be written')
  })

  it('--alarm narrows to one chain', async () => {
    const aws = await chained()
    const [alarm] = await alarmsOf(aws)
    const seen = await doctorOn(aws, { alarm: String(alarm?.AlarmName) })
    expect(seen.json.chains).toMatchObject([{ alarm: alarm?.AlarmName, works: true }])
  })

  it.each(['trail', 'logGroup', 'topic', 'alarm'])(
    '--%s with a name that is nowhere is a usage error that lists the names',
    async (option) => {
      const aws = await chained()
      await expect(doctorOn(aws, { [option]: 'nobody' })).rejects.toMatchObject({
        exit: 2,
        hint: expect.stringContaining('there is: '),
      })
    },
  )

  it.each(['alarm', 'topic', 'trail'])('--%s with a name that is nearly one offers that one', async (option) => {
    const aws = await chained()
    const hint = { alarm: /^did you mean cloudtrail-pd-root-account-usage-\S+\?$/ }[option] ?? /^did you mean \S+\?$/
    const wrong = { alarm: 'root-acount-usage', topic: 'alrets', trail: `${trailOf(aws)}s` }[option]
    await expect(doctorOn(aws, { [option]: wrong })).rejects.toMatchObject({
      exit: 2,
      hint: expect.stringMatching(hint),
    })
  })

  it('C40 the selectors of a live trail make one of two chains deaf', async () => {
    const aws = await chained()
    const EventSelectors = [
      {
        ReadWriteType: 'All' as const,
        IncludeManagementEvents: true,
        ExcludeManagementEventSources: ['kms.amazonaws.com'],
      },
    ]
    await (await awsIn(aws))
      .client(CloudTrailClient)
      .send(new PutEventSelectorsCommand({ TrailName: trailOf(aws), EventSelectors }))
    const seen = await doctorOn(aws)
    expect(faultsOf(seen)).toEqual(['fail trail.excluded-sources'])
    expect(seen.json.chains.map(({ works }) => works).sort()).toEqual([false, true])
  })

  it('C42 follows the home region of the trail and says so', async () => {
    const aws = await chained()
    const seen = await doctorOn(aws, { region: 'eu-west-1' })
    expect(seen.json).toMatchObject({ healthy: true, region: 'us-east-1' })
    expect(seen.said.join('\n')).toContain('us-east-1')
  })

  it('--all-regions finds the chain wherever it is', async () => {
    const seen = await doctorOn(await chained(), { region: 'eu-west-1', allRegions: true })
    expect(seen.json.chains).toHaveLength(2)
    expect(seen.json.healthy).toBe(true)
  })
})

describe("PagerDuty's side", () => {
  const withToken = ({ pagerDuty, sandbox }: Account): Partial<CommandContext> => ({
    connectPagerDuty: async () => ({
      client: connectPagerDuty({
        token: new Secret(SANDBOX_TOKEN),
        region: 'us',
        baseUrl: pagerDuty.apiUrl,
        clock: sandbox.clock,
      }),
      serviceRegion: 'us',
    }),
  })

  it('is well after init, and names who is on call', async () => {
    const aws = await chained()
    const seen = await doctorOn(aws, {}, withToken(aws))
    expect(faultsOf(seen)).toEqual([])
    expect(seen.json.findings.find(({ check }) => check === 'pagerduty.on-call')).toMatchObject({
      status: 'pass',
      evidence: 'Security: Sandbox Responder',
    })
    expect(seen.text).not.toContain('PagerDuty not checked')
  })

  it.each<[string, (state: PagerDutyState) => void, string]>([
    [
      'a disabled service',
      ({ services: [service] }) => {
        if (service) service.status = 'disabled'
      },
      'fail pagerduty.service-active',
    ],
    [
      'nobody on call',
      ({ escalationPolicies: [policy] }) => {
        if (policy) policy.onCallUserIds = []
      },
      'fail pagerduty.on-call',
    ],
    [
      'a key that was deleted',
      (state) => {
        state.integrations = state.integrations.slice(1)
      },
      'fail pagerduty.integration',
    ],
  ])('C07 has %s', async (_, change, expected) => {
    const aws = await chained()
    change(aws.pagerDuty.state)
    const seen = await doctorOn(aws, {}, withToken(aws))
    expect(faultsOf(seen)).toEqual([expected])
    expect(seen.exit).toBe(4)
  })

  it('C06 shows that an orchestration routes nowhere', async () => {
    const aws = await freshAccount()
    const key = aws.pagerDuty.state.orchestrations[0]?.integrations[0]?.key ?? ''
    await aws.run(['init', '--yes', '--detections', 'root-account-usage', '--route', 'global-orchestration'], {
      env: { CLOUDTRAIL_PD_INTEGRATION_KEY: key },
    })
    await aws.sandbox.clock.sleep(30 * 60_000)
    const routed = await doctorOn(aws, {}, withToken(aws))
    expect(faultsOf(routed).filter((fault) => fault.includes('orchestration'))).toEqual([])
    for (const orchestration of aws.pagerDuty.state.orchestrations)
      Object.assign(orchestration, { rules: [], catchAll: 'unrouted' })
    expect(faultsOf(await doctorOn(aws, {}, withToken(aws)))).toContain('fail pagerduty.orchestration-route')
    expect(faultsOf(await doctorOn(aws))).toContain('warn pagerduty.orchestration-route')
  })
})
