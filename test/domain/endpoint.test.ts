import { describe, expect, it } from 'vitest'
import { isMeantForPagerDuty, isPagerDuty, parseEndpoint } from '../../src/domain/endpoint.ts'
import { Secret } from '../../src/domain/secret.ts'

const KEY = '0123456789abcdef0123456789abcdef'
const HOST = 'https://events.pagerduty.com'

describe('an endpoint', () => {
  it.each([
    ['an integration URL', 'https', `${HOST}/integration/${KEY}/enqueue`, 'pagerduty'],
    ['an orchestration in the EU', 'https', `https://events.eu.pagerduty.com/x-ere/${KEY}`, 'pagerduty'],
    ['an integration URL over http', 'http', `http://events.pagerduty.com/x-ere/${KEY}`, 'not-an-integration'],
    ['the Events API v2', 'https', `${HOST}/v2/enqueue`, 'not-an-integration'],
    ['the older CloudWatch URL', 'https', `${HOST}/adapter/cloudwatch_sns/v1/${KEY}`, 'cloudwatch-adapter'],
    ['an email integration', 'email', 'alerts@acme.pagerduty.com', 'email-integration'],
    ['an email integration in the EU, as JSON', 'email-json', 'alerts@acme.eu.pagerduty.com', 'email-integration'],
    ['a mailbox', 'email', 'ops@example.com', 'elsewhere'],
    ['a mailbox of a host that only looks right', 'email', 'ops@notpagerduty.com', 'elsewhere'],
    ['another receiver', 'https', 'https://hooks.example.com/sns', 'elsewhere'],
    ['a loopback URL', 'http', `http://127.0.0.1:9000/x-ere/${KEY}`, 'elsewhere'],
    ['a queue with an integration URL for a name', 'sqs', `${HOST}/x-ere/${KEY}`, 'elsewhere'],
    ['nothing', 'https', '', 'elsewhere'],
  ])('is parsed as what it is: %s', (_what, protocol, address, kind) => {
    const endpoint = parseEndpoint(protocol, new Secret(address))
    expect(endpoint.kind).toBe(kind)
    expect(isPagerDuty(endpoint)).toBe(kind === 'pagerduty')
    expect(isMeantForPagerDuty(endpoint)).toBe(!['elsewhere', 'email-integration'].includes(kind))
  })

  it('knows route, region and key, and shows none of its secret', () => {
    const endpoint = parseEndpoint('https', new Secret(`https://events.eu.pagerduty.com/integration/${KEY}/enqueue`))
    if (!isPagerDuty(endpoint)) throw new Error('it is one of PagerDuty')
    expect(endpoint.route).toMatchObject({ shape: 'enqueue', serviceRegion: 'eu' })
    expect(endpoint.route.key.reveal()).toBe(KEY)
    expect(JSON.stringify(endpoint)).not.toContain(KEY)
  })

  it('that is wrong says why, and never quotes itself', () => {
    const endpoint = parseEndpoint('https', new Secret(`${HOST}/adapter/cloudwatch_sns/v1/${KEY}`))
    expect(endpoint).toMatchObject({ why: expect.stringContaining('older form') })
    expect(JSON.stringify(endpoint)).not.toContain(KEY)
  })
})
