import { describe, expect, it } from 'vitest'
import { init } from '../../../src/commands/init/run.ts'
import { SANDBOX_ROUTING_KEY } from '../../../src/sandbox/pagerduty/state.ts'
import { asked } from '../../support/asked.ts'
import { freshAccount } from '../../support/fresh-account.ts'
import { KEY } from '../../support/tool.ts'

const ONE = ['init', '--yes', '--json', '--detections', 'root-account-usage']
const MORE = [...ONE.slice(0, -1), 'root-account-usage,vpc-changes']
const ORCHESTRATION = ['--route', 'global-orchestration', '--integration-key', SANDBOX_ROUTING_KEY]
const SERVICE = ['--route', 'service', '--integration-key', KEY]
const OF_RULES = ['confirmed is not routed', 'resolving on OK is not promised', 'rule may open an incident for it']
const OF_A_SERVICE = ['set "Derive name from"', 'a service integration ignores it']
const NO_TOKEN = { env: { PAGERDUTY_TOKEN: '' } }

async function chainOn(key: readonly string[]) {
  const aws = await freshAccount()
  const made = await aws.runWithToken([...ONE, ...key], NO_TOKEN)
  expect(made.exit, made.stdout + made.stderr).toBe(0)
  return aws
}

describe('a destination that is kept is judged by its endpoint', () => {
  it.each([
    ['an orchestration', ORCHESTRATION, OF_RULES, OF_A_SERVICE],
    ['a service', SERVICE, OF_A_SERVICE, OF_RULES],
  ])('%s, without a key', async (_, key, told, untold) => {
    const aws = await chainOn(key)
    const again = await aws.runWithToken(MORE, NO_TOKEN)
    expect(again.exit, again.stdout + again.stderr).toBe(0)
    const notes = String(again.json().notes)
    for (const text of told) expect(notes).toContain(text)
    for (const text of untold) expect(notes).not.toContain(text)
  })

  it('in the wizard', async () => {
    const aws = await chainOn(ORCHESTRATION)
    const keep = { text: 'Keep the current destination' }
    const run = asked(
      aws,
      [
        ['Where should alerts go?', keep],
        ['Go ahead?', { text: 'Yes' }],
      ],
      '',
    )
    const detections = ['root-account-usage', 'vpc-changes']
    await init({ detections, hold: 5, trail: 'cloudtrail-pd' }, run.context)
    const shown = run.shown().replaceAll(/\s+/g, ' ')
    for (const text of OF_RULES) expect(shown).toContain(text)
    for (const text of OF_A_SERVICE) expect(shown).not.toContain(text)
  })
})
