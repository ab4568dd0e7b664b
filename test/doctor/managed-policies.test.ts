import { AttachRolePolicyCommand, CreatePolicyCommand } from '@aws-sdk/client-iam'
import { describe, expect, it } from 'vitest'
import type { InjectedFault } from '../../src/sandbox/aws/faults.ts'
import { accountWithChain } from '../support/fresh-account.ts'
import { clientsOf } from '../support/sandbox-account.ts'
import { doctorOn } from './live.ts'

/** A chain whose delivery role has its rights in a managed policy alone. */
async function judged(change: (policy: string) => string, faults: readonly InjectedFault[] = []) {
  const account = await accountWithChain()
  const { iam } = clientsOf(account.sandbox.backend)
  const [role] = Object.values(account.sandbox.state.roles)
  if (role === undefined) throw new Error('no role was made')
  const PolicyDocument = change(Object.values(role.policies)[0] ?? '')
  const { Policy } = await iam.send(new CreatePolicyCommand({ PolicyName: 'streams', PolicyDocument }))
  await iam.send(new AttachRolePolicyCommand({ RoleName: role.name, PolicyArn: Policy?.Arn }))
  role.policies = {}
  account.sandbox.restart(faults)
  const { json } = await doctorOn(account)
  const finding = json.findings.find(({ check }) => check === 'delivery.role-policy')
  return { works: json.chains.map((chain) => chain.works), status: finding?.status }
}

describe('a delivery role whose rights are in a managed policy', () => {
  it.each([
    ['that allows the streams works', (text: string) => text, [], true, 'pass'],
    [
      'that allows those of another group does not',
      (text: string) => text.replaceAll('log-group:', 'log-group:other-'),
      [],
      false,
      'fail',
    ],
    [
      'that may not be read is unknown',
      (text: string) => text,
      [{ operation: 'GetPolicyVersion', every: true, kind: 'access-denied' }] as const,
      null,
      'skip',
    ],
  ])('%s', async (_what, change, faults, works, status) => {
    expect(await judged(change, faults)).toEqual({ works: [works], status })
  })
})

describe('what changes the events before a filter sees them', () => {
  it('leaves it unknown whether the chain pages: a data protection policy', async () => {
    const account = await accountWithChain()
    for (const group of Object.values(account.sandbox.state.logGroups))
      Object.assign(group, { dataProtection: 'ACTIVATED' })
    const { json } = await doctorOn(account)
    expect(json.chains).toMatchObject([{ works: null }])
    expect(json.healthy).toBe(false)
  })
})
