/** Runs `doctor` in this process on an embedded AWS. */

import { connectAws } from '../../src/aws/session.ts'
import { doctor } from '../../src/commands/doctor/run.ts'
import type { CommandContext } from '../../src/context.ts'
import type { DoctorOptions } from '../../src/options/command-options.ts'
import type { Progress } from '../../src/ports.ts'
import { jsonPieces } from '../../src/ui/output.ts'
import { plainTheme } from '../../src/ui/theme.ts'
import type { Account } from '../support/tool.ts'

export interface Seen {
  readonly exit: number
  readonly json: {
    readonly healthy: boolean
    readonly region: string
    readonly summary: Readonly<Record<'pass' | 'warn' | 'fail' | 'skip', number>>
    readonly chains: readonly Readonly<Record<string, unknown>>[]
    readonly findings: readonly { readonly check: string; readonly status: string; readonly resource: string }[]
    readonly repairs?: readonly object[]
    readonly error?: { readonly code: string }
  }
  readonly text: string
  readonly files: Readonly<Record<string, string>>
  /** What was said on the way. */
  readonly said: readonly string[]
}

export async function doctorOn(
  account: Account,
  options: DoctorOptions = {},
  more: Partial<CommandContext> = {},
): Promise<Seen> {
  const { sandbox } = account
  const files: Record<string, string> = {}
  const said: string[] = []
  const report = await doctor(options, {
    env: {},
    clock: sandbox.clock,
    files: {
      read: async () => '',
      async *bytes() {},
      write: async (path, text) => {
        files[path] = [...text].join('')
      },
      append: async () => {},
    },
    signal: new AbortController().signal,
    prompter: undefined,
    progress: heard(said),
    connectAws: ({ region }) =>
      connectAws(
        { profile: undefined, region: region ?? 'us-east-1', endpointUrl: undefined },
        { env: {}, backend: sandbox.backend },
      ),
    ...more,
  })
  return {
    exit: report.exit,
    json: JSON.parse([...jsonPieces(report.json)].join('')) as Seen['json'],
    text: report.text(plainTheme(), 100),
    files,
    said,
  }
}

export function faultsOf({ json }: Seen): readonly string[] {
  return json.findings
    .filter(({ status }) => status === 'fail' || status === 'warn')
    .map(({ status, check }) => `${status} ${check}`)
}

function heard(said: string[]): Progress {
  const line = (text: string) => {
    said.push(text)
  }
  return {
    working: () => {},
    done: () => {},
    note: line,
    answered: () => {},
    show: (render) => line(render(plainTheme(), 80)),
    trace: () => {},
  }
}
