/** The threads of the built tool: what they find is the same as without them, and without them it is found too. */

import { spawn, spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
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
/** What the tool says of its first file. */
const COUNTING = 'events in 1 files'

/** The tool with another file for its threads. */
function copyOfTool(name: string, change: (file: string) => void): string {
  for (const part of ['bin', 'dist', 'package.json'])
    cpSync(join(ROOT, part), join(folder, name, part), { recursive: true })
  change(join(folder, name, 'dist', 'search.js'))
  return join(folder, name, 'bin', 'cloudtrail-pd.js')
}

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
