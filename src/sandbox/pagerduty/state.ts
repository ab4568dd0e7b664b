/** The sandbox's PagerDuty account as one JSON value, and what it holds at first. */

export const SANDBOX_TOKEN = 'sandbox-token-000000'
export const SANDBOX_BEARER_TOKEN = 'pdus+_SANDBOX_not-a-real-token'
/** Key of the service's "AWS CloudTrail" integration. */
export const SANDBOX_INTEGRATION_KEY = 'fa4efa4efa4efa4efa4efa4efa4efa4e'
/** Key of the service's Events API integration, which the service orchestration takes. */
export const SANDBOX_EVENTS_KEY = 'fa4e0e0e0e0e0e0e0e0e0e0e0e0efa4e'
export const SANDBOX_ROUTING_KEY = 'R0SANDBOXSANDBOXSANDBOXSANDBOX00'
export const SANDBOX_SERVICE_ID = 'PSECURE'
export const SANDBOX_ESCALATION_POLICY_ID = 'PONCALL'
export const SANDBOX_ORCHESTRATION_ID = '00000000-0000-4000-8000-000000000001'
export const SANDBOX_CLOUDTRAIL_VENDOR_ID = 'PSBXTRL'
export const SANDBOX_CLOUDWATCH_VENDOR_ID = 'PZQ6AUS'

/** Everything is JSON; the server changes it in place and reports each change. */
export interface PagerDutyState {
  /** Numbers every id and key that the sandbox makes up, so that two runs make the same ones. */
  made: number
  abilities: string[]
  tokens: SandboxToken[]
  users: { id: string; name: string }[]
  escalationPolicies: SandboxPolicy[]
  vendors: { id: string; name: string }[]
  services: SandboxService[]
  integrations: SandboxIntegration[]
  orchestrations: SandboxOrchestration[]
  serviceOrchestrations: SandboxServiceOrchestration[]
  rulesets: { id: string; name: string; key: string; serviceId: string | null }[]
  maintenanceWindows: { id: string; start: string; end: string; description: string; serviceIds: string[] }[]
  incidents: SandboxIncident[]
  alerts: SandboxAlert[]
  logEntries: SandboxLogEntry[]
  /** Absent in a file of an older version. */
  notes?: SandboxNote[]
  /** The last messages that came in, whatever became of them. */
  received: SandboxReceipt[]
}

export interface SandboxToken {
  value: string
  kind: 'token' | 'bearer'
  /** A read-only key answers 403 to every write. */
  readOnly: boolean
  /** A key of the whole account names no user, so PagerDuty takes no note with it alone. */
  ofAccount?: boolean
}

export interface SandboxPolicy {
  id: string
  name: string
  /** Nobody: PagerDuty opens no incident. */
  onCallUserIds: string[]
}

export interface SandboxService {
  id: string
  name: string
  status: 'active' | 'disabled'
  escalationPolicyId: string
}

export interface SandboxIntegration {
  id: string
  serviceId: string
  type: string
  name: string
  vendorId: string | null
  key: string
  /** "Derive name from", the setting that titles incidents. Absent: `condition`, as PagerDuty makes it. */
  nameFrom?: 'condition' | 'alarm-name' | 'alarm-description'
}

export interface SandboxOrchestration {
  id: string
  name: string
  integrations: { id: string; label: string; key: string }[]
  rules: SandboxRule[]
  /** A service id, or `unrouted`. */
  catchAll: string
  /** False: an alarm is a plain event, so each makes an alert of its own and OK resolves nothing. */
  understandsAlarms: boolean
}

/** A rule without conditions takes everything. */
export interface SandboxRule {
  id: string
  label: string
  disabled: boolean
  conditions: string[]
  routeTo: string
}

export interface SandboxServiceOrchestration {
  serviceId: string
  active: boolean
  /** The catch-all keeps the alert and opens no incident. */
  suppress: boolean
}

export interface SandboxIncident {
  id: string
  number: number
  title: string
  status: 'triggered' | 'acknowledged' | 'resolved'
  serviceId: string
  createdAt: string
  resolvedAt: string | null
}

export interface SandboxAlert {
  id: string
  incidentId: string
  serviceId: string
  integrationId: string
  summary: string
  status: 'triggered' | 'resolved'
  key: string
  createdAt: string
  details: unknown
}

export interface SandboxLogEntry {
  id: string
  incidentId: string
  serviceId: string
  type: 'trigger_log_entry' | 'notify_log_entry' | 'resolve_log_entry'
  summary: string
  createdAt: string
}

export interface SandboxNote {
  id: string
  incidentId: string
  content: string
  createdAt: string
}

export interface SandboxReceipt {
  at: string
  /** Last four characters. */
  key: string
  outcome: IngestOutcome
}

/** What became of one message; PagerDuty itself answers 202 to all of them. */
export type IngestOutcome =
  | 'confirmed'
  | 'not-confirmed'
  | 'opened'
  | 'merged'
  | 'resolved'
  | 'nothing-to-resolve'
  | 'unknown-key'
  | 'not-an-envelope'
  | 'not-an-alarm'
  | 'subject-disagrees'
  | 'unrouted'
  | 'suppressed'
  | 'service-disabled'
  | 'in-maintenance'
  | 'nobody-on-call'

/** An account with one service, its integration, somebody on call, and an orchestration that routes to the service. */
export function seedPagerDuty(): PagerDutyState {
  return {
    made: 0,
    abilities: ['teams', 'urgencies', 'event_orchestrations'],
    tokens: [
      { value: SANDBOX_TOKEN, kind: 'token', readOnly: false },
      { value: SANDBOX_BEARER_TOKEN, kind: 'bearer', readOnly: false },
    ],
    users: [{ id: 'PUSER01', name: 'Sandbox Responder' }],
    escalationPolicies: [{ id: SANDBOX_ESCALATION_POLICY_ID, name: 'Security', onCallUserIds: ['PUSER01'] }],
    vendors: seedVendors(),
    services: [
      { id: SANDBOX_SERVICE_ID, name: 'Security', status: 'active', escalationPolicyId: SANDBOX_ESCALATION_POLICY_ID },
    ],
    integrations: seedIntegrations(),
    orchestrations: [seedOrchestration()],
    serviceOrchestrations: [],
    rulesets: [],
    maintenanceWindows: [],
    incidents: [],
    alerts: [],
    logEntries: [],
    received: [],
  }
}

/** The first two are near misses: whoever takes the first hit, or a name that merely contains the wanted one, is wrong. */
function seedVendors(): PagerDutyState['vendors'] {
  return [
    { id: 'PSBX001', name: 'AWS CloudTrail Lake (sample)' },
    { id: 'PSBX002', name: 'Amazon CloudWatch Logs (sample)' },
    { id: 'PSBX003', name: 'Amazon GuardDuty' },
    { id: SANDBOX_CLOUDWATCH_VENDOR_ID, name: 'Amazon CloudWatch' },
    { id: SANDBOX_CLOUDTRAIL_VENDOR_ID, name: 'AWS CloudTrail' },
  ]
}

function seedIntegrations(): SandboxIntegration[] {
  return [
    {
      id: 'PINTEG1',
      serviceId: SANDBOX_SERVICE_ID,
      type: 'event_transformer_api_inbound_integration',
      name: 'AWS CloudTrail',
      vendorId: SANDBOX_CLOUDTRAIL_VENDOR_ID,
      key: SANDBOX_INTEGRATION_KEY,
    },
    {
      id: 'PINTEG2',
      serviceId: SANDBOX_SERVICE_ID,
      type: 'events_api_v2_inbound_integration',
      name: 'Events API V2',
      vendorId: null,
      key: SANDBOX_EVENTS_KEY,
    },
  ]
}

function seedOrchestration(): SandboxOrchestration {
  return {
    id: SANDBOX_ORCHESTRATION_ID,
    name: 'Security events',
    integrations: [{ id: 'sandbox-integration-1', label: 'Default Integration', key: SANDBOX_ROUTING_KEY }],
    rules: [{ id: 'rule1', label: 'to Security', disabled: false, conditions: [], routeTo: SANDBOX_SERVICE_ID }],
    catchAll: 'unrouted',
    understandsAlarms: true,
  }
}

/** Whether a maintenance window covers this moment, ISO 8601. */
export function lasts({ start, end }: PagerDutyState['maintenanceWindows'][number], at: string): boolean {
  return Date.parse(start) <= Date.parse(at) && Date.parse(at) < Date.parse(end)
}

/** Seven characters, as PagerDuty's short ids are. */
export function nextId(state: PagerDutyState): string {
  state.made += 1
  return `P${state.made.toString(36).toUpperCase().padStart(6, '0')}`
}

/** 32 hexadecimal characters, as a service's integration key is. */
export function nextIntegrationKey(state: PagerDutyState): string {
  state.made += 1
  return `fa4e${state.made.toString(16).padStart(24, '0')}fa4e`
}

/** `R` and 31 capitals and digits, as an orchestration's routing key is. */
export function nextRoutingKey(state: PagerDutyState): string {
  state.made += 1
  return `R0SANDBOX${state.made.toString(36).toUpperCase().padStart(23, '0')}`
}
