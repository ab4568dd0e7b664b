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
  it('says so where that is less than a day, and goes on without', async () => {
    const account = await freshAccount()
    await account.run(['init', '--yes', '--name', 'before'])
    await account.sandbox.clock.sleep(3_600_000)
    const run = asked(account, [
      ['Check the last 14 days first?', true],
      ['Which detections should page?', 'enter'],
      GO,
    ])
    const options: InitOptions = { route: 'service', hold: 5, trail: 'before', integrationKey: KEY }
    expect((await init(options, run.context)).exit).toBe(0)
    run.played.finish()
    expect(run.shown()).toContain('past events were not checked: less than a day of events is there')
  })

  it('offers to check the detections against it, and shows pages a week beside each', async () => {
    const account = await accountWithPast()
    const steps: readonly Step[] = [
      ['Check the last 14 days first?', true],
      ['What about the noisy ones?', { text: 'Keep them as they are' }],
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
      ['Check the last 14 days first?', false],
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

  it('leaves out what was noisy, before anything is created', async () => {
    const account = await accountWithPast()
    const run = asked(account, [
      ['Check the last 14 days first?', true],
      ['What about the noisy ones?', { text: 'Leave it out' }],
      ['Which detections should page?', 'enter'],
      GO,
    ])
    const report = await init({ route: 'service', hold: 5, trail: 'before', integrationKey: KEY }, run.context)
    run.played.finish()
    expect(report.exit).toBe(0)
    expect(run.shown()).toMatch(/Noisy in the past:\n {4}root-account-usage {2}[4-9]\.\d pages a week/)
    const alarms = Object.keys(account.sandbox.state.alarms).filter((name) => name.includes('cloudtrail-pd-'))
    expect(alarms.length).toBeGreaterThan(20)
    expect(alarms.filter((name) => name.includes('root-account-usage'))).toEqual([])
  })

  it('tunes what can be tuned, with the option that a backtest suggests', async () => {
    const account = await accountWithPast()
    const [group] = Object.values(account.sandbox.state.logGroups)
    const now = account.sandbox.clock.now().getTime()
    // One role deletes flow logs each morning, and a person did once.
    const [job] = detectionById('flow-logs-deleted').ownEvents
    const person = { type: 'IAMUser', arn: 'arn:aws:iam::123456789012:user/ana', userName: 'ana' }
    for (let day = 1; day < 10; day += 1) {
      const message = JSON.stringify({ ...job, eventID: `job-${day}` })
      group?.events.push({ id: `job-${day}`, stream: 'past', at: now - day * 86_400_000, message })
    }
    const message = JSON.stringify({ ...job, userIdentity: person, eventID: 'person' })
    group?.events.push({ id: 'person', stream: 'past', at: now - 40_000_000, message })
    const run = asked(account, [
      ['Check the last 14 days first?', true],
      ['What about the noisy ones?', { text: 'Tune 1 of 1' }],
      ['Which detections should page?', 'enter'],
      GO,
    ])
    const options: InitOptions = { route: 'service', hold: 5, trail: 'before', integrationKey: KEY }
    const report = await init({ ...options, exclude: ['root-account-usage'] }, run.context)
    expect(run.shown()).toContain('quieter: --exclude-principal flow-logs-deleted=')
    run.played.finish()
    expect(report.exit).toBe(0)
    const filters = Object.values(account.sandbox.state.logGroups).flatMap(({ filters }) => Object.values(filters))
    const pattern = filters.findLast(({ pattern: text }) => text.includes('DeleteFlowLogs'))?.pattern
    expect(pattern).toContain('userIdentity.sessionContext.sessionIssuer.arn')
  })
})

describe('the wizard, where only the event history can be read', () => {
  /** `gap` milliseconds between two sign-ins of the root user, over two weeks. */
  async function accountWithHistory(gap: number) {
    const account = await freshAccount()
    const { sandbox } = account
    const now = sandbox.clock.now().getTime()
    const record = detectionById('root-account-usage').ownEvents[0]
    for (let at = now - 14 * 86_400_000; at < now - 3_600_000; at += gap) {
      const eventTime = `${new Date(at).toISOString().slice(0, 19)}Z`
      const message = JSON.stringify({ ...record, eventTime, eventID: `past-${at}` })
      const seen = { id: `past-${at}`, at, region: 'us-east-1', readOnly: false, username: 'root', message }
      sandbox.state.events.push({ ...seen, name: record.eventName, source: record.eventSource })
    }
    return account
  }

  const QUESTION = 'Check the last 14 days first?'
  const options: InitOptions = { route: 'service', hold: 5, integrationKey: KEY }

  it('counts there', async () => {
    const account = await accountWithHistory(86_400_000)
    const run = asked(account, [
      [QUESTION, true],
      ['What about the noisy ones?', { text: 'Leave it out' }],
      ['Which detections should page?', 'enter'],
      GO,
    ])
    expect((await init(options, run.context)).exit).toBe(0)
    run.played.finish()
    expect(run.shown()).toMatch(/root-account-usage {2}7\.\d pages a week/)
  })

  it('says so where the account is too busy to be read in two minutes, and goes on without', async () => {
    const account = await accountWithHistory(20_000)
    const run = asked(account, [[QUESTION, true], ['Which detections should page?', 'enter'], GO])
    expect((await init(options, run.context)).exit).toBe(0)
    run.played.finish()
    expect(run.shown()).toContain('past events were not checked: the event history is too busy')
  })

  it('says so where it holds nothing', async () => {
    const account = await freshAccount()
    const run = asked(account, [[QUESTION, true], ['Which detections should page?', 'enter'], GO])
    expect((await init(options, run.context)).exit).toBe(0)
    run.played.finish()
    expect(run.shown()).toContain('past events were not checked: there is no event')
  })
})
