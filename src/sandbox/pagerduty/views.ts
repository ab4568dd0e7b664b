/** The sandbox's PagerDuty things as the REST API shows them. */

import type {
  PagerDutyState,
  SandboxAlert,
  SandboxIncident,
  SandboxIntegration,
  SandboxLogEntry,
  SandboxNote,
  SandboxOrchestration,
  SandboxPolicy,
  SandboxService,
} from './state.ts'

const SITE = 'https://sandbox.pagerduty.com'

export function showService({ id, name, escalationPolicyId }: SandboxService, status: string): object {
  const html_url = `${SITE}/service-directory/${id}`
  return { id, name, summary: name, status, html_url, escalation_policy: { id: escalationPolicyId } }
}

export function showIntegration({ id, serviceId, type, name, vendorId, key }: SandboxIntegration): object {
  const html_url = `${SITE}/services/${serviceId}/integrations/${id}`
  const vendor = vendorId === null ? null : { id: vendorId, type: 'vendor_reference' }
  return { id, type, name, summary: name, service: { id: serviceId }, vendor, html_url, integration_key: key }
}

export function showPolicy({ id, name }: SandboxPolicy): object {
  return { id, name, summary: name, html_url: `${SITE}/escalation_policies#${id}` }
}

export function showRuleset({ id, name, key }: PagerDutyState['rulesets'][number]): object {
  return { id, name, type: 'global', routing_keys: [key] }
}

export function showWindow(window: PagerDutyState['maintenanceWindows'][number]): object {
  const { id, start, end, description, serviceIds } = window
  return { id, start_time: start, end_time: end, description, services: serviceIds.map((service) => ({ id: service })) }
}

export function showOrchestration({ id, name, rules }: SandboxOrchestration): object {
  return { id, name, description: '', team: null, routes: rules.length }
}

export function showKey({ id, label, key }: SandboxOrchestration['integrations'][number]): object {
  return { id, label, parameters: { routing_key: key, type: 'global' } }
}

export function showRouter({ rules, catchAll }: SandboxOrchestration): object {
  const shown = rules.map(({ id, label, disabled, conditions, routeTo }) => ({
    id,
    label,
    disabled,
    conditions: conditions.map((expression) => ({ expression })),
    actions: { route_to: routeTo },
  }))
  const catch_all = { actions: { route_to: catchAll } }
  return { orchestration_path: { type: 'router', sets: [{ id: 'start', rules: shown }], catch_all } }
}

export function showServiceOrchestration(serviceId: string, suppress: boolean): object {
  const catch_all = { actions: suppress ? { suppress: true } : {} }
  const parent = { id: serviceId, type: 'service_reference' }
  return { orchestration_path: { type: 'service', parent, sets: [{ id: 'start', rules: [] }], catch_all } }
}

export function showIncident(incident: SandboxIncident): object {
  const { id, number, title, status, serviceId, createdAt, resolvedAt } = incident
  return {
    id,
    incident_number: number,
    title,
    summary: `[#${number}] ${title}`,
    status,
    service: { id: serviceId },
    created_at: createdAt,
    resolved_at: resolvedAt,
    html_url: `${SITE}/incidents/${id}`,
  }
}

export function showAlert(alert: SandboxAlert): object {
  const { id, incidentId, serviceId, integrationId, summary, status, key, createdAt, details } = alert
  return {
    id,
    summary,
    status,
    alert_key: key,
    created_at: createdAt,
    service: { id: serviceId },
    incident: { id: incidentId },
    integration: { id: integrationId },
    body: { type: 'alert_body', contexts: [], details },
  }
}

export function showLogEntry({ id, incidentId, serviceId, type, summary, createdAt }: SandboxLogEntry): object {
  return { id, type, summary, created_at: createdAt, incident: { id: incidentId }, service: { id: serviceId } }
}

export function showNote({ id, content, createdAt }: SandboxNote): object {
  return { id, content, created_at: createdAt, user: { id: 'PUSER01', summary: 'Sandbox Responder' } }
}
