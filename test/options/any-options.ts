import fc from 'fast-check'
import { ROUTES } from '../../src/domain/route.ts'
import { RETENTION_DAYS } from '../../src/plan/setup.ts'

const id = fc.stringMatching(/^[a-z]{2,8}(-[a-z]{2,8}){0,2}$/)
const words = fc
  .stringMatching(/^[A-Za-z0-9 '"$&;|<>\\!*?~#é-]{1,30}$/)
  .filter((text) => !text.startsWith('--') && text.trim() !== '')
const tagValue = fc.stringMatching(/^[A-Za-z0-9 +=._:/@é-]{1,30}$/)
const principal = fc.constantFrom(
  'arn:aws:iam::123456789012:role/deploy*',
  'arn:aws:iam::123456789012:user/a,b',
  '*:role/config-scan',
)

/** Options of `init` that a setup file and a shell line can both carry, without secrets. */
export const anyOptions = fc.record(
  {
    route: fc.constantFrom(...ROUTES),
    serviceRegion: fc.constantFrom('us' as const, 'eu' as const),
    trail: fc.constantFrom('org-trail', 'arn:aws:cloudtrail:us-east-1:123456789012:trail/org'),
    logGroup: fc.constant('/aws/cloudtrail/logs'),
    logRetention: fc.constantFrom(...RETENTION_DAYS),
    detections: fc.array(id, { minLength: 1, maxLength: 4 }),
    exclude: fc.array(id, { minLength: 1, maxLength: 3 }),
    set: fc.array(fc.record({ id, field: fc.constantFrom('hold', 'period'), value: fc.nat(99).map(String) }), {
      minLength: 1,
      maxLength: 3,
    }),
    excludePrincipal: fc.array(fc.record({ id: fc.option(id, { nil: undefined }), principal }), {
      minLength: 1,
      maxLength: 3,
    }),
    hold: fc.integer({ min: 1, max: 1440 }),
    autoResolve: fc.constant(false),
    variant: fc.constantFrom('paging' as const, 'compliance' as const, 'both' as const),
    filterPattern: words.map((text) => `{ $.eventName = ${text} }`),
    alarmDescription: words,
    threshold: fc.constantFrom(1, 0.5, 2.25, 1000),
    displayName: words,
    tag: fc.dictionary(
      fc.stringMatching(/^k[A-Za-z0-9:/ -]{0,10}$/).map((key) => key.toLowerCase()),
      tagValue,
      { minKeys: 1, maxKeys: 3 },
    ),
    name: fc.constant('audit'),
    region: fc.constant('eu-central-1'),
    confirmTimeout: fc.integer({ min: 0, max: 3600 }),
  },
  { requiredKeys: [] },
)
