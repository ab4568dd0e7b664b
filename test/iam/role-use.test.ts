import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { PolicyStatement } from '../../src/domain/policy-documents.ts'
import type { RoleSnapshot } from '../../src/domain/snapshot.ts'
import { cloudTrailMayAssume, roleMayWrite } from '../../src/iam/role-use.ts'

const SITE = { partition: 'aws', account: '123456789012', region: 'us-east-1' }

interface Row {
  readonly id: string
  readonly source: string
  readonly want: string
  readonly trust: PolicyStatement
  readonly policy: readonly PolicyStatement[]
}

const rows: readonly Row[] = JSON.parse(readFileSync('test/fixtures/delivery-roles.json', 'utf8'))

describe('whether CloudTrail writes into a log group through a role', () => {
  it.each(rows)('$id $source: $want', ({ id, want, trust, policy }) => {
    const role: RoleSnapshot = {
      arn: `arn:aws:iam::123456789012:role/${id}`,
      name: id,
      trust: { Statement: [trust] },
      policies: { delivery: { Statement: policy } },
      attachedPolicyArns: [],
    }
    const trail = `arn:aws:cloudtrail:us-east-1:123456789012:trail/${id}`
    const answers = [cloudTrailMayAssume(role, trail, SITE.account), roleMayWrite(role, SITE, id)]
    expect(answers.every((answer) => answer === 'yes') ? 'yes' : 'no').toBe(want)
  })
})
