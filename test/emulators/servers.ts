/** Real servers on loopback: installs moto and MiniStack once into a virtual environment, starts one, stops it by process id. */

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)
const HERE = import.meta.dirname
const VENV = join(HERE, '.venv')
const STAMP = join(VENV, 'installed.txt')

export const EMULATORS = ['moto', 'ministack'] as const
export type EmulatorName = (typeof EMULATORS)[number]

export interface Emulator {
  readonly name: EmulatorName
  readonly endpoint: string
  readonly account: string
  stop(): Promise<void>
}

/** Why the emulators cannot be had, or undefined when they can. With REQUIRE_EMULATORS=1 that is an error. */
export async function whyNoEmulators(): Promise<string | undefined> {
  try {
    await install()
    return undefined
  } catch (error) {
    const why = `emulator tests are skipped: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`
    if (process.env.REQUIRE_EMULATORS === '1') throw new Error(why)
    process.stderr.write(`${why}\n`)
    return why
  }
}

export async function startEmulator(name: EmulatorName): Promise<Emulator> {
  const port = await freePort()
  const scratch = await mkdtemp(join(tmpdir(), `cloudtrail-pd-${name}-`))
  const child = name === 'moto' ? startMoto(port) : startMiniStack(port, scratch)
  const endpoint = `http://127.0.0.1:${port}`
  await answering(endpoint, child)
  return {
    name,
    endpoint,
    account: name === 'moto' ? '123456789012' : '000000000000',
    async stop() {
      child.kill('SIGKILL')
      await rm(scratch, { recursive: true, force: true })
    },
  }
}

function startMoto(port: number): ChildProcess {
  return spawn(join(VENV, 'bin', 'moto_server'), ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' })
}

function startMiniStack(port: number, scratch: string): ChildProcess {
  const env = {
    ...process.env,
    GATEWAY_PORT: String(port),
    BIND_HOST: '127.0.0.1',
    TMPDIR: scratch,
    S3_DATA_DIR: scratch,
  }
  return spawn(join(VENV, 'bin', 'ministack'), [], { stdio: 'ignore', env })
}

/** Several test files may ask at once; the one that makes the lock installs, the others wait for its stamp. */
async function install(): Promise<void> {
  const wanted = await readFile(join(HERE, 'requirements.txt'), 'utf8')
  const lock = `${VENV}.lock`
  for (let tries = 0; tries < 600; tries += 1) {
    if (existsSync(STAMP) && (await readFile(STAMP, 'utf8')) === wanted) return
    if (await mine(lock)) {
      try {
        await run('python3', ['-m', 'venv', '--clear', VENV])
        await run(join(VENV, 'bin', 'pip'), [
          'install',
          '--quiet',
          '--disable-pip-version-check',
          '-r',
          join(HERE, 'requirements.txt'),
        ])
        await writeFile(STAMP, wanted)
      } finally {
        await rm(lock, { recursive: true, force: true })
      }
      return
    }
    await sleep(500)
  }
  throw new Error('another run has been installing the emulators for five minutes')
}

async function mine(lock: string): Promise<boolean> {
  try {
    await mkdir(lock)
    return true
  } catch {
    return false
  }
}

async function answering(endpoint: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 240; tries += 1) {
    if (child.exitCode !== null) throw new Error(`the emulator ended with code ${child.exitCode}`)
    try {
      await fetch(endpoint, { signal: AbortSignal.timeout(2_000) })
      return
    } catch {
      await sleep(250)
    }
  }
  throw new Error('the emulator did not answer within 60 s')
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        typeof address === 'object' && address !== null ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
