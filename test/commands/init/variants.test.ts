import { PutMetricFilterCommand } from '@aws-sdk/client-cloudwatch-logs'
import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../src/detections/catalogue.ts'
import { selectDetections } from '../../../src/detections/select.ts'
import { freshAccount } from '../../support/fresh-account.ts'
import { clientsOf } from '../../support/sandbox-account.ts'
import type { Account, Result } from '../../support/tool.ts'

const INIT = ['init', '--yes', '--json', '--detections', 'cis-1.4'] as const
const COMPLIANCE_TOPIC = 'arn:aws:sns:us-east-1:123456789012:cloudtrail-pd-compliance'

const complying = selectDetections(['cis-1.4']).filter(({ compliance }) => compliance !== undefined)
const complianceFilters = complying.flatMap(({ compliance }) =>
  (compliance?.patterns ?? [])
    .filter(({ label }) => compliance?.complianceFilters.includes(label))
    .map(({ pattern }) => pattern),
)

function inputs(aws: Account, operation: string): readonly Record<string, unknown>[] {
  return aws
    .calls()
    .filter((call) => call.operation === operation && call.error === undefined)
    .map(({ input }) => input as Record<string, unknown>)
}

function notesOf(result: Result): string {
  return (result.json() as unknown as { notes: string[] }).notes.join('\n')
}

describe('--variant compliance', () => {
  it('installs the published strings byte for byte, twins on one metric, and one alarm for each detection', async () => {
    const aws = await freshAccount()
    expect((await aws.run([...INIT, '--variant', 'compliance'])).exit).toBe(0)
    const puts = aws.calls()
    const filters = puts.filter(({ operation }) => operation === 'PutMetricFilter').map(({ input }) => input)
    expect(filters.map(({ filterPattern }) => filterPattern).sort()).toEqual([...complianceFilters].sort())
    const metricOf = (id: string) =>
      new Set(
        filters
          .filter(({ filterName }) => String(filterName).startsWith(`cloudtrail-pd-${id}-compliance-`))
          .map(({ metricTransformations }) => JSON.stringify(metricTransformations)),
      )
    expect(metricOf('unauthorized-api-calls').size).toBe(1)
    expect(puts.filter(({ operation }) => operation === 'PutMetricAlarm')).toHaveLength(complying.length)
  })

  it('pages like any other', async () => {
    const aws = await freshAccount()
    await aws.run([...INIT, '--variant', 'compliance'])
    for (const { AlarmActions } of inputs(aws, 'PutMetricAlarm')) {
      expect(AlarmActions).toEqual(['arn:aws:sns:us-east-1:123456789012:cloudtrail-pd-alerts'])
    }
  })

  it('takes what the engine would complain about: auditors compare text', async () => {
    for (const { id } of catalogue.filter(({ compliance }) => compliance !== undefined)) {
      const aws = await freshAccount()
      const result = await aws.run(['init', '--yes', '--json', '--variant', 'compliance', '--detections', id])
      expect(result.json(), id).toMatchObject({ status: 'applied' })
    }
  })
})

describe('--variant both', () => {
  it('puts the twins on a topic of their own, which pages no one, and leaves the tuned alarms where they are', async () => {
    const aws = await freshAccount()
    const result = await aws.run([...INIT, '--variant', 'both'])
    const calls = aws.calls()
    const alarms = calls.filter(({ operation }) => operation === 'PutMetricAlarm').map(({ input }) => input)
    const onTopic = (name: string) => alarms.filter(({ AlarmActions }) => String(AlarmActions).endsWith(name))
    expect(onTopic(':cloudtrail-pd-compliance')).toHaveLength(complying.length)
    expect(onTopic(':cloudtrail-pd-alerts')).toHaveLength(selectDetections(['cis-1.4']).length)
    expect(calls.filter(({ operation }) => operation === 'Subscribe').map(({ input }) => input.TopicArn)).toEqual([
      'arn:aws:sns:us-east-1:123456789012:cloudtrail-pd-alerts',
    ])
    expect(result.json()).toMatchObject({ status: 'applied', subscriptions: [{ purpose: 'pages' }] })
  })

  it('C30 names the controls that stay failed while nobody is subscribed, and how to add somebody', async () => {
    const aws = await freshAccount()
    const first = await aws.run([...INIT, '--variant', 'both'])
    const controls = Array.from({ length: 14 }, (_, index) => `CloudWatch.${index + 1}`).join(', ')
    expect(notesOf(first)).toContain(`Security Hub ${controls} stay failed`)
    const again = await aws.run(['init', '--yes', '--detections', 'root-account-usage', '--variant', 'both'])
    expect(again.stdout).toContain('Security Hub CloudWatch.1 stay failed: topic cloudtrail-pd-compliance has no')
    expect(again.stdout.replaceAll(/ \\\n +/g, ' ')).toContain(
      `\n    aws sns subscribe --region us-east-1 --topic-arn ${COMPLIANCE_TOPIC} --protocol email --notification-endpoint ADDRESS\n`,
    )
  })

  it('is silent about it once a subscriber is confirmed', async () => {
    const aws = await freshAccount()
    await aws.run([...INIT, '--variant', 'both'])
    subscribeSomebody(aws)
    expect(notesOf(await aws.run([...INIT, '--variant', 'both']))).not.toContain('stay failed')
  })

  it('run again changes nothing', async () => {
    const aws = await freshAccount()
    await aws.run([...INIT, '--variant', 'both'])
    aws.writes()
    expect((await aws.run([...INIT, '--variant', 'both'])).json()).toMatchObject({ status: 'unchanged' })
    expect(aws.writes()).toEqual([])
  })
})

describe('the way back from both to paging', () => {
  it('keeps the twins and says so, until --prune deletes them and their topic, alarms first', async () => {
    const aws = await freshAccount()
    await aws.run([...INIT, '--variant', 'both'])
    const kept = (await aws.run(INIT)).json() as unknown as { kept: string[] }
    expect(kept.kept).toHaveLength(1 + complying.length + complianceFilters.length)
    expect(kept.kept).toContain(COMPLIANCE_TOPIC)
    aws.writes()
    const pruned = await aws.run([...INIT, '--prune'])
    expect(pruned.json()).toMatchObject({ status: 'applied', kept: [] })
    const writes = aws.writes()
    expect(writes.indexOf('SNS:DeleteTopic')).toBe(writes.length - 1)
    expect(writes).toContain('CloudWatch:DeleteAlarms')
    expect((await aws.run([...INIT, '--prune'])).json()).toMatchObject({ status: 'unchanged' })
  })

  it('leaves the topic to somebody else who is subscribed', async () => {
    const aws = await freshAccount()
    await aws.run([...INIT, '--variant', 'both'])
    subscribeSomebody(aws)
    aws.writes()
    await aws.run([...INIT, '--prune'])
    expect(aws.writes()).not.toContain('SNS:DeleteTopic')
    const destroyed = await aws.run(['destroy', '--yes', '--json'])
    expect(destroyed.json()).toMatchObject({
      kept: expect.arrayContaining([expect.objectContaining({ resource: COMPLIANCE_TOPIC })]),
    })
  })

  it('is not needed by destroy, which knows the twins and their topic', async () => {
    const aws = await freshAccount()
    await aws.run([...INIT, '--variant', 'both'])
    const { deleted } = (await aws.run(['destroy', '--yes', '--json'])).json() as unknown as { deleted: string[] }
    expect(deleted).toContain(COMPLIANCE_TOPIC)
    expect((await aws.run(['destroy', '--yes', '--json'])).json()).toMatchObject({ deleted: [] })
  })
})

describe('a log group', () => {
  it('with no room for the twins blocks the plan: each counts against the hundred', async () => {
    const aws = await freshAccount()
    await aws.run(['init', '--yes', '--detections', 'all'])
    const { logs } = clientsOf(aws.sandbox.backend)
    for (let n = 0; n <= 100 - catalogue.length - complianceFilters.length; n += 1) {
      await logs.send(
        new PutMetricFilterCommand({
          logGroupName: 'cloudtrail-pd-events',
          filterName: `other-${n}`,
          filterPattern: 'x',
          metricTransformations: [{ metricNamespace: 'Other', metricName: 'Other', metricValue: '1' }],
        }),
      )
    }
    const result = await aws.run(['init', '--yes', '--json', '--detections', 'all', '--variant', 'both'])
    expect(result.json()).toMatchObject({ status: 'blocked' })
    expect(result.stdout).toContain('a log group takes 100')
  })
})

describe('a benchmark chosen with the tuned patterns', () => {
  it('C30 says which controls stay failed', async () => {
    const aws = await freshAccount()
    const result = await aws.run(['init', '--dry-run', '--detections', 'cis-1.4'])
    expect(result.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'CloudWatch.13, CloudWatch.14 stay failed; --variant both adds',
    )
    expect(notesOf(await aws.run(['init', '--dry-run', '--json']))).not.toContain('stay failed')
  })
})

function subscribeSomebody({ sandbox }: Account): void {
  const arn = `${COMPLIANCE_TOPIC}:auditors`
  sandbox.state.subscriptions[arn] = {
    arn,
    topicArn: COMPLIANCE_TOPIC,
    protocol: 'https',
    endpoint: 'https://auditors.example.com/sns',
    attributes: {},
    confirmed: true,
    token: 't',
    createdAt: 0,
  }
}
