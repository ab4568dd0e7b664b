/** The dashboard: the states of the chain's alarms, what its detections count, incoming events, and notifications. */

import { DASHBOARD, formatMarker } from '../domain/marker.ts'
import { alarmArn, chainNames, type Site } from '../domain/names.ts'
import type { DashboardWidget, Resource } from '../domain/resources.ts'
import type { EventNames } from './chain-names.ts'
import type { DashboardSetup, Setup } from './setup.ts'

/** The grid is so many units wide (CloudWatch API reference, dashboard body structure). */
const WIDTH = 24
/** One widget shows no more alarms, and no more metrics (the same page). */
const MAX_ALARMS = 100
const MAX_METRICS = 500
/** Seconds; as long as the alarms' own. */
const PERIOD_S = 300

/** Nothing, or the one dashboard over `chain`, which is everything else that is wanted. */
export function dashboardOf(
  setup: Setup,
  site: Site,
  { logGroup }: EventNames,
  chain: readonly Resource[],
): readonly Resource<'dashboard'>[] {
  const { dashboard: besides } = setup
  if (besides === undefined) return []
  const topics = chain.flatMap((one) => (one.kind === 'topic' ? [one.name] : []))
  const wanted = chain.flatMap((one) => (one.kind === 'alarm' ? [one.name] : []))
  const alarms = [...new Set([...wanted, ...besides.alarms])].map((name) => alarmArn(site, name))
  const detections = metricsOf(chain, besides)
  const incoming = [['AWS/Logs', 'IncomingLogEvents', 'LogGroupName', logGroup]]
  const sent = topics.flatMap((topic) =>
    ['NumberOfNotificationsDelivered', 'NumberOfNotificationsFailed'].map((metric) => [
      'AWS/SNS',
      metric,
      'TopicName',
      topic,
    ]),
  )
  const graph = (title: string, metrics: readonly (readonly string[])[], width: number, height: number): Tile => ({
    type: 'metric',
    width,
    height,
    properties: { title, region: site.region, view: 'timeSeries', stat: 'Sum', period: PERIOD_S, metrics },
  })
  const widgets = placed([
    { type: 'text', width: WIDTH, height: 3, properties: { markdown: heading(setup, site) } },
    ...chunks(alarms, MAX_ALARMS).map(
      (part): Tile => ({
        type: 'alarm',
        width: WIDTH,
        height: 2 + Math.ceil(part.length / ALARMS_A_ROW),
        properties: { title: 'Alarms', alarms: part },
      }),
    ),
    ...chunks(detections, MAX_METRICS).map((part) => graph('Detections', part, WIDTH, 8)),
    graph('Incoming events', incoming, WIDTH / 2, 6),
    graph('Notifications', sent, WIDTH / 2, 6),
  ])
  const { dashboard } = chainNames(setup.name, site)
  return [{ kind: 'dashboard', name: dashboard, ownership: 'managed', spec: { body: { widgets } } }]
}

const ALARMS_A_ROW = 4

type Tile = Omit<DashboardWidget, 'x' | 'y'>

/** From left to right, and on to the next row where the grid ends. */
function placed(tiles: readonly Tile[]): readonly DashboardWidget[] {
  let [x, y, lowest] = [0, 0, 0]
  return tiles.map(({ type, width, height, properties }) => {
    if (x + width > WIDTH) [x, y] = [0, lowest]
    const widget = { type, x, y, width, height, properties }
    x += width
    lowest = Math.max(lowest, y + height)
    return widget
  })
}

/** What the metric filters write, each metric once. */
function metricsOf(chain: readonly Resource[], besides: DashboardSetup): readonly (readonly string[])[] {
  const wanted = chain.flatMap((one) => (one.kind === 'metric-filter' ? [one.spec.metric] : []))
  const metrics = [...wanted, ...besides.metrics]
  const named = new Map(metrics.map(({ namespace, name }) => [`${namespace}\n${name}`, [namespace, name]]))
  return [...named.values()]
}

function heading({ name }: Setup, site: Site): string {
  return [
    `## CloudTrail to PagerDuty: ${name}`,
    `Account ${site.account}, ${site.region}. \`npx cloudtrail-pd doctor\` names what is broken.`,
    '',
    // The alarms remember the rest.
    formatMarker({ name, detection: DASHBOARD, hold: undefined, autoResolve: true }),
  ].join('\n')
}

function chunks<T>(values: readonly T[], size: number): readonly (readonly T[])[] {
  return values.length === 0 ? [] : [values.slice(0, size), ...chunks(values.slice(size), size)]
}
