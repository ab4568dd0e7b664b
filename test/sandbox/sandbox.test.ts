import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StartLoggingCommand, StopLoggingCommand } from '@aws-sdk/client-cloudtrail'
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { DescribeOrganizationCommand } from '@aws-sdk/client-organizations'
import { CreateTopicCommand, ListTopicsCommand, SubscribeCommand } from '@aws-sdk/client-sns'
import { AssumeRoleCommand, GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { InjectedFault } from '../../src/sandbox/aws/faults.ts'
import { openSandbox } from '../../src/sandbox/sandbox.ts'
import { ACCOUNT, aRole, aTrail, ROLE_ARN } from '../support/chain-by-hand.ts'
import { anAccount, aReceiver, clientsOf, ENDPOINT } from '../support/sandbox-account.ts'

const TOPIC_ARN = `arn:aws:sns:us-east-1:${ACCOUNT}:alerts`

function aFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return join(folder, 'state', 'sandbox.json')
}

describe('the account', () => {
  test('says who calls, is in no organization, and has nothing', async () => {
    const sandbox = await anAccount()
    const { sts, organizations, sns } = clientsOf(sandbox.backend)
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: ACCOUNT,
      Arn: `arn:aws:iam::${ACCOUNT}:user/sandbox`,
    })
    const organization = organizations.send(new DescribeOrganizationCommand({}))
    await expect(organization).rejects.toMatchObject({ name: 'AWSOrganizationsNotInUseException' })
    expect((await sns.send(new ListTopicsCommand({}))).Topics).toEqual([])
  })

  test('lets a role be assumed that is there', async () => {
    const sandbox = await anAccount()
    const clients = clientsOf(sandbox.backend)
    const assume = () => clients.sts.send(new AssumeRoleCommand({ RoleArn: ROLE_ARN, RoleSessionName: 'x' }))
    await expect(assume()).rejects.toMatchObject({ name: 'AccessDenied' })
    await aRole(clients)
    expect((await assume()).Credentials?.Expiration).toBeInstanceOf(Date)
  })

  test('names an operation that it does not know', async () => {
    const sandbox = await anAccount()
    const call = { service: 'SNS', operation: 'CreatePlatformEndpoint', input: {}, region: 'us-east-1', userAgent: '' }
    await expect(sandbox.backend(call)).rejects.toMatchObject({
      name: 'UnknownOperationException',
      message: expect.stringContaining('SNS CreatePlatformEndpoint'),
    })
  })

  test('notes every call, with its region and how it ended', async () => {
    const sandbox = await anAccount()
    const { logs } = clientsOf(sandbox.backend, 'eu-west-1')
    await logs.send(new DescribeLogGroupsCommand({}))
    await expect(clientsOf(sandbox.backend).trail.send(new StopLoggingCommand({ Name: 'none' }))).rejects.toThrow()
    expect(
      sandbox.calls.map(({ operation, region, readOnly, error }) => ({ operation, region, readOnly, error })),
    ).toEqual([
      { operation: 'DescribeLogGroups', region: 'eu-west-1', readOnly: true, error: undefined },
      { operation: 'StopLogging', region: 'us-east-1', readOnly: false, error: 'TrailNotFoundException' },
    ])
  })

  test('C61 refuses a second CloudTrail write within a second, where asked to', async () => {
    const sandbox = await anAccount({ throttleCloudTrailWrites: true })
    const call = { service: 'CloudTrail', operation: 'StopLogging', input: { Name: 'none' }, userAgent: '' }
    // Past the SDK, whose own retries outlast the second.
    const write = () => sandbox.backend({ ...call, region: 'us-east-1' }).catch((error) => error.name)
    expect([await write(), await write()]).toEqual(['TrailNotFoundException', 'ThrottlingException'])
    sandbox.clock.move(1_000)
    expect(await write()).toBe('TrailNotFoundException')
  })
})

describe('a fault', () => {
  const createWith = async (faults: readonly InjectedFault[]) => {
    const sandbox = await anAccount({ faults })
    const { sns } = clientsOf(sandbox.backend)
    const create = () => sns.send(new CreateTopicCommand({ Name: 'alerts' }))
    return { sandbox, create }
  }

  test.each(['throttle', 'error-5xx', 'reset', 'reset-after'] as const)(
    'of the kind %s is healed by a retry of the SDK',
    async (kind) => {
      const { sandbox, create } = await createWith([{ operation: 'CreateTopic', kind }])
      expect(await create()).toMatchObject({ TopicArn: TOPIC_ARN })
      expect(sandbox.calls).toHaveLength(2)
      expect(sandbox.calls[0]?.error).toBeDefined()
    },
  )

  test('hits the nth call that it concerns, as often as it says', async () => {
    const { sandbox, create } = await createWith([{ service: 'SNS', nth: 2, times: 2, kind: 'access-denied' }])
    const outcomes = []
    for (let index = 0; index < 4; index += 1) outcomes.push(await create().then(String, (error) => error.name))
    expect(outcomes.map((one) => one === 'AuthorizationErrorException')).toEqual([false, true, true, false])
    expect(sandbox.calls).toHaveLength(4)
  })

  test('of a denied call speaks as IAM does, or as the test says', async () => {
    const plain = await createWith([{ every: true, kind: 'access-denied' }])
    await expect(plain.create()).rejects.toThrow(/is not authorized to perform: sns:CreateTopic/)
    const message = 'denied with an explicit deny in a service control policy'
    const scp = await createWith([{ every: true, kind: 'access-denied', message }])
    await expect(scp.create()).rejects.toThrow(message)
  })

  test.each([
    ['crash-before', []],
    ['crash-after', [TOPIC_ARN]],
  ] as const)('%s ends the process: no call is answered until the next one starts', async (kind, topics) => {
    const { sandbox, create } = await createWith([{ operation: 'CreateTopic', kind }])
    await expect(create()).rejects.toMatchObject({ sandboxCrash: true })
    await expect(create()).rejects.toMatchObject({ sandboxCrash: true })
    expect(sandbox.calls).toHaveLength(1)
    expect(Object.keys(sandbox.state.topics)).toEqual(topics)
    sandbox.restart()
    expect(await create()).toMatchObject({ TopicArn: TOPIC_ARN })
  })
})

describe('the file', () => {
  test('carries the account from one process to the next, for its owner alone', async () => {
    const file = aFile()
    const first = await anAccount({ file })
    await aTrail(first)
    await first.close()
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const second = await anAccount({ file })
    expect(second.state.trails).toEqual(first.state.trails)
    const late = second.clock.now().getTime() - first.clock.now().getTime()
    expect(Math.abs(late)).toBeLessThan(5_000)
  })

  test('holds what was done before a crash', async () => {
    const file = aFile()
    const dying = await anAccount({ file, faults: [{ operation: 'StartLogging', kind: 'crash-after' }] })
    await expect(aTrail(dying)).rejects.toMatchObject({ sandboxCrash: true })
    await dying.close()
    const next = await anAccount({ file })
    expect(Object.values(next.state.trails).map((trail) => trail.logging)).toEqual([true])
  })

  test('sends a confirmation that the last process could not', async () => {
    const file = aFile()
    const first = await anAccount({ file, faults: [{ operation: 'Subscribe', kind: 'crash-after' }] })
    const { sns } = clientsOf(first.backend)
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'alerts' }))
    const subscribe = new SubscribeCommand({ TopicArn, Protocol: 'https', Endpoint: ENDPOINT })
    await expect(sns.send(subscribe)).rejects.toMatchObject({ sandboxCrash: true })
    const receiver = await aReceiver()
    const next = await anAccount({ file, eventsUrl: receiver.url })
    await next.clock.sleep(1_000)
    expect(Object.values(next.state.subscriptions).map((one) => one.confirmed)).toEqual([true])
  })

  test('is refused with the way out where it holds something else', async () => {
    const file = aFile()
    await (await openSandbox({ file })).close()
    writeFileSync(file, '{"version":99}')
    await expect(openSandbox({ file })).rejects.toMatchObject({ code: 'sandbox-file-invalid' })
  })

  test('has the key of an endpoint in the subscription and nowhere in the recorded events', async () => {
    const file = aFile()
    const sandbox = await anAccount({ file })
    const { sns } = clientsOf(sandbox.backend)
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'alerts' }))
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'https', Endpoint: ENDPOINT }))
    expect(readFileSync(file, 'utf8').split(ENDPOINT)).toHaveLength(2)
  })
})

describe('the clock', () => {
  test('lets minutes pass in an instant, and no sleeper sees more than its own', async () => {
    const { clock } = await anAccount()
    const start = clock.now().getTime()
    const woken: number[] = []
    const sleep = async (seconds: number) => {
      await clock.sleep(seconds * 1_000)
      woken.push(Math.round((clock.now().getTime() - start) / 1_000))
    }
    const poll = async () => {
      for (let index = 0; index < 3; index += 1) await sleep(10)
    }
    await Promise.all([sleep(60), poll(), sleep(15)])
    expect(woken).toEqual([10, 15, 20, 30, 60])
  })

  test('passes a hundred times faster than on the wall by default', async () => {
    const sandbox = await openSandbox()
    onTestFinished(() => sandbox.close())
    const before = { wall: performance.now(), virtual: sandbox.clock.now().getTime() }
    await sandbox.clock.sleep(10_000)
    const wall = performance.now() - before.wall
    expect(sandbox.clock.now().getTime() - before.virtual).toBeGreaterThanOrEqual(10_000)
    expect(wall).toBeGreaterThan(50)
    expect(wall).toBeLessThan(2_000)
  })

  test('wakes a sleeper with the reason of its signal', async () => {
    const { clock } = await anAccount()
    const abort = new AbortController()
    const asleep = clock.sleep(3_600_000, abort.signal)
    abort.abort(new Error('enough'))
    await expect(asleep).rejects.toThrow('enough')
    await expect(clock.sleep(1, abort.signal)).rejects.toThrow('enough')
  })

  test('moves on at once where told to', async () => {
    const sandbox = await anAccount()
    await aTrail(sandbox)
    const { trail } = clientsOf(sandbox.backend)
    await trail.send(new StartLoggingCommand({ Name: 'main-trail' }))
    sandbox.clock.move(600_000)
    await sandbox.settle()
    expect(Object.values(sandbox.state.trails)[0]?.logsDeliveredAt).not.toBeNull()
  })
})

test('something that happens in the account is recorded as it happens', async () => {
  const sandbox = await anAccount()
  const userIdentity = { type: 'Root', accountId: ACCOUNT }
  sandbox.occur({ source: 'signin.amazonaws.com', name: 'ConsoleLogin', readOnly: false, other: { userIdentity } })
  expect(JSON.parse(sandbox.state.events[0]?.message ?? '')).toMatchObject({ eventName: 'ConsoleLogin', userIdentity })
})

test('a clock that a test holds still can be slept on', async () => {
  const still = { now: () => new Date(0), sleep: async () => undefined }
  const sandbox = await openSandbox({ clock: still })
  onTestFinished(() => sandbox.close())
  await sandbox.clock.sleep(60_000)
  expect(sandbox.clock.now()).toEqual(new Date(60_000))
})
