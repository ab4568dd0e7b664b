import { describe, expect, it } from 'vitest'
import { ROUTES, type RouteKind, type RouteNames, readRoute, routeNotes } from '../../src/domain/route.ts'
import { AppError } from '../../src/errors.ts'

const KEY = '0123456789abcdef0123456789abcdef'
const ROUTING_KEY = 'R0123456789ABCDEFGHIJKLMNOPQRSTU'

function endpoint(words: RouteNames): string {
  return readRoute(words).route.endpoint.reveal()
}

function refusal(words: RouteNames): AppError {
  try {
    readRoute(words)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('it was accepted')
}

describe('the integration URL of each route', () => {
  const shapes: Readonly<Record<RouteKind, string>> = {
    service: `https://events.pagerduty.com/integration/${KEY}/enqueue`,
    'service-event-rules': `https://events.pagerduty.com/integration/${KEY}/enqueue`,
    'global-orchestration': `https://events.pagerduty.com/x-ere/${KEY}`,
    'service-orchestration': `https://events.pagerduty.com/x-ere/${KEY}`,
    'global-ruleset': `https://events.pagerduty.com/x-ere/${KEY}`,
  }

  it.each(ROUTES)('is built for %s from a bare key', (route) => {
    expect(endpoint({ route, key: KEY })).toBe(shapes[route])
  })

  it.each(ROUTES)('C05 has the EU host for %s in the EU region', (route) => {
    expect(endpoint({ route, key: KEY, serviceRegion: 'eu' })).toBe(
      shapes[route].replace('events.pagerduty.com', 'events.eu.pagerduty.com'),
    )
  })

  it('offers the ruleset last, because it has reached its end of life', () => {
    expect(ROUTES.at(-1)).toBe('global-ruleset')
  })
})

describe('C02 a pasted URL', () => {
  it.each([
    ['a service integration', `https://events.pagerduty.com/integration/${KEY}/enqueue`],
    ['an orchestration', `https://events.pagerduty.com/x-ere/${ROUTING_KEY}`],
    ['C05 a service integration in the EU', `https://events.eu.pagerduty.com/integration/${KEY}/enqueue`],
    ['C05 an orchestration in the EU', `https://events.eu.pagerduty.com/x-ere/${ROUTING_KEY}`],
  ])('is taken as it is for %s', (_what, url) => {
    expect(endpoint({ url })).toBe(url)
  })

  it.each([
    ['a newline at its end', `https://events.pagerduty.com/x-ere/${ROUTING_KEY}\n`],
    ['blanks around it', `  https://events.pagerduty.com/x-ere/${ROUTING_KEY}  `],
    ['a slash at its end', `https://events.pagerduty.com/x-ere/${ROUTING_KEY}/`],
    ['a host in capitals', `https://EVENTS.PagerDuty.com/x-ere/${ROUTING_KEY}`],
    ['a key that is percent-encoded', `https://events.pagerduty.com/x-ere/%52${ROUTING_KEY.slice(1)}`],
  ])('is cleaned of %s, so that it cannot become a second subscription', (_what, url) => {
    expect(endpoint({ url })).toBe(`https://events.pagerduty.com/x-ere/${ROUTING_KEY}`)
  })

  it.each([
    ['without /enqueue', `https://events.pagerduty.com/integration/${KEY}`, 'url-shape', /lacks \/enqueue/],
    ['of the Events API v2', 'https://events.pagerduty.com/v2/enqueue', 'url-shape', /Events API v2/],
    ['of the Events API v1', 'https://events.pagerduty.com/generic/2010-04-15/create_event.json', 'url-shape', /v1/],
    ['of the web app', 'https://acme.pagerduty.com/service-directory/PABC123', 'url-web-page', /web app/],
    ['over http', `http://events.pagerduty.com/integration/${KEY}/enqueue`, 'url-protocol', /https/],
    [
      'of a host that only looks right',
      `https://events.pagerduty.com.evil.example/x-ere/${KEY}`,
      'url-host',
      /evil\.example/,
    ],
    ['with a user in it', `https://me@events.pagerduty.com/x-ere/${KEY}`, 'url-host', /not a PagerDuty/],
    ['with a port', `https://events.pagerduty.com:8443/x-ere/${KEY}`, 'url-host', /not a PagerDuty/],
    ['with a query', `https://events.pagerduty.com/x-ere/${KEY}?a=b`, 'url-form', /query/],
    ['with a blank inside', `https://events.pagerduty.com/x-ere/ ${KEY}`, 'url-form', /contains a space/],
    ['that is a bare key', KEY, 'url-form', /not a URL/],
    ['with a key of 31 characters', `https://events.pagerduty.com/x-ere/${KEY.slice(1)}`, 'key-form', /31/],
  ])('%s is refused, and the reason says what it is', (_what, url, code, reason) => {
    const error = refusal({ url })
    expect(error.code).toBe(code)
    expect(error.message).toMatch(reason)
    expect(error.exit).toBe(2)
  })

  it('contradicting --route or --service-region is refused', () => {
    expect(refusal({ url: `https://events.pagerduty.com/x-ere/${KEY}`, route: 'service' }).code).toBe('route-conflict')
    expect(refusal({ url: `https://events.pagerduty.com/x-ere/${KEY}`, serviceRegion: 'eu' }).code).toBe(
      'region-conflict',
    )
  })

  it('agreeing with --route keeps the route', () => {
    const url = `https://events.pagerduty.com/x-ere/${ROUTING_KEY}`
    expect(readRoute({ url, route: 'global-ruleset' }).route.kind).toBe('global-ruleset')
  })
})

describe('a key', () => {
  it.each([
    ['of 31 characters', KEY.slice(1), 'key-form'],
    ['of 33 characters', `${KEY}0`, 'key-form'],
    ['with a dash', `${KEY.slice(1)}-`, 'key-form'],
    ['that is empty', '', 'key-form'],
    ['that is a URL', `https://events.pagerduty.com/x-ere/${KEY}`, 'key-is-url'],
    ['that is a REST API token', 'y_NbAkKc66ryYTWUXYEu', 'key-is-token'],
  ])('%s is refused without an echo', (_what, key, code) => {
    const error = refusal({ key })
    expect(error.code).toBe(code)
    if (key !== '') expect(`${error.message} ${error.hint}`).not.toContain(key)
  })

  it('with a newline at its end is cleaned', () => {
    expect(endpoint({ key: `${KEY}\n` })).toContain(`/${KEY}/`)
  })

  it.each([
    ['of an orchestration behind /integration/', { route: 'service', key: ROUTING_KEY } as const, /orchestration/],
    ['of a service behind /x-ere/', { route: 'global-orchestration', key: KEY } as const, /does not start with R/],
  ])('C06 %s is a warning, not a refusal', (_what, words, warning) => {
    expect(readRoute(words).warnings.join()).toMatch(warning)
  })

  it("of a service is what a service orchestration takes, and a URL that does not say so may be one's", () => {
    expect(readRoute({ route: 'service-orchestration', key: KEY }).warnings).toEqual([])
    const url = `https://events.pagerduty.com/x-ere/${KEY}`
    expect(readRoute({ url, route: 'service-orchestration' }).warnings).toEqual([])
    expect(readRoute({ url }).warnings.join()).toMatch(/right for a service orchestration alone/)
  })
})

describe('what is said about a route', () => {
  it('C06 an x-ere route says that confirmed is not routed, names the topic, and promises no resolve', () => {
    const { route } = readRoute({ route: 'global-orchestration', key: ROUTING_KEY })
    const notes = routeNotes(route, 'the-topic-arn')
      .map(({ text }) => text)
      .join('\n')
    expect(notes).toMatch(/raw_event\.TopicArn is the-topic-arn/)
    expect(notes).toMatch(/resolving on OK is not promised/)
  })

  it('a ruleset says that it is at its end of life', () => {
    const { route } = readRoute({ route: 'global-ruleset', key: ROUTING_KEY })
    expect(routeNotes(route, 't')[0]?.text).toMatch(/31 January 2025/)
  })

  it('a service integration needs no warning', () => {
    expect(routeNotes(readRoute({ key: KEY }).route, 't')).toEqual([])
  })
})
