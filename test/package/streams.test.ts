import { spawn } from 'node:child_process'
import { mkdtempSync, openSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { builtTool } from './built.ts'

let tool = ''
beforeAll(async () => {
  tool = await builtTool()
}, 120_000)

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

interface Start {
  readonly home?: string
  readonly stdout?: 'full'
  readonly stderr?: 'full'
  onStderr?(text: string, kill: (signal: NodeJS.Signals) => void): void
}

function start(
  args: readonly string[],
  { home = mkdtempSync(join(tmpdir(), 'streams-')), ...more }: Start,
): Promise<Ended> {
  const full = () => openSync('/dev/full', 'w')
  const child = spawn(process.execPath, [tool, ...args], {
    env: { PATH: process.env.PATH, HOME: home, NO_COLOR: '1' },
    stdio: ['ignore', more.stdout ? full() : 'pipe', more.stderr ? full() : 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (data) => {
    stdout += data
  })
  child.stderr?.on('data', (data) => {
    stderr += data
    more.onStderr?.(stderr, (signal) => child.kill(signal))
  })
  return new Promise((done) => child.on('close', (code) => done({ code, stdout, stderr })))
}

const INIT = ['init', '--sandbox', '--yes', '--json', '--detections', 'root-account-usage']

describe('a full disk', { timeout: 60_000 }, () => {
  it.each([['--help'], ['detections', 'list'], ['detections', 'list', '--json']])(
    'behind stdout is one sentence: %s',
    async (...args) => {
      const ended = await start(args, { stdout: 'full' })
      expect(ended.stderr).toBe('the result could not be written to standard output (ENOSPC)\n')
      expect(ended.code).toBe(1)
    },
  )

  it('behind stderr does not end a run', async () => {
    const ended = await start(INIT, { stderr: 'full' })
    expect(ended.code).toBe(0)
    expect(JSON.parse(ended.stdout)).toMatchObject({ status: 'applied' })
  })
})

it('SIGHUP in the middle of init ends in its report, with what exists and how to go on', async () => {
  let sent = false
  const ended = await start(INIT, {
    onStderr(text, kill) {
      if (sent || !/topic .*created/.test(text)) return
      sent = true
      kill('SIGHUP')
    },
  })
  expect(ended.code).toBe(130)
  const report = JSON.parse(ended.stdout)
  expect(report.created.length).toBeGreaterThan(0)
  expect(report.next.length).toBeGreaterThan(0)
}, 60_000)

it('two runs on one sandbox file wait for each other, and both chains are there', async () => {
  const home = mkdtempSync(join(tmpdir(), 'streams-'))
  const [one, other] = await Promise.all([start(INIT, { home }), start([...INIT, '--name', 'second'], { home })])
  expect([one.code, other.code]).toEqual([0, 0])
  const doctor = await start(['doctor', '--sandbox', '--json'], { home })
  const names = JSON.parse(doctor.stdout).chains.map(({ alarm }: { alarm: string }) => alarm.split('-root')[0])
  expect(new Set(names)).toEqual(new Set(['cloudtrail-pd', 'second']))
}, 90_000)
