/** What a person would write with the AWS CLI: the writes of a first run, one command each. */

import type { AwsCall } from '../src/aws/backend.ts'
import { openSandbox } from '../src/sandbox/sandbox.ts'
import { runTool } from '../test/tool.ts'

/** The script, for bash; the inputs are those that `init` sends. */
export async function shellScript(pack: string): Promise<string> {
  const sandbox = await openSandbox({ speed: 'instant' })
  const host = { backend: sandbox.backend, clock: sandbox.clock }
  const { exit, stderr } = await runTool(['init', '--yes', '--detections', pack, '--confirm-timeout', '0'], host)
  await sandbox.close()
  if (exit !== 0 && exit !== 5) throw new Error(stderr)
  const writes = sandbox.calls.filter(({ readOnly, operation }) => !readOnly && operation !== 'TestMetricFilter')
  const lines = ['aws sts get-caller-identity', ...writes.map(commandFor)]
  return ['set -e', ...lines.map((line) => `${line} > /dev/null`)].join('\n')
}

const SERVICES: Readonly<Record<string, string>> = { 'CloudWatch Logs': 'logs', S3: 's3api' }

function commandFor({ service, operation, input }: AwsCall): string {
  const words = [SERVICES[service] ?? service.toLowerCase(), operation.replace(/(?<=.)([A-Z])/g, '-$1').toLowerCase()]
  return `aws ${words.join(' ')} --cli-input-json ${quoted(JSON.stringify(input))}`
}

function quoted(words: string): string {
  return `'${words.replaceAll("'", `'\\''`)}'`
}
