/** Amazon CloudWatch: dashboards, which belong to the account and to no region. */

import type {
  DashboardEntry,
  DeleteDashboardsInput,
  DeleteDashboardsOutput,
  GetDashboardInput,
  GetDashboardOutput,
  ListDashboardsInput,
  ListDashboardsOutput,
  PutDashboardInput,
  PutDashboardOutput,
} from '@aws-sdk/client-cloudwatch'
import { awsFault } from '../../../aws/backend.ts'
import { arn, type OperationContext, type Operations, optional, page, tagRecord } from '../context.ts'
import type { DashboardState } from '../state.ts'

export const dashboardOperations: Operations = {
  PutDashboard: putDashboard,
  GetDashboard: getDashboard,
  ListDashboards: listDashboards,
  DeleteDashboards: deleteDashboards,
}

function putDashboard(input: PutDashboardInput, { state }: OperationContext): PutDashboardOutput {
  const name = input.DashboardName ?? ''
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(name)) throw invalid(`The value ${name} for field DashboardName is invalid`)
  const body = input.DashboardBody ?? ''
  if (!isBody(body)) throw invalid('The field DashboardBody must be a valid JSON object with widgets')
  const tags = state.dashboards[name]?.tags ?? tagRecord(input.Tags)
  state.dashboards[name] = { name, body, tags }
  return { DashboardValidationMessages: [] }
}

function isBody(text: string): boolean {
  try {
    const body: unknown = JSON.parse(text)
    return typeof body === 'object' && body !== null && 'widgets' in body && Array.isArray(body.widgets)
  } catch {
    return false
  }
}

function getDashboard(input: GetDashboardInput, { state }: OperationContext): GetDashboardOutput {
  const { name, body } = dashboardOf(state.dashboards, input.DashboardName)
  return { DashboardName: name, DashboardArn: dashboardArn(name), DashboardBody: body }
}

function listDashboards(input: ListDashboardsInput, { state, longestPage }: OperationContext): ListDashboardsOutput {
  const all = Object.values(state.dashboards).filter(({ name }) => name.startsWith(input.DashboardNamePrefix ?? ''))
  const { items, next } = page(longestPage, all, input.NextToken)
  const DashboardEntries = items.map(
    ({ name, body }): DashboardEntry => ({
      DashboardName: name,
      DashboardArn: dashboardArn(name),
      Size: Buffer.byteLength(body),
    }),
  )
  return { DashboardEntries, ...optional('NextToken', next) }
}

/** All of them or, where one is not there, none (DeleteDashboards API reference). */
function deleteDashboards(input: DeleteDashboardsInput, { state }: OperationContext): DeleteDashboardsOutput {
  const names = input.DashboardNames ?? []
  for (const name of names) dashboardOf(state.dashboards, name)
  for (const name of names) delete state.dashboards[name]
  return {}
}

function dashboardOf(dashboards: Readonly<Record<string, DashboardState>>, name = ''): DashboardState {
  const found = dashboards[name]
  if (found === undefined) throw awsFault('ResourceNotFound', `Dashboard ${name} does not exist`, 404)
  return found
}

function dashboardArn(name: string): string {
  return arn('cloudwatch', '', `dashboard/${name}`)
}

function invalid(message: string) {
  return awsFault('InvalidParameterInput', message)
}
