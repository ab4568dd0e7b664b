/** `npm run accept` as a process of its own, with nothing of this process's environment. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { builtTool, ROOT } from '../package/built.ts'

type Variables = Readonly<Record<string, string | undefined>>

/** As much of the report as tests look at. */
export interface Report {
  readonly target: string
  readonly steps: readonly { readonly step: string; readonly status: string; readonly why?: string }[]
  readonly delays: readonly { readonly delay: string; readonly seconds: number }[]
  readonly assumptions: readonly { readonly assumption: string; readonly result: string; readonly detail: string }[]
  readonly left: readonly { readonly resource: string; readonly remove?: string }[]
}

export interface AcceptProcess {
  readonly exit: number | null
  readonly stdout: string
  readonly stderr: string
  /** The text of the report; empty where there is none. */
  readonly written: string
  report(): Report
}

export interface AcceptProcessOptions {
  readonly env?: Variables
  /** Called with each line of stderr, and with what sends a signal to the whole group, as a terminal does. */
  readonly heard?: (line: string, signal: (name: 'SIGINT' | 'SIGTERM' | 'SIGHUP') => void) => void
  /** By npm, as a person does; else by Node alone. */
  readonly npm?: boolean
}

export async function acceptProcess(
  args: readonly string[],
  { env = {}, heard, npm = false }: AcceptProcessOptions = {},
): Promise<AcceptProcess> {
  await builtTool()
  const folder = mkdtempSync(join(tmpdir(), 'cloudtrail-pd-accept-'))
  const out = join(folder, 'acceptance.json')
  const { PATH } = process.env
  const base = {
    PATH,
    HOME: folder,
    CLOUDTRAIL_PD_SANDBOX_FILE: join(folder, 'box.json'),
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  const [program, first] = npm
    ? (['npm', ['run', '--silent', 'accept', '--']] as const)
    : ([process.execPath, ['--import', 'tsx', 'accept/main.ts']] as const)
  try {
    const child = spawn(program, [...first, ...args, '--out', out], {
      cwd: ROOT,
      env: { ...base, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    const lines: string[] = []
    createInterface({ input: child.stderr }).on('line', (line) => {
      lines.push(line)
      heard?.(line, (name) => process.kill(-(child.pid ?? 0), name))
    })
    const [stdout, [exit]] = await Promise.all([text(child.stdout), once(child, 'close')])
    const written = textOf(out)
    return { exit, stdout, stderr: lines.join('\n'), written, report: () => JSON.parse(written) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
