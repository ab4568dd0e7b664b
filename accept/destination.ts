/** The two integrations that a run makes in a PagerDuty service for itself, and takes away again. */

import type { Integration } from '../src/pagerduty/answers.ts'
import type { PagerDuty } from '../src/pagerduty/directory.ts'

export interface OwnIntegrations {
  readonly serviceId: string
  readonly integrations: readonly Integration[]
}

export function findService(pagerDuty: PagerDuty | undefined, service: string) {
  async function connected() {
    if (pagerDuty === undefined) throw new Error('a PagerDuty REST API token is required: set PAGERDUTY_TOKEN')
    return pagerDuty
  }
  return {
    /** Rejects when one of the name is there already: it is not the run's to delete. */
    async makeTwo(name: string): Promise<OwnIntegrations> {
      const account = await connected()
      const found = await account.service(service)
      if (found === undefined) throw new Error(`PagerDuty has no service "${service}"`)
      const vendor = await account.vendorByName('AWS CloudTrail')
      if (vendor === undefined) throw new Error('PagerDuty lists no vendor "AWS CloudTrail"')
      const wanted = [`${name} first`, `${name} second`]
      const standing = (await account.integrationsOf(found.id)).find((one) => wanted.includes(one.name))
      if (standing !== undefined) throw new Error(`service "${service}" already has an integration "${standing.name}"`)
      const integrations: Integration[] = []
      try {
        for (const one of wanted) {
          const { item } = await account.createIntegration(found.id, { name: one, vendorId: vendor.id })
          integrations.push(item)
        }
      } catch (error) {
        for (const { id } of integrations) await account.deleteIntegration(found.id, id)
        throw error
      }
      return { serviceId: found.id, integrations }
    },
    /** How many of them are gone. */
    async remove(serviceId: string, ids: readonly string[]): Promise<number> {
      const account = await connected()
      for (const id of ids) await account.deleteIntegration(serviceId, id)
      const still = new Set((await account.integrationsOf(serviceId)).map(({ id }) => id))
      return ids.filter((id) => !still.has(id)).length
    },
  }
}
