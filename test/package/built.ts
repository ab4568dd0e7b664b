/** The tool as it ships: builds it when there is no build, or the sources are younger. */

import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Metafile } from 'esbuild'
import { locked } from './lock.ts'

const run = promisify(execFile)

export const ROOT = join(import.meta.dirname, '..', '..')
const BUILD_WITHIN_MS = 60_000
const LOCK = join(tmpdir(), `cloudtrail-pd-build-${createHash('sha256').update(ROOT).digest('hex').slice(0, 12)}`)
const METAFILE = `${LOCK}.metafile.json`

/** The path of the executable. Nobody may run it while it is being built, so every test asks here first. */
export async function builtTool(): Promise<string> {
  await locked(LOCK, BUILD_WITHIN_MS, async () => {
    if (await isFresh()) return
    const env = { ...process.env, BUILD_METAFILE: METAFILE }
    await run(process.execPath, ['scripts/build.js'], { cwd: ROOT, env })
  })
  return join(ROOT, 'bin', 'cloudtrail-pd.js')
}

/** What esbuild says of the build: which files it made of which modules, and what each of them imports. */
export async function builtMetafile(): Promise<Metafile> {
  await builtTool()
  return JSON.parse(await readFile(METAFILE, 'utf8'))
}

async function isFresh(): Promise<boolean> {
  // The last file that a build writes, and what it says of itself.
  const made = [join(ROOT, 'dist', 'LICENSES.txt'), METAFILE]
  const built = await Promise.all(made.map((file) => stat(file).catch(() => undefined)))
  const sources = await readdir(join(ROOT, 'src'), { recursive: true })
  const files = [
    'package.json',
    'scripts/build.js',
    'scripts/trimmings.js',
    ...sources.map((file) => join('src', file)),
  ]
  const ages = await Promise.all(files.map(async (file) => (await stat(join(ROOT, file))).mtimeMs))
  return Math.max(...ages) < Math.min(...built.map((file) => file?.mtimeMs ?? 0))
}
