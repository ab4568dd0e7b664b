/** One harmless read call that CloudTrail records under a user agent of our choice. */

import type { IamAction } from '../../iam/action.ts'
import { loadCloudTrail } from '../clients.ts'
import { awsError } from '../failures.ts'
import type { MiddlewareStack } from '../middleware.ts'
import type { Aws } from '../session.ts'

/** As the record and a policy name it. */
export const DRILL_CALL: IamAction = 'cloudtrail:DescribeTrails'

/** Both headers in which the SDK for Node names itself; a service may record either. */
const AGENT_HEADERS = ['user-agent', 'x-amz-user-agent']

/** Calls DescribeTrails in the session's region with `agent` at the end of the user agent; changes nothing. Throws `AppError`. */
export async function callAs(aws: Aws, agent: string): Promise<void> {
  const { CloudTrailClient, DescribeTrailsCommand } = await loadCloudTrail()
  const command = new DescribeTrailsCommand({ includeShadowTrails: false })
  // On the command, not on a client: the client is shared, and no other call may look like a drill.
  const stack = command.middlewareStack as unknown as MiddlewareStack
  stack.addRelativeTo(
    (next) => (args) => {
      const { headers } = args.request as { headers: Record<string, string> }
      for (const name of AGENT_HEADERS) headers[name] = `${headers[name] ?? ''} ${agent}`.trim()
      return next(args)
    },
    // Before signing, which covers one of the two.
    { relation: 'after', toMiddleware: 'getUserAgentMiddleware', name: 'cloudtrailPdDrill', override: true },
  )
  try {
    await aws.client(CloudTrailClient).send(command)
  } catch (error) {
    throw awsError(error)
  }
}
