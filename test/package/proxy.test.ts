import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openPagerDutySandbox, type PagerDutySandbox } from '../../src/sandbox/pagerduty/server.ts'
import { SANDBOX_TOKEN } from '../../src/sandbox/pagerduty/state.ts'
import { CERTIFICATE, type CountingProxy, openProxy } from './internet.ts'
import { openWorkplace, type Workplace } from './workplace.ts'

let pagerDuty: PagerDutySandbox
let proxy: CountingProxy
let place: Workplace

beforeAll(async () => {
  pagerDuty = await openPagerDutySandbox()
  proxy = await openProxy(pagerDuty.apiUrl)
  place = await openWorkplace({
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    NODE_EXTRA_CA_CERTS: CERTIFICATE,
    PAGERDUTY_TOKEN: SANDBOX_TOKEN,
  })
}, 120_000)

afterAll(async () => {
  place.remove()
  await proxy.close()
  await pagerDuty.close()
})

beforeEach(() => void proxy.tunnels())

const STS = 'sts.us-east-1.amazonaws.com:443'
const CLOUDTRAIL = 'cloudtrail.us-east-1.amazonaws.com:443'
const CLOUDWATCH = 'monitoring.us-east-1.amazonaws.com:443'
const EVENTS = 'events.us-east-1.amazonaws.com:443'
const LOGS = 'logs.us-east-1.amazonaws.com:443'
const SNS = 'sns.us-east-1.amazonaws.com:443'
const SQS = 'sqs.us-east-1.amazonaws.com:443'
const IAM = 'iam.amazonaws.com:443'
const S3 = 'cloudtrail-pd-123456789012-us-east-1.s3.us-east-1.amazonaws.com:443'
const PAGERDUTY = 'api.pagerduty.com:443'

function tunnels(): readonly string[] {
  return [...new Set(proxy.tunnels())].sort()
}

describe('C65 the built package behind a proxy', { timeout: 60_000 }, () => {
  it.each([
    [['doctor', '--json'], 4, [CLOUDTRAIL, EVENTS, LOGS, CLOUDWATCH, PAGERDUTY, STS].toSorted()],
    [
      ['init', '--json', '--dry-run', '--pagerduty-service', 'Security'],
      0,
      [CLOUDTRAIL, CLOUDWATCH, IAM, LOGS, PAGERDUTY, S3, SNS, STS],
    ],
    [['destroy', '--json', '--yes'], 0, [CLOUDTRAIL, CLOUDWATCH, IAM, LOGS, PAGERDUTY, S3, SNS, SQS, STS]],
    [['test', '--json', '--yes'], 2, [CLOUDTRAIL, CLOUDWATCH, STS]],
    [['events', 'no-such-alarm', '--json'], 2, [CLOUDTRAIL, CLOUDWATCH, STS]],
  ])('reaches AWS and PagerDuty through it alone with %j', async (args, exit, hosts) => {
    const ended = await place.run(args, { HTTPS_PROXY: proxy.url })
    expect([ended.exit, ended.stderr]).toEqual([exit, expect.not.stringContaining('should not happen')])
    expect(JSON.parse(ended.stdout)).toMatchObject({ command: args[0] })
    expect(tunnels()).toEqual([...hosts].sort())
  })

  it.each(['https_proxy', 'ALL_PROXY', 'all_proxy'])('honors %s', async (variable) => {
    const { exit } = await place.run(['doctor'], { [variable]: proxy.url })
    expect(exit).toBe(4)
    expect(tunnels()).toContain(STS)
  })

  it('honors HTTP_PROXY for an endpoint of plain HTTP', async () => {
    const env = { HTTP_PROXY: proxy.url, AWS_ENDPOINT_URL: 'http://aws.test', PAGERDUTY_TOKEN: '' }
    const { exit } = await place.run(['doctor'], env)
    expect(exit).toBe(4)
    expect(tunnels()).toEqual(['aws.test:80'])
  })

  it('goes around it to the hosts of NO_PROXY, and to no other', async () => {
    const env = { HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url, AWS_ENDPOINT_URL: proxy.direct }
    const { exit } = await place.run(['doctor'], { ...env, NO_PROXY: '127.0.0.1' })
    expect(exit).toBe(4)
    expect(tunnels()).toEqual([PAGERDUTY])
    expect(proxy.accessKeys()).toContain('test')
  })

  it('names the proxy variables when nobody answers there', async () => {
    const { exit, stdout, stderr } = await place.run(['doctor', '--json'], { HTTPS_PROXY: 'http://127.0.0.1:9' })
    expect(exit, stderr).toBe(3)
    const { error } = JSON.parse(stdout)
    expect(error).toMatchObject({ code: 'aws-network', hint: expect.stringContaining('HTTPS_PROXY') })
  })
})
