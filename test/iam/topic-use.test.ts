import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { PolicyDocument } from '../../src/domain/policy-documents.ts'
import { alarmMayPublish, publishStatement } from '../../src/iam/topic-use.ts'

const SITE = { partition: 'aws', account: '123456789012', region: 'us-east-1' }
const ALARM = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:a'

interface Row {
  readonly id: string
  readonly source: string
  readonly want: string
  readonly policy: PolicyDocument
}

const rows: readonly Row[] = JSON.parse(readFileSync('test/fixtures/topic-policies.json', 'utf8'))

describe('whether an alarm may publish to a topic', () => {
  it.each(rows)('$id $source: $want', ({ id, want, policy }) => {
    const answer = alarmMayPublish({ arn: `arn:aws:sns:us-east-1:123456789012:${id}`, policy }, ALARM, SITE)
    expect(want.startsWith('yes') ? ['yes'] : want.startsWith('cannot') ? ['cannot-tell', 'no'] : ['no']).toContain(
      answer,
    )
  })

  it('is unknown where the policy could not be read', () => {
    expect(alarmMayPublish({ arn: 'arn:aws:sns:us-east-1:123456789012:x', policy: undefined }, ALARM, SITE)).toBe(
      'cannot-tell',
    )
  })

  it.each([
    ['t05', true],
    ['t07', false],
  ])('%s: adding the statement is enough is %s', (id, enough) => {
    const policy = rows.find((row) => row.id === id)?.policy
    const topic = { arn: `arn:aws:sns:us-east-1:123456789012:${id}`, policy }
    expect(publishStatement(topic, [ALARM], SITE).enough).toBe(enough)
  })
})
