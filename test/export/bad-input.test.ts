import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { KEY, runTool } from '../support/tool.ts'
import { deployed } from './deployed.ts'

const SITE = { partition: 'aws', account: '123456789012', region: 'ap-southeast-1' }

async function exported(format: string, ...line: readonly string[]): Promise<string> {
  const { exit, stdout, stderr } = await runTool(['export', '--format', format, ...line], {})
  expect(exit, stderr).toBe(0)
  return stdout
}

const dollar = '$'
const AWKWARD = [
  `it's "quoted" \\ and \\n`,
  `${dollar}{AWS::AccountId} ${dollar}{!literal} ${dollar}${dollar}{x} ${dollar}(id) \`id\` ${dollar}HOME`,
  '%{if true} %%{x} 100%',
  'one\ntwo\n\n  three: - # four',
  '- yes: no # null',
  '{{resolve:ssm:x}} <<EOF ~ ! & * é 日本 🚨',
]

describe.each(AWKWARD)('the text %j', (text) => {
  // A pattern is one line, and a quoted value in it has its own escapes.
  const display = text.replaceAll(/[\\"\n]/g, ' ').slice(0, 60)
  // A `${…}` that was never filled in is refused.
  const value = text.replaceAll(/[\\"\n{]/g, ' ')
  const pattern = `{ $.eventName = "${value}" }`
  const line = [
    ...['--filter-name', 'odd', '--filter-pattern', pattern, '--alarm-description', text],
    ...['--display-name', display],
  ]

  it('comes out of CloudFormation as it went in', async () => {
    const { of } = deployed(await exported('cloudformation', ...line), SITE, '')
    expect(of('AWS::Logs::MetricFilter').map(({ FilterPattern }) => FilterPattern)).toContain(pattern)
    expect(of('AWS::CloudWatch::Alarm').map(({ AlarmDescription }) => String(AlarmDescription))).toContainEqual(
      expect.stringContaining(text.trim()),
    )
    expect(of('AWS::SNS::Topic').map(({ DisplayName }) => DisplayName)).toContain(display)
  })

  it('comes out of Terraform as it went in', async () => {
    const strings = hclStrings(await exported('terraform', ...line))
    expect(strings).toContain(pattern)
    expect(strings).toContainEqual(expect.stringContaining(text.trim()))
    expect(strings).toContain(display)
  })

  it.skipIf(process.platform === 'win32')('comes out of a shell as it went in', async () => {
    const calls = callsOf(await exported('cli', ...line))
    expect(calls).toContainEqual(expect.arrayContaining([`--filter-pattern=${pattern}`]))
    expect(calls.flat()).toContainEqual(expect.stringContaining(text.trim()))
  })
})

/** The strings of a configuration, read as HCL does; what it would fill in stays as it stands (HCL native syntax, quoted templates). */
function hclStrings(configuration: string): readonly string[] {
  const escapes: Record<string, string> = { n: '\n', t: '\t', r: '\r', '"': '"', '\\': '\\' }
  return [...configuration.matchAll(/"((?:[^"\\\n]|\\.)*)"/g)].map(([, inside = '']) =>
    inside.replaceAll(/\\u([0-9a-fA-F]{4})|\\(.)|([$%])\3\{/g, (_, code, letter, sign) =>
      code !== undefined ? String.fromCharCode(Number.parseInt(code, 16)) : sign ? `${sign}{` : (escapes[letter] ?? ''),
    ),
  )
}

/** What the script calls `aws` with, call by call. */
function callsOf(script: string): readonly (readonly string[])[] {
  const folder = mkdtempSync(join(tmpdir(), 'cloudtrail-pd-script-'))
  try {
    const log = join(folder, 'calls')
    const aws = join(folder, 'aws')
    writeFileSync(
      aws,
      `#!/bin/sh\nprintf '%s\\0' "$@" >> "${log}"\nprintf '\\1' >> "${log}"\necho arn:aws:iam::1:user/x\n`,
    )
    chmodSync(aws, 0o755)
    writeFileSync(join(folder, 'setup.sh'), script)
    execFileSync('bash', [join(folder, 'setup.sh')], {
      stdio: 'ignore',
      env: {
        PATH: `${folder}:${process.env.PATH}`,
        AWS_REGION: SITE.region,
        TMPDIR: folder,
        CLOUDTRAIL_PD_INTEGRATION_URL: `https://events.pagerduty.com/integration/${KEY}/enqueue`,
      },
    })
    return readFileSync(log, 'utf8')
      .split('\u0001')
      .map((call) => call.split('\0'))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

describe('two templates for one account', () => {
  const names = ['one', 'two'] as const
  const everything = ['--detections', 'all', '--variant', 'both', '--drill', '--heartbeat', '--dashboard']

  it('make nothing under the same name when they have two names', async () => {
    const [one, two] = await Promise.all(
      names.map(async (name) => namesIn(await exported('cloudformation', '--name', name, ...everything))),
    )
    expect(one?.length).toBeGreaterThan(100)
    expect(one?.filter((name) => two?.includes(name))).toEqual([])
  })
})

/** The names that a template gives to what it makes: one of its kind in an account and region. */
function namesIn(template: string): readonly string[] {
  const keys = [
    ...['AlarmName', 'TopicName', 'BucketName', 'RoleName', 'TrailName', 'LogGroupName', 'DashboardName'],
    'FilterName',
  ]
  const { of } = deployed(template, SITE, '')
  const types: Record<string, { Type: string }> = parse(template, { version: '1.1' }).Resources
  const kinds = [...new Set(Object.values(types).map(({ Type }) => Type))]
  return kinds.flatMap((type) =>
    of(type).flatMap((properties) =>
      keys.flatMap((key) => {
        const name = properties[key]
        // A filter's log group is not its own name.
        const isOwn = key !== 'LogGroupName' || type === 'AWS::Logs::LogGroup'
        return isOwn && typeof name === 'string' ? [`${type} ${key} ${name}`] : []
      }),
    ),
  )
}

describe('names at their limits', () => {
  const longest = ['--filter-name', `f${'n'.repeat(254)}`, '--alarm-name', `a${'n'.repeat(254)}`]
  const line = [...longest, '--filter-pattern', '{ $.a = 1 }', '--name', `n${'m'.repeat(31)}`]

  it('fit into CloudFormation and AWS', async () => {
    const template = await exported('cloudformation', ...line)
    const { of } = deployed(template, SITE, '')
    const resources = parse(template, { version: '1.1' }).Resources
    for (const id of Object.keys(resources)) expect(id).toMatch(/^[A-Za-z0-9]{1,255}$/)
    expect(String(of('AWS::CloudWatch::Alarm')[0]?.AlarmName)).toHaveLength(255)
    expect(String(of('AWS::S3::Bucket')[0]?.BucketName).length).toBeLessThanOrEqual(63)
    expect(String(of('AWS::IAM::Role')[0]?.RoleName).length).toBeLessThanOrEqual(64)
  })

  it('fit into Terraform', async () => {
    const labels = [...(await exported('terraform', ...line)).matchAll(/^resource "\w+" "([^"]*)"/gm)]
    expect(labels.length).toBeGreaterThan(5)
    for (const [, label] of labels) expect(label).toMatch(/^[a-z_][a-z0-9_-]{0,254}$/i)
  })

  it.each([
    ['--alarm-name', 'a'.repeat(256)],
    ['--filter-name', 'f'.repeat(513)],
    ['--name', 'n'.repeat(33)],
  ])('beyond them, %s is refused before anything is rendered', async (flag, name) => {
    const args = ['export', '--format', 'cloudformation', '--filter-pattern', '{ $.a = 1 }', flag, name]
    const { exit, stdout, stderr } = await runTool(args, {})
    expect([exit, stdout]).toEqual([2, ''])
    expect(stderr).toContain(flag)
  })
})
