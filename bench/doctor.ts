/** Calls and memory of `doctor` on accounts of growing size: the sandbox, with lists as long as those of a large account laid over it. */

import { execFileSync } from 'node:child_process'
import { CloudWatchClient, type MetricAlarm, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch'
import { CloudWatchLogsClient, type MetricFilter, paginateDescribeMetricFilters } from '@aws-sdk/client-cloudwatch-logs'
import type { AwsBackend } from '../src/aws/backend.ts'
import { connectAws } from '../src/aws/session.ts'
import { openSandbox, type Sandbox } from '../src/sandbox/sandbox.ts'
import { runTool } from '../test/tool.ts'
import { printed, type Section, seconds } from './report.ts'

const SIZES = [0, 100, 1_000, 10_000] as const
/** Over these the alarms are spread. */
const LOG_GROUPS = 500
const TOPICS = 200
const REGION = 'us-east-1'

export async function doctorAtScale(): Promise<Section> {
  const runs = SIZES.map((size) => ({ size, ...inOwnProcess(size) }))
  return {
    title: 'doctor at scale',
    about: `One chain of 15 detections made by \`init\`, and beside it alarms of others, over ${LOG_GROUPS} log groups and ${TOPICS} topics, each alarm with a metric filter, listed in pages as long as those of AWS. Memory is the highest resident set of the process, the sandbox included. \`npm run bench:doctor\``,
    columns: ['alarms of others', 'calls', 'pages', 'for topics', 'for log groups', 'rest', 'memory', 'wall time'],
    rows: runs.map(({ size, calls, pages, topics, groups, memory, wall }) => [
      ...[size, calls, pages, topics, groups, calls - pages - topics - groups].map((count) =>
        count.toLocaleString('en-US'),
      ),
      `${Math.round(memory / 1024)} MiB`,
      seconds(wall),
    ]),
    notes: [
      'Each topic and each log group of a chain takes two calls, however many alarms share it; the rest is a constant, and alarms and filters are never asked for one by one.',
    ],
  }
}

interface Run {
  readonly calls: number
  readonly pages: number
  readonly topics: number
  readonly groups: number
  /** KiB. */
  readonly memory: number
  /** Milliseconds. */
  readonly wall: number
}

function inOwnProcess(size: number): Run {
  const args = ['--import', 'tsx', '--no-warnings', import.meta.filename, String(size)]
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }))
}

async function runWith(size: number): Promise<Run> {
  const sandbox = await openSandbox({ speed: 'instant' })
  const host = { backend: sandbox.backend, clock: sandbox.clock }
  await runTool(['init', '--yes', '--detections', 'cis-1.4', '--confirm-timeout', '0'], host)
  const calls: string[] = []
  const backend = overlay(sandbox, await listsOf(sandbox, size), calls)
  const started = performance.now()
  const { exit, stderr } = await runTool(['doctor', '--json'], { ...host, backend })
  const wall = performance.now() - started
  if (exit !== 0 && exit !== 4) throw new Error(stderr)
  const count = (...names: readonly string[]) => calls.filter((call) => names.includes(call)).length
  await sandbox.close()
  return {
    calls: calls.length,
    pages: count('DescribeAlarms', 'DescribeMetricFilters'),
    topics: count('GetTopicAttributes', 'ListSubscriptionsByTopic'),
    groups: count('DescribeLogGroups', 'GetTransformer'),
    memory: process.resourceUsage().maxRSS,
    wall,
  }
}

interface Lists {
  readonly DescribeAlarms: readonly object[]
  readonly DescribeMetricFilters: readonly object[]
}

/** Entries of a page, and the member that holds them (API references of CloudWatch and CloudWatch Logs). */
const PAGES = {
  DescribeAlarms: { size: 100, items: 'MetricAlarms', token: 'NextToken' },
  DescribeMetricFilters: { size: 50, items: 'metricFilters', token: 'nextToken' },
} as const

/** Answers the two lists from memory and counts every call; the rest is the sandbox's. */
function overlay(sandbox: Sandbox, lists: Lists, calls: string[]): AwsBackend {
  return async (call) => {
    const { operation, input } = call
    calls.push(operation)
    if (operation !== 'DescribeAlarms' && operation !== 'DescribeMetricFilters') return sandbox.backend(call)
    const { size, items, token } = PAGES[operation]
    const from = Number(input[token] ?? 0)
    const more = from + size < lists[operation].length
    return { [items]: lists[operation].slice(from, from + size), ...(more ? { [token]: String(from + size) } : {}) }
  }
}

/** The chain's own alarms and filters, and as many of others, each made after one of them; their log groups and topics go into the sandbox. */
async function listsOf(sandbox: Sandbox, size: number): Promise<Lists> {
  const { state } = sandbox
  const group = Object.values(state.logGroups)[0]
  const topic = Object.values(state.topics)[0]
  if (group === undefined || topic === undefined) throw new Error('init made no chain to go by')
  for (const at of numbers(TOPICS)) state.topics[arn('sns', `others-${at}`)] = { ...topic, name: `others-${at}` }
  for (const at of numbers(LOG_GROUPS)) {
    const name = `/others/${at}`
    state.logGroups[arn('logs', `log-group:${name}`)] = { ...group, name, filters: {}, events: [] }
  }
  const target = { profile: undefined, region: REGION, endpointUrl: undefined }
  const aws = await connectAws(target, { env: {}, backend: sandbox.backend })
  const alarms: MetricAlarm[] = []
  const filters: MetricFilter[] = []
  const [cloudwatch, logs] = [aws.client(CloudWatchClient), aws.client(CloudWatchLogsClient)]
  for await (const { MetricAlarms } of paginateDescribeAlarms({ client: cloudwatch }, {}))
    alarms.push(...(MetricAlarms ?? []))
  for await (const { metricFilters } of paginateDescribeMetricFilters({ client: logs }, {}))
    filters.push(...(metricFilters ?? []))
  const [alarm, filter] = [alarms[0], filters[0]]
  const others = numbers(size).map((at) => ({
    name: `others-${at}`,
    actions: [arn('sns', `others-${at % TOPICS}`)],
    group: `/others/${at % LOG_GROUPS}`,
  }))
  return {
    DescribeAlarms: [
      ...alarms,
      ...others.map(({ name, actions }) => ({
        ...alarm,
        AlarmName: name,
        AlarmArn: arn('cloudwatch', `alarm:${name}`),
        AlarmDescription: '',
        MetricName: name,
        AlarmActions: actions,
        OKActions: actions,
      })),
    ],
    DescribeMetricFilters: [
      ...filters,
      ...others.map(({ name, group }) => ({
        ...filter,
        filterName: name,
        logGroupName: group,
        metricTransformations: (filter?.metricTransformations ?? []).map((one) => ({ ...one, metricName: name })),
      })),
    ],
  }
}

function arn(service: string, name: string): string {
  return ['arn', 'aws', service, REGION, '123456789012', name].join(':')
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) => at)
}

const [, script, size] = process.argv
if (script === import.meta.filename) {
  if (size === undefined) await printed(doctorAtScale)
  else console.log(JSON.stringify(await runWith(Number(size))))
}
