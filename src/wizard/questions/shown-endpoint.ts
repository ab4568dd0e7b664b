/** An endpoint as a person may see it: host, last four characters, region. */

import type { RouteVerdict } from '../../domain/route.ts'

export function shownEndpoint({ route }: Pick<RouteVerdict, 'route'>): string {
  return `${route.endpoint} (${route.serviceRegion.toUpperCase()})`
}
