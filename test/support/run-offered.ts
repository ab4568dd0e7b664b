/** Runs a command exactly as it was offered: the tool in this process, the AWS CLI as the call that it makes. */

import * as cloudwatch from '@aws-sdk/client-cloudwatch'
import * as logs from '@aws-sdk/client-cloudwatch-logs'
import * as iam from '@aws-sdk/client-iam'
import * as kms from '@aws-sdk/client-kms'
import * as s3 from '@aws-sdk/client-s3'
import * as sns from '@aws-sdk/client-sns'
import { connectAws } from '../../src/aws/session.ts'
import { INTEGRATION_URL } from '../../src/doctor/fixes.ts'
import { shellWords } from '../options/reading.ts'
import { type Account, KEY } from './tool.ts'

type Call = new (input: object) => never

interface Service {
  readonly client: new (config: object) => { send(command: never): Promise<unknown> }
  readonly operations: Readonly<Record<string, unknown>>
}

const SERVICES: Readonly<Record<string, Service>> = {
  s3api: { client: s3.S3Client, operations: { ...s3 } },
  kms: { client: kms.KMSClient, operations: { ...kms } },
  iam: { client: iam.IAMClient, operations: { ...iam } },
  cloudwatch: { client: cloudwatch.CloudWatchClient, operations: { ...cloudwatch } },
  logs: { client: logs.CloudWatchLogsClient, operations: { ...logs } },
  sns: { client: sns.SNSClient, operations: { ...sns } },
}

const LISTS: ReadonlySet<string> = new Set(['AlarmActions', 'OKActions'])
const NUMBERS: ReadonlySet<string> = new Set(['Period', 'EvaluationPeriods', 'Threshold', 'retentionInDays'])

/** The person's part: to approve. The secret is in the environment. */
export async function runOffered(account: Account, line: string): Promise<void> {
  const [tool, ...rest] = shellWords(line)
  if (tool === 'aws') return callAws(account, rest)
  const { exit, stdout, stderr } = await account.run([...rest.slice(1), '--yes'])
  // Doctor exits with what it found before the repair.
  if (exit !== 0 && exit !== 4) throw new Error(`${line}: exit ${exit}\n${stdout}${stderr}`)
}

async function callAws({ sandbox: { backend } }: Account, words: readonly string[]): Promise<void> {
  const [name = '', operation = '', ...flags] = words
  const service = SERVICES[name]
  const command = service?.operations[`${pascal(operation)}Command`] as Call | undefined
  if (service === undefined || command === undefined) throw new Error(`there is no ${name} ${operation}`)
  const options = new Map<string, string>()
  for (let at = 0; at < flags.length; at += 2) options.set((flags[at] ?? '').slice(2), flags[at + 1] ?? '')
  const region = options.get('region') ?? 'us-east-1'
  options.delete('region')
  const input = Object.fromEntries([...options].map(([option, value]) => member(name, option, value)))
  const aws = await connectAws({ profile: undefined, region, endpointUrl: undefined }, { env: {}, backend })
  await aws.client(service.client as never as typeof sns.SNSClient).send(new command(input))
}

function member(service: string, option: string, value: string): readonly [string, unknown] {
  const found = pascal(option).replace(/^Ok/, 'OK')
  const name = service === 'logs' ? found.charAt(0).toLowerCase() + found.slice(1) : found
  if (name === 'NotificationEndpoint' && value === INTEGRATION_URL)
    return ['Endpoint', `https://events.pagerduty.com/integration/${KEY}/enqueue`]
  if (LISTS.has(name)) return [name, [value]]
  if (name === 'metricTransformations' || name === 'PublicAccessBlockConfiguration') return [name, JSON.parse(value)]
  return [name, NUMBERS.has(name) ? Number(value) : value]
}

function pascal(words: string): string {
  return words.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
