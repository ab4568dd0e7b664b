/** The topics of a region that PagerDuty is subscribed to, whether or not an alarm tells them. */

import { isPagerDuty, parseEndpoint } from '../../domain/endpoint.ts'
import { Secret } from '../../domain/secret.ts'
import type { Reading } from '../../domain/snapshot.ts'
import type { IamAction } from '../../iam/action.ts'
import { loadSns } from '../clients.ts'
import { readingList } from '../failures.ts'
import type { Aws } from '../session.ts'

export const PAGING_TOPIC_ACTIONS: readonly IamAction[] = ['sns:ListSubscriptions']

/** ARNs, each once. */
export function readPagingTopics(aws: Aws): Promise<Reading<readonly string[]>> {
  return readingList(async () => {
    const { paginateListSubscriptions, SNSClient } = await loadSns()
    const topics = new Set<string>()
    for await (const { Subscriptions = [] } of paginateListSubscriptions({ client: aws.client(SNSClient) }, {})) {
      for (const { Protocol = '', Endpoint = '', TopicArn = '' } of Subscriptions) {
        if (isPagerDuty(parseEndpoint(Protocol, new Secret(Endpoint)))) topics.add(TopicArn)
      }
    }
    return [...topics]
  })
}
