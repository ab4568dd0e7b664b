/** The tool as it ships: builds it when there is no build, or the sources are younger. */

import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { locked } from './lock.ts'

const run = promisify(execFile)

export const ROOT = join(import.meta.dirname, '..', '..')
const BUILD_WITHIN_MS = 60_000
const LOCK = join(tmpdir(), `cloudtrail-pd-build-${createHash('sha256').update(ROOT).digest('hex').slice(0, 12)}`)

/** The path of the executable. Nobody may run it while it is being built, so every test asks here first. */
export async function builtTool(): Promise<string> {
  await locked(LOCK, BUILD_WITHIN_MS, async () => {
    if (!(await isFresh())) await run(process.execPath, ['scripts/build.js'], { cwd: ROOT })
  })
  return join(ROOT, 'bin', 'cloudtrail-pd.js')
}

async function isFresh(): Promise<boolean> {
  // The last file that a build writes.
  const built = await stat(join(ROOT, 'dist', 'LICENSES.txt')).catch(() => undefined)
  if (built === undefined) return false
  const sources = await readdir(join(ROOT, 'src'), { recursive: true })
  const files = [
    'package.json',
    'scripts/build.js',
    'scripts/trimmings.js',
    ...sources.map((file) => join('src', file)),
  ]
  const ages = await Promise.all(files.map(async (file) => (await stat(join(ROOT, file))).mtimeMs))
  return Math.max(...ages) < built.mtimeMs
}
