import { expect, test } from 'vitest'
import { Secret } from '../../../src/domain/secret.ts'
import { regionOf } from '../../../src/pagerduty/answers.ts'
import { findRegion } from '../../../src/pagerduty/client/region.ts'
import type { PagerDutyFault } from '../../../src/sandbox/pagerduty/http.ts'
import { SANDBOX_TOKEN } from '../../../src/sandbox/pagerduty/state.ts'
import { openAccount, waitlessClock } from '../../support/pagerduty-account.ts'

const REFUSED: PagerDutyFault = { answer: { status: 401, body: '{"error":{"message":"no"}}' }, times: 9 }
const DOWN: PagerDutyFault = { answer: { status: 503 }, times: 9 }
const DENIED: PagerDutyFault = { answer: { status: 403, body: '{"error":{"message":"no scope"}}' }, times: 9 }
const NO_SERVICES: PagerDutyFault = { ...DENIED, path: '/services' }
const IN_THE_EU: PagerDutyFault = {
  path: '/services',
  answer: { status: 200, body: '{"services":[{"id":"P1","html_url":"https://acme.eu.pagerduty.com/x"}]}' },
}

const rows: readonly (readonly [
  says: string,
  us: PagerDutyFault | undefined,
  eu: PagerDutyFault | undefined,
  home: string,
])[] = [
  ['known in the US', undefined, REFUSED, 'us'],
  ['refused in the US, known in the EU', REFUSED, undefined, 'eu'],
  ['forwarded by the US to an account of the EU', IN_THE_EU, REFUSED, 'eu'],
  ['known in the US and not allowed to see services', NO_SERVICES, REFUSED, 'us'],
  ['refused in the US, known in the EU and not allowed to see abilities', REFUSED, DENIED, 'eu'],
  ['known in the EU while the US is down', DOWN, undefined, 'eu'],
  ['refused in both', REFUSED, REFUSED, 'pagerduty-token-refused'],
  ['refused in the US while the EU is down', REFUSED, DOWN, 'pagerduty-unavailable'],
  ['refused in the EU while the US is down', DOWN, REFUSED, 'pagerduty-unavailable'],
]

test.each(rows)('a token %s', async (_says, us, eu, home) => {
  const [first, second] = [await openAccount(), await openAccount()]
  if (us !== undefined) first.sandbox.fail(us)
  if (eu !== undefined) second.sandbox.fail(eu)
  const found = await findRegion({
    token: new Secret(SANDBOX_TOKEN),
    clock: waitlessClock(),
    baseUrls: { us: first.sandbox.apiUrl, eu: second.sandbox.apiUrl },
  }).catch((error: { code: string }) => error.code)
  expect(found).toBe(home)
})

test('a malformed token is a usage error before any call', async () => {
  const { sandbox } = await openAccount()
  const baseUrls = { us: sandbox.apiUrl, eu: sandbox.apiUrl }
  const asked = findRegion({ token: new Secret('short'), clock: waitlessClock(), baseUrls })
  await expect(asked).rejects.toMatchObject({ code: 'pagerduty-token-malformed', exit: 2 })
  expect(sandbox.calls).toEqual([])
})

const sites: readonly (readonly [address: string | undefined, region: string | undefined])[] = [
  ['https://acme.pagerduty.com/services/P1', 'us'],
  ['https://acme.eu.pagerduty.com/services/P1', 'eu'],
  ['https://eu.pagerduty.com.evil.example/', undefined],
  ['no address', undefined],
  [undefined, undefined],
]

test.each(sites)('an account seen at %s is of region %s', (address, region) => {
  expect(regionOf(address)).toBe(region)
})
