/** The questions of the wizard: what each is about, when it is open, how it is asked, and how its answer reads. */

import { catalogue } from '../detections/catalogue.ts'
import { packs, wordsFor } from '../detections/select.ts'
import { DESTINATION_OPTIONS, destinationOptions, lookedUp, parseDestination } from '../domain/destination.ts'
import {
  ROUTE_HELP,
  ROUTES,
  type RouteKind,
  type RouteVerdict,
  readRoute,
  shapeOf,
  type UrlShape,
} from '../domain/route.ts'
import { AppError } from '../errors.ts'
import type { InitOptions, OptionName } from '../options/command-options.ts'
import { readKeyText } from '../options/key-text.ts'
import { setupOf } from '../options/setup.ts'
import { HEARTBEAT_MINUTES, heartbeatFor } from '../plan/silence.ts'
import type { Choice, Prompter } from '../ports.ts'
import type { InitLookups, PastResult, TrailLookup, WizardContext } from './lookups.ts'
import { askToken, lookUpRoute, lookUpTicketUrl } from './pagerduty.ts'

export interface Question {
  /** The heading above it; without one it belongs to the question before. */
  readonly heading?: string
  /** As the list of answers to change names it. */
  readonly title: string
  readonly message: string
  /** What it decides: cleared when the answer is to be changed. */
  readonly options: readonly (OptionName & keyof InitOptions)[]
  isOpen(options: InitOptions): boolean
  /** Missing: always. Whether it is among the answers that can be changed. */
  isOffered?(options: InitOptions): boolean
  /** Returns the options with the answer in them. */
  ask(options: InitOptions, asking: WizardContext): Promise<InitOptions>
  /** The answer in a few words. */
  answer(options: InitOptions): string
}

const route: Question = {
  heading: 'PagerDuty',
  title: 'Where pages go',
  message: 'Where should alerts go?',
  options: [
    ...DESTINATION_OPTIONS,
    'route',
    'integrationKeyFile',
    'serviceRegion',
    'createIntegration',
    'escalationPolicy',
  ],
  // A bare key leaves open which route it is of.
  isOpen: (options) =>
    destinationOptions(options).every((name) => name === 'integrationKey' && options.route === undefined),
  async ask(options, asking) {
    const kind = options.route ?? (await askRouteKind(options, asking))
    if (kind === 'keep') return options
    const chosen = { ...options, route: kind }
    if (options.integrationKey !== undefined) return chosen
    return (await lookUpRoute(chosen, asking)) ?? askKey(options, chosen, asking)
  },
  answer(options) {
    const asked = lookedUp(options)
    const destination = asked === undefined ? parseDestination(options) : undefined
    return destination?.how === 'integration' ? shownRoute(destination) : (asked ?? 'the current destination')
  },
}

const trail: Question = {
  heading: 'CloudTrail',
  title: 'The trail',
  message: 'Where do the events come from?',
  options: ['trail', 'createTrail', 'trailBucket', 'organization'],
  isOpen: ({ trail, createTrail }) => trail === undefined && createTrail === undefined,
  async ask(options, { look, prompter, progress }) {
    const trails = await look.trails()
    const own = options.name ?? 'cloudtrail-pd'
    if (trails.length === 0) {
      progress.note(`  No trail found: ${own} will be created, with a bucket and a log group.`)
      return withOrganization(options, look, prompter)
    }
    const best = trails.find((one) => one.best)
    if (best !== undefined) {
      progress.note(
        `  ${trails.length === 1 ? '1 trail' : `${trails.length} trails`} found. ${best.name}: ${best.choiceText}.`,
      )
      const moves = best.elsewhere === undefined ? '' : ` It is in ${best.elsewhere}; all resources are created there.`
      if (await prompter.confirm({ message: `Take events from ${best.name}?${moves}`, default: true })) {
        return { ...options, trail: best.name }
      }
    }
    const picked = await prompter.select({
      message: trail.message,
      choices: [...trails.map(trailChoice), newTrail(own)],
    })
    if (picked !== undefined) return { ...options, trail: picked }
    return withOrganization({ ...options, createTrail: own }, look, prompter)
  },
  answer: ({ trail, createTrail, organization }) => {
    const named = trail ?? (createTrail === undefined ? 'the best trail' : `a new trail, ${createTrail}`)
    return organization === true ? `${named}, of every account of the organization` : named
  },
}

/** Only the management account can create an organization trail, so only there it is a question. */
async function withOrganization(options: InitOptions, look: InitLookups, prompter: Prompter): Promise<InitOptions> {
  if (options.organization !== undefined || (await look.managesOrganization?.()) !== true) return options
  const organization = await prompter.confirm({
    message: 'This is the management account. Should the trail record every account of the organization?',
    default: false,
  })
  return { ...options, organization }
}

const detections: Question = {
  heading: 'Detections',
  title: 'The detections',
  message: 'Which detections should page?',
  options: ['detections', 'exclude'],
  isOpen: ({ detections, filterPattern }) => detections === undefined && filterPattern === undefined,
  async ask(options, context) {
    const { prompter } = context
    const past = await pastPages(options, context)
    const excluded = new Set(options.exclude ?? [])
    const recommended = recommendedIds().filter((id) => !excluded.has(id))
    const choices = [true, false].flatMap((checked) =>
      catalogue
        .filter(({ id }) => !excluded.has(id) && recommended.includes(id) === checked)
        .map(({ id, severity, title }) => ({
          value: id,
          name: past.has(id) ? `${id.padEnd(32)} ${pagesAWeek(past.get(id))}` : id,
          description: `${severity.padEnd(8)}  ${title}`,
          checked,
        })),
    )
    const message = `${detections.message}  ${recommended.length} are recommended`
    const picked = await prompter.checkbox({ message, choices })
    const same = picked.length === recommended.length && recommended.every((id) => picked.includes(id))
    return { ...options, detections: same ? ['recommended'] : wordsFor(picked) }
  },
  answer({ detections = ['recommended'], filterName, filterPattern }) {
    const own = filterPattern === undefined ? [] : [filterName ?? 'one of your own']
    return [...(filterPattern === undefined || detections[0] !== 'recommended' ? detections : []), ...own].join(', ')
  },
}

/** What each would have done, where there is a past to look at and the person wants to. */
async function pastPages(
  options: InitOptions,
  { look, prompter, progress }: WizardContext,
): Promise<ReadonlyMap<string, PastResult>> {
  const past = look.pastPages?.(options.trail)
  if (past === undefined) return new Map()
  const message = `Check the detections against the last ${past.days} days of ${past.logGroup}? It takes a minute or more.`
  if (!(await prompter.confirm({ message, default: false }))) return new Map()
  try {
    const found = await past.count(catalogue.filter(({ id }) => !options.exclude?.includes(id)))
    for (const { suggestion } of found.values()) {
      if (suggestion !== undefined) {
        progress.note(`quieter: ${suggestion.option}  leaves ${suggestion.pagesPerWeek.toFixed(1)} pages a week`)
      }
    }
    return found
  } catch (error) {
    // It was only to help with the choice.
    if (!(error instanceof AppError)) throw error
    progress.note(`! past events were not checked: ${error.message}`)
    return new Map()
  }
}

function pagesAWeek(past: PastResult | undefined): string {
  return past === undefined ? '' : `${past.pagesPerWeek.toFixed(1)} pages a week`
}

/** Shortest hold that the alarms know: one period of five minutes. */
const SHORT_HOLD_MINUTES = 5

const resolving: Question = {
  title: 'When an incident resolves',
  message: 'When does an incident resolve?',
  options: ['hold', 'autoResolve'],
  isOpen: ({ hold, autoResolve }) => hold === undefined && autoResolve === undefined,
  async ask(options, { prompter }) {
    const choices: readonly Choice<Pick<InitOptions, 'hold' | 'autoResolve'>>[] = [
      {
        value: { autoResolve: true },
        name: 'Default of each detection',
        description: '5 minutes to 1 quiet hour after the last event',
      },
      {
        value: { hold: SHORT_HOLD_MINUTES },
        name: 'As soon as the alarm returns to OK',
        description: 'about 5 to 15 minutes',
      },
      { value: { autoResolve: false }, name: 'Never automatically', description: 'someone resolves it by hand' },
    ]
    return { ...options, ...(await prompter.select({ message: resolving.message, choices })) }
  },
  answer({ hold, autoResolve }) {
    if (autoResolve === false) return 'never automatically'
    return hold === undefined ? 'default of each detection' : `${hold} quiet minutes after the last event`
  },
}

const silence: Question = {
  title: 'When the chain falls silent',
  message: 'Page when no events arrive from CloudTrail?',
  options: ['heartbeat'],
  isOpen: ({ heartbeat }) => heartbeat === undefined,
  async ask(options, { prompter, look }) {
    const quiet = await look.longestSilence?.(options.trail)
    const proposed = quiet === undefined ? HEARTBEAT_MINUTES : heartbeatFor(quiet)
    const minutes = Math.max(HEARTBEAT_MINUTES, proposed ?? 0)
    const because = quiet === undefined ? '' : `longest silence in two weeks: ${quiet} minutes; `
    const on: Choice<number> = {
      value: minutes,
      name: `After ${minutes} minutes of silence`,
      description: `${because}$0.10 a month`,
    }
    const off: Choice<number> = {
      value: 0,
      name: 'No',
      description:
        proposed === undefined ? `${because}it would page for nothing` : 'only doctor notices a chain that fell silent',
    }
    const choices = proposed === undefined ? [off, on] : [on, off]
    return { ...options, heartbeat: await prompter.select({ message: silence.message, choices }) }
  },
  answer({ heartbeat = 0 }) {
    return heartbeat === 0 ? 'no' : `after ${heartbeat} minutes of silence`
  },
}

/** Only for those who are signed in and chose such detections; everybody else has the option. */
const tickets: Question = {
  title: 'Where low-urgency tickets go',
  message: 'Where should low-urgency detections go?',
  options: ['lowUrgencyIntegrationUrl'],
  isOpen: ({ lowUrgencyIntegrationUrl }) => lowUrgencyIntegrationUrl === undefined,
  isOffered: (options) => options.lowUrgencyIntegrationUrl !== undefined || lookedUp(options) !== undefined,
  async ask(options, asking) {
    const { pagerduty } = asking.look
    if (pagerduty?.hasToken() !== true || lookedUp(options) === undefined || !hasTickets(options)) {
      return options
    }
    const elsewhere = await asking.prompter.select({
      message: tickets.message,
      choices: [
        { value: false, name: 'Where pages go' },
        { value: true, name: 'To another service', description: 'uses a separate SNS topic' },
      ],
    })
    const url = elsewhere ? await lookUpTicketUrl(asking, pagerduty) : undefined
    return url === undefined ? options : { ...options, lowUrgencyIntegrationUrl: url }
  },
  answer({ lowUrgencyIntegrationUrl: url }) {
    return url === undefined ? 'where pages go' : shownRoute(readRoute({ url }))
  },
}

/** In the order in which they are asked. */
export const QUESTIONS: readonly Question[] = [route, trail, detections, tickets, resolving, silence]

function hasTickets(options: InitOptions): boolean {
  return setupOf(options).setup.detections.some(({ urgency }) => urgency === 'ticket')
}

type KindAnswer = RouteKind | 'keep'

async function askRouteKind(options: InitOptions, asking: WizardContext): Promise<KindAnswer> {
  const { pagerduty } = asking.look
  for (;;) {
    const offersToken = pagerduty !== undefined && !pagerduty.hasToken()
    const answer = await askKindOnce(options, asking, offersToken ? [SIGN_IN] : [])
    if (answer !== 'sign-in') return answer
    if (pagerduty !== undefined) await askToken(asking, pagerduty)
  }
}

const SIGN_IN: Choice<'sign-in'> = {
  value: 'sign-in',
  name: 'Look it up in PagerDuty',
  description: 'with a REST API token: choose one of your services; the token is not stored',
}

async function askKindOnce(
  options: InitOptions,
  { look, prompter }: WizardContext,
  more: readonly Choice<'sign-in'>[],
): Promise<KindAnswer | 'sign-in'> {
  const present = options.integrationKey === undefined ? await look.subscribedEndpoint() : undefined
  const keep: readonly Choice<KindAnswer>[] =
    present === undefined
      ? []
      : [{ value: 'keep', name: 'Keep the current destination', description: present.toString() }]
  const kinds = ROUTES.map((kind) => ({
    value: kind,
    name: ROUTE_HELP[kind].title,
    description: ROUTE_HELP[kind].help,
  }))
  return prompter.select<KindAnswer | 'sign-in'>({ message: route.message, choices: [...keep, ...kinds, ...more] })
}

/** A pasted URL decides the route by itself, unless a flag had said it. */
async function askKey(before: InitOptions, chosen: InitOptions, asking: WizardContext): Promise<InitOptions> {
  const { prompter, progress } = asking
  const withKey = (text: string): InitOptions => {
    const read = readKeyText(text, 'the text')
    return 'integrationUrl' in read ? { ...before, ...read } : { ...chosen, ...read }
  }
  const text = await prompter.secret({
    message: 'Integration URL or key:',
    validate: (typed) => usageErrorOf(() => parseDestination(withKey(typed))) ?? true,
  })
  const answered = await withServiceRegion(withKey(text), prompter)
  const destination = parseDestination(answered)
  if (destination?.how !== 'integration') return answered
  progress.show((theme) => `  ${theme.arrow} ${shownRoute(destination)}`)
  const other = otherRouteText(chosen.route, destination.route.shape)
  if (other !== undefined) progress.show((theme) => `  ${theme.mark('warn')} ${other}`)
  for (const warning of destination.warnings) progress.show((theme) => `  ${theme.mark('warn')} ${warning}`)
  return answered
}

/** What a URL is that does not belong to the route that was picked; it is used all the same, because it decides. */
function otherRouteText(picked: RouteKind | undefined, shape: UrlShape): string | undefined {
  const fits = shape === 'adapter' ? 'enqueue' : shape
  if (picked === undefined || shapeOf(picked) === fits) return undefined
  return shape === 'x-ere'
    ? "this is an event orchestration's URL, not a service's: your rules decide what pages"
    : "this is a service integration's URL, not an orchestration's: it pages that service directly, without rules"
}

/** A URL carries its region; a key does not, and in the wrong one PagerDuty never confirms. */
async function withServiceRegion(options: InitOptions, prompter: Prompter): Promise<InitOptions> {
  if (options.integrationKey === undefined || options.serviceRegion !== undefined) return options
  const serviceRegion = await prompter.select({
    message: 'In which service region is the PagerDuty account?',
    choices: [
      { value: 'us' as const, name: 'US', description: 'you sign in at NAME.pagerduty.com' },
      { value: 'eu' as const, name: 'EU', description: 'you sign in at NAME.eu.pagerduty.com' },
    ],
  })
  return { ...options, serviceRegion }
}

function shownRoute({ route }: RouteVerdict): string {
  return `${route.endpoint} (${route.serviceRegion.toUpperCase()})`
}

function trailChoice({ name, choiceText, unusable, elsewhere }: TrailLookup): Choice<string | undefined> {
  const description =
    elsewhere === undefined ? choiceText : `${choiceText}; in ${elsewhere}, where all resources are created`
  return { value: name, name, description, ...(unusable === undefined ? {} : { disabled: unusable }) }
}

function newTrail(name: string): Choice<string | undefined> {
  return { value: undefined, name: `A new trail, ${name}`, description: 'a second copy of the events is charged' }
}

function recommendedIds(): readonly string[] {
  return packs.find(({ name }) => name === 'recommended')?.detections.map(({ id }) => id) ?? []
}

function usageErrorOf(attempt: () => unknown): string | undefined {
  try {
    attempt()
    return undefined
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return error.hint === undefined ? error.message : `${error.message}: ${error.hint}`
  }
}
