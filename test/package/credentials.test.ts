import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorkplace, type Workplace } from './workplace.ts'

let server: Server
let place: Workplace
let keys: string[] = []

const ROLE = ['arn', 'aws', 'iam', '', '123456789012', 'role/audit'].join(':')
const LATER = '2099-01-01T00:00:00Z'
const START = 'https://example.awsapps.com/start'

beforeAll(async () => {
  server = createServer((incoming, outgoing) => {
    void answer(incoming).then(([status, body]) => outgoing.writeHead(status).end(body))
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  place = await openWorkplace({ AWS_ENDPOINT_URL: url(), AWS_REGION: 'us-east-1' })
  const aws = join(place.folder, '.aws')
  mkdirSync(join(aws, 'sso', 'cache'), { recursive: true })
  writeFileSync(join(aws, 'config'), CONFIG)
  writeFileSync(join(aws, 'credentials'), '[kept]\naws_access_key_id = FROMFILE\naws_secret_access_key = secret\n')
  writeFileSync(join(place.folder, 'token'), 'a-token-of-the-cluster')
  const session = { accessToken: 'a-token', expiresAt: LATER, startUrl: START, region: 'us-east-1' }
  const cached = createHash('sha1').update('company').digest('hex')
  writeFileSync(join(aws, 'sso', 'cache', `${cached}.json`), JSON.stringify(session))
}, 120_000)

afterAll(() => {
  place.remove()
  server.closeAllConnections()
  server.close()
})

const CONFIG = `
[profile asked]
credential_process = "${process.execPath}" -p "JSON.stringify({Version:1,AccessKeyId:'FROMPROCESS',SecretAccessKey:'secret'})"
[profile assumed]
role_arn = ${ROLE}
source_profile = kept
[profile signed-in]
sso_session = company
sso_account_id = 123456789012
sso_role_name = Audit
[sso-session company]
sso_region = us-east-1
sso_start_url = ${START}
`

function url(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Gives credentials wherever the SDK may ask for them; every other call is denied, and its access key kept. */
async function answer(incoming: IncomingMessage): Promise<readonly [number, string]> {
  const path = incoming.url ?? ''
  const action = new URLSearchParams(await text(incoming)).get('Action') ?? ''
  if (action.startsWith('AssumeRole')) return [200, assumed(action)]
  if (path.startsWith('/federation/credentials')) {
    const roleCredentials = {
      accessKeyId: 'FROMSSO',
      secretAccessKey: 'secret',
      sessionToken: 'token',
      expiration: Date.parse(LATER),
    }
    return [200, JSON.stringify({ roleCredentials })]
  }
  if (path === '/container') return [200, given('FROMCONTAINER')]
  if (path === '/latest/api/token') return [200, 'a-token-of-the-instance']
  if (path.endsWith('/security-credentials/')) return [200, 'audit']
  if (path.endsWith('/security-credentials/audit')) return [200, given('FROMINSTANCE')]
  keys.push(/Credential=([^/]+)\//.exec(incoming.headers.authorization ?? '')?.[1] ?? '')
  return [403, '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>']
}

function given(key: string): string {
  return JSON.stringify({
    Code: 'Success',
    AccessKeyId: key,
    SecretAccessKey: 'secret',
    Token: 'token',
    Expiration: LATER,
  })
}

function assumed(action: string): string {
  const credentials = `<AccessKeyId>FROM${action.toUpperCase()}</AccessKeyId><SecretAccessKey>secret</SecretAccessKey><SessionToken>token</SessionToken><Expiration>${LATER}</Expiration>`
  return `<${action}Response><${action}Result><Credentials>${credentials}</Credentials></${action}Result></${action}Response>`
}

describe('the built package finds credentials', { timeout: 60_000 }, () => {
  it.each([
    ['variables', [], () => ({ AWS_ACCESS_KEY_ID: 'FROMENV', AWS_SECRET_ACCESS_KEY: 'secret' }), 'FROMENV'],
    ['a profile', ['--profile', 'kept'], () => ({}), 'FROMFILE'],
    ['a process', ['--profile', 'asked'], () => ({}), 'FROMPROCESS'],
    ['a role of another profile', ['--profile', 'assumed'], () => ({}), 'FROMASSUMEROLE'],
    ['a session of IAM Identity Center', ['--profile', 'signed-in'], () => ({}), 'FROMSSO'],
    [
      'the token of a cluster',
      [],
      () => ({ AWS_ROLE_ARN: ROLE, AWS_WEB_IDENTITY_TOKEN_FILE: join(place.folder, 'token') }),
      'FROMASSUMEROLEWITHWEBIDENTITY',
    ],
    ['a container', [], () => ({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url()}/container` }), 'FROMCONTAINER'],
    [
      'an instance',
      [],
      () => ({ AWS_EC2_METADATA_DISABLED: 'false', AWS_EC2_METADATA_SERVICE_ENDPOINT: url() }),
      'FROMINSTANCE',
    ],
  ])('of %s', async (_, flags, env, key) => {
    keys = []
    const { exit, stdout } = await place.run(['doctor', '--json', ...flags], env())
    expect(keys, stdout).toEqual([key])
    expect([exit, JSON.parse(stdout).error.code]).toEqual([3, 'aws-denied'])
  })
})
