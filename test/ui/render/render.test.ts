import { describe, expect, it } from 'vitest'
import type { AlarmSpec, MetricFilterSpec, Resource } from '../../../src/domain/resources.ts'
import { Secret } from '../../../src/domain/secret.ts'
import { AppError, Cancelled, EXIT } from '../../../src/errors.ts'
import { costsByUse, monthlyCost } from '../../../src/plan/cost.ts'
import type { Change } from '../../../src/plan/plan.ts'
import { inAscii } from '../../../src/ui/clean.ts'
import { showChain } from '../../../src/ui/render/chain.ts'
import { errorText, showError } from '../../../src/ui/render/error.ts'
import { showPlan } from '../../../src/ui/render/plan.ts'
import { plainTheme, themeFor } from '../../../src/ui/theme.ts'

const theme = plainTheme()
const ascii = themeFor({ tty: false, env: {}, color: false, plain: true })

function resource<K extends Resource['kind']>(kind: K, name: string, spec: object = {}): Resource {
  return { kind, name, ownership: 'managed', spec } as unknown as Resource
}

function filter(name: string): Resource {
  const metric: Partial<MetricFilterSpec['metric']> = { namespace: 'ns', name }
  return resource('metric-filter', name, { metric })
}

function alarm(name: string): Resource {
  return resource('alarm', name, { description: '' } satisfies Partial<AlarmSpec>)
}

const endpoint = new Secret('https://events.pagerduty.com/integration/0123456789abcdef0123456789abcdef/enqueue')
const create = (wanted: Resource): Change => ({ action: 'create', resource: wanted })
const few: readonly Change[] = [
  create(resource('topic', 'cloudtrail-pd-alerts')),
  create(resource('subscription', 'pages', { endpoint })),
  { action: 'none', resource: resource('trail', 'org-trail') },
  {
    action: 'update',
    resource: resource('log-group', 'logs'),
    fields: [{ field: 'retentionDays', from: '30', to: '365' }],
  },
  create(filter('a')),
  create(filter('b')),
  create(alarm('a')),
  create(alarm('b')),
]

describe('a plan', () => {
  it('is a table by kind, with totals and cost', () => {
    expect(`\n${showPlan(few, theme, 80)}`).toBe(`
Plan
  + topic          cloudtrail-pd-alerts
  + subscription   https://events.pagerduty.com/integration/…cdef/enqueue
  = trail          org-trail
  ~ log group      logs
                   retention days: 30 → 365
  + metric filter  2
  + alarm          2
  6 to create, 1 to change, 0 to delete, 1 kept · about $0.80 a month`)
  })

  it('is no wider than it may be in ASCII either, where what is left out takes three columns', () => {
    for (const width of [40, 60, 70, 80]) {
      const lines = inAscii(showPlan(few, ascii, width)).split('\n')
      expect(lines.filter((line) => line.length > width)).toEqual([])
    }
  })

  it('names each topic and subscription, because they say where pages go, and folds what is many', () => {
    const low = new Secret('https://events.pagerduty.com/x-ere/R0123456789abcdef0123456789abcde')
    const both = [
      create(resource('topic', 'cloudtrail-pd-alerts')),
      create(resource('topic', 'cloudtrail-pd-tickets')),
      create(resource('subscription', 'pages', { endpoint })),
      create(resource('subscription', 'tickets', { endpoint: low })),
      create(filter('a')),
      create(filter('b')),
    ]
    expect(`\n${showPlan(both, theme, 80)}`).toBe(`
Plan
  + topic          cloudtrail-pd-alerts
  + topic          cloudtrail-pd-tickets
  + subscription   https://events.pagerduty.com/integration/…cdef/enqueue
  + subscription   https://events.pagerduty.com/x-ere/…bcde
  + metric filter  2
  6 to create, 0 to change, 0 to delete, 0 kept · about $0.60 a month`)
  })

  it('in detail names every resource', () => {
    const lines = showPlan(few, theme, 80, { detailed: true }).split('\n')
    expect(lines.filter((line) => line.startsWith('  + metric filter'))).toHaveLength(2)
  })

  it('shows each refusal with its reason', () => {
    const refusals = ['one', 'two'].map(
      (name): Change => ({ action: 'blocked', resource: resource('topic', name), why: 'taken' }),
    )
    expect(`\n${showPlan(refusals, theme, 80)}`).toBe(`
Plan
  ✖ topic          one
                   taken
  ✖ topic          two
                   taken
  0 to create, 0 to change, 0 to delete, 0 kept, 2 refused`)
  })

  it('fits the width, whatever names AWS gave', () => {
    const long = create(resource('topic', `${'x'.repeat(90)}\u001b[2J${'y'.repeat(90)}`))
    const lines = showPlan([long], ascii, 60).split('\n')
    expect(Math.max(...lines.slice(0, 2).map((line) => line.length))).toBeLessThanOrEqual(60)
    expect(lines[1]).toMatch(/^ {2}\+ topic {10}x+\.\.\.y+$/)
  })

  it.each([
    [80, 'https://events.pagerduty.com/integration/...cdef/enqueue'],
    [60, 'events.pagerduty.com/integration/...cdef'],
    [52, 'events.pagerduty.com ...cdef'],
    [44, 'pagerduty.com ...cdef'],
    [36, '...cdef'],
  ])('keeps the last four letters of an integration URL, and then its host, in %i columns', (width, text) => {
    const plan = [create(resource('subscription', 'pages', { endpoint }))]
    expect(showPlan(plan, ascii, width).split('\n')[1]).toBe(`  + subscription   ${text}`)
  })

  it('costs what metrics and alarms cost, each metric once', () => {
    const shared = { action: 'none', resource: { ...filter('a'), name: 'twin' } } as Change
    const gone: Change = { action: 'delete', resource: alarm('old'), why: 'not listed' }
    expect(monthlyCost([...few, shared, gone])).toBeCloseTo(0.8)
  })

  it('names what is new and paid by use, of which it knows no sum', () => {
    const kept: Change = { action: 'none', resource: resource('log-group', 'there') }
    const made = (['delivery', 'log-group', 'bucket'] as const).map((kind) => create(resource(kind, kind)))
    expect(costsByUse([...few, kept])).toEqual([])
    expect(showPlan([...few, ...made], ascii, 80)).toContain(
      'and by use: ingestion into the log group about $0.50 a GB, what it keeps',
    )
  })
})

describe('the picture of the chain', () => {
  const hops = ['trail', 'delivery', 'log group', '26 filters', '26 alarms', 'topic', 'subscription'].map((label) => ({
    label,
    mark: 'good' as const,
  }))

  it('is one line where there is room', () => {
    expect(
      showChain(
        [
          { label: 'topic', mark: 'good' },
          { label: 'PagerDuty', mark: 'skip' },
        ],
        theme,
        80,
      ),
    ).toBe('topic ✔─ PagerDuty ◌')
  })

  it('breaks between hops', () => {
    const lines = showChain([...hops, { label: 'PagerDuty', mark: 'skip' }], theme, 80).split('\n')
    expect(lines).toEqual([
      'trail ✔─ delivery ✔─ log group ✔─ 26 filters ✔─ 26 alarms ✔─ topic ✔─',
      '  subscription ✔─ PagerDuty ◌',
    ])
  })
})

describe('a failure', () => {
  it('says what happened and what to do', () => {
    const error = new AppError('internal', 'there is no trail "t"', {
      hint: 'npx cloudtrail-pd init --create-trail t',
      detail: 'request 1',
    })
    expect(showError(errorText(error), theme, 80)).toBe(
      '✖ there is no trail "t"\n  npx cloudtrail-pd init --create-trail t',
    )
    expect(showError(errorText(error), theme, 80, true)).toMatch(/\n {2}request 1$/)
  })

  it('breaks a command in its hint before an option alone, so that it can be pasted', () => {
    const hint = `see it: npx cloudtrail-pd init --name 'a --b' ${'--tag a=b '.repeat(10).trim()}`
    const [first, ...lines] = showError(errorText(new AppError('internal', 'y', { hint })), theme, 80).split('\n')
    expect([first, ...lines]).toEqual([
      '✖ y',
      '  see it:',
      "  npx cloudtrail-pd init --name 'a --b' --tag a=b --tag a=b --tag a=b \\",
      '    --tag a=b --tag a=b --tag a=b --tag a=b --tag a=b --tag a=b --tag a=b',
    ])
  })

  it('that nobody foresaw is said to be a bug, with the stack under --verbose alone', () => {
    const told = errorText(new TypeError('x is not a function'))
    expect(told).toMatchObject({ code: 'internal', exit: EXIT.failed })
    expect(showError(told, theme, 80)).not.toContain('.test.ts')
    expect(showError(told, theme, 80, true)).toContain('.test.ts')
  })

  it('is none where a question was answered with no', () => {
    const no = new AppError('declined', 'declined; nothing was changed', { exit: EXIT.failed })
    expect(showError(errorText(no), theme, 80)).toBe('declined; nothing was changed')
  })

  it('by the person is no failure of the program', () => {
    expect(errorText(new Cancelled())).toMatchObject({ code: 'interrupted', exit: EXIT.interrupted })
    expect(showError(errorText(new Cancelled()), theme, 80)).toBe('! interrupted, nothing was changed')
  })
})
