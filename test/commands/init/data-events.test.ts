import { PutEventSelectorsCommand } from '@aws-sdk/client-cloudtrail'
import { describe, expect, it } from 'vitest'
import { freshAccount } from '../../support/fresh-account.ts'
import { clientsOf } from '../../support/sandbox-account.ts'
import type { Account } from '../../support/tool.ts'

const INIT = ['init', '--yes', '--json', '--detections', 'root-account-usage,unauthorized-api-calls']

/** The trail of an earlier run records S3 objects from now on. */
async function recordObjects({ sandbox }: Account): Promise<void> {
  const { trail } = clientsOf(sandbox.backend)
  await trail.send(
    new PutEventSelectorsCommand({
      TrailName: 'cloudtrail-pd',
      AdvancedEventSelectors: [
        { FieldSelectors: [{ Field: 'eventCategory', Equals: ['Management'] }] },
        {
          FieldSelectors: [
            { Field: 'eventCategory', Equals: ['Data'] },
            { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
          ],
        },
      ],
    }),
  )
}

function patterns({ sandbox }: Account): Readonly<Record<string, string>> {
  const filters = Object.values(sandbox.state.logGroups).flatMap((group) => Object.values(group.filters))
  return Object.fromEntries(filters.map(({ name, pattern }) => [name, pattern]))
}

describe('C36 a trail that records data events', () => {
  it('is warned about by doctor, narrowed by init, and healthy from then on', async () => {
    const aws = await freshAccount()
    await aws.run(INIT)
    await recordObjects(aws)
    const before = await aws.run(['doctor', '--json'])
    const warning = expect.objectContaining({ check: 'trail.data-events', status: 'warn' })
    expect(before.json().findings).toContainEqual(warning)
    expect(before.stdout).toContain('counted by cloudtrail-pd-unauthorized-api-calls')
    const result = await aws.run(INIT)
    expect(result.json(), result.stdout).toMatchObject({ status: 'applied' })
    expect(result.json().notes).toContainEqual(expect.stringMatching(/unauthorized-api-calls counts management events/))
    const made = patterns(aws)
    expect(made['cloudtrail-pd-unauthorized-api-calls']).toContain('($.eventCategory = "Management")')
    expect(made['cloudtrail-pd-root-account-usage']).not.toContain('eventCategory')
    const after = await aws.run(['doctor', '--json'])
    expect(after.json().findings).not.toContainEqual(warning)
    expect(after.json().findings).not.toContainEqual(expect.objectContaining({ status: 'fail' }))
    expect((await aws.run(INIT)).json()).toMatchObject({ status: 'unchanged' })
  })
})
