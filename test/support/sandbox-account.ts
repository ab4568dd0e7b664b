/** A sandbox for tests, driven through the SDK's real clients, and a stand-in for PagerDuty's endpoint. */
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { CloudTrailClient } from '@aws-sdk/client-cloudtrail'
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch'
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs'
import { EventBridgeClient } from '@aws-sdk/client-eventbridge'
import { IAMClient } from '@aws-sdk/client-iam'
import { KMSClient } from '@aws-sdk/client-kms'
import { OrganizationsClient } from '@aws-sdk/client-organizations'
import { S3Client } from '@aws-sdk/client-s3'
import { SNSClient } from '@aws-sdk/client-sns'
import { SQSClient } from '@aws-sdk/client-sqs'
import { STSClient } from '@aws-sdk/client-sts'
import { onTestFinished } from 'vitest'
import { type AwsBackend, isAwsFault } from '../../src/aws/backend.ts'
import { openSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.ts'
import { heldClock } from './held-clock.ts'

export const ENDPOINT = 'https://events.pagerduty.com/integration/0123456789abcdef0123456789abcdef/enqueue'

/** An instant sandbox that ends with the test. */
export async function anAccount(options: SandboxOptions = {}): Promise<Sandbox> {
  const sandbox = await openSandbox({ speed: 'instant', clock: heldClock(), ...options })
  onTestFinished(() => sandbox.close())
  return sandbox
}

export function clientsOf(backend: AwsBackend, region = 'us-east-1') {
  const config = { region, credentials: { accessKeyId: 'none', secretAccessKey: 'none' }, customUserAgent: 'test/1' }
  return {
    sns: answered(new SNSClient(config), backend, region),
    trail: answered(new CloudTrailClient(config), backend, region),
    logs: answered(new CloudWatchLogsClient(config), backend, region),
    cloudwatch: answered(new CloudWatchClient(config), backend, region),
    iam: answered(new IAMClient(config), backend, region),
    s3: answered(new S3Client(config), backend, region),
    sts: answered(new STSClient(config), backend, region),
    organizations: answered(new OrganizationsClient(config), backend, region),
    kms: answered(new KMSClient(config), backend, region),
    events: answered(new EventBridgeClient(config), backend, region),
    sqs: answered(new SQSClient(config), backend, region),
  }
}

interface Stacked {
  readonly config: { readonly serviceId: string }
  readonly middlewareStack: { addRelativeTo(middleware: never, options: never): void }
}

/** Puts the backend in place of the network, behind the SDK's own retries. */
function answered<C extends Stacked>(client: C, backend: AwsBackend, region: string): C {
  const middleware =
    (_next: unknown, context: { commandName: string }) => async (args: { input: object; request: IncomingMessage }) => {
      const operation = context.commandName.replace(/Command$/, '')
      const userAgent = String(args.request.headers['x-amz-user-agent'] ?? args.request.headers['user-agent'])
      const call = { service: client.config.serviceId, operation, input: { ...args.input }, region, userAgent }
      try {
        return { response: {}, output: { $metadata: {}, ...(await backend(call)) } }
      } catch (error) {
        if (!isAwsFault(error)) throw error
        const { name, message, status } = error
        throw Object.assign(new Error(message), { name, $fault: 'client', $metadata: { httpStatusCode: status } })
      }
    }
  const place = { name: 'sandbox', relation: 'after', toMiddleware: 'retryMiddleware' }
  client.middlewareStack.addRelativeTo(middleware as never, place as never)
  return client
}

interface Received {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: the body is whatever the sandbox sent; the test says what it expects
  readonly json: any
}

export interface Receiver {
  readonly received: Received[]
  url(): Promise<string>
  answerWith(status: number): void
}

/** Takes every POST, and visits SubscribeURL as PagerDuty does. */
export async function aReceiver({ confirms = true } = {}): Promise<Receiver> {
  const received: Received[] = []
  let status = 202
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += String(chunk)
    const json = JSON.parse(text)
    received.push({ path: request.url ?? '', headers: request.headers, text, json })
    response.writeHead(status).end()
    if (confirms && json.Type === 'SubscriptionConfirmation') visit(json.SubscribeURL)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return {
    received,
    url: async () => `http://127.0.0.1:${port}`,
    answerWith(next) {
      status = next
    },
  }
}

/** Calls until the answer pleases, a second of the sandbox's time apart. */
export async function eventually<T>(
  sandbox: Sandbox,
  ask: () => Promise<T>,
  pleases: (answer: T) => boolean,
): Promise<T> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const answer = await ask()
    if (pleases(answer)) return answer
    await sandbox.clock.sleep(1_000)
  }
  throw new Error('the answer never pleased')
}

/** The sandbox may be closed by the time this arrives. */
function visit(url: string): void {
  get(url, (answer) => answer.resume()).on('error', () => undefined)
}
