/** The threads of the built tool: what they find is the same as without them, and without them it is found too. */

import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { appendFileSync, cpSync, linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { writeArchive } from '../backtest/archive-files.ts'
import { builtTool, ROOT } from './built.ts'

let folder = ''
let tool = ''

beforeAll(async () => {
  tool = await builtTool()
  folder = mkdtempSync(join(tmpdir(), 'cloudtrail-pd-threads-'))
  writeArchive(join(folder, 'logs'), Date.UTC(2026, 0, 5))
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

function backtest(path: string, onCounting: (kill: (signal: NodeJS.Signals) => void) => void = () => {}) {
  const words = ['backtest', join(folder, 'logs'), '--since', '2026-01-05', '--until', '2026-01-16', '--json']
  const child = spawn(process.execPath, [path, ...words, '--detections', 'all'], {
    env: { PATH: process.env.PATH, HOME: folder, NO_COLOR: '1', NODE_DEBUG: 'worker' },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (data) => {
    stdout += data
  })
  child.stderr.on('data', (data) => {
    if (!stderr.includes(COUNTING) && `${stderr}${data}`.includes(COUNTING)) onCounting((signal) => child.kill(signal))
    stderr += data
  })
  return new Promise<Ended>((done) => child.on('close', (code) => done({ code, stdout, stderr })))
}

/** What Node says of every thread that is made. */
const STARTED = 'create new worker'
/** What the tool says before its first file. */
const COUNTING = ' reading'

/** The tool with another file for its threads. */
function copyOfTool(name: string, change: (file: string) => void): string {
  for (const part of ['bin', 'dist', 'package.json'])
    cpSync(join(ROOT, part), join(folder, name, part), { recursive: true })
  change(join(folder, name, 'dist', 'search.js'))
  return join(folder, name, 'bin', 'cloudtrail-pd.js')
}

/** Writes a file of 4 MB and gives it `files` names in a folder; stored it is too large to be unzipped on the spot. */
function writeLogs(name: string, files: number): string {
  const logs = join(folder, name)
  mkdirSync(logs)
  const records = Array.from({ length: 3_000 }, (_, at) => {
    const digest = createHash('sha256').update(String(at)).digest('hex')
    return JSON.stringify({ ...RECORD, eventID: digest, note: `${digest}${'x'.repeat(1_000)}` })
  })
  const first = join(logs, '0.json.gz')
  writeFileSync(first, gzipSync(`{"Records":[${records.join(',')}]}`))
  for (let at = 1; at < files; at += 1) linkSync(first, join(logs, `${at}.json.gz`))
  return logs
}

/** In the order in which CloudTrail writes them. */
const RECORD = {
  eventVersion: '1.11',
  userIdentity: { type: 'AWSService', invokedBy: 'cloudtrail.amazonaws.com' },
  eventTime: '2026-01-05T10:00:00Z',
  eventSource: 'cloudtrail.amazonaws.com',
  eventName: 'DescribeTrails',
}

/** The most memory that a backtest held, in MB; the peak that Linux tells of a process itself begins with that of its parent. */
function peakOf(logs: string): number {
  const words = ['backtest', logs, '--since', '2026-01-05', '--until', '2026-01-06', '--detections', 'all', '--json']
  const found = join(folder, 'peak')
  const tell = join(folder, 'tell.cjs')
  writeFileSync(
    tell,
    `const fs = require('node:fs')
    process.on('exit', () => {
      const status = process.platform === 'linux' ? fs.readFileSync('/proc/self/status', 'utf8') : ''
      const peak = /VmHWM:\\s+(\\d+)/.exec(status)?.[1] ?? process.resourceUsage().maxRSS
      fs.writeFileSync(${JSON.stringify(found)}, String(peak))
    })`,
  )
  const run = spawnSync(process.execPath, ['--require', tell, tool, ...words], { encoding: 'utf8' })
  expect(run.status, run.stderr).toBe(0)
  expect(JSON.parse(run.stdout)).toMatchObject({ events: 3_000, skippedFiles: [] })
  return Number(readFileSync(found, 'utf8')) / 1024
}

/** What an archive four times as large may add: the duplicates that are remembered, and what the engine compiles. */
const MORE_MB = 36

describe('the memory of the built tool', { timeout: 120_000 }, () => {
  it('is that of the files at hand, however many there are', () => {
    // When the collector runs is chance; what is kept shows in every run.
    const [small, large] = [writeLogs('small', 24), writeLogs('large', 96)].map((logs) =>
      Math.min(peakOf(logs), peakOf(logs), peakOf(logs)),
    )
    expect(large, `${small} MB with a quarter of the files`).toBeLessThan((small ?? 0) + MORE_MB)
    expect(large).toBeLessThan(250)
  })
})

describe('the threads of the built tool', { timeout: 120_000 }, () => {
  it('change nothing of the result, whether they work, cannot start, or end in the middle', async () => {
    const whole = await backtest(tool)
    expect(whole.code, whole.stderr).toBe(0)
    expect(whole.stderr.split(STARTED).length - 1).toBe(availableParallelism() > 1 ? 1 : 0)
    expect(JSON.parse(whole.stdout).events).toBeGreaterThan(2_000)
    const cannotStart = copyOfTool('broken', (file) => writeFileSync(file, 'throw new Error("no thread today")'))
    const ends = copyOfTool('ending', (file) =>
      appendFileSync(
        file,
        ';import{parentPort as port}from"node:worker_threads";let asked=0;port.on("message",()=>{asked+=1;if(asked===3)process.exit(1)})',
      ),
    )
    for (const path of [cannotStart, ends]) {
      const { code, stdout } = await backtest(path)
      expect(code).toBe(0)
      expect(stdout).toBe(whole.stdout)
    }
  })

  it('change nothing of it either where the environment has a say, and the program may need all of itself', async () => {
    const words = ['backtest', join(folder, 'logs'), '--since', '2026-01-05', '--until', '2026-01-16', '--json']
    const run = (variables: NodeJS.ProcessEnv, ...more: readonly string[]) =>
      spawnSync(process.execPath, [tool, ...words, ...more], { encoding: 'utf8', env: { HOME: folder, ...variables } })
    const page = join(folder, 'report.html')
    const alone = run({}, '--html', page)
    expect(alone.status, alone.stderr).toBe(0)
    expect(readFileSync(page, 'utf8')).toContain('root-account-usage')
    for (const variables of [{ CLOUDTRAIL_PD_PLAIN: '1' }, { CLOUDTRAIL_PD_SANDBOX: '1' }])
      expect(run(variables).stdout).toBe(alone.stdout)
    expect(run({ CLOUDTRAIL_PD_LOOKUP: '1' }).status).toBe(2)
  })

  it('end with the run when it is interrupted', async () => {
    if (availableParallelism() === 1) return
    const { code, stdout } = await backtest(tool, (kill) => kill('SIGINT'))
    expect(code).toBe(130)
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'interrupted' } })
  })
})
