/** What a person would write with the AWS CLI: the calls of a first run, one command each. */

import type { AwsCall } from '../src/aws/backend.ts'
import { quoted } from '../src/next-command.ts'
import { openSandbox } from '../src/sandbox/sandbox.ts'
import { runTool } from '../test/support/tool.ts'

/** A call of a run, and whether it only looks. */
export interface Call extends AwsCall {
  readonly readOnly: boolean
}

/** The calls of a first run, in their order. What AWS refuses to write while IAM lags behind is left out, and so is the courtesy of asking it how it reads a pattern. */
export async function firstCalls(pack: string): Promise<readonly Call[]> {
  const sandbox = await openSandbox({ speed: 'instant', longestPage: 100 })
  const host = { backend: sandbox.backend, clock: sandbox.clock }
  const { exit, stderr } = await runTool(['init', '--yes', '--detections', pack, '--confirm-timeout', '0'], host)
  await sandbox.close()
  if (exit !== 0 && exit !== 5) throw new Error(stderr)
  return sandbox.calls.filter(
    ({ readOnly, operation, error }) => operation !== 'TestMetricFilter' && (readOnly || error === undefined),
  )
}

/** The script, for bash; the inputs are those that `init` sends. To look for what is not there yet is no failure. */
export function shellScript(calls: readonly Call[]): string {
  const lines = calls.map((call) => `${commandFor(call)} > /dev/null${call.readOnly ? ' 2>&1 || true' : ''}`)
  return ['set -e', ...lines].join('\n')
}

const SERVICES: Readonly<Record<string, string>> = { 'CloudWatch Logs': 'logs', S3: 's3api' }

function commandFor({ service, operation, input }: AwsCall): string {
  const words = [SERVICES[service] ?? service.toLowerCase(), operation.replace(/(?<=.)([A-Z])/g, '-$1').toLowerCase()]
  return `aws ${words.join(' ')} --cli-input-json ${quoted(JSON.stringify(input))}`
}
