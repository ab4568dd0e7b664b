import { describe, expect, it } from 'vitest'
import { type AwsBackend, awsFault } from '../../../src/aws/backend.ts'
import { verifyPatterns } from '../../../src/aws/readers/pattern-verification.ts'
import { connectAws } from '../../../src/aws/session.ts'

const PROBES = [1, 2, 3, 4, 5].map((number) => ({
  filter: `filter-${number}`,
  detection: 'probe',
  pattern: `{ $.a = ${number} }`,
  messages: ['{}'],
}))

/** Asks about five patterns; a clock that jumps tells how long that would have taken. */
async function asked(answer: () => object) {
  let now = 0
  let calls = 0
  const backend: AwsBackend = async ({ operation }) => {
    if (operation === 'GetCallerIdentity') return { Account: '123456789012', Arn: 'arn:aws:iam::123456789012:user/a' }
    calls += 1
    return answer()
  }
  const clock = {
    now: () => new Date(now),
    async sleep(milliseconds: number) {
      now += milliseconds
    },
  }
  const target = { profile: undefined, region: 'us-east-1', endpointUrl: undefined }
  const aws = await connectAws(target, { env: {}, backend })
  const answers = await verifyPatterns(PROBES, { aws, clock, signal: new AbortController().signal })
  return { answers, calls, waited: now }
}

describe('the oracle of filter patterns', () => {
  it('is asked five times a second at most', async () => {
    const { answers, calls, waited } = await asked(() => ({ matches: [] }))
    expect([answers.length, calls]).toEqual([5, 5])
    expect(waited).toBeGreaterThanOrEqual(800)
  })

  it('that is not there is asked once, and nobody waits for the questions that are not asked', async () => {
    const { answers, calls, waited } = await asked(() => {
      throw awsFault('AccessDeniedException', 'no')
    })
    expect(answers).toEqual([undefined, undefined, undefined, undefined, undefined])
    expect([calls, waited]).toEqual([1, 0])
  })
})
