import { describe, expect, it } from 'vitest'
import { init } from '../../../src/commands/init/run.ts'
import { detectionById } from '../../../src/detections/select.ts'
import type { InitOptions } from '../../../src/options/command-options.ts'
import type { Prompter } from '../../../src/ports.ts'
import { asked } from '../../support/asked.ts'
import { freshAccount } from '../../support/fresh-account.ts'
import type { Step } from '../../support/scripted-prompter.ts'
import { KEY } from '../../support/tool.ts'

const GO: Step = ['Go ahead?', { text: 'Yes' }]

/** An account whose trail already writes to a log group with a root event on each of the last nine days. */
async function accountWithPast() {
  const account = await freshAccount()
  await account.run(['init', '--yes', '--name', 'before', '--confirm-timeout', '0'])
  await account.sandbox.clock.sleep(10 * 86_400_000)
  const [group] = Object.values(account.sandbox.state.logGroups)
  if (group === undefined) throw new Error('no log group')
  const now = account.sandbox.clock.now().getTime()
  for (let day = 1; day < 10; day += 1) {
    const message = JSON.stringify({ ...detectionById('root-account-usage').ownEvents[0], eventID: `past-${day}` })
    group.events.push({ id: `past-${day}`, stream: 'past', at: now - day * 86_400_000, message })
  }
  return account
}

describe('the wizard, where a log group holds the past', () => {
  it('offers to check the detections against it, and shows pages a week beside each', async () => {
    const account = await accountWithPast()
    const steps: readonly Step[] = [
      ['Check the detections against the last 14 days', true],
      ['Which detections should page?', 'enter'],
      GO,
    ]
    const options: InitOptions = {
      route: 'service',
      hold: 5,
      trail: 'before',
      integrationKey: KEY,
    }
    const run = asked(account, steps)
    const { prompter } = run.context
    if (prompter === undefined) throw new Error('nobody to ask')
    const names: string[] = []
    const watched: Prompter = {
      ...prompter,
      checkbox(question) {
        names.push(...question.choices.map(({ name }) => name))
        return prompter.checkbox(question)
      },
    }
    const report = await init(options, { ...run.context, prompter: watched })
    run.played.finish()
    expect(report.exit).toBe(0)
    expect(names.find((name) => name.startsWith('root-account-usage'))).toMatch(/ [4-9]\.\d pages a week$/)
    expect(names.find((name) => name.startsWith('vpc-changes'))).toMatch(/ 0\.0 pages a week$/)
  })

  it('goes on without it where the person does not want to wait', async () => {
    const account = await accountWithPast()
    const steps: readonly Step[] = [
      ['Check the detections against the last 14 days', false],
      ['Which detections should page?', 'enter'],
      GO,
    ]
    const options: InitOptions = {
      route: 'service',
      hold: 5,
      trail: 'before',
      integrationKey: KEY,
    }
    const run = asked(account, steps)
    expect((await init(options, run.context)).exit).toBe(0)
    run.played.finish()
  })
})
