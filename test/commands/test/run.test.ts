import { describe, expect, it } from 'vitest'
import { setAlarmState } from '../../../src/aws/readers/alarm-history.ts'
import { type Aws, connectAws } from '../../../src/aws/session.ts'
import { test } from '../../../src/commands/test/run.ts'
import type { CommandContext } from '../../../src/context.ts'
import { Secret } from '../../../src/domain/secret.ts'
import type { DrillStep } from '../../../src/drill/hop.ts'
import { connectPagerDuty as connectPagerDutyAt } from '../../../src/pagerduty/directory.ts'
import type { Prompter } from '../../../src/ports.ts'
import { SANDBOX_ROUTING_KEY, SANDBOX_TOKEN } from '../../../src/sandbox/pagerduty/state.ts'
import { ALARM, aChain, type Chain, drilled, hopsOf, TOPIC, theOne } from '../../support/drill-chain.ts'

const ORCHESTRATED = ['--route', 'global-orchestration']

function orchestrated(): Promise<Chain> {
  return aChain(...ORCHESTRATED, '--integration-key', SANDBOX_ROUTING_KEY)
}

describe('a drill through a whole chain', () => {
  it('by setting the alarm is delivered: one page, opened and resolved', async () => {
    const chain = await aChain()
    const drill = await chain.drill('alarm-state')
    expect(drill).toMatchObject({ exit: 0, verdict: 'delivered', notes: [] })
    const shown: unknown = drill
    expect(shown).toMatchObject({
      incident: { number: 1, url: expect.stringMatching(/^https:\/\/sandbox\.pagerduty\.com\/incidents\//) },
      service: { name: 'Security', url: 'https://sandbox.pagerduty.com/service-directory/PSECURE' },
    })
    expect(hopsOf(drill)).toEqual([
      'alarm ok',
      'topic ok',
      'subscription ok',
      'incident-opened ok',
      'alarm-ok ok',
      'incident-resolved ok',
    ])
    expect(drill.drill).toMatch(/^[0-9a-f]{4}$/)
    expect(chain.pagerDuty.state.incidents.map(({ status }) => status)).toEqual(['resolved'])
    expect(chain.alarm().value).toBe('OK')
  })

  it('by an API call is delivered over every hop, with the minutes that each took', async () => {
    const chain = await aChain()
    const drill = await chain.drill('api-call')
    expect(drill).toMatchObject({ exit: 0, verdict: 'delivered' })
    expect(hopsOf(drill)).toEqual([
      'event ok',
      'log-group ok',
      'metric ok',
      'alarm ok',
      'topic ok',
      'subscription ok',
      'incident-opened ok',
      'alarm-ok ok',
      'incident-resolved ok',
    ])
    const seconds = drill.steps.map((step) => step.seconds)
    expect(seconds).toEqual([...seconds].sort((a, b) => a - b))
    expect(seconds[1]).toBeGreaterThan(200)
    expect(chain.pagerDuty.state.incidents).toHaveLength(1)
  })

  it('takes the way of the API call unasked when the drill has an alarm of its own', async () => {
    const chain = await aChain()
    expect(drilled(await chain.watched(['test', '--yes', '--json'])).steps).toHaveLength(9)
  })

  it('says that it is a drill wherever it is read', async () => {
    const chain = await aChain()
    const { drill } = await chain.drill('alarm-state')
    const reason = chain.sandbox.state.history.find(({ data }) => data.includes(`drill ${drill}`))?.data
    expect(reason).toContain('nothing has happened')
    expect(chain.alarm().description).toMatch(/^This is a drill\. Nothing has happened\./)
  })

  it('makes one harmless call, and no other call of the tool looks like it', async () => {
    const chain = await aChain()
    chain.calls()
    const { drill } = await chain.drill('api-call')
    const calls = chain.calls()
    const marked = calls.filter(({ userAgent }) => userAgent.includes('cloudtrail-pd-drill/'))
    expect(marked.map(({ service, operation }) => `${service}:${operation}`)).toEqual(['CloudTrail:DescribeTrails'])
    expect(marked[0]?.userAgent).toContain(`cloudtrail-pd-drill/${drill}`)
    expect(calls.filter(({ readOnly }) => !readOnly)).toEqual([])
  })

  it('leaves the drill alarm of another chain on the same trail alone', async () => {
    const chain = await aChain()
    const other = await chain.run([
      'init',
      '--yes',
      '--json',
      '--drill',
      '--name',
      'cloudtrail-pd-b',
      '--detections',
      'root-account-usage',
    ])
    expect(other.exit, other.stdout).toBe(0)
    await chain.sandbox.clock.sleep(180_000)
    const drill = drilled(await chain.watched(['test', '--yes', '--json', '--name', 'cloudtrail-pd-b']))
    expect(drill.verdict).toBe('delivered')
    expect(chain.pagerDuty.state.alerts.map(({ key }) => key.includes('cloudtrail-pd-b-fire-drill'))).toEqual([true])
  })

  it('through a service orchestration that understands alarms is delivered', async () => {
    const chain = await orchestrated()
    expect(await chain.drill('alarm-state')).toMatchObject({ exit: 0, verdict: 'delivered' })
  })

  it('can be run again at once', async () => {
    const chain = await aChain()
    const first = await chain.drill('api-call')
    const second = await chain.drill('api-call')
    expect([first.verdict, second.verdict]).toEqual(['delivered', 'delivered'])
    expect(second.drill).not.toBe(first.drill)
  })
})

/** Breaks one thing in a chain that worked, and names the hop where a drill has to stop. */
const BROKEN: readonly [string, 'alarm-state' | 'api-call', (chain: Chain) => void | Promise<void>, string, RegExp][] =
  [
    [
      'raw delivery is on',
      'alarm-state',
      ({ sandbox }) => {
        theOne(sandbox.state.subscriptions).attributes.RawMessageDelivery = 'true'
      },
      'subscription',
      /raw message delivery/,
    ],
    [
      "the topic's policy leaves CloudWatch out",
      'alarm-state',
      ({ sandbox }) => {
        const statement = {
          Effect: 'Allow',
          Principal: { Service: 'events.amazonaws.com' },
          Action: 'sns:Publish',
          Resource: TOPIC,
        }
        theOne(sandbox.state.topics).attributes.Policy = JSON.stringify({
          Version: '2012-10-17',
          Statement: [statement],
        })
      },
      'topic',
      /policy does not let CloudWatch publish/,
    ],
    [
      'the topic is encrypted with the key that AWS manages',
      'alarm-state',
      ({ sandbox }) => {
        theOne(sandbox.state.topics).attributes.KmsMasterKeyId = 'alias/aws/sns'
      },
      'topic',
      /key: its policy needs kms:Decrypt/,
    ],
    [
      'the filter publishes into another namespace',
      'api-call',
      ({ sandbox }) => {
        drillFilter(sandbox).namespace = 'Elsewhere'
      },
      'metric',
      /publishes Elsewhere\/FireDrill, and the alarm watches CloudTrailPagerDuty\/FireDrill/,
    ],
    [
      'the actions of the alarm are disabled',
      'alarm-state',
      async ({ sandbox }) => {
        Object.values(sandbox.state.alarms).map((alarm) => Object.assign(alarm, { actionsEnabled: false }))
      },
      'alarm',
      /actions of .* are disabled/,
    ],
    [
      'the filter misses the event',
      'api-call',
      ({ sandbox }) => {
        drillFilter(sandbox).pattern = '{ $.userAgent = "cloudtrail-pd-drill/*" }'
      },
      'metric',
      /does not match the drill's event/,
    ],
    [
      'the delivery role lost its policy',
      'api-call',
      ({ sandbox }) => {
        for (const role of Object.values(sandbox.state.roles)) role.policies = {}
      },
      'log-group',
      /cannot deliver to cloudtrail-pd-events/,
    ],
    [
      'the trail was stopped',
      'api-call',
      ({ sandbox }) => {
        theOne(sandbox.state.trails).logging = false
      },
      'log-group',
      /is stopped/,
    ],
    [
      'no one is on call',
      'alarm-state',
      ({ pagerDuty }) => {
        for (const policy of pagerDuty.state.escalationPolicies) policy.onCallUserIds = []
      },
      'incident-opened',
      /no one is on call/,
    ],
    [
      'the key was deleted in PagerDuty',
      'alarm-state',
      ({ pagerDuty }) => {
        pagerDuty.state.integrations.splice(0)
      },
      'incident-opened',
      /belongs to no service or orchestration/,
    ],
    [
      'the alarm tells no topic that it is OK',
      'alarm-state',
      ({ sandbox }) => {
        for (const alarm of Object.values(sandbox.state.alarms)) alarm.okActions = []
      },
      'alarm-ok',
      /notifies no topic/,
    ],
    [
      'the subscription is pending',
      'alarm-state',
      ({ sandbox }) => {
        theOne(sandbox.state.subscriptions).confirmed = false
      },
      'subscription',
      /has not confirmed/,
    ],
  ]

function drillFilter(sandbox: Chain['sandbox']) {
  const filters = Object.values(sandbox.state.logGroups).flatMap((group) => Object.values(group.filters))
  const filter = filters.find(({ name }) => name.endsWith('fire-drill'))
  if (filter === undefined) throw new Error('no drill filter')
  return filter
}

describe('a drill through a broken chain names the hop', () => {
  it.each(BROKEN)('%s', async (_what, via, breakIt, hop, why) => {
    const chain = await aChain()
    await breakIt(chain)
    const drill = await chain.drill(via)
    expect(drill).toMatchObject({ exit: 1, verdict: 'failed', failed: { hop } })
    expect(drill.failed?.detail).toMatch(why)
    await chain.sandbox.clock.sleep(120_000)
    expect(chain.alarm().value).toBe('OK')
  })

  it('an orchestration that routes it nowhere', async () => {
    const chain = await orchestrated()
    for (const orchestration of chain.pagerDuty.state.orchestrations) orchestration.rules = []
    const drill = await chain.drill('alarm-state')
    expect(drill).toMatchObject({ exit: 1, verdict: 'failed', failed: { hop: 'incident-opened' } })
    expect(drill.failed?.detail).toContain('orchestration Security events routes to no service')
  })

  it('a service orchestration that suppresses it', async () => {
    const chain = await orchestrated()
    chain.pagerDuty.state.serviceOrchestrations.push({ serviceId: 'PSECURE', active: true, suppress: true })
    const drill = await chain.drill('alarm-state')
    expect(drill.failed).toMatchObject({ hop: 'incident-opened', detail: expect.stringContaining('suppresses') })
  })

  it('an orchestration that does not understand alarms: a second incident titled "OK:", and the rules that help', async () => {
    const chain = await orchestrated()
    for (const orchestration of chain.pagerDuty.state.orchestrations) orchestration.understandsAlarms = false
    const drill = await chain.drill('alarm-state')
    expect(drill).toMatchObject({ exit: 1, failed: { hop: 'incident-resolved' } })
    expect(drill.failed?.detail).toMatch(/OK opened incident #2 \("OK: /)
    expect(drill.notes.join('\n')).toContain(`raw_event.TopicArn matches '${TOPIC}'`)
    expect(chain.pagerDuty.state.incidents).toHaveLength(2)
  })

  it('tells in text what it costs and what was seen', async () => {
    const chain = await aChain()
    theOne(chain.sandbox.state.subscriptions).attributes.RawMessageDelivery = 'true'
    const { stdout } = await chain.watched(['test', '--yes', '--via', 'alarm-state'])
    expect(stdout).toContain('Failed. A real alarm would page no one.')
    expect(stdout).toContain('✖ subscription')
    expect(stdout).toContain('Next   npx cloudtrail-pd doctor')
  })
})

describe('without a token', () => {
  it('the best is sent (exit 5), and what was not seen is said', async () => {
    const chain = await aChain()
    const drill = drilled(await chain.run(['test', '--yes', '--json', '--via', 'alarm-state']))
    expect(drill).toMatchObject({ exit: 5, verdict: 'sent' })
    expect(hopsOf(drill)).toEqual([
      'alarm ok',
      'topic ok',
      'subscription unknown',
      'incident-opened unknown',
      'alarm-ok ok',
      'incident-resolved unknown',
    ])
    expect(drill.steps.find(({ hop }) => hop === 'incident-opened')?.detail).toBe(
      'not seen: no PagerDuty token (PAGERDUTY_TOKEN)',
    )
  })

  it('what SNS counts for the whole topic is shown, and proves nothing of this message', async () => {
    const chain = await aChain()
    const drill = drilled(await chain.run(['test', '--yes', '--json', '--via', 'alarm-state']))
    expect(drill.steps.find(({ hop }) => hop === 'subscription')?.detail).toMatch(
      /^SNS counts for the whole topic, which may include other alarms: \d+ delivered, 0 failed, 0 filtered out$/,
    )
  })

  it('--accept-sent makes that exit 0', async () => {
    const chain = await aChain()
    const { exit, stdout } = await chain.run(['test', '--yes', '--via', 'api-call', '--accept-sent'])
    expect(exit).toBe(0)
    expect(stdout).toContain('Not verified: that PagerDuty opened an incident')
  })

  it('leads from a drill on another alarm to the one that tests the whole chain', async () => {
    const chain = await aChain()
    const { stdout } = await chain.run(['test', '--yes', '--alarm', ROOT, '--accept-sent'])
    expect(stdout).toMatch(/Next {3}npx cloudtrail-pd test {3}tests the whole chain with a real event$/m)
  })

  it('lists the hops once on a terminal, and in a pipe the result is whole', async () => {
    const hop = 'published to cloudtrail-pd-alerts, accepted by SNS'
    const args = ['test', '--yes', '--via', 'alarm-state', '--plain', '--no-color']
    const seen = await (await aChain()).run(args, { terminal: true, columns: 100 })
    expect(seen.stderr.split(hop)).toHaveLength(3)
    expect(seen.stdout).not.toContain(hop)
    expect(seen.stdout).toMatch(/^\nSent\. SNS accepted both messages\.\n/)
    const piped = await (await aChain()).run(args, { columns: 100 })
    expect(piped.stdout.split(hop)).toHaveLength(3)
    expect(piped.stdout).toMatch(/^Fire drill by setting alarm/)
  })

  it('shows the endpoint without its key as the one that is paged', async () => {
    const chain = await aChain()
    const { stderr } = await chain.run(['test', '--yes', '--via', 'alarm-state'])
    expect(stderr).toContain(
      'This will page: whoever is on call for\nhttps://events.pagerduty.com/integration/…fa4e/enqueue\n',
    )
  })

  it('counters that cannot be read leave the subscription unknown, not failed', async () => {
    const chain = await aChain()
    chain.sandbox.restart([{ kind: 'access-denied', operation: 'GetMetricData', every: true }])
    const drill = drilled(await chain.run(['test', '--yes', '--json', '--via', 'alarm-state']))
    expect(drill.verdict).toBe('sent')
    expect(hopsOf(drill)).toContain('subscription unknown')
  })
})

describe('not allowed to look is never a failure of the chain', () => {
  const denials: readonly [string, string][] = [
    ['subscriptions', 'ListSubscriptionsByTopic'],
    ['attributes of a subscription', 'GetSubscriptionAttributes'],
    ['the alarm history', 'DescribeAlarmHistory'],
    ['the log group', 'FilterLogEvents'],
    ['the metric', 'GetMetricData'],
    ['the status of the trail', 'GetTrailStatus'],
  ]
  it.each(denials)('%s', async (_what, operation) => {
    const chain = await aChain()
    chain.sandbox.restart([{ kind: 'access-denied', operation, every: true }])
    expect(await chain.drill('api-call')).toMatchObject({ verdict: 'delivered', failed: undefined })
  })

  it('what is changed has to be allowed, and its denial ends the drill before anybody is paged', async () => {
    const chain = await aChain()
    chain.sandbox.restart([{ kind: 'access-denied', operation: 'SetAlarmState', every: true }])
    const result = await chain.watched(['test', '--yes', '--json', '--via', 'alarm-state'])
    expect(result.exit).toBe(3)
    expect(result.json()).toMatchObject({ error: { code: 'aws-denied' } })
    expect(chain.pagerDuty.state.incidents).toEqual([])
  })
})

describe('manners', () => {
  it('asks PagerDuty for no service one by one, however many there are', async () => {
    const chain = await aChain()
    const { services } = chain.pagerDuty.state
    const [first] = services
    if (first === undefined) throw new Error('the seed has a service')
    services.unshift(...Array.from({ length: 300 }, (_, n) => ({ ...first, id: `PX${n}`, name: `A ${n}` })))
    expect((await chain.drill('alarm-state')).verdict).toBe('delivered')
    expect(chain.pagerDuty.calls.filter((call) => /^GET \/services\//.test(call))).toEqual([])
  })

  it('names the people on call before it pages', async () => {
    const chain = await aChain()
    const { stderr } = await chain.watched(['test', '--yes', '--via', 'alarm-state'])
    expect(stderr).toContain('This will page: Sandbox Responder (on call for service "Security")')
  })

  it('takes no for an answer, and no is what Enter says', async () => {
    const chain = await aChain()
    const asked: { message: string; default: boolean }[] = []
    const prompter = {
      confirm: async (question: { message: string; default: boolean }) => {
        asked.push(question)
        return false
      },
    } as unknown as Prompter
    await expect(test({ via: 'alarm-state' }, depsOf(chain, prompter))).rejects.toMatchObject({
      code: 'declined',
      exit: 1,
    })
    expect(asked).toEqual([{ message: 'Page them now?', default: false }])
    expect(chain.pagerDuty.state.incidents).toEqual([])
  })

  it('pages no one without consent', async () => {
    const chain = await aChain()
    const result = await chain.watched(['test', '--json'])
    expect(result.exit).toBe(2)
    expect(result.json()).toMatchObject({ error: { code: 'no-terminal' } })
    expect(chain.pagerDuty.state.incidents).toEqual([])
  })

  it('does not touch an alarm that is in ALARM for real', async () => {
    const chain = await aChain()
    Object.assign(chain.alarm(), { value: 'ALARM', reason: 'Threshold Crossed' })
    chain.calls()
    const result = await chain.watched(['test', '--yes', '--json', '--via', 'alarm-state'])
    expect(result.exit).toBe(1)
    expect(result.json()).toMatchObject({ error: { code: 'alarm-is-up' } })
    expect(chain.writes()).toEqual([])
  })

  it('does not drill an alarm that a mute rule silences', async () => {
    const chain = await aChain()
    mute(chain)
    const result = await chain.watched(['test', '--yes', '--json', '--via', 'alarm-state'])
    expect(result.exit).toBe(1)
    expect(result.json()).toMatchObject({
      error: { code: 'alarm-muted', message: expect.stringContaining('mute rule night silences alarm') },
    })
    expect(chain.alarm().value).toBe('OK')
  })

  it('names a mute rule that began meanwhile, whatever else passed the topic', async () => {
    const chain = await aChain()
    const confirm = async () => {
      mute(chain)
      // Another alarm of the same topic pages at the same time.
      Object.assign(chain.alarm(ROOT), { value: 'OK' })
      await setAlarmState(await awsOf(chain), ROOT, 'ALARM', 'another page')
      return true
    }
    const report = await test({ via: 'alarm-state' }, depsOf(chain, { confirm } as unknown as Prompter))
    const steps = (report.json as unknown as { steps: readonly DrillStep[] }).steps
    expect(steps.find(({ hop }) => hop === 'topic')).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('mute rule night silences it'),
    })
    expect(steps.find(({ hop }) => hop === 'subscription')?.status).toBe('unknown')
  })

  it('names no cause where the history lacks the action and no rule mutes the alarm', async () => {
    const chain = await aChain()
    chain.sandbox.state.history = new Proxy(chain.sandbox.state.history, {
      get: (history, key, receiver) =>
        key === 'push'
          ? (...entries: typeof history) => history.push(...entries.filter(({ type }) => type !== 'Action'))
          : Reflect.get(history, key, receiver),
    })
    const drill = drilled(await chain.run(['test', '--yes', '--json', '--via', 'alarm-state']))
    const details = Object.fromEntries(drill.steps.map(({ hop, status, detail }) => [hop, `${status}: ${detail}`]))
    expect(details.topic).toBe("unknown: the alarm's history shows no action of this ALARM")
    expect(details['alarm-ok']).toBe('unknown: the alarm is OK; its history shows no action of this OK')
  })

  it('looks again after the question, so that a real ALARM of the meantime is left alone', async () => {
    const chain = await aChain()
    const confirm = async () => {
      Object.assign(chain.alarm(), { value: 'ALARM', reason: 'Threshold Crossed' })
      return true
    }
    const prompter = { confirm } as unknown as Prompter
    await expect(test({ via: 'alarm-state' }, depsOf(chain, prompter))).rejects.toMatchObject({ code: 'alarm-is-up' })
    expect(chain.alarm().reason).toBe('Threshold Crossed')
  })

  it.each([
    'Sum FireDrill GreaterThanOrEqualToThreshold 1.0',
    `ALARM: "${ALARM}" in US East (N. Virginia)`,
    'Renamed by a responder',
  ])('does not join an incident of the alarm that is still open, whatever its title: %s', async (title) => {
    const chain = await aChain()
    openIncident(chain, title)
    const result = await chain.watched(['test', '--yes', '--json', '--via', 'alarm-state'])
    expect(result.exit).toBe(1)
    expect(result.json()).toMatchObject({ error: { code: 'incident-open' } })
    expect(chain.alarm().value).toBe('OK')
    expect(chain.pagerDuty.state.incidents.map(({ status }) => status)).toEqual(['triggered'])
  })

  it('does not join one that has been open for months among many others', async () => {
    const chain = await aChain()
    openIncident(chain, 'Sum FireDrill GreaterThanOrEqualToThreshold 1.0', { daysAgo: 90 })
    const { incidents } = chain.pagerDuty.state
    for (let n = 2; n < 40; n += 1) {
      const at = new Date(Date.now() - 60_000 * n).toISOString()
      const rest = { serviceId: 'PSECURE', createdAt: at, resolvedAt: null }
      incidents.push({ id: `POTHER${n}`, number: n, title: 'Disk full', status: 'acknowledged', ...rest })
    }
    const result = await chain.watched(['test', '--yes', '--json', '--via', 'alarm-state'])
    expect(result.json()).toMatchObject({ error: { code: 'incident-open' } })
  })

  it('drills where an open incident holds an alert of the alarm that is resolved', async () => {
    const chain = await aChain()
    openIncident(chain, 'Grouped', { alert: 'resolved' })
    expect(await chain.drill('alarm-state')).toMatchObject({ verdict: 'delivered', notes: [] })
  })

  it('looks again after the question, so that an incident of the meantime is left alone', async () => {
    const chain = await aChain()
    const confirm = async () => {
      openIncident(chain, 'Sum FireDrill GreaterThanOrEqualToThreshold 1.0')
      return true
    }
    const connectPagerDuty = async () => {
      const access = { token: new Secret(SANDBOX_TOKEN), region: 'us' as const, clock: chain.sandbox.clock }
      const client = connectPagerDutyAt({ ...access, baseUrl: chain.pagerDuty.apiUrl })
      return { client, serviceRegion: 'us' as const }
    }
    const context = { ...depsOf(chain, { confirm } as unknown as Prompter), connectPagerDuty }
    await expect(test({ via: 'alarm-state' }, context)).rejects.toMatchObject({ code: 'incident-open' })
    expect(chain.alarm().value).toBe('OK')
  })

  it.each(['alarm-state', 'api-call'] as const)('Ctrl-C during %s leaves the alarm OK and exits 130', async (via) => {
    const chain = await aChain()
    let send = () => {}
    const signalled = chain.sandbox.clock.sleep(20_000).then(() => send())
    // Nothing arrives in PagerDuty, so the drill is still waiting when the signal comes.
    chain.pagerDuty.state.integrations.splice(0)
    const result = await chain.watched(['test', '--yes', '--json', '--via', via], {
      interrupt: (interrupt) => {
        send = interrupt
      },
    })
    await signalled
    expect(result.exit).toBe(130)
    expect(result.json()).toMatchObject({ error: { code: 'interrupted' } })
    expect(chain.alarm().value).toBe('OK')
  })

  it('Ctrl-C while the alarm is up by the drill puts it back with its own call', async () => {
    const chain = await aChain()
    let send = () => {}
    chain.pagerDuty.state.integrations.splice(0)
    const backend = chain.sandbox
    chain.calls()
    const stop = setInterval(() => chain.alarm().value === 'ALARM' && send(), 0)
    const result = await chain.watched(['test', '--yes', '--json', '--via', 'alarm-state'], {
      interrupt: (interrupt) => {
        send = interrupt
      },
    })
    clearInterval(stop)
    expect(result.json()).toMatchObject({ error: { message: expect.stringContaining('was put back to OK') } })
    expect(
      backend.calls.filter(({ operation }) => operation === 'SetAlarmState').map(({ input }) => input.StateValue),
    ).toEqual(['ALARM', 'OK'])
  })
})

describe('what cannot be drilled is a usage error before any write', () => {
  const cases: readonly [string, readonly string[], string][] = [
    ['an alarm that is not there', ['--alarm', 'nope'], 'alarm-not-found'],
    [
      "an API call for an alarm that is not the drill's",
      ['--via', 'api-call', '--alarm', 'cloudtrail-pd-root-account-usage-123456789012-us-east-1'],
      'not-the-drill-alarm',
    ],
    ['no drill alarm and none named', ['--name', 'elsewhere'], 'no-drill-alarm'],
  ]
  it.each(cases)('%s', async (_what, flags, code) => {
    const chain = await aChain()
    chain.calls()
    const result = await chain.watched(['test', '--yes', '--json', ...flags])
    expect(result.exit).toBe(2)
    expect(result.json()).toMatchObject({ error: { code } })
    expect(chain.writes()).toEqual([])
  })

  it('an alarm without any topic pages no one, which is a failure and not a drill', async () => {
    const chain = await aChain()
    chain.alarm().alarmActions = []
    const result = await chain.watched(['test', '--yes', '--json', '--via', 'alarm-state'])
    expect(result.json()).toMatchObject({ error: { code: 'alarm-without-topic' } })
  })
})

describe('a command that an error offers', () => {
  it.each([
    [['test', '--yes', '--name', 'elsewhere'], 'npx cloudtrail-pd init --drill --region us-east-1 --name elsewhere\n'],
    [
      ['test', '--yes', '--via', 'api-call', '--alarm', 'cloudtrail-pd-root-account-usage-123456789012-us-east-1'],
      'npx cloudtrail-pd init --drill --region us-east-1\n',
    ],
  ])('leads to the account and the chain of the run: %j', async (args, offered) => {
    const chain = await aChain()
    const { exit, stderr } = await chain.watched([...args, '--region', 'us-east-1'])
    expect(exit).toBe(2)
    expect(stderr).toContain(offered)
  })
})

describe('other chains', () => {
  it('an alarm of a detection can be drilled by its state', async () => {
    const chain = await aChain()
    const alarm = 'cloudtrail-pd-root-account-usage-123456789012-us-east-1'
    const drill = drilled(await chain.watched(['test', '--yes', '--json', '--alarm', alarm]))
    expect(drill).toMatchObject({ exit: 0, verdict: 'delivered', alarm })
    expect(drill.steps).toHaveLength(6)
  })

  it('a chain that never resolves by itself, as it was set up, is sent and no failure', async () => {
    const chain = await aChain('--no-auto-resolve')
    const drill = await chain.drill('alarm-state')
    expect(drill).toMatchObject({ exit: 5, verdict: 'sent' })
    expect(drill.steps.at(-1)?.detail).toBe('stays open: this chain does not resolve incidents')
  })

  it('a topic that also tells somebody else is followed to PagerDuty', async () => {
    const chain = await aChain()
    const { subscriptions } = chain.sandbox.state
    const other = { ...theOne(subscriptions), arn: `${TOPIC}:other`, endpoint: 'https://hooks.example.com/alarms' }
    chain.sandbox.state.subscriptions = { [other.arn]: other, ...subscriptions }
    const { stderr } = await chain.run(['test', '--yes', '--via', 'alarm-state'])
    expect(stderr).toContain('This will page: whoever is on call for\nhttps://events.pagerduty.com/')
  })
})

const ROOT = 'cloudtrail-pd-root-account-usage-123456789012-us-east-1'

function mute({ sandbox }: Chain): void {
  const now = sandbox.clock.now().getTime()
  const arn = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:night'
  const window = { from: now - 1, until: now + 3_600_000 }
  sandbox.state.muteRules[arn] = { arn, region: 'us-east-1', alarmNames: [ALARM], ...window }
}

function awsOf({ sandbox: { backend } }: Pick<Chain, 'sandbox'>): Promise<Aws> {
  return connectAws({ profile: undefined, region: 'us-east-1', endpointUrl: undefined }, { env: {}, backend })
}

function depsOf({ sandbox }: Chain, prompter: Prompter): CommandContext {
  const silent = { working() {}, done() {}, note() {}, answered() {}, show() {}, trace() {} }
  const { clock } = sandbox
  return {
    env: {},
    clock,
    files: { read: async () => '', bytes: async function* () {}, write: async () => {}, append: async () => {} },
    signal: new AbortController().signal,
    prompter,
    progress: silent,
    connectAws: () => awsOf({ sandbox }),
  }
}

function openIncident(
  { pagerDuty }: Chain,
  title: string,
  { daysAgo = 0.04, alert = 'triggered' }: { daysAgo?: number; alert?: 'triggered' | 'resolved' } = {},
): void {
  const at = '2026-01-01T00:00:00.000Z'
  const place = { serviceId: 'PSECURE', createdAt: new Date(Date.now() - daysAgo * 86_400_000).toISOString() }
  pagerDuty.state.incidents.unshift({
    id: 'POPEN01',
    number: 1,
    title,
    status: 'triggered',
    resolvedAt: null,
    ...place,
  })
  pagerDuty.state.alerts.push({
    id: 'PALERT1',
    incidentId: 'POPEN01',
    integrationId: 'PINTEG1',
    summary: 'an older page',
    status: alert,
    key: ALARM,
    details: { at },
    ...place,
  })
}
