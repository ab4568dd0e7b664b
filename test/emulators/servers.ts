/** Real servers on loopback: installs moto and MiniStack once into a virtual environment, starts one, stops it by process id. */

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { locked } from '../package/lock.ts'

const run = promisify(execFile)
const HERE = import.meta.dirname
const REQUIREMENTS = join(HERE, 'requirements.txt')

/** `EMULATORS_VENV` names an environment that is kept elsewhere, so that a second working copy need not install again. */
const VENV = process.env.EMULATORS_VENV || join(HERE, '.venv')
const STAMP = join(VENV, 'installed.txt')

/** pip downloads about 50 MB; a slow mirror needs minutes. */
const INSTALL_WITHIN_MS = 300_000
const START_WITHIN_MS = 60_000

export const EMULATORS = ['moto', 'ministack'] as const
export type EmulatorName = (typeof EMULATORS)[number]

export interface Emulator {
  readonly name: EmulatorName
  readonly endpoint: string
  /** The account that it plays. */
  readonly account: string
  /** Empties it. */
  reset(): Promise<void>
  stop(): Promise<void>
}

/** Why the emulators cannot be had, or undefined when they can. With REQUIRE_EMULATORS=1 that is an error. */
export async function whyNoEmulators(): Promise<string | undefined> {
  try {
    await install()
    return undefined
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error)
    if (process.env.REQUIRE_EMULATORS === '1') throw new Error(`REQUIRE_EMULATORS=1, and there are none: ${why}`)
    return `emulator tests are skipped: ${why}`
  }
}

/** A program of the virtual environment, such as `aws`. */
export function installed(program: string): string {
  return join(VENV, 'bin', program)
}

export async function startEmulator(name: EmulatorName): Promise<Emulator> {
  const { account, resetPath, environment, argumentsFor } = KINDS[name]
  const port = await freePort()
  const scratch = await mkdtemp(join(tmpdir(), `cloudtrail-pd-${name}-`))
  const env = { PATH: process.env.PATH, HOME: scratch, TMPDIR: scratch, ...environment(port, scratch) }
  const program = name === 'moto' ? 'moto_server' : 'ministack'
  const child = spawn(installed(program), argumentsFor(port), { stdio: 'ignore', env })
  // A test run that ends early must not leave a server behind.
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const endpoint = `http://127.0.0.1:${port}`
  await answering(endpoint, child)
  return {
    name,
    endpoint,
    account,
    async reset() {
      const { ok, status } = await fetch(`${endpoint}${resetPath}`, { method: 'POST' })
      if (!ok) throw new Error(`${name} answered its reset with ${status}`)
    },
    async stop() {
      process.removeListener('exit', kill)
      const gone = new Promise((resolve) => child.once('exit', resolve))
      if (child.exitCode === null && kill()) await gone
      await rm(scratch, { recursive: true, force: true })
    },
  }
}

interface ServerKind {
  readonly account: string
  readonly resetPath: string
  environment(port: number, scratch: string): NodeJS.ProcessEnv
  argumentsFor(port: number): readonly string[]
}

const KINDS: Readonly<Record<EmulatorName, ServerKind>> = {
  moto: {
    account: '123456789012',
    resetPath: '/moto-api/reset',
    environment: () => ({}),
    argumentsFor: (port) => ['-H', '127.0.0.1', '-p', String(port)],
  },
  ministack: {
    account: '000000000000',
    resetPath: '/_ministack/reset',
    environment: (port, scratch) => ({
      GATEWAY_PORT: String(port),
      BIND_HOST: '127.0.0.1',
      MINISTACK_HOST: '127.0.0.1',
      S3_DATA_DIR: join(scratch, 's3'),
      // Listeners on fixed ports (8883, 2222) that nothing here needs and a second server would fight over.
      IOT_MTLS_ENABLED: '0',
      SFTP_ENABLED: '0',
    }),
    argumentsFor: () => [],
  },
}

/** Several test files may ask at once: the first installs, the others wait for its stamp. */
async function install(): Promise<void> {
  const wanted = await readFile(REQUIREMENTS, 'utf8')
  const isThere = async () => existsSync(STAMP) && (await readFile(STAMP, 'utf8')) === wanted
  if (await isThere()) return
  await locked(`${VENV}.lock`, INSTALL_WITHIN_MS, async () => {
    if (await isThere()) return
    await run('python3', ['-m', 'venv', '--clear', VENV])
    await run(installed('pip'), [
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--retries',
      '1',
      '-r',
      REQUIREMENTS,
    ])
    await writeFile(STAMP, wanted)
  })
}

async function answering(endpoint: string, child: ChildProcess): Promise<void> {
  const until = Date.now() + START_WITHIN_MS
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`the emulator ended with code ${child.exitCode}`)
    try {
      await fetch(endpoint, { signal: AbortSignal.timeout(2_000) })
      return
    } catch {
      await sleep(100)
    }
  }
  child.kill('SIGKILL')
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
