import { describe, expect, it } from 'vitest'
import { accountWithChain } from '../../support/fresh-account.ts'
import type { Account } from '../../support/tool.ts'

const ID = 'o-a1b2c3d4e5'
const INIT = ['init', '--yes', '--json', '--detections', 'vpc-changes', '--name', 'second', '--trail', 'cloudtrail-pd']

/** An organization trail that delivers already, through a role that somebody else made. */
async function delivering(streams: readonly string[]): Promise<Account> {
  const account = await accountWithChain()
  const { state } = account.sandbox
  state.organization = { id: ID, managementAccount: '123456789012', accounts: ['123456789012', '111122223333'] }
  for (const trail of Object.values(state.trails)) Object.assign(trail, { organization: true, bucket: 'audit' })
  const group = 'arn:aws:logs:us-east-1:123456789012:log-group:cloudtrail-pd-events'
  const statement = {
    Effect: 'Allow',
    Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    Resource: streams.map((stream) => `${group}:log-stream:${stream}`),
  }
  for (const role of Object.values(state.roles))
    role.policies = { theirs: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) }
  return account
}

const OWN = '123456789012_CloudTrail_us-east-1*'

describe('an organization trail that delivers already', () => {
  it('is refused while its role lacks the streams of the organization, with the policy to give', async () => {
    const account = await delivering([OWN])
    const result = await account.run(INIT)
    expect(result.json()).toMatchObject({
      status: 'blocked',
      error: {
        message: expect.stringContaining(`streams of the organization (${ID}_*)`),
        hint: expect.stringContaining(`log-stream:${ID}_*`),
      },
    })
    expect(account.writes()).toEqual([])
  })

  it('is used when its role allows them', async () => {
    const account = await delivering([OWN, `${ID}_*`])
    expect((await account.run(INIT)).json()).toMatchObject({ status: 'applied' })
  })
})
