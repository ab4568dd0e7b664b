import { CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns'
import { describe, expect, it } from 'vitest'
import { init } from '../../../src/commands/init/run.ts'
import { asked } from '../../support/asked.ts'
import { aFilter, anAlarm, aTrail } from '../../support/chain-by-hand.ts'
import { freshAccount } from '../../support/fresh-account.ts'
import { clientsOf } from '../../support/sandbox-account.ts'
import { type Account, KEY } from '../../support/tool.ts'

const DRY = ['init', '--dry-run', '--json', '--detections', 'root-account-usage']
/** The published text in another spelling. */
const ROOT =
  '{ $.userIdentity.type="Root" && $.userIdentity.invokedBy NOT EXISTS && ($.eventType != "AwsServiceEvent") }'

/** A chain that somebody made by hand, under names that tell nothing. */
async function handMade(pattern = ROOT, key = KEY): Promise<Account> {
  const aws = await freshAccount()
  const clients = clientsOf(aws.sandbox.backend)
  await aTrail(aws.sandbox)
  await aFilter(clients, pattern)
  const { TopicArn } = await clients.sns.send(new CreateTopicCommand({ Name: 'alerts' }))
  const Endpoint = `https://events.pagerduty.com/integration/${key}/enqueue`
  await clients.sns.send(new SubscribeCommand({ TopicArn, Protocol: 'https', Endpoint }))
  await anAlarm(clients, { AlarmActions: [TopicArn ?? ''] })
  aws.calls()
  return aws
}

describe('a chain made by hand beside the one of the plan', () => {
  it('that pages the same endpoint for the same event is named before anything is approved', async () => {
    const aws = await handMade()
    const result = await aws.run(DRY)
    expect(result.json().notes).toContainEqual(
      expect.stringMatching(/^hits pages the same endpoint for the same event as cloudtrail-pd-root-account-usage/),
    )
    const { context, shown } = asked(aws, [['Go ahead?', { text: 'No, change nothing' }]])
    const options = { detections: ['root-account-usage'], hold: 5, route: 'service', trail: 'main-trail' }
    const answers = { ...options, integrationKey: KEY, serviceRegion: 'us', route: 'service' } as const
    await expect(init(answers, context)).rejects.toMatchObject({ code: 'declined' })
    expect(shown().replace(/\s+/g, ' ')).toContain('so each event pages twice')
    expect(aws.writes()).toEqual([])
  })

  it.each([
    ['counts other events', '{ $.eventName = "StopLogging" }', KEY],
    ['pages another endpoint', ROOT, KEY.split('').reverse().join('')],
  ])('that %s is not', async (_what, pattern, key) => {
    const aws = await handMade(pattern, key)
    expect(JSON.stringify((await aws.run(DRY)).json().notes)).not.toContain('two incidents')
  })
})
