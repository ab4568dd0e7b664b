/** Calls and memory of `doctor` on accounts of growing size: a sandbox that holds as many alarms as a large account. */

import { execFileSync } from 'node:child_process'
import { Writable } from 'node:stream'
import { arn } from '../src/sandbox/aws/context.ts'
import type { AlarmState, FilterState, SandboxState } from '../src/sandbox/aws/state.ts'
import { openSandbox } from '../src/sandbox/sandbox.ts'
import { runTool } from '../test/support/tool.ts'
import { printed, type Section, seconds } from './report.ts'

/** What the alarms of others are for: something else, as nearly all are, or, at worst, every one a chain to PagerDuty. */
const KINDS = ['something else', 'chains'] as const
type Kind = (typeof KINDS)[number]

const SIZES = [100, 1_000, 10_000] as const
/** Over these the alarms are spread. */
const LOG_GROUPS = 500
const TOPICS = 200
const REGION = 'us-east-1'

export async function doctorAtScale(): Promise<Section> {
  const cases = [{ size: 0, kind: KINDS[0] }, ...KINDS.flatMap((kind) => SIZES.map((size) => ({ size, kind })))]
  const runs = cases.map((one) => ({ ...one, ...inOwnProcess(one.size, one.kind) }))
  const least = runs[0]?.memory ?? 0
  return {
    title: 'doctor at scale',
    about: `One chain of 15 detections made by \`init\` in the sandbox, and beside it alarms of others, over ${LOG_GROUPS} log groups and ${TOPICS} topics, each alarm with a metric filter of its own. Lists come in pages as long as those of AWS. Memory is the highest resident set of the process, with the sandbox, its account and the compiler of the bench inside. \`npm run bench:doctor\``,
    columns: [
      'alarms of others',
      'for',
      'calls',
      'pages',
      'for topics',
      'for log groups',
      'rest',
      'memory',
      'more',
      'wall time',
    ],
    rows: runs.map(({ size, kind, calls, pages, topics, groups, memory, wall }) => [
      size.toLocaleString('en-US'),
      size === 0 ? '' : kind,
      ...[calls, pages, topics, groups, calls - pages - topics - groups].map((count) => count.toLocaleString('en-US')),
      mebibytes(memory),
      size === 0 ? '' : mebibytes(memory - least),
      seconds(wall),
    ]),
    notes: [
      'Each topic on the way of a chain takes two calls and one for each subscription, each log group two, however many alarms share them; the rest is a constant, and alarms and filters are never asked for one by one.',
      'What is held is the facts. Findings are made while they are written, and made again for the next reader.',
      'The peak is what V8 takes where there is room, and differs by a tenth from run to run: with `--max-old-space-size=250` the largest account fits into 305 MiB and takes as long.',
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

function inOwnProcess(size: number, kind: Kind): Run {
  const args = ['--import', 'tsx', '--no-warnings', import.meta.filename, String(size), kind]
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }))
}

async function runWith(size: number, kind: Kind): Promise<Run> {
  const sandbox = await openSandbox({ speed: 'instant', longestPage: 100 })
  const host = { backend: sandbox.backend, clock: sandbox.clock }
  await runTool(['init', '--yes', '--detections', 'cis-1.4', '--confirm-timeout', '0'], host)
  fill(sandbox.state, size, kind)
  const before = sandbox.calls.length
  const started = performance.now()
  const { exit, stderr } = await runTool(['doctor', '--json'], { ...host, stdout: nowhere() })
  const wall = performance.now() - started
  if (exit !== 0 && exit !== 4) throw new Error(stderr)
  const calls = sandbox.calls.slice(before).map(({ operation }) => operation)
  const count = (...names: readonly string[]) => calls.filter((call) => names.includes(call)).length
  await sandbox.close()
  return {
    calls: calls.length,
    pages: count('DescribeAlarms', 'DescribeMetricFilters'),
    topics: count('GetTopicAttributes', 'ListSubscriptionsByTopic', 'GetSubscriptionAttributes'),
    groups: count('DescribeLogGroups', 'GetTransformer'),
    memory: process.resourceUsage().maxRSS,
    wall,
  }
}

/** Puts alarms of others into the account, each with its filter, log group and topic, made after those of the chain. */
function fill(state: SandboxState, size: number, kind: Kind): void {
  const group = Object.values(state.logGroups)[0]
  const topic = Object.values(state.topics)[0]
  const subscription = Object.values(state.subscriptions)[0]
  const alarms = Object.values(state.alarms)
  const filters = Object.values(group?.filters ?? {})
  if (group === undefined || topic === undefined || subscription === undefined)
    throw new Error('init made no chain to go by')
  for (const at of numbers(LOG_GROUPS)) {
    const name = `/others/${at}`
    state.logGroups[arn('logs', REGION, `log-group:${name}`)] = { ...group, name, filters: {}, events: [] }
  }
  for (const at of numbers(TOPICS)) {
    const topicArn = arn('sns', REGION, `others-${at}`)
    const told = kind === 'chains' ? {} : { protocol: 'email', endpoint: `team-${at}@example.com` }
    state.topics[topicArn] = { ...topic, name: `others-${at}` }
    state.subscriptions[`${topicArn}:1`] = { ...subscription, ...told, arn: `${topicArn}:1`, topicArn, confirmed: true }
  }
  for (const at of numbers(size)) {
    const name = `others-${at}`
    const [filter, alarm] = [filters[at % filters.length], alarms[at % alarms.length]]
    const home = state.logGroups[arn('logs', REGION, `log-group:/others/${at % LOG_GROUPS}`)]
    if (filter === undefined || alarm === undefined || home === undefined) continue
    const pattern = kind === 'chains' ? filter.pattern : '{ $.level = "ERROR" }'
    home.filters[name] = { ...filter, ...metricOf(name), name, pattern }
    state.alarms[arn('cloudwatch', REGION, `alarm:${name}`)] = otherAlarm(alarm, name, `others-${at % TOPICS}`)
  }
}

function otherAlarm(alarm: AlarmState, name: string, topic: string): AlarmState {
  const actions = [arn('sns', REGION, topic)]
  return { ...alarm, ...metricOf(name), name, description: null, alarmActions: actions, okActions: actions, tags: {} }
}

function metricOf(name: string): Pick<FilterState, 'namespace' | 'metricName'> {
  return { namespace: 'Others', metricName: name }
}

/** A document of a hundred megabytes is read by somebody else, and must not count as memory of the tool. */
function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() })
}

function mebibytes(kibibytes: number): string {
  return `${Math.round(kibibytes / 1024)} MiB`
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) => at)
}

const [, script, size, kind] = process.argv
if (script === import.meta.filename) {
  if (size === undefined) await printed(doctorAtScale)
  else console.log(JSON.stringify(await runWith(Number(size), kind as Kind)))
}
