/** Where pages go, as one value, whichever option names it. */

import { usage } from '../errors.ts'
import { type RouteKind, type RouteVerdict, readRoute, type ServiceRegion } from './route.ts'

export type Destination =
  /** The integration URL is known. */
  ({ readonly how: 'integration' } & RouteVerdict) | PagerDutyDestination

/** PagerDuty is asked for the integration and its key. */
export type PagerDutyDestination = {
  /** As provided; the account has to agree. */
  readonly serviceRegion: ServiceRegion | undefined
} & (
  | {
      readonly how: 'service' | 'orchestration'
      readonly nameOrId: string
      /** Make an integration of the chain's own; otherwise one that exists is used. */
      readonly create: boolean
    }
  | { readonly how: 'new-service'; readonly name: string; readonly escalationPolicy: string }
)

export type DestinationOption =
  | 'pagerdutyService'
  | 'pagerdutyOrchestration'
  | 'createService'
  | 'integrationUrl'
  | 'integrationKey'

type Provided = Readonly<Partial<Record<DestinationOption | 'escalationPolicy', string | undefined>>> & {
  readonly route?: RouteKind | undefined
  readonly serviceRegion?: ServiceRegion | undefined
  readonly createIntegration?: boolean | undefined
}

/** A way to name a destination. */
interface OptionParser {
  readonly flag: string
  /** The value in a few words, where it names something that PagerDuty is asked for. */
  readonly lookedUp?: (value: string) => string
  parse(value: string, options: Provided): Destination
}

const DESTINATIONS: Readonly<Record<DestinationOption, OptionParser>> = {
  pagerdutyService: {
    flag: '--pagerduty-service',
    lookedUp: (name) => `service ${name}`,
    parse: (name, options) => existing('service', name, options),
  },
  pagerdutyOrchestration: {
    flag: '--pagerduty-orchestration',
    lookedUp: (name) => `orchestration ${name}`,
    parse: (name, options) => existing('orchestration', name, options),
  },
  createService: { flag: '--create-service', lookedUp: (name) => `a new service, ${name}`, parse: newService },
  integrationUrl: { flag: 'an integration key', parse: (_, options) => integration(options) },
  integrationKey: { flag: 'an integration key', parse: (_, options) => integration(options) },
}

export const DESTINATION_OPTIONS = Object.keys(DESTINATIONS) as readonly DestinationOption[]

/** The options that name a destination; none: the endpoint that the topic is subscribed to is kept. */
export function destinationOptions(options: Provided): readonly DestinationOption[] {
  return DESTINATION_OPTIONS.filter((name) => options[name] !== undefined)
}

/** What PagerDuty is asked for, in a few words; undefined where it need not be asked. */
export function lookedUp(options: Provided): string | undefined {
  const [text] = destinationOptions(options).flatMap((name) => DESTINATIONS[name].lookedUp?.(options[name] ?? '') ?? [])
  return text
}

/** Undefined where no option names a destination. Throws a usage error (exit 2) that never echoes a secret. */
export function parseDestination(options: Provided): Destination | undefined {
  const provided = destinationOptions(options)
  const [first] = provided
  if (options.createIntegration === true && lookedUp(options) === undefined) {
    throw usage('pagerduty-holder', '--create-integration does not say where', 'add --pagerduty-service NAME')
  }
  if (options.escalationPolicy !== undefined && options.createService === undefined) {
    throw usage('pagerduty-holder', '--escalation-policy is for a new service', 'add --create-service NAME')
  }
  if (first === undefined) return undefined
  const flags = [...new Set(provided.map((name) => DESTINATIONS[name].flag))]
  if (flags.length > 1) {
    throw usage('route-conflict', `${flags.join(' and ')} were both given`, 'give one of them')
  }
  return DESTINATIONS[first].parse(options[first] ?? '', options)
}

function integration({ integrationKey: key, integrationUrl: url, route, serviceRegion }: Provided): Destination {
  return { how: 'integration', ...readRoute({ key, url, route, serviceRegion }) }
}

function existing(how: 'service' | 'orchestration', nameOrId: string, options: Provided): Destination {
  refuseOtherRoute(options, how === 'orchestration' ? 'global-orchestration' : 'service')
  return { how, nameOrId, create: options.createIntegration === true, serviceRegion: options.serviceRegion }
}

function newService(name: string, options: Provided): Destination {
  const { escalationPolicy, serviceRegion } = options
  refuseOtherRoute(options, 'service')
  if (escalationPolicy !== undefined) return { how: 'new-service', name, escalationPolicy, serviceRegion }
  throw usage(
    'pagerduty-escalation-policy',
    '--create-service does not say whom to page',
    'add --escalation-policy NAME',
  )
}

function refuseOtherRoute({ route }: Provided, fitting: RouteKind): void {
  if (route === undefined || route === fitting) return
  throw usage(
    'route-conflict',
    `--route ${route} is not what a token can look up here, which is ${fitting}`,
    'leave --route out, or give the key of that route',
  )
}
