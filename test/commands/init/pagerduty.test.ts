import { describe, expect, it } from 'vitest'
import { SANDBOX_TOKEN } from '../../../src/sandbox/pagerduty/state.ts'
import { freshAccount } from '../../support/fresh-account.ts'
import { type Account, anAccount, KEY } from '../../support/tool.ts'

const INIT = ['init', '--yes', '--json', '--detections', 'root-account-usage']
const OURS = 'cloudtrail-pd 123456789012 us-east-1'

function posts({ pagerDuty }: Account): readonly string[] {
  return pagerDuty.calls.filter((call) => !call.startsWith('GET '))
}

describe('a token instead of a key', () => {
  it("fetches the key of the service's integration and makes nothing in PagerDuty", async () => {
    const aws = await freshAccount()
    const result = await aws.runWithToken([...INIT, '--pagerduty-service', 'Security'])
    expect(result.exit, result.stdout + result.stderr).toBe(0)
    expect(result.json()).toMatchObject({ status: 'applied', subscription: { status: 'confirmed' } })
    expect(JSON.stringify(result.json().subscription)).toContain(KEY.slice(-4))
    expect(posts(aws)).toEqual([])
    expect(result.stderr).toMatch(/PagerDuty +signing in\n.*PagerDuty +signed in, service region US/)
    expect(result.stderr).toContain('pages go to service Security, on call now: Sandbox Responder')
    expect(result.stdout + result.stderr).not.toContain(KEY)
  })

  it('makes an integration of its own, says so in the plan, and finds it again', async () => {
    const aws = await freshAccount()
    const words = [...INIT, '--pagerduty-service', 'Security', '--create-integration']
    const planned = await aws.runWithToken([...words.filter((word) => word !== '--yes'), '--dry-run'])
    expect(planned.json().changes).toContainEqual(
      expect.objectContaining({ link: 'pagerduty', action: 'create', resource: OURS }),
    )
    expect(posts(aws)).toEqual([])
    const made = await aws.runWithToken(words)
    expect(made.exit, made.stdout + made.stderr).toBe(0)
    expect(made.json()).toMatchObject({ status: 'applied', subscription: { status: 'confirmed' } })
    expect(made.json().created).toContain(OURS)
    const again = await aws.runWithToken(words)
    expect(again.json()).toMatchObject({ status: 'unchanged' })
    expect(posts(aws)).toEqual(['POST /services/PSECURE/integrations'])
    const own = aws.pagerDuty.state.integrations.find(({ name }) => name === OURS)
    expect(own?.vendorId).toBe('PSBXTRL')
    expect(made.stdout + made.stderr + again.stdout).not.toContain(own?.key)
  })
})

describe('a service or orchestration named by a flag', () => {
  it('makes service and integration once, however often it is run', async () => {
    const aws = await freshAccount()
    const words = [...INIT, '--create-service', 'Audit', '--escalation-policy', 'Security']
    const made = await aws.runWithToken(words)
    expect(made.exit, made.stdout + made.stderr).toBe(0)
    expect(made.json().created).toEqual(expect.arrayContaining(['Audit', OURS]))
    expect((await aws.runWithToken(words)).json()).toMatchObject({ status: 'unchanged' })
    expect(aws.pagerDuty.state.services.map(({ name }) => name)).toEqual(['Security', 'Audit'])
    expect(posts(aws)).toHaveLength(2)
  })

  it('makes a routing key of its own in an orchestration', async () => {
    const aws = await freshAccount()
    const words = [...INIT, '--pagerduty-orchestration', 'Security events', '--create-integration']
    const made = await aws.runWithToken(words)
    expect(made.exit, made.stdout + made.stderr).toBe(0)
    expect((await aws.runWithToken(words)).json()).toMatchObject({ status: 'unchanged' })
    expect(aws.pagerDuty.state.orchestrations[0]?.integrations.map(({ label }) => label)).toEqual([
      'Default Integration',
      OURS,
    ])
  })

  it('keeps the integration that the topic is subscribed to when there are several', async () => {
    const aws = await freshAccount()
    await aws.runWithToken([...INIT, '--pagerduty-service', 'Security'])
    const { integrations } = aws.pagerDuty.state
    const [first] = integrations
    if (first === undefined) throw new Error('the seed has an integration')
    integrations.unshift({ ...first, id: 'PEARLIER', key: 'fa4e0000000000000000000000001111' })
    const again = await aws.runWithToken([...INIT, '--pagerduty-service', 'Security'])
    expect(again.json()).toMatchObject({ status: 'unchanged' })
  })

  it('leaves the display name of the topic as it is', async () => {
    const aws = await freshAccount()
    await aws.runWithToken([...INIT, '--pagerduty-service', 'Security'])
    expect((await aws.runWithToken(INIT)).json()).toMatchObject({ status: 'unchanged' })
  })

  it.each([
    [['--pagerduty-service', 'Nobody'], /^PagerDuty has no service "Nobody"$/],
    [['--pagerduty-orchestration', 'Nowhere'], /^PagerDuty has no orchestration "Nowhere"$/],
    [['--create-service', 'X', '--escalation-policy', 'None'], /^PagerDuty has no escalation policy "None"$/],
    [['--pagerduty-service', 'Security', '--service-region', 'eu'], /^--service-region eu was given, .* US region$/],
  ])('%j is exit 2 after a look, and nothing was made', async (words, message) => {
    const aws = await freshAccount()
    const result = await aws.runWithToken([...INIT, ...words])
    expect(result.exit).toBe(2)
    expect((result.json() as unknown as { error: { message: string } }).error.message).toMatch(message)
    expect([...posts(aws), ...aws.writes()]).toEqual([])
  })

  it.each([
    [['--create-integration'], /does not say where/],
    [['--create-service', 'X'], /does not say whom to page/],
    [['--escalation-policy', 'X'], /is for a new service/],
    [['--pagerduty-service', 'X', '--escalation-policy', 'Y'], /is for a new service/],
    [['--pagerduty-service', 'X', '--pagerduty-orchestration', 'Y'], /were both given/],
    [['--pagerduty-service', 'X', '--integration-key', KEY], /were both given/],
    [['--pagerduty-service', 'X', '--route', 'global-ruleset'], /--route global-ruleset is not what/],
  ])('%j is exit 2 before any call', async (words, message) => {
    const aws = await freshAccount()
    const result = await aws.runWithToken([...INIT, ...words])
    expect(result.exit).toBe(2)
    expect((result.json() as unknown as { error: { message: string } }).error.message).toMatch(message)
    expect(aws.pagerDuty.calls).toEqual([])
    expect(aws.calls()).toEqual([])
  })

  it('without a token is exit 2 before any call', async () => {
    const aws = await freshAccount()
    const result = await aws.runWithToken([...INIT, '--pagerduty-service', 'X'], { env: { PAGERDUTY_TOKEN: '' } })
    expect(result.exit).toBe(2)
    expect(result.stderr).toContain('--pagerduty-token-file PATH')
    expect(aws.calls()).toEqual([])
  })

  it('without an integration for alarms is exit 2 and names the flag that makes one', async () => {
    const aws = await freshAccount()
    aws.pagerDuty.state.integrations = aws.pagerDuty.state.integrations.filter(({ vendorId }) => vendorId === null)
    const result = await aws.runWithToken([...INIT, '--pagerduty-service', 'Security'])
    expect(result.exit).toBe(2)
    expect(result.stderr).toContain('--create-integration')
  })

  it('never takes an integration of a vendor whose name only contains the wanted one', async () => {
    const aws = await freshAccount()
    for (const integration of aws.pagerDuty.state.integrations) integration.vendorId &&= 'PSBX001'
    expect((await aws.runWithToken([...INIT, '--pagerduty-service', 'Security'])).exit).toBe(2)
  })
})

describe('a token file', () => {
  const FROM_FILE = [...INIT, '--pagerduty-service', 'Security', '--pagerduty-token-file', 'token']
  const NO_TOKEN = { PAGERDUTY_TOKEN: '' }

  it('holds the token, with or without a line end, and it appears nowhere', async () => {
    const aws = await freshAccount()
    const result = await aws.runWithToken([...FROM_FILE, '--verbose'], {
      env: NO_TOKEN,
      files: { token: `${SANDBOX_TOKEN}\n` },
    })
    expect(result.exit, result.stdout + result.stderr).toBe(0)
    expect(result.stdout + result.stderr).not.toContain(SANDBOX_TOKEN)
    expect(result.stderr).toContain('pagerduty GET /abilities 200')
  })

  it.each([
    ['is empty', { token: ' \n' }, 'is empty'],
    ['does not exist', {}, 'does not exist'],
    ['holds an integration key', { token: KEY }, 'which is an integration key'],
    ['holds something else', { token: 'hello' }, 'has 5 characters in an unknown form'],
  ])('that %s is exit 2', async (_, files, message) => {
    const aws = await freshAccount()
    const result = await aws.runWithToken(FROM_FILE, { env: NO_TOKEN, files })
    expect(result.exit).toBe(2)
    expect(result.stderr).toContain(message)
    expect(result.stderr).not.toContain(KEY)
    expect(aws.writes()).toEqual([])
  })
})

describe('an orchestration', () => {
  const WORDS = [...INIT, '--pagerduty-orchestration', 'Security events']

  it('that routes to a service is known to be well', async () => {
    const aws = await freshAccount()
    const result = await aws.runWithToken(WORDS)
    expect(result.exit, result.stdout + result.stderr).toBe(0)
    expect(result.json().findings).toContainEqual(
      expect.objectContaining({ check: 'pagerduty.orchestration-route', status: 'pass' }),
    )
    expect(String(result.json().notes)).not.toContain('confirmed is not routed')
  })

  it('that routes nowhere is shown with the rules to add, filled in with the topic', async () => {
    const aws = await freshAccount()
    for (const one of aws.pagerDuty.state.orchestrations) one.rules = []
    const { stdout } = await aws.runWithToken(WORDS.filter((word) => word !== '--json'))
    expect(stdout).toContain('every alarm vanishes: no one is paged')
    expect(stdout).toContain("raw_event.TopicArn matches 'arn:aws:sns:us-east-1:123456789012:cloudtrail-pd-alerts'")
    expect(stdout).toContain("raw_event.Subject matches part 'OK: '")
    expect(stdout).toContain('event.dedup_key')
  })

  it('makes the picture of the chain say what PagerDuty showed', async () => {
    const aws = await freshAccount()
    const words = WORDS.filter((word) => word !== '--json')
    expect((await aws.runWithToken(words)).stdout).toMatch(/PagerDuty (✔|ok)/)
    for (const one of aws.pagerDuty.state.orchestrations) one.rules = []
    expect((await aws.runWithToken(words)).stdout).toMatch(/PagerDuty (✖|XX)/)
  })

  it('whose rules take other topics alone routes nowhere, too', async () => {
    const aws = await freshAccount()
    for (const { rules } of aws.pagerDuty.state.orchestrations) {
      for (const rule of rules) rule.conditions = ["raw_event.TopicArn matches 'arn:aws:sns:us-east-1:1:other'"]
    }
    const doctored = await aws.runWithToken(WORDS)
    expect(doctored.json().findings).toContainEqual(
      expect.objectContaining({ check: 'pagerduty.orchestration-route', status: 'fail' }),
    )
  })
})

describe('a run that dies', () => {
  it('after PagerDuty made the integration takes that one the next time', async () => {
    for (let nth = 2; nth <= 60; nth += 3) {
      const aws = await anAccount()
      const words = [...INIT, '--create-service', 'Audit', '--escalation-policy', 'Security']
      aws.sandbox.restart([{ nth, kind: 'crash-after' }])
      const first = await aws.runWithToken(words)
      aws.sandbox.restart()
      const again = await aws.runWithToken(words)
      expect(again.exit, `call ${nth}: ${again.stdout}${again.stderr}`).toBe(0)
      expect(
        aws.pagerDuty.state.integrations.filter(({ name }) => name === OURS),
        `call ${nth}`,
      ).toHaveLength(1)
      expect(aws.pagerDuty.state.services, `call ${nth}`).toHaveLength(2)
      expect(Object.keys(aws.sandbox.state.subscriptions), `call ${nth}`).toHaveLength(1)
      await aws.close()
      if (first.exit === 0) break
    }
  }, 120_000)

  it.each([
    ['POST', '/services', 'reset'],
    ['POST', '/services', { status: 500 }],
    ['POST', '/services', { status: 200, body: '{"integ', headers: { 'content-type': 'application/json' } }],
    ['POST', '/services', { status: 201, body: '' }],
    ['POST', '/services', { status: 201, body: '<html>proxy</html>' }],
  ] as const)('of an answer to %s %s lost as %j makes nothing twice', async (method, path, answer) => {
    const aws = await freshAccount()
    aws.pagerDuty.fail({ method, path, afterwards: true, times: 2, answer })
    const words = [...INIT, '--create-service', 'Audit', '--escalation-policy', 'Security']
    const result = await aws.runWithToken(words)
    expect(result.exit, result.stdout + result.stderr).toBe(0)
    expect(aws.pagerDuty.state.services).toHaveLength(2)
    expect(aws.pagerDuty.state.integrations.filter(({ name }) => name === OURS)).toHaveLength(1)
  })
})

describe('what PagerDuty answers when it does not do as asked', () => {
  const json = (status: number, message: string, code: number) => ({
    status,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ error: { message, code } }),
  })

  it.each([
    ['401', json(401, 'Authentication failed', 2006), 3, /refused the token in both regions, us and eu/, /revoked/],
    ['402', json(402, 'Account lacks an ability', 2014), 1, /plan does not include GET \/services/, /route "service"/],
    [
      '403',
      json(403, 'Access denied', 2010),
      3,
      /the PagerDuty token is not allowed to call GET \/services/,
      /Global Admin or Account Owner/,
    ],
    ['404', json(404, 'Not found', 2100), 1, /cannot find the resource of GET \/services/, /deleted/],
    [
      '429 with headers',
      { status: 429, headers: { 'ratelimit-reset': '3' } },
      1,
      /keeps refusing .* too many calls/,
      /in a few minutes/,
    ],
    [
      '429 with a body',
      json(429, 'Rate Limit Exceeded', 2020),
      1,
      /keeps refusing .* too many calls/,
      /in a few minutes/,
    ],
    ['500', json(500, 'Internal error', 2000), 1, /failed at GET \/services with status 500/, /in a few minutes/],
    [
      'a web page',
      { status: 200, body: '<html>sign in</html>' },
      1,
      /with a web page instead of JSON/,
      /may be changing the responses/,
    ],
    [
      'an empty body',
      { status: 200, body: '' },
      1,
      /with an empty body instead of JSON/,
      /may be changing the responses/,
    ],
    [
      'cut JSON',
      { status: 200, body: '{"services":[{"id":"P1"' },
      1,
      /broken text instead of JSON/,
      /may be changing the responses/,
    ],
    [
      'JSON of another kind',
      { status: 200, headers: { 'content-type': 'application/json' }, body: '{}' },
      1,
      /without a list of services/,
      undefined,
    ],
    [
      'a redirect',
      { status: 302, headers: { location: 'https://elsewhere.example/x' } },
      1,
      /redirected GET \/services to elsewhere\.example, which was not followed/,
      /proxy/,
    ],
  ] as const)('%s is one sentence, and nothing is made', async (name, answer, exit, message, hint) => {
    const aws = await freshAccount()
    const path = name === '401' ? '/' : '/services'
    // The first look at the services only tells the region of the account.
    const quiet = name === '401' ? {} : { after: 1 }
    aws.pagerDuty.fail({ path, times: 99, answer, ...quiet })
    const result = await aws.runWithToken([...INIT, '--pagerduty-service', 'Security', '--create-integration'])
    const { error } = result.json() as unknown as { error: { message: string; hint: string | null } }
    expect(error.message).toMatch(message)
    if (hint !== undefined) expect(error.hint).toMatch(hint)
    expect(result.exit).toBe(exit)
    expect([...posts(aws), ...aws.writes()]).toEqual([])
  })

  it('a read-only token may look, and is told at the first write who may do it; AWS is left alone', async () => {
    const aws = await freshAccount()
    for (const token of aws.pagerDuty.state.tokens) token.readOnly = true
    const result = await aws.runWithToken([...INIT, '--pagerduty-service', 'Security', '--create-integration'])
    expect(result.exit).toBe(1)
    expect(result.json()).toMatchObject({
      status: 'incomplete',
      created: [],
      error: { code: 'pagerduty-denied', hint: expect.stringContaining('Manager, Admin, Global Admin') },
    })
    expect(aws.writes()).toEqual([])
  })

  it('more services than PagerDuty lists still find the one that is named', async () => {
    const aws = await freshAccount()
    const { services } = aws.pagerDuty.state
    const [first] = services
    if (first === undefined) throw new Error('the seed has a service')
    for (let n = 0; n < 11_000; n += 1) services.push({ ...first, id: `PX${n}`, name: `Service ${n}` })
    const result = await aws.runWithToken([...INIT, '--dry-run', '--pagerduty-service', 'service 10999'])
    expect(result.exit).toBe(2)
    expect(result.stderr).toContain('has no integration that accepts alarms')
    expect(result.stderr).toContain('service "Service 10999"')
  })

  it.each([
    ['an integration key that PagerDuty does not know', 'does not know the integration key'],
    ['a disabled service', 'the service is disabled'],
  ])('with a token, %s is exit 5 and never "Done"', async (what, reason) => {
    const aws = await freshAccount()
    const env = { CLOUDTRAIL_PD_INTEGRATION_KEY: KEY }
    expect((await aws.runWithToken(INIT, { env })).exit).toBe(0)
    const { state } = aws.pagerDuty
    if (what.startsWith('a disabled')) for (const service of state.services) service.status = 'disabled'
    else for (const integration of state.integrations) integration.key = 'fa4e0000000000000000000000009999'
    const again = await aws.runWithToken(INIT, { env })
    expect(again.exit).toBe(5)
    expect(again.json()).toMatchObject({ status: 'unchanged', error: { code: 'pages-no-one' } })
    const more = ['init', '--yes', '--detections', 'root-account-usage,iam-policy-changes']
    const text = await aws.runWithToken(more, { env })
    expect(text.exit).toBe(5)
    expect(text.stdout.replace(/\s+/g, ' ')).toContain(reason)
    expect(text.stdout).not.toMatch(/Done|Unchanged/)
    const applied = await aws.runWithToken([...more, '--json', '--hold', '30'], { env })
    expect(applied.json()).toMatchObject({ status: 'incomplete', error: { code: 'pages-no-one' } })
  })

  it('a token that only serves the checks spoils nothing when it is refused', async () => {
    const aws = await freshAccount()
    const result = await aws.runWithToken(INIT, {
      env: { PAGERDUTY_TOKEN: 'wrong-token-00000000', CLOUDTRAIL_PD_INTEGRATION_KEY: KEY },
    })
    expect(result.exit, result.stdout).toBe(0)
    expect(result.stderr).toContain('PagerDuty was not checked: PagerDuty refused the token')
    expect(result.stderr).not.toContain('wrong-token-00000000')
  })
})
