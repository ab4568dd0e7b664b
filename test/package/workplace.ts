/** A folder of its own in which the built tool runs as a real process, with nothing of this process's environment. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, sep } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { builtTool, ROOT } from './built.ts'

type Variables = Readonly<Record<string, string>>

export interface Finished {
  readonly exit: number
  readonly stdout: string
  readonly stderr: string
}

export interface Workplace {
  readonly folder: string
  /** Makes every run write down which files it loads. */
  readonly recording: Variables
  /** Runs a command line with pipes; `input` is its standard input. */
  run(args: readonly string[], env?: Variables, input?: string | Uint8Array): Promise<Finished>
  /** The built files that recorded runs have loaded, as in `chunks/init-ABC.js`. */
  loaded(): ReadonlySet<string>
  remove(): void
}

/** `variables` are set in every run. */
export async function openWorkplace(variables: Variables = {}): Promise<Workplace> {
  const tool = await builtTool()
  const folder = mkdtempSync(join(tmpdir(), 'cloudtrail-pd-package-'))
  const records = join(folder, 'coverage')
  const { PATH = '' } = process.env
  const sandbox = { CLOUDTRAIL_PD_SANDBOX_FILE: join(folder, 'box.json') }
  // On a machine in EC2 there would be credentials.
  const base = { PATH, HOME: folder, ...sandbox, AWS_EC2_METADATA_DISABLED: 'true', ...variables }
  return {
    folder,
    recording: { NODE_V8_COVERAGE: records },
    async run(args, env = {}, input = '') {
      const child = spawn(process.execPath, [tool, ...args], { cwd: folder, env: { ...base, ...env } })
      child.stdin.on('error', () => {}).end(input)
      const [stdout, stderr, [exit]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
      return { exit, stdout, stderr }
    },
    loaded: () => new Set(readdirSync(records).flatMap((file) => builtFilesIn(join(records, file)))),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function builtFilesIn(record: string): readonly string[] {
  const dist = join(ROOT, 'dist') + sep
  const { result }: { result: readonly { url: string }[] } = JSON.parse(readFileSync(record, 'utf8'))
  const files = result.flatMap(({ url }) => (url.startsWith('file:') ? fileURLToPath(url) : []))
  return files.flatMap((file) => (file.startsWith(dist) ? file.slice(dist.length).replaceAll(sep, '/') : []))
}
