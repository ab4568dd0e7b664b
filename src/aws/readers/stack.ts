/** The CloudFormation stack that made an alarm or a topic, by the tag that CloudFormation puts there (CloudFormation user guide, resource tags). */

import type { Reading } from '../../domain/snapshot.ts'
import type { IamAction } from '../../iam/action.ts'
import { loadCloudWatch, loadSns } from '../clients.ts'
import { reading } from '../failures.ts'
import type { Aws } from '../session.ts'

export const STACK_ACTIONS: readonly IamAction[] = ['cloudwatch:ListTagsForResource', 'sns:ListTagsForResource']

const STACK_NAME = 'aws:cloudformation:stack-name'

/** Takes the ARN of an alarm or of a topic; read as undefined: no stack made it. */
export function readStack(aws: Aws, arn: string): Promise<Reading<string | undefined>> {
  return reading(async () => {
    const tags = arn.includes(':sns:') ? await topicTags(aws, arn) : await alarmTags(aws, arn)
    return tags.find(({ Key }) => Key === STACK_NAME)?.Value
  })
}

async function alarmTags(aws: Aws, arn: string) {
  const { CloudWatchClient, ListTagsForResourceCommand } = await loadCloudWatch()
  return (await aws.client(CloudWatchClient).send(new ListTagsForResourceCommand({ ResourceARN: arn }))).Tags ?? []
}

async function topicTags(aws: Aws, arn: string) {
  const { SNSClient, ListTagsForResourceCommand } = await loadSns()
  return (await aws.client(SNSClient).send(new ListTagsForResourceCommand({ ResourceArn: arn }))).Tags ?? []
}
