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

      Wires AWS CloudTrail to PagerDuty, proves that the wire works, and keeps it
      working.

      Options:
        -v, --version                  show the version
        -h, --help                     show this page

      Commands:
        init [options]                 set up the chain from CloudTrail to PagerDuty;
                                       safe to run again
        doctor [options]               verify every chain in the account and region,
                                       whoever made it
        destroy [options]              remove what init created, nothing else
        test [options]                 a fire drill: sends a signal through the chain
                                       and watches each hop until the incident
                                       resolves
        events [options] <alarm>       who did it: the log events behind the alarm's
                                       last ALARM
        export [options]               the same setup as CloudFormation, Terraform,
                                       AWS CLI calls, or the IAM policy of a command
        backtest [options] [files...]  how often each detection would have paged, from
                                       past CloudTrail events
        detections                     the catalogue of detections
        pattern                        the filter-pattern language of CloudWatch Logs,
                                       offline
        help [options] [name...]       show the page of a command or a topic
        version [options]              show the version

      Examples:
        npx cloudtrail-pd init
            ask what is needed, show the plan, apply it
        npx cloudtrail-pd init --sandbox
            try it without any account

      Topics of help: checks, drill, errors, pagerduty, patterns, permissions, report, sandbox
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
        --integration-key <key>              the integration key; better in
                                             CLOUDTRAIL_PD_INTEGRATION_KEY or a file,
                                             since others can see a command line
        --integration-url <url>              or the integration URL; it decides route
                                             and service region by itself
        --integration-key-file <path>        or a file that holds one of the two; - is
                                             standard input
        --service-region <region>            PagerDuty service region: us or eu
                                             (default: us)
        --pagerduty-token-file <path>        a file with a REST API token of
                                             PagerDuty, if not in PAGERDUTY_TOKEN: to
                                             look up the key or have one made
        --pagerduty-service <name|id>        with a token: the service to page, by its
                                             integration for alarms
        --pagerduty-orchestration <name|id>  with a token: the global orchestration to
                                             send to
        --create-integration                 with one of the two: make an integration
                                             of our own there
        --create-service <name>              with a token: make this service, with an
                                             integration
        --escalation-policy <name|id>        the escalation policy of the new service
        --low-urgency-integration-url <url>  the integration URL for detections of
                                             urgency ticket, over a topic of their own

      Where the events come from:
        --trail <name|arn>                   an existing trail (default: the best
                                             there is)
        --create-trail <name>                make a new trail, with a bucket
        --trail-bucket <name>                the bucket of the new trail
        --log-group <name>                   the log group (default: the trail's own)
        --log-retention <days>               how long a new log group keeps events
                                             (default: 365)
        --log-role <name>                    the role by which CloudTrail writes to
                                             the log group

      What pages:
        --detections <id|pack,...>           ids and packs (default: recommended)
        --exclude <id|pack,...>              leave these out
        --set <id.field=value>               tune a detection: threshold, period,
                                             hold, urgency, ...; may be repeated
        --variant <variant>                  paging (tuned), compliance (the published
                                             strings), or both (default: paging)
        --exclude-principal <[id=]arn,...>   never count these callers; a * only at
                                             the start or the end
        --drill                              also install the detection that test
                                             --via api-call uses
        --hold <minutes>                     keep the alarm up at least so long
                                             (default: the detection's own)
        --no-auto-resolve                    no OK action: incidents are resolved by
                                             hand

      One custom detection:
        --filter-name <name>                 name of the metric filter
        --filter-pattern <pattern>           what to count, in the filter-pattern
                                             language of CloudWatch Logs
        --metric-namespace <name>            namespace of the metric
        --metric-name <name>                 name of the metric
        --metric-value <1|$.field>           what an event adds: 1, or a number in the
                                             event (default: 1)
        --metric-unit <unit>                 unit of the metric
        --default-value <number>             what a minute without a match adds
        --alarm-name <name>                  name of the alarm
        --alarm-description <text>           what the responder reads first
        --threshold <number>                 how much is too much (default: 1)
        --period <seconds>                   length of a period (default: 300)
        --evaluation-periods <n>             periods to look back on (default: 1)
        --datapoints-to-alarm <n>            how many of them have to breach (default:
                                             1)
        --comparison-operator <operator>     default: GreaterThanOrEqualToThreshold
        --statistic <statistic>              default: Sum

      How it is delivered:
        --topic <name|arn>                   the topic to page through (default: one
                                             of our own)
        --display-name <text>                display name of the topic
        --kms-key <id>                       customer key that encrypts the topic;
                                             CloudWatch must be allowed to use it
        --tag <key=value>                    a tag for everything that is made; may be
                                             repeated

      Execution:
        --config <file>                      read answers from this setup file
        --save <file>                        write the answers to this setup file,
                                             without the key
        --dry-run                            show the plan, change nothing
        --detail                             show every value that is sent, and every
                                             field that changes
        --markdown <file>                    write the plan as Markdown, to paste into
                                             a review
        --exit-code                          with --dry-run: exit 6 when there are
                                             changes
        --confirm-timeout <seconds>          how long to wait until PagerDuty confirms
                                             (default: 90)
        --prune                              delete our detections that are no longer
                                             listed

      Common options:
        --profile <name>                     profile of the AWS configuration files
        --region <region>                    where to look for the trail; its home
                                             region is followed
        --endpoint-url <url>                 talk to this endpoint in place of AWS
        --sandbox                            use an embedded AWS and PagerDuty: no
                                             account needed, nothing leaves this
                                             machine
        --name <name>                        prefix of every name of this chain
                                             (default: cloudtrail-pd)
        -y, --yes                            approve; never asks
        --verbose                            a line for each API call
        --json                               the result as one JSON document
        --no-color                           no colours
        --plain                              no cursor movement: for screen readers
                                             and logs

      Options:
        -h, --help                           show this page

      Examples:
        npx cloudtrail-pd init
            ask what is needed, show the plan, apply it
        npx cloudtrail-pd init --sandbox
            try it without any account
        npx cloudtrail-pd init --dry-run
            show the plan, change nothing
        npx cloudtrail-pd init --config cloudtrail-pd.yaml --yes
            ask nothing: for scripts
        npx cloudtrail-pd init --detections cis-1.4 --exclude vpc-changes
            choose what pages

      Any option that approves nothing can come from a variable: CLOUDTRAIL_PD_ and
      its name in capitals, such as CLOUDTRAIL_PD_REGION or CLOUDTRAIL_PD_JSON=1.
      "
    `)
  })

  it('of destroy', () => {
    expect(pageOf(['destroy', '--help'])).toMatchInlineSnapshot(`
      "
      Usage: cloudtrail-pd destroy [options]

      Remove what init created, nothing else.

      Execution:
        --dry-run                      show what would be deleted, delete nothing

      Also delete:
        --delete-trail                 also delete our trail, its role and log group,
                                       and its bucket when that is empty
        --delete-logs                  with --delete-trail: even a log group with
                                       events

      Common options:
        --pagerduty-token-file <path>  a file with a REST API token of PagerDuty, if
                                       not in PAGERDUTY_TOKEN
        --profile <name>               profile of the AWS configuration files
        --region <region>              where to look for the trail; its home region is
                                       followed
        --endpoint-url <url>           talk to this endpoint in place of AWS
        --sandbox                      use an embedded AWS and PagerDuty: no account
                                       needed, nothing leaves this machine
        --name <name>                  prefix of every name of this chain (default:
                                       cloudtrail-pd)
        -y, --yes                      approve; never asks
        --verbose                      a line for each API call
        --json                         the result as one JSON document
        --no-color                     no colours
        --plain                        no cursor movement: for screen readers and logs

      Options:
        -h, --help                     show this page

      Examples:
        npx cloudtrail-pd destroy
            show what would be deleted, and ask
        npx cloudtrail-pd destroy --dry-run
            show what would be deleted, and delete nothing
        npx cloudtrail-pd destroy --delete-trail --yes
            the trail too, when it is ours

      Any option that approves nothing can come from a variable: CLOUDTRAIL_PD_ and
      its name in capitals, such as CLOUDTRAIL_PD_REGION or CLOUDTRAIL_PD_JSON=1.
      "
    `)
  })

  it('of doctor', () => {
    expect(pageOf(['doctor', '--help'])).toMatchInlineSnapshot(`
      "
      Usage: cloudtrail-pd doctor [options]

      Verify every chain in the account and region, whoever made it.

      Scope:
        --trail <name|arn>             only chains of this trail
        --log-group <name>             only chains through this log group
        --topic <name|arn>             only chains through this topic
        --alarm <name>                 only the chain of this alarm
        --all-regions                  look into every region that is enabled
        --accounts <role>              look into every account of the organization,
                                       through this role in each

      Output:
        --strict                       a warning counts as a failure
        --fix                          show what can be repaired, ask, repair it, and
                                       look again
        --junit <file>                 write each check as JUnit XML
        --report <file.md>             write a Markdown report

      Common options:
        --pagerduty-token-file <path>  a file with a REST API token of PagerDuty, if
                                       not in PAGERDUTY_TOKEN
        --profile <name>               profile of the AWS configuration files
        --region <region>              where to look for the trail; its home region is
                                       followed
        --endpoint-url <url>           talk to this endpoint in place of AWS
        --sandbox                      use an embedded AWS and PagerDuty: no account
                                       needed, nothing leaves this machine
        --name <name>                  prefix of every name of this chain (default:
                                       cloudtrail-pd)
        -y, --yes                      approve; never asks
        --verbose                      a line for each API call
        --json                         the result as one JSON document
        --no-color                     no colours
        --plain                        no cursor movement: for screen readers and logs

      Options:
        -h, --help                     show this page

      Examples:
        npx cloudtrail-pd doctor
            what works, what does not, and what to do
        npx cloudtrail-pd doctor --fix
            show what can be repaired, and ask
        npx cloudtrail-pd doctor --all-regions --accounts Audit
            the whole organization
        npx cloudtrail-pd doctor --json --strict
            for scripts: exit 4 when something is wrong

      Any option that approves nothing can come from a variable: CLOUDTRAIL_PD_ and
      its name in capitals, such as CLOUDTRAIL_PD_REGION or CLOUDTRAIL_PD_JSON=1.
      "
    `)
  })

  it('of a single command in a group', () => {
    expect(pageOf(['detections', 'show', '--help'])).toMatchInlineSnapshot(`
      "
      Usage: cloudtrail-pd detections show [options] <id>

      One detection: what it matches, why it matters, which scanners accept it.

      Common options:
        --json      the result as one JSON document
        --no-color  no colours
        --plain     no cursor movement: for screen readers and logs

      Options:
        -h, --help  show this page

      Examples:
        npx cloudtrail-pd detections show root-account-usage
            the pattern that pages and the published ones

      Any option that approves nothing can come from a variable: CLOUDTRAIL_PD_ and
      its name in capitals, such as CLOUDTRAIL_PD_REGION or CLOUDTRAIL_PD_JSON=1.
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
        --lines     each line is one raw log message: nothing is trimmed or unwrapped

      Common options:
        --json      the result as one JSON document
        --no-color  no colours
        --plain     no cursor movement: for screen readers and logs

      Options:
        -h, --help  show this page

      Examples:
        npx cloudtrail-pd pattern test '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }' events.json.gz
            a CloudTrail file, a JSON array, or one a line
        npx cloudtrail-pd pattern test --lines '[ip, user, status >= 500]' access.log
            each line as it stands
        npx aws logs tail GROUP --format short | npx cloudtrail-pd pattern test -- '-DEBUG' -
            standard input; -- first

      Any option that approves nothing can come from a variable: CLOUDTRAIL_PD_ and
      its name in capitals, such as CLOUDTRAIL_PD_REGION or CLOUDTRAIL_PD_JSON=1.
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
