/** THE table of what the tool relies on and no emulator shows; `docs/assumptions.md` is made of it, and `npm run accept` judges each row. */

import type { ActionOutcome, StateChange } from '../src/aws/readers/alarm-history.ts'
import { valueIfRead } from '../src/domain/snapshot.ts'
import { type Drill, type Evidence, hopOf, secondsBetween, secondsFrom, type ToolCall } from './evidence.ts'

export interface Observation {
  /** `not seen`: the run looked and saw something else. `cannot tell`: it could not look. */
  readonly result: 'seen' | 'not seen' | 'cannot tell'
  /** What was seen, or why it cannot be told. */
  readonly detail: string
}

export interface Assumption {
  readonly id: string
  readonly of: 'CloudTrail' | 'CloudWatch' | 'SNS' | 'PagerDuty'
  readonly behavior: string
  readonly source: string
  /** AWS or PagerDuty says so; public captures or issues show it; it follows from one of these and nobody has shown it. */
  readonly confidence: 'documented' | 'reported' | 'inferred'
  /** Where one word does not do. */
  readonly confidenceNote?: string
  readonly ifFalse: string
  /** What in an acceptance run shows it; undefined: nothing does. */
  readonly shownBy?: string
  observe(seen: Evidence): Observation
}

export const ASSUMPTIONS: readonly Assumption[] = [
  {
    id: 'role-trust',
    of: 'CloudTrail',
    behavior:
      'CloudTrail can assume a delivery role whose trust policy names `cloudtrail.amazonaws.com` and has no condition',
    source: 'CloudTrail user guide, "Role policy document for CloudTrail to use CloudWatch Logs"',
    confidence: 'documented',
    ifFalse: '`UpdateTrail` is refused, and `init` stops with the role and the reason',
    shownBy: '`init` with a trail of its own, and the record of the drill in the log group',
    observe: ({ setting, init, callDrill, doctor }) => {
      if (!setting.ownTrail) return cannotTell('the run used a trail that was there, with its own role')
      if (init?.document === undefined) return NOT_THAT_FAR
      const refused = refusalsOf(init.calls, 'CloudTrail:UpdateTrail')
      if (!init.calls.some(({ call, outcome }) => call === 'CloudTrail:UpdateTrail' && outcome === 'ok'))
        return refused > 0
          ? notSeen(`UpdateTrail was refused ${times(refused)}`)
          : cannotTell('UpdateTrail was not called')
      if (hopOf(callDrill, 'log-group')?.status === 'ok')
        return seen('UpdateTrail accepted the role, and CloudTrail delivered')
      const error = doctor?.document?.findings.find(
        ({ check, status }) => check === 'delivery.error' && status === 'fail',
      )
      return error === undefined
        ? cannotTell('UpdateTrail accepted the role; no delivery was seen, and no error of one')
        : notSeen('UpdateTrail accepted the role, and CloudTrail reports an error of delivery')
    },
  },
  {
    id: 'role-trust-conditions',
    of: 'CloudTrail',
    behavior:
      'CloudTrail meets the conditions `aws:SourceArn` (the trail) and `aws:SourceAccount` in the trust policy of a delivery role',
    source: "CloudTrail user guide, confused deputy; its example of the role's trust policy has no condition",
    confidence: 'inferred',
    ifFalse: '`doctor` calls a role with these conditions good although no event is delivered through it',
    shownBy:
      "an experiment on the run's own role: UpdateTrail with the ARN of another trail in the condition, then with its own",
    observe: ({ setting, roleConditions }) => {
      if (!setting.ownTrail) return cannotTell('the run made no role to try it on')
      if (roleConditions === undefined) return NOT_THAT_FAR
      if (roleConditions.state !== 'read') return cannotTell(`the experiment failed: ${roleConditions.why}`)
      const { otherTrailRefused, acceptedAfter } = roleConditions.value
      if (!otherTrailRefused) return cannotTell('UpdateTrail accepted the condition of another trail as well')
      return acceptedAfter === undefined
        ? notSeen('UpdateTrail refused the role with either condition')
        : seen('UpdateTrail refused the condition of another trail and accepted that of its own')
    },
  },
  {
    id: 'new-role-lag',
    of: 'CloudTrail',
    behavior:
      'a new delivery role is usable some seconds after it was made; until then UpdateTrail answers "Access denied. Check the trust relationships for your role."',
    source: 'aws-cli issue 5098',
    confidence: 'reported',
    ifFalse: '`init` waits in vain and stops; run it again',
    shownBy: 'the calls of `init`: refusals of UpdateTrail before it is accepted',
    observe: ({ setting, init }) => {
      if (!setting.ownTrail) return cannotTell('the run made no role')
      if (init === undefined) return NOT_THAT_FAR
      const accepted = init.calls.some(({ call, outcome }) => call === 'CloudTrail:UpdateTrail' && outcome === 'ok')
      const refused = refusalsOf(init.calls, 'CloudTrail:UpdateTrail')
      if (!accepted)
        return refused > 0
          ? notSeen(`refused ${times(refused)}, never accepted`)
          : cannotTell('UpdateTrail was not called')
      return refused > 0
        ? seen(`refused ${times(refused)}, then accepted`)
        : notSeen('the new role was accepted at the first call')
    },
  },
  {
    id: 'delivery-time',
    of: 'CloudTrail',
    behavior: 'events reach the log group about 5 minutes after the call, and nearly always within 15',
    source: 'CloudTrail user guide; measured by Tracebit in 2023',
    confidence: 'documented',
    ifFalse: 'the drill by API call ends at its time limit as failed, with the hop it waited for',
    shownBy: 'the hop `log-group` of `test --via api-call`',
    observe: ({ setting, callDrill }) => {
      if (callDrill === undefined) return NOT_THAT_FAR
      const seconds = secondsBetween(callDrill, 'event', 'log-group')
      if (seconds !== undefined) return within(seconds, 900, 'after the call')
      return failedHop(setting, callDrill, 'log-group')
    },
  },
  {
    id: 'log-timestamp',
    of: 'CloudTrail',
    behavior: 'the timestamp of the log event is about the time of delivery, not `eventTime`',
    source: 'DataBiosphere/azul issue 5247',
    confidence: 'reported',
    ifFalse: '`events` searches a window that is too late, and `backtest` from a log group shifts events by minutes',
    shownBy: "the record of the drill's call: its timestamp beside `eventTime` and the time of ingestion",
    observe: ({ callDrill }) =>
      withRecord(callDrill, ({ eventTime, logTime, ingestedAt }) => {
        if (logTime === undefined) return cannotTell('the record was not in the log group')
        const late = secondsFrom(eventTime, logTime)
        const before = ingestedAt === undefined ? undefined : secondsFrom(logTime, ingestedAt)
        const detail = `${late} s after eventTime${before === undefined ? '' : `, ${before} s before ingestion`}`
        // Records have whole seconds, and a minute is the least that a delivery has been seen to take.
        return late >= 30 ? seen(detail) : notSeen(detail)
      }),
  },
  {
    id: 'user-agent-suffix',
    of: 'CloudTrail',
    behavior: 'the user agent of a call is in its record with the suffix that the client adds',
    source: 'captured records with the whole user agent',
    confidence: 'inferred',
    ifFalse: "the drill's detection never matches: `test --via api-call` fails at the hop `metric`",
    shownBy: "`userAgent` in the record of the drill's call, in the log group or in the event history",
    observe: ({ callDrill }) =>
      withRecord(callDrill, ({ userAgent, foundIn }) =>
        userAgent.includes(`cloudtrail-pd-drill/${callDrill?.run.document?.drill}`)
          ? seen(`the suffix is in the record (${foundIn})`)
          : notSeen(`the record (${foundIn}) has the user agent without it`),
      ),
  },
  {
    id: 'events-over-256-kb',
    of: 'CloudTrail',
    behavior: 'events over 256 KB are not sent to CloudWatch Logs',
    source: 'CloudTrail user guide, limits',
    confidence: 'documented',
    ifFalse: 'nothing is lost; more is seen than the tool says',
    observe: () => cannotTell('the run makes no event of that size'),
  },
  {
    id: 'one-trail-write-a-second',
    of: 'CloudTrail',
    behavior: 'one write a second for trails',
    source: 'CloudTrail endpoints and quotas',
    confidence: 'documented',
    ifFalse: '`init` is throttled and waits longer',
    shownBy: 'throttled calls of `init`; the tool itself keeps to the rate, so only the contrary can be seen',
    observe: ({ init }) => {
      if (init === undefined) return NOT_THAT_FAR
      const throttled = init.calls.filter(
        ({ call, outcome }) => call.startsWith('CloudTrail:') && /throttl/i.test(outcome),
      )
      return throttled.length > 0
        ? notSeen(`throttled ${times(throttled.length)} at one write a second`)
        : cannotTell('the tool kept to the rate and was not throttled')
    },
  },
  {
    id: 'put-event-parameters',
    of: 'CloudTrail',
    behavior: 'the records of `PutMetricAlarm` and `PutMetricFilter` name the alarm, the log group and the filter',
    source: 'CloudTrail user guide, record contents: `requestParameters` has the parameters of the call',
    confidence: 'documented',
    ifFalse: '`doctor` says what was changed since it was set up, and not by whom',
    observe: () => cannotTell('the run changes nothing by hand'),
  },
  {
    id: 'test-metric-filter',
    of: 'CloudWatch',
    behavior: '`TestMetricFilter` judges a pattern as the metric filter does',
    source: 'CloudWatch Logs API reference',
    confidence: 'documented',
    ifFalse: 'a pattern that `init` calls verified may count otherwise',
    shownBy: "the drill's pattern: verified by `init`, and then counted by its metric filter",
    observe: ({ setting, init, callDrill }) => {
      if (init === undefined || callDrill === undefined) return NOT_THAT_FAR
      if (!init.calls.some(({ call, outcome }) => call.endsWith(':TestMetricFilter') && outcome === 'ok'))
        return cannotTell('TestMetricFilter was not answered')
      if (hopOf(callDrill, 'metric')?.status === 'ok') return seen("for one pattern: the drill's")
      return failedHop(setting, callDrill, 'metric')
    },
  },
  {
    id: 'metric-publishing',
    of: 'CloudWatch',
    behavior: 'a metric filter publishes within 5 minutes of the log event that it counts',
    source: 'CloudWatch Logs user guide says "near real-time"; the time is an estimate',
    confidence: 'inferred',
    ifFalse: 'the drill by API call fails at the hop `metric` although the alarm works',
    shownBy: 'the hops `log-group` and `metric` of `test --via api-call`, looked at every 5 seconds',
    observe: ({ setting, callDrill }) => {
      if (callDrill === undefined) return NOT_THAT_FAR
      const seconds = secondsBetween(callDrill, 'log-group', 'metric')
      return seconds === undefined
        ? failedHop(setting, callDrill, 'metric')
        : within(seconds, 300, 'after the log event was seen')
    },
  },
  {
    id: 'metric-time',
    of: 'CloudWatch',
    behavior: 'the data point of a metric filter lies at the timestamp of the log event, to the minute',
    source: 'CloudWatch Logs API reference, PutMetricFilter',
    confidence: 'inferred',
    ifFalse: '`backtest` from a log group counts pages by other minutes than CloudWatch did',
    shownBy: "the drill's metric beside the timestamp of its log event",
    observe: ({ callDrill }) =>
      withRecord(callDrill, ({ logTime, eventTime }) => {
        const points = callDrill?.points
        if (logTime === undefined) return cannotTell('the record was not in the log group')
        if (points?.state !== 'read') return cannotTell(`the metric cannot be read: ${points?.why}`)
        const counted = points.value.find(
          ({ value, minute }) => value > 0 && minute.getTime() + 60_000 > eventTime.getTime(),
        )
        if (counted === undefined) return cannotTell('the metric has no such data point')
        const minutes = Math.round((counted.minute.getTime() - minuteOf(logTime)) / 60_000)
        return minutes === 0 ? seen('in the minute of the log event') : notSeen(`${minutes} minutes from the log event`)
      }),
  },
  {
    id: 'default-value',
    of: 'CloudWatch',
    behavior:
      "a filter's default value counts only in minutes in which the log group receives events that do not match",
    source: 'measured in public, 288 of 288 periods',
    confidence: 'reported',
    ifFalse: 'alarms that treat missing data as missing resolve earlier or later than `doctor` says',
    shownBy: "minutes of the drill's metric beside minutes in which the log group received events",
    observe: ({ callDrill }) => {
      if (callDrill === undefined) return NOT_THAT_FAR
      const { points, incoming } = callDrill
      if (points.state !== 'read') return cannotTell(`the metric cannot be read: ${points.why}`)
      if (incoming.state !== 'read') return cannotTell(`IncomingLogEvents cannot be read: ${incoming.why}`)
      const active = new Set(incoming.value.filter(({ value }) => value > 0).map(({ minute }) => minute.getTime()))
      const zeros = points.value.filter(({ value }) => value === 0).map(({ minute }) => minute.getTime())
      if (active.size === 0 || zeros.length === 0)
        return cannotTell(`${active.size} minutes with events and ${zeros.length} with the default value are too few`)
      const idle = zeros.filter((minute) => !active.has(minute)).length
      if (idle > 0) return notSeen(`${idle} of ${zeros.length} default values lie in minutes without events`)
      return minutesSpanned(zeros) > zeros.length
        ? seen(`all ${zeros.length} default values lie in minutes with events, and other minutes have none`)
        : cannotTell('there was no minute without events')
    },
  },
  {
    id: 'alarm-range',
    of: 'CloudWatch',
    behavior: 'an alarm may stay in ALARM up to three periods longer than its evaluation range',
    source: "AWS's page says 2 or more; a public measurement saw 2.1",
    confidence: 'reported',
    ifFalse: 'the drill gives up before the OK, and says "not resolved in time"',
    shownBy: "the last data point of the drill and the OK in the alarm's history",
    observe: ({ callDrill }) => {
      if (callDrill === undefined) return NOT_THAT_FAR
      const ok = changeTo(callDrill, 'OK')
      const alarm = valueIfRead(callDrill.alarm)
      const point = valueIfRead(callDrill.points)?.findLast(({ value }) => value > 0)
      if (changeTo(callDrill, 'ALARM') === undefined) return cannotTell('the alarm did not go into ALARM')
      if (alarm?.period === undefined || point === undefined) return cannotTell('alarm or metric cannot be read')
      if (ok === undefined) return notSeen('the alarm was not OK when the drill gave up')
      const range = alarm.period * (alarm.evaluationPeriods ?? 1)
      const extra = (secondsFrom(point.minute, ok.at) - range) / alarm.period
      const detail = `OK ${extra.toFixed(1)} periods of ${alarm.period} s after its evaluation range`
      return extra <= 3 ? seen(detail) : notSeen(detail)
    },
  },
  {
    id: 'first-ok',
    of: 'CloudWatch',
    behavior: "a new alarm's first change to OK runs its OK action within seconds",
    source: 'CloudWatch user guide, alarm actions run on every change of state',
    confidence: 'inferred',
    ifFalse: 'nothing: the note in the plan was not needed',
    shownBy: 'the history of the alarms after `init`',
    observe: ({ firstOk }) => {
      if (firstOk === undefined) return NOT_THAT_FAR
      if (firstOk.alarms.state !== 'read') return cannotTell(`the history cannot be read: ${firstOk.alarms.why}`)
      const ok = firstOk.alarms.value.filter(({ okAt }) => okAt !== undefined)
      const acted = ok.filter(({ actionAt }) => actionAt !== undefined)
      if (ok.length === 0) return cannotTell('no alarm was OK while the run waited')
      return acted.length === 0
        ? notSeen(`${ok.length} alarms were OK, and their history shows no action`)
        : seen(`${acted.length} of ${ok.length} alarms ran it`)
    },
  },
  {
    id: 'action-in-history',
    of: 'CloudWatch',
    behavior: "an alarm's history has each action with its outcome within 90 seconds of the change",
    source: 'DescribeAlarmHistory API reference; the time is an estimate',
    confidence: 'inferred',
    ifFalse: 'the hop `topic` of a drill is `unknown`',
    shownBy: 'the history of the alarm after `test`',
    observe: ({ callDrill, stateDrill }) => {
      const drill = [callDrill, stateDrill].find((one) => one !== undefined && changeTo(one, 'ALARM') !== undefined)
      if (drill === undefined) return cannotTell('no alarm went into ALARM')
      const change = changeTo(drill, 'ALARM')
      const action = actionsOf(drill)[0]
      if (change === undefined || action === undefined) return notSeen('the history has the change and no action')
      return within(secondsFrom(change.at, action.at), 90, 'after the change')
    },
  },
  {
    id: 'set-alarm-state',
    of: 'CloudWatch',
    behavior: '`SetAlarmState` lasts until the next evaluation',
    source: 'SetAlarmState API reference',
    confidence: 'documented',
    ifFalse: 'a drill stopped half way leaves the alarm in ALARM; reset it with `aws cloudwatch set-alarm-state`',
    shownBy: "`test --via alarm-state`, where CloudWatch's own evaluation came before the drill's reset",
    observe: ({ stateDrill }) => {
      if (stateDrill === undefined) return NOT_THAT_FAR
      const ok = changeTo(stateDrill, 'OK')
      if (ok === undefined) return cannotTell('the history does not show the OK')
      const byDrill = ok.reason.includes(`drill ${stateDrill.run.document?.drill}`)
      return byDrill
        ? cannotTell('the drill put the alarm back before CloudWatch evaluated it')
        : seen('an evaluation ended the state that was set')
    },
  },
  {
    id: 'mute-rules',
    of: 'CloudWatch',
    behavior:
      'a muted alarm does not send later what it did not send in the window, unless it is still in the same state at the end',
    source: 'CloudWatch user guide, alarm mute rules',
    confidence: 'documented',
    ifFalse: 'pages are delayed, not lost, where `doctor` says lost',
    observe: () => cannotTell('the run makes no mute rule'),
  },
  {
    id: 'console-event-search',
    of: 'CloudWatch',
    behavior: "the console opens a log group's event search with the pattern and the start that its address has",
    source: 'addresses that the console wrote, in public repositories',
    confidence: 'reported',
    ifFalse: 'the link of an alarm opens the log group without a search; `events ALARM` shows the events',
    observe: () => cannotTell('only a browser shows it'),
  },
  {
    id: 'topic-policy',
    of: 'SNS',
    behavior: 'a topic policy with `aws:SourceArn` of the alarm and `aws:SourceAccount` admits CloudWatch',
    source: 'SNS developer guide, CloudWatch use case',
    confidence: 'documented',
    ifFalse: "alarms act and nothing arrives; `doctor` shows it as failed action in the alarm's history",
    shownBy: 'the outcome of the actions after `test`',
    observe: ({ callDrill, stateDrill }) => {
      const actions = [callDrill, stateDrill].flatMap((drill) => (drill === undefined ? [] : actionsOf(drill)))
      const told = actions.filter(({ succeeded }) => succeeded !== undefined)
      const failures = told.filter(({ succeeded }) => succeeded === false)
      if (told.length === 0) return cannotTell('the history shows no action')
      return failures.length === 0
        ? seen(`SNS accepted all ${told.length} messages`)
        : notSeen(`SNS refused ${failures.length} of ${told.length} messages`)
    },
  },
  {
    id: 'sns-counters',
    of: 'SNS',
    behavior: '`NumberOfNotificationsDelivered` and `…Failed` appear within minutes',
    source: 'SNS developer guide, metrics',
    confidence: 'documented',
    ifFalse: 'a hop of the drill is `unknown`',
    shownBy: "the topic's counters after `test`",
    observe: ({ callDrill, stateDrill }) => {
      const counts = (callDrill ?? stateDrill)?.counts
      if (counts === undefined) return NOT_THAT_FAR
      if (counts.state !== 'read') return cannotTell(`the counters cannot be read: ${counts.why}`)
      const { delivered = 0, failed = 0 } = counts.value
      // They lag by minutes: only the drill by API call lasts longer than that after its first message.
      if (delivered + failed === 0 && (callDrill === undefined || changeTo(callDrill, 'OK') === undefined))
        return cannotTell('the run looked too early')
      return delivered + failed > 0
        ? seen(`${delivered} delivered, ${failed} failed`)
        : notSeen('no count when the run looked')
    },
  },
  {
    id: 'answers-4xx',
    of: 'SNS',
    behavior: 'SNS counts an answer of 400 to 499 as delivered and does not send the message again',
    source: 'SNS developer guide, HTTP endpoints; practitioners disagree on the counter',
    confidence: 'documented',
    ifFalse: '`doctor` says less than the counters could tell about a key that was deleted',
    observe: () => cannotTell('the run subscribes valid keys only'),
  },
  {
    id: 'confirms-itself',
    of: 'PagerDuty',
    behavior: 'PagerDuty confirms a subscription of an integration URL without anyone doing anything',
    source: "PagerDuty's AWS CloudTrail guide",
    confidence: 'documented',
    ifFalse: 'the subscription stays pending: `init` ends with exit 5 and says so',
    shownBy: '`init`, and `init` with another key',
    observe: ({ init, rotation }) => {
      const asked = [init, rotation].flatMap((run) => run?.document?.subscription ?? [])
      if (asked.length === 0) return NOT_THAT_FAR
      const confirmed = asked.filter(({ status }) => status === 'confirmed').length
      return confirmed === asked.length
        ? seen(`${confirmed} of ${asked.length} subscriptions`)
        : notSeen(`${asked.length - confirmed} of ${asked.length} subscriptions stayed pending`)
    },
  },
  {
    id: 'alert-key',
    of: 'PagerDuty',
    behavior: "the alert's key is the alarm's name",
    source: 'captured events of the Amazon CloudWatch integration',
    confidence: 'reported',
    confidenceNote: 'for the AWS CloudTrail vendor inferred',
    ifFalse: 'an open incident of the alarm is not found by its key, and a drill may join it',
    shownBy: 'the alert of the drill; needs a token and an integration of a service',
    observe: (evidence) =>
      onService(evidence, ({ keyedBy }) =>
        keyedBy === 'alarm name' ? seen('by the name of the alarm') : notSeen(`the alert is keyed by ${keyedBy}`),
      ),
  },
  {
    id: 'ok-resolves',
    of: 'PagerDuty',
    behavior: 'behind an integration of a service an OK resolves the incident of its ALARM',
    source: "PagerDuty's Amazon CloudWatch guide",
    confidence: 'documented',
    confidenceNote: 'for the AWS CloudTrail vendor inferred',
    ifFalse: 'incidents stay open: the drill fails at `incident-resolved`',
    shownBy: 'the hop `incident-resolved` of `test`; needs a token and an integration of a service',
    observe: ({ setting, callDrill, stateDrill }) => {
      if (!setting.token) return NO_TOKEN
      if (isXEre(setting)) return cannotTell('the run used an x-ere URL: see x-ere-parsing')
      const hops = [callDrill, stateDrill].flatMap((drill) => hopOf(drill, 'incident-resolved') ?? [])
      if (hops.some(({ status }) => status === 'ok')) return seen('an incident opened and resolved')
      return hops.some(({ status }) => status === 'failed')
        ? notSeen('the incident stayed open')
        : cannotTell('no incident was followed to its end')
    },
  },
  {
    id: 'incident-title',
    of: 'PagerDuty',
    behavior: 'an incident is titled by the alarm\'s condition until "Derive name from" is edited',
    source: 'captured incidents; terraform-provider-pagerduty issue 667',
    confidence: 'reported',
    ifFalse: "the title is better than the plan's note says",
    shownBy: 'the incident of the drill; needs a token and an integration of a service',
    observe: (evidence) =>
      onService(evidence, ({ titledBy }) =>
        titledBy === 'condition' ? seen('by the condition') : notSeen(`the incident is titled by ${titledBy}`),
      ),
  },
  {
    id: 'ok-without-incident',
    of: 'PagerDuty',
    behavior: 'an OK without an open incident opens none on a service integration',
    source: 'Events API v2 documentation, by analogy',
    confidence: 'inferred',
    ifFalse: 'the first OK of each new alarm opens an incident that says OK',
    shownBy: 'incidents after `init`, when new alarms have had their first OK; needs a token',
    observe: ({ setting, firstOk }) => {
      if (!setting.token) return NO_TOKEN
      if (isXEre(setting)) return cannotTell('the run used an x-ere URL')
      if (firstOk === undefined) return NOT_THAT_FAR
      const acted = valueIfRead(firstOk.alarms)?.some(({ actionAt }) => actionAt !== undefined)
      if (acted !== true) return cannotTell('no first OK was sent while the run looked')
      if (firstOk.incidents?.state !== 'read') return cannotTell(`incidents cannot be read: ${firstOk.incidents?.why}`)
      const opened = firstOk.incidents.value
      return opened === 0 ? seen('no incident names the chain') : notSeen(`${opened} incidents name the chain`)
    },
  },
  {
    id: 'incident-delay',
    of: 'PagerDuty',
    behavior: 'an incident is in the REST API within 3 minutes of the message',
    source: 'Events API overview says that it works asynchronously; the time is an estimate',
    confidence: 'inferred',
    ifFalse: 'a drill fails at `incident-opened` although someone is paged',
    shownBy: 'the hops `topic` and `incident-opened` of `test`; needs a token',
    observe: ({ setting, callDrill, stateDrill }) => {
      if (!setting.token) return NO_TOKEN
      const drill = [callDrill, stateDrill].find((one) => hopOf(one, 'topic')?.status === 'ok')
      if (drill === undefined) return cannotTell('no message is known to have been sent')
      const seconds = secondsBetween(drill, 'topic', 'incident-opened')
      return seconds === undefined
        ? failedHop(setting, drill, 'incident-opened')
        : within(seconds, 180, 'after the message')
    },
  },
  {
    id: 'x-ere-parsing',
    of: 'PagerDuty',
    behavior:
      "an event orchestration on `x-ere` receives the alarm's message; that it resolves without rules is not known",
    source: "PagerDuty's guide; a public report for rulesets",
    confidence: 'inferred',
    ifFalse: 'routing or resolving needs rules of your own: `init` says "confirmed is not routed"',
    shownBy: 'the alert of the drill and whether OK resolves it; needs a token and `--route global-orchestration`',
    observe: ({ setting, callDrill, stateDrill }) => {
      if (!isXEre(setting))
        return cannotTell('the run used no x-ere URL: run it again with --route global-orchestration')
      if (!setting.token) return NO_TOKEN
      const incident = valueIfRead((callDrill ?? stateDrill)?.incident)
      if (incident === undefined) return notSeen('no incident of the drill was found')
      const { parsed, keyedBy, titledBy, resolved } = incident
      return seen(
        `fields of the alarm ${parsed ? 'parsed' : 'not parsed'}, keyed by ${keyedBy}, titled by ${titledBy}, ${resolved ? 'resolved' : 'not resolved'} by OK`,
      )
    },
  },
  {
    id: 'x-ere-confirmation',
    of: 'PagerDuty',
    behavior: 'on `x-ere` the confirmation of a subscription may itself open an incident',
    source: 'a public write-up on global rulesets, 2022',
    confidence: 'reported',
    ifFalse: 'nothing: no one is paged by `init`',
    shownBy: 'incidents after `init`; needs a token and an x-ere route',
    observe: ({ setting, firstOk }) => {
      if (!isXEre(setting)) return cannotTell('the run used no x-ere URL')
      if (!setting.token) return NO_TOKEN
      if (firstOk?.incidents === undefined) return NOT_THAT_FAR
      if (firstOk.incidents.state !== 'read') return cannotTell(`incidents cannot be read: ${firstOk.incidents.why}`)
      const opened = firstOk.incidents.value
      return opened > 0 ? seen(`${opened} incidents after init`) : notSeen('no incident after init')
    },
  },
  {
    id: 'eu-host',
    of: 'PagerDuty',
    behavior: 'the European host for `x-ere` is `events.eu.pagerduty.com`',
    source: "PagerDuty's service regions page",
    confidence: 'inferred',
    ifFalse: 'the subscription stays pending, exit 5',
    shownBy: '`init` with `--service-region eu` and an x-ere route',
    observe: ({ setting, init }) => {
      if (setting.serviceRegion !== 'eu') return cannotTell('the run used the US region')
      if (!isXEre(setting)) return cannotTell('the run used no x-ere URL')
      const status = init?.document?.subscription?.status
      if (status === undefined) return NOT_THAT_FAR
      return status === 'confirmed' ? seen('the subscription was confirmed') : notSeen(`the subscription is ${status}`)
    },
  },
  {
    id: 'integration-key',
    of: 'PagerDuty',
    behavior: '`integration_key` is in the answer for every kind of token',
    source: 'REST API reference; it can be missing',
    confidence: 'inferred',
    ifFalse: 'the tool cannot tell whose key it is, and says unknown',
    shownBy: 'the integrations that the run makes with `--pagerduty-service`, for the kind of token at hand',
    observe: ({ integrations }) => {
      if (integrations === undefined) return NO_INTEGRATION
      if (integrations.keys.state !== 'read') return cannotTell(`integrations cannot be read: ${integrations.keys.why}`)
      const { value } = integrations.keys
      return value === integrations.made
        ? seen(`${value} of ${integrations.made} integrations have it`)
        : notSeen(`${value} of ${integrations.made} integrations have it`)
    },
  },
  {
    id: 'integration-type',
    of: 'PagerDuty',
    behavior: 'an integration of a vendor is created with the type `event_transformer_api_inbound_integration`',
    source: "a support answer in heimweh/go-pagerduty issue 67; PagerDuty's Terraform provider sends another spelling",
    confidence: 'reported',
    ifFalse: 'the tool tries the other spelling after the refusal',
    shownBy: 'the type of the integrations that the run makes with `--pagerduty-service`',
    observe: ({ integrations }) => {
      if (integrations === undefined) return NO_INTEGRATION
      const others = integrations.types.filter((type) => type !== 'event_transformer_api_inbound_integration')
      if (integrations.types.length === 0) return cannotTell('the answers had no type')
      return others.length === 0 ? seen('PagerDuty answers with that type') : notSeen(`PagerDuty answers ${others[0]}`)
    },
  },
  {
    id: 'integration-delete',
    of: 'PagerDuty',
    behavior: '`DELETE` of an integration works',
    source: "PagerDuty's Terraform provider relies on it; undocumented",
    confidence: 'reported',
    ifFalse: '`destroy` names the integration as kept',
    shownBy: 'the end of a run with `--pagerduty-service`, which deletes what it made there',
    observe: ({ integrations }) => {
      if (integrations?.deleted === undefined) return NO_INTEGRATION
      if (integrations.deleted.state !== 'read') return notSeen(integrations.deleted.why)
      const { value } = integrations.deleted
      return value === integrations.made
        ? seen(`${value} of ${integrations.made} deleted`)
        : notSeen(`${value} of ${integrations.made} deleted`)
    },
  },
  {
    id: 'note-by-user',
    of: 'PagerDuty',
    behavior: 'a note can be written with the API token of a user alone; a key of the account needs the header `From`',
    source: 'PagerDuty REST API, Create a note; go-pagerduty issues 107 and 336',
    confidence: 'inferred',
    ifFalse: '`events --note` is refused with what PagerDuty answers, and no note is written',
    observe: () => cannotTell('the run writes no note'),
  },
]

const NOT_THAT_FAR = cannotTell('the run did not come so far')
const NO_TOKEN = cannotTell('the run had no PagerDuty token')
const NO_INTEGRATION = cannotTell('the run made no integration: --pagerduty-service makes and deletes two')

function seen(detail: string): Observation {
  return { result: 'seen', detail }
}

function notSeen(detail: string): Observation {
  return { result: 'not seen', detail }
}

function cannotTell(detail: string): Observation {
  return { result: 'cannot tell', detail }
}

function within(seconds: number, most: number, after: string): Observation {
  const detail = `${seconds} s ${after}`
  return seconds <= most ? seen(detail) : notSeen(detail)
}

/** A hop that failed by itself was looked at, if the run gave it the time; one behind it was not. */
function failedHop({ timeout }: Evidence['setting'], drill: Drill, name: Parameters<typeof hopOf>[1]): Observation {
  if (hopOf(drill, name)?.status !== 'failed') return cannotTell('the drill did not come so far')
  return timeout === undefined
    ? notSeen('not within the time limit of the drill')
    : cannotTell(`not within the ${timeout} s of --timeout`)
}

function withRecord(
  drill: Evidence['callDrill'],
  judge: (record: NonNullable<ReturnType<typeof recordOf>>) => Observation,
): Observation {
  if (drill === undefined) return NOT_THAT_FAR
  if (drill.record.state !== 'read') return cannotTell(`the record cannot be read: ${drill.record.why}`)
  const record = recordOf(drill)
  return record === undefined ? cannotTell('the record of the call was not found') : judge(record)
}

function recordOf(drill: Evidence['callDrill']) {
  return drill === undefined ? undefined : valueIfRead(drill.record)
}

function onService(
  { setting, callDrill, stateDrill }: Evidence,
  judge: (incident: NonNullable<ReturnType<typeof incidentOf>>) => Observation,
): Observation {
  if (!setting.token) return NO_TOKEN
  if (isXEre(setting)) return cannotTell('the run used an x-ere URL')
  const incident = incidentOf(callDrill) ?? incidentOf(stateDrill)
  return incident === undefined ? cannotTell('no incident of a drill was found') : judge(incident)
}

function incidentOf(drill: Drill | undefined) {
  return valueIfRead(drill?.incident)
}

function isXEre({ route }: Evidence['setting']): boolean {
  return route !== 'service' && route !== 'service-event-rules'
}

/** The first change to this state; to OK: the first after the ALARM. */
function changeTo(drill: Drill, state: 'ALARM' | 'OK'): StateChange | undefined {
  const changes = (valueIfRead(drill.history) ?? []).filter((entry) => entry.kind === 'state')
  const alarm = changes.findIndex(({ to }) => to === 'ALARM')
  if (alarm < 0) return undefined
  return state === 'ALARM' ? changes[alarm] : changes.slice(alarm).find(({ to }) => to === 'OK')
}

/** From the ALARM on. */
function actionsOf(drill: Drill): readonly ActionOutcome[] {
  const alarm = changeTo(drill, 'ALARM')
  const entries = valueIfRead(drill.history) ?? []
  return entries.filter((entry) => entry.kind === 'action').filter(({ at }) => alarm !== undefined && at >= alarm.at)
}

function refusalsOf(calls: readonly ToolCall[], name: string): number {
  return calls.filter(({ call, outcome }) => call === name && /^InvalidCloudWatchLogs/.test(outcome)).length
}

function minuteOf(at: Date): number {
  return Math.floor(at.getTime() / 60_000) * 60_000
}

function minutesSpanned(minutes: readonly number[]): number {
  return minutes.length === 0 ? 0 : (Math.max(...minutes) - Math.min(...minutes)) / 60_000 + 1
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}
