import { describe, expect, it } from 'vitest'
import { freshAccount } from '../../support/fresh-account.ts'
import { KEY } from '../../support/tool.ts'

const INIT = ['init', '--yes', '--detections', 'root-account-usage']
const ELSEWHERE = { AWS_REGION: 'eu-west-1' }

/** A trail of somebody else that logs and delivers. */
async function withTrail() {
  const aws = await freshAccount()
  await aws.run([...INIT, '--name', 'theirs'])
  return aws
}

describe('a run that follows its trail to another region', () => {
  it('says so in the header, beside the plan, and in the report', async () => {
    const aws = await withTrail()
    const said = 'trail theirs is in us-east-1: all resources are created there, not in eu-west-1'
    const result = await aws.run([...INIT, '--json'], { env: ELSEWHERE })
    expect(result.json()).toMatchObject({ region: 'us-east-1', notes: expect.arrayContaining([said]) })
    const [header, plan] = result.stderr.replace(/\s+/g, ' ').split(' Plan ')
    expect(header).toContain(said)
    expect(plan).toContain(said)
  })

  it('says nothing of it at home', async () => {
    const aws = await withTrail()
    expect((await aws.run(INIT)).stderr).not.toContain('everything is made there')
  })
})

describe('a run without a terminal', () => {
  it('says why it took this trail', async () => {
    const aws = await withTrail()
    const taken = /events come from trail theirs: multi-region, all management events, logging/
    expect((await aws.run(INIT)).stderr).toMatch(taken)
    expect((await aws.run([...INIT, '--trail', 'theirs'])).stderr).not.toMatch(taken)
  })

  it.each([
    [['--hold', '20'], 'incidents resolve automatically after 20 quiet minutes'],
    [['--no-auto-resolve'], 'incidents do not resolve automatically'],
    [['--detections', 'recommended'], /incidents resolve automatically after \d+ to \d+ quiet minutes/],
  ])('says with %j when incidents resolve', async (flags, said) => {
    const aws = await freshAccount()
    expect((await aws.run([...INIT, ...flags])).stderr).toMatch(said)
  })
})

describe('the first OK of a new alarm', () => {
  it.each([
    ['a service integration', `https://events.pagerduty.com/integration/${KEY}/enqueue`, 'ignores it'],
    ['an orchestration', `https://events.pagerduty.com/x-ere/R${KEY.slice(1)}`, 'may open an incident for it'],
  ])('is announced, with what %s does with it', async (_what, url, effect) => {
    const aws = await freshAccount()
    const env = { CLOUDTRAIL_PD_INTEGRATION_KEY: '', CLOUDTRAIL_PD_INTEGRATION_URL: url }
    const dry = ['init', '--dry-run', '--json', '--detections', 'root-account-usage']
    const { notes } = (await aws.run(dry, { env })).json()
    expect(notes).toContainEqual(expect.stringMatching(new RegExp(`first OK to PagerDuty within seconds: .*${effect}`)))
  })

  it('is not announced where no alarm is new, or none has an OK action', async () => {
    const aws = await freshAccount()
    const first = await aws.run([...INIT, '--json', '--no-auto-resolve'])
    const second = await aws.run([...INIT, '--json', '--no-auto-resolve'])
    for (const result of [first, second]) expect(result.stdout).not.toContain('first OK')
  })
})
