/** Opens the AWS session that a command works in and says where it leads. */

import type { Aws } from '../aws/session.ts'
import { VERSION } from '../aws/version.ts'
import type { CommandContext } from '../context.ts'
import type { CommonOptions } from '../options/command-options.ts'

export async function openSession(options: CommonOptions, context: CommandContext): Promise<Aws> {
  const { profile, region, endpointUrl } = options
  const { prompter } = context
  const askMfaCode = prompter && ((serial: string) => prompter.secret({ message: `Code of the MFA device ${serial}:` }))
  const aws = await context.connectAws({ profile, region, endpointUrl, askMfaCode })
  const who = aws.identity.arn.slice(aws.identity.arn.lastIndexOf(':') + 1)
  const by = profile === undefined ? '' : ` by profile ${profile}`
  context.progress.note(`cloudtrail-pd ${VERSION}`)
  context.progress.note(`account ${aws.identity.account} · ${aws.region} · ${who}${by}`)
  for (const notice of aws.notices) context.progress.note(`! ${notice}`)
  return aws
}
