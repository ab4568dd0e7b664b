import { describe, expect, it } from 'vitest'
import type { InjectedFault } from '../../src/sandbox/aws/faults.ts'
import { SANDBOX_TOKEN } from '../../src/sandbox/pagerduty/state.ts'
import { freshAccount } from '../support/fresh-account.ts'
import { KEY } from '../support/tool.ts'

const URL = `https://events.pagerduty.com/integration/${KEY}/enqueue`
const ALARM = 'cloudtrail-pd-root-account-usage-123456789012-us-east-1'

/** AWS quotes what it refuses; here it quotes the secret. */
const QUOTING: readonly InjectedFault[] = ['Subscribe', 'ListSubscriptionsByTopic', 'GetSubscriptionAttributes'].map(
  (operation) => ({
    operation,
    every: true,
    kind: 'access-denied' as const,
    message: `Invalid parameter: Endpoint ${URL}`,
  }),
)

const COMMANDS = [
  ['init', '--yes', '--drill'],
  ['init', '--dry-run'],
  ['init', '--yes', '--integration-key', `${KEY}x`],
  ['init', '--yes', '--integration-url', `${URL}?a`],
  ['doctor'],
  ['doctor', '--report', 'doctor.md', '--junit', 'doctor.xml', '--html', 'doctor.html'],
  ['test', '--yes', '--via', 'alarm-state', '--alarm', ALARM],
  ['events', ALARM],
  ['destroy', '--yes'],
]

describe('no secret reaches any output', () => {
  it.each(COMMANDS)(
    'of %s %s, in text, JSON and --verbose, when all goes well and when AWS quotes the endpoint',
    async (...args) => {
      for (const faults of [[], QUOTING]) {
        for (const mode of [[], ['--json'], ['--verbose']]) {
          const aws = await freshAccount()
          if (args[0] !== 'init') await aws.run(['init', '--yes', '--drill'])
          aws.sandbox.restart(faults)
          const words = args.filter((word) => word !== undefined)
          const files: Record<string, string> = {}
          const env = { PAGERDUTY_TOKEN: SANDBOX_TOKEN }
          const { stdout, stderr } = await aws.run([...words, ...mode], { env, files })
          expect(stdout.length + stderr.length).toBeGreaterThan(0)
          expect(Object.keys(files).toSorted()).toEqual(words.filter((word) => word.startsWith('doctor.')).toSorted())
          for (const output of [stdout, stderr, ...Object.values(files)]) {
            expect(output).not.toContain(KEY)
            expect(output).not.toContain(SANDBOX_TOKEN)
          }
        }
      }
    },
  )
})
