import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../src/detections/catalogue.ts'
import type { MetricFilterSnapshot } from '../../../src/domain/snapshot.ts'
import { aFilter, aLogGroup, anAlarm, aTransformation, GROUP, installed, unreadable } from '../../support/builders.ts'
import { faults, findings, of, verdict, works } from '../verdicts.ts'

/** A filter of this name and pattern, with an alarm on its metric. */
function filtered(name: string, pattern: string, different: Partial<MetricFilterSnapshot> = {}) {
  const metric = { namespace: 'Security', name }
  return {
    filters: [aFilter({ name, pattern, transformations: [aTransformation(metric)], ...different })],
    alarms: [anAlarm({ metric: { ...metric, dimensions: {} } })],
  }
}

describe('C23 an exclusion on a field that may be absent', () => {
  const pattern = '{($.errorCode = "AccessDenied") && ($.userIdentity.invokedBy != "cloudfront.amazonaws.com")}'

  it('loses events, with the column and the guarded form', () => {
    expect(of('metric-filter.absent-field', filtered('Custom', pattern))[0]).toMatchObject({
      status: 'warn',
      evidence: expect.stringContaining('column 37'),
      fix: { summary: expect.stringContaining('$.userIdentity.invokedBy NOT EXISTS') },
    })
  })

  it("fails where it loses the detection's own event", () => {
    expect(verdict('metric-filter.matches-own-event', filtered('UnauthorizedApiCalls', pattern))).toBe('fail')
  })
})

describe('C24 the benchmark text that joins exclusions by OR', () => {
  const pattern =
    '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") || ($.sourceIPAddress != "delivery.logs.amazonaws.com") || ($.eventName != "HeadBucket") }'

  it('matches nearly everything and fails', () => {
    expect(verdict('metric-filter.always-matches', filtered('UnauthorizedApiCalls', pattern))).toBe('fail')
    expect(works(filtered('UnauthorizedApiCalls', pattern))).toEqual([false])
  })

  it('is not a fault with AND', () => {
    const well =
      '{(($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*")) && (($.sourceIPAddress != "delivery.logs.amazonaws.com") && ($.eventName != "HeadBucket"))}'
    expect(verdict('metric-filter.always-matches', filtered('UnauthorizedApiCalls', well))).toBe('pass')
    expect(verdict('metric-filter.matches-own-event', filtered('UnauthorizedApiCalls', well))).toBe('pass')
  })

  it('warns where exclusions cover the last alternative alone', () => {
    const half =
      '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") && ($.eventName != "ListDelegatedAdministrators") && ($.eventName != "GetMacieSession") }'
    expect(verdict('metric-filter.precedence', filtered('UnauthorizedApiCalls', half))).toBe('warn')
  })
})

describe('a value that takes in more than it seems to', () => {
  it.each([
    ['the calls of every service', '{ $.eventName = "Delete*" && $.errorCode NOT EXISTS }'],
    ['letters anywhere in a name', '{ $.userIdentity.arn = "*ops*" }'],
  ])('warns of %s', (_what, pattern) => {
    expect(verdict('metric-filter.loose-value', filtered('Custom', pattern))).toBe('warn')
    expect(works(filtered('Custom', pattern))).toEqual([true])
  })

  it('says nothing of a service that is named', () => {
    const pattern = '{ $.eventSource = "iam.amazonaws.com" && $.eventName = "Delete*" }'
    expect(verdict('metric-filter.loose-value', filtered('Custom', pattern))).toBe('pass')
  })
})

describe('C26 a pattern that cannot see its own event', () => {
  it.each([
    ['KMSCustomerKeyDeletion-cmk', '{ $.eventSource = kms* && $.errorMessage = "* is pending deletion." }'],
    ['RootAccountUsage', '{ $.userIdentity.type = "root" }'],
    ['ConsoleSigninWithoutMFA', '{ $.eventName = "consoleLogin" && $.additionalEventData.MFAUsed = "No" }'],
  ])('%s fails', (name, pattern) => {
    expect(verdict('metric-filter.matches-own-event', filtered(name, pattern))).toBe('fail')
    expect(works(filtered(name, pattern))).toEqual([false])
  })

  it('UnauthorizedApiCalls counts a part, and warns with the calls that it misses', () => {
    const pattern = '{ ($.errorCode = "*UnauthorizedAccess") || ($.errorCode = "AccessDenied*") }'
    expect(of('metric-filter.matches-own-event', filtered('UnauthorizedApiCalls', pattern))[0]).toMatchObject({
      status: 'warn',
      evidence: expect.stringContaining('partial: misses DescribeInstances Client.UnauthorizedOperation'),
    })
  })

  it('does not include a pattern for another service under a similar name', () => {
    const different = filtered('AppConfigChanges', '{ $.eventSource = "appconfig.amazonaws.com" }')
    expect(of('metric-filter.matches-own-event', different)[0]).toMatchObject({
      status: 'pass',
      note: expect.stringContaining('could not be tried'),
    })
  })

  it('does not include a pattern whose events are those of another detection than its name tells', () => {
    const different = filtered('organization-prod-FlowLogs', '{ $.eventName = "DeleteFlowLogs" }')
    expect(of('metric-filter.matches-own-event', different)[0]).toMatchObject({
      status: 'pass',
      evidence: expect.stringContaining('flow-logs-deleted'),
    })
  })

  it.each(
    catalogue.flatMap(({ id, compliance }) =>
      (compliance?.patterns ?? [])
        .filter(({ valid, flaw }) => valid && flaw === undefined)
        .map(({ label, pattern }) => [id, label, pattern] as const),
    ),
  )('does not include %s as %s', (id, _, pattern) => {
    expect(verdict('metric-filter.matches-own-event', filtered(id, pattern))).toBe('pass')
  })
})

describe('C29 spelling', () => {
  it.each([
    '{ ($.eventName = StopLogging) || ($.eventName = DeleteTrail) }',
    '{($.eventName="DeleteTrail")||($.eventName="StopLogging")}',
    '{\n  ($.eventName = StopLogging) ||\n  ($.eventName = DeleteTrail)\n}',
    '{ (($.eventName = StopLogging) || (($.eventName = "DeleteTrail"))) }',
  ])('never changes a finding: %j', (pattern) => {
    expect(faults(filtered('CloudTrailChanges', pattern))).toEqual([
      'warn metric-filter.matches-own-event trail-events:CloudTrailChanges',
    ])
    expect(of('metric-filter.matches-own-event', filtered('CloudTrailChanges', pattern))[0]).toMatchObject({
      evidence: expect.stringMatching(/2 of 5 calls; partial: misses \w+, \w+, \w+$/),
    })
  })
})

describe('C31 the sign-in pattern of CIS 1.2', () => {
  const cis12 = '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }'
  const cis14 =
    '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }'

  it('pages on every single sign-on', () => {
    expect(of('metric-filter.false-pages', filtered('ConsoleSignInWithoutMfa', cis12))[0]).toMatchObject({
      status: 'warn',
      title: 'the pattern matches every single sign-on',
    })
  })

  it('does not with the four terms of CIS 1.4', () => {
    expect(verdict('metric-filter.false-pages', filtered('ConsoleSignInWithoutMfa', cis14))).toBe('pass')
  })
})

describe('an empty pattern', () => {
  it('matches everything and fails', () => {
    const different = filtered('Everything', ' ')
    expect(verdict('metric-filter.always-matches', different)).toBe('fail')
  })
})

describe('C27 a pattern that this program cannot read', () => {
  it('fails, and its other checks are skipped', () => {
    const different = filtered('Odd', '{ $.a = "x" ')
    expect(of('metric-filter.syntax', different)[0]).toMatchObject({
      status: 'fail',
      fix: { summary: 'use { $.a = "x"}' },
    })
    expect(verdict('metric-filter.never-matches', different)).toBe('skip')
  })
})

describe('what a filter publishes', () => {
  it.each([
    ['nothing', { transformations: [] }, 'fail'],
    ['system dimensions', { emittedSystemDimensions: ['@aws.account'] }, 'fail'],
    ['transformed events', { onTransformedLogs: true }, 'warn'],
    ['one for each event', {}, 'pass'],
  ])('%s', (_, different, expected) => {
    expect(verdict('metric-filter.transformation', { filters: [aFilter(different)] })).toBe(expected)
  })

  it('over transformed events leaves it unknown whether the chain works', () => {
    expect(works({ filters: [aFilter({ onTransformedLogs: true })] })).toEqual([null])
  })

  it('with a dimension is seen one value at a time', () => {
    const dimensions = { user: '$.userIdentity.arn' }
    const different = {
      filters: [aFilter({ transformations: [aTransformation({ dimensions, defaultValue: undefined })] })],
      alarms: [anAlarm({ metric: { namespace: 'Security', name: 'RootUsage', dimensions: { user: 'root' } } })],
    }
    expect(verdict('metric-filter.transformation', different)).toBe('warn')
    expect(works(different)).toEqual([null])
  })
})

describe('C58 the quota of 100 filters a group', () => {
  it.each([
    [95, 'pass'],
    [100, 'warn'],
  ])('%i filters', (metricFilterCount, expected) => {
    expect(verdict('metric-filter.quota', { logGroups: [aLogGroup({ metricFilterCount })] })).toBe(expected)
  })
})

describe('a log group that was made again', () => {
  it('has lost its filters', () => {
    expect(faults({ filters: [], alarms: [] })).toEqual([`fail metric-filter.exists ${GROUP}`])
  })

  it('is not known where filters may not be listed', () => {
    expect(verdict('metric-filter.exists', { snapshot: { metricFilters: unreadable() } })).toBe('skip')
  })
})

describe('C30 the exact texts of auditors', () => {
  it('as compliance twins on a topic of their own are no fault', () => {
    const detection = catalogue.find(({ id }) => id === 'unauthorized-api-calls')
    if (detection?.compliance === undefined) throw new Error('the catalogue lost a detection')
    const paging = installed(detection)
    const topic = 'arn:aws:sns:us-east-1:123456789012:cloudtrail-pd-compliance'
    const complianceFilters = detection.compliance.patterns
      .filter(({ label }) => detection.compliance?.complianceFilters.includes(label))
      .map(({ pattern, label }) =>
        aFilter({
          name: `cloudtrail-pd-x-compliance-${label}`,
          pattern,
          transformations: [aTransformation({ namespace: 'LogMetrics', name: 'Twin' })],
        }),
      )
    const complianceFilter = {
      ...paging.alarm,
      name: `${paging.alarm.name}-compliance`,
      alarmActions: [topic],
      okActions: [],
      metric: { namespace: 'LogMetrics', name: 'Twin', dimensions: {} },
    }
    const different = { filters: [paging.filter, ...complianceFilters], alarms: [paging.alarm, complianceFilter] }
    expect(findings(different).filter(({ resource, status }) => status === 'fail' && resource !== topic)).toEqual([])
    expect(works(different)).toEqual([true])
  })
})

describe('C33 a sign-in pattern that leaves root out', () => {
  const cis14 =
    '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }'

  it('is a warning where no other filter sees root', () => {
    expect(verdict('metric-filter.root-signin', filtered('ConsoleSignInWithoutMfa', cis14))).toBe('warn')
  })

  it('is none beside the root detection', () => {
    const signin = filtered('ConsoleSignInWithoutMfa', cis14)
    expect(
      verdict('metric-filter.root-signin', {
        filters: [...signin.filters, aFilter()],
        alarms: [...signin.alarms, anAlarm()],
      }),
    ).toBe('pass')
  })
})
