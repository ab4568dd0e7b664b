/** CloudFormation of MiniStack by its query interface, for which this project has no client. */

import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ListSubscriptionsCommand, SNSClient, SubscribeCommand, UnsubscribeCommand } from '@aws-sdk/client-sns'
import { installed } from './servers.ts'
import { CREDENTIALS, type Stage } from './stage.ts'

const run = promisify(execFile)

/** Makes a stack. Rejects with its events when it does not come to CREATE_COMPLETE. */
export async function createStack(
  endpoint: string,
  name: string,
  template: string,
  parameters: Readonly<Record<string, string>>,
): Promise<void> {
  await inFile(template, async (path) => {
    const values = Object.entries(parameters).map(([key, value]) => ({ ParameterKey: key, ParameterValue: value }))
    await aws(
      endpoint,
      'create-stack',
      '--stack-name',
      name,
      '--template-body',
      `file://${path}`,
      ...['--parameters', JSON.stringify(values), '--capabilities', 'CAPABILITY_NAMED_IAM'],
    )
    try {
      await aws(endpoint, 'wait', 'stack-create-complete', '--stack-name', name)
    } catch {
      throw new Error(await aws(endpoint, 'describe-stack-events', '--stack-name', name, '--output', 'text'))
    }
  })
}

/** What CloudFormation of MiniStack subscribes is never asked to confirm, unlike what SNS of MiniStack does. */
export async function subscribeAgain(
  { aws }: Stage,
  Endpoint: string,
  Attributes: Readonly<Record<string, string>> = {},
): Promise<void> {
  const sns = aws.client(SNSClient)
  const { Subscriptions = [] } = await sns.send(new ListSubscriptionsCommand({}))
  const pending = Subscriptions.find((one) => one.Endpoint === Endpoint)
  await sns.send(new UnsubscribeCommand({ SubscriptionArn: pending?.SubscriptionArn }))
  await sns.send(new SubscribeCommand({ TopicArn: pending?.TopicArn, Protocol: 'http', Endpoint, Attributes }))
}

/** What cfn-lint complains of, informational findings included; empty when nothing. */
export function cfnLint(template: string): Promise<string> {
  return inFile(template, async (path) => {
    try {
      const { stdout } = await run(installed('cfn-lint'), ['-c', 'I', '--', path], { maxBuffer: 10_000_000 })
      return stdout
    } catch (error) {
      return String((error as { stdout?: string }).stdout ?? error)
    }
  })
}

async function inFile<T>(text: string, use: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudtrail-pd-template-'))
  const path = join(folder, 'template.yaml')
  try {
    await writeFile(path, text)
    return await use(path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function aws(endpoint: string, ...words: readonly string[]): Promise<string> {
  const env = { PATH: process.env.PATH, ...CREDENTIALS, AWS_DEFAULT_REGION: CREDENTIALS.AWS_REGION }
  const { stdout } = await run(installed('aws'), ['--endpoint-url', endpoint, 'cloudformation', ...words], { env })
  return stdout
}
