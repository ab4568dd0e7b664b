import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { EventRow } from '../../../src/domain/event-row.ts'
import { ALARM, aChain, type Chain, theOne } from '../../support/drill-chain.ts'

const ROOT = 'cloudtrail-pd-root-account-usage-123456789012-us-east-1'
const MINUTE = 60_000

interface Events {
  readonly alarmed: string | null
  readonly events: readonly EventRow[]
  readonly later: number
}

function rootSignsIn(chain: Chain, eventID: string, other: object = {}): void {
  const arn = 'arn:aws:iam::123456789012:root'
  const userIdentity = { type: 'Root', principalId: '123456789012', arn, accountId: '123456789012' }
  const record = { userIdentity, eventType: 'AwsConsoleSignIn', eventID, sourceIPAddress: '198.51.100.7', ...other }
  chain.sandbox.occur({ source: 'signin.amazonaws.com', name: 'ConsoleLogin', readOnly: false, other: record })
}

async function eventsOf(chain: Chain, ...flags: readonly string[]): Promise<Events> {
  const result = await chain.run(['events', ROOT, '--json', ...flags])
  expect(result.exit, result.stdout).toBe(0)
  return result.json() as unknown as Events
}

const ids = ({ events }: Events) => events.map(({ eventId }) => eventId)

describe('events', () => {
  it('names who stood behind the last ALARM, newest first, and nobody of an earlier one', async () => {
    const chain = await aChain()
    rootSignsIn(chain, 'hours-ago')
    await chain.sandbox.clock.sleep(5 * 60 * MINUTE)
    rootSignsIn(chain, 'first')
    await chain.sandbox.clock.sleep(20_000)
    rootSignsIn(chain, 'second', { errorCode: 'AccessDenied' })
    await chain.sandbox.clock.sleep(15 * MINUTE)
    const found = await eventsOf(chain)
    expect(ids(found)).toEqual(['second', 'first'])
    expect(found.events[1]).toEqual({
      time: expect.stringMatching(/^2\d{3}-.*Z$/),
      principal: 'arn:aws:iam::123456789012:root',
      sourceIp: '198.51.100.7',
      eventSource: 'signin.amazonaws.com',
      eventName: 'ConsoleLogin',
      errorCode: null,
      eventId: 'first',
      account: '123456789012',
      region: 'us-east-1',
      person: null,
      on: [],
      errorMessage: null,
      url: 'https://us-east-1.console.aws.amazon.com/cloudtrailv2/home?region=us-east-1#/events/first',
    })
  })

  it('counts what came after the ALARM, and shows it with --since', async () => {
    const chain = await aChain()
    rootSignsIn(chain, 'cause')
    await chain.sandbox.clock.sleep(10 * MINUTE)
    rootSignsIn(chain, 'later')
    await chain.sandbox.clock.sleep(10 * MINUTE)
    const found = await eventsOf(chain)
    expect([ids(found), found.later]).toEqual([['cause'], 1])
    expect(ids(await eventsOf(chain, '--since', '1h'))).toEqual(['later', 'cause'])
    const { stdout } = await chain.run(['events', ROOT])
    expect(stdout).toContain(`1 more since then:\n  npx cloudtrail-pd events ${ROOT} \\\n    --since 2`)
  })

  it('shows a record once that was delivered twice', async () => {
    const chain = await aChain()
    rootSignsIn(chain, 'twice')
    rootSignsIn(chain, 'twice')
    await chain.sandbox.clock.sleep(10 * MINUTE)
    expect(ids(await eventsOf(chain))).toEqual(['twice'])
  })

  it('names the member account of an organization in a column of its own', async () => {
    const chain = await aChain()
    rootSignsIn(chain, 'member', { recipientAccountId: '210987654321' })
    await chain.sandbox.clock.sleep(10 * MINUTE)
    const { stdout } = await chain.run(['events', ROOT])
    expect(stdout).toMatch(/account +region/)
    expect(stdout).toContain('210987654321')
  })

  it.each(['events root-acount-usage', 'test --yes --alarm root-acount-usage'])(
    'offers the nearest names and the command that lists them: %s',
    async (line) => {
      const chain = await aChain()
      const { exit, stderr } = await chain.run(line.split(' '))
      expect(exit).toBe(2)
      expect(stderr).toContain('there is no alarm "root-acount-usage" in us-east-1')
      expect(stderr).toContain(`did you mean ${ROOT}?`)
      expect(stderr).toContain('all alarms that page: npx cloudtrail-pd doctor')
    },
  )

  it('says where to look for names when none is near', async () => {
    const chain = await aChain()
    const { stderr } = await chain.run(['events', 'zzzzzzzz', '--region', 'us-east-1'])
    expect(stderr).toContain('see all alarms that page: npx cloudtrail-pd doctor --region us-east-1')
  })

  it('says so when the alarm was never up', async () => {
    const chain = await aChain()
    expect(await eventsOf(chain)).toMatchObject({ alarmed: null, events: [], later: 0 })
    expect((await chain.run(['events', ROOT])).stdout).toContain(`Alarm ${ROOT} was not in ALARM\nin the last 14 days`)
  })

  it('shows by the reason that the last ALARM was a drill by hand, with no event behind it', async () => {
    const chain = await aChain()
    const { drill } = await chain.drill('alarm-state')
    const { stdout } = await chain.run(['events', ALARM])
    expect(stdout).toContain('0 events behind the ALARM')
    expect(stdout).toContain(`This is a drill (drill ${drill} by cloudtrail-pd)`)
  })

  it.each([
    ['an alarm that is not there', ['nope'], 2, 'alarm-not-found'],
    ['a time that is none', [ROOT, '--since', 'yesterday'], 2, 'since'],
  ] as const)('%s is a usage error', async (_what, args, exit, code) => {
    const chain = await aChain()
    const result = await chain.run(['events', ...args, '--json'])
    expect(result.exit).toBe(exit)
    expect(result.json()).toMatchObject({ error: { code } })
  })

  it('an alarm that no filter feeds is a failure that says so', async () => {
    const chain = await aChain()
    theOne(chain.sandbox.state.logGroups).filters = {}
    const result = await chain.run(['events', ROOT, '--json'])
    expect(result.json()).toMatchObject({ error: { code: 'alarm-without-filter' } })
  })

  it('not being allowed to search the log group is a failure, never an empty list', async () => {
    const chain = await aChain()
    chain.sandbox.restart([{ kind: 'access-denied', operation: 'FilterLogEvents', every: true }])
    const result = await chain.run(['events', ROOT, '--json', '--since', '1h'])
    expect(result.exit).toBe(3)
    expect(result.json()).toMatchObject({ error: { code: 'log-group-unreadable' } })
  })
})

describe('events of a log group that holds something else', () => {
  async function withEvent(pattern: string, message: string): Promise<Chain> {
    const chain = await aChain()
    const [group] = Object.values(chain.sandbox.state.logGroups)
    if (group === undefined) throw new Error('the chain has a log group')
    for (const filter of Object.values(group.filters)) filter.pattern = pattern
    group.events.push({ id: 'e1', stream: 'else', at: chain.sandbox.clock.now().getTime(), message })
    await chain.sandbox.clock.sleep(MINUTE)
    return chain
  }

  it('are unwrapped where EventBridge wrote them', async () => {
    const wrapped = readFileSync('test/fixtures/wrapped-events/eventbridge.json', 'utf8')
    const chain = await withEvent('{ $.detail.eventName = "ConsoleLogin" }', JSON.stringify(JSON.parse(wrapped)))
    const found = await eventsOf(chain, '--since', '2020-01-01')
    expect(found.events).toMatchObject([{ eventName: 'ConsoleLogin', sourceIp: '198.51.100.7' }])
  })

  it('are no silent "none": exit 2 says that none is a CloudTrail record', async () => {
    const chain = await withEvent('{ $.level = "error" }', '{"level":"error"}')
    const result = await chain.run(['events', ROOT, '--json', '--since', '1h'])
    expect(result.exit).toBe(2)
    expect(result.json()).toMatchObject({ error: { code: 'no-cloudtrail-record' } })
  })
})

describe('events --incident', () => {
  interface Noted {
    readonly incident: {
      readonly id: string
      readonly number: number
      readonly url: string
      readonly note: string | null
    }
    readonly events: readonly EventRow[]
  }
  const notesIn = (chain: Chain) => (chain.pagerDuty.state.notes ?? []).map(({ content }) => content)
  const ask = async (chain: Chain, ...flags: readonly string[]) => {
    const result = await chain.watched(['events', ROOT, '--json', ...flags])
    return { exit: result.exit, json: result.json() as unknown as Noted, text: result.stdout + result.stderr }
  }

  it('writes who did it into the incident, once', async () => {
    const chain = await aChain()
    rootSignsIn(chain, 'cause', { requestParameters: { userName: 'bob' } })
    await chain.sandbox.clock.sleep(15 * MINUTE)
    const first = await ask(chain, '--incident', 'latest', '--note')
    expect(first.exit, first.text).toBe(0)
    expect(first.json.incident).toMatchObject({
      number: 1,
      url: expect.stringMatching(/^https:\/\/sandbox\.pagerduty\.com\/incidents\//),
      note: 'written',
    })
    expect(notesIn(chain)).toHaveLength(1)
    expect(notesIn(chain)[0]).toMatch(
      /^Who did it \(cloudtrail-pd events\): cloudtrail-pd-root-account-usage-\S+, ALARM at /,
    )
    expect(notesIn(chain)[0]).toContain(
      'arn:aws:iam::123456789012:root from 198.51.100.7: signin:ConsoleLogin; on userName=bob; in account 123456789012, us-east-1',
    )
    expect(notesIn(chain)[0]).toContain('#/events/cause')
    expect((await ask(chain, '--incident', '#1', '--note')).json.incident.note).toBe('already-there')
    expect((await ask(chain, '--incident', '1')).json.incident.note).toBeNull()
    expect(notesIn(chain)).toHaveLength(1)
  })

  it('shows the ALARM that opened the incident, not a later one', async () => {
    const chain = await aChain()
    rootSignsIn(chain, 'then')
    await chain.sandbox.clock.sleep(3 * 60 * MINUTE)
    rootSignsIn(chain, 'now')
    await chain.sandbox.clock.sleep(15 * MINUTE)
    expect((await ask(chain, '--incident', '1')).json.events.map(({ eventId }) => eventId)).toEqual(['then'])
    expect((await ask(chain, '--incident', 'latest')).json.events.map(({ eventId }) => eventId)).toEqual(['now'])
  })

  it.each([
    [['--note'], 2, 'note-without-incident'],
    [['--incident', 'first'], 2, 'option-value'],
    [['--incident', '99'], 2, 'incident-not-found'],
    [['--incident', 'latest'], 2, 'incident-not-found'],
  ])('with %j says what is wrong', async (flags, exit, code) => {
    const chain = await aChain()
    const answer = await ask(chain, ...flags)
    expect(answer.exit).toBe(exit)
    expect(answer.json).toMatchObject({ error: { code } })
  })

  it('needs a token, and a user behind it for a note', async () => {
    const chain = await aChain()
    rootSignsIn(chain, 'cause')
    await chain.sandbox.clock.sleep(15 * MINUTE)
    const without = await chain.run(['events', ROOT, '--json', '--incident', 'latest'])
    expect(without.json()).toMatchObject({ error: { code: 'pagerduty-no-token' } })
    for (const token of chain.pagerDuty.state.tokens) token.ofAccount = true
    const refused = await ask(chain, '--incident', 'latest', '--note')
    expect(refused.exit).toBe(1)
    expect(refused.text).toContain('use the API token of a user')
    expect(notesIn(chain)).toEqual([])
  })

  it('writes no note where no event was found', async () => {
    const chain = await aChain()
    await chain.drill('alarm-state')
    const answer = await chain.watched(['events', ALARM, '--json', '--incident', 'latest', '--note'])
    expect(answer.exit).toBe(1)
    expect(answer.json()).toMatchObject({ error: { code: 'note-without-events' } })
    expect(notesIn(chain)).toEqual([])
  })
})
