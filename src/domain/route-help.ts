/** What a person has to know of the routes: apart from them, because most runs ask about none. */

import type { RouteKind } from './route.ts'

/** Read before a route is chosen, and before its key is looked for. */
export interface RouteHelp {
  readonly title: string
  /** One line. */
  readonly help: string
  /** The way through PagerDuty's pages to the key (AWS CloudTrail Integration Guide, PagerDuty). */
  readonly where: string
  /** How a page will be titled, and where that is changed. */
  readonly pageTitle: string
}

const GENERIC_EVENTS_KEY =
  'In PagerDuty: Services → Service Directory → the service → Integrations → Add another integration → Events API V2; copy its Integration Key.'
const SUBJECT_TITLE =
  'A page is titled by the subject of the message, ALARM: "NAME" in REGION; your rules can set another summary.'
const CONDITION_TITLE =
  'A page may be titled by the alarm\'s condition instead of its name: in PagerDuty, open the service, Integrations, Edit, and set "Derive name from".'

export const ROUTE_HELP: Readonly<Record<RouteKind, RouteHelp>> = {
  service: {
    title: 'A service',
    help: 'its own AWS CloudTrail integration; incidents resolve by themselves',
    where:
      'In PagerDuty: Services → Service Directory → the service → Integrations → Add another integration → AWS CloudTrail → Add; open it in the list and copy its Integration URL.',
    pageTitle: CONDITION_TITLE,
  },
  'global-orchestration': {
    title: 'A global orchestration',
    help: 'your routing rules decide the service',
    where: 'In PagerDuty: AIOps → Event Orchestration → the orchestration → Integrations; copy its Integration Key.',
    pageTitle: SUBJECT_TITLE,
  },
  'service-orchestration': {
    title: 'A service orchestration',
    help: 'the rules of one service',
    where: GENERIC_EVENTS_KEY,
    pageTitle: SUBJECT_TITLE,
  },
  'service-event-rules': {
    title: 'Service event rules',
    help: 'older accounts',
    where: GENERIC_EVENTS_KEY,
    pageTitle: CONDITION_TITLE,
  },
  'global-ruleset': {
    title: 'A global ruleset',
    help: 'end-of-life since January 2025',
    where:
      'The pages of rulesets are gone from PagerDuty: the routing key comes from its REST API, GET /rulesets. Migrate to an event orchestration; the key stays the same.',
    pageTitle: SUBJECT_TITLE,
  },
}
