import { describe, expect, it } from 'vitest'
import { clockSkewMinutes, clockSkewText } from '../../src/aws/clock-skew.ts'
import { awsError, rememberCall } from '../../src/aws/failures.ts'

const behind = 'Signature expired: 20261129T100000Z is now earlier than 20261129T102500Z (20261129T103000Z - 5 min.)'
const ahead =
  'Signature not yet current: 20261129T110000Z is still later than 20261129T102500Z (20261129T102000Z + 5 min.)'

describe('N29 a clock that is off', () => {
  it.each([
    [behind, "this machine's clock is 30 minutes behind"],
    [ahead, "this machine's clock is 40 minutes ahead"],
  ])("is told from AWS's own words: %s", (message, text) => {
    const error = Object.assign(new Error(message), { name: 'SignatureDoesNotMatch' })
    expect(clockSkewText(clockSkewMinutes(error) ?? 0)).toBe(text)
    expect(awsError(error)).toMatchObject({
      code: 'aws-credentials',
      message: `AWS: ${text}`,
      hint: expect.stringContaining('set the clock'),
    })
  })

  it('is told from the fields of S3', () => {
    const error = Object.assign(
      new Error('The difference between the request time and the current time is too large.'),
      {
        name: 'RequestTimeTooSkewed',
        RequestTime: '20261129T100000Z',
        ServerTime: '2026-11-29T10:16:00Z',
      },
    )
    expect(clockSkewMinutes(error)).toBe(16)
  })

  it('is not blamed for a wrong secret', () => {
    expect(clockSkewMinutes(new Error('The request signature we calculated does not match'))).toBeUndefined()
  })
})

describe('N30 an answer that is not from AWS', () => {
  const html = (status: number) =>
    Object.assign(new Error('Unexpected token < Deserialization error: inspect $response'), {
      name: 'SyntaxError',
      $metadata: { httpStatusCode: status },
    })

  it.each([
    [407, 'sts.us-east-1.amazonaws.com', 'a proxy or a sign-in page stands between', 'user name and password'],
    [403, 'sts.us-east-1.amazonaws.com', 'a proxy or a sign-in page stands between', 'check the proxy'],
    [500, '127.0.0.1', '127.0.0.1 sent it', 'check what answers at 127.0.0.1'],
  ])('HTTP %i of %s names who stands between', (status, host, message, hint) => {
    const error = html(status)
    rememberCall(error, { service: 'STS', operation: 'GetCallerIdentity', host })
    const read = awsError(error)
    expect(read.code).toBe('aws-network')
    expect(read.message).toContain(message)
    expect(read.hint).toContain(hint)
    expect(read.hint).not.toContain('busy')
  })
})
