/** What tells a dashboard as ours: the marker at the end of one of its text widgets. */

import { type Marker, parseMarker } from './marker.ts'

/** The marker in the body of a dashboard, whatever form the body has; undefined when it has none. */
export function dashboardMarker(body: unknown): Marker | undefined {
  for (const widget of widgetsIn(body)) {
    const markdown = memberOf(memberOf(widget, 'properties'), 'markdown')
    const marker = typeof markdown === 'string' ? parseMarker(markdown) : undefined
    if (marker !== undefined) return marker
  }
  return undefined
}

/** ARNs of the alarms whose state the dashboard shows. */
export function alarmsShown(body: unknown): readonly string[] {
  return widgetsIn(body).flatMap((widget) => {
    const alarms = memberOf(memberOf(widget, 'properties'), 'alarms')
    return Array.isArray(alarms) ? alarms.filter((arn) => typeof arn === 'string') : []
  })
}

function widgetsIn(body: unknown): readonly unknown[] {
  const widgets = memberOf(body, 'widgets')
  return Array.isArray(widgets) ? widgets : []
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined
}
