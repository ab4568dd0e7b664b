import { describe, expect, it } from 'vitest'
import { init } from '../../../src/commands/init/run.ts'
import type { InitOptions } from '../../../src/options/command-options.ts'
import { SANDBOX_EVENTS_KEY, SANDBOX_ROUTING_KEY, SANDBOX_TOKEN } from '../../../src/sandbox/pagerduty/state.ts'
import { asked } from '../../support/asked.ts'
import { freshAccount } from '../../support/fresh-account.ts'
import type { Step } from '../../support/scripted-prompter.ts'
import { type Account, KEY } from '../../support/tool.ts'

const REST: InitOptions = { detections: ['root-account-usage'], hold: 5 }
const OURS = 'cloudtrail-pd 123456789012 us-east-1'
const SERVICE: Step = ['Where should alerts go?', { text: 'A service' }]
const ORCHESTRATION: Step = ['Where should alerts go?', { text: 'A global orchestration' }]
const GO: Step = ['Go ahead?', { text: 'Yes' }]

interface Json {
  readonly status: string
  readonly next: readonly string[]
  readonly changes: readonly { readonly link: string; readonly action: string; readonly resource: string }[]
  readonly subscription: { readonly endpoint: string }
}

async function wizard(aws: Account, steps: readonly Step[], options: InitOptions = REST, token?: string | null) {
  const run = asked(aws, steps, token === null ? '' : token)
  const context = token === null ? { ...run.context, connectPagerDuty: undefined } : run.context
  const report = await init(options, context)
  run.played.finish()
  return { report, json: report.json as Json, shown: run.shown() }
}

function posts({ pagerDuty }: Account): readonly string[] {
  return pagerDuty.calls.filter((call) => !call.startsWith('GET '))
}

describe('the wizard with a token', () => {
  it('lists the services, takes the integration that is there, says who is on call, and names the topic after it', async () => {
    const aws = await freshAccount()
    const { report, shown } = await wizard(aws, [
      SERVICE,
      ['Which service?', { text: 'Security' }],
      ['Which integration?', 'enter'],
      ['Display name of the topic', 'enter'],
      GO,
    ])
    expect(report.exit).toBe(0)
    expect(shown).toContain('service Security, on call now: Sandbox Responder')
    // As on the way where the key is pasted: how a page will be titled, and where to change it.
    const asks = shown.slice(shown.indexOf('on call now'), shown.indexOf('Display name of the topic'))
    expect(asks).toContain('set "Derive name from"')
    expect(shown).not.toContain(KEY)
    expect(posts(aws)).toEqual([])
    expect(Object.values(aws.sandbox.state.topics).map(({ attributes }) => attributes.DisplayName)).toEqual([
      'CloudTrail Security',
    ])
  })

  it('makes a new integration only after the plan that says so was approved', async () => {
    const aws = await freshAccount()
    const steps: readonly Step[] = [
      SERVICE,
      ['Which service?', { text: 'Security' }],
      ['Which integration?', { text: 'A new AWS CloudTrail integration' }],
      ['Display name of the topic', 'enter'],
    ]
    const declined = asked(aws, [...steps, ['Go ahead?', { text: 'No, change nothing' }]])
    await expect(init(REST, declined.context)).rejects.toMatchObject({ code: 'declined' })
    expect(declined.shown()).toMatch(new RegExp(`\\+ integration +${OURS} \\(service Security\\)`))
    expect(posts(aws)).toEqual([])
    const { report } = await wizard(aws, [...steps, GO])
    expect(report.exit).toBe(0)
    expect(posts(aws)).toEqual(['POST /services/PSECURE/integrations'])
  })

  it('makes a new service that pages an escalation policy, and flags say the same', async () => {
    const aws = await freshAccount()
    const { json, shown } = await wizard(
      aws,
      [
        SERVICE,
        ['Which service?', { text: 'A new service' }],
        ['Name of the new service', { text: 'Audit' }],
        ['Escalation policy', { text: 'Security' }],
        ['Display name of the topic', { text: 'Audit pages' }],
        ['Go ahead?', { text: 'Save as a setup file' }],
        ['Save to', { text: 'x.yaml' }],
        GO,
      ],
      REST,
    )
    expect(json.changes.filter(({ link }) => link === 'pagerduty').map(({ resource }) => resource)).toEqual([
      'Audit',
      OURS,
    ])
    expect(shown).toContain('on call now: Sandbox Responder')
    expect(posts(aws)).toEqual(['POST /services', expect.stringMatching(/^POST \/services\/\w+\/integrations$/)])
    const flags = ['--create-service', 'Audit', '--escalation-policy', 'Security', '--display-name', 'Audit pages']
    const again = await aws.runWithToken([
      ...['init', '--yes', '--json', '--detections', 'root-account-usage', '--hold', '5'],
      ...flags,
    ])
    expect(again.json()).toMatchObject({ status: 'unchanged' })
    expect(posts(aws)).toHaveLength(2)
  })

  it('offers each of several integrations, and the endpoint is that of the picked one', async () => {
    const aws = await freshAccount()
    const { integrations } = aws.pagerDuty.state
    const [first] = integrations
    if (first === undefined) throw new Error('the seed has an integration')
    integrations.push({ ...first, id: 'PSECOND', name: 'second', key: 'fa4e0000000000000000000000002222' })
    const { json, shown } = await wizard(aws, [
      SERVICE,
      ['Which service?', { text: 'Security' }],
      ['Which integration?', { text: 'second' }],
      ['Display name of the topic', 'enter'],
      GO,
    ])
    expect(json.subscription.endpoint).toContain('…2222')
    expect(shown).not.toContain('fa4e0000000000000000000000002222')
  })

  it('fetches the routing key of an orchestration and says where it routes', async () => {
    const aws = await freshAccount()
    const { json, shown } = await wizard(aws, [
      ORCHESTRATION,
      ['Which orchestration?', { text: 'Security events' }],
      ['Which routing key?', 'enter'],
      ['Display name of the topic', 'enter'],
      GO,
    ])
    expect(json.subscription.endpoint).toBe(`https://events.pagerduty.com/x-ere/…${SANDBOX_ROUTING_KEY.slice(-4)}`)
    expect(shown).toContain('orchestration Security events: service Security, on call now: Sandbox Responder')
  })

  it('says before anything is made that an orchestration routes nowhere', async () => {
    const aws = await freshAccount()
    for (const one of aws.pagerDuty.state.orchestrations) one.rules = []
    const { shown } = await wizard(aws, [
      ORCHESTRATION,
      ['Which orchestration?', { text: 'Security events' }],
      ['Which routing key?', 'enter'],
      ['Display name of the topic', 'enter'],
      GO,
    ])
    expect(shown).toContain('routes to no service')
  })

  it('says that no one is on call', async () => {
    const aws = await freshAccount()
    for (const policy of aws.pagerDuty.state.escalationPolicies) policy.onCallUserIds = []
    const { shown } = await wizard(aws, [
      SERVICE,
      ['Which service?', { text: 'Security' }],
      ['Which integration?', 'enter'],
      ['Display name of the topic', 'enter'],
      GO,
    ])
    expect(shown).toContain('! no one is on call for service Security')
  })

  it('lets the key be pasted instead', async () => {
    const aws = await freshAccount()
    const { report } = await wizard(aws, [
      SERVICE,
      ['Which service?', { text: 'Paste an integration URL or key instead' }],
      ['Integration URL or key', { text: KEY }],
      ['service region', 'enter'],
      GO,
    ])
    expect(report.exit).toBe(0)
  })

  it.each([
    ['A service', 'Which service?', `https://events.pagerduty.com/integration/${KEY}/enqueue`],
    ['A global orchestration', 'Which orchestration?', `https://events.pagerduty.com/x-ere/${SANDBOX_ROUTING_KEY}`],
  ])('takes what is pasted where a name of %s is asked for', async (text, question, url) => {
    const aws = await freshAccount()
    const { report, json, shown } = await wizard(aws, [
      ['Where should alerts go?', { text }],
      [question, { paste: url }],
      GO,
    ])
    expect(report.exit).toBe(0)
    expect(json.subscription.endpoint).toContain(`…${url.replace('/enqueue', '').slice(-4)}`)
    expect(shown).toContain('✔ Integration URL or key: https://events.pagerduty.com/')
    expect(shown).not.toContain(url)
  })

  it('keeps the service on the way back, and what was typed for it alone', async () => {
    const aws = await freshAccount()
    const { state } = aws.pagerDuty
    const [service] = state.services
    if (service === undefined) throw new Error('the seed has a service')
    state.services.push({ ...service, id: 'POTHER', name: 'Other' })
    const { json, shown } = await wizard(
      aws,
      [
        SERVICE,
        ['Which service?', { text: 'Other' }],
        ['Display name of the topic', { text: 'Other pages' }],
        ['Check the last', 'back'],
        ['Display name of the topic', 'back'],
        ['Which service?', 'enter'],
        ['Display name of the topic', 'back'],
        ['Which service?', { text: 'Security' }],
        ['Which integration?', 'enter'],
        ['Display name of the topic', 'enter'],
        ['Check the last', false],
        ['Which detections', { names: ['root-account-usage'] }],
        GO,
      ],
      { hold: 5 },
    )
    expect(shown.match(/Other, on call now/g)).toHaveLength(3)
    expect(json.status).toBe('applied')
    expect(Object.values(aws.sandbox.state.topics).map(({ attributes }) => attributes.DisplayName)).toEqual([
      'CloudTrail Security',
    ])
  })

  it('asks for the key where something else was pasted, and says what that is', async () => {
    const aws = await freshAccount()
    const { shown } = await wizard(aws, [
      SERVICE,
      ['Which service?', { paste: SANDBOX_TOKEN }],
      ['Integration URL or key', { text: KEY }],
      ['service region', 'enter'],
      GO,
    ])
    expect(shown).toContain('! this looks like a REST API token')
    expect(shown).not.toContain(SANDBOX_TOKEN)
  })

  it('sends low-urgency tickets to another service when told so', async () => {
    const aws = await freshAccount()
    const { state } = aws.pagerDuty
    const [integration] = state.integrations
    const [service] = state.services
    if (integration === undefined || service === undefined) throw new Error('the seed has a service')
    state.services.push({ ...service, id: 'PTICKET', name: 'Tickets' })
    state.integrations.push({ ...integration, id: 'PLOW', serviceId: 'PTICKET', key: SANDBOX_EVENTS_KEY })
    const { report } = await wizard(
      aws,
      [
        SERVICE,
        ['Which service?', { text: 'Security' }],
        ['Which integration?', 'enter'],
        ['Display name of the topic', 'enter'],
        ['Where should low-urgency detections go?', { text: 'To another service' }],
        // The one that is paged stands last.
        ['Which service?', 'enter'],
        GO,
      ],
      { detections: ['root-account-usage', 'access-key-created'], hold: 5 },
    )
    expect(report.exit).toBe(0)
    expect(Object.keys(aws.sandbox.state.topics)).toHaveLength(2)
    const endpoints = Object.values(aws.sandbox.state.subscriptions).map(({ endpoint }) => endpoint)
    expect(endpoints.join()).toContain(SANDBOX_EVENTS_KEY)
  })
})

describe('the wizard without a token', () => {
  it('goes on without one as ever', async () => {
    const aws = await freshAccount()
    const { report } = await wizard(
      aws,
      [SERVICE, ['Integration URL or key', { text: KEY }], ['service region', 'enter'], GO],
      REST,
      null,
    )
    expect(report.exit).toBe(0)
    expect(aws.pagerDuty.calls).toEqual([])
  })

  it('takes a typed one after wrong ones were refused, and an empty one skips', async () => {
    const aws = await freshAccount()
    const { report, shown } = await wizard(
      aws,
      [
        ['Where should alerts go?', { text: 'Look it up in PagerDuty' }],
        ['REST API token', { text: '' }],
        ['Where should alerts go?', { text: 'Look it up in PagerDuty' }],
        ['REST API token', { text: KEY }],
        ['REST API token', { text: 'wrong-token-00000000' }],
        ['REST API token', { text: ` ${SANDBOX_TOKEN} ` }],
        SERVICE,
        ['Which service?', { text: 'Security' }],
        ['Which integration?', 'enter'],
        ['Display name of the topic', 'enter'],
        GO,
      ],
      REST,
      null,
    )
    expect(report.exit).toBe(0)
    expect(shown).toContain('which is an integration key')
    expect(shown).toContain('PagerDuty refused the token in both regions, us and eu')
    expect(shown).toContain('signed in, service region US')
    for (const secret of [KEY, 'wrong-token-00000000', SANDBOX_TOKEN]) expect(shown).not.toContain(secret)
  })

  it('asks for the token that a flag needs', async () => {
    const aws = await freshAccount()
    const { report } = await wizard(
      aws,
      [['REST API token', { text: SANDBOX_TOKEN }], GO],
      { ...REST, pagerdutyService: 'Security' },
      null,
    )
    expect(report.exit).toBe(0)
  })
})

describe('trouble in the middle of the questions', () => {
  it('is said, and the key can still be pasted', async () => {
    const aws = await freshAccount()
    aws.pagerDuty.fail({ path: '/services/', answer: { status: 403, body: '{"error":{"message":"no","code":2010}}' } })
    const { report, shown } = await wizard(aws, [
      SERVICE,
      ['Which service?', { text: 'Security' }],
      ['Integration URL or key', { text: KEY }],
      ['service region', 'enter'],
      GO,
    ])
    expect(report.exit).toBe(0)
    expect(shown).toContain('the PagerDuty token is not allowed to call GET /services/PSECURE')
    expect(shown).toContain('Manager, Admin, Global Admin or Account Owner')
  })
})

describe('C41 a trail of one region, picked in the wizard', () => {
  it('is offered, and becomes multi-region once the plan that says so was approved', async () => {
    const aws = await freshAccount()
    await aws.run(['init', '--yes', '--detections', 'root-account-usage', '--name', 'theirs'])
    for (const trail of Object.values(aws.sandbox.state.trails)) trail.multiRegion = false
    const { json, shown } = await wizard(
      aws,
      [['Where do the events come from?', { text: 'theirs' }], GO],
      { ...REST, integrationKey: KEY, route: 'service', serviceRegion: 'us' },
      null,
    )
    expect(json.status).toBe('applied')
    expect(shown).toMatch(/multi region: false → true/)
    expect(Object.values(aws.sandbox.state.trails)).toMatchObject([{ multiRegion: true }])
  })
})
