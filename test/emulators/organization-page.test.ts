/** docs/organization.md, followed as written: its commands are taken from the page and run by a shell, in order. */

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import {
  CreateAccountCommand,
  CreateOrganizationCommand,
  DescribeOrganizationCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { KEY } from '../support/tool.ts'
import { describeWithEmulators } from './available.ts'
import { subscribeAgain } from './cloudformation.ts'
import { aCompanyAccount } from './company.ts'
import { type Emulator, installed, startEmulator } from './servers.ts'
import { CREDENTIALS, emulatedStage, REGION, type Stage } from './stage.ts'

const ROOT = join(import.meta.dirname, '../..')
const page = await readFile(join(ROOT, 'docs/organization.md'), 'utf8')

/** What the page leaves to its reader. */
const FILLED = {
  BUCKET: 'templates',
  'ou-EXAMPLE': 'ou-ab12-cdefghij',
  ROLE_NAME: 'Audit',
  ACCOUNT_ID: '111122223333',
}

/** The command lines of the page: those of its blocks, and those that its sentences name. */
const blocks = [...page.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block)
const [inSandbox, trust, setUp, deploy, roll, verify] = blocks.map((block) => filled(block))
const named = [...page.matchAll(/`((?:npx cloudtrail-pd|aws) [^`]+)`/g)].map(([, line = '']) => line)
const [register, undo] = named.map((line) => filled(line))

function filled(block: string): string {
  return Object.entries(FILLED).reduce((line, [placeholder, value]) => line.replaceAll(placeholder, value), block)
}

/** A start of the AWS CLI or of the tool takes seconds on a slow machine. */
const WITHIN_MS = 180_000

/** A folder with an `npx` in its path that runs the sources, and answers yes for the person who is asked. */
async function aShell(endpoint: string) {
  const folder = await mkdtemp(join(tmpdir(), 'cloudtrail-pd-page-'))
  const npx = join(folder, 'npx')
  const tsx = join(ROOT, 'node_modules/.bin/tsx')
  const tool = join(ROOT, 'scripts/dev.js')
  await writeFile(
    npx,
    `#!/bin/sh\nshift\ncase "$1" in init | destroy) set -- "$@" --yes ;; esac\nexec "${tsx}" "${tool}" "$@"\n`,
  )
  await chmod(npx, 0o755)
  return {
    async run(script: string, env: NodeJS.ProcessEnv = {}) {
      const child = spawn('bash', ['-euc', script], {
        cwd: folder,
        env: {
          PATH: `${folder}:${dirname(installed('aws'))}:${process.env.PATH}`,
          HOME: folder,
          ...CREDENTIALS,
          AWS_DEFAULT_REGION: REGION,
          AWS_ENDPOINT_URL: endpoint,
          CLOUDTRAIL_PD_INTEGRATION_KEY: KEY,
          ...env,
        },
      })
      const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
      return { code, stdout, stderr }
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  }
}

type Shell = Awaited<ReturnType<typeof aShell>>

async function succeeds(shell: Shell, script: string | undefined, env: NodeJS.ProcessEnv = {}) {
  const { code, stdout, stderr } = await shell.run(script ?? 'exit 1', env)
  expect(code, `${script}\n${stdout}\n${stderr}`).toBe(0)
  return stdout
}

await describeWithEmulators('docs/organization.md', () => {
  it('has the command lines that are followed here, and no others', () => {
    expect(blocks.map((block) => /^(npx cloudtrail-pd \w+|aws \w+)/.exec(block)?.[0])).toEqual([
      'npx cloudtrail-pd init',
      'aws organizations',
      'npx cloudtrail-pd init',
      'npx cloudtrail-pd export',
      'npx cloudtrail-pd export',
      'npx cloudtrail-pd doctor',
    ])
    expect(named).toEqual([
      expect.stringMatching(/^aws cloudtrail register-organization-delegated-admin /),
      'npx cloudtrail-pd destroy --delete-trail',
    ])
  })

  it('the sandbox has an organization', { timeout: WITHIN_MS }, async () => {
    const shell = await aShell('')
    const shown = (await succeeds(shell, inSandbox, { AWS_ENDPOINT_URL: undefined })).replaceAll(/\s+/g, ' ')
    await shell.remove()
    expect(shown).toContain('Accounts 2 covered, 1 unknown')
    expect(shown).toMatch(/111122223333 .*the chain of account 123456789012 \(trail cloudtrail-pd\): pages/)
    expect(shown).toMatch(/222233334444 .*not looked at: the role Audit could not be assumed/)
  })

  it('a delegated administrator is registered by a call that AWS knows', { timeout: WITHIN_MS }, async () => {
    const cloudTrail = await aRecorder()
    const shell = await aShell(cloudTrail.endpoint)
    await succeeds(shell, register)
    await Promise.all([cloudTrail.close(), shell.remove()])
    expect(cloudTrail.calls).toMatchObject([
      {
        Action: expect.stringMatching(/\.RegisterOrganizationDelegatedAdmin$/),
        body: JSON.stringify({ MemberAccountId: FILLED.ACCOUNT_ID }).replace(':', ': '),
      },
    ])
  })

  it('stack sets get the template, its parameters and its capabilities in calls that AWS knows', {
    timeout: WITHIN_MS,
  }, async () => {
    const cloudFormation = await aRecorder()
    const shell = await aShell(cloudFormation.endpoint)
    const INTEGRATION_URL = `https://events.pagerduty.com/integration/${KEY}/enqueue`
    await succeeds(shell, roll, { INTEGRATION_URL })
    await Promise.all([cloudFormation.close(), shell.remove()])
    expect(cloudFormation.calls).toMatchObject([
      { url: `/${FILLED.BUCKET}/member.yaml`, body: expect.stringContaining('IntegrationUrl:') },
      {
        Action: 'CreateStackSet',
        PermissionModel: 'SERVICE_MANAGED',
        'AutoDeployment.Enabled': 'true',
        'Capabilities.member.1': 'CAPABILITY_NAMED_IAM',
        'Parameters.member.1.ParameterKey': 'IntegrationUrl',
        'Parameters.member.1.ParameterValue': INTEGRATION_URL,
        TemplateURL: `https://${FILLED.BUCKET}.s3.amazonaws.com/member.yaml`,
      },
      {
        Action: 'CreateStackInstances',
        'Regions.member.1': REGION,
        'DeploymentTargets.OrganizationalUnitIds.member.1': FILLED['ou-EXAMPLE'],
      },
    ])
  })
})

await describeWithEmulators('docs/organization.md on moto', () => {
  let moto: Emulator
  let stage: Stage
  let shell: Shell

  beforeAll(async () => {
    moto = await startEmulator('moto')
  }, 60_000)
  beforeEach(async () => {
    stage = await emulatedStage(moto)
    shell = await aShell(moto.endpoint)
  })
  afterEach(async () => {
    await shell.remove()
    await stage.close()
  })
  afterAll(() => moto.stop())

  it('one chain of the management account covers every account until it is rolled back', {
    timeout: WITHIN_MS,
  }, async () => {
    const organizations = stage.aws.client(OrganizationsClient)
    await organizations.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }))
    const made = await organizations.send(new CreateAccountCommand({ Email: 'one@example.com', AccountName: 'one' }))
    const member = made.CreateAccountStatus?.AccountId
    await succeeds(shell, trust)
    await succeeds(shell, setUp)
    const { accounts } = JSON.parse(await succeeds(shell, verify?.replace('Audit', 'Audit --json')))
    expect(accounts).toMatchObject([
      { account: stage.account, coverage: 'covered', by: { account: stage.account } },
      { account: member, coverage: 'covered', by: { account: stage.account } },
    ])
    await succeeds(shell, undo)
    const after = await shell.run(verify?.replace('Audit', 'Audit --json') ?? '')
    expect(JSON.parse(after.stdout).accounts).toMatchObject([
      { account: stage.account, coverage: 'not-covered' },
      { account: member, coverage: 'not-covered' },
    ])
  })
})

await describeWithEmulators('docs/organization.md on MiniStack', () => {
  let ministack: Emulator
  let stage: Stage
  let shell: Shell

  beforeAll(async () => {
    ministack = await startEmulator('ministack')
  }, 60_000)
  beforeEach(async () => {
    stage = await emulatedStage(ministack)
    shell = await aShell(ministack.endpoint)
    await aCompanyAccount(stage.aws)
  })
  afterEach(async () => {
    await shell.remove()
    await stage.close()
  })
  afterAll(() => ministack.stop())

  /** MiniStack's CloudFormation knows no trails, so the trail exists; and events go to a host on loopback, which speaks http. */
  const onLoopback = "perl -pi -e 's/Protocol: https/Protocol: http/' *.yaml\n"

  async function healthyAfter(script: string): Promise<void> {
    await stage.aws.client(S3Client).send(new CreateBucketCommand({ Bucket: FILLED.BUCKET }))
    const url = `${stage.pagerDuty.eventsUrl}/integration/${KEY}/enqueue`
    await succeeds(shell, script, { INTEGRATION_URL: url })
    await subscribeAgain(stage, url)
    const doctor = await stage.run(['doctor', '--json', '--topic', 'cloudtrail-pd-alerts'])
    expect(doctor.json(), doctor.stdout).toMatchObject({ healthy: true })
  }

  it('the template of the management account is deployed over a trail that exists', {
    timeout: WITHIN_MS,
  }, async () => {
    const { Organization } = await stage.aws.client(OrganizationsClient).send(new DescribeOrganizationCommand({}))
    const overrides = `${Organization?.Id} ExistingLogGroupName=company-logs`
    await healthyAfter((deploy ?? '').replace('o-EXAMPLE', overrides).replace('\naws', `\n${onLoopback}aws`))
  })

  it('the template of the stack set makes a chain in a member account', { timeout: WITHIN_MS }, async () => {
    const [exported] = (roll ?? '').split('\n')
    // A stack set makes a stack of the same template with the same parameters in each account.
    const stack = `aws cloudformation deploy --stack-name member --template-file member.yaml --s3-bucket ${FILLED.BUCKET} \
      --capabilities CAPABILITY_NAMED_IAM --parameter-overrides IntegrationUrl="$INTEGRATION_URL" ExistingLogGroupName=company-logs`
    await healthyAfter(`${exported}\n${onLoopback}${stack}`)
  })
})

/** No emulator has stack sets: the AWS CLI judges the calls by AWS's own model, and here they are kept. */
async function aRecorder() {
  const calls: Record<string, string>[] = []
  const server = createServer(async (request, response) => {
    const body = await text(request)
    const { 'x-amz-target': target } = request.headers
    if (request.method === 'PUT') {
      calls.push({ url: request.url ?? '', body })
      response.end()
    } else if (typeof target === 'string') {
      calls.push({ Action: target, body })
      response.end('{}')
    } else {
      const call: Record<string, string> = Object.fromEntries(new URLSearchParams(body))
      calls.push(call)
      response.setHeader('content-type', 'text/xml')
      response.end(`<${call.Action}Response><${call.Action}Result/></${call.Action}Response>`)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    calls,
    endpoint: `http://127.0.0.1:${port}`,
    close: async () => {
      server.close()
      await once(server, 'close')
    },
  }
}
