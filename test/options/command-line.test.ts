import { describe, expect, it } from 'vitest'
import { commandNameOf } from '../../src/cli/commands.ts'
import { parseCommandLine } from '../../src/cli/program.ts'
import { AppError } from '../../src/errors.ts'
import { flagOf, OPTION_NAMES, OPTIONS, variableOf } from '../../src/options/table.ts'
import { optionsFor } from './reading.ts'

const KEY = '0123456789abcdef0123456789abcdef'

describe('a command line', () => {
  it.each([
    [['init'], {}],
    [['init', '-y'], { yes: true }],
    [['init', '--yes', '--json', '--verbose', '--plain'], { yes: true, json: true, verbose: true, plain: true }],
    [['init', '--no-color'], { color: false }],
    [['init', '--no-auto-resolve'], { autoResolve: false }],
    [['init', '--profile', 'prod', '--region', 'eu-central-1'], { profile: 'prod', region: 'eu-central-1' }],
    [['init', '--endpoint-url', 'http://localhost:4566'], { endpointUrl: 'http://localhost:4566' }],
    [['init', '--sandbox', '--name', 'audit'], { sandbox: true, name: 'audit' }],
    [['init', `--integration-key=${KEY}`], { integrationKey: KEY }],
    [['init', '--route', 'service', '--service-region', 'eu'], { route: 'service', serviceRegion: 'eu' }],
    [['init', '--trail', 'org-trail'], { trail: 'org-trail' }],
    [
      ['init', '--create-trail', 'mine', '--trail-bucket', 'my.bucket-1'],
      { createTrail: 'mine', trailBucket: 'my.bucket-1' },
    ],
    [
      ['init', '--log-group', '/aws/cloudtrail', '--log-retention', '400'],
      { logGroup: '/aws/cloudtrail', logRetention: 400 },
    ],
    [['init', '--detections', 'cis-1.4, root-account-usage'], { detections: ['cis-1.4', 'root-account-usage'] }],
    [['init', '--detections', 'a', '--detections', 'b,c'], { detections: ['a', 'b', 'c'] }],
    [
      ['init', '--set', 'root-account-usage.hold=60', '--set', 'mfa-deactivated.urgency=ticket'],
      {
        set: [
          { id: 'root-account-usage', field: 'hold', value: '60' },
          { id: 'mfa-deactivated', field: 'urgency', value: 'ticket' },
        ],
      },
    ],
    [
      ['init', '--exclude-principal', 'mfa-deactivated=arn:aws:iam::123456789012:role/a,b,*:role/scan'],
      {
        excludePrincipal: [
          { id: 'mfa-deactivated', principal: 'arn:aws:iam::123456789012:role/a,b' },
          { id: undefined, principal: '*:role/scan' },
        ],
      },
    ],
    [['init', '--tag', 'team=sec', '--tag', 'why=a=b'], { tag: { team: 'sec', why: 'a=b' } }],
    [['init', '--metric-value', '$.requestParameters.size'], { metricValue: '$.requestParameters.size' }],
    [['init', '--threshold', '0.5', '--period', '3600'], { threshold: 0.5, period: 3600 }],
    [['init', '--dry-run', '--exit-code', '--prune'], { dryRun: true, exitCode: true, prune: true }],
    [['init', '--confirm-timeout', '0'], { confirmTimeout: 0 }],
    [['destroy', '--delete-trail', '--delete-logs'], { deleteTrail: true, deleteLogs: true }],
    [['doctor', '--strict', '--alarm', 'a b', '--topic', 'pages'], { strict: true, alarm: 'a b', topic: 'pages' }],
    [
      [
        'doctor',
        '--fix',
        '--all-regions',
        '--accounts',
        'Audit',
        '--junit',
        'a.xml',
        '--report',
        'a.md',
        '--html',
        'a.html',
      ],
      { fix: true, allRegions: true, accounts: 'Audit', junit: 'a.xml', report: 'a.md', html: 'a.html' },
    ],
    [['detections', 'list', '--json'], { json: true }],
  ] as const)('%j means %j', async (argv, options) => {
    expect(await optionsFor('init', argv)).toEqual(options)
  })

  it('keeps what stands where an operand belongs', () => {
    expect(parseCommandLine(['detections', 'show', 'root-account-usage'], '1')).toMatchObject({
      command: 'detections show',
      operands: ['root-account-usage'],
    })
  })

  it.each([
    [['init', '--rote', 'service'], 'there is no option --rote', 'did you mean --route?'],
    [['init', '--fire'], 'there is no option --fire', 'see npx cloudtrail-pd init --help'],
    [['doctor', '--all-regions=1'], '--all-regions takes no value', 'write --all-regions alone'],
    [['init', '--help=1'], '--help takes no value', 'write --help alone'],
    [['doctor', '-y=1'], '-y takes no value', 'write -y alone'],
    [['docter', '--name', 'test'], 'there is no command "docter"', 'did you mean doctor?'],
    [['pattern', 'lnit', 'test'], 'there is no command "lnit"', 'did you mean lint?'],
    [['pattern', 'events'], 'there is no command "events"', 'see npx cloudtrail-pd pattern --help'],
    [['init', '--route'], '--route needs a value', 'write --route <route>'],
    [['init', '--trail', '--yes'], '--trail needs a value <name|arn>', '"--yes" follows it'],
    [['inti'], 'there is no command "inti"', 'did you mean init?'],
    [['doctr'], 'there is no command "doctr"', 'did you mean doctor?'],
    [['init', 'extra'], 'this command takes no argument "extra"', undefined],
    [['events', 'NAME', 'more', 'words'], 'this command takes no argument "more"', undefined],
    [['detections', 'show'], '<id> is missing', undefined],
    [['init', '--route', 'servce'], /^--route "servce" is not one of service, /, 'did you mean service?'],
    [['init', '--region', 'us-esat-1'], /^--region "us-esat-1" is not an AWS region/, undefined],
    [['init', '--log-retention', '12'], /^--log-retention "12" is not one of 1, 3, 5/, undefined],
    [['init', '--metric-namespace', 'a:b'], /^--metric-namespace "a:b" is not .* without : \* \$$/, undefined],
    [['init', '--metric-value', '$size'], /^--metric-value "\$size" is not 1 or a field/, /write a field as \$\.name/],
    [['init', '--metric-value', '$.a..b'], /^--metric-value "\$\.a\.\.b" is not/, undefined],
    [['init', '--hold', '0'], /^--hold "0" is not a whole number of minutes/, undefined],
    [['init', '--hold', '1e9'], /^--hold "1e9" is not/, undefined],
    [['init', '--period', '90'], /^--period "90" is not a multiple of 60/, undefined],
    [['init', '--tag', 'aws:x=1'], /reserved by AWS/, undefined],
    [['init', '--set', 'root-account-usage'], /is not of the form ID\.field=VALUE/, undefined],
    [['init', '--exclude-principal', 'me'], /is not an ARN/, undefined],
    [['init', '--name', 'a b'], /^--name "a b" is not 3 to 32 letters/, undefined],
    [['init', '--topic', 'pages.fifo'], /^--topic "pages\.fifo" is not a standard topic/, /FIFO/],
  ] as const)('%j is refused', async (argv, message, hint) => {
    const error = await optionsFor('init', argv).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(AppError)
    expect(error).toMatchObject({ exit: 2 })
    if (typeof message === 'string') expect(error).toHaveProperty('message', message)
    else expect((error as AppError).message).toMatch(message)
    if (hint !== undefined) expect((error as AppError).hint).toMatch(hint)
  })

  it('names every wrong value at once', async () => {
    const error = await optionsFor('init', ['init', '--hold', 'x', '--route', 'y']).catch((thrown: unknown) => thrown)
    expect((error as AppError).message).toMatch(/--route "y".*; --hold "x"/)
  })
})

describe('the name of a command', () => {
  it.each([
    [['init', '--bad'], 'init'],
    [['detections', 'show', 'x'], 'detections show'],
    [['frobnicate'], 'frobnicate'],
    [['--bad'], 'cloudtrail-pd'],
    [[], 'cloudtrail-pd'],
  ])('of %j is %s', (argv, name) => {
    expect(commandNameOf(argv)).toBe(name)
  })
})

describe('the option table', () => {
  it('gives approving options no variable', () => {
    const approving = OPTION_NAMES.filter((name) => variableOf(name) === undefined).map(flagOf)
    expect(approving).toEqual(['--test', '--prune', '--fix', '--delete-trail', '--delete-logs', '--yes'])
  })

  it('keeps secrets and approvals out of what a setup file is written from', () => {
    const names = OPTION_NAMES.filter((name) => OPTIONS[name].approves && OPTIONS[name].file)
    expect(names).toEqual([])
  })
})
