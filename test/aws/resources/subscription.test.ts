import { CreateTopicCommand, ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns'
import { describe, expect, it } from 'vitest'
import { readSubscriptions, subscribe } from '../../../src/aws/resources/subscription.ts'
import { connectAws } from '../../../src/aws/session.ts'
import { Secret } from '../../../src/domain/secret.ts'
import { freshAccount } from '../../support/fresh-account.ts'

const URL_US = 'https://events.pagerduty.com/integration/0123456789abcdef0123456789abcdef/enqueue'

async function subscribed(eventsUrl: URL | undefined) {
  const { sandbox } = await freshAccount()
  const target = { profile: undefined, region: 'us-east-1', endpointUrl: undefined }
  const aws = await connectAws(target, { env: {}, backend: sandbox.backend, eventsUrl })
  const sns = aws.client(SNSClient)
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'alerts' }))
  await subscribe(aws, TopicArn, new Secret(URL_US))
  const { Subscriptions: [stored] = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))
  const read = await readSubscriptions(aws.inRegion('us-east-1'), TopicArn)
  const [seen] = read.state === 'read' ? read.value : []
  return {
    stored: `${stored?.Protocol} ${stored?.Endpoint}`,
    seen: `${seen?.protocol} ${seen?.endpoint.address.reveal()}`,
  }
}

describe('a subscription', () => {
  it('is made and read with the integration URL', async () => {
    expect(await subscribed(undefined)).toEqual({ stored: `https ${URL_US}`, seen: `https ${URL_US}` })
  })

  it('goes to what stands in for the event hosts of PagerDuty, and is read as if nothing did', async () => {
    const { pathname } = new URL(URL_US)
    expect(await subscribed(new URL('http://127.0.0.1:9'))).toEqual({
      stored: `http http://127.0.0.1:9${pathname}`,
      seen: `https ${URL_US}`,
    })
  })
})
