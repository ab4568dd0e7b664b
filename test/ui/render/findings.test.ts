import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../src/detections/catalogue.ts'
import { diagnose } from '../../../src/doctor/diagnose.ts'
import { showFindings } from '../../../src/ui/render/findings.ts'
import { plainTheme, type Theme, themeFor } from '../../../src/ui/theme.ts'
import { aFilter, anAlarm, aTransformation, type Different, installed, someFacts } from '../../support/builders.ts'

function shown(different: Different, width = 80, theme: Theme = plainTheme()): string {
  return showFindings([diagnose(someFacts(different))], theme, width, {
    seconds: 3.24,
    caller: '123456789012',
    sameChain: (command) => command,
  })
}

const ascii = themeFor({ tty: false, env: { TERM: 'dumb' }, color: false, plain: true })

/** The names in front of the marks. */
function rowsOf(text: string): readonly string[] {
  return text.split('\n').flatMap((line) => /^ {2}(\S.*?) +(?:✔|✖|!|◌|ok|XX|!!|--) /.exec(line)?.[1] ?? [])
}

const exclusion = '{ ($.eventName = "PutBucketPolicy") && ($.userIdentity.invokedBy != "config.amazonaws.com") }'
const broken: Different = {
  filters: [aFilter(), aFilter({ name: 's3', pattern: exclusion, transformations: [aTransformation({ name: 'S3' })] })],
  alarms: [
    anAlarm({ okActions: [] }),
    anAlarm({
      name: 'CIS-3.8-S3Policy-123456789012-us-east-1',
      metric: { namespace: 'Security', name: 'S3', dimensions: {} },
    }),
  ],
}

describe("the doctor's screen", () => {
  it('has a row for each chain, four lines for each problem, and the next step', () => {
    expect(shown(broken)).toMatchInlineSnapshot(`
      "2 chains, 1 broken, 1 without a resolve, 1 warning
      account 123456789012 · us-east-1 · 3.2 s

                          trail deliv logs filt alarm topic subs PD OK
        CIS-3.8-S3Policy    ✔     ✔    ✔    ✖     ✔     ✔    ✔   ◌  ✖
        root-usage          ✔     ✔    ✔    ✔     !     ✔    ✔   ◌  ✖

      ✖ metric-filter.matches-own-event  trail-events:s3
        The detection looks installed, and its event pages no one.
        seen  s3-bucket-policy-changes: PutBucketPolicy, DeleteBucketPolicy,
              PutBucketAcl, PutBucketReplication, PutBucketWebsite,
              PutBucketOwnershipControls does not match { ($.eventName =
              "PutBucketPolicy") && ($.userIdentity.invokedBy !=
              "config.amazonaws.com") }
        fix   aws logs put-metric-filter --log-group-name trail-events \\
                --filter-name s3 \\
                --filter-pattern '{ ($.eventSource = "s3.amazonaws.com") && (($.eventName = "PutBucketAcl") || ($.eventName = "PutBucketPolicy") || ($.eventName = "DeleteBucketPolicy") || ($.eventName = "PutBucketReplication") || ($.eventName = "PutBucketWebsite") || ($.eventName = "PutBucketOwnershipControls")) && ($.errorCode NOT EXISTS) && (($.userIdentity.invokedBy NOT EXISTS) || ($.userIdentity.invokedBy = "cloudformation.amazonaws.com")) }' \\
                --metric-transformations '[{"metricNamespace":"Security","metricName":"S3","metricValue":"1","defaultValue":0}]' \\
                --region us-east-1
              use { ($.eventSource = "s3.amazonaws.com") && (($.eventName = "PutBucketAcl") || ($.eventName = "PutBucketPolicy") || ($.eventName = "DeleteBucketPolicy") || ($.eventName = "PutBucketReplication") || ($.eventName = "PutBucketWebsite") || ($.eventName = "PutBucketOwnershipControls")) && ($.errorCode NOT EXISTS) && (($.userIdentity.invokedBy NOT EXISTS) || ($.userIdentity.invokedBy = "cloudformation.amazonaws.com")) }
              in Terraform: aws_cloudwatch_log_metric_filter, pattern = "{ ($.eventSource = \\"s3.amazonaws.com\\") && (($.eventName = \\"PutBucketAcl\\") || ($.eventName = \\"PutBucketPolicy\\") || ($.eventName = \\"DeleteBucketPolicy\\") || ($.eventName = \\"PutBucketReplication\\") || ($.eventName = \\"PutBucketWebsite\\") || ($.eventName = \\"PutBucketOwnershipControls\\")) && ($.errorCode NOT EXISTS) && (($.userIdentity.invokedBy NOT EXISTS) || ($.userIdentity.invokedBy = \\"cloudformation.amazonaws.com\\")) }"
              in CloudFormation: AWS::Logs::MetricFilter, FilterPattern: "{ ($.eventSource = \\"s3.amazonaws.com\\") && (($.eventName = \\"PutBucketAcl\\") || ($.eventName = \\"PutBucketPolicy\\") || ($.eventName = \\"DeleteBucketPolicy\\") || ($.eventName = \\"PutBucketReplication\\") || ($.eventName = \\"PutBucketWebsite\\") || ($.eventName = \\"PutBucketOwnershipControls\\")) && ($.errorCode NOT EXISTS) && (($.userIdentity.invokedBy NOT EXISTS) || ($.userIdentity.invokedBy = \\"cloudformation.amazonaws.com\\")) }"
        look  npx cloudtrail-pd pattern explain '{ ($.eventName = "PutBucketPolicy") && ($.userIdentity.invokedBy != "config.amazonaws.com") }'

      ✖ alarm.ok-action  root-usage-123456789012-us-east-1
        It pages once: the incident never resolves by itself, and until someone
        resolves it, the next event joins it and pages no one.
        seen  AlarmActions has 1 topic, OKActions is empty
        fix   npx cloudtrail-pd doctor --fix
              adds the topic, keeps every other field
              in Terraform: aws_cloudwatch_metric_alarm, ok_actions = ["arn:aws:sns:us-east-1:123456789012:alerts"]
              in CloudFormation: AWS::CloudWatch::Alarm, OKActions: ["arn:aws:sns:us-east-1:123456789012:alerts"]

      ! metric-filter.absent-field  trail-events:s3
        Events without $.userIdentity.invokedBy are never counted: != is false on an
        absent field. No one is paged for such events.
        seen  column 41: …icy") && ($.userIdentity.invokedBy !=
              "config.amazonaws.com"…
        fix   aws logs put-metric-filter --log-group-name trail-events \\
                --filter-name s3 \\
                --filter-pattern '{ ($.eventName = "PutBucketPolicy") && (($.userIdentity.invokedBy NOT EXISTS) || ($.userIdentity.invokedBy != "config.amazonaws.com")) }' \\
                --metric-transformations '[{"metricNamespace":"Security","metricName":"S3","metricValue":"1","defaultValue":0}]' \\
                --region us-east-1
              use { ($.eventName = "PutBucketPolicy") && (($.userIdentity.invokedBy NOT EXISTS) || ($.userIdentity.invokedBy != "config.amazonaws.com")) }
              in Terraform: aws_cloudwatch_log_metric_filter, pattern = "{ ($.eventName = \\"PutBucketPolicy\\") && (($.userIdentity.invokedBy NOT EXISTS) || ($.userIdentity.invokedBy != \\"config.amazonaws.com\\")) }"
              in CloudFormation: AWS::Logs::MetricFilter, FilterPattern: "{ ($.eventName = \\"PutBucketPolicy\\") && (($.userIdentity.invokedBy NOT EXISTS) || ($.userIdentity.invokedBy != \\"config.amazonaws.com\\")) }"

      ◌ alarm.last-action not checked: the alarm history was not read
      ◌ alarm.muted not checked: mute rules were not read
      ◌ topic.delivery-failures not checked: the metrics of the topics were not read
      ◌ PagerDuty not checked: no token (PAGERDUTY_TOKEN)
      81 passed, 1 warning, 2 failed, 11 not checked

      Next   npx cloudtrail-pd doctor --fix   shows what it would change, and asks"
    `)
  })

  it('stays within its width, but for what is to be pasted', () => {
    for (const width of [80, 120]) {
      const wide = shown(broken, width)
        .split('\n')
        .filter(
          (line) => [...line].length > width && !/'[^']+'( \\)?$|use \{|in (Terraform|CloudFormation): /.test(line),
        )
      expect(wide).toEqual([])
    }
  })

  it.each([
    ['Unicode', plainTheme()],
    ['ASCII', ascii],
  ])('keeps every name of the catalogue whole at 80 columns in %s', (_, theme) => {
    const made = catalogue.map((detection) => installed(detection))
    const text = shown({ filters: made.map(({ filter }) => filter), alarms: made.map(({ alarm }) => alarm) }, 80, theme)
    const ids = catalogue.map(({ id }) => id)
    expect(rowsOf(text)).toHaveLength(40)
    expect(rowsOf(text).filter((name) => !ids.includes(name))).toEqual([])
    expect(text.split('\n').filter((line) => [...line].length > 80)).toEqual([])
  })

  it.each([
    ['Unicode', plainTheme()],
    ['ASCII', ascii],
  ])('takes away what long names have in common, in %s', (_, theme) => {
    const named = (name: string, metric: string) => ({
      filter: aFilter({ name, transformations: [aTransformation({ name: metric })] }),
      alarm: anAlarm({ name, metric: { namespace: 'Security', name: metric, dimensions: {} } }),
    })
    const made = [
      named('acme-security-baseline-production-root-account-usage-metric-alarm', 'A'),
      named('acme-security-baseline-production-console-without-mfa-metric-alarm', 'B'),
    ]
    const text = shown({ filters: made.map(({ filter }) => filter), alarms: made.map(({ alarm }) => alarm) }, 80, theme)
    expect([...rowsOf(text)].sort()).toEqual(['console-without-mfa', 'root-account-usage'])
  })

  it.each([
    ['Unicode', plainTheme()],
    ['ASCII', ascii],
  ])(
    'is a list where a table has no room: what is not well of each, and what is the same of all once, in %s',
    (_, theme) => {
      const made = catalogue.slice(0, 3).map((detection) => installed(detection))
      const [first, ...others] = made.map(({ alarm }) => alarm)
      if (first === undefined) throw new Error('no detection')
      const alarms = [{ ...first, okActions: [] }, ...others]
      const text = shown({ filters: made.map(({ filter }) => filter), alarms }, 40, theme)
      const [, matrix = ''] = text.split('\n\n')
      const names = catalogue.slice(0, 3).map(({ id }) => id)
      expect(matrix.split('\n')).toEqual([
        `  ${theme.mark('bad')} ${names[0]}`,
        `    alarm ${theme.mark('warn')}  OK ${theme.mark('bad')}`,
        ...names.slice(1).map((name) => `  ${theme.mark('good')} ${name}`),
        `  All: PD ${theme.mark('skip')}`,
      ])
    },
  )

  it('tells the same fault on many alarms once', () => {
    const alarms = ['a', 'b', 'c'].map((name) =>
      anAlarm({
        name: `${name}-123456789012-us-east-1`,
        okActions: [],
        threshold: name.length,
        period: 60 * (name.charCodeAt(0) - 90),
      }),
    )
    const text = shown({ alarms })
    expect(text).toContain('✖ alarm.ok-action  a-123456789012-us-east-1 and 2 more')
    expect(text.match(/alarm\.ok-action/g)).toHaveLength(1)
  })

  it('names at most forty chains, broken ones first', () => {
    const filters = Array.from({ length: 60 }, (_, index) =>
      aFilter({ name: `f${index}`, transformations: [aTransformation({ name: `M${index}` })] }),
    )
    const alarms = filters.map(({ name }, index) =>
      anAlarm({
        name: `${name}-123456789012-us-east-1`,
        metric: { namespace: 'Security', name: `M${index}`, dimensions: {} },
        ...(index === 59 ? { actionsEnabled: false } : {}),
      }),
    )
    const rows = shown({ filters, alarms })
      .split('\n')
      .filter((line) => /^ {2}f\d/.test(line))
    expect(rows).toHaveLength(40)
    expect(rows[0]).toContain('f59')
    expect(shown({ filters, alarms })).toContain('and 20 more that work')
  })

  it('carries no control character from a name', () => {
    const text = shown({ alarms: [anAlarm({ name: 'evil\u001b[31m\r\nname', okActions: [] })] })
    expect(text).not.toContain('\u001b')
    expect(text).not.toContain('\r')
  })
})
