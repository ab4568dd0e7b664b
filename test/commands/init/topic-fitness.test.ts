import { CreateTopicCommand, SetTopicAttributesCommand } from '@aws-sdk/client-sns'
import { describe, expect, it } from 'vitest'
import { init } from '../../../src/commands/init/run.ts'
import { asked } from '../../support/asked.ts'
import { anAlarm } from '../../support/chain-by-hand.ts'
import { freshAccount } from '../../support/fresh-account.ts'
import { clientsOf } from '../../support/sandbox-account.ts'
import { type Account, KEY } from '../../support/tool.ts'

const TOPIC = 'arn:aws:sns:us-east-1:123456789012:breach'
const INIT = ['init', '--yes', '--json', '--detections', 'root-account-usage', '--topic', 'breach']

/** An account with a topic of somebody else, and PagerDuty nowhere near it yet. */
async function withTopic(...statements: readonly object[]): Promise<Account> {
  const aws = await freshAccount()
  const { sns } = clientsOf(aws.sandbox.backend)
  await sns.send(new CreateTopicCommand({ Name: 'breach' }))
  if (statements.length > 0) {
    const AttributeValue = JSON.stringify({ Version: '2012-10-17', Statement: statements })
    await sns.send(new SetTopicAttributesCommand({ TopicArn: TOPIC, AttributeName: 'Policy', AttributeValue }))
  }
  aws.calls()
  return aws
}

/** As public modules write it: only the alarms named by the condition may publish. */
function forAlarms(alarm: string): object {
  return {
    Effect: 'Allow',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Action: 'sns:Publish',
    Resource: TOPIC,
    Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:cloudwatch:us-east-1:123456789012:alarm:${alarm}` } },
  }
}

/** A condition on a date: only AWS knows. */
const undecidable = {
  ...forAlarms('*'),
  Condition: { DateLessThan: { 'aws:CurrentTime': '2030-01-01T00:00:00Z' } },
}

describe('a topic that refuses the alarms of the plan', () => {
  it.each([
    ['admits another alarm alone', forAlarms('other')],
    ['admits CloudTrail alone', { ...forAlarms('*'), Principal: { Service: 'cloudtrail.amazonaws.com' } }],
  ])('because its policy %s gets none, and the statement to add is given', async (_what, statement) => {
    const aws = await withTopic(statement)
    const result = await aws.run(INIT)
    expect(result.exit).toBe(1)
    expect(result.json()).toMatchObject({
      status: 'blocked',
      error: { message: expect.stringContaining('sns:Publish'), hint: expect.stringContaining('"aws:SourceAccount"') },
    })
    expect(aws.writes()).toEqual([])
  })

  it('because a statement denies it is told apart: adding one more would not help', async () => {
    const aws = await withTopic(forAlarms('*'), { ...forAlarms('*'), Effect: 'Deny' })
    const result = await aws.run(INIT)
    expect(result.json()).toMatchObject({
      status: 'blocked',
      error: { hint: expect.stringContaining('Deny statement') },
    })
  })

  it('because its own key does not admit CloudWatch gets none either', async () => {
    const aws = await withTopic()
    const key = '1234abcd-12ab-34cd-56ef-1234567890ab'
    const policy = JSON.stringify({ Version: '2012-10-17', Statement: [] })
    aws.sandbox.state.keys[key] = { id: key, region: 'us-east-1', manager: 'CUSTOMER', state: 'Enabled', policy }
    for (const topic of Object.values(aws.sandbox.state.topics)) topic.attributes.KmsMasterKeyId = key
    expect((await aws.run(INIT)).json()).toMatchObject({
      status: 'blocked',
      error: { message: expect.stringContaining('kms:GenerateDataKey*') },
    })
  })

  it('is none where the policy names exactly this alarm', async () => {
    const aws = await withTopic(forAlarms('cloudtrail-pd-root-account-usage-123456789012-us-east-1'))
    expect((await aws.run(INIT)).json()).toMatchObject({ status: 'applied' })
  })
})

describe('a topic whose policy only AWS can judge', () => {
  it('stops a script, with the statement to add', async () => {
    const aws = await withTopic(undecidable)
    const result = await aws.run(INIT)
    expect(result.exit).toBe(1)
    expect(result.json()).toMatchObject({
      status: 'blocked',
      error: { message: expect.stringContaining('unknown'), hint: expect.stringContaining('"aws:SourceAccount"') },
    })
    expect(aws.writes()).toEqual([])
  })

  it.each([
    [true, 'applied'],
    [false, 'blocked'],
  ])('is asked about where somebody can answer: %s is %s', async (answer, status) => {
    const aws = await withTopic(undecidable)
    const { context, played } = asked(aws, [
      ['Use it anyway?', answer],
      answer ? (['Go ahead?', { text: 'Yes' }] as const) : (['What now?', { text: 'Stop' }] as const),
    ])
    const options = { detections: ['root-account-usage'], hold: 5, topic: 'breach', route: 'service', trail: undefined }
    const report = await init({ ...options, integrationKey: KEY, serviceRegion: 'us', route: 'service' }, context)
    played.finish()
    expect(report.json).toMatchObject({ status })
    const again = await aws.run([...INIT, '--hold', '5'])
    expect(again.json()).toMatchObject({ status: answer ? 'unchanged' : 'blocked' })
  })
})

describe('a topic that other alarms use already', () => {
  it('begins to page for them too, and the plan says for how many', async () => {
    const aws = await withTopic()
    await anAlarm(clientsOf(aws.sandbox.backend), { AlarmName: 'disk', AlarmActions: [TOPIC] })
    const result = await aws.run([...INIT.slice(0, 1), '--dry-run', ...INIT.slice(2)])
    expect(result.json().notes).toContainEqual(expect.stringMatching(/1 other alarm acts on topic breach/))
    await aws.run(INIT)
    expect((await aws.run(INIT)).json().notes).not.toContainEqual(expect.stringMatching(/other alarm/))
  })
})
