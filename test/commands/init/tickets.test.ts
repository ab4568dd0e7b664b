import { describe, expect, it } from 'vitest'
import { SANDBOX_EVENTS_KEY } from '../../../src/sandbox/pagerduty/state.ts'
import { freshAccount } from '../../support/fresh-account.ts'
import type { Account } from '../../support/tool.ts'

const URL_TEXT = `https://events.pagerduty.com/integration/${SANDBOX_EVENTS_KEY}/enqueue`
const INIT = ['init', '--yes', '--json', '--detections', 'root-account-usage,access-key-created']
const WITH_TICKETS = [...INIT, '--low-urgency-integration-url', URL_TEXT]
const TICKETS = 'arn:aws:sns:us-east-1:123456789012:cloudtrail-pd-tickets'
const PAGES = 'arn:aws:sns:us-east-1:123456789012:cloudtrail-pd-alerts'

async function withTickets(): Promise<Account> {
  const aws = await freshAccount()
  const made = await aws.run(WITH_TICKETS)
  expect(made.exit, made.stdout + made.stderr).toBe(0)
  aws.calls()
  return aws
}

function actionsOf({ sandbox }: Account, id: string): unknown {
  return Object.values(sandbox.state.alarms).find(({ name }) => name.includes(id))?.alarmActions
}

describe('one of two endpoints that PagerDuty does not confirm', () => {
  const OTHER = 'fedcba9876543210fedcba9876543210'
  const words = ['init', '--yes', '--detections', 'root-account-usage,access-key-created', '--confirm-timeout', '5']

  it('is named with what it costs, where it is the low-urgency one', async () => {
    const aws = await freshAccount()
    const low = ['--low-urgency-integration-url', URL_TEXT.replace(SANDBOX_EVENTS_KEY, OTHER)]
    const { exit, stdout, stderr } = await aws.run([...words, ...low])
    expect(exit).toBe(5)
    expect(stdout).toMatch(/events\.pagerduty\.com\/integration\/…3210\/enqueue\s+\(low-urgency\s+detections\)/)
    expect(stdout).toContain('Until it does, low-urgency detections page no one.')
    expect(stdout).not.toContain('no one is paged')
    const told = stderr.replace(/\s+/g, ' ')
    expect(told).toContain('not confirmed by PagerDuty yet (…3210, low-urgency)')
    expect(told).toContain(` confirmed by PagerDuty (…${SANDBOX_EVENTS_KEY.slice(-4)})`)
    const again = await aws.run([...words, ...low, '--json'])
    expect(again.json()).toMatchObject({
      error: {
        code: 'subscription-pending',
        message: expect.stringMatching(/has not confirmed \S+…3210\/enqueue .*: until it does, low-urgency detections/),
      },
    })
  })

  it('leaves low urgency alone to page, where it is the main one', async () => {
    const aws = await freshAccount()
    const { exit, stdout } = await aws.run([...words, '--low-urgency-integration-url', URL_TEXT], {
      env: { CLOUDTRAIL_PD_INTEGRATION_KEY: OTHER },
    })
    expect(exit).toBe(5)
    expect(stdout).toMatch(/…3210\/enqueue\n/)
    expect(stdout).toContain('Until it does, only low-urgency detections page.')
  })

  it('stops no page, where it is to replace one that is confirmed', async () => {
    const aws = await freshAccount()
    await aws.run(words)
    const { exit, stdout } = await aws.run([...words, '--prune'], { env: { CLOUDTRAIL_PD_INTEGRATION_KEY: OTHER } })
    expect(exit).toBe(5)
    expect(stdout).toContain('Until it does, alarms page through the earlier subscription alone.')
    expect(stdout).not.toContain('no one')
  })
})

describe('two urgencies', () => {
  it('go over two topics, each with a confirmed subscription of its own', async () => {
    const aws = await withTickets()
    expect(actionsOf(aws, 'root-account-usage')).toEqual([PAGES])
    expect(actionsOf(aws, 'access-key-created')).toEqual([TICKETS])
    const again = await aws.run(WITH_TICKETS)
    expect(again.json()).toMatchObject({
      status: 'unchanged',
      subscription: { purpose: 'pages', status: 'confirmed' },
      subscriptions: [
        { purpose: 'pages', status: 'confirmed' },
        { purpose: 'tickets', status: 'confirmed' },
      ],
    })
    expect(again.stdout + again.stderr).not.toContain(SANDBOX_EVENTS_KEY)
  })

  it('are told apart where two endpoints are shown: in the plan, at the end and when nothing changes', async () => {
    const aws = await freshAccount()
    const words = WITH_TICKETS.filter((word) => word !== '--json')
    const shown = `https://events.pagerduty.com/integration/…${SANDBOX_EVENTS_KEY.slice(-4)}/enqueue`
    const inPlan = new RegExp(`subscription +${shown.replaceAll('.', '\\.')}\n +for low-urgency detections\n`)
    const first = await aws.run(words)
    expect(first.stderr).toMatch(inPlan)
    expect(first.stderr.match(/for low-urgency detections/g)).toHaveLength(1)
    expect(first.stdout).toContain(`  Low-urgency detections go to\n  ${shown}\nNot verified yet`)
    const again = await aws.run(words)
    expect(again.stdout).toContain(`  Low-urgency detections go to\n  ${shown}\n`)
    // The plan of a change elsewhere keeps the subscription.
    expect((await aws.run([...words, '--drill', '--dry-run'])).stdout).toMatch(inPlan)
  })

  it('without the second URL go to the page topic', async () => {
    const aws = await freshAccount()
    await aws.run(INIT)
    expect(actionsOf(aws, 'access-key-created')).toEqual([PAGES])
    expect(Object.keys(aws.sandbox.state.topics)).toEqual([PAGES])
  })

  it('stay apart when a later run has not the URL at hand, and say so', async () => {
    const aws = await withTickets()
    const again = await aws.run(INIT)
    expect(again.json()).toMatchObject({ status: 'unchanged' })
    expect(String(again.json().notes)).toContain('still go to the endpoint of an earlier run')
  })

  it('are joined again by --prune, which takes the second topic away', async () => {
    const aws = await withTickets()
    const pruned = await aws.run([...INIT, '--prune'])
    expect(pruned.exit, pruned.stdout).toBe(0)
    expect(actionsOf(aws, 'access-key-created')).toEqual([PAGES])
    expect(Object.keys(aws.sandbox.state.topics)).toEqual([PAGES])
    expect(Object.values(aws.sandbox.state.subscriptions).map(({ topicArn }) => topicArn)).toEqual([PAGES])
    expect((await aws.run([...INIT, '--prune'])).json()).toMatchObject({ status: 'unchanged' })
  })

  it('are both known to doctor and to destroy', async () => {
    const aws = await withTickets()
    const { chains } = (await aws.run(['doctor', '--json'])).json() as unknown as {
      chains: { topic: string; works: boolean }[]
    }
    expect(chains.map(({ topic, works }) => [topic, works])).toEqual(
      expect.arrayContaining([
        [PAGES, true],
        [TICKETS, true],
      ]),
    )
    const gone = await aws.run(['destroy', '--yes', '--json'])
    expect(gone.exit, gone.stdout).toBe(0)
    expect(aws.sandbox.state.topics).toEqual({})
    expect(aws.sandbox.state.subscriptions).toEqual({})
  })

  it('with a rotated low-urgency URL keep the old subscription until --prune', async () => {
    const aws = await withTickets()
    const other = 'fa4e0000000000000000000000000001'
    const { integrations } = aws.pagerDuty.state
    const [first] = integrations
    if (first !== undefined) integrations.push({ ...first, id: 'PLOW', key: other })
    const words = [...INIT, '--low-urgency-integration-url', URL_TEXT.replace(SANDBOX_EVENTS_KEY, other)]
    const rotated = await aws.run(words)
    expect(rotated.exit, rotated.stdout).toBe(0)
    expect(rotated.json().kept).toEqual([expect.stringContaining(SANDBOX_EVENTS_KEY.slice(-4))])
    await aws.run([...words, '--prune'])
    const tickets = Object.values(aws.sandbox.state.subscriptions).filter(({ topicArn }) => topicArn === TICKETS)
    expect(tickets.map(({ endpoint }) => endpoint.includes(other))).toEqual([true])
  })

  it('with a URL that takes no alarms are refused before any call, by the name of the option', async () => {
    const aws = await freshAccount()
    const result = await aws.run([...INIT, '--low-urgency-integration-url', 'https://acme.pagerduty.com/services/P1'])
    expect(result.exit).toBe(2)
    expect(result.stderr).toContain('--low-urgency-integration-url')
    expect(aws.calls()).toEqual([])
  })

  it('to an orchestration are planned with what is not promised there, for their own topic', async () => {
    const aws = await freshAccount()
    const url = `https://events.pagerduty.com/x-ere/R${SANDBOX_EVENTS_KEY.slice(1)}`
    const words = ['init', '--dry-run', '--detections', 'root-account-usage,access-key-created']
    const dry = [...words, '--low-urgency-integration-url', url]
    const notes = (await aws.run([...dry, '--json'])).json().notes as unknown as readonly string[]
    expect(notes).toEqual(
      expect.arrayContaining([
        expect.stringMatching(new RegExp(`^low-urgency detections: confirmed is not routed: .* ${TICKETS}$`)),
        expect.stringMatching(/^low-urgency detections: resolving on OK is not promised/),
        expect.stringMatching(/^the new alarm of topic cloudtrail-pd-tickets sends .* may open an incident for it$/),
        expect.stringMatching(/^the new alarm of topic cloudtrail-pd-alerts sends .* ignores it, /),
      ]),
    )
    expect(notes.join()).not.toContain(`raw_event.TopicArn is ${PAGES}`)
    const { stdout } = await aws.run(dry)
    expect(stdout).toMatch(/topic +cloudtrail-pd-alerts\n.*topic +cloudtrail-pd-tickets\n/)
    expect(stdout).toMatch(/subscription +https:.*\/integration\/.*\n.*subscription +https:.*\/x-ere\//)
  })

  it('warn when no chosen detection is of low urgency', async () => {
    const aws = await freshAccount()
    const words = ['init', '--dry-run', '--json', '--detections', 'root-account-usage']
    const result = await aws.run([...words, '--low-urgency-integration-url', URL_TEXT])
    expect(String(result.json().notes)).toContain('none of the selected detections has urgency ticket')
  })
})
