/** Where pages go: the route, the way to its key, and what was pasted. */

import { DESTINATION_OPTIONS, destinationOptions, lookedUp, parseDestination } from '../../domain/destination.ts'
import { ROUTES, type RouteKind, readRoute, shapeOf, type UrlShape } from '../../domain/route.ts'
import { ROUTE_HELP } from '../../domain/route-help.ts'
import { isRoutingKey } from '../../domain/secret-forms.ts'
import type { InitOptions } from '../../options/command-options.ts'
import { readKeyText } from '../../options/key-text.ts'
import type { Choice } from '../../ports.ts'
import type { WizardContext } from '../lookups.ts'
import { askToken, lookUpRoute } from '../pagerduty.ts'
import { type Question, usageErrorOf } from '../question.ts'
import { shownEndpoint } from './shown-endpoint.ts'

export const destination: Question = {
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
    for (let kind = options.route; ; kind = undefined) {
      asking.keep?.(undefined)
      const picked = kind ?? (await askRouteKind(options, asking))
      if (picked === 'keep') return options
      const chosen = { ...options, route: picked }
      if (options.integrationKey !== undefined) return chosen
      asking.keep?.({ options: chosen, what: 'the route' })
      const found = await lookUpRoute(chosen, asking)
      const isFound = found !== undefined && !('pasted' in found)
      const answered = isFound ? found : await askKey(options, chosen, asking, found?.pasted)
      if (answered !== 'another-route') return answered
    }
  },
  answer(options) {
    const asked = lookedUp(options)
    const parsed = asked === undefined ? parseDestination(options) : undefined
    return parsed?.how === 'integration' ? shownEndpoint(parsed) : (asked ?? 'the current destination')
  },
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
  { look, prompter, former }: WizardContext,
  more: readonly Choice<'sign-in'>[],
): Promise<KindAnswer | 'sign-in'> {
  const present = options.integrationKey === undefined ? await look.subscribedEndpoint() : undefined
  const keep: readonly Choice<KindAnswer>[] =
    present === undefined
      ? []
      : [{ value: 'keep', name: 'Keep the current destination', description: present.toString() }]
  const [first, ...others] = ROUTES.map(
    (kind): Choice<KindAnswer> => ({
      value: kind,
      name: ROUTE_HELP[kind].title,
      description: ROUTE_HELP[kind].help,
      details: `${ROUTE_HELP[kind].where}\n${ROUTE_HELP[kind].pageTitle}`,
    }),
  )
  // What needs no copying stands where a newcomer sees it.
  const choices = [...keep, ...(first === undefined ? [] : [first]), ...more, ...others]
  const before = former.route ?? routeOfUrl(former)
  const preset = before === undefined ? {} : { default: before }
  return prompter.select<KindAnswer | 'sign-in'>({ message: destination.message, choices, ...preset })
}

/** A pasted URL names no route: the first that has its form. */
function routeOfUrl({ integrationUrl: url }: InitOptions): RouteKind | undefined {
  if (url === undefined) return undefined
  const { shape } = readRoute({ url }).route
  return ROUTES.find((kind) => shapeOf(kind) === (shape === 'adapter' ? 'enqueue' : shape))
}

/** A pasted URL decides the route by itself, unless a flag had said it. */
async function askKey(
  before: InitOptions,
  chosen: InitOptions & { readonly route: RouteKind },
  asking: WizardContext,
  arrived: string | undefined,
): Promise<InitOptions | 'another-route'> {
  const { prompter, progress, look } = asking
  const own = look.offeredKey?.(chosen.route)
  const withKey = (typed: string): InitOptions => {
    const text = typed.trim() === '' ? (own ?? typed) : typed
    const read = readKeyText(text, 'the text')
    return 'integrationUrl' in read ? { ...before, ...read } : { ...chosen, ...read }
  }
  const problemOf = (typed: string) => usageErrorOf(() => parseDestination(withKey(typed)))
  const problem = arrived === undefined ? undefined : problemOf(arrived)
  let text = problem === undefined ? arrived : undefined
  if (text !== undefined) progress.answered(MESSAGE, pasted(withKey(text)))
  else {
    if (problem !== undefined) progress.note(problem, 'warn')
    const { where, pageTitle } = ROUTE_HELP[chosen.route]
    for (const help of [where, pageTitle]) progress.note(`  ${help}`)
  }
  for (; ; text = undefined) {
    text ??= await prompter.secret({
      message: own === undefined ? MESSAGE : "Integration URL or key (Enter: the sandbox's):",
      validate: (typed) => problemOf(typed) ?? true,
      shown: (typed) => pasted(withKey(typed)),
    })
    const given = withKey(text)
    const read = parseDestination(given)
    if (read?.how !== 'integration') return given
    const other =
      given.integrationUrl === undefined
        ? otherKeyText(chosen.route, given.integrationKey ?? '')
        : otherRouteText(chosen.route, read.route.shape)
    if (other === undefined) {
      for (const warning of read.warnings) progress.note(warning, 'warn')
      return withServiceRegion(given, asking)
    }
    progress.note(other, 'warn')
    const isKey = given.integrationUrl === undefined
    const next = await prompter.select({ message: 'What now?', choices: isKey ? OTHER_KEY : OTHER_URL })
    if (next === 'use') return given
    if (next === 'orchestration') {
      const route = 'global-orchestration'
      asking.keep?.({ options: { ...chosen, route }, what: 'the route' })
      return withServiceRegion({ ...given, route }, asking)
    }
    if (next === 'route') return 'another-route'
  }
}

const MESSAGE = 'Integration URL or key:'

type Next = 'use' | 'orchestration' | 'paste' | 'route'

const ELSE: readonly Choice<Next>[] = [
  { value: 'paste', name: 'Paste another one' },
  { value: 'route', name: 'Choose another route' },
]
const OTHER_URL: readonly Choice<Next>[] = [
  { value: 'use', name: 'Use it', description: 'the URL decides where alerts go' },
  ...ELSE,
]
/** A key decides nothing: behind the path of the picked route it would lead nowhere. */
const OTHER_KEY: readonly Choice<Next>[] = [
  { value: 'orchestration', name: 'Use it for an orchestration', description: 'your routing rules decide the service' },
  ...ELSE,
]

/** What arrived, as the answered line shows it. */
function pasted(given: InitOptions): string {
  const read = parseDestination(given)
  if (read?.how !== 'integration') return 'received'
  if (given.integrationUrl === undefined) return `a key, ${read.route.key}`
  return `${shownEndpoint(read)}, ${read.route.shape === 'x-ere' ? 'an event orchestration' : "a service's integration"}`
}

/** What a URL is that does not belong to the route that was picked. */
function otherRouteText(picked: RouteKind, shape: UrlShape): string | undefined {
  const fits = shape === 'adapter' ? 'enqueue' : shape
  if (shapeOf(picked) === fits) return undefined
  return shape === 'x-ere'
    ? "this is an event orchestration's URL, not a service's: your rules decide what pages"
    : "this is a service integration's URL, not an orchestration's: it pages that service directly, without rules"
}

/** A key says less than a URL. */
function otherKeyText(picked: RouteKind, key: string): string | undefined {
  if (shapeOf(picked) === 'x-ere' || !isRoutingKey(key.trim())) return undefined
  return 'this key looks like one of an orchestration or ruleset, which begin with R: a service does not know it'
}

/** A URL carries its region; a key does not, and in the wrong one PagerDuty never confirms. */
async function withServiceRegion(options: InitOptions, { prompter, former }: WizardContext): Promise<InitOptions> {
  if (options.integrationKey === undefined || options.serviceRegion !== undefined) return options
  const serviceRegion = await prompter.select({
    message: 'In which service region is the PagerDuty account?',
    choices: [
      { value: 'us' as const, name: 'US', description: 'you sign in at NAME.pagerduty.com' },
      { value: 'eu' as const, name: 'EU', description: 'you sign in at NAME.eu.pagerduty.com' },
    ],
    default: former.serviceRegion ?? 'us',
  })
  return { ...options, serviceRegion }
}
