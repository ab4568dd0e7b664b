/** THE table of error codes: what each means and what to do. Scripts match codes, so one that is released keeps its name. */

interface ErrorMeaning {
  /** Completes "The command stopped because …". */
  readonly meaning: string
  /** One or two sentences to the operator. */
  readonly action: string
}

/** Only types of it reach the program; `docs/errors.md` is made of the rest. */
export const ERROR_CODES = {
  // Backtests.
  'engine-missing': {
    meaning: '`--print` or `--result` was given without `--engine`',
    action: 'Add `--engine athena` or `--engine logs-insights`.',
  },
  'engine-task': {
    meaning: '`--engine` needs either `--print` or `--result`, and with `--html` the latter',
    action: 'Print the query, run it, and give its answer by `--result FILE`.',
  },
  'history-too-busy': {
    meaning: 'so many events were recorded that the time for reading the event history does not reach back a day',
    action: 'Backtest the files of the trail, or its log group.',
  },
  'log-group-missing': {
    meaning: 'there is no log group of this name',
    action: 'Check the name and `--region`.',
  },
  'no-events': {
    meaning: 'there is no CloudTrail event in the time that was asked for',
    action: 'Name another source, or another time by `--since` and `--until`; the message says what the source holds.',
  },
  'no-source': {
    meaning: 'a backtest was given no events to count',
    action: 'Name them by `--files`, `--log-group`, `--lookup` or `--engine`.',
  },
  'not-compilable': {
    meaning: 'a detection cannot be said in the language of the query engine',
    action: 'Leave it out with `--exclude`, or read files with `--files`.',
  },
  'past-too-short': {
    meaning: 'the past that can be read is less than a day, so nothing is told about a week',
    action: 'Choose without it, or backtest the files of the trail.',
  },
  'result-unreadable': {
    meaning: 'a file is not a whole answer to the query of a backtest',
    action: 'Let the query end, and save its whole result again, as CSV.',
  },
  'source-conflict': {
    meaning: 'a backtest was given more than one source of events',
    action: 'Give one of them.',
  },
  'time-unreadable': {
    meaning: 'a time is neither an ISO date or time nor a duration',
    action: 'Write it as `14d`, `2026-01-15` or `2026-01-15T10:00`.',
  },
  'window-empty': { meaning: 'the time to look at is empty', action: 'Put `--since` before `--until`.' },

  // The command line, its files and its environment.
  'command-line': {
    meaning: 'the command line could not be read',
    action: 'Read the usage with `--help` after the command.',
  },
  'unknown-command': { meaning: 'there is no such command', action: 'List the commands with `--help`.' },
  'unknown-option': {
    meaning: 'the command has no such option',
    action: 'List its options with `--help`. A pattern that begins with `-` comes after `--`.',
  },
  'option-value': {
    meaning: 'an option has no value, or one that it does not accept',
    action: 'Use the form that the message names.',
  },
  'missing-argument': { meaning: 'an argument is missing', action: 'Add the argument that the message names.' },
  'excess-arguments': {
    meaning: 'there are more arguments than the command takes',
    action: 'Quote a pattern or name that contains spaces.',
  },
  'missing-options': {
    meaning: 'answers are missing and there is no terminal to ask at',
    action: 'Pass every option that the message lists, or set its environment variable.',
  },
  'no-terminal': {
    meaning: 'a change has to be approved and there is no terminal to ask at',
    action: 'Pass `--yes`.',
  },
  'delete-logs': {
    meaning: '`--delete-logs` was given without `--delete-trail`',
    action: 'Add `--delete-trail`: the log group is part of the audit record, and stays as long as its trail does.',
  },
  'format-conflict': {
    meaning: 'a list was asked for as CSV and as JSON',
    action: 'Give one of `--csv` and `--json`.',
  },
  'unknown-shell': { meaning: 'there is no completion for this shell', action: 'Name `bash`, `zsh` or `fish`.' },
  'exit-code': { meaning: '`--exit-code` was given without `--dry-run`', action: 'Add `--dry-run`.' },
  since: {
    meaning: '`--since` is neither a time nor a duration',
    action: 'Pass an ISO date or time in UTC, or a duration such as `2h`.',
  },
  'file-unreadable': { meaning: 'a file could not be read', action: 'Check the path and its permissions.' },
  'file-not-written': {
    meaning: 'a file could not be written',
    action: 'Name a folder that exists and that you may write to.',
  },
  'key-text': {
    meaning: 'the text of an integration key or URL is not one key or one URL',
    action: 'Keep one key or one URL, as PagerDuty shows it.',
  },
  'key-file-empty': { meaning: 'the integration key file is empty', action: 'Write the key into the file.' },
  'token-file-empty': { meaning: 'the PagerDuty token file is empty', action: 'Write the token into the file.' },
  'token-file-form': {
    meaning: 'the PagerDuty token file holds more than one word, or one that is too long for a token',
    action: 'Write the token alone into the file.',
  },
  'setup-file': {
    meaning: 'the setup file has a syntax error, an unknown key or a value of the wrong type',
    action: 'Correct it at the line and column that the message names.',
  },
  'variable-unset': {
    meaning: 'the setup file refers to a variable that is unset or empty, and nothing else says what it would hold',
    action: 'Set the variable that the message names, or take the option out of the file.',
  },
  'not-loopback': {
    meaning: 'an address that replaces PagerDuty is not on this machine',
    action: 'Use a loopback address, or unset the variable.',
  },

  // Where alerts go.
  'no-integration-key': {
    meaning: 'no integration key was given and the topic has no PagerDuty subscription yet',
    action: 'Set `CLOUDTRAIL_PD_INTEGRATION_KEY`, or pass `--integration-key-file` or `--integration-url`.',
  },
  'route-conflict': {
    meaning: 'options name different PagerDuty destinations',
    action: 'Give only one of the options that the message names.',
  },
  'region-conflict': {
    meaning: '`--service-region` contradicts the integration URL or the account of the token',
    action: 'Leave `--service-region` out.',
  },
  'key-is-url': {
    meaning: 'an integration URL was given as an integration key',
    action: 'Pass it as `--integration-url`.',
  },
  'key-is-token': {
    meaning: 'a REST API token was given as an integration key',
    action: "Copy the key from the integration's page in PagerDuty. Put the token into `PAGERDUTY_TOKEN`.",
  },
  'key-form': {
    meaning: 'the integration key is not 32 letters and digits',
    action: "Copy it again from the integration's page in PagerDuty.",
  },
  'export-command': {
    meaning: '`--command` was given for a format that is no policy',
    action: 'Use it with `--format iam-policy`.',
  },
  'export-log-group': {
    meaning: 'the log group of an existing trail is not known without asking AWS',
    action: 'Add `--log-group`, or `--from-account`.',
  },
  'export-delivery': {
    meaning: 'an existing trail writes to no log group, and a template cannot change a trail that it did not create',
    action: 'Run `npx cloudtrail-pd init`, or set the log group where the trail is managed.',
  },
  'export-too-long': {
    meaning: 'a name or a pattern may get longer than AWS accepts, depending on account and region',
    action: 'Choose a shorter `--name` or `--alarm-name`, or exclude fewer principals.',
  },
  'export-too-many': {
    meaning: 'CloudFormation does not accept as many resources in one template',
    action: 'Export some of the detections under another `--name`.',
  },
  'export-too-large': {
    meaning: 'CloudFormation does not accept a template of this size',
    action: 'Export some of the detections under another `--name`.',
  },
  'export-policy-too-long': {
    meaning: 'IAM does not accept a policy of this length',
    action: 'Choose a shorter `--name`.',
  },
  'file-exists': {
    meaning: 'a file of this name is there already, and no one agreed to replace it',
    action: 'Name another file, or pass `--yes` where the command has it.',
  },
  'url-form': {
    meaning: 'the integration URL is not a URL, or has parts that it must not have',
    action: 'Copy the integration URL again from PagerDuty.',
  },
  'url-protocol': { meaning: 'the integration URL is not HTTPS', action: 'Copy the URL that PagerDuty shows.' },
  'url-web-page': {
    meaning: 'the URL is a page of the PagerDuty web app',
    action: "Copy the integration URL from the service's Integrations tab.",
  },
  'url-host': {
    meaning: 'the host of the integration URL is not a PagerDuty events host',
    action: 'Use a URL of `events.pagerduty.com` or `events.eu.pagerduty.com`.',
  },
  'url-shape': {
    meaning: 'the URL is of another kind of PagerDuty endpoint, which does not take SNS messages',
    action: 'Use the URL of an AWS CloudTrail or Amazon CloudWatch integration, or of an orchestration.',
  },
  'pagerduty-holder': {
    meaning: 'an option about a new integration or service does not say which service it belongs to',
    action: 'Add `--pagerduty-service` or `--create-service`.',
  },
  'pagerduty-escalation-policy': {
    meaning: '`--create-service` was given without an escalation policy',
    action: 'Add `--escalation-policy`.',
  },

  // PagerDuty's REST API.
  'earlier-report': {
    meaning: 'the file of `--changed-since` is no report of `doctor --json`, or one of another account',
    action: 'Write one with `npx cloudtrail-pd doctor --json > report.json`.',
  },
  'incident-not-found': {
    meaning: 'PagerDuty shows no such incident to this token',
    action: 'Take the number from the address of the incident, and a token that sees its service.',
  },
  'note-without-incident': {
    meaning: '`--note` was given without the incident to write into',
    action: 'Add `--incident NUMBER` or `--incident latest`.',
  },
  'note-without-events': {
    meaning: 'no event was found, so there was nothing to write into the incident',
    action: 'Run the command again when CloudTrail has delivered, after about 15 minutes, or pass `--since`.',
  },
  'pagerduty-no-token': {
    meaning: 'a PagerDuty REST API token is required',
    action: 'Set `PAGERDUTY_TOKEN`, or pass `--pagerduty-token-file`.',
  },
  'pagerduty-token-malformed': {
    meaning: 'the PagerDuty token does not have the form of a REST API token',
    action: 'Copy the token again. An integration key is not a token.',
  },
  'pagerduty-token-refused': {
    meaning: 'PagerDuty refused the token',
    action: 'Check that it was copied whole, is not revoked, and is used with its own service region.',
  },
  'pagerduty-denied': {
    meaning: 'the token may not make this call',
    action: 'Use a token of a Manager, Admin, Global Admin or Account Owner.',
  },
  'pagerduty-plan': {
    meaning: "the PagerDuty account's plan does not include this call",
    action: 'Use the route `service`, which every plan has.',
  },
  'pagerduty-not-found': {
    meaning: 'PagerDuty does not know an object that was asked for',
    action: 'Check whether it was deleted, belongs to another account, or is hidden from this token.',
  },
  'pagerduty-no-service': {
    meaning: 'PagerDuty has no service of this name or id',
    action: 'Use one of the services that the hint lists.',
  },
  'pagerduty-no-orchestration': {
    meaning: 'PagerDuty has no orchestration of this name or id',
    action: 'Use one of the orchestrations that the hint lists.',
  },
  'pagerduty-no-escalation-policy': {
    meaning: 'PagerDuty has no escalation policy of this name or id',
    action: 'Use one of the policies that the hint lists.',
  },
  'pagerduty-no-integration': {
    meaning: 'the service or orchestration has no integration that accepts alarms',
    action: 'Add `--create-integration`.',
  },
  'pagerduty-no-vendor': {
    meaning: 'PagerDuty does not list the vendor that the integration is made of',
    action: 'Create the integration in PagerDuty and pass its key.',
  },
  'pagerduty-key-hidden': {
    meaning: 'PagerDuty does not show the integration key to this token',
    action: 'Pass the key, or use a token that may see it.',
  },
  'pagerduty-ambiguous': {
    meaning: 'several PagerDuty objects have the same name',
    action: 'Pass the id in place of the name.',
  },
  'pagerduty-unsure': {
    meaning: "PagerDuty's answers do not allow a verdict",
    action: 'Read the reason in the message, and check in PagerDuty.',
  },
  'pagerduty-rejected': {
    meaning: 'PagerDuty rejected the call',
    action: 'Read the reason in the message. `--verbose` shows the call.',
  },
  'pagerduty-rate-limited': {
    meaning: 'PagerDuty keeps refusing the call because of too many calls',
    action: 'Run the command again in a few minutes.',
  },
  'pagerduty-unavailable': {
    meaning: 'PagerDuty failed to answer',
    action: 'Run the command again in a few minutes. See status.pagerduty.com.',
  },
  'pagerduty-unreachable': {
    meaning: 'PagerDuty cannot be reached',
    action: 'Check the network, the firewall and the proxy.',
  },
  'pagerduty-timeout': {
    meaning: 'PagerDuty did not answer in time',
    action: 'Check the network, then run the command again.',
  },
  'pagerduty-redirected': {
    meaning: 'the call was redirected to another address, which was not followed',
    action: 'Check for a proxy or a sign-in page between this machine and PagerDuty.',
  },
  'pagerduty-unreadable': {
    meaning: 'the answer is not what the PagerDuty API documents',
    action: 'Run the command again. If it repeats, something in between changes the answers.',
  },
  'pagerduty-api-url': {
    meaning: 'the address that replaces the PagerDuty API is not a loopback address',
    action: 'Unset `CLOUDTRAIL_PD_API_URL`.',
  },

  // The trail and its log group.
  'trail-conflict': { meaning: '`--trail` and `--create-trail` were both given', action: 'Give one of the two.' },
  'trail-bucket': { meaning: '`--trail-bucket` was given without `--create-trail`', action: 'Add `--create-trail`.' },
  'trail-quota': {
    meaning: 'the region has as many trails as AWS allows',
    action: 'Use one of the existing trails with `--trail`.',
  },
  'trail-not-found': { meaning: 'there is no trail of this name', action: 'Use a trail that the hint lists.' },
  'trail-unsuitable': {
    meaning: 'the named trail cannot feed the chain',
    action: 'Correct the trail, name another one, or create one with `--create-trail`.',
  },
  'no-trail-fits': {
    meaning: 'none of the existing trails can feed the chain',
    action: 'Correct one of them, name it with `--trail`, or create one with `--create-trail`.',
  },
  'trail-consent': {
    meaning: 'a trail that was not named would have to be changed',
    action: 'Agree with `--trail NAME`, or create a trail with `--create-trail`.',
  },
  'trails-unreadable': {
    meaning: 'the trails could not be listed',
    action: 'Allow `cloudtrail:DescribeTrails` for your identity.',
  },
  'bucket-not-private': {
    meaning: 'the public access block of a new trail bucket is not on, although it was set',
    action: 'Run the same command again, and check the bucket in the console.',
  },
  'trail-not-logging': {
    meaning: 'a new trail does not log although it was started',
    action: 'Run the same command again, and check the trail in the console.',
  },
  'log-group-elsewhere': {
    meaning: 'the trail writes to a log group of another account, where metric filters have to be',
    action: 'Run the command in that account, or create a trail here with `--create-trail`.',
  },
  'bucket-taken': {
    meaning: 'the bucket name belongs to another account',
    action: 'Choose a name with `--trail-bucket`.',
  },
  'bucket-policy': {
    meaning: "CloudTrail refuses the change because the policy of the trail's bucket is broken",
    action: 'Correct the bucket policy first.',
  },
  'delivery-role': {
    meaning: 'CloudTrail may not use the delivery role',
    action: 'Run `npx cloudtrail-pd doctor` to see what is wrong with its trust or its policy.',
  },

  // Detections and patterns.
  'unknown-detection': {
    meaning: 'there is no detection or pack of this name',
    action: 'List them with `npx cloudtrail-pd detections list`.',
  },
  'no-detections': { meaning: 'every detection was excluded', action: 'Name at least one id or pack.' },
  'bad-override': {
    meaning: '`--set` has a wrong form, field or value',
    action: 'Use `ID.field=VALUE` with a field and value that the message allows.',
  },
  'unused-override': {
    meaning: 'an override names a detection that was not chosen',
    action: 'Add the detection to `--detections`, or remove the override.',
  },
  'bad-principal': {
    meaning: 'a principal to exclude has a form that no event has',
    action: 'Pass an ARN, with `*` only at its start or end.',
  },
  'blinding-principal': {
    meaning: 'the exclusion would match everyone',
    action: 'Name one role, user or session.',
  },
  'exclusion-needs-json': {
    meaning: 'principals can be excluded from JSON patterns only',
    action: 'Write the pattern as `{ … }`.',
  },
  'custom-without-pattern': {
    meaning: 'options of a custom detection were given without `--filter-pattern`',
    action: 'Add `--filter-pattern`, or tune a detection of the catalogue with `--set`.',
  },
  'custom-with-pack': {
    meaning: 'options of a custom detection were given together with a pack',
    action: 'Name single ids in `--detections`, or leave it out.',
  },
  'pattern-refused': {
    meaning: 'CloudWatch Logs would refuse the filter pattern',
    action: 'Correct it at the column that the message names; `npx cloudtrail-pd pattern lint PATTERN` shows more.',
  },
  'pattern-faulty': {
    meaning: 'the filter pattern is valid but cannot work',
    action: 'Correct it at the column that the message names.',
  },
  'pattern-too-long': {
    meaning: 'the exclusions make the filter pattern longer than AWS allows',
    action: 'Exclude fewer principals, or combine them with one `*`.',
  },
  'metric-value': {
    meaning: 'the metric value names a field of an event, and the pattern is not JSON',
    action: 'Write the pattern as `{ … }`, or use the value 1.',
  },
  'alarm-impossible': {
    meaning: 'CloudWatch would refuse the alarm',
    action: 'Change `--period`, `--evaluation-periods` or `--datapoints-to-alarm`.',
  },

  // Files of events.
  'no-files': { meaning: 'no file of events was named', action: 'Name files, or pipe events in.' },
  'no-cloudtrail-record': {
    meaning: 'none of the messages that were read looks like a record of CloudTrail',
    action: 'Give records, or add `--lines` to take every line as it stands.',
  },
  'no-event': { meaning: 'the file holds no event', action: 'Name a file with one CloudTrail event.' },
  'line-too-long': { meaning: 'a line is longer than 256 MB', action: 'Split the file.' },
  'file-broken': { meaning: 'a CloudTrail file is not complete JSON', action: 'Download the file again.' },
  'file-damaged': { meaning: 'a file is damaged gzip data', action: 'Download the file again.' },
  'too-many-results': {
    meaning: 'one JSON document cannot hold this many results',
    action: 'Leave `--json` out, or split the input.',
  },

  // AWS.
  'no-region': {
    meaning: 'no AWS region is set',
    action: 'Pass `--region`, or set `AWS_REGION`.',
  },
  'sandbox-file-not-written': {
    meaning: 'a file of the sandbox cannot be written or locked',
    action: 'Free some space, end the command that uses it, or set `CLOUDTRAIL_PD_SANDBOX_FILE` to another file.',
  },
  'region-is-zone': {
    meaning: 'the region is the name of an availability zone',
    action: 'Drop the letter at its end: `us-east-1`, not `us-east-1a`.',
  },
  'no-organization': {
    meaning: 'the accounts of the organization could not be listed',
    action: 'Run with credentials of the management account or of a delegated administrator.',
  },
  'progress-file': {
    meaning: 'the file of `--resume` is not one of this run, or cannot be used here',
    action: 'Name another file, or delete this one.',
  },
  'organization-trail': {
    meaning: 'an organization trail cannot be set up from this account, or not yet',
    action:
      'Run in the management account, with trusted access for CloudTrail enabled; the hint says which of the two is missing.',
  },
  'aws-credentials': {
    meaning: 'there are no AWS credentials, or they are not valid',
    action: 'Sign in again, or check the profile.',
  },
  'aws-denied': { meaning: 'AWS denied a call', action: 'Allow the action that the hint names.' },
  'aws-absent': {
    meaning: 'AWS does not find a resource that the call needs',
    action: 'Run the same command again. If it repeats, someone is deleting the resource.',
  },
  'aws-busy': { meaning: 'AWS throttles, or is not available', action: 'Run the same command again.' },
  'aws-conflict': {
    meaning: 'someone else is changing the same resource',
    action: 'Run the same command again.',
  },
  'aws-network': {
    meaning: 'AWS cannot be reached',
    action: 'Check the network, the proxy variables and `--endpoint-url`.',
  },
  'aws-other': { meaning: 'AWS refused a call', action: 'Run again with `--verbose` for the request id.' },

  // What was named, and what is there.
  'no-such-trail': {
    meaning: 'doctor was limited to a trail that does not exist',
    action: 'See the names in the hint.',
  },
  'no-such-log-group': {
    meaning: 'doctor was limited to a log group that does not exist',
    action: 'See the names in the hint.',
  },
  'no-such-topic': {
    meaning: 'doctor was limited to a topic that no alarm publishes to',
    action: 'See the names in the hint.',
  },
  'no-such-alarm': {
    meaning: 'doctor was limited to an alarm that does not exist',
    action: 'See the names in the hint.',
  },
  'alarm-not-found': { meaning: 'there is no alarm of this name', action: 'Check the name and `--region`.' },
  'alarm-without-filter': {
    meaning: 'no metric filter publishes the metric of the alarm',
    action: 'Run `npx cloudtrail-pd doctor`.',
  },
  'alarm-without-topic': {
    meaning: 'the alarm publishes to no topic, so no one is paged',
    action: 'Run `npx cloudtrail-pd doctor`.',
  },
  'topic-elsewhere': {
    meaning: 'the topic is in another region or account than the chain',
    action: 'Leave `--topic` out to have a topic created.',
  },
  'chain-unreadable': {
    meaning: 'the resources of the chain could not be listed',
    action: 'Allow the read that the message names.',
  },
  'log-group-unreadable': {
    meaning: 'the log events could not be searched',
    action: 'Allow `logs:FilterLogEvents` for your identity.',
  },
  'history-unreadable': {
    meaning: 'the history of the alarm could not be read',
    action: 'Allow `cloudwatch:DescribeAlarmHistory`, or pass `--since`.',
  },

  // Carrying a change out.
  declined: { meaning: 'you declined', action: 'Nothing was changed; run the command again to approve.' },
  blocked: {
    meaning:
      'a resource with a matching name was not created by cloudtrail-pd, or could not be read; nothing was changed',
    action: 'Choose other names with `--name`, name the resource by its own option, or get the missing permission.',
  },
  interrupted: {
    meaning: 'the run was stopped by a signal',
    action: 'Run the same command again to finish.',
  },
  'not-verified': {
    meaning: 'a resource was written, but was not there when it was read again',
    action: 'Run the command of the hint.',
  },
  'pages-no-one': {
    meaning: 'everything is in place, and PagerDuty says that no one is paged: an unknown key, a disabled service',
    action: 'Follow the hint, then run the same command again.',
  },
  'subscription-pending': {
    meaning: 'PagerDuty has not confirmed a subscription, so what goes over it pages no one yet',
    action: 'Check the integration key and the service region, then run the command of the hint.',
  },
  'drill-not-over': {
    meaning: 'the alarm of a drill could not be put back to OK',
    action: 'Run the command of the hint.',
  },
  'kept-unread': {
    meaning: 'a resource was kept, because a read that its deletion rests on failed',
    action: 'Allow the reads that the message names, and run the same command again.',
  },
  'read-back-failed': {
    meaning: 'the changes were made, but they could not be read again',
    action: 'Run the same command again: it shows what is there.',
  },
  'not-gone': {
    meaning: 'a resource was deleted, but is still listed',
    action: 'Run the same command again in a minute.',
  },
  'repair-gone': {
    meaning: 'a resource to repair could not be read again',
    action: 'Run `npx cloudtrail-pd doctor` again.',
  },
  'repair-refused': {
    meaning: 'an alarm cannot be rewritten without loss',
    action: 'Change the alarm in the console or where it is defined.',
  },
  'repair-outdated': {
    meaning: 'a resource has changed since it was examined',
    action: 'Run `npx cloudtrail-pd doctor --fix` again.',
  },

  // The fire drill.
  'no-drill-alarm': {
    meaning: 'the drill detection is not installed and no alarm was named',
    action: 'Run `init` with the options of the chain and `--drill`, or pass `--alarm`.',
  },
  'not-the-drill-alarm': {
    meaning: 'an API call can trigger the alarm of the drill detection only',
    action: 'Leave `--alarm` out, or pass `--via alarm-state`.',
  },
  'alarm-is-up': {
    meaning: 'the alarm is in ALARM already, and a drill must not touch it',
    action: 'Wait until it is OK, or name another alarm.',
  },
  'alarm-muted': {
    meaning: 'a mute rule silences the alarm at this moment, so the drill would page no one',
    action: 'Wait for the end of its window, or name another alarm.',
  },
  'incident-open': {
    meaning: 'an incident of the alarm is open, so the drill would join it and page no one',
    action: 'Resolve the incident first.',
  },

  // The sandbox.
  'sandbox-file-invalid': {
    meaning: 'the sandbox file is not one of this program',
    action: 'Delete it, or name another one in `CLOUDTRAIL_PD_SANDBOX_FILE`.',
  },
  'sandbox-file-unreadable': {
    meaning: 'the sandbox file could not be read',
    action: 'Check its permissions.',
  },

  internal: {
    meaning: 'the program has a bug',
    action: 'Report it, with the output of the same command under `--verbose`.',
  },
} as const satisfies Readonly<Record<string, ErrorMeaning>>

export type ErrorCode = keyof typeof ERROR_CODES
