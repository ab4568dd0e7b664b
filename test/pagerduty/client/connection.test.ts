import { expect, test } from 'vitest'
import { Secret } from '../../../src/domain/secret.ts'
import { AppError } from '../../../src/errors.ts'
import { connection, readToken } from '../../../src/pagerduty/client/connection.ts'
import { waitlessClock } from '../../support/pagerduty-account.ts'

const good: readonly (readonly [token: string, type: 'token' | 'bearer'])[] = [
  ['abcdefghij0123456789', 'token'],
  ['a+b/c=d-e_f0123456_Z', 'token'],
  ['  abcdefghij0123456789\r\n', 'token'],
  ['pdus+_0a1b2c3d4e5f6a7b8c9d', 'bearer'],
  ['pdeu+_0a1b2c3d-4e5f.6a7b', 'bearer'],
  ['0123456789abcdef'.repeat(4), 'bearer'],
]

test.each(good)('%j is sent as a %s', (token, type) => {
  const options = { token: new Secret(token), region: 'eu', clock: waitlessClock() } as const
  const { tokenType, token: sent, base } = connection(options)
  expect(tokenType).toBe(type)
  expect(sent.reveal()).toBe(token.trim())
  expect(base.href).toBe('https://api.eu.pagerduty.com/')
})

const bad: readonly (readonly [token: string, says: RegExp])[] = [
  ['', /is empty/],
  ['   ', /is empty/],
  ['abcdefghij012345678', /has 19 characters/],
  ['abcdefghij01234567890', /has 21 characters/],
  ['abcdefghij\n0123456789', /has 21 characters/],
  ['abcdefghij012345678é', /has 20 characters/],
  ['Token token=abcdefghij0123456789', /has 32 characters/],
  ['0123456789abcdef0123456789abcdef', /is an integration key/],
  ['R0SANDBOXSANDBOXSANDBOXSANDBOX00', /is an integration key/],
]

test.each(bad)('%j is refused before any call, without being repeated', (token, says) => {
  const error = thrownBy(() => readToken(token))
  expect(error).toMatchObject({ code: 'pagerduty-token-malformed', exit: 2 })
  expect(error.message).toMatch(says)
  if (token.trim() !== '') expect(`${error.message}${error.hint}${error.stack}`).not.toContain(token)
})

test.each(['https://api.pagerduty.com.evil.example', 'http://10.0.0.1:80', 'ftp://127.0.0.1', 'localhost:80', ''])(
  'a replaced address at %j is refused: only loopback may stand in',
  (baseUrl) => {
    const options = {
      token: new Secret('abcdefghij0123456789'),
      region: 'us',
      clock: waitlessClock(),
      baseUrl,
    } as const
    expect(thrownBy(() => connection(options))).toMatchObject({ code: 'pagerduty-api-url', exit: 2 })
  },
)

function thrownBy(act: () => unknown): AppError {
  try {
    act()
  } catch (error) {
    if (error instanceof AppError) return error
  }
  throw new Error('nothing was refused')
}
