import { describe, expect, it } from 'vitest'
import { awsError, failureKind, isThrottle, reading, readingList, rememberCall } from '../../src/aws/failures.ts'

function fault(name: string, message = '', more: object = {}): Error {
  return Object.assign(new Error(message), { name, ...more })
}

describe('what an AWS error means', () => {
  it.each([
    ['NotFoundException', 'absent'],
    ['NoSuchEntityException', 'absent'],
    ['TrailNotFoundException', 'absent'],
    ['AccessDenied', 'denied'],
    ['AuthorizationErrorException', 'denied'],
    ['ExpiredTokenException', 'credentials'],
    ['CredentialsProviderError', 'credentials'],
    ['ThrottlingException', 'busy'],
    ['InternalErrorException', 'busy'],
    ['OperationAbortedException', 'conflict'],
    ['ConflictException', 'conflict'],
    ['ValidationException', 'other'],
    ['InvalidParameterException', 'other'],
  ] as const)('%s is %s', (name, kind) => {
    expect(failureKind(fault(name))).toBe(kind)
  })

  it("is read from the network's code, and from the status where no name is known", () => {
    expect(failureKind(fault('Error', '', { code: 'ECONNREFUSED' }))).toBe('network')
    expect(failureKind(fault('Strange', '', { $metadata: { httpStatusCode: 403 } }))).toBe('denied')
    expect(failureKind(fault('Strange', '', { $metadata: { httpStatusCode: 503 } }))).toBe('busy')
  })

  it('of "Rate exceeded" is a throttle, of a conflict is not', () => {
    expect(isThrottle(fault('ThrottlingException'))).toBe(true)
    expect(isThrottle(fault('ConflictException'))).toBe(false)
  })
})

describe('a read', () => {
  it('that finds nothing is read as undefined, and a list as empty', async () => {
    const gone = () => Promise.reject(fault('NotFoundException'))
    expect(await reading(gone)).toEqual({ state: 'read', value: undefined })
    expect(await readingList(gone)).toEqual({ state: 'read', value: [] })
  })

  it('that is denied is unreadable with the reason, never absent', async () => {
    const denied = () => Promise.reject(fault('AccessDeniedException', 'not authorized'))
    expect(await reading(denied)).toMatchObject({
      state: 'unreadable',
      denied: true,
      why: expect.stringContaining('not authorized'),
    })
    expect(await readingList(denied)).toMatchObject({ state: 'unreadable', denied: true })
  })

  it("that an emulator answers in HTML says so without the SDK's own words", async () => {
    const html = fault(
      'SyntaxError',
      'Unexpected token <\n  Deserialization error: to see the raw response, inspect the hidden field {error}.$response',
      {
        $metadata: { httpStatusCode: 500 },
      },
    )
    const read = await reading(() => Promise.reject(html))
    expect(read).toMatchObject({
      state: 'unreadable',
      denied: false,
      why: 'AWS: HTTP 500 with a response that is not from AWS',
    })
  })

  it('without valid credentials is no fact at all: it ends the run', async () => {
    await expect(reading(() => Promise.reject(fault('ExpiredTokenException', 'expired')))).rejects.toMatchObject({
      exit: 3,
    })
  })
})

describe('the sentence for a person', () => {
  it('names service, operation and cause, and keeps the request id for --verbose', () => {
    const error = fault('InvalidParameterException', 'Bad name.', { $metadata: { requestId: 'abc' } })
    rememberCall(error, { service: 'SNS', operation: 'CreateTopic' })
    expect(awsError(error)).toMatchObject({
      message: 'SNS CreateTopic: InvalidParameterException: Bad name',
      detail: 'request id abc',
      exit: 1,
    })
  })

  it.each([
    ['AccessDenied', 'with an explicit deny in a service control policy', /service control policy of the organization/],
    ['AccessDenied', 'because no permissions boundary allows it', /permissions boundary/],
    ['AccessDenied', 'no identity-based policy allows', /allow sns:CreateTopic/],
    ['TokenProviderError', 'Token is expired, run SSO login', /aws sso login --profile prod/],
    ['CredentialsProviderError', 'Could not load credentials from any providers', /aws configure list-profiles/],
    ['ExpiredToken', 'expired', /aws sts get-caller-identity --profile prod/],
  ])('%s "%s" ends with the one thing to do', (name, message, hint) => {
    const error = fault(name, message)
    rememberCall(error, { service: 'SNS', operation: 'CreateTopic' })
    expect(awsError(error, { profile: 'prod' }).hint).toMatch(hint)
  })
})
