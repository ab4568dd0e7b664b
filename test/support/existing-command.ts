/** Whether a command that is offered exists: by this tool's own command line, or as an operation of the SDK. */

import * as cloudtrail from '@aws-sdk/client-cloudtrail'
import * as cloudwatch from '@aws-sdk/client-cloudwatch'
import * as logs from '@aws-sdk/client-cloudwatch-logs'
import * as iam from '@aws-sdk/client-iam'
import * as kms from '@aws-sdk/client-kms'
import * as sns from '@aws-sdk/client-sns'
import { parseCommandLine } from '../../src/cli/program.ts'
import { commandLine, type NextCommand } from '../../src/next-command.ts'
import { shellWords } from '../options/reading.ts'

const SERVICES: Readonly<Record<string, object>> = { cloudtrail, cloudwatch, iam, kms, logs, sns }

/** What is wrong with it; undefined when it exists, with all its options. */
export function whatIsWrong(command: NextCommand): string | undefined {
  const words = shellWords(commandLine(command))
  return command.tool === 'aws' ? wrongWithAws(words) : wrongWithTool(words)
}

function wrongWithTool([npx, tool, ...argv]: readonly string[]): string | undefined {
  if (npx !== 'npx' || tool !== 'cloudtrail-pd') return `it begins with ${npx} ${tool}`
  try {
    parseCommandLine(argv, '0.0.0')
    return undefined
  } catch (error) {
    return String(error)
  }
}

/** `aws iam get-role` is the operation GetRole of IAM; its options are the members of the input. */
function wrongWithAws([aws, service = '', operation = '']: readonly string[]): string | undefined {
  const name = `${operation.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Command`
  const known = SERVICES[service]
  return aws === 'aws' && known !== undefined && name in known ? undefined : `there is no ${service} ${operation}`
}
