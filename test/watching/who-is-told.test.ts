import { readFileSync } from 'node:fs'
import { DescribeTrailsCommand } from '@aws-sdk/client-cloudtrail'
import { ConfirmSubscriptionCommand } from '@aws-sdk/client-sns'
import { describe, expect, it } from 'vitest'
import { accountWithChain } from '../support/fresh-account.ts'
import { clientsOf } from '../support/sandbox-account.ts'
import type { Account } from '../support/tool.ts'
import { ROWS, toldTable } from './who-is-told.ts'

const MINUTE = 60_000
const HOUR = 60

/** With every part that watches, a mailbox that has confirmed, and an event every five minutes for an hour. */
async function watchedChain(): Promise<Account> {
  const account = await accountWithChain(['--heartbeat', '30', '--fallback-email', 'oncall@example.com'])
  const { mails } = account.sandbox.state
  const link = mails.find(({ kind }) => kind === 'SubscriptionConfirmation')
  const { sns } = clientsOf(account.sandbox.backend)
  await sns.send(new ConfirmSubscriptionCommand({ TopicArn: link?.topicArn, Token: link?.token }))
  await withTraffic(account, HOUR, () => false)
  return account
}

/** Minutes until `ended`, at most `minutes`; events keep coming meanwhile. */
async function withTraffic({ sandbox }: Account, minutes: number, ended: () => boolean): Promise<number | undefined> {
  const { trail } = clientsOf(sandbox.backend)
  for (let gone = 5; gone <= minutes; gone += 5) {
    await trail.send(new DescribeTrailsCommand({}))
    await sandbox.clock.sleep(5 * MINUTE)
    if (ended()) return gone
  }
  return undefined
}

function mailsIn({ sandbox }: Account): number {
  return sandbox.state.mails.filter(({ kind }) => kind === 'Notification').length
}

describe('a chain that watches itself', () => {
  it.each(ROWS)('where $what: $told, and doctor by $check', async ({ breaks, told, within, check }) => {
    const account = await watchedChain()
    const [incidents, mails] = [account.pagerDuty.state.incidents.length, mailsIn(account)]
    const paged = () => account.pagerDuty.state.incidents.length > incidents
    const mailed = () => mailsIn(account) > mails
    await breaks(account)
    const after = await withTraffic(account, HOUR, () => mailed())
    if (told === 'no one') expect([after, paged()]).toEqual([undefined, false])
    else {
      expect(after).toBeLessThanOrEqual(within ?? 0)
      expect(paged()).toBe(told === 'PagerDuty and e-mail')
    }
    const { findings } = (await account.runWithToken(['doctor', '--json'])).json() as unknown as {
      findings: readonly { readonly check: string; readonly status: string }[]
    }
    expect(findings.filter((one) => one.check === check).map(({ status }) => status)).toContainEqual(
      expect.stringMatching(/^(fail|warn)$/),
    )
  })

  it('is described as these tests have it', () => {
    expect(readFileSync('docs/watching.md', 'utf8')).toContain(toldTable())
  })
})
