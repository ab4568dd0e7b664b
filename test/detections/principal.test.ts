import fc from 'fast-check'
import { expect, test } from 'vitest'
import { catalogue } from '../../src/detections/catalogue.ts'
import { excludePrincipals } from '../../src/detections/principal.ts'
import { AppError } from '../../src/errors.ts'
import { MAX_PATTERN_LENGTH } from '../../src/patterns/parse/parse.ts'

const ISSUER = '$.userIdentity.sessionContext.sessionIssuer.arn'
const IDENTITY = '$.userIdentity.arn'
const role = 'arn:aws:iam::111122223333:role/ci-deployer'
const user = 'arn:aws:iam::111122223333:user/robot'
const session = 'arn:aws:sts::111122223333:assumed-role/ci/build-*'
const guarded = (field: string, arn: string) => `((${field} NOT EXISTS) || (${field} != "${arn}"))`

test.each([
  ['a role, by the issuer of its sessions', [role], `{ $.a = 1 && ${guarded(ISSUER, role)} }`],
  ['a user, by both fields', [user], `{ $.a = 1 && ${guarded(ISSUER, user)} && ${guarded(IDENTITY, user)} }`],
  ['sessions, by their own ARN', [session], `{ $.a = 1 && ${guarded(IDENTITY, session)} }`],
  ['nobody', [], '{ $.a = 1 }'],
  ['a role that is given twice', [role, role], `{ $.a = 1 && ${guarded(ISSUER, role)} }`],
  [
    'two roles under one guard',
    [role, `${role}-2`],
    `{ $.a = 1 && ((${ISSUER} NOT EXISTS) || ((${ISSUER} != "${role}") && (${ISSUER} != "${role}-2"))) }`,
  ],
])('leaves out %s', (_, arns, pattern) => {
  expect(excludePrincipals('{ $.a = 1 }', arns).pattern).toBe(pattern)
})

test('an OR at the top is put in parentheses first, one that stands deeper or in a text is not', () => {
  const term = guarded(ISSUER, role)
  const composed = (text: string) => excludePrincipals(text, [role]).pattern
  expect(composed('{ ($.a = 1) || ($.b = 2) }')).toBe(`{ (($.a = 1) || ($.b = 2)) && ${term} }`)
  expect(composed('{ (($.a = 1) || ($.b = 2)) }')).toBe(`{ (($.a = 1) || ($.b = 2)) && ${term} }`)
  expect(composed('{$.a = "x || \\" (y" && $.b = 2}')).toBe(`{ $.a = "x || \\" (y" && $.b = 2 && ${term} }`)
})

test('a star that names no kind of principal never looks where callers choose the name of their session', () => {
  expect(excludePrincipals('{ $.a = 1 }', ['*AWSControlTower*']).pattern).not.toContain(IDENTITY)
})

test('every exclusion that the catalogue suggests can be given as it stands', () => {
  const suggested = catalogue.flatMap(({ id, paging, recommendedExclusions }) =>
    recommendedExclusions.flatMap(({ principal }) => (principal === undefined ? [] : [{ id, paging, principal }])),
  )
  expect(suggested.length).toBeGreaterThan(5)
  for (const { id, paging, principal } of suggested) {
    expect(excludePrincipals(paging.pattern, [principal], id).pattern).toContain(principal)
  }
})

test('a deployer role fits into every detection', () => {
  for (const { id, paging } of catalogue) {
    expect(excludePrincipals(paging.pattern, [role], id).pattern.length, id).toBeLessThanOrEqual(MAX_PATTERN_LENGTH)
  }
})

test('says in plain words what is no longer seen', () => {
  expect(excludePrincipals('{ $.a = 1 }', [role, user, '*:role/app-*']).lost).toMatchInlineSnapshot(
    `"No longer seen: all sessions, whoever holds them, of the role arn:aws:iam::111122223333:role/ci-deployer; all acts, also with stolen keys, of the user arn:aws:iam::111122223333:user/robot; all sessions, whoever holds them, of the role *:role/app-*, in any account, including names created later."`,
  )
  expect(excludePrincipals('{ $.a = 1 }', []).lost).toBe('Nothing is lost.')
})

test('names the exclusions that stand for people', () => {
  const admins =
    'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com/eu-west-1/AWSReservedSSO_Admin_0123456789abcdef'
  expect(excludePrincipals('{ $.a = 1 }', [role, admins]).people).toEqual([admins])
})

test.each([
  [''],
  ['*'],
  ['**'],
  ['***'],
  ['arn:*'],
  ['arn:aws:iam::*'],
  ['arn:aws:iam::111122223333:*'],
  ['arn:aws:iam::111122223333:role/*'],
  ['arn:aws-cn:iam::111122223333:user/*'],
  ['arn:aws:iam::1111*'],
  ['arn:aws:sts::111122223333:assumed-role/*'],
  ['arn:aws:iam::111122223333:root'],
  ['arn:aws-us-gov:iam::111122223333:root'],
  ['*:root'],
  ['*root*'],
  ['*:role/*'],
  ['*assumed-role*'],
  ['*111122223333*'],
  ['*2222:user/*'],
  ['*n*'],
  ['*admin'],
])('%j would blind a detection', (arn) => {
  expect(refusal([arn])).toMatchObject({ code: 'blinding-principal', exit: 2 })
})

test.each([
  ['arn:aws:iam::111122223333:role/*-deployer', 'has a star inside'],
  ['arn:aws:iam::*:role/ci', 'has a star inside'],
  [' arn:aws:iam::111122223333:role/ci', 'holds a character that no ARN has'],
  ['arn:aws:iam::111122223333:role/c"i', 'holds a character that no ARN has'],
  ['arn:aws:iam::111122223333:role/c\\i', 'holds a character that no ARN has'],
  ['arn:aws:iam::111122223333:role/ci\n', 'holds a character that no ARN has'],
  ['ci-deployer', 'is not the ARN'],
  ['role/ci*', 'is not the ARN'],
  ['arn:aws:iam::111122223333:group/admins', 'is not the ARN'],
  ['arn:aws:iam::1111:role/ci', 'is not the ARN'],
  ['arn:aws:sts::111122223333:assumed-role/ci', 'is not the ARN'],
])('%j is no principal: it %s', (arn, problem) => {
  const error = refusal([arn])
  expect(error).toMatchObject({ code: 'bad-principal', exit: 2 })
  expect(error.message).toContain(problem)
})

test.each([['ERROR'], ['[a, b]'], ['{}'], ['']])('nobody can be left out of %j', (pattern) => {
  expect(refusal([role], pattern).code).toBe('exclusion-needs-json')
})

test('a refusal names the detection', () => {
  expect(
    refusal(
      Array.from({ length: 20 }, (_, i) => `${role}-${i}`),
      '{ $.a = 1 }',
      'vpc-changes',
    ).message,
  ).toMatch(/^vpc-changes: the pattern would have [0-9]+ characters, and a metric filter holds 1024$/)
})

const name = fc.stringMatching(/^[\w+=,.@-]{1,64}$/)
const anyPrincipal = fc
  .tuple(fc.constantFrom('role', 'user'), name, fc.constantFrom('', '*'))
  .map(([kind, text, star]) => `arn:aws:iam::111122223333:${kind}/${text}${star}`)

test('whoever is left out, the pattern fits or is refused, and every comparison is guarded', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...catalogue),
      fc.array(anyPrincipal, { minLength: 1, maxLength: 6 }),
      (detection, arns) => {
        const before = detection.paging.pattern
        const after = attempt(before, arns)
        if (after === undefined) return
        expect(after.length).toBeLessThanOrEqual(MAX_PATTERN_LENGTH)
        const kept = before.slice(1, -1).trim()
        expect(after.startsWith(`{ ${kept} && ((`) || after.startsWith(`{ (${kept}) && ((`)).toBe(true)
        const added = after.slice(after.indexOf(kept) + kept.length)
        for (const field of [ISSUER, IDENTITY]) {
          const guards = added.split(`((${field} NOT EXISTS) || `).length - 1
          expect(guards).toBe(added.includes(`(${field} != `) ? 1 : 0)
        }
        for (const arn of arns) expect(added).toContain(`"${arn}"`)
        expect(added.split('(').length - added.split(')').length).toBe(after.startsWith(`{ (${kept})`) ? -1 : 0)
      },
    ),
  )
})

test('no text at all makes it crash', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), anyPrincipal), fc.string(), (arn, pattern) => {
      attempt('{ $.a = 1 }', [arn])
      attempt(pattern, [role])
    }),
  )
})

function attempt(pattern: string, arns: readonly string[]): string | undefined {
  try {
    return excludePrincipals(pattern, arns).pattern
  } catch (error) {
    if (error instanceof AppError) return undefined
    throw error
  }
}

function refusal(arns: readonly string[], pattern = '{ $.a = 1 }', subject = 'every detection'): AppError {
  try {
    excludePrincipals(pattern, arns, subject)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('nothing was refused')
}
