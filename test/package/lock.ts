/** Work that only one of several test processes may do at a time: a build, an installation. */

import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** A process that made the folder has long written its number after this many milliseconds. */
const HALF_MADE_MS = 10_000

/** Waits for the lock, which is `folder`, works, and gives it back. A lock whose owner is gone counts as free. */
export async function locked<T>(folder: string, withinMs: number, work: () => Promise<T>): Promise<T> {
  const until = Date.now() + withinMs
  while (!(await taken(folder))) {
    if (await isOrphan(folder)) await rm(folder, { recursive: true, force: true })
    else await sleep(200)
    if (Date.now() > until) throw new Error(`${folder} was locked for too long; if nothing is running, delete it`)
  }
  try {
    return await work()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function taken(folder: string): Promise<boolean> {
  try {
    await mkdir(folder)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  }
  await writeFile(join(folder, 'pid'), String(process.pid))
  return true
}

async function isOrphan(folder: string): Promise<boolean> {
  const pid = Number(await readFile(join(folder, 'pid'), 'utf8').catch(() => '0'))
  if (pid === 0) {
    const made = await stat(folder).catch(() => undefined)
    return made !== undefined && Date.now() - made.mtimeMs > HALF_MADE_MS
  }
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return codeOf(error) === 'ESRCH'
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
