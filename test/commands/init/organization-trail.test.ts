import { describe, expect, it } from 'vitest'
import { freshAccount } from '../../support/fresh-account.ts'
import type { Account } from '../../support/tool.ts'

const ID = 'o-a1b2c3d4e5'
const HERE = '123456789012'
const MANAGEMENT = '999988887777'
const INIT = ['init', '--yes', '--json', '--detections', 'vpc-changes', '--organization']

/** The account as the management account of an organization, or as a member of it. */
async function inOrganization({
  managementAccount = HERE,
  trusted = true,
  delegated = false,
  trail = '',
}: {
  managementAccount?: string
  trusted?: boolean
  delegated?: boolean
  trail?: string
} = {}): Promise<Account> {
  const account = await freshAccount()
  const { state } = account.sandbox
  state.organization = {
    id: ID,
    managementAccount,
    accounts: [HERE, '111122223333'],
    trailAdministrators: delegated ? ['111122223333', '222233334444', HERE] : [],
    trustedServices: trusted ? ['sso.amazonaws.com', 'config.amazonaws.com', 'cloudtrail.amazonaws.com'] : [],
  }
  if (trail !== '') await account.run(['init', '--yes', '--detections', 'vpc-changes', '--create-trail', trail])
  account.calls()
  return account
}

describe('init --organization', () => {
  it('creates a trail of every account, with bucket and role open to the whole organization', async () => {
    const account = await inOrganization()
    const result = await account.run(INIT)
    expect(result.json()).toMatchObject({ status: 'applied' })
    const { trails, buckets, roles } = account.sandbox.state
    expect(Object.values(trails)).toMatchObject([{ organization: true, multiRegion: true, logging: true }])
    expect(Object.values(buckets)[0]?.policy).toContain(`/AWSLogs/${ID}/*`)
    expect(JSON.stringify(Object.values(roles)[0]?.policies)).toContain(`log-stream:${ID}_*`)
    expect((await account.run(INIT)).json()).toMatchObject({ status: 'unchanged' })
    expect((await account.run(['doctor', '--json'])).json()).toMatchObject({ healthy: true })
  })

  it('keeps the trail as it is when it is run again without the option', async () => {
    const account = await inOrganization()
    await account.run(INIT)
    account.calls()
    const again = await account.run(INIT.filter((flag) => flag !== '--organization'))
    expect(again.json()).toMatchObject({ status: 'unchanged' })
    expect(account.writes()).toEqual([])
  })

  it('is undone by destroy, which says that no member account is recorded any more', async () => {
    const account = await inOrganization()
    await account.run(INIT)
    for (const bucket of Object.values(account.sandbox.state.buckets)) bucket.objects = {}
    const { exit, stderr } = await account.run(['destroy', '--yes', '--delete-trail', '--delete-logs'])
    expect(exit).toBe(0)
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain('organization trail: deleting it ends the record of every member')
    expect(account.sandbox.state.trails).toEqual({})
  })

  it('says that one chain covers all accounts, and what that costs', async () => {
    const { stderr, stdout } = await (await inOrganization()).run([...INIT.filter((f) => f !== '--json'), '--dry-run'])
    const shown = `${stdout}${stderr}`.replaceAll(/\s+/g, ' ')
    expect(shown).toContain('one chain covers every account of the organization')
    expect(shown).toContain('second copy of management events: $2.00 for each 100,000 events')
  })

  it('widens the trail that an earlier run made for this account alone', async () => {
    const account = await inOrganization()
    await account.run(INIT.filter((flag) => flag !== '--organization'))
    const widened = await account.run(INIT)
    expect(widened.json()).toMatchObject({
      status: 'applied',
      changes: expect.arrayContaining([
        expect.objectContaining({ link: 'trail', action: 'update', details: ['organization: false → true'] }),
      ]),
    })
    expect(Object.values(account.sandbox.state.trails)).toMatchObject([{ organization: true }])
  })

  it('names the command to enable trusted access, and writes nothing before', async () => {
    const account = await inOrganization({ trusted: false })
    const result = await account.run(INIT)
    expect(result).toMatchObject({ exit: 3 })
    expect(result.json()).toMatchObject({
      error: {
        code: 'organization-trail',
        hint: expect.stringContaining(
          'aws organizations enable-aws-service-access --service-principal cloudtrail.amazonaws.com',
        ),
      },
    })
    expect(account.writes()).toEqual([])
  })

  it('says in a member account which account to run in', async () => {
    const account = await inOrganization({ managementAccount: MANAGEMENT })
    const result = await account.run(INIT)
    expect(result.json()).toMatchObject({
      error: {
        code: 'organization-trail',
        hint: `run this in account ${MANAGEMENT}, or make this account a delegated administrator there: aws cloudtrail register-organization-delegated-admin --member-account-id ${HERE}`,
      },
    })
    expect(account.writes()).toEqual([])
  })

  it('refuses a named trail of one account', async () => {
    const account = await inOrganization({ trail: 'audit' })
    const [trail] = Object.values(account.sandbox.state.trails)
    if (trail !== undefined) trail.bucket = 'audit-of-others'
    const result = await account.run([...INIT, '--trail', 'audit'])
    expect(result.json()).toMatchObject({
      error: { code: 'trail-unsuitable', message: 'trail audit is not an organization trail' },
    })
  })
})

describe('C47 a delegated administrator', () => {
  const delegated = { managementAccount: MANAGEMENT, delegated: true }

  it('makes a trail of the management account that writes into its own bucket and log group', async () => {
    const account = await inOrganization(delegated)
    const result = await account.run(INIT)
    expect(result.json(), result.stdout).toMatchObject({ status: 'applied' })
    const { trails, buckets } = account.sandbox.state
    const arn = `arn:aws:cloudtrail:us-east-1:${MANAGEMENT}:trail/cloudtrail-pd`
    expect(Object.values(trails)).toMatchObject([{ arn, organization: true, logging: true }])
    expect(Object.values(trails)[0]?.logGroupArn).toContain(`:${HERE}:log-group:`)
    const policy = Object.values(buckets)[0]?.policy
    for (const part of [`"${arn}"`, `/AWSLogs/${MANAGEMENT}/*`, `/AWSLogs/${ID}/*`]) expect(policy).toContain(part)
    expect((await account.run(INIT)).json()).toMatchObject({ status: 'unchanged' })
    expect((await account.run(INIT.filter((flag) => flag !== '--organization'))).json()).toMatchObject({
      status: 'unchanged',
    })
    const doctor = await account.run(['doctor', '--json'])
    expect(doctor.json(), doctor.stdout).toMatchObject({ healthy: true })
  })

  it('is told to whom the trail will belong', async () => {
    const account = await inOrganization(delegated)
    const { stdout, stderr } = await account.run([...INIT.filter((flag) => flag !== '--json'), '--dry-run'])
    expect(`${stdout}${stderr}`.replaceAll(/\s+/g, ' ')).toContain(
      `trail cloudtrail-pd will belong to the management account, ${MANAGEMENT}; its bucket, log group and role are in this one`,
    )
  })

  it('goes on after a run that was cut off behind the trail', async () => {
    const account = await inOrganization(delegated)
    await account.run(INIT)
    const [trail] = Object.values(account.sandbox.state.trails)
    if (trail !== undefined) Object.assign(trail, { logging: false, logGroupArn: null, roleArn: null })
    expect((await account.run(INIT)).json()).toMatchObject({ status: 'applied' })
    expect((await account.run(['doctor', '--json'])).json()).toMatchObject({ healthy: true })
  })

  it('finds the chain from another region, and removes it by the ARN of the trail', async () => {
    const account = await inOrganization(delegated)
    await account.run([...INIT, '--region', 'eu-west-1'])
    const doctor = await account.run(['doctor', '--json', '--region', 'us-east-1'])
    expect(doctor.json(), doctor.stdout).toMatchObject({ healthy: true, region: 'eu-west-1' })
    for (const bucket of Object.values(account.sandbox.state.buckets)) bucket.objects = {}
    const line = ['destroy', '--yes', '--delete-trail', '--delete-logs', '--region', 'eu-west-1']
    const { exit, stderr } = await account.run(line)
    expect(exit, stderr).toBe(0)
    expect(account.sandbox.state.trails).toEqual({})
    expect(account.sandbox.state.buckets).toEqual({})
  })

  it('removes the trail in a bucket that was named, too', async () => {
    const account = await inOrganization(delegated)
    await account.run(['init', '--yes', '--detections', 'vpc-changes', '--create-trail', 'other', '--name', 'other'])
    const [bucket = ''] = Object.keys(account.sandbox.state.buckets)
    const named = [...INIT, '--create-trail', 'all', '--trail-bucket', bucket]
    const made = await account.run(named)
    expect(made.json(), made.stdout).toMatchObject({ status: 'applied' })
    expect((await account.run(named)).json()).toMatchObject({ status: 'unchanged' })
    const { exit, stderr } = await account.run(['destroy', '--yes', '--delete-trail', '--delete-logs'])
    expect(exit, stderr).toBe(0)
    expect(Object.values(account.sandbox.state.trails)).toMatchObject([{ name: 'other' }])
  })

  it('may not turn a trail of its own into one of the organization', async () => {
    const account = await inOrganization(delegated)
    await account.run(INIT.filter((flag) => flag !== '--organization'))
    account.calls()
    const result = await account.run(INIT)
    expect(result.json()).toMatchObject({
      error: { code: 'organization-trail', message: expect.stringContaining('records this account alone') },
    })
    expect(account.writes()).toEqual([])
  })
})

describe('init in a member account', () => {
  it("says that the organization's trail covers it, and makes a second one only when it is named", async () => {
    const account = await inOrganization({ managementAccount: '999988887777', trail: 'theirs' })
    const { state } = account.sandbox
    const [trail] = Object.values(state.trails)
    if (trail === undefined) throw new Error('no trail')
    delete state.trails[trail.arn]
    const arn = trail.arn.replace(HERE, '999988887777')
    const group = trail.logGroupArn?.replace(HERE, '999988887777') ?? null
    state.trails[arn] = { ...trail, arn, organization: true, logGroupArn: group, bucket: 'theirs' }
    const unasked = await account.run(['init', '--yes', '--json', '--name', 'second'])
    expect(unasked.json()).toMatchObject({
      error: { code: 'no-trail-fits', hint: expect.stringContaining('run this in account 999988887777') },
    })
    const named = ['init', '--dry-run', '--name', 'second', '--create-trail', 'second', '--detections', 'vpc-changes']
    const { stdout, stderr } = await account.run(named)
    expect(`${stdout}${stderr}`.replaceAll(/\s+/g, ' ')).toContain(
      'organization trail theirs of account 999988887777 records this account already',
    )
  })
})
