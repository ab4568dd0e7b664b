/** What the linter finds, where, and what it proposes. */
import { describe, expect, test } from 'vitest'
import { catalogue } from '../../../src/detections/catalogue.ts'
import { lint } from '../../../src/patterns/lint/lint.ts'

type Row = readonly [pattern: string, findings: readonly string[], suggestion?: string]

/** Findings are written `rule status @column`. */
const ROWS: Readonly<Record<string, readonly Row[]>> = {
  'an absent field loses events': [
    ['{ $.errorCode != "X" }', ['absent-field warn @3'], '{ ($.errorCode NOT EXISTS) || ($.errorCode != "X") }'],
    ['{ $.eventName != "X" }', []],
    // Sign-ins always say whether MFA was used.
    ['{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }', []],
    ['{ $.additionalEventData.MFAUsed != "Yes" }', ['absent-field warn @3']],
    [
      '{ ($.eventName = "ConsoleLogin" || $.eventName = "X") && $.additionalEventData.MFAUsed != "Yes" }',
      ['absent-field warn @58'],
    ],
    ['{ ($.errorCode NOT EXISTS) || ($.errorCode != "X") }', []],
    ['{ $.a NOT EXISTS || ($.a != "X" && $.a != "Y") }', []],
    ['{ $.a = "*" && $.a != "X" }', []],
    ['{ ($.a = "x*" || $.a = "y*") && $.a != "xx" }', []],
    [
      '{ ($.a = "x*" || $.b = "y*") && $.a != "xx" }',
      ['absent-field warn @33'],
      '{ (($.a = "x*") || ($.b = "y*")) && (($.a NOT EXISTS) || ($.a != "xx")) }',
    ],
    ['{ $.eventName = "E" && ($.userAgent NOT EXISTS || $.errorCode != "X") }', ['absent-field warn @51']],
    [
      '{ $.eventName = "E" && $.resources[*].type != "T" }',
      ['absent-field warn @24'],
      '{ ($.eventName = "E") && (($.resources NOT EXISTS) || ($.resources[*].type != "T")) }',
    ],
    [
      '{ $.eventName = "E" && $.errorCode != "X" && $.errorCode != "Y" }',
      ['absent-field warn @24', 'absent-field warn @46'],
      '{ ($.eventName = "E") && (($.errorCode NOT EXISTS) || (($.errorCode != "X") && ($.errorCode != "Y"))) }',
    ],
  ],
  'a tautology matches nearly everything': [
    ['', ['tautology fail @1']],
    ['[]', ['tautology fail @1']],
    ['%a*%', ['tautology fail @1']],
    ['{ $.eventName = * }', ['tautology fail @3']],
    [
      '{ $.errorCode = "A" || $.eventName != "B" }',
      ['tautology fail @24'],
      '{ ($.errorCode = "A") && ($.eventName != "B") }',
    ],
    [
      '{ $.eventName != "A" || $.eventName != "B" }',
      ['tautology fail @3'],
      '{ ($.eventName != "A") && ($.eventName != "B") }',
    ],
    // Not both at once: that excludes a combination, and is right.
    ['{ $.errorCode = "A" && ($.eventSource != "s.amazonaws.com" || $.eventName != "B") }', []],
    [
      '{ $.errorCode = "A" && ($.eventName != "B" || $.eventName != "C") }',
      ['tautology fail @25'],
      '{ ($.errorCode = "A") && ($.eventName != "B") && ($.eventName != "C") }',
    ],
    ['{ $.sourceIPAddress != 123.123.* }', []],
  ],
  'a contradiction never matches': [
    [
      '{ $.eventName = "A" && $.eventName = "B" }',
      ['never-matches fail @24'],
      '{ ($.eventName = "A") || ($.eventName = "B") }',
    ],
    ['{ $.eventName = "A*" && $.eventName = "AB" }', []],
    ['{ $.a NOT EXISTS && $.a = 1 }', ['never-matches fail @21']],
    ['{ $.a > 5 && $.a < 3 }', ['never-matches fail @14']],
    ['{ $.b = 1 || ($.a IS TRUE && $.a IS FALSE) }', ['never-matches warn @30']],
    ['{ $.eventName NOT EXISTS }', ['never-matches fail @3']],
    ['{ $.responseElements = * }', ['never-matches fail @3']],
    ['{ $.recipientAccountId > 1 }', ['never-matches fail @3']],
    ['{ $.resources.type = "T" }', ['never-matches fail @3'], '{ $.resources[*].type = "T" }'],
    ['{ $.userIdentity.type = root }', ['never-matches fail @25'], '{ $.userIdentity.type = "Root" }'],
    ['{ $.eventSource = "s3" }', ['never-matches fail @19'], '{ $.eventSource = "s3.amazonaws.com" }'],
  ],
  'mixed operators without parentheses': [
    ['{ $.a = 1 || $.b = 2 && $.c = 3 }', ['precedence warn @14'], '{ ($.a = 1) || (($.b = 2) && ($.c = 3)) }'],
    ['{ $.a = 1 || ($.b = 2 && $.c = 3) }', []],
    [
      '{ $.s = "x" && $.n = "a" || $.n = "b" }',
      ['precedence warn @3'],
      '{ ($.s = "x") && (($.n = "a") || ($.n = "b")) }',
    ],
  ],
  'a number in quotes': [
    ['{ $.port = "22" }', ['quoted-number warn @12'], '{ $.port = 22 }'],
    ['{ $.recipientAccountId = "111122223333" }', []],
    ['{ $.owner = "111122223333" }', []],
    ['{ $.port = 22 }', []],
  ],
  'a star that does nothing': [
    ['{ $.a = "x*y" }', ['dead-wildcard warn @9'], '{ $.a = %^x.*y$% }'],
    ['{ $.a = "*x*y(*" }', ['dead-wildcard warn @9'], '{ $.a = %x.*y\\x28% }'],
    ['{ $.a = "**x" }', ['dead-wildcard warn @9'], '{ $.a = "*x" }'],
    ['{ $.a = "*x*" }', []],
    ['"ERR*"', ['dead-wildcard warn @1'], 'ERR'],
    [
      '{ $.eventName = "A" && $.errorCode != * }',
      ['never-matches fail @24'],
      '{ ($.eventName = "A") && ($.errorCode NOT EXISTS) }',
    ],
  ],
  'a field that no record has': [
    ['{ $.eventNames = "ConsoleLogin" }', ['unknown-field warn @3'], '{ $.eventName = "ConsoleLogin" }'],
    ['{ $.username = "bob" }', ['unknown-field warn @3'], '{ $.userIdentity.userName = "bob" }'],
    ['{ ($.eventName = "CreateUser") && ($.user.type = "Root") }', ['unknown-field warn @36']],
    ['{ ($.eventName = "CreateUser") && ($.bucketOwner NOT EXISTS) }', ['unknown-field warn @36']],
    // Newer ones, and those of Insights and of aggregated events.
    ...['addendum.reason', 'tlsDetails.tlsVersion', 'eventContext.requestContext', 'insightDetails.state'].map(
      (path): Row => [`{ ($.eventType = "AwsApiCall") && ($.${path} = "x") }`, []],
    ),
    ...['sessionCredentialFromConsole', 'vpcEndpointAccountId', 'edgeDeviceDetails', 'timeWindow.windowSize'].map(
      (path): Row => [`{ ($.eventType = "AwsApiCall") && ($.${path} NOT EXISTS) }`, []],
    ),
    // Of other logs.
    ['{ $.level = "ERROR" }', []],
    ['{ ($.message = "*timeout*") && ($.statusCode >= 500) }', []],
    ['{ ($.username = "bob") && ($.level = "ERROR") }', []],
    ['{ ($.errorCode = "E1") && ($.service = "billing") }', []],
  ],
  'a boolean as text': [
    ['{ $.readOnly = true }', ['boolean-case fail @16'], '{ $.readOnly IS TRUE }'],
    [
      '{ $.managementEvent != "true" }',
      ['absent-field warn @3', 'boolean-case fail @24'],
      '{ $.managementEvent IS FALSE }',
    ],
    ['{ $.a = true }', ['boolean-case warn @9'], '{ $.a IS TRUE }'],
    ['{ $.a = "True" }', ['boolean-case warn @9'], '{ $.a IS TRUE }'],
    ['{ $.a = "true" }', []],
    ['{ $.userIdentity.sessionContext.attributes.mfaAuthenticated = "true" }', []],
    [
      '{ $.userIdentity.sessionContext.attributes.mfaAuthenticated IS FALSE }',
      ['boolean-case fail @3'],
      '{ $.userIdentity.sessionContext.attributes.mfaAuthenticated = "false" }',
    ],
  ],
  'limits of AWS': [
    [`{ $.a = 1${' '.repeat(1100)}}`, ['too-long fail @1025'], '{ $.a = 1 }'],
    [`{ $.a = "${'x'.repeat(1100)}" }`, ['too-long fail @1025']],
    [
      '{ $.a = %x% || $.b = %y% || $.c = %z% }',
      ['regex-quota fail @35'],
      '{ $.a = "*x*" || $.b = "*y*" || $.c = "*z*" }',
    ],
    ['{ $.a = %x+% || $.b = %y+% || $.c = %z+% }', ['regex-quota fail @37']],
  ],
  'raw text': [
    ['a-b', ['split-term warn @2'], '"a-b"'],
    ['?ERROR timeout', ['ignored-term warn @1'], 'timeout'],
    ['ERROR " "', ['tautology warn @7'], 'ERROR'],
    ['%10.0.0.1%', ['regex-dot warn @1'], '%10\\.0\\.0\\.1%'],
    ['[ip = %10.0.0.1%, rest]', ['regex-dot warn @7'], '[ip = %10\\.0\\.0\\.1%, rest]'],
    ['ERROR "two words"', []],
  ],
  syntax: [
    ['{ status = 401 }', ['syntax fail @3'], '{ $.status = 401 }'],
    ["{ $.a = 'x' }", ['syntax warn @9'], '{ $.a = "x" }'],
    ['{ $.a = 1 ||\n $.b = 2 }', ['syntax warn @13'], '{ ($.a = 1) || ($.b = 2) }'],
    ['{ $.a = 1 AND $.b = 2 OR $.c = 3 }', ['syntax fail @11'], '{ (($.a = 1) && ($.b = 2)) || ($.c = 3) }'],
  ],
}

for (const [title, rows] of Object.entries(ROWS)) {
  describe(title, () => {
    for (const [pattern, expected, suggestion] of rows) {
      test(`${pattern.slice(0, 100)} → ${expected.join(', ') || 'clean'}`, () => {
        const { findings } = lint(pattern)
        expect(findings.map(({ rule, status, column }) => `${rule} ${status} @${column}`)).toEqual(expected)
        if (suggestion !== undefined) expect(findings.map((finding) => finding.suggestion)).toContain(suggestion)
      })
    }
  })
}

test('every suggestion in this table is clean itself', () => {
  const suggestions = Object.values(ROWS).flatMap((rows) =>
    rows.flatMap(([pattern]) => lint(pattern).findings.map((finding) => finding.suggestion)),
  )
  for (const suggestion of suggestions)
    if (suggestion !== undefined) expect(lint(suggestion)).toEqual({ valid: true, findings: [] })
})

test('valid says whether AWS takes the pattern, not whether it is a good one', () => {
  expect(lint('{ $.eventName = * }').valid).toBe(true)
  expect(lint('{ $.eventName == "A" }').valid).toBe(false)
})

test.each(catalogue.map(({ id, paging }) => [id, paging.pattern]))(
  'the pattern that pages for %s is clean',
  (_, pattern) => {
    expect(lint(pattern)).toEqual({ valid: true, findings: [] })
  },
)
