import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Account, anAccount } from '../support/tool.ts'

let aws: Account

beforeAll(async () => {
  aws = await anAccount()
  await aws.run(['init', '--yes', '--drill'])
})

afterAll(() => aws.close())

const COMMANDS: readonly (readonly [string, readonly string[]])[] = [
  ['init', ['init', '--yes', '--drill']],
  ['init', ['init', '--dry-run', '--detections', 'all']],
  ['init', ['init']],
  ['init', ['init', '--yes', '--detections', 'nonsense']],
  ['doctor', ['doctor']],
  [
    'test',
    ['test', '--yes', '--via', 'alarm-state', '--alarm', 'cloudtrail-pd-root-account-usage-123456789012-us-east-1'],
  ],
  ['test', ['test', '--yes', '--alarm', 'missing']],
  ['events', ['events', 'missing']],
  ['detections list', ['detections', 'list']],
  ['detections show', ['detections', 'show', 'root-account-usage']],
  ['detections show', ['detections', 'show', 'nonsense']],
  ['destroy', ['destroy', '--yes']],
]

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
const CONTROL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/

describe('stdout is the result and nothing else', () => {
  it.each(COMMANDS)('%s: one JSON document, also on failure (%j)', async (command, args) => {
    const result = await aws.run([...args, '--json', '--verbose'])
    expect(result.json()).toMatchObject({ schemaVersion: 1, command })
    // A drill and a diagnosis that end badly are results; every other failure names its error.
    const judged = 'verdict' in result.json() || 'healthy' in result.json()
    if (result.exit !== 0 && !judged) expect(result.json()).toHaveProperty('error.code')
  })

  it.each(COMMANDS)('%s: no control character reaches a pipe (%j)', async (_command, args) => {
    const { stdout, stderr } = await aws.run([...args, '--verbose'])
    expect(stdout).not.toMatch(CONTROL)
    expect(stderr).not.toMatch(CONTROL)
  })
})
