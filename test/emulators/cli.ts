/** The same account as the AWS CLI lists it, with nothing of the SDK for JavaScript in between. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { type Kind, NOTHING } from './census.ts'
import { installed } from './servers.ts'
import { CREDENTIALS } from './stage.ts'

/** Each a command line, with what it lists. */
const LISTS = [
  ['trails', 'cloudtrail describe-trails --query', 'trailList[].Name'],
  ['buckets', 's3api list-buckets --query', 'Buckets[].Name'],
  ['logGroups', 'logs describe-log-groups --query', 'logGroups[].logGroupName'],
  ['metricFilters', 'logs describe-metric-filters --query', "metricFilters[].join('/', [logGroupName, filterName])"],
  ['alarms', 'cloudwatch describe-alarms --query', 'MetricAlarms[].AlarmName'],
  ['topics', 'sns list-topics --query', 'Topics[].TopicArn'],
  ['subscriptions', 'sns list-subscriptions --query', "Subscriptions[].join(' ', [TopicArn, Protocol, Endpoint])"],
  ['dashboards', 'cloudwatch list-dashboards --query', 'DashboardEntries[].DashboardName'],
  ['queues', 'sqs list-queues --query', 'QueueUrls'],
  ['roles', 'iam list-roles --query', 'Roles[].RoleName'],
] as const satisfies readonly (readonly [Kind, string, string])[]

/** Names as `namesIn` has them. */
export async function seenByCli(endpoint: string): Promise<Readonly<Record<Kind, readonly string[]>>> {
  const lines = LISTS.map(([, words, query]) => [...words.split(' '), query])
  const lists = await aws(endpoint, lines)
  return { ...NOTHING, ...Object.fromEntries(LISTS.map(([kind], index) => [kind, lists[index] ?? []])) }
}

/** Words of `aws`, one list a call. */
export type CommandLines = readonly (readonly string[])[]

/** Runs command lines that make things, one after another. Rejects at the first that fails. */
export async function makeByCli(endpoint: string, lines: CommandLines): Promise<void> {
  await aws(endpoint, lines)
}

/** What each command line answers: names in alphabetical order. */
async function aws(endpoint: string, lines: readonly (readonly string[])[]): Promise<readonly (readonly string[])[]> {
  const env = { PATH: process.env.PATH, ...CREDENTIALS, AWS_DEFAULT_REGION: CREDENTIALS.AWS_REGION }
  const child = spawn(installed('python3'), [join(import.meta.dirname, 'aws.py')], { env })
  child.stdin.end(JSON.stringify(lines.map((line) => [...line, '--endpoint-url', endpoint, '--output', 'json'])))
  const [answer, usageErrorOf, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ])
  if (code !== 0) throw new Error(`the AWS CLI ended with ${code}: ${usageErrorOf}`)
  const lists: unknown[] = JSON.parse(answer)
  return lists.map((list) => (Array.isArray(list) ? list.map(withoutArn).sort() : []))
}

function withoutArn(name: unknown): string {
  return String(name).replace(/^(arn:aws:sns:[\w-]+:\d+:|https?:.*\/\d+\/)/, '')
}
