/** What PagerDuty tells about services, routing, people and incidents, as far as the chain needs it. */

import type { ServiceRegion } from '../domain/route.ts'
import { Secret } from '../domain/secret.ts'
import { asRecord, asText, dateAt, listAt, numberAt, recordAt, textAt } from './client/fields.ts'

export interface Service {
  readonly id: string
  readonly name: string
  /** `active`, `warning` and `critical` are healthy; `maintenance` and `disabled` open no incident. */
  readonly status: string | undefined
  readonly htmlUrl: string | undefined
  /** Read off the web address. */
  readonly region: ServiceRegion | undefined
  readonly escalationPolicyId: string | undefined
}

export interface Integration {
  readonly id: string
  readonly name: string
  readonly type: string | undefined
  readonly vendorId: string | undefined
  /** Missing where the token may not see it, or PagerDuty leaves it out: its schema does not promise it. */
  readonly key: Secret | undefined
  readonly htmlUrl: string | undefined
}

export interface Named {
  readonly id: string
  readonly name: string
}

export interface Orchestration extends Named {
  /** How many routes it has, when told. */
  readonly routes: number | undefined
}

export interface OrchestrationIntegration {
  readonly id: string
  readonly label: string
  readonly key: Secret | undefined
}

export interface RouterRule {
  readonly id: string
  readonly label: string | undefined
  readonly disabled: boolean
  /** Expressions of which one must hold; none takes everything. */
  readonly conditions: readonly string[]
  /** A service id, or undefined when the rule computes it. */
  readonly routeTo: string | undefined
}

export interface Router {
  readonly rules: readonly RouterRule[]
  /** Where the rest goes; undefined is nowhere ("unrouted"). */
  readonly catchAll: string | undefined
}

export interface ServiceRule {
  readonly id: string
  readonly label: string | undefined
  readonly disabled: boolean
  readonly conditions: readonly string[]
  /** Keeps the alert, opens no incident. */
  readonly suppress: boolean
  readonly suspendSeconds: number | undefined
  readonly eventAction: string | undefined
}

export interface ServiceOrchestration {
  readonly rules: readonly ServiceRule[]
  readonly catchAll: Pick<ServiceRule, 'suppress' | 'suspendSeconds' | 'eventAction'>
}

export interface Ruleset extends Named {
  readonly keys: readonly Secret[]
}

export interface OnCall {
  readonly userId: string
  readonly name: string
  /** 1 is paged first. */
  readonly level: number | undefined
  /** Undefined: always. */
  readonly until: Date | undefined
}

export interface MaintenanceWindow {
  readonly id: string
  readonly description: string | undefined
  readonly start: Date | undefined
  readonly end: Date | undefined
}

export interface Incident {
  readonly id: string
  readonly number: number | undefined
  readonly title: string
  readonly status: string | undefined
  readonly serviceId: string | undefined
  readonly createdAt: Date | undefined
  readonly resolvedAt: Date | undefined
  readonly htmlUrl: string | undefined
}

export interface Alert {
  readonly id: string
  readonly summary: string
  readonly status: string | undefined
  /** The deduplication key. */
  readonly key: string | undefined
  readonly createdAt: Date | undefined
  /** For an alarm that PagerDuty understood: its fields. */
  readonly details: unknown
}

export interface LogEntry {
  readonly id: string
  /** `trigger_log_entry`, `notify_log_entry`, `resolve_log_entry`, … */
  readonly type: string | undefined
  readonly summary: string
  readonly createdAt: Date | undefined
}

export function readService(value: unknown): Service | undefined {
  const named = readNamed(value)
  const htmlUrl = textAt(value, 'html_url')
  return (
    named && {
      ...named,
      status: textAt(value, 'status'),
      htmlUrl,
      region: regionOf(htmlUrl),
      escalationPolicyId: textAt(recordAt(value, 'escalation_policy'), 'id'),
    }
  )
}

/** The region of an account by any of its web addresses (Service Regions). */
export function regionOf(htmlUrl: string | undefined): ServiceRegion | undefined {
  if (htmlUrl === undefined || !URL.canParse(htmlUrl)) return undefined
  const { hostname } = new URL(htmlUrl)
  if (hostname.endsWith('.eu.pagerduty.com')) return 'eu'
  return hostname.endsWith('.pagerduty.com') ? 'us' : undefined
}

/** `name`, or `summary` where PagerDuty gives a mere reference. */
export function readNamed(value: unknown): Named | undefined {
  const id = textAt(value, 'id')
  return id === undefined ? undefined : { id, name: textAt(value, 'name') ?? textAt(value, 'summary') ?? id }
}

export function readIntegration(value: unknown): Integration | undefined {
  const named = readNamed(value)
  return (
    named && {
      ...named,
      type: textAt(value, 'type'),
      vendorId: textAt(recordAt(value, 'vendor'), 'id'),
      key: readKey(textAt(value, 'integration_key')),
      htmlUrl: textAt(value, 'html_url'),
    }
  )
}

export function readOrchestration(value: unknown): Orchestration | undefined {
  const named = readNamed(value)
  return named && { ...named, routes: numberAt(value, 'routes') }
}

export function readOrchestrationIntegration(value: unknown): OrchestrationIntegration | undefined {
  const id = textAt(value, 'id')
  if (id === undefined) return undefined
  const key = readKey(textAt(recordAt(value, 'parameters'), 'routing_key'))
  return { id, label: textAt(value, 'label') ?? id, key }
}

export function readRouter(value: unknown): Router {
  const path = recordAt(value, 'orchestration_path')
  const catchAll = textAt(recordAt(path, 'catch_all', 'actions'), 'route_to')
  return { rules: startRules(path, readRouterRule), catchAll: catchAll === 'unrouted' ? undefined : catchAll }
}

export function readServiceOrchestration(value: unknown): ServiceOrchestration {
  const path = recordAt(value, 'orchestration_path')
  return { rules: startRules(path, readServiceRule), catchAll: readActions(recordAt(path, 'catch_all', 'actions')) }
}

export function readRuleset(value: unknown): Ruleset | undefined {
  const named = readNamed(value)
  return named && { ...named, keys: listAt(value, 'routing_keys', (key) => readKey(asText(key))) }
}

export function readOnCall(value: unknown): OnCall | undefined {
  const user = readNamed(recordAt(value, 'user'))
  return (
    user && {
      userId: user.id,
      name: user.name,
      level: numberAt(value, 'escalation_level'),
      until: dateAt(value, 'end'),
    }
  )
}

export function readMaintenanceWindow(value: unknown): MaintenanceWindow | undefined {
  const id = textAt(value, 'id')
  if (id === undefined) return undefined
  const description = textAt(value, 'description')
  return { id, description, start: dateAt(value, 'start_time'), end: dateAt(value, 'end_time') }
}

export function readIncident(value: unknown): Incident | undefined {
  const id = textAt(value, 'id')
  if (id === undefined) return undefined
  return {
    id,
    number: numberAt(value, 'incident_number'),
    title: textAt(value, 'title') ?? textAt(value, 'summary') ?? '',
    status: textAt(value, 'status'),
    serviceId: textAt(recordAt(value, 'service'), 'id'),
    createdAt: dateAt(value, 'created_at'),
    resolvedAt: dateAt(value, 'resolved_at'),
    htmlUrl: textAt(value, 'html_url'),
  }
}

export function readAlert(value: unknown): Alert | undefined {
  const id = textAt(value, 'id')
  if (id === undefined) return undefined
  return {
    id,
    summary: textAt(value, 'summary') ?? '',
    status: textAt(value, 'status'),
    key: textAt(value, 'alert_key'),
    createdAt: dateAt(value, 'created_at'),
    details: recordAt(value, 'body')?.details,
  }
}

export function readLogEntry(value: unknown): LogEntry | undefined {
  const id = textAt(value, 'id')
  if (id === undefined) return undefined
  const summary = textAt(value, 'summary') ?? ''
  return { id, type: textAt(value, 'type'), summary, createdAt: dateAt(value, 'created_at') }
}

function readKey(key: string | undefined): Secret | undefined {
  return key === undefined ? undefined : new Secret(key)
}

/** The rules of all sets; evaluation begins in `start`, and the others are reached from it. */
function startRules<T>(path: unknown, read: (rule: unknown) => T | undefined): readonly T[] {
  return listAt(path, 'sets', (set) => listAt(set, 'rules', read)).flat()
}

function readRouterRule(value: unknown): RouterRule | undefined {
  const rule = readRule(value)
  return rule && { ...rule, routeTo: textAt(recordAt(value, 'actions'), 'route_to') }
}

function readServiceRule(value: unknown): ServiceRule | undefined {
  const rule = readRule(value)
  return rule && { ...rule, ...readActions(recordAt(value, 'actions')) }
}

function readRule(value: unknown): Pick<RouterRule, 'id' | 'label' | 'disabled' | 'conditions'> | undefined {
  const id = textAt(value, 'id')
  if (id === undefined) return undefined
  const conditions = listAt(value, 'conditions', (condition) => textAt(condition, 'expression'))
  return { id, label: textAt(value, 'label'), disabled: asRecord(value)?.disabled === true, conditions }
}

function readActions(actions: unknown): ServiceOrchestration['catchAll'] {
  return {
    suppress: asRecord(actions)?.suppress === true,
    suspendSeconds: numberAt(actions, 'suspend'),
    eventAction: textAt(actions, 'event_action'),
  }
}
