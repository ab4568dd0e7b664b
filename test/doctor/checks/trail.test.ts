import { describe, expect, it } from 'vitest'
import { catalogue } from '../../../src/detections/catalogue.ts'
import { isProblem } from '../../../src/doctor/check.ts'
import { diagnose } from '../../../src/doctor/diagnose.ts'
import { trailArn } from '../../../src/domain/names.ts'
import { deliveryPolicy, deliveryTrust } from '../../../src/domain/policy-documents.ts'
import type { AdvancedSelector, BasicSelector } from '../../../src/domain/snapshot.ts'
import {
  aFilter,
  aLogGroup,
  anAlarm,
  aRole,
  aStatus,
  aTrail,
  aTransformation,
  GROUP,
  installed,
  minutesAgo,
  read,
  SITE,
  someFacts,
  unreadable,
} from '../../support/builders.ts'
import { faults, of, verdict, works } from '../verdicts.ts'

const MAIN = trailArn(SITE, 'main')
const basic = (different: Partial<BasicSelector>): BasicSelector => ({
  readWriteType: 'All',
  includeManagementEvents: true,
  excludedSources: [],
  dataResources: [],
  ...different,
})
const trails = (different: Parameters<typeof aTrail>[0]) => ({ trails: [aTrail(different)] })
const selecting = (selectors: { basic?: BasicSelector[]; advanced?: AdvancedSelector[] }) =>
  trails({ selectors: read({ basic: selectors.basic ?? [], advanced: selectors.advanced ?? [] }) })

/** Chains of these detections, as init makes them. */
function withDetections(...ids: readonly string[]) {
  const made = catalogue.filter(({ id }) => ids.includes(id)).map((detection) => installed(detection))
  return { filters: made.map(({ filter }) => filter), alarms: made.map(({ alarm }) => alarm) }
}

function field(
  name: string,
  different: Partial<AdvancedSelector['fields'][number]>,
): AdvancedSelector['fields'][number] {
  return {
    field: name,
    equals: [],
    notEquals: [],
    startsWith: [],
    notStartsWith: [],
    endsWith: [],
    notEndsWith: [],
    ...different,
  }
}

describe('C39 selectors that leave out what detections wait for', () => {
  const both = withDetections('root-account-usage', 'unauthorized-api-calls')

  it.each([
    ['data events only', selecting({ basic: [basic({ includeManagementEvents: false })] }), [false, false]],
    ['reads only: a sign-in is a write', selecting({ basic: [basic({ readWriteType: 'ReadOnly' })] }), [false, true]],
    [
      'data events only, said in the new way',
      selecting({ advanced: [{ fields: [field('eventCategory', { equals: ['Data'] })] }] }),
      [false, false],
    ],
    ['empty lists, which mean everything', selecting({}), [true, true]],
  ])('%s', (_, different, expected) => {
    expect(works({ ...both, ...different })).toEqual(expected)
  })

  it('name the detections that are deaf', () => {
    const different = { ...both, ...selecting({ basic: [basic({ readWriteType: 'WriteOnly' })] }) }
    expect(of('trail.management-events', different)[0]).toMatchObject({
      status: 'fail',
      evidence: expect.stringContaining('cloudtrail-pd-unauthorized-api-calls'),
      affects: [`${GROUP}:cloudtrail-pd-unauthorized-api-calls`],
    })
  })

  it('are not known where they could not be read', () => {
    expect(verdict('trail.management-events', trails({ selectors: unreadable() }))).toBe('skip')
    expect(works(trails({ selectors: unreadable() }))).toEqual([null])
  })
})

describe('C40 KMS left out', () => {
  const both = withDetections('root-account-usage', 'kms-key-disable-or-delete')
  const without = [
    ['basic', selecting({ basic: [basic({ excludedSources: ['kms.amazonaws.com'] })] })],
    [
      'advanced',
      selecting({
        advanced: [
          {
            fields: [
              field('eventCategory', { equals: ['Management'] }),
              field('eventSource', { notEquals: ['kms.amazonaws.com'] }),
            ],
          },
        ],
      }),
    ],
  ] as const

  it.each(without)('fails for the detections of keys alone: %s', (_, different) => {
    const { chains } = diagnose(someFacts({ ...both, ...different }))
    const byFilter = Object.fromEntries(chains.map(({ filter, works: well }) => [filter?.name, well]))
    expect(byFilter).toEqual({
      'cloudtrail-pd-root-account-usage': true,
      'cloudtrail-pd-kms-key-disable-or-delete': false,
    })
  })

  it.each(without)('is a remark where nothing waits for it: %s', (_, different) => {
    expect(faults({ ...withDetections('root-account-usage'), ...different })).toEqual([])
    expect(of('trail.excluded-sources', different)[0]).toMatchObject({ status: 'pass', note: expect.any(String) })
  })
})

describe('C41 a trail of one region', () => {
  it('outside us-east-1 is deaf to root, sign-ins and IAM', () => {
    const site = { ...SITE, region: 'eu-west-1' }
    const group = aLogGroup({ arn: `arn:aws:logs:eu-west-1:${SITE.account}:log-group:${GROUP}` })
    const trail = aTrail({
      homeRegion: 'eu-west-1',
      arn: trailArn(site, 'main'),
      multiRegion: false,
      logGroupArn: `${group.arn}:*`,
    })
    const different = { site, trails: [trail], logGroups: [group] }
    expect(verdict('trail.multi-region', different)).toBe('fail')
    expect(works(different)).toEqual([false])
  })

  it('in us-east-1 misses the other regions', () => {
    expect(faults(trails({ multiRegion: false }))).toEqual([`warn trail.multi-region ${MAIN}`])
  })

  it('is repaired together with global services, because AWS takes them only together', () => {
    const [finding] = of(
      'trail.global-service-events',
      trails({ multiRegion: false, globalServiceEvents: false }),
    ).filter(isProblem)
    expect(finding?.fix.repairs).toEqual([{ kind: 'multi-region', trailArn: MAIN, region: 'us-east-1' }])
  })
})

describe('C43 the state of the trail', () => {
  it('that is not logging fails and is started', () => {
    const different = trails({ status: read(aStatus({ logging: false, stopped: minutesAgo(60) })) })
    expect(faults(different)).toEqual([`fail trail.logging ${MAIN}`])
    expect(of('trail.logging', different).filter(isProblem)[0]?.fix.repairs).toEqual([
      { kind: 'start-logging', trailArn: MAIN, region: 'us-east-1' },
    ])
  })

  it('with a delivery error fails and quotes AWS', () => {
    const different = trails({ status: read(aStatus({ logsDeliveryError: 'Access denied' })) })
    expect(of('delivery.error', different)[0]).toMatchObject({ status: 'fail', evidence: 'Access denied' })
  })

  it.each([
    ['hours ago', { logsDelivered: minutesAgo(180) }, 'warn'],
    ['never, and without an error', { logsDelivered: undefined }, 'skip'],
    ['just now', {}, 'pass'],
  ])('that delivered %s', (_, status, expected) => {
    expect(verdict('delivery.recent', trails({ status: read(aStatus(status)) }))).toBe(expected)
  })

  it('that could not be read is not known', () => {
    expect(works(trails({ status: unreadable() }))).toEqual([null])
  })
})

describe('C44 the role of the delivery', () => {
  it.each([
    ['is gone', { roles: [], snapshot: { roles: new Map([[aRole().arn, read(undefined)]]) } }, 'fail delivery.role'],
    ['trusts somebody else', { roles: [aRole({ trust: { Statement: [] } })] }, 'fail delivery.role-trust'],
    ['may not write', { roles: [aRole({ policies: {} })] }, 'fail delivery.role-policy'],
    [
      'may write to another group',
      {
        roles: [
          aRole({
            policies: {
              a: { Statement: [{ Effect: 'Allow', Action: 'logs:*', Resource: 'arn:aws:logs:*:*:log-group:other:*' }] },
            },
          }),
        ],
      },
      'fail delivery.role-policy',
    ],
    [
      'trusts another trail alone',
      {
        roles: [
          aRole({
            trust: {
              Statement: [
                {
                  Effect: 'Allow',
                  Principal: { Service: 'cloudtrail.amazonaws.com' },
                  Action: 'sts:AssumeRole',
                  Condition: { StringEquals: { 'aws:SourceArn': trailArn(SITE, 'other') } },
                },
              ],
            },
          }),
        ],
      },
      'fail delivery.role-trust',
    ],
  ])('%s', (_, different, expected) => {
    expect(faults(different)).toEqual([`${expected} ${MAIN}`])
  })

  it('with managed policies is not judged by its inline ones', () => {
    const roles = [aRole({ policies: {}, attachedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'] })]
    expect(verdict('delivery.role-policy', { roles })).toBe('skip')
  })

  it('may be written for all streams', () => {
    const roles = [
      aRole({
        policies: {
          a: {
            Statement: [
              {
                Effect: 'Allow',
                Action: ['logs:PutLogEvents', 'logs:CreateLogStream'],
                Resource: `arn:aws:logs:us-east-1:${SITE.account}:log-group:${GROUP}:*`,
              },
            ],
          },
        },
      }),
    ]
    expect(verdict('delivery.role-policy', { roles })).toBe('pass')
  })
})

describe("C45 spellings of the log group's ARN", () => {
  it.each([GROUP, `${GROUP}:*`, `${GROUP}:*:*`])('%s joins', (name) => {
    expect(works(trails({ logGroupArn: `arn:aws:logs:us-east-1:${SITE.account}:log-group:${name}` }))).toEqual([true])
  })

  it('with slashes and hashes joins', () => {
    const name = 'aws/trail#1'
    const different = {
      ...trails({ logGroupArn: `arn:aws:logs:us-east-1:${SITE.account}:log-group:${name}:*` }),
      logGroups: [aLogGroup({ name })],
      filters: [aFilter({ logGroup: name })],
      roles: [],
    }
    expect(diagnose(someFacts(different)).chains[0]?.trail?.name).toBe('main')
  })
})

describe('C46 an organization trail seen from a member', () => {
  const foreign = aTrail({
    name: 'org',
    arn: 'arn:aws:cloudtrail:us-east-1:999999999999:trail/org',
    account: '999999999999',
    organization: true,
    logGroupArn: `arn:aws:logs:us-east-1:999999999999:log-group:${GROUP}:*`,
    status: unreadable(),
    selectors: unreadable(),
  })

  it('does not feed a local group of the same name, and says where the chain has to be', () => {
    const different = { trails: [foreign] }
    expect(works(different)).toEqual([false])
    expect(of('trail.organization-owner', different)[0]).toMatchObject({
      status: 'fail',
      fix: { summary: expect.stringContaining('999999999999') },
    })
    expect(of('trail.exists', different).find(isProblem)).toMatchObject({
      resource: GROUP,
      evidence: expect.stringContaining('account 999999999999'),
    })
  })

  it('beside an own trail is a remark', () => {
    expect(faults({ trails: [foreign, aTrail()] })).toEqual([])
  })

  it('that the account owns is well', () => {
    const roles = [aRole({ policies: { delivery: deliveryPolicy(SITE, GROUP, 'o-abcdefghij') } })]
    const snapshot = { organizationId: read('o-abcdefghij') }
    expect(faults({ ...trails({ organization: true }), roles, snapshot })).toEqual([])
  })
})

describe('C59 events that are counted twice', () => {
  it('by two trails on one group', () => {
    const different = { trails: [aTrail(), aTrail({ name: 'second' })] }
    expect(verdict('trail.duplicate-delivery', different)).toBe('warn')
  })

  it('by two groups that feed one metric', () => {
    const second = aTrail({ name: 'second', logGroupArn: `arn:aws:logs:us-east-1:${SITE.account}:log-group:other:*` })
    const different = {
      trails: [aTrail(), second],
      logGroups: [aLogGroup(), aLogGroup({ name: 'other' })],
      filters: [aFilter(), aFilter({ logGroup: 'other' })],
    }
    expect(verdict('trail.duplicate-delivery', different)).toBe('warn')
  })

  it('is no matter for two groups with metrics of their own', () => {
    const second = aTrail({ name: 'second', logGroupArn: `arn:aws:logs:us-east-1:${SITE.account}:log-group:other:*` })
    const different = {
      trails: [aTrail(), second],
      logGroups: [aLogGroup(), aLogGroup({ name: 'other' })],
      filters: [aFilter(), aFilter({ logGroup: 'other', transformations: [aTransformation({ name: 'Other' })] })],
      alarms: [
        anAlarm(),
        anAlarm({ name: 'b-123456789012-us-east-1', metric: { namespace: 'Security', name: 'Other', dimensions: {} } }),
      ],
    }
    expect(verdict('trail.duplicate-delivery', different)).toBe('pass')
  })
})

describe('a trail', () => {
  it('that delivers to no log group feeds nobody', () => {
    expect(verdict('delivery.configured', trails({ logGroupArn: undefined }))).toBe('fail')
    expect(works(trails({ logGroupArn: undefined }))).toEqual([false])
  })

  it('that is missing is a failure, and one that may not be listed is not', () => {
    expect(verdict('trail.exists', { trails: [] })).toBe('fail')
    expect(verdict('trail.exists', { snapshot: { trails: unreadable() } })).toBe('skip')
    expect(works({ snapshot: { trails: unreadable() } })).toEqual([null])
  })

  it('of another home region points there', () => {
    const different = trails({
      homeRegion: 'eu-west-1',
      logGroupArn: `arn:aws:logs:eu-west-1:${SITE.account}:log-group:x:*`,
    })
    expect(of('trail.home-region', different)[0]).toMatchObject({
      status: 'pass',
      note: expect.stringContaining('--region eu-west-1'),
    })
  })
})

describe('C58 the log group', () => {
  it.each([
    ['of class INFREQUENT_ACCESS', { class: 'INFREQUENT_ACCESS' }, 'fail log-group.class'],
    ['of a class nobody knows', { class: 'GLACIAL' }, 'fail log-group.class'],
    ['with masked events', { dataProtection: 'ACTIVATED' }, 'warn log-group.masking'],
    ['masked by the account', { inheritedProperties: ['ACCOUNT_DATA_PROTECTION'] }, 'warn log-group.masking'],
  ])('%s', (_, different, expected) => {
    expect(faults({ logGroups: [aLogGroup(different)] })).toEqual([`${expected} ${GROUP}`])
  })

  it('C51 whose key does not admit CloudWatch Logs of this region fails', () => {
    const arn = `arn:aws:kms:us-east-1:${SITE.account}:key/k`
    const key = (region: string) => ({
      keys: new Map([
        [
          arn,
          read({
            arn,
            manager: 'CUSTOMER',
            enabled: true,
            policy: read({
              Statement: [
                {
                  Effect: 'Allow',
                  Principal: { Service: `logs.${region}.amazonaws.com` },
                  Action: 'kms:*',
                  Resource: '*',
                },
              ],
            }),
          }),
        ],
      ]),
    })
    const logGroups = [aLogGroup({ kmsKeyId: arn })]
    expect(verdict('log-group.kms', { logGroups, diagnostics: key('us-east-1') })).toBe('pass')
    expect(verdict('log-group.kms', { logGroups, diagnostics: key('eu-west-1') })).toBe('fail')
    expect(verdict('log-group.kms', { logGroups })).toBe('skip')
  })
})

describe('a trail of another account that feeds a log group of this one', () => {
  const management = '210987654321'
  const foreign = (status: Partial<ReturnType<typeof aStatus>> = {}) =>
    aTrail({
      arn: `arn:aws:cloudtrail:us-east-1:${management}:trail/main`,
      account: management,
      organization: true,
      status: read(aStatus(status)),
    })
  const role = aRole({
    trust: deliveryTrust(),
    policies: { delivery: deliveryPolicy(SITE, GROUP, 'o-abcdefghij') },
  })

  it('is judged like a trail of this account', () => {
    const different = { trails: [foreign()], roles: [role], snapshot: { organizationId: read('o-abcdefghij') } }
    for (const check of ['trail.logging', 'trail.management-events', 'delivery.role-policy', 'delivery.error']) {
      expect(verdict(check, different)).toBe('pass')
    }
    expect(works(different)).toEqual([true])
  })

  it('breaks the chain with a delivery error or when it is stopped', () => {
    for (const status of [{ logsDeliveryError: 'AccessDenied' }, { logging: false }]) {
      expect(works({ trails: [foreign(status)], roles: [role] })).toEqual([false])
    }
  })

  it('whose status cannot be read leaves the chain unknown', () => {
    expect(works({ trails: [{ ...foreign(), status: unreadable() }], roles: [role] })).toEqual([null])
  })
})

describe('C48 the role of an organization trail', () => {
  const own = aRole()
  const organization = (policies: ReturnType<typeof aRole>['policies'], id?: string) => ({
    trails: [aTrail({ organization: true })],
    roles: [{ ...own, policies }],
    snapshot: { organizationId: id === undefined ? unreadable() : read(id) },
  })

  it.each(['o-abcdefghij', undefined])(
    'that allows the streams of the account alone loses those of members (%s)',
    (id) => {
      const [finding] = of('delivery.role-policy', organization(own.policies, id))
      expect(finding).toMatchObject({ status: 'fail', impact: expect.stringContaining('member accounts') })
      expect(JSON.stringify(finding)).toContain(`:log-stream:${id ?? 'o-ID'}_*`)
    },
  )

  it('that allows the streams of another organization fails', () => {
    const policies = { delivery: deliveryPolicy(SITE, GROUP, 'o-klmnopqrst') }
    expect(verdict('delivery.role-policy', organization(policies, 'o-abcdefghij'))).toBe('fail')
    expect(verdict('delivery.role-policy', organization(policies))).toBe('skip')
  })

  it('that allows every stream passes, whether the organization is known or not', () => {
    const policies = { all: { Statement: [{ Effect: 'Allow', Action: 'logs:*', Resource: '*' }] } }
    expect(verdict('delivery.role-policy', organization(policies))).toBe('pass')
    expect(verdict('delivery.role-policy', organization(policies, 'o-abcdefghij'))).toBe('pass')
  })
})

describe('what is told of a trail and its events', () => {
  it('is that its bucket gets nothing', () => {
    const trails = [aTrail({ status: read(aStatus({ deliveryError: 'NoSuchBucket' })) })]
    expect(of('trail.logging', { trails })[0]).toMatchObject({
      status: 'warn',
      evidence: expect.stringContaining('NoSuchBucket'),
    })
    expect(works({ trails })).toEqual([true])
  })

  it.each([
    [6, 'warn'],
    [7, 'pass'],
  ])('is that they are gone before a weekend is over: %s days, %s', (retentionDays, expected) => {
    expect(verdict('log-group.retention', { logGroups: [aLogGroup({ retentionDays })] })).toBe(expected)
  })
})
