import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch'
import {
  CloudWatchLogsClient,
  DeleteMetricFilterCommand,
  DeleteRetentionPolicyCommand,
} from '@aws-sdk/client-cloudwatch-logs'
import { SetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { describeWithEmulators } from './available.ts'
import { type Census, census } from './census.ts'
import { ANSWERS } from './gaps.ts'
import { PROBES, type Question } from './probes.ts'
import { EMULATORS, type Emulator, startEmulator } from './servers.ts'
import { emulatedStage, REGION, type Stage, sandboxStage } from './stage.ts'

const INIT = ['init', '--yes', '--json', '--detections', 'root-account-usage,vpc-changes,iam-policy-changes']

/** What happens one after the other, by the tool or behind its back. */
const STORY: Readonly<Record<string, (stage: Stage) => Promise<readonly string[]>>> = {
  'init makes the chain': (stage) => tool(stage, INIT),
  'init again finds it': (stage) => tool(stage, INIT),
  'init with another wish changes it in place': (stage) =>
    tool(stage, [...INIT, '--hold', '60', '--display-name', 'On call']),
  'somebody breaks five things': async ({ aws, account }) => {
    const alarm = (id: string) => `cloudtrail-pd-${id}-${account}-${REGION}`
    const logGroupName = 'cloudtrail-pd-events'
    const cloudwatch = aws.client(CloudWatchClient)
    await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [alarm('vpc-changes')] }))
    await cloudwatch.send(new PutMetricAlarmCommand(await silenced(cloudwatch, alarm('root-account-usage'))))
    const logs = aws.client(CloudWatchLogsClient)
    const filterName = 'cloudtrail-pd-iam-policy-changes'
    await logs.send(new DeleteMetricFilterCommand({ logGroupName, filterName }))
    await logs.send(new DeleteRetentionPolicyCommand({ logGroupName }))
    const TopicArn = `arn:aws:sns:${REGION}:${account}:cloudtrail-pd-alerts`
    const attribute = { AttributeName: 'DisplayName', AttributeValue: "somebody else's" }
    await aws.client(SNSClient).send(new SetTopicAttributesCommand({ TopicArn, ...attribute }))
    return []
  },
  'init repairs exactly those': (stage) => tool(stage, INIT),
  'init --prune takes away what is no longer named': (stage) =>
    tool(stage, ['init', '--yes', '--json', '--prune', '--detections', 'vpc-changes']),
  'destroy keeps the audit record': (stage) => tool(stage, ['destroy', '--yes', '--json']),
  'init builds on the audit record': (stage) => tool(stage, INIT),
  'destroy --delete-trail takes everything': (stage) =>
    tool(stage, ['destroy', '--yes', '--json', '--delete-trail', '--delete-logs']),
}

await describeWithEmulators('the sandbox and real servers', () => {
  const stages: Partial<Record<Stage['name'], Stage>> = {}
  const emulators: Emulator[] = []
  const stageOf = (name: Stage['name']) => {
    const stage = stages[name]
    if (stage === undefined) throw new Error(`${name} was not opened`)
    return stage
  }

  beforeAll(async () => {
    emulators.push(...(await Promise.all(EMULATORS.map(startEmulator))))
    stages.sandbox = await sandboxStage()
    for (const emulator of emulators) stages[emulator.name] = await emulatedStage(emulator)
  }, 60_000)
  afterAll(async () => {
    for (const stage of Object.values(stages)) await stage.close()
    for (const emulator of emulators) await emulator.stop()
  })

  describe('tell the same story', { timeout: 60_000 }, () => {
    it.each(Object.keys(STORY))('%s', async (chapter) => {
      const told = async (name: Stage['name']) => {
        const stage = stageOf(name)
        const done = await STORY[chapter]?.(stage)
        return { done, account: normalised(await census(stage.aws), stage) }
      }
      const [sandbox, ...others] = await Promise.all((['sandbox', ...EMULATORS] as const).map(told))
      for (const [index, other] of others.entries()) expect(other, EMULATORS[index]).toEqual(sandbox)
    })
  })

  describe.each(['sandbox', ...EMULATORS] as const)('%s answers', (name) => {
    it.each(Object.keys(PROBES) as Question[])('%s', async (question) => {
      const { [name]: gap, aws, why } = ANSWERS[question]
      expect(await PROBES[question](stageOf(name))).toBe(gap ?? aws)
      if (gap !== undefined) expect([gap === aws, why]).toEqual([false, expect.any(String)])
    })
  })
})

/** What a run that went well has written, in alphabetical order: two lanes work side by side. */
async function tool(stage: Stage, args: readonly string[]): Promise<readonly string[]> {
  const run = await stage.run(args)
  if (run.exit !== 0)
    throw new Error(`${stage.name}: ${args.join(' ')} ended with ${run.exit}\n${run.stdout}${run.stderr}`)
  return [...run.done].sort()
}

/** The alarm as it is, but for its threshold and its actions. */
async function silenced(cloudwatch: CloudWatchClient, name: string) {
  const { MetricAlarms: [alarm] = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }))
  const { AlarmName, AlarmDescription, Namespace, MetricName, Statistic, Period, EvaluationPeriods } = alarm ?? {}
  return {
    ...{ AlarmName, AlarmDescription, Namespace, MetricName, Statistic, Period, EvaluationPeriods },
    ComparisonOperator: 'GreaterThanThreshold' as const,
    Threshold: 99,
  }
}

/** Without what names the place: the account, and where its PagerDuty listens. */
function normalised(seen: Census, { account, pagerDuty }: Stage): unknown {
  const text = JSON.stringify(seen)
    .replaceAll(account, 'ACCOUNT')
    .replaceAll(`http ${pagerDuty.eventsUrl}`, 'https https://events.pagerduty.com')
  return JSON.parse(text)
}
