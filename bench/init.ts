/** `init` on a server 40 ms away: beside the longest chain of calls that wait for each other, and beside the AWS CLI. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { type Emulator, installed, startEmulator, whyNoEmulators } from '../test/emulators/servers.ts'
import { CREDENTIALS } from '../test/emulators/stage.ts'
import { builtTool } from '../test/package/built.ts'
import { criticalPath } from './critical-path.ts'
import { type FarServer, openFarServer } from './far-server.ts'
import { median, printed, type Section, seconds, times } from './report.ts'
import { type Call, firstCalls, shellScript } from './shell-script.ts'

const DELAY_MS = 40
const ROUNDS = 5
const PACK = 'cis-1.4'

export async function initAgainstTheLimit(): Promise<Section> {
  const why = await whyNoEmulators()
  if (why !== undefined) throw new Error(why)
  const tool = await builtTool()
  const moto = await startEmulator('moto')
  const far = await openFarServer(moto.endpoint, DELAY_MS)
  try {
    // A server that has just started loads each service at its first call.
    await life(tool, PACK, moto, far)
    const lives: Life[] = []
    for (let round = 0; round < ROUNDS; round += 1) lives.push(await life(tool, PACK, moto, far))
    const everything = await life(tool, 'all', moto, far)
    const calls = await firstCalls(PACK)
    const byHand = async (some: readonly Call[]) => {
      await moto.reset()
      return timed('bash', ['-c', shellScript(some)], far)
    }
    const scripts = { whole: await byHand(calls), writes: await byHand(calls.filter(({ readOnly }) => !readOnly)) }
    return section(lives, everything, scripts, calls)
  } finally {
    await far.close()
    await moto.stop()
  }
}

interface Run {
  /** Milliseconds. */
  readonly wall: number
  readonly calls: number
  /** Milliseconds that a call takes, as its caller sees it. */
  readonly latency: number
}

interface Life {
  readonly first: Run
  readonly second: Run
  readonly destroy: Run
}

/** An empty account, the chain made, looked at again, and removed. */
async function life(tool: string, pack: string, moto: Emulator, far: FarServer): Promise<Life> {
  await moto.reset()
  const run = (...args: readonly string[]) => timed(process.execPath, [tool, ...args, '--yes', '--json'], far)
  return {
    first: await run('init', '--detections', pack, '--integration-key', 'f00d'.repeat(8)),
    second: await run('init', '--detections', pack, '--integration-key', 'f00d'.repeat(8)),
    destroy: await run('destroy', '--delete-trail', '--delete-logs'),
  }
}

async function timed(program: string, args: readonly string[], far: FarServer): Promise<Run> {
  far.courses()
  const { PATH = '' } = process.env
  const env = {
    PATH: `${installed('')}:${PATH}`,
    ...CREDENTIALS,
    AWS_DEFAULT_REGION: CREDENTIALS.AWS_REGION,
    AWS_ENDPOINT_URL: far.endpoint,
    AWS_PAGER: '',
  }
  const started = performance.now()
  const child = spawn(program, args, { env, stdio: ['ignore', 'ignore', 'pipe'] })
  const [usageErrorOf, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')])
  const wall = performance.now() - started
  if (code !== 0) throw new Error(`${program} ended with ${code}\n${usageErrorOf}`)
  const courses = far.courses()
  return { wall, calls: courses.length, latency: median(courses.map(({ from, to }) => to - from)) }
}

function section(
  lives: readonly Life[],
  everything: Life,
  scripts: { readonly whole: Run; readonly writes: Run },
  calls: readonly Call[],
): Section {
  const wallOf = (which: keyof Life) => median(lives.map((one) => one[which].wall))
  const callsOf = (which: keyof Life) => median(lives.map((one) => one[which].calls))
  const latency = median(lives.map(({ first }) => first.latency))
  const limit = criticalPath(
    latency,
    calls.filter(({ readOnly }) => !readOnly),
  )
  const first = wallOf('first')
  return {
    title: 'init against the limit',
    about: `\`init --detections ${PACK}\` (15 detections) in an empty account: moto behind a proxy on loopback that holds each call for ${DELAY_MS} ms; median of ${ROUNDS} rounds. \`npm run bench:init\``,
    columns: ['', 'wall time', 'calls', 'compared', 'target'],
    rows: [
      ['first run', seconds(first), String(callsOf('first')), '', ''],
      [
        'the longest chain of calls that wait for each other',
        seconds(limit.milliseconds),
        String(limit.calls),
        times(first / limit.milliseconds),
        '≤ 1.25 ×',
      ],
      [
        'the same calls with the AWS CLI, one by one',
        seconds(scripts.whole.wall),
        String(scripts.whole.calls),
        times(scripts.whole.wall / first),
        '≥ 10 ×',
      ],
      [
        'the writes among them alone',
        seconds(scripts.writes.wall),
        String(scripts.writes.calls),
        times(scripts.writes.wall / first),
        '',
      ],
      ['second run', seconds(wallOf('second')), String(callsOf('second')), '', '≤ 20 calls'],
      [
        'second run with all 47 detections',
        seconds(everything.second.wall),
        String(everything.second.calls),
        '',
        `${callsOf('second')} calls`,
      ],
      ['destroy, trail and logs too', seconds(wallOf('destroy')), String(callsOf('destroy')), '', ''],
      ['first run with all 47 detections', seconds(everything.first.wall), String(everything.first.calls), '', ''],
    ],
    notes: [
      `A call takes ${latency.toFixed(0)} ms as the tool sees it. The longest chain: ${limit.words.join(', ')}. The start of the process, the planning, and all that a busy machine adds, count against the tool.`,
      `The script names nothing, chooses nothing and compares nothing; a command takes ${seconds(scripts.whole.wall / scripts.whole.calls)} from start to end. CloudTrail's rate sets a bound to the comparison, however quick the tool: at the limit itself it would be ${times(scripts.whole.wall / limit.milliseconds)}.`,
    ],
  }
}

if (process.argv[1] === import.meta.filename) await printed(initAgainstTheLimit)
