/** Patterns that lost or flooded pages in the field, by the id of their case. */
import { describe, expect, test } from 'vitest'
import { lint } from '../../src/patterns/lint/lint.ts'
import { compile } from '../../src/patterns/match/match.ts'
import { parsePattern } from '../../src/patterns/parse/parse.ts'
import { type Pattern, sameMeaning } from '../../src/patterns/pattern.ts'

function read(text: string): Pattern {
  const parsed = parsePattern(text)
  if (parsed.validity === 'refused') throw new Error(`${parsed.message}: ${text}`)
  return parsed.pattern
}

function matches(text: string, event: object): boolean {
  return compile(read(text))(JSON.stringify(event))
}

const denied = event({ eventSource: 'iam.amazonaws.com', eventName: 'CreateUser', errorCode: 'AccessDenied' })
const deniedByPrefix = event({ eventName: 'RunInstances', errorCode: 'Client.UnauthorizedOperation' })
const benign = event({ eventName: 'DescribeInstances' })
const keyDisabled = event({ eventSource: 'kms.amazonaws.com', eventName: 'DisableKey' })

function event(fields: object): object {
  return {
    eventVersion: '1.11',
    userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::123456789012:user/alice', accountId: '123456789012' },
    eventTime: '2026-01-15T10:00:00Z',
    eventSource: 'ec2.amazonaws.com',
    awsRegion: 'us-east-1',
    sourceIPAddress: '198.51.100.23',
    requestParameters: null,
    responseElements: null,
    eventType: 'AwsApiCall',
    ...fields,
  }
}

describe('C23 an exclusion on an absent field loses every event without it', () => {
  const pattern = '{($.errorCode = "AccessDenied") && ($.userIdentity.invokedBy != "cloudfront.amazonaws.com")}'

  test('C23 the denied call of a person has no invokedBy, and does not match', () => {
    expect(matches(pattern, denied)).toBe(false)
  })

  test('C23 the linter names the field and proposes a guard, with which the call matches', () => {
    const { findings } = lint(pattern)
    expect(findings).toMatchObject([
      { rule: 'absent-field', column: 37, message: expect.stringContaining('userIdentity.invokedBy') },
    ])
    const guarded = findings[0]?.suggestion ?? ''
    expect(matches(guarded, denied)).toBe(true)
    expect(matches(guarded, { ...denied, userIdentity: { invokedBy: 'cloudfront.amazonaws.com' } })).toBe(false)
    expect(matches(guarded, { ...denied, userIdentity: { invokedBy: 'ec2.amazonaws.com' } })).toBe(true)
  })
})

describe('C24 exclusions joined by || match nearly everything', () => {
  const pattern =
    '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") || ($.sourceIPAddress != "delivery.logs.amazonaws.com") || ($.eventName != "HeadBucket") }'

  test('C24 the printed benchmark text matches a harmless call', () => {
    expect(matches(pattern, benign)).toBe(true)
  })

  test('C24 the linter fails it and proposes the && form, which leaves the call alone', () => {
    const { findings } = lint(pattern)
    expect(findings).toMatchObject([{ rule: 'tautology', status: 'fail' }])
    const repaired = findings[0]?.suggestion ?? ''
    expect(matches(repaired, benign)).toBe(false)
    expect(matches(repaired, denied)).toBe(true)
    expect(matches(repaired, { ...denied, eventName: 'HeadBucket' })).toBe(false)
  })
})

describe('C26 a literal that AWS never sends', () => {
  const wrongCode = '{ ($.errorCode = "*UnauthorizedAccess") || ($.errorCode = "AccessDenied*") }'
  const wrongField = '{ $.eventSource = kms* && $.errorMessage = "* is pending deletion." }'

  test('C26 neither pattern sees its own event', () => {
    expect(matches(wrongCode, deniedByPrefix)).toBe(false)
    expect(matches(wrongField, keyDisabled)).toBe(false)
  })

  test('C26 the linter knows the code that was meant', () => {
    const { findings } = lint(wrongCode)
    expect(findings).toMatchObject([{ rule: 'never-matches', column: 18 }])
    expect(matches(findings[0]?.suggestion ?? '', deniedByPrefix)).toBe(true)
  })
})

describe('C27 syntax that AWS refuses with a vague text', () => {
  test.each<readonly [pattern: string, column: number, message: RegExp]>([
    ['{ status = 401 }', 3, /\$\.status/],
    ['{ $.eventName = “ConsoleLogin” }', 17, /straight quote/],
    ['{ $.a = "x" ', 12, /must end with }/],
    [`{ $.a = "${'x'.repeat(1025 - 13)}"  }`, 1025, /at most 1024/],
  ])('C27 %s', (text, column, message) => {
    const [finding, ...others] = lint(text).findings
    expect(others).toEqual([])
    expect(finding).toMatchObject({ status: 'fail', column, message: expect.stringMatching(message) })
  })

  test('C27 blanks outside of the braces are no part of the meaning, and are said to be a risk', () => {
    expect(sameMeaning(read(' {$.a = "x"} '), read('{ $.a = "x" }'))).toBe(true)
    expect(lint(' {$.a = "x"} ').findings).toMatchObject([
      { rule: 'syntax', status: 'warn', suggestion: '{ $.a = "x" }' },
    ])
  })

  test('C27 single quotes are part of the text', () => {
    expect(matches("{ $.a = 'x' }", { a: "'x'" })).toBe(true)
    expect(lint("{ $.a = 'x' }").findings).toMatchObject([
      { rule: 'syntax', status: 'warn', suggestion: '{ $.a = "x" }' },
    ])
  })

  test('C27 an empty pattern matches everything', () => {
    expect(lint('').findings).toMatchObject([{ rule: 'tautology', status: 'fail' }])
  })

  test('C27 a bare phrase is three words in any order', () => {
    expect(compile(read('My error text'))('text of My error')).toBe(true)
  })
})

describe('C29 scanners compare texts, this compares meanings', () => {
  const pattern = '{ ($.eventName = StopLogging) || ($.eventName = DeleteTrail) }'

  test.each([
    ['order and quotes', '{($.eventName="DeleteTrail")||($.eventName="StopLogging")}'],
    ['line breaks', '{\n  ($.eventName = StopLogging) ||\n  ($.eventName = DeleteTrail)\n}'],
    ['parentheses', '{ (($.eventName = StopLogging) || (($.eventName = "DeleteTrail"))) }'],
    ['a repetition', '{ $.eventName = StopLogging || $.eventName = DeleteTrail || $.eventName = StopLogging }'],
  ])('C29 another %s means the same', (_, other) => {
    expect(sameMeaning(read(pattern), read(other))).toBe(true)
  })

  test.each([
    ['{ ($.eventName = StopLogging) && ($.eventName = DeleteTrail) }'],
    ['{ ($.eventName = StopLogging) || ($.eventName = deleteTrail) }'],
    ['{ (($.eventName = StopLogging) || ($.eventName = DeleteTrail)) && ($.errorCode NOT EXISTS) }'],
  ])('C29 %s means something else', (other) => {
    expect(sameMeaning(read(pattern), read(other))).toBe(false)
  })
})
