import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/domain/secret.ts'
import type { InitOptions } from '../../src/options/command-options.ts'
import { setupOf } from '../../src/options/setup.ts'
import { askInit, echoAnswers, missingOptions } from '../../src/wizard/fill.ts'
import type { InitLookups, TrailLookup } from '../../src/wizard/lookups.ts'
import { QUESTIONS } from '../../src/wizard/questions.ts'
import { recover, reviewPlan } from '../../src/wizard/review.ts'
import { filesWith } from '../options/reading.ts'
import { type Script, type Step, script } from '../support/scripted-prompter.ts'

const KEY = '0123456789abcdef0123456789abcdef'
const URL_TEXT = `https://events.eu.pagerduty.com/x-ere/R${KEY.slice(1)}`

const orgTrail: TrailLookup = { name: 'org-trail', choiceText: 'multi-region, logging', best: true }
const deadTrail: TrailLookup = {
  name: 'dead',
  choiceText: 'it is not logging',
  best: false,
  unusable: 'it is not logging',
}

function scanTarget(trails: readonly TrailLookup[] = [orgTrail], endpoint?: Secret): InitLookups {
  return { trails: async () => trails, subscribedEndpoint: async () => endpoint }
}

function depsOf({ prompter, progress }: Script) {
  return { prompter, progress, files: filesWith({}) }
}

async function wizard(options: InitOptions, steps: readonly Step[], look = scanTarget()) {
  const played = script(steps)
  const answered = await askInit(options, look, depsOf(played))
  played.finish()
  return { answered, lines: played.lines }
}

describe('in the management account', () => {
  const rest = { integrationKey: KEY, route: 'service', detections: ['root-account-usage'], hold: 5 } as const
  const question = 'Should the trail record every account of the organization?'

  it.each([
    ['enter', false],
    [true, true],
  ] as const)('a new trail is asked for its accounts, and %j means %j', async (answer, organization) => {
    const look = { ...scanTarget([]), managesOrganization: async () => true }
    const { answered } = await wizard(rest, [[question, answer]], look)
    expect(answered.organization).toBe(organization)
  })

  it('an existing trail is taken as it is', async () => {
    const look = { ...scanTarget(), managesOrganization: async () => true }
    const { answered } = await wizard(rest, [['Take events from org-trail?', 'enter']], look)
    expect(answered.organization).toBeUndefined()
  })
})

describe('the wizard says', () => {
  it('that everything moves to the home region of the trail, in the question', async () => {
    const { answered } = await wizard(
      { integrationKey: KEY, route: 'service', detections: ['root-account-usage'], hold: 5 },
      [['Take events from org-trail? It is in us-east-1; all resources are created there.', 'enter']],
      scanTarget([{ ...orgTrail, elsewhere: 'us-east-1' }]),
    )
    expect(answered.trail).toBe('org-trail')
  })

  it.each([
    ['A service', URL_TEXT, "this is an event orchestration's URL"],
    [
      'A global orchestration',
      `https://events.pagerduty.com/integration/${KEY}/enqueue`,
      "a service integration's URL",
    ],
  ])('that a URL belongs to another route than %s', async (name, text, said) => {
    const rest = { trail: 'x', detections: ['root-account-usage'], hold: 5 }
    const { answered, lines } = await wizard(rest, [
      ['Where should alerts go?', { text: name }],
      ['Integration URL or key', { text }],
      ['What now?', { text: 'Use it' }],
    ])
    expect(lines.join('\n')).toContain(said)
    expect(answered.integrationUrl).toBe(text)
  })

  it('that a URL belongs to another route, and lets it be pasted again or another route be chosen', async () => {
    const rest = { trail: 'x', detections: ['root-account-usage'], hold: 5, serviceRegion: 'us' } as const
    const { answered } = await wizard(rest, [
      ['Where should alerts go?', { text: 'A service' }],
      ['Integration URL or key', { text: URL_TEXT.replace('.eu', '') }],
      ['What now?', { text: 'Paste another one' }],
      ['Integration URL or key', { text: URL_TEXT.replace('.eu', '') }],
      ['What now?', { text: 'Choose another route' }],
      ['Where should alerts go?', { text: 'A global orchestration' }],
      ['Integration URL or key', { text: URL_TEXT.replace('.eu', '') }],
    ])
    expect(answered.integrationUrl).toBe(URL_TEXT.replace('.eu', ''))
  })

  it.each([
    ['A service', /Service Directory → the service → Integrations → .*AWS CloudTrail/],
    ['A global orchestration', /AIOps → Event Orchestration → /],
    ['A service orchestration', /Events API V2/],
    ['Service event rules', /Events API V2/],
    ['A global ruleset', /GET \/rulesets/],
  ])('where the key of %s is, and how a page will be titled, before it is asked for', async (name, way) => {
    const rest = { trail: 'x', detections: ['root-account-usage'], hold: 5 }
    const { lines } = await wizard(rest, [
      ['Where should alerts go?', { text: name }],
      ['Integration URL or key', { text: KEY }],
      ['service region', 'enter'],
    ])
    const before = lines.slice(
      0,
      lines.findIndex((line) => line.startsWith('? Integration URL')),
    )
    expect(before.join('\n')).toMatch(way)
    expect(before.join('\n')).toMatch(/titled by/)
  })

  it('what arrived: a key by its last four characters, a URL by host, region and kind', async () => {
    const rest = { trail: 'x', detections: ['root-account-usage'], hold: 5 }
    const key = await wizard(rest, [
      ['Where should alerts go?', 'enter'],
      ['Integration URL or key', { text: KEY }],
      ['service region', 'enter'],
    ])
    expect(key.lines).toContain('✔ Integration URL or key: a key, …cdef')
    const url = await wizard(rest, [
      ['Where should alerts go?', { text: 'A global orchestration' }],
      ['Integration URL or key', { text: URL_TEXT }],
    ])
    expect(url.lines).toContain(
      '✔ Integration URL or key: https://events.eu.pagerduty.com/x-ere/…cdef (EU), an event orchestration',
    )
  })

  it('that a key of an orchestration was given for a service', async () => {
    const rest = { trail: 'x', detections: ['root-account-usage'], hold: 5 }
    const key = `R${'0A'.repeat(15)}7`
    const { answered, lines } = await wizard(rest, [
      ['Where should alerts go?', { text: 'A service' }],
      ['Integration URL or key', { text: key }],
      ['What now?', { text: 'Choose another route' }],
      ['Where should alerts go?', { text: 'A global orchestration' }],
      ['Integration URL or key', { text: key }],
      ['service region', 'enter'],
    ])
    expect(lines.join('\n')).toContain('this key looks like one of an orchestration')
    expect(answered).toMatchObject({ route: 'global-orchestration', integrationKey: key })
  })

  it.each(['A service', 'Service event rules'])(
    'that a key of an orchestration is not for %s, and takes it for an orchestration',
    async (name) => {
      const rest = { trail: 'x', detections: ['root-account-usage'], hold: 5 }
      const key = `R${'0A'.repeat(15)}7`
      const { answered } = await wizard(rest, [
        ['Where should alerts go?', { text: name }],
        ['Integration URL or key', { text: key }],
        ['What now?', 'enter'],
        ['service region', 'enter'],
      ])
      expect(answered).toMatchObject({ route: 'global-orchestration', integrationKey: key })
      expect(setupOf(answered).setup.destination).toMatchObject({ route: { shape: 'x-ere' } })
    },
  )

  it('nothing against the key of a service where a service orchestration takes it', async () => {
    const { lines } = await wizard({ trail: 'x', detections: ['root-account-usage'], hold: 5 }, [
      ['Where should alerts go?', { text: 'A service orchestration' }],
      ['Integration URL or key', { text: KEY }],
      ['service region', 'enter'],
    ])
    expect(lines.filter((line) => line.includes('!'))).toEqual([])
  })

  it('nothing of the kind where URL and route agree', async () => {
    const rest = { trail: 'x', detections: ['root-account-usage'], hold: 5 }
    const { lines } = await wizard(rest, [
      ['Where should alerts go?', { text: 'A global orchestration' }],
      ['Integration URL or key', { text: URL_TEXT }],
    ])
    expect(lines.join('\n')).not.toMatch(/this is an? /)
  })
})

describe('the wizard', () => {
  it('needs Enter alone, but for the key', async () => {
    const { answered } = await wizard({}, [
      ['Where should alerts go?', 'enter'],
      ['Integration URL or key', { text: KEY }],
      ['service region', 'enter'],
      ['Take events from org-trail?', 'enter'],
      ['Which detections should page?', 'enter'],
      ['When does an incident resolve?', 'enter'],
    ])
    expect(answered).toEqual({
      route: 'service',
      integrationKey: KEY,
      serviceRegion: 'us',
      trail: 'org-trail',
      detections: ['recommended'],
      autoResolve: true,
      heartbeat: 60,
    })
  })

  it('asks nothing that was said, and shows it as answered', async () => {
    const { lines } = await wizard(
      { integrationUrl: URL_TEXT, trail: 'org-trail', detections: ['cis-1.4'], hold: 30 },
      [],
    )
    expect(lines.filter((line) => line.startsWith('✔'))).toEqual([
      '✔ Where should alerts go? https://events.eu.pagerduty.com/x-ere/…cdef (EU)',
      '✔ Where do the events come from? org-trail',
      '✔ Which detections should page? cis-1.4',
      '✔ When does an incident resolve? 30 quiet minutes after the last event',
    ])
  })

  it('lets a pasted URL decide route and region', async () => {
    const { answered, lines } = await wizard({ trail: 't', detections: ['all'], hold: 5 }, [
      ['Where should alerts go?', { text: 'A service' }],
      ['Integration URL or key', { text: ` ${URL_TEXT} ` }],
      ['What now?', 'enter'],
    ])
    expect(answered.integrationUrl).toBe(URL_TEXT)
    expect(answered.route).toBeUndefined()
    expect(lines.join('\n')).toContain('https://events.eu.pagerduty.com/x-ere/…cdef (EU)')
  })

  it('refuses a wrong key at the prompt and never shows it', async () => {
    const { lines } = await wizard({ trail: 't', detections: ['all'], hold: 5, serviceRegion: 'us' }, [
      ['Where should alerts go?', 'enter'],
      ['Integration URL or key', { text: 'abcdefghij0123456789' }],
      ['Integration URL or key', { text: KEY }],
    ])
    expect(lines.some((line) => line.startsWith('> this looks like a REST API token'))).toBe(true)
    expect(lines.join('\n')).not.toMatch(/abcdefghij0123456789|0123456789abcdef/)
  })

  it('offers the endpoint that is subscribed already', async () => {
    const endpoint = new Secret(`https://events.pagerduty.com/integration/${KEY}/enqueue`)
    const { answered } = await wizard(
      { trail: 't', detections: ['all'], hold: 5 },
      [['Where should alerts go?', { text: 'Keep the current destination' }]],
      scanTarget([], endpoint),
    )
    expect(answered).toEqual({ trail: 't', detections: ['all'], hold: 5, heartbeat: 60 })
  })

  it('makes a trail where there is none, without asking', async () => {
    const given = { integrationUrl: URL_TEXT, detections: ['all'], hold: 5 }
    const { answered, lines } = await wizard(given, [], scanTarget([]))
    expect(answered).toEqual({ ...given, heartbeat: 60 })
    expect(lines.join('\n')).toContain('No trail found: cloudtrail-pd will be created')
  })

  it('lets another trail be picked, or a new one', async () => {
    const given = { integrationUrl: URL_TEXT, detections: ['all'], hold: 5 }
    const { answered } = await wizard(
      given,
      [
        ['Take events from org-trail?', false],
        ['Where do the events come from?', { text: 'A new trail, cloudtrail-pd' }],
      ],
      scanTarget([orgTrail, deadTrail]),
    )
    expect(answered.createTrail).toBe('cloudtrail-pd')
  })

  it.each([
    ['is charged where another trail delivers the events', [false, true], 'a second copy of the events is charged'],
    ['may be charged where that is not known', [false, undefined], 'a second copy of the events may be charged'],
    ['costs nothing to mention where none does', [false, false], undefined],
  ] as const)('says of a new trail that its copy %s', async (_what, copies, said) => {
    const played = script([['Where do the events come from?', { text: 'A new trail, cloudtrail-pd' }]])
    const trails = copies.map((one, index) => ({ ...deadTrail, name: `dead-${index}`, deliversEvents: one }))
    const descriptions: (string | undefined)[] = []
    const prompter: Script['prompter'] = {
      ...played.prompter,
      select(question) {
        const fresh = question.choices.find(({ name }) => name.startsWith('A new trail'))
        if (fresh !== undefined) descriptions.push(fresh.description)
        return played.prompter.select(question)
      },
    }
    const given = { integrationUrl: URL_TEXT, detections: ['all'], hold: 5 }
    await askInit(given, scanTarget(trails), { ...depsOf(played), prompter })
    expect(descriptions).toEqual([said])
  })

  it('offers the trail that was refused last, and a new one under a name that is free', async () => {
    const given = { integrationUrl: URL_TEXT, detections: ['all'], hold: 5 }
    const own: TrailLookup = { ...orgTrail, name: 'cloudtrail-pd' }
    const other: TrailLookup = { ...orgTrail, name: 'other', best: false }
    const refused: Step = ['Take events from cloudtrail-pd?', false]
    const first = await wizard(given, [refused, ['Where do the events come from?', 'enter']], scanTarget([own, other]))
    expect(first.answered.trail).toBe('other')
    const second = await wizard(given, [refused, ['Where do the events come from?', 'enter']], scanTarget([own]))
    expect(second.answered.createTrail).toBe('cloudtrail-pd-2')
  })

  it('names single detections once the choice departs from the pack', async () => {
    const given = { integrationUrl: URL_TEXT, trail: 't', hold: 5 }
    const { answered } = await wizard(given, [['Which detections should page?', { names: ['root-account-usage'] }]])
    expect(answered.detections).toEqual(['root-account-usage'])
  })

  it.each([
    ['As soon as the alarm returns to OK', { hold: 5 }],
    ['Never automatically', { autoResolve: false }],
  ])('takes "%s" as %j', async (name, meaning) => {
    const given = { integrationUrl: URL_TEXT, trail: 't', detections: ['all'] }
    const { answered } = await wizard(given, [['When does an incident resolve?', { text: name }]])
    expect(answered).toEqual({ ...given, ...meaning, heartbeat: 60 })
  })
})

describe('the review of a plan', () => {
  const options: InitOptions = {
    integrationUrl: URL_TEXT,
    lowUrgencyIntegrationUrl: URL_TEXT,
    trail: 't',
    detections: ['all'],
    heartbeat: 60,
    hold: 5,
  }

  async function review(steps: readonly Step[], more: InitOptions = {}) {
    const played = script(steps)
    const shown: boolean[] = []
    const verdict = await reviewPlan((detailed) => shown.push(detailed), { ...options, ...more }, depsOf(played))
    played.finish()
    return { verdict, shown, lines: played.lines }
  }

  it('shows the plan, then every detail, then takes the answer', async () => {
    const { verdict, shown } = await review([
      ['Go ahead?', { text: 'Show every detail' }],
      ['Go ahead?', { text: 'Yes' }],
    ])
    expect(shown).toEqual([false, true])
    expect(verdict).toEqual({ action: 'approve' })
  })

  it('takes an Enter too many for no', async () => {
    expect((await review([['Go ahead?', 'enter']])).verdict).toEqual({ action: 'decline' })
  })

  it('lets back lead to the answers, and back again to the plan', async () => {
    const { verdict } = await review([
      ['Go ahead?', 'back'],
      ['Which answer?', 'back'],
      ['Go ahead?', { text: 'Yes' }],
    ])
    expect(verdict).toEqual({ action: 'approve' })
  })

  it('offers the fire drill until it is there', async () => {
    const { verdict } = await review([['Go ahead?', { text: 'Add the fire drill' }]])
    expect(verdict).toMatchObject({ action: 'edit', options: { drill: true } })
  })

  it('ends with no', async () => {
    expect((await review([['Go ahead?', { text: 'No, change nothing' }]])).verdict).toEqual({ action: 'decline' })
  })

  it.each(QUESTIONS.map((question) => [question.title, question] as const))(
    'opens "%s" again',
    async (title, question) => {
      const { verdict } = await review([
        ['Go ahead?', { text: 'Change an answer' }],
        ['Which answer?', { text: title }],
      ])
      if (verdict.action !== 'edit') throw new Error('nothing is to be edited')
      const edited = verdict.options
      expect(verdict.reopened).toEqual({ question, isPicked: true, former: options })
      // Nothing but this is asked again.
      expect(QUESTIONS.filter((other) => other.isOpen(edited) && other !== question)).toEqual([])
    },
  )

  const variables = 'CLOUDTRAIL_PD_INTEGRATION_URL and CLOUDTRAIL_PD_LOW_URGENCY_INTEGRATION_URL'
  const file = 'npx cloudtrail-pd init --config cloudtrail-pd.yaml'

  it.each<[InitOptions, string, string | undefined]>([
    [{}, file, variables],
    [{ lowUrgencyIntegrationUrl: undefined }, file, 'CLOUDTRAIL_PD_INTEGRATION_URL'],
    [{ lowUrgencyIntegrationUrl: undefined, integrationKeyFile: 'key.txt' }, file, undefined],
    // Standard input is read once.
    [{ lowUrgencyIntegrationUrl: undefined, integrationKeyFile: '-' }, file, 'CLOUDTRAIL_PD_INTEGRATION_URL'],
    // No setup file says so, and without it the command would leave the sandbox, which has a key of its own.
    [{ sandbox: true, lowUrgencyIntegrationUrl: undefined }, `${file} --sandbox`, undefined],
  ])('saves a setup file, says what it needs, and asks again: %j', async (more, line, needed) => {
    const steps: readonly Step[] = [
      ['Go ahead?', { text: 'Save as a setup file' }],
      ['Save to', 'enter'],
      ['Go ahead?', { text: 'Yes' }],
    ]
    expect((await review(steps, more)).lines.slice(2, -1)).toEqual([
      '  ✔ answers saved to cloudtrail-pd.yaml, without secrets',
      `    ${line}`,
      ...(needed === undefined ? [] : [`    (needs ${needed} in the environment)`]),
    ])
  })
})

describe('back', () => {
  const given = { integrationUrl: URL_TEXT, trail: 'org-trail' }

  it('leads to the question before, with the answer that was given as its default', async () => {
    const { answered } = await wizard(given, [
      ['Which detections should page?', { names: ['root-account-usage'] }],
      ['When does an incident resolve?', { text: 'Never automatically' }],
      ['Page when no events arrive', 'back'],
      ['When does an incident resolve?', 'back'],
      ['Which detections should page?', 'enter'],
      ['When does an incident resolve?', 'enter'],
      ['Page when no events arrive', 'enter'],
    ])
    expect(answered).toMatchObject({ detections: ['root-account-usage'], autoResolve: false, heartbeat: 60 })
  })

  it('passes over questions that asked nothing', async () => {
    const { answered } = await wizard(
      { detections: ['root-account-usage'], hold: 5 },
      [
        ['Where should alerts go?', { text: 'A global orchestration' }],
        ['Integration URL or key', { text: URL_TEXT }],
        ['Page when no events arrive', 'back'],
        ['Integration URL or key', { text: URL_TEXT }],
        ['Page when no events arrive', 'enter'],
      ],
      scanTarget([]),
    )
    expect(answered.integrationUrl).toBe(URL_TEXT)
  })

  it('leads to the prompt before within a question, and into the last prompt of the question before', async () => {
    const { answered } = await wizard({ trail: 't', detections: ['all'], hold: 5 }, [
      ['Where should alerts go?', { text: 'A global orchestration' }],
      ['Integration URL or key', { text: `R${KEY.slice(1)}` }],
      ['service region', 'back'],
      ['Integration URL or key', { text: `R${KEY.slice(1)}` }],
      ['service region', { text: 'EU' }],
      ['Page when no events arrive', 'back'],
      ['service region', { text: 'US' }],
      ['Page when no events arrive', 'enter'],
    ])
    expect(answered).toMatchObject({ route: 'global-orchestration', serviceRegion: 'us' })
  })

  it('keeps the service region of a key, or PagerDuty would never hear of an alarm', async () => {
    const { answered } = await wizard({ trail: 't', detections: ['all'] }, [
      ['Where should alerts go?', { text: 'A service' }],
      ['Integration URL or key', { text: KEY }],
      ['service region', { text: 'EU' }],
      ['When does an incident resolve?', 'back'],
      ['service region', 'enter'],
      ['When does an incident resolve?', 'back'],
      ['service region', 'back'],
      // Another key of the same account.
      ['Integration URL or key', { text: KEY.replace('0', '1') }],
      ['service region', 'enter'],
      ['When does an incident resolve?', 'enter'],
    ])
    expect(answered).toMatchObject({ route: 'service', serviceRegion: 'eu' })
  })

  it('offers the answer of each prompt as its default, but not behind another answer', async () => {
    const { answered } = await wizard({ detections: ['all'], hold: 5 }, [
      ['Where should alerts go?', { text: 'A service orchestration' }],
      ['Integration URL or key', 'back'],
      ['Where should alerts go?', 'enter'],
      ['Integration URL or key', { text: KEY }],
      ['service region', { text: 'EU' }],
      ['Take events from org-trail?', false],
      ['Where do the events come from?', { text: 'org-trail' }],
      ['Page when no events arrive', 'back'],
      ['Where do the events come from?', 'back'],
      ['Take events from org-trail?', 'enter'],
      ['Where do the events come from?', 'enter'],
      ['Page when no events arrive', 'back'],
      ['Where do the events come from?', 'back'],
      ['Take events from org-trail?', true],
      ['Page when no events arrive', 'enter'],
    ])
    expect(answered).toMatchObject({ route: 'service-orchestration', serviceRegion: 'eu', trail: 'org-trail' })
  })

  it('out of the picker keeps what was picked there', async () => {
    const names = ['root-account-usage', 'vpc-changes']
    const { answered } = await wizard({ trail: 't', hold: 5, heartbeat: 60 }, [
      ['Where should alerts go?', { text: 'A service' }],
      ['Integration URL or key', { text: KEY }],
      ['service region', 'enter'],
      ['Which detections should page?', { names, thenBack: true }],
      ['service region', 'enter'],
      ['Which detections should page?', 'enter'],
    ])
    expect(answered.detections).toEqual(names)
  })

  it('keeps what was picked within one question too, and nothing picked as nothing', async () => {
    const past = { source: 'log group g', days: 14, wait: 'Long.', count: async () => new Map() }
    const look = { ...scanTarget(), pastPages: () => past }
    const played = script([
      ['Check the last 14 days first?', 'enter'],
      ['Which detections should page?', { names: [], thenBack: true }],
      ['Check the last 14 days first?', 'enter'],
      ['Which detections should page?', { names: ['vpc-changes'], thenBack: true }],
      ['Check the last 14 days first?', 'enter'],
      ['Which detections should page?', 'enter'],
    ])
    const { detections } = await askInit({ ...given, hold: 5, heartbeat: 60 }, look, depsOf(played))
    expect(detections).toEqual(['vpc-changes'])
  })

  it('into the picker asks it again, also where the question before it is no longer asked', async () => {
    const noisy = { pagesPerWeek: 9 }
    const past = { source: 'g', days: 14, wait: 'Long.', count: async () => new Map([['root-account-usage', noisy]]) }
    const { answered } = await wizard(
      given,
      [
        ['Check the last 14 days first?', true],
        ['What about the noisy ones?', { text: 'Leave it out' }],
        ['Which detections should page?', 'enter'],
        ['When does an incident resolve?', 'back'],
        ['Which detections should page?', { names: ['vpc-changes'] }],
        ['When does an incident resolve?', 'enter'],
      ],
      { ...scanTarget(), pastPages: () => past },
    )
    expect(answered.detections).toEqual(['vpc-changes'])
  })

  it.each([
    ['another trail', 'other', { trail: 'other' }],
    ['a new one', 'A new trail, cloudtrail-pd', { createTrail: 'cloudtrail-pd' }],
  ])('has %s as the default of both prompts where it was taken', async (_what, text, taken) => {
    const other: TrailLookup = { ...orgTrail, name: 'other', best: false }
    const third: TrailLookup = { ...orgTrail, name: 'third', best: false }
    const { answered } = await wizard(
      { integrationUrl: URL_TEXT, detections: ['all'] },
      [
        ['Take events from org-trail?', false],
        ['Where do the events come from?', { text }],
        ['When does an incident resolve?', 'back'],
        ['Where do the events come from?', 'back'],
        ['Take events from org-trail?', 'enter'],
        ['Where do the events come from?', 'enter'],
        ['When does an incident resolve?', 'enter'],
      ],
      scanTarget([third, orgTrail, other]),
    )
    expect(answered).toMatchObject(taken)
  })

  it('from the second prompt of a question leads to its first', async () => {
    const { answered } = await wizard({ trail: 't', detections: ['all'], hold: 5 }, [
      ['Where should alerts go?', { text: 'A service' }],
      ['Integration URL or key', 'back'],
      ['Where should alerts go?', { text: 'A global orchestration' }],
      ['Integration URL or key', { text: URL_TEXT }],
    ])
    expect(answered.integrationUrl).toBe(URL_TEXT)
  })

  it('has nowhere to go from the first question', async () => {
    await expect(wizard({}, [['Where should alerts go?', 'back']])).rejects.toThrow('there is no way back')
  })
})

describe('a question that is opened again', () => {
  const said: InitOptions = {
    integrationUrl: URL_TEXT,
    trail: 'org-trail',
    detections: ['cis-1.4'],
    hold: 5,
    heartbeat: 60,
    name: 'other',
    drill: true,
  }

  async function again(title: string, steps: readonly Step[], look = scanTarget()) {
    const question = QUESTIONS.find((one) => one.title === title)
    if (question === undefined) throw new Error(`no question "${title}"`)
    const cleared = Object.fromEntries(question.options.map((name) => [name, undefined]))
    const played = script(steps)
    const reopened = { question, former: said }
    const answered = await askInit({ ...said, ...cleared }, look, depsOf(played), reopened)
    played.finish()
    return { answered, lines: played.lines }
  }

  it.each<[string, readonly Step[], InitOptions]>([
    ['The name of the chain', [['Which name', { text: 'security' }]], { name: 'security' }],
    ['The fire drill', [['Add the fire drill?', false]], { drill: false }],
    ['The region', [['In which AWS region?', { text: 'eu-central-1' }]], { region: 'eu-central-1', trail: undefined }],
    [
      'A filter pattern of your own',
      [
        ['Filter pattern:', { text: '{ $.eventName = "DeleteBackupVault" }' }],
        ['Its name:', { text: 'vault-deleted' }],
      ],
      { filterPattern: '{ $.eventName = "DeleteBackupVault" }', filterName: 'vault-deleted' },
    ],
    [
      'Where low-urgency tickets go',
      [
        ['Where should low-urgency', { text: 'To an integration URL' }],
        ['Integration URL for low urgency:', { text: URL_TEXT }],
      ],
      { lowUrgencyIntegrationUrl: URL_TEXT },
    ],
    ['The detections', [['Which detections', { names: ['vpc-changes'] }]], { detections: ['vpc-changes'] }],
  ])('%s', async (title, steps, meaning) => {
    const { answered } = await again(title, steps)
    expect(answered).toMatchObject(meaning)
    // What was answered is taken as a whole.
    expect(() => setupOf(answered)).not.toThrow()
  })

  it('offers what was said before, says nothing of the rest, and keeps all of it on the way back', async () => {
    expect((await again('The name of the chain', [['Which name', 'enter']])).answered.name).toBe('other')
    expect((await again('The name of the chain', [['Which name', 'back']])).answered).toEqual(said)
    const { lines } = await again('The fire drill', [['Add the fire drill?', true]])
    expect(lines.filter((line) => line.startsWith('✔'))).toEqual([])
  })

  it.each([
    ['The name of the chain', [['Which name', 'enter']], 'Name and region'],
    ['The region', [['In which AWS region?', { text: 'eu-west-1' }]], 'Name and region'],
    ['The fire drill', [['Add the fire drill?', true]], 'Detections'],
  ] as const)('stands below its heading: %s', async (title, steps, heading) => {
    expect((await again(title, steps)).lines).toContain(heading)
  })

  it.each([
    [
      'The name of the chain',
      [
        ['Which name', { text: 'a b' }],
        ['Which name', { text: ' ' }],
        ['Which name', { text: 'two--hyphens' }],
        ['Which name', { text: 'xyz' }],
      ],
      /3 to 32 letters.*\n.*blank.*\n.*two consecutive hyphens/,
    ],
    [
      'The region',
      [
        ['In which AWS region?', { text: 'Frankfurt' }],
        ['In which', { text: 'eu-west-1' }],
      ],
      /eu-central-1/,
    ],
    [
      'A filter pattern of your own',
      [
        ['Filter pattern:', { text: '{ $.x = }' }],
        ['Filter pattern:', 'enter'],
      ],
      /column 9/,
    ],
    [
      'A filter pattern of your own',
      [
        ['Filter pattern:', { text: '{ $.eventName = "DeleteBackupVault" }' }],
        ['Its name:', { text: ' ' }],
        ['Its name:', { text: 'a:b' }],
        ['Its name:', { text: 'root-account-usage' }],
        ['Its name:', { text: 'vault' }],
      ],
      /blank.*\n.*1 to 512 characters without : \*.*\n.*name of another detection/,
    ],
  ] as const)('refuses what %s cannot be, without a word of flags', async (title, steps, why) => {
    const { lines } = await again(title, steps)
    const refused = lines.filter((line) => line.startsWith('>')).join('\n')
    expect(refused).toMatch(why)
    expect(refused).not.toMatch(/(^| )--[a-z]/)
  })

  it('asks again about a pattern that nearly every event matches, and says how many do', async () => {
    const wide = '{ $.eventName != "x" }'
    const { answered, lines } = await again('A filter pattern of your own', [
      ['Filter pattern:', { text: wide }],
      ['Use it all the same?', 'enter'],
      ['Filter pattern:', { text: wide }],
      ['Use it all the same?', true],
      ['Its name:', 'enter'],
    ])
    expect(lines.join('\n')).toMatch(/! .*188 of 188 .*\n\? Use it all the same\?/)
    expect(answered.filterPattern).toBe(wide)
  })
})

describe('what stops a run before anything was written', () => {
  const said: InitOptions = { trail: 't', detections: ['all'], hold: 5 }

  it.each([
    ['Try again', { action: 'again' }],
    ['Stop', { action: 'decline' }],
  ])('is told, and "%s" is %j', async (text, meaning) => {
    const played = script([['What now?', { text }]])
    const error = { message: 'the bucket is taken', hint: 'choose another name' }
    expect(await recover(error, said, depsOf(played))).toEqual(meaning)
    expect(played.lines).toContain('  ✖ the bucket is taken')
    expect(played.lines.join('\n')).toContain('choose another name')
  })

  it('lets an answer be changed even where the answers contradict each other', async () => {
    const contradiction = {
      ...said,
      detections: ['recommended'],
      filterPattern: '{ $.eventName = "X" }',
      filterName: 'x',
    }
    const played = script([
      ['What now?', { text: 'Change an answer' }],
      ['Which answer?', { text: 'A filter pattern of your own' }],
    ])
    const next = await recover({ message: 'no', hint: undefined }, contradiction, depsOf(played))
    expect(next).toMatchObject({ action: 'edit' })
  })

  it('lets an answer be changed, with all others kept', async () => {
    const played = script([
      ['What now?', { text: 'Change an answer' }],
      ['Which answer?', { text: 'The name of the chain' }],
    ])
    const next = await recover({ message: 'no', hint: undefined }, said, depsOf(played))
    expect(next).toMatchObject({ action: 'edit', options: said })
  })
})

describe('C62 a run without a terminal', () => {
  it('is told of everything that is missing at once', () => {
    const error = missingOptions({})
    expect(error?.exit).toBe(2)
    expect(error?.message).toMatch(/--yes .*--dry-run.*CLOUDTRAIL_PD_INTEGRATION_KEY.*--integration-url/)
  })

  it.each([{ yes: true }, { dryRun: true }])('may go on with %j', (options) => {
    expect(missingOptions(options)).toBeUndefined()
  })

  it('shows what was said as answered lines', () => {
    const played = script([])
    echoAnswers({ trail: 'org-trail' }, depsOf(played))
    expect(played.lines).toEqual(['✔ Where do the events come from? org-trail'])
  })
})

describe('the question of the heartbeat', () => {
  const given = { integrationUrl: URL_TEXT, trail: 'org-trail', detections: ['all'], hold: 5 }
  const question = 'Page when no events arrive from CloudTrail?'
  const quietFor = (minutes: number | undefined) => ({ ...scanTarget(), longestSilence: async () => minutes })

  it.each([
    ['an hour where nothing is known of the traffic', undefined, 60],
    ['an hour where the log group is never quiet for long', 10, 60],
    ['longer than the longest silence of the last two weeks', 150, 160],
    ['none where the account is silent for a day', 2_000, 0],
  ])('proposes %s', async (_, silence, minutes) => {
    const { answered } = await wizard(given, [[question, 'enter']], quietFor(silence))
    expect(answered.heartbeat).toBe(minutes)
  })

  it('takes no for an answer, and shows what was said before', async () => {
    expect((await wizard(given, [[question, { text: 'No' }]])).answered.heartbeat).toBe(0)
    const { lines } = await wizard({ ...given, heartbeat: 90 }, [])
    expect(lines).toContain(`✔ ${question} after 90 minutes of silence`)
  })
})
