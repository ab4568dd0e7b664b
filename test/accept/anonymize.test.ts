import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { anonymizer, type KnownName } from '../../accept/anonymize.ts'

const KNOWN: readonly KnownName[] = [
  { name: 'pd-accept', as: 'chain' },
  { name: '123456789012', as: 'account' },
  { name: 'Ada Lovelace', as: 'person' },
  { name: 'Security', as: 'service' },
]

const CASES: readonly (readonly [of: string, text: string, anonymous: string])[] = [
  [
    'an ARN of the chain',
    'arn:aws:sns:us-east-1:123456789012:pd-accept-alerts',
    'arn:aws:sns:us-east-1:000000000001:chain-alerts',
  ],
  [
    'the ARN of a subscription',
    'arn:aws:sns:us-east-1:123456789012:pd-accept-alerts:08742753-11ad-4acd-ad99-9c5c072a197d',
    'arn:aws:sns:us-east-1:000000000001:chain-alerts:uuid-1',
  ],
  [
    'the ARN of a person',
    'User: arn:aws:sts::123456789012:assumed-role/Admin/ada@example.org is not authorized',
    'User: arn:aws:sts::000000000001:assumed-role/name-1/name-2 is not authorized',
  ],
  [
    'the ARN of a log group in another account',
    'arn:aws:logs:eu-west-1:210987654321:log-group:company-audit:*.',
    'arn:aws:logs:eu-west-1:000000000001:log-group:name-1:*.',
  ],
  ['the ARN of the root user', 'arn:aws:iam::123456789012:root', 'arn:aws:iam::000000000001:root'],
  [
    'a name of the chain with the account',
    'alarm pd-accept-fire-drill-123456789012-us-east-1 is OK',
    'alarm chain-fire-drill-000000000001-us-east-1 is OK',
  ],
  [
    'an integration URL, whole and masked',
    `https://events.pagerduty.com/integration/${'ab'.repeat(14)}fa4e/enqueue and https://events.pagerduty.com/x-ere/…fa4e`,
    'https://events.pagerduty.com/integration/…key1/enqueue and https://events.pagerduty.com/x-ere/…key1',
  ],
  ['a URL of a company', 'see https://acme.pagerduty.com/incidents/Q1ABC', 'see https://host-1.example/…'],
  ['an incident', 'incident #4711 opened', 'incident #1 opened'],
  ['ids of PagerDuty', 'GET /services/PSECUR3', 'GET /services/pagerduty-1'],
  ['an address', '192.0.2.10 and 2001:db8:0:0:0:0:0:1', 'address-1 and address-2'],
  ['a mailbox', 'ops@acme.example', 'mail-1@example.com'],
  ['access keys and keys', `AKIAIOSFODNN7EXAMPLE ${'0a'.repeat(16)}`, 'access-key-1 key1'],
  ['an organization', 'o-a1b2c3d4e5', 'organization-1'],
  [
    'a person and a service',
    'Ada Lovelace (on call for service "Security")',
    'person-1 (on call for service "service-1")',
  ],
  ['what is quoted', 'the OK opened incident #2 ("Payroll is down")', 'the OK opened incident #1 ("name-1")'],
  ['a path', 'cannot read /home/ada/.aws/config', 'cannot read path-1'],
  [
    'nothing of anybody',
    'published to the topic, accepted by SNS after 12.5 s',
    'published to the topic, accepted by SNS after 12.5 s',
  ],
]

describe('an anonymous report', () => {
  it.each(CASES)('hides %s', (_, text, anonymous) => {
    expect(anonymizer(KNOWN).text(text)).toBe(anonymous)
  })

  it('calls the same thing the same everywhere, and another thing otherwise', () => {
    const { text } = anonymizer(KNOWN)
    expect([text('ops@acme.example'), text('dev@acme.example'), text('ops@acme.example')]).toEqual([
      'mail-1@example.com',
      'mail-2@example.com',
      'mail-1@example.com',
    ])
    expect(text('210987654321 is not 123456789012')).toBe('000000000001 is not 000000000002')
  })

  it('takes fields of names whole, whatever they look like, and leaves the words of the tool', () => {
    const of = anonymizer([...KNOWN, { name: 'trail', as: 'name' }])
    expect(
      of.json({ link: 'trail', resource: 'quarterly numbers', trail: 'trail', logGroup: 'pd-accept-events', count: 3 }),
    ).toEqual({ link: 'trail', resource: 'name-1', trail: 'name-2', logGroup: 'chain-events', count: 3 })
  })

  const word = fc.stringMatching(/^[a-z]{2}[a-z0-9-]{3,12}[a-z0-9]$/)
  const account = fc.stringMatching(/^[1-9]\d{11}$/)
  const key = fc.stringMatching(/^[0-9a-f]{32}$/)

  it('holds none of the accounts, names, keys and addresses that were in it', () => {
    fc.assert(
      fc.property(account, word, word, key, fc.ipV4(), fc.uuid(), (id, chain, name, secret, ip, uuid) => {
        fc.pre(chain !== name && !chain.includes(name) && !name.includes(chain) && !ip.startsWith('127.'))
        const of = anonymizer([
          { name: chain, as: 'chain' },
          { name, as: 'name' },
        ])
        const report = JSON.stringify(
          of.json({
            account: id,
            resource: `arn:aws:sns:us-east-1:${id}:${chain}-alerts:${uuid}`,
            principal: `arn:aws:iam::${id}:user/${name}`,
            events: [{ sourceIp: ip, eventId: uuid }],
            detail: `alarm ${chain}-x-${id}, ${name}: key ${secret}, from ${ip}; "${name}" (${uuid})`,
          }),
        )
        for (const hidden of [id, secret, ip, uuid]) expect(report).not.toContain(hidden)
        for (const hidden of [chain, name]) expect(report).not.toMatch(new RegExp(`(?<![0-9a-z])${hidden}(?![0-9a-z])`))
      }),
    )
  })
})
