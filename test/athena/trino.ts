/** A real Trino of one node on loopback: fetched once from Maven Central, started with the hive connector on local files. */

import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The release whose functions this is proven on; it asks for Java 24 or newer. */
const VERSION = '476'
const JAVA_FROM = 24
const CACHE = process.env.TRINO_CACHE || join(homedir(), '.cache', 'cloudtrail-pd', 'trino')
const HOME = join(CACHE, `trino-server-${VERSION}`)
const START_WITHIN_MS = 180_000

export interface Trino {
  /** Where its tables' files lie. */
  readonly lake: string
  query(sql: string): Promise<readonly (readonly unknown[])[]>
  stop(): Promise<void>
}

/** Why there is no Trino, or undefined where there can be one. With REQUIRE_TRINO=1 that is an error. */
export async function whyNoTrino(): Promise<string | undefined> {
  try {
    if ((await javaHome()) === undefined) throw new Error(`no Java ${JAVA_FROM} or newer`)
    await fetchTrino()
    return undefined
  } catch (error) {
    const why = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    if (process.env.REQUIRE_TRINO === '1') throw new Error(`REQUIRE_TRINO=1, and there is none: ${why}`)
    return why
  }
}

async function javaHome(): Promise<string | undefined> {
  const installed = '/usr/lib/jvm'
  const homes = existsSync(installed) ? (await readdir(installed)).map((name) => join(installed, name)) : []
  for (const home of [process.env.JAVA_HOME ?? '', ...homes]) {
    if (home === '' || !existsSync(join(home, 'bin', 'java'))) continue
    const { stderr } = await run(join(home, 'bin', 'java'), ['-version'])
    if (Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0) >= JAVA_FROM) return home
  }
  return undefined
}

/** Unpacked beside its place and moved there in one step, so that a run that was stopped leaves no half of it. */
async function fetchTrino(): Promise<void> {
  if (existsSync(HOME)) return
  await mkdir(CACHE, { recursive: true })
  const archive = join(CACHE, `trino-server-${VERSION}.tar.gz`)
  if (!existsSync(archive)) {
    const artifact = `-Dartifact=io.trino:trino-server:${VERSION}:tar.gz`
    await run('mvn', ['-q', '-B', 'dependency:copy', artifact, `-DoutputDirectory=${CACHE}`], { timeout: 600_000 })
  }
  const scratch = await mkdtemp(join(CACHE, 'unpack-'))
  await run('tar', ['xzf', archive, '-C', scratch], { timeout: 300_000 })
  await rename(join(scratch, `trino-server-${VERSION}`), HOME)
  await rm(scratch, { recursive: true })
}

export async function startTrino(): Promise<Trino> {
  const scratch = await mkdtemp(join(tmpdir(), 'cloudtrail-pd-trino-'))
  const port = await freePort()
  const lake = join(scratch, 'lake')
  await configure(scratch, lake, port)
  const java = (await javaHome()) ?? ''
  const env = { ...process.env, JAVA_HOME: java, PATH: `${join(java, 'bin')}:${process.env.PATH}` }
  const child = spawn(join(HOME, 'bin', 'launcher'), ['run', '--etc-dir', join(scratch, 'etc')], {
    stdio: 'ignore',
    env,
  })
  const url = `http://127.0.0.1:${port}`
  const stop = async () => {
    await ended(child)
    await rm(scratch, { recursive: true, force: true })
  }
  try {
    await answering(url, child)
  } catch (error) {
    await stop()
    throw error
  }
  return { lake, stop, query: (sql) => query(url, sql) }
}

async function configure(scratch: string, lake: string, port: number): Promise<void> {
  const plugins = join(scratch, 'plugins')
  const catalogs = join(scratch, 'etc', 'catalog')
  for (const folder of [plugins, catalogs, lake]) await mkdir(folder, { recursive: true })
  // All its plugins together take a minute to load.
  await symlink(join(HOME, 'plugin', 'hive'), join(plugins, 'hive'))
  const write = (name: string, lines: readonly string[]) =>
    writeFile(join(scratch, 'etc', name), `${lines.join('\n')}\n`)
  await write('node.properties', ['node.environment=test', 'node.id=one', `node.data-dir=${scratch}/data`])
  await write('jvm.config', ['-server', '-Xmx2G', '-XX:+UseG1GC'])
  await write('log.properties', ['io.trino=WARN'])
  await write('config.properties', [
    'coordinator=true',
    'node-scheduler.include-coordinator=true',
    `http-server.http.port=${port}`,
    `discovery.uri=http://127.0.0.1:${port}`,
    `plugin.dir=${plugins}`,
  ])
  await write('catalog/hive.properties', [
    'connector.name=hive',
    'hive.metastore=file',
    'hive.metastore.catalog.dir=local:///metastore',
    'fs.native-local.enabled=true',
    `local.location=${lake}`,
  ])
}

async function answering(url: string, child: ChildProcess): Promise<void> {
  for (const until = Date.now() + START_WITHIN_MS; Date.now() < until; ) {
    await sleep(500)
    if (child.exitCode !== null) throw new Error(`trino ended with ${child.exitCode}`)
    const ready = await fetch(`${url}/v1/info`).then(
      async (answer) => answer.ok && ((await answer.json()) as { starting: boolean }).starting === false,
      () => false,
    )
    if (ready) return
  }
  throw new Error(`trino did not start within ${START_WITHIN_MS / 1000} s`)
}

interface Answer {
  readonly nextUri?: string
  readonly data?: readonly (readonly unknown[])[]
  readonly error?: { readonly message: string }
}

/** Trino's client protocol: a statement is posted, and its answer comes page by page. */
async function query(url: string, sql: string, tries = 60): Promise<readonly (readonly unknown[])[]> {
  const headers = { 'X-Trino-User': 'test', 'X-Trino-Catalog': 'hive', 'X-Trino-Schema': 'logs' }
  let answer = (await (await fetch(`${url}/v1/statement`, { method: 'POST', body: sql, headers })).json()) as Answer
  const rows: (readonly unknown[])[] = []
  for (;;) {
    // On a busy machine the only worker is announced after the server answers, and may be lost for a moment.
    if (tries > 0 && answer.error?.message.startsWith('No nodes available')) {
      await new Promise((done) => setTimeout(done, 1_000))
      return query(url, sql, tries - 1)
    }
    if (answer.error !== undefined) throw new Error(`${answer.error.message}\n${sql.slice(0, 2_000)}`)
    rows.push(...(answer.data ?? []))
    if (answer.nextUri === undefined) return rows
    answer = (await (await fetch(answer.nextUri)).json()) as Answer
  }
}

/** The launcher puts the server into its own place, so one process ends it. */
function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
    setTimeout(() => child.kill('SIGKILL'), 20_000).unref()
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}
