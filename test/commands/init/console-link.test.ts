/** A chain of before the link into the console, and one of after. */

import { expect, it } from 'vitest'
import { logGroupConsoleUrl } from '../../../src/domain/console.ts'
import { parseMarker } from '../../../src/domain/marker.ts'
import { alarmsIn, rewriteAlarm } from '../../doctor/breakages.ts'
import { searchIn } from '../../support/console-link.ts'
import { accountWithChain, awsIn } from '../../support/fresh-account.ts'
import { site } from '../../support/snapshot.ts'

const RUN = ['init', '--yes', '--json', '--detections', 'root-account-usage,sts-assume-root']

it('a chain that was made before is an update of its descriptions alone, and then unchanged', async () => {
  const account = await accountWithChain(['--detections', 'root-account-usage,sts-assume-root'])
  const aws = await awsIn(account)
  const older = `Log group: ${logGroupConsoleUrl(site, 'cloudtrail-pd-events')}`
  for (const alarm of await alarmsIn(aws)) {
    const lines = (alarm.AlarmDescription ?? '').split('\n')
    expect(lines.at(-2)).toMatch(/^Events: https:/)
    const AlarmDescription = [...lines.slice(0, -2), older, lines.at(-1)].join('\n').replace(/ (alarm|filter)=\w+/g, '')
    await rewriteAlarm(aws, alarm, { AlarmDescription })
  }
  const drift = (await account.run(['doctor', '--json'])).json() as unknown as {
    findings: { check: string; status: string }[]
  }
  expect(drift.findings.filter(({ check, status }) => check.endsWith('.drift') && status !== 'pass')).toEqual([])
  account.calls()
  const { exit, json } = await account.run(RUN)
  expect(exit).toBe(0)
  const { changes } = json() as unknown as { changes: { link: string; action: string; details: string[] }[] }
  const updates = changes.filter(({ action }) => action !== 'none')
  expect(updates.map(({ link, action }) => `${action} ${link}`)).toEqual(['update alarm', 'update alarm'])
  for (const { details } of updates) expect(details.every((detail) => detail.startsWith('description'))).toBe(true)
  expect((await account.run(RUN)).json()).toMatchObject({ status: 'unchanged' })
  for (const { AlarmDescription = '' } of await alarmsIn(aws)) {
    const line = AlarmDescription.split('\n').find((one) => one.startsWith('Events: ')) ?? ''
    expect(searchIn(line.slice('Events: '.length))).toMatchObject({ logGroup: 'cloudtrail-pd-events', hours: 12 })
    expect(parseMarker(AlarmDescription)?.alarm).toMatch(/^[0-9a-f]{8}$/)
  }
})
