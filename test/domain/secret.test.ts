import { inspect, isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createScrubber, Secret, scrub } from '../../src/domain/secret.ts'

const KEY = '0123456789abcdef0123456789abcdef'
const URL_US = `https://events.pagerduty.com/integration/${KEY}/enqueue`
const masks: readonly (readonly [value: string, shown: string])[] = [
  [URL_US, 'https://events.pagerduty.com/integration/…cdef/enqueue'],
  [`https://events.eu.pagerduty.com/x-ere/${KEY}`, 'https://events.eu.pagerduty.com/x-ere/…cdef'],
  [`http://127.0.0.1:4242/integration/${KEY}/enqueue`, 'http://127.0.0.1:4242/integration/…cdef/enqueue'],
  [`https://user:pass@events.pagerduty.com/x-ere/${KEY}?token=${KEY}`, 'https://events.pagerduty.com/x-ere/…cdef'],
  ['https://events.pagerduty.com/integration/short/enqueue', 'https://events.pagerduty.com/integration/…/enqueue'],
  ['https://example.com/hooks/a-secret-in-another-shape', 'https://example.com/…'],
  [KEY, '…cdef'],
  ['scheme-like:of-twenty', '…enty'],
  ['elevenchars', '…'],
  ['twelve-chars', '…hars'],
  ['', '…'],
]

test.each(masks)('%s is shown as %s wherever a value can be turned into text', (value, shown) => {
  const secret = new Secret(value)
  expect(`${secret}`).toBe(shown)
  expect(JSON.stringify({ secret })).toBe(JSON.stringify({ secret: shown }))
  expect(inspect({ secret }, { showHidden: true, depth: 9 })).toContain(shown)
  expect(Object.keys(secret)).toEqual([])
  expect(secret.reveal()).toBe(value)
})

test('two secrets are equal when their values are, which deep equality cannot see', () => {
  expect(new Secret(KEY).equals(new Secret(KEY))).toBe(true)
  expect(new Secret(KEY).equals(new Secret('f'.repeat(32)))).toBe(false)
  expect(isDeepStrictEqual(new Secret(KEY), new Secret('f'.repeat(32)))).toBe(true)
})

test('the last four characters of a URL are those of its key', () => {
  expect(new Secret(URL_US).last4).toBe('cdef')
  expect(new Secret(KEY).last4).toBe('cdef')
  expect(new Secret('elevenchars').last4).toBe('')
})

test('text loses the URL, its key alone and their encoded forms', () => {
  const clean = scrub(`a ${URL_US} b ${encodeURIComponent(URL_US)} c ${KEY} d`, [new Secret(URL_US)])
  expect(clean).toBe(
    'a https://events.pagerduty.com/integration/…cdef/enqueue b https://events.pagerduty.com/integration/…cdef/enqueue c …cdef d',
  )
})

test('a token with characters that are escaped is found as it looks in a query, in either case', () => {
  const token = new Secret('a+b/c=d+e/f=g+h/ijkl')
  const percent = encodeURIComponent(token.reveal())
  expect(scrub(`${percent} ${percent.toLowerCase()}`, [token])).toBe('…ijkl …ijkl')
})

test('a value too short to be a key is left alone, so that ordinary text is not torn up', () => {
  expect(scrub('a page for a person', [new Secret('a'), new Secret('')])).toBe('a page for a person')
})

test('a scrubber cleans text of what it has learned so far', () => {
  const scrubber = createScrubber()
  expect(scrubber.scrub(KEY)).toBe(KEY)
  scrubber.add(new Secret(KEY))
  scrubber.add(new Secret(KEY))
  expect(scrubber.scrub(`key=${KEY}`)).toBe('key=…cdef')
})

test('no scrubbed text holds a secret, whatever surrounds it and whatever the others are', () => {
  const key = fc.stringMatching(/^[0-9A-Za-z_+/=-]{20,32}$/)
  fc.assert(
    fc.property(fc.array(key, { minLength: 1, maxLength: 4 }), fc.string(), fc.string(), (keys, before, after) => {
      const text = keys.map((value) => `${before}${value}${after}`).join('')
      const clean = scrub(
        text,
        keys.map((value) => new Secret(value)),
      )
      return keys.every((value) => !clean.includes(value))
    }),
  )
})
