/** A chain that an engine with a state of its own made: it is changed and deleted through that engine alone. */

import { DEPLOYER_NAMES, type Deployer, parseMarker } from '../domain/marker.ts'
import { type Snapshot, valueIfRead } from '../domain/snapshot.ts'
import type { Plan } from './plan.ts'

const DELETE_WITH: Readonly<Record<Deployer, string>> = {
  cloudformation: 'delete the stack',
  terraform: 'terraform destroy',
}

/** Who made the chain of this name, as its alarms say; undefined for this tool itself. */
export function deployerOf({ alarms }: Pick<Snapshot, 'alarms'>, prefix: string): Deployer | undefined {
  const markers = (valueIfRead(alarms) ?? []).flatMap(({ description }) => parseMarker(description) ?? [])
  return markers.find(({ name, deployedBy }) => name === prefix && deployedBy !== undefined)?.deployedBy
}

/** Changes that the engine would take back are refused. To ask PagerDuty for its confirmation again changes nothing of it. */
export function leftToDeployer(plan: Plan, deployer: Deployer | undefined): Plan {
  if (deployer === undefined) return plan
  return plan.map((change) => {
    const { action, resource } = change
    if (action === 'none' || action === 'blocked' || (action === 'update' && resource.kind === 'subscription')) {
      return change
    }
    const why = `${DEPLOYER_NAMES[deployer]} manages this chain: export again and apply the change there`
    return { action: 'blocked', resource, why }
  })
}

/** Why `destroy` leaves the chain alone. */
export function deletedBy(deployer: Deployer): string {
  return `${DEPLOYER_NAMES[deployer]} manages this chain; to delete it: ${DELETE_WITH[deployer]}`
}
