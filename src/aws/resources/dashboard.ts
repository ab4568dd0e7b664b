/** Dashboards of CloudWatch, each one document that is written whole. */

import type { DashboardSnapshot, Reading } from '../../domain/snapshot.ts'
import { loadCloudWatch } from '../clients.ts'
import { failureKind, reading } from '../failures.ts'
import type { Aws } from '../session.ts'
import type { LinkHandler } from './handler.ts'

export function readDashboard(aws: Aws, name: string): Promise<Reading<DashboardSnapshot | undefined>> {
  return reading(async () => {
    const { CloudWatchClient, GetDashboardCommand } = await loadCloudWatch()
    const { DashboardBody } = await aws.client(CloudWatchClient).send(new GetDashboardCommand({ DashboardName: name }))
    return { name, body: parsed(DashboardBody) }
  })
}

function parsed(text = ''): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const dashboardHandler: LinkHandler<'dashboard'> = {
  async write({ name, spec }, _action, { aws }) {
    const { CloudWatchClient, PutDashboardCommand } = await loadCloudWatch()
    const DashboardBody = JSON.stringify(spec.body)
    await aws.client(CloudWatchClient).send(new PutDashboardCommand({ DashboardName: name, DashboardBody }))
  },
  async remove({ name }, { aws }) {
    const { CloudWatchClient, DeleteDashboardsCommand } = await loadCloudWatch()
    try {
      await aws.client(CloudWatchClient).send(new DeleteDashboardsCommand({ DashboardNames: [name] }))
    } catch (error) {
      if (failureKind(error) !== 'absent') throw error
    }
  },
  actions: {
    read: ['cloudwatch:GetDashboard'],
    write: ['cloudwatch:PutDashboard'],
    remove: ['cloudwatch:DeleteDashboards'],
  },
}
