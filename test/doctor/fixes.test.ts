import { describe, expect, it } from 'vitest'
import { freshAccount } from '../support/fresh-account.ts'
import { runOffered } from '../support/run-offered.ts'
import type { Account } from '../support/tool.ts'

/** A chain of one detection; by hand it bears no mark of this tool, and none of its names. */
async function aChain(how: 'marked' | 'by hand'): Promise<Account> {
  const account = await freshAccount()
  const made = await account.run(['init', '--yes', '--json', '--detections', 'root-account-usage'])
  expect(made.exit, made.stdout).toBe(0)
  if (how === 'by hand') unmark(account)
  // CloudTrail's first delivery takes a while.
  await account.sandbox.clock.sleep(30 * 60_000)
  return account
}

function unmark({ sandbox: { state } }: Account): void {
  for (const group of Object.values(state.logGroups)) {
    const [filter] = Object.values(group.filters)
    if (filter === undefined) continue
    group.filters = { RootUsage: { ...filter, name: 'RootUsage', namespace: 'Security', metricName: 'RootUsage' } }
  }
  const alarms = Object.values(state.alarms).map((alarm) => ({
    ...alarm,
    name: 'RootUsage',
    description: 'Root was used.',
    namespace: 'Security',
    metricName: 'RootUsage',
  }))
  state.alarms = Object.fromEntries(
    alarms.map((alarm) => [`arn:aws:cloudwatch:us-east-1:123456789012:alarm:${alarm.name}`, alarm]),
  )
  for (const { attributes } of Object.values(state.topics)) {
    attributes.Policy = (attributes.Policy ?? '').replaceAll('CloudTrailPagerDuty', 'Alarms')
  }
}

interface Offered {
  readonly check: string
  readonly status: string
  readonly fix?: { readonly command?: string; readonly lines?: readonly string[] }
}

async function findingsOf(account: Account): Promise<readonly Offered[]> {
  const { findings } = (await account.run(['doctor', '--json'])).json() as unknown as { findings: readonly Offered[] }
  return findings.filter(({ status }) => status === 'fail' || status === 'warn')
}

/** What would be doubled by a second chain. */
function inventory({ sandbox: { state } }: Account) {
  const filters = Object.values(state.logGroups).flatMap((group) => Object.keys(group.filters))
  return {
    trails: Object.keys(state.trails).length,
    filters: filters.length,
    alarms: Object.keys(state.alarms).length,
    topics: Object.keys(state.topics).length,
    subscriptions: Object.keys(state.subscriptions).length,
  }
}

const BREAKS: readonly (readonly [check: string, breaks: (account: Account) => void])[] = [
  [
    'subscription.exists',
    ({ sandbox: { state } }) => {
      state.subscriptions = {}
    },
  ],
  [
    'subscription.endpoint',
    ({ sandbox: { state } }) => {
      for (const subscription of Object.values(state.subscriptions))
        subscription.endpoint = 'https://events.pagerduty.com/v2/enqueue'
    },
  ],
  [
    'alarm.exists',
    ({ sandbox: { state } }) => {
      state.alarms = {}
    },
  ],
  [
    'alarm.alarm-action',
    ({ sandbox: { state } }) => {
      for (const alarm of Object.values(state.alarms)) Object.assign(alarm, { alarmActions: [], okActions: [] })
    },
  ],
  [
    'alarm.action-target',
    ({ sandbox: { state } }) => {
      const away = ['arn:aws:sns:eu-west-1:123456789012:elsewhere']
      for (const alarm of Object.values(state.alarms)) Object.assign(alarm, { alarmActions: away, okActions: away })
    },
  ],
  [
    'topic.exists',
    ({ sandbox: { state } }) => {
      state.topics = {}
      state.subscriptions = {}
    },
  ],
  [
    'topic.encryption',
    ({ sandbox: { state } }) => {
      for (const { attributes } of Object.values(state.topics)) attributes.KmsMasterKeyId = 'alias/aws/sns'
    },
  ],
  [
    'delivery.role-policy',
    ({ sandbox: { state } }) => {
      for (const role of Object.values(state.roles)) role.policies = {}
    },
  ],
  [
    'log-group.exists',
    ({ sandbox: { state } }) => {
      state.logGroups = {}
    },
  ],
]

describe.each(['marked', 'by hand'] as const)('the fix of a chain that is %s repairs it and makes no other', (how) => {
  it.each(BREAKS)('%s', async (check, breaks) => {
    const account = await aChain(how)
    const before = inventory(account)
    breaks(account)
    const finding = (await findingsOf(account)).find((one) => one.check === check)
    const { command, lines = [] } = finding?.fix ?? {}
    expect(command).toBeDefined()
    for (const line of [...lines.filter((each) => each.startsWith('aws ')), command ?? ''])
      await runOffered(account, line)
    expect((await findingsOf(account)).filter((one) => one.check === check)).toEqual([])
    const after = inventory(account)
    for (const [kind, count] of Object.entries(before))
      expect(after[kind as keyof typeof after], kind).toBeLessThanOrEqual(count)
  })
})

describe('a trail that does not deliver any more', () => {
  const breaks = ({ sandbox: { state } }: Account) => {
    for (const trail of Object.values(state.trails)) Object.assign(trail, { logGroupArn: null, roleArn: null })
  }

  it('of a marked chain delivers again, with the detections that are there and no other', async () => {
    const account = await aChain('marked')
    const before = inventory(account)
    breaks(account)
    const offered = (await findingsOf(account)).find(({ check }) => check === 'delivery.configured')
    expect(offered?.fix?.command).toContain('--detections root-account-usage')
    await runOffered(account, offered?.fix?.command ?? '')
    expect((await findingsOf(account)).filter(({ check }) => check === 'delivery.configured')).toEqual([])
    expect(inventory(account)).toEqual(before)
  })

  it('of a chain by hand is named with its log group, and no command would make a second chain', async () => {
    const account = await aChain('by hand')
    breaks(account)
    const offered = (await findingsOf(account)).find(({ check }) => check === 'delivery.configured')
    expect(offered?.fix).toMatchObject({ summary: expect.stringContaining('log group cloudtrail-pd-events') })
    expect(offered?.fix?.command).toBeUndefined()
  })
})

describe('the next step of a dry run', () => {
  it('names the trail that the run would have to be allowed to change', async () => {
    const account = await freshAccount()
    await account.run(['init', '--yes', '--name', 'company', '--create-trail', 'company'])
    for (const trail of Object.values(account.sandbox.state.trails))
      Object.assign(trail, { logGroupArn: null, roleArn: null })
    const planned = await account.run(['init', '--dry-run', '--json', '--detections', 'root-account-usage'])
    const [next = ''] = planned.json().next as unknown as readonly string[]
    expect(next).toContain('--trail company')
    await runOffered(account, next.replace(' --yes', ''))
    expect(Object.keys(account.sandbox.state.trails)).toHaveLength(1)
  })
})

describe('a repair of what code made', () => {
  it('says where the change belongs, and which stack made it, before it asks', async () => {
    const account = await aChain('by hand')
    for (const alarm of Object.values(account.sandbox.state.alarms)) {
      alarm.okActions = []
      alarm.tags = { 'aws:cloudformation:stack-name': 'audit-alarms' }
    }
    const offered = (await findingsOf(account)).find(({ check }) => check === 'alarm.ok-action')
    expect(offered?.fix?.lines?.join('\n')).toContain('in Terraform: aws_cloudwatch_metric_alarm, ok_actions = ["arn:')
    const { stderr } = await account.run(['doctor', '--fix', '--yes'], { env: { COLUMNS: '300' } })
    expect(stderr).toContain('in CloudFormation: AWS::CloudWatch::Alarm, OKActions: ["arn:')
    expect(stderr).toContain('made by CloudFormation stack audit-alarms: change it there too')
    expect(stderr).toContain('the next apply reverts a repair')
  })
})
