/** Whom a service or an orchestration would page now, and what keeps it from paging anybody. */

import { AppError } from '../errors.ts'
import type { Named, Service } from './answers.ts'
import type { PagerDuty } from './directory.ts'

export interface OnCallSummary {
  /** One phrase. */
  readonly paged: string
  /** Known reasons why nobody would be paged; each one sentence. */
  readonly faults: readonly string[]
}

/** An orchestration may route to hundreds; the first few tell enough before a decision. */
const SERVICES_SHOWN = 3

/** Never fails for what only explains: a refused question is told in place of its answer. */
export async function serviceOnCall(
  client: PagerDuty,
  { name, status, escalationPolicyId }: Pick<Service, 'name' | 'status' | 'escalationPolicyId'>,
): Promise<OnCallSummary> {
  const idle =
    status === 'disabled'
      ? [`service ${name} is disabled: no incident opens`]
      : status === 'maintenance'
        ? [`service ${name} is in maintenance: no incident opens until that ends`]
        : []
  if (escalationPolicyId === undefined) return { paged: `service ${name}`, faults: idle }
  const onCall = await reported(() => client.onCall(escalationPolicyId))
  if (typeof onCall === 'string')
    return { paged: `service ${name}; who is on call is not shown: ${onCall}`, faults: idle }
  const first = Math.min(...onCall.map(({ level }) => level ?? 1))
  const names = [...new Set(onCall.filter(({ level }) => (level ?? 1) === first).map((one) => one.name))]
  if (names.length > 0) return { paged: `service ${name}, on call now: ${names.join(', ')}`, faults: idle }
  const nobody = `nobody is on call for service ${name}, and then PagerDuty opens no incident`
  return { paged: `service ${name}, on call now: nobody`, faults: [...idle, nobody] }
}

export async function orchestrationOnCall(client: PagerDuty, { id, name }: Named): Promise<OnCallSummary> {
  const router = await reported(() => client.router(id))
  if (typeof router === 'string') {
    return { paged: `orchestration ${name}; where it routes is not shown: ${router}`, faults: [] }
  }
  const rules = router.rules.filter(({ disabled }) => !disabled)
  const targets = new Set([...rules.map(({ routeTo }) => routeTo), router.catchAll].filter((one) => one !== undefined))
  if (targets.size === 0 && rules.length === 0) {
    return { paged: `orchestration ${name}, which routes nowhere yet`, faults: [unrouted(name)] }
  }
  const pagers: OnCallSummary[] = []
  for (const target of [...targets].slice(0, SERVICES_SHOWN)) {
    const service = await reported(() => client.service(target))
    if (typeof service === 'object') pagers.push(await serviceOnCall(client, service))
  }
  const more = targets.size > SERVICES_SHOWN ? `; and ${targets.size - SERVICES_SHOWN} more services` : ''
  const where = pagers.length === 0 ? 'as its rules decide' : pagers.map(({ paged }) => paged).join('; ')
  return { paged: `orchestration ${name}: ${where}${more}`, faults: pagers.flatMap(({ faults }) => faults) }
}

function unrouted(name: string): string {
  return `orchestration ${name} routes to no service: every alarm would vanish and nobody be paged`
}

/** The answer, or in a sentence why there is none. */
async function reported<T>(ask: () => Promise<T>): Promise<T | string> {
  try {
    return await ask()
  } catch (error) {
    if (error instanceof AppError) return error.message
    throw error
  }
}
