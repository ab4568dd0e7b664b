import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCommandLine } from '../../src/cli/program.ts'
import { runTool } from '../support/tool.ts'

const KEY = 'f00df00df00df00df00df00df00dbeef'

function pageOf(argv: readonly string[]): string {
  const line = parseCommandLine(argv, '1.2.3')
  if (line.kind !== 'page') throw new Error('this line runs a command')
  return `\n${line.text}\n`
}

describe('a page of help', () => {
  it('of the program names every command', () => {
    expect(pageOf(['--help'])).toMatchInlineSnapshot(`
      "
      Usage: cloudtrail-pd [options] [command]

      Routes AWS CloudTrail events to PagerDuty, tests the whole path end to end, and
      keeps it healthy.

      Options:
        -v, --version                  show the version
        -h, --help                     show this page

      Commands:
        init [options]                 set up the chain from CloudTrail to PagerDuty;
                                       safe to run again
        doctor [options]               verify every chain in the account and region,
                                       however it was created
        destroy [options]              remove what init created, nothing else
        test [options]                 run a fire drill: send a signal through the
                                       chain and follow it until the incident resolves
        events [options] <alarm>       who did it: the log events behind the alarm's
                                       last ALARM
        export [options]               the same setup as CloudFormation, Terraform,
                                       AWS CLI calls, or the IAM policy of a command
        backtest [options] [files...]  how often each detection would have paged, from
                                       past CloudTrail events
        detections                     the catalogue of detections
        pattern                        the filter-pattern language of CloudWatch Logs,
                                       offline
        completion [options] <shell>   print a completion script for bash, zsh or fish
        help [options] [name...]       show help for a command or topic
        version [options]              show the version

      Examples:
        npx cloudtrail-pd init
            ask what is needed, show the plan, apply it
        npx cloudtrail-pd init --sandbox
            try it without any account

      Help topics: accessibility, checks, costs, drill, errors, first-run,
      getting-started, organization, pagerduty, patterns, permissions, reliability,
      report, sandbox, scheduled, scripts, troubleshooting, watching
      "
    `)
  })

  it('of init names every option with its heading', () => {
    expect(pageOf(['init', '--help'])).toMatchInlineSnapshot(`
      "
      Usage: cloudtrail-pd init [options]

      Set up the chain from CloudTrail to PagerDuty; safe to run again.

      Where pages go:
        --route <route>                      service, global-orchestration,
                                             service-orchestration,
                                             service-event-rules, global-ruleset
                                             (default: service)
        --integration-key <key>              PagerDuty integration key; prefer
                                             CLOUDTRAIL_PD_INTEGRATION_KEY or a file,
                                             because other users can see command lines
        --integration-url <url>              PagerDuty integration URL; it implies
                                             route and service region
        --integration-key-file <path>        file that contains the integration key or
                                             URL; - is standard input
        --service-region <region>            PagerDuty service region: us or eu
                                             (default: us)
        --pagerduty-token-file <path>        file with a PagerDuty REST API token
                                             (default: PAGERDUTY_TOKEN), used to look
                                             up or create an integration
        --pagerduty-service <name|id>        service to send alarms to (requires a
                                             token)
        --pagerduty-orchestration <name|id>  global orchestration to send alarms to
                                             (requires a token)
        --create-integration                 create a new integration on that service
                                             or orchestration
        --create-service <name>              create this service with an integration
                                             (requires a token)
        --escalation-policy <name|id>        escalation policy for the new service
        --low-urgency-integration-url <url>  integration URL for low-urgency
                                             detections (uses a separate SNS topic)

      Where the events come from:
        --trail <name|arn>                   existing trail to use (default: the most
                                             suitable one)
        --create-trail <name>                create a new trail with an S3 bucket
        --organization                       use or create a trail that records every
                                             account of the organization
        --trail-bucket <name>                S3 bucket for the new trail
        --log-group <name>                   CloudWatch Logs log group (default: the
                                             one the trail delivers to)
        --log-retention <days>               retention of the log group, in days
                                             (default: 365)
        --log-role <name>                    IAM role that CloudTrail uses to write to
                                             the log group

      What pages:
        --detections <id|pack,...>           detection ids and packs (default:
                                             recommended)
        --exclude <id|pack,...>              detections to leave out
        --set <id.field=value>               tune a detection: threshold, period,
                                             hold, urgency, ...; may be repeated
        --variant <variant>                  paging (tuned), compliance (the published
                                             strings), or both (default: paging)
        --exclude-principal <[id=]arn,...>   ignore events from these principals; * is
                                             allowed only at the start or the end
        --drill                              also install the fire-drill detection
                                             (needed for test --via api-call)
        --hold <minutes>                     minimum time the alarm stays in ALARM
                                             (default: set by each detection)
        --no-auto-resolve                    add no OK action: incidents must be
                                             resolved by hand

      One custom detection:
        --filter-name <name>                 name of the metric filter
        --filter-pattern <pattern>           CloudWatch Logs filter pattern to match
        --metric-namespace <name>            namespace of the metric
        --metric-name <name>                 name of the metric
        --metric-value <1|$.field>           metric value per matching event: 1, or a
                                             number in the event (default: 1)
        --metric-unit <unit>                 unit of the metric
        --default-value <number>             metric value for periods without matches
        --alarm-name <name>                  name of the alarm
        --alarm-description <text>           description of the alarm, shown to the
                                             responder
        --threshold <number>                 alarm threshold (default: 1)
        --period <seconds>                   length of a period in seconds (default:
                                             300)
        --evaluation-periods <n>             number of periods to evaluate (default:
                                             1)
        --datapoints-to-alarm <n>            number of breaching periods that trigger
                                             the alarm (default: 1)
        --comparison-operator <operator>     default: GreaterThanOrEqualToThreshold
        --statistic <statistic>              default: Sum

      How it is delivered:
        --topic <name|arn>                   SNS topic to publish to (default: a new
                                             topic)
        --display-name <text>                display name of the topic
        --kms-key <id>                       customer managed KMS key for the topic;
                                             its policy must allow CloudWatch to use
                                             it
        --tag <key=value>                    tag for every resource that is created;
                                             may be repeated

      Who watches the chain:
        --heartbeat [minutes]                page when the log group receives no
                                             events for this many minutes;
                                             --no-heartbeat for none (preset: "60")
        --fallback-email <address>           e-mail this address when SNS cannot
                                             deliver to PagerDuty, and when the
                                             heartbeat fires
        --dead-letter-queue                  retry for 50 minutes, then keep what
                                             PagerDuty did not take in an SQS queue
                                             for 14 days
        --dashboard                          create a CloudWatch dashboard of alarms,
                                             metrics and notifications

      Execution:
        --config <file>                      read answers from this setup file
        --save <file>                        save the answers to this setup file,
                                             without the key
        --dry-run                            show the plan without changing anything
        --detail                             show every value and every changed field
        --markdown <file>                    write the plan as Markdown, for example
                                             for a review
        --exit-code                          with --dry-run: exit 6 when there are
                                             changes
        --confirm-timeout <seconds>          how long to wait for PagerDuty to confirm
                                             the subscription, in seconds (default:
                                             90)
        --test                               run the fire drill at the end; installs
                                             its detection, and pages whoever is on
                                             call
        --prune                              delete resources of this chain that are
                                             no longer configured

      Common options:
        --profile <name>                     AWS profile to use
        --region <region>                    AWS region to search for the trail
                                             (resources go to its home region)
        --endpoint-url <url>                 send AWS requests to this endpoint
        --insecure-endpoint                  allow an http endpoint that is not on
                                             this machine
        --sandbox                            use simulated AWS and PagerDuty accounts;
                                             nothing leaves this machine
        --name <name>                        prefix for the names of all resources
                                             (default: cloudtrail-pd)
        -y, --yes                            approve all changes without asking
        --verbose                            print every API call
        --json                               print the result as one JSON document
        --no-color                           disable colors
        --plain                              disable cursor movement, for screen
                                             readers and logs

      Options:
        -h, --help                           show this page

      Examples:
        npx cloudtrail-pd init
            ask what is needed, show the plan, apply it
        npx cloudtrail-pd init --sandbox
            try it without any account
        npx cloudtrail-pd init --dry-run
            show the plan, change nothing
        npx cloudtrail-pd init --test
            and run a fire drill at the end
        npx cloudtrail-pd init --config cloudtrail-pd.yaml --yes
            ask nothing: for scripts
        npx cloudtrail-pd init --detections cis-1.4 --exclude vpc-changes
            choose what pages

      Every option except those that approve changes can also be set as an environment
      variable: CLOUDTRAIL_PD_REGION, CLOUDTRAIL_PD_JSON=1.
      "
    `)
  })

  it('of destroy', () => {
    expect(pageOf(['destroy', '--help'])).toMatchInlineSnapshot(`
      "
      Usage: cloudtrail-pd destroy [options]

      Remove what init created, nothing else.

      Execution:
        --dry-run                      show what would be deleted without deleting
                                       anything

      Also delete:
        --delete-trail                 also delete the trail that init created, its
                                       role and log group, and its bucket if empty
        --delete-logs                  with --delete-trail: delete the log group even
                                       if it contains events

      Common options:
        --pagerduty-token-file <path>  file with a PagerDuty REST API token (default:
                                       PAGERDUTY_TOKEN)
        --profile <name>               AWS profile to use
        --region <region>              AWS region to search for the trail (resources
                                       go to its home region)
        --endpoint-url <url>           send AWS requests to this endpoint
        --insecure-endpoint            allow an http endpoint that is not on this
                                       machine
        --sandbox                      use simulated AWS and PagerDuty accounts;
                                       nothing leaves this machine
        --name <name>                  prefix for the names of all resources (default:
                                       cloudtrail-pd)
        -y, --yes                      approve all changes without asking
        --verbose                      print every API call
        --json                         print the result as one JSON document
        --no-color                     disable colors
        --plain                        disable cursor movement, for screen readers and
                                       logs

      Options:
        -h, --help                     show this page

      Examples:
        npx cloudtrail-pd destroy
            show what would be deleted, and ask
        npx cloudtrail-pd destroy --dry-run
            show what would be deleted, and delete nothing
        npx cloudtrail-pd destroy --delete-trail --yes
            also delete the trail, if cloudtrail-pd created it

      Every option except those that approve changes can also be set as an environment
      variable: CLOUDTRAIL_PD_REGION, CLOUDTRAIL_PD_JSON=1.
      "
    `)
  })

  it('of doctor', () => {
    expect(pageOf(['doctor', '--help'])).toMatchInlineSnapshot(`
      "
      Usage: cloudtrail-pd doctor [options]

      Verify every chain in the account and region, however it was created.

      Scope:
        --trail <name|arn>             only chains of this trail
        --log-group <name>             only chains through this log group
        --topic <name|arn>             only chains through this topic
        --alarm <name>                 only the chain of this alarm
        --all-regions                  check every enabled region
        --accounts <role>              check every account of the organization by
                                       assuming this role in each
        --resume <file>                keep what was found in this file, and go on
                                       from it after a run that was cut off

      Output:
        --changed-since <file>         report only what an earlier report (doctor
                                       --json) does not have; exit 4 when that is a
                                       failure
        --strict                       treat warnings as failures
        --fix                          show what can be repaired, ask for approval,
                                       repair it, and check again
        --junit <file>                 write the checks as JUnit XML
        --report <file.md>             write a Markdown report
        --html <file>                  write a page for people: one HTML file, to
                                       read, print or send

      Common options:
        --pagerduty-token-file <path>  file with a PagerDuty REST API token (default:
                                       PAGERDUTY_TOKEN)
        --profile <name>               AWS profile to use
        --region <region>              AWS region to search for the trail (resources
                                       go to its home region)
        --endpoint-url <url>           send AWS requests to this endpoint
        --insecure-endpoint            allow an http endpoint that is not on this
                                       machine
        --sandbox                      use simulated AWS and PagerDuty accounts;
                                       nothing leaves this machine
        --name <name>                  prefix for the names of all resources (default:
                                       cloudtrail-pd)
        -y, --yes                      approve all changes without asking
        --verbose                      print every API call
        --json                         print the result as one JSON document
        --no-color                     disable colors
        --plain                        disable cursor movement, for screen readers and
                                       logs

      Options:
        -h, --help                     show this page

      Examples:
        npx cloudtrail-pd doctor
            show what works, what does not, and how to fix it
        npx cloudtrail-pd doctor --fix
            show what can be repaired, and ask
        npx cloudtrail-pd doctor --all-regions --accounts Audit
            the whole organization
        npx cloudtrail-pd doctor --json --strict
            for scripts: exit 4 when something is wrong

      Every option except those that approve changes can also be set as an environment
      variable: CLOUDTRAIL_PD_REGION, CLOUDTRAIL_PD_JSON=1.
      "
    `)
  })

  it('of a single command in a group', () => {
    expect(pageOf(['detections', 'show', '--help'])).toMatchInlineSnapshot(`
      "
      Usage: cloudtrail-pd detections show [options] <id>

      One detection: what it matches, why it matters, which scanners accept it.

      Common options:
        --json      print the result as one JSON document
        --no-color  disable colors
        --plain     disable cursor movement, for screen readers and logs

      Options:
        -h, --help  show this page

      Examples:
        npx cloudtrail-pd detections show root-account-usage
            the pattern that pages and the published ones

      Every option except those that approve changes can also be set as an environment
      variable: CLOUDTRAIL_PD_REGION, CLOUDTRAIL_PD_JSON=1.
      "
    `)
  })

  it('of pattern test shows the CIS pattern for sign-ins without MFA', () => {
    expect(pageOf(['pattern', 'test', '--help'])).toMatchInlineSnapshot(`
      "
      Usage: cloudtrail-pd pattern test [options] <pattern> [files...]

      Which events or log lines a filter pattern matches, as CloudWatch Logs would
      say.

      Input:
        --lines     treat each line as one raw log message, without trimming or
                    unwrapping

      Common options:
        --json      print the result as one JSON document
        --no-color  disable colors
        --plain     disable cursor movement, for screen readers and logs

      Options:
        -h, --help  show this page

      Examples:
        npx cloudtrail-pd pattern test '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }' events.json.gz
            a CloudTrail file, a JSON array, or one event per line
        npx cloudtrail-pd pattern test --lines '[ip, user, status >= 500]' access.log
            test each line as plain text
        aws logs tail GROUP --format short \\
          | npx cloudtrail-pd pattern test -- '-DEBUG' -
            standard input; -- first

      Every option except those that approve changes can also be set as an environment
      variable: CLOUDTRAIL_PD_REGION, CLOUDTRAIL_PD_JSON=1.
      "
    `)
  })

  it.each([[[]], [['detections']], [['pattern']]])('is what %j gets', (argv) => {
    expect(pageOf(argv)).toContain('Usage: cloudtrail-pd')
  })

  it.each([
    [['init', '--help']],
    [['destroy', '--help']],
    [['doctor', '--help']],
    [['detections', 'list', '--help']],
    [['detections', 'show', '--help']],
    [['pattern', 'test', '--help']],
    [['pattern', 'lint', '--help']],
    [['pattern', 'explain', '--help']],
  ])('%j has an example that begins with npx', (argv) => {
    expect(pageOf(argv)).toMatch(/Examples:\n {2}npx cloudtrail-pd /)
  })

  it('goes to stdout with exit 0, and so does the version', async () => {
    expect(await runTool(['init', '--help'], {})).toMatchObject({ exit: 0, stderr: '' })
    expect(await runTool(['--version'], {})).toMatchObject({ exit: 0, stdout: '0.1.0\n', stderr: '' })
  })
})

describe('stdout', () => {
  it.each([
    [['detections', 'list', '--json'], 0, 'detections list'],
    [['detections', 'show', 'root-account-usage', '--json'], 0, 'detections show'],
    [['detections', 'show', 'no-such', '--json'], 2, 'detections show'],
    [['pattern', 'lint', '{', '--json'], 4, 'pattern lint'],
    [['pattern', 'test', '{', '--json'], 2, 'pattern test'],
    [['pattern', 'explain', 'x', '--json'], 0, 'pattern explain'],
    [['init', '--json', '--rote', 'x'], 2, 'init'],
    [['init', '--json'], 2, 'init'],
    [['frobnicate', '--json'], 2, 'frobnicate'],
    [['--json'], 2, 'cloudtrail-pd'],
    [['destroy', '--json', '--region', 'nowhere'], 2, 'destroy'],
  ])('of %j is exactly one JSON document', async (argv, exit, command) => {
    const result = await runTool(argv, {})
    expect(result.exit).toBe(exit)
    expect(result.json()).toMatchObject({ schemaVersion: 1, command })
    expect(Object.keys(result.json()).includes('error')).toBe(exit !== 0 && exit !== 4)
  })

  it('of a failure says what stderr says', async () => {
    const { stdout, stderr } = await runTool(['init', '--json', '--rote', 'x'], {})
    expect(JSON.parse(stdout).error).toEqual({
      code: 'unknown-option',
      message: 'there is no option --rote',
      hint: 'did you mean --route?',
    })
    expect(stderr).toBe('✖ there is no option --rote\n  did you mean --route?\n')
  })

  it.each([
    [['events'], '<alarm> is missing', 'see all alarms that page: npx cloudtrail-pd doctor'],
    [['detections', 'show'], '<id> is missing', 'see all ids: npx cloudtrail-pd detections list'],
    [['pattern', 'lint'], '<pattern> is missing', 'see npx cloudtrail-pd pattern lint --help'],
  ])('of %j without its argument says where to find one', async (argv, message, hint) => {
    const result = await runTool([...argv, '--json'], {})
    expect([result.exit, result.json().error]).toEqual([2, { code: 'missing-argument', message, hint }])
  })

  it('is empty when a run without --json fails', async () => {
    expect((await runTool(['init', '--rote', 'x'], {})).stdout).toBe('')
  })

  it('is JSON by a variable too', async () => {
    const result = await runTool(['detections', 'list'], { env: { CLOUDTRAIL_PD_JSON: '1', FORCE_COLOR: '1' } })
    expect(result.json()).toMatchObject({ command: 'detections list' })
  })
})

describe('C68 a pipe', () => {
  it.each([
    [['detections', 'list'], {}],
    [['detections', 'show', 'root-account-usage'], {}],
    [['init', '--help'], { FORCE_COLOR: '1' }],
    [['detections', 'list', '--json'], { FORCE_COLOR: '1' }],
    [['init', '\u001b[2J\r'], {}],
    [['init', '--trail', '\u001b]0;x\u0007\r'], {}],
  ])('gets no control character from %j', async (argv, env) => {
    const { stdout, stderr } = await runTool(argv, { env })
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
    expect(stdout + stderr).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  })
})

describe('C67 a secret', () => {
  const url = `https://events.pagerduty.com/integration/${KEY}/enqueue`

  it.each([
    [['init', '--integration-key', KEY, '--rote'], {}],
    [['init', `--integration-key=${KEY}`, KEY], {}],
    [['init', '--trail', KEY, '--integration-key', KEY, '--region', KEY], {}],
    [['init', '--route', url, '--integration-url', url], {}],
    [['init', '--route', KEY, '--json'], { CLOUDTRAIL_PD_INTEGRATION_KEY: KEY }],
    [['init', '--integration-key', 'abcdefghij0123456789', '--json'], {}],
    [['init', '--route', 'tokentokentoken12345'], { PAGERDUTY_TOKEN: 'tokentokentoken12345' }],
  ])('is in no output of %j', async (argv, env) => {
    const { stdout, stderr, exit } = await runTool(argv, { env })
    expect(exit).toBe(2)
    expect(stdout + stderr).not.toMatch(/f00df00d|abcdefghij|tokentoken/)
  })

  it('is not needed to know what is wrong', async () => {
    await fc.assert(
      fc.asyncProperty(fc.stringMatching(/^[A-Za-z0-9]{12,40}$/), async (key) => {
        const { stdout, stderr } = await runTool(['init', '--json', '--integration-key', key], { env: {} })
        return !(stdout + stderr).includes(key)
      }),
      { numRuns: 20 },
    )
  })
})

describe("PagerDuty's hosts", () => {
  it.each([
    ['CLOUDTRAIL_PD_EVENTS_URL', 'http://events.example.com'],
    ['CLOUDTRAIL_PD_API_URL', 'https://api.example.com'],
    ['CLOUDTRAIL_PD_EVENTS_URL', 'http://127.0.0.1.example.com'],
    ['CLOUDTRAIL_PD_EVENTS_URL', 'http://user@127.0.0.1'],
    ['CLOUDTRAIL_PD_EVENTS_URL', 'ftp://127.0.0.1'],
    ['CLOUDTRAIL_PD_EVENTS_URL', 'here'],
  ])('are replaced by this machine alone: %s=%s is exit 2', async (variable, value) => {
    const result = await runTool(['init', '--yes', '--json'], { env: { [variable]: value } })
    expect(result.exit).toBe(2)
    expect(result.json()).toMatchObject({ error: { code: 'not-loopback' } })
  })
})
