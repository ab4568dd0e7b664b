/** Patterns as people have them and as they come out of their tools, with what a reader must be told (test/fixtures/field). */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { sampleMessages } from '../../../src/detections/samples.ts'
import { lint } from '../../../src/patterns/lint/lint.ts'
import { compile } from '../../../src/patterns/match/match.ts'
import { parsePattern } from '../../../src/patterns/parse/parse.ts'

interface FieldPattern {
  readonly id: string
  readonly pattern: string
}

function read(file: string): readonly FieldPattern[] {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../fixtures/field', file), 'utf8'))
}

const ALL = new Map(
  [...read('patterns.json'), ...read('paste-artefacts.json')].map((one) => [one.id.split(' ')[0], one]),
)
const SAMPLES = sampleMessages()

function findingsOf(id: string) {
  return lint(ALL.get(id)?.pattern ?? '', SAMPLES).findings
}

describe('a pattern that came through a tool is refused or warned of, with the cause and the pattern that was meant', () => {
  test.each([
    ['q01', /backslash before a quote/, /^\{ \(\$\.errorCode = "\*UnauthorizedOperation"\) \|\| /],
    ['q03', /HTML entity/, /"ConsoleLogin"\) && \(/],
    ['q05', /no-break space/, /^\{ \(\$\.eventName = "ConsoleLogin"\)/],
    ['q07', /invisible character/, /^\{ \$\.eventName = "ConsoleLogin" \}$/],
    ['q09', /quotes of Terraform and shells.*no event holds it/, /^\{ \(\$\.eventName = ConsoleLogin\) \}$/],
    ['q11', /outside of the braces/, /^\{ \(\$\.eventName = ConsoleLogin\) \}$/],
    ['q13', /writes \$\.eventName/, /^\{ \$\.eventName = "DeleteTrail" \}$/],
    ['q17', /iam\.amazonaws\.com/, /"iam\.amazonaws\.com"/],
    ['q19', /a call of cloudtrail\.amazonaws\.com/, /"cloudtrail\.amazonaws\.com"/],
    ['q21', /"Root"/, /"Root"/],
    ['q23', /the record itself/, /^\{ \$\.eventName = "StopLogging" \}$/],
    ['q25', /misses Client\.UnauthorizedOperation/, /"\*UnauthorizedOperation"/],
    ['q29', /== is not an operator/, / = "ConsoleLogin"/],
    ['q33', /line break/, /^\{ \(\$\.eventName = "ConsoleLogin"\) \|\| \(\$\.eventName = "SwitchRole"\) \}$/],
    ['q37', /no ranges/, /"10\.\*"/],
    ['q41', /full-width/, /^\{ \(\$\.eventName = "ConsoleLogin"\) \}$/],
    ['p01', /misses AccessDeniedException/, /"AccessDenied\*".*"\*UnauthorizedOperation"/],
    ['p43', /curly quote/, /"my-repo"/],
    ['p47', /recipientAccountId/, /\$\.recipientAccountId.*\$\.eventName = "DescribeInstances"/],
    ['p57', /Failed authentication/, /"Failed authentication"/],
  ])('%s', (id, message, meant) => {
    const [first] = findingsOf(id)
    expect(first).toMatchObject({
      message: expect.stringMatching(message),
      suggestion: expect.stringMatching(meant),
    })
  })

  test.each([
    ['q15', /\d+ of \d+ sample events match/],
    ['q31', /\$\{account_id\} was never filled in/],
    ['q27', /cannot follow/],
    ['q39', /no negation/],
    ['p05', /root carry no/],
    ['p20', /operator is missing/],
    ['p34', /no pattern is offered, since the form without this fault matches \d+ of \d+ sample events/],
    ['p51', /not with another field/],
    ['p55', /MFAUsed/],
  ])('%s has no suggestion, only the cause', (id, message) => {
    const about = findingsOf(id).find((finding) => message.test(finding.message))
    expect(about).toBeDefined()
    expect(about).not.toHaveProperty('suggestion')
  })

  test.each(['p03', 'p07', 'p09', 'p18', 'p30', 'p32', 'p49', 'p61', 'p67', 'q35', 'q43'])('%s is well', (id) => {
    expect(findingsOf(id)).toEqual([])
  })

  test.each(['p11', 'p41', 'p53', 'p63'])('%s loses the events that lack its field', (id) => {
    expect(findingsOf(id).map(({ rule }) => rule)).toContain('absent-field')
  })
})

describe('a suggestion', () => {
  test.each([...ALL.keys()].map((id) => [id ?? '']))('of %s has been run on the sample events', (id) => {
    const before = countOf(ALL.get(id)?.pattern ?? '')
    for (const { suggestion } of findingsOf(id)) {
      if (suggestion === undefined) continue
      expect(lint(suggestion, SAMPLES).findings).toEqual([])
      expect(countOf(suggestion) * 2).toBeLessThanOrEqual(SAMPLES.length)
      if (before > 0 && before * 2 <= SAMPLES.length) expect(countOf(suggestion)).toBeGreaterThan(0)
    }
  })
})

describe('an exclusion loses nothing', () => {
  test.each([
    ['of a field that every record has', '{ ($.errorCode = "X") && ($.userIdentity.type != "AWSService") }'],
    [
      'of a field that the type of the caller brings',
      '{ ($.userIdentity.type = "IAMUser") && ($.userIdentity.userName != "ci") && ($.errorCode = "X") }',
    ],
    [
      'of the issuer of a session',
      '{ ($.eventName = "X") && (($.userIdentity.type != "AssumedRole") || (($.userIdentity.type = "AssumedRole") && ($.userIdentity.sessionContext.sessionIssuer.userName != "ci"))) }',
    ],
    [
      'where the branch beside it takes the events without the field',
      '{ ($.errorCode = "AccessDenied*") && (($.eventName != "Decrypt") || ($.userIdentity.invokedBy != "config.amazonaws.com")) }',
    ],
  ])('%s', (_, pattern) => {
    expect(lint(pattern).findings.filter(({ rule }) => rule === 'absent-field')).toEqual([])
  })
})

function countOf(text: string): number {
  const parsed = parsePattern(text)
  return parsed.validity === 'refused' ? 0 : SAMPLES.filter(compile(parsed.pattern)).length
}

describe('a value that takes in more than was meant', () => {
  test.each([
    ['p12b', /\^ holds for one alternative.*\^eksctl-\.\*blue and green\.\*/],
    ['p24', /Create\* counts calls of every service, such as CreateLogStream and CreateTags/],
    ['p28', /\*i-\* matches i- anywhere in \$\.userIdentity\.arn/],
  ])('%s', (id, message) => {
    expect(findingsOf(id)).toContainEqual(
      expect.objectContaining({ rule: 'loose-value', status: 'warn', message: expect.stringMatching(message) }),
    )
  })

  test.each([
    ['{ ($.eventSource = "iam.amazonaws.com") && ($.eventName = "Create*") }'],
    ['{ $.userIdentity.arn = "*/i-*" && $.eventName = "RunInstances" }'],
    ['{ $.userIdentity.arn = %^arn:aws:sts.*/i-|^arn:aws:sts.*/ec2% }'],
    ['{ $.userIdentity.arn = %ops|admin% }'],
  ])('is not seen in %s', (pattern) => {
    expect(lint(pattern, SAMPLES).findings.filter(({ rule }) => rule === 'loose-value')).toEqual([])
  })

  test('p14 and p16 are told that a record without a session is never counted', () => {
    for (const id of ['p14', 'p16']) {
      expect(findingsOf(id)[0]).toMatchObject({
        rule: 'absent-field',
        message: expect.stringContaining('mfaAuthenticated are never counted'),
      })
    }
  })
})
