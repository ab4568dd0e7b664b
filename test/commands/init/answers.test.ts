import { describe, expect, it } from 'vitest'
import { init } from '../../../src/commands/init/run.ts'
import type { InitOptions } from '../../../src/options/command-options.ts'
import { asked } from '../../support/asked.ts'
import { freshAccount } from '../../support/fresh-account.ts'
import type { Step } from '../../support/scripted-prompter.ts'
import { KEY } from '../../support/tool.ts'

const GIVEN: InitOptions = { route: 'service', integrationKey: KEY, detections: ['root-account-usage'] }
const RESOLVES: Step = ['When does an incident resolve?', { text: 'Never automatically' }]
const GO: Step = ['Go ahead?', { text: 'Yes' }]

/** The file system of a run, to look at what it saved. */
async function stopped(steps: readonly Step[], options: InitOptions = GIVEN) {
  const account = await freshAccount()
  const run = asked(account, steps)
  const written = new Map<string, string>()
  const files = {
    ...run.context.files,
    write: async (path: string, text: string | Iterable<string>) => {
      written.set(path, typeof text === 'string' ? text : [...text].join(''))
    },
  }
  const ended = await init(options, { ...run.context, files }).then(
    (report) => ({ exit: report.exit, error: undefined }),
    (error: unknown) => ({ exit: undefined, error }),
  )
  run.played.finish()
  return { ...ended, written, shown: run.shown(), writes: account.writes() }
}

describe('Ctrl-C in the wizard', () => {
  it('offers to save the answers, without the key, and changes nothing', async () => {
    const { error, written, writes, shown } = await stopped([
      RESOLVES,
      ['Page when no events arrive', 'stop'],
      ['Save the answers', true],
      ['Save to', 'enter'],
    ])
    expect(error).toMatchObject({ name: 'Cancelled' })
    expect(written.get('cloudtrail-pd.yaml')).toContain('autoResolve: false')
    expect(written.get('cloudtrail-pd.yaml')).not.toContain(KEY)
    expect(shown).toContain('npx cloudtrail-pd init --config cloudtrail-pd.yaml')
    expect(writes).toEqual([])
  })

  it('at the plan keeps all answers too', async () => {
    const { written } = await stopped([
      RESOLVES,
      ['Page when no events arrive', 'enter'],
      ['Go ahead?', 'stop'],
      ['Save the answers', true],
      ['Save to', { text: 'mine.yaml' }],
    ])
    expect(written.get('mine.yaml')).toContain('heartbeat: 60')
  })

  it.each<readonly [string, readonly Step[]]>([
    ['saves nothing where the answer is no', [['Save the answers', 'enter']]],
    ['a second time ends at once', [['Save the answers', 'stop']]],
    [
      'ends at the path as well',
      [
        ['Save the answers', true],
        ['Save to', 'stop'],
      ],
    ],
  ])('%s', async (_, steps) => {
    const { error, written } = await stopped([RESOLVES, ['Page when no events arrive', 'stop'], ...steps])
    expect(error).toMatchObject({ name: 'Cancelled' })
    expect(written.size).toBe(0)
  })

  it('in the middle of a question says that it is not saved, and saves those that were answered whole', async () => {
    const { written, shown } = await stopped(
      [
        ['Where should alerts go?', { text: 'A service' }],
        ['Which service?', { text: 'Security' }],
        ['Which integration?', 'enter'],
        ['Display name', 'enter'],
        ['Check the last', false],
        ['Which detections should page?', 'stop'],
        ['Save the answers', true],
        ['Save to', 'enter'],
      ],
      {},
    )
    expect(shown).toContain('! The detections: not saved, as only a part was answered\n? Save the answers')
    expect(written.get('cloudtrail-pd.yaml')).toContain('pagerdutyService: Security')
    expect(written.get('cloudtrail-pd.yaml')).not.toContain('detections:')
  })

  it('behind the route saves that, and a run with it asks for the key at once', async () => {
    const { written, shown } = await stopped(
      [
        ['Where should alerts go?', { text: 'Service event rules' }],
        ['Integration URL or key', 'stop'],
        ['Save the answers', true],
        ['Save to', 'enter'],
      ],
      {},
    )
    expect(shown).toContain('! Where pages go: only the route is saved\n? Save the answers')
    expect(written.get('cloudtrail-pd.yaml')).toContain('route: service-event-rules')
    await stopped([['Integration URL or key', 'stop']], { route: 'service-event-rules' })
  })

  it('on the way back saves the answer as it was', async () => {
    const { written, shown } = await stopped(
      [
        ['Where should alerts go?', { text: 'Service event rules' }],
        ['Integration URL or key', { text: KEY }],
        ['service region', { text: 'EU' }],
        ['When does an incident resolve?', 'back'],
        ['service region', 'stop'],
        ['Save the answers', true],
        ['Save to', 'enter'],
      ],
      { detections: ['root-account-usage'] },
    )
    expect(shown).toContain('! Where pages go: as it was before the change\n? Save the answers')
    expect(written.get('cloudtrail-pd.yaml')).toContain('serviceRegion: eu')
  })

  it('behind a key of another route saves the route that it was taken for', async () => {
    const { written } = await stopped(
      [
        ['Where should alerts go?', { text: 'Service event rules' }],
        ['Integration URL or key', { text: `R${KEY.slice(1)}` }],
        ['What now?', 'enter'],
        ['service region', 'stop'],
        ['Save the answers', true],
        ['Save to', 'enter'],
      ],
      {},
    )
    expect(written.get('cloudtrail-pd.yaml')).toContain('route: global-orchestration')
  })

  it.each<readonly [string, readonly Step[]]>([
    ['after Esc', [['Integration URL or key', 'back']]],
    [
      'because the key was of another one',
      [
        ['Integration URL or key', { text: `R${KEY.slice(1)}` }],
        ['What now?', { text: 'Choose another route' }],
      ],
    ],
  ])('at a route that is asked again %s saves none', async (_, steps) => {
    const route: Step = ['Where should alerts go?', { text: 'Service event rules' }]
    const { error, shown } = await stopped([route, ...steps, ['Where should alerts go?', 'stop']], {})
    expect(error).toMatchObject({ name: 'Cancelled' })
    expect(shown).not.toContain('Save the answers')
  })

  it('in the middle of a change saves the answer that was to be changed, and says so', async () => {
    const { written, shown } = await stopped([
      RESOLVES,
      ['Page when no events arrive', 'enter'],
      ['Go ahead?', { text: 'Change an answer' }],
      ['Which answer?', { text: 'Where pages go' }],
      ['Where should alerts go?', { text: 'A global orchestration' }],
      ['Which orchestration?', 'stop'],
      ['Save the answers', true],
      ['Save to', 'enter'],
    ])
    expect(shown).toContain('! Where pages go: as it was before the change\n? Save the answers')
    expect(written.get('cloudtrail-pd.yaml')).toMatch(/^route: service\n[\s\S]*^integrationKey: env:/m)
  })

  it('at the first prompt of a change saves the answer as it was', async () => {
    const { written, shown } = await stopped([
      RESOLVES,
      ['Page when no events arrive', 'enter'],
      ['Go ahead?', { text: 'Change an answer' }],
      ['Which answer?', { text: 'When an incident resolves' }],
      ['When does an incident resolve?', 'stop'],
      ['Save the answers', true],
      ['Save to', 'enter'],
    ])
    expect(written.get('cloudtrail-pd.yaml')).toContain('autoResolve: false')
    expect(shown).not.toContain('as it was before')
  })

  it('asks nothing where nothing was answered yet', async () => {
    const { error } = await stopped([['When does an incident resolve?', 'stop']])
    expect(error).toMatchObject({ name: 'Cancelled' })
  })
})

describe('an error before anything was written', () => {
  it('takes nothing from the answers: one is changed, and the rest is not asked again', async () => {
    const { exit, shown } = await stopped(
      [
        RESOLVES,
        ['Page when no events arrive', 'enter'],
        ['What now?', { text: 'Change an answer' }],
        ['Which answer?', { text: 'The trail' }],
        ['Name of the new trail', 'enter'],
        GO,
      ],
      { ...GIVEN, trail: 'nosuch' },
    )
    expect(shown).toMatch(/✖ .*nosuch/)
    expect(exit).toBe(0)
  })

  it('is what the run ends with where the person stops', async () => {
    const { error, writes } = await stopped(
      [RESOLVES, ['Page when no events arrive', 'enter'], ['What now?', { text: 'Stop' }]],
      { ...GIVEN, trail: 'nosuch' },
    )
    expect(error).toMatchObject({ exit: 2 })
    expect(writes).toEqual([])
  })
})

describe('the trail of an account that has none', () => {
  const changed = async (...names: readonly Step[]) => {
    const account = await freshAccount()
    const picked: readonly Step[] = [
      ['Go ahead?', { text: 'Change an answer' }],
      ['Which answer?', { text: 'The trail' }],
    ]
    const run = asked(account, [
      RESOLVES,
      ['Page when no events arrive', 'enter'],
      ...names.flatMap((name) => [...picked, name]),
      GO,
    ])
    expect((await init(GIVEN, run.context)).exit).toBe(0)
    run.played.finish()
    return { trails: Object.values(account.sandbox.state.trails).map(({ name }) => name), shown: run.shown() }
  }

  it('is asked for its name where the answer is changed', async () => {
    const { trails, shown } = await changed(['Name of the new trail', { text: ' audit ' }])
    expect(trails).toEqual(['audit'])
    expect(shown).toContain('No trail found: audit will be created')
  })

  it('has the name that it was given as the default of the next change', async () => {
    const { trails } = await changed(['Name of the new trail', { text: 'audit' }], ['Name of the new trail', 'enter'])
    expect(trails).toEqual(['audit'])
  })

  it('keeps its own name where Enter takes it', async () => {
    expect((await changed(['Name of the new trail', 'enter'])).trails).toEqual(['cloudtrail-pd'])
  })
})

describe('another region', () => {
  it('is looked at anew: its trails are asked about, and everything is made there', async () => {
    const account = await freshAccount()
    const run = asked(account, [
      RESOLVES,
      ['Page when no events arrive', 'enter'],
      ['Go ahead?', { text: 'Change an answer' }],
      ['Which answer?', { text: 'The region' }],
      ['In which AWS region?', { text: 'eu-central-1' }],
      GO,
    ])
    expect((await init(GIVEN, run.context)).exit).toBe(0)
    run.played.finish()
    expect(Object.keys(account.sandbox.state.topics)).toEqual([
      'arn:aws:sns:eu-central-1:123456789012:cloudtrail-pd-alerts',
    ])
  })

  it('is no other where it is the one that the run is in: nothing more is asked', async () => {
    const account = await freshAccount()
    const run = asked(account, [
      RESOLVES,
      ['Page when no events arrive', 'enter'],
      ['Go ahead?', { text: 'Change an answer' }],
      ['Which answer?', { text: 'The region' }],
      ['In which AWS region?', 'enter'],
      GO,
    ])
    expect((await init(GIVEN, run.context)).exit).toBe(0)
    run.played.finish()
    expect(run.shown().match(/No trail found/g)).toHaveLength(1)
  })
})
