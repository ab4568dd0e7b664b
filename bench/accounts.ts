/** Calls, time and memory of `doctor --accounts --all-regions` on an organization of 300 accounts with 17 enabled regions each. */

import { execFileSync } from 'node:child_process'
import { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { type AwsBackend, awsFault } from '../src/aws/backend.ts'
import { organizationBackend } from '../src/sandbox/organization.ts'
import { openSandbox } from '../src/sandbox/sandbox.ts'
import { runTool } from '../test/support/tool.ts'
import { printed, type Section, seconds } from './report.ts'

const SIZES = [30, 300] as const
/** Each call is held for so long, as far away as AWS is. */
const CALL_MS = 50
/** Node's heap, MiB; with more it would put off collecting. */
const HEAP = 512
/** Members that let no role in. */
const CLOSED = 3
const MANAGEMENT = '123456789012'

/** Enabled in every account from the start (AWS account management guide). */
const ENABLED = new Set([
  ...['us-east-1', 'us-east-2', 'us-west-1', 'us-west-2', 'ca-central-1', 'sa-east-1', 'eu-central-1', 'eu-north-1'],
  ...['eu-west-1', 'eu-west-2', 'eu-west-3', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3', 'ap-south-1'],
  ...['ap-southeast-1', 'ap-southeast-2'],
])

export async function doctorOfOrganization(): Promise<Section> {
  const runs = SIZES.map((size) => ({ size, ...inOwnProcess(size) }))
  return {
    title: 'doctor of an organization',
    about: `\`doctor --accounts ROLE --all-regions --json\` in the sandbox: every other account has a chain of 15 detections, the rest none, ${CLOSED} let no role in; ${ENABLED.size} regions are enabled, the others refuse the credentials as AWS does. Every call is held for ${CALL_MS} ms. Memory is the highest resident set of the process, whose heap is limited to ${HEAP} MiB, with the sandbox and the compiler of the bench inside. \`npm run bench:accounts\``,
    columns: ['accounts', 'places with an answer', 'calls', 'most at a time', 'memory', 'wall time'],
    rows: runs.map(({ size, places, calls, widest, memory, wall }) => [
      ...[size, places, calls, widest].map((count) => count.toLocaleString('en-US')),
      `${Math.round(memory / 1024)} MiB`,
      seconds(wall),
    ]),
  }
}

interface Run {
  readonly places: number
  readonly calls: number
  readonly widest: number
  /** KiB. */
  readonly memory: number
  /** Milliseconds. */
  readonly wall: number
}

function inOwnProcess(size: number): Run {
  const args = [`--max-old-space-size=${HEAP}`, '--import', 'tsx', '--no-warnings', import.meta.filename, String(size)]
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] }))
}

async function runWith(size: number): Promise<Run> {
  const [management, withChain, empty] = await Promise.all([aSandbox(), aSandbox(), aSandbox()])
  for (const { backend, clock } of [management, withChain]) {
    await runTool(['init', '--yes', '--detections', 'cis-1.4', '--confirm-timeout', '0'], { backend, clock })
  }
  const members = Array.from({ length: size - 1 }, (_, at) => String(200_000_000_000 + at))
  management.state.organization = {
    id: 'o-a1b2c3d4e5',
    managementAccount: MANAGEMENT,
    accounts: [MANAGEMENT, ...members],
  }
  const answers = organizationBackend(management.backend, (account) => {
    const at = Number(account) - 200_000_000_000
    if (at < CLOSED) return undefined
    return at % 2 === 0 ? withChain.backend : empty.backend
  })
  const places = new Set<string>()
  let [calls, open, widest] = [0, 0, 0]
  const backend: AwsBackend = async (call) => {
    calls += 1
    open += 1
    widest = Math.max(widest, open)
    try {
      await sleep(CALL_MS)
      if (!ENABLED.has(call.region)) throw awsFault('UnrecognizedClientException', 'The token is invalid.', 403)
      places.add(`${call.accessKeyId} ${call.region}`)
      return await answers(call)
    } finally {
      open -= 1
    }
  }
  const started = performance.now()
  const stdout = new Writable({ write: (_chunk, _encoding, done) => done() })
  const command = ['doctor', '--accounts', 'Audit', '--all-regions', '--json']
  const { exit, stderr } = await runTool(command, { backend, clock: management.clock, stdout })
  const wall = performance.now() - started
  if (exit !== 0 && exit !== 4) throw new Error(stderr)
  await Promise.all([management, withChain, empty].map((one) => one.close()))
  return { places: places.size, calls, widest, memory: process.resourceUsage().maxRSS, wall }
}

function aSandbox() {
  return openSandbox({ speed: 'instant', longestPage: 100 })
}

const [, script, size] = process.argv
if (script === import.meta.filename) {
  if (size === undefined) await printed(doctorOfOrganization)
  else console.log(JSON.stringify(await runWith(Number(size))))
}
