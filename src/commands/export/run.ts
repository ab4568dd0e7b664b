/** `export`: the setup as a template, a script or a policy; offline, unless the account is to be read. */

import { readRecords } from '../../aws/resources/subscription.ts'
import type { Aws } from '../../aws/session.ts'
import { siteOf } from '../../aws/site.ts'
import type { CommandContext } from '../../context.ts'
import { noteText } from '../../domain/note.ts'
import { EXIT, usage } from '../../errors.ts'
import { type Template, templateOf } from '../../export/template.ts'
import { EXPORT_FORMATS, type ExportFormat, type ExportOptions } from '../../options/command-options.ts'
import { setupOf } from '../../options/setup.ts'
import { eventNames } from '../../plan/chain-names.ts'
import type { Setup } from '../../plan/setup.ts'
import { type Decided, decide } from '../init/decide.ts'
import { listTrails } from '../init/trails.ts'
import { actionsOf } from '../permissions.ts'
import type { Report } from '../report.ts'
import { openSession } from '../session.ts'
import { standingOf, standingTemplate } from './standing.ts'

export async function exportSetup(options: ExportOptions, context: CommandContext): Promise<Report> {
  const { format } = options
  if (format === undefined) {
    throw usage('missing-options', '--format is required', `--format ${EXPORT_FORMATS.join('|')}`)
  }
  if (options.command !== undefined && format !== 'iam-policy') {
    throw usage('export-command', `--command is for --format iam-policy, not for ${format}`, 'leave one of them out')
  }
  const { setup, warnings } = setupOf(options)
  const account = options.fromAccount === true ? await readAccount(setup, options, context) : undefined
  const sentences = [...warnings, ...(account?.decided.notes ?? []).map(noteText)]
  for (const sentence of sentences) context.progress.note(`! ${sentence}`)
  const document = await render(format, account === undefined ? setup : chosen(account.decided), options, account)
  const text = document.trimEnd()
  return { exit: EXIT.done, json: { format, document }, text: () => text }
}

/** An account as it was read. */
interface Account {
  readonly aws: Aws
  readonly decided: Decided
}

async function readAccount(setup: Setup, options: ExportOptions, context: CommandContext): Promise<Account> {
  const session = await openSession(options, context)
  const trails = await listTrails(session)
  // PagerDuty is not asked: the URL is a parameter of whatever is printed.
  const destination = setup.destination?.how === 'integration' ? setup.destination : undefined
  const request = { prune: false, asks: false, anyEndpoint: true }
  const decided = await decide({ ...setup, destination }, session, trails, request)
  return { aws: decided.aws, decided }
}

async function render(
  format: ExportFormat,
  setup: Setup,
  options: ExportOptions,
  account: Account | undefined,
): Promise<string> {
  const organization = options.scope === 'organization'
  const any = { deployedBy: undefined, organization, anyLogGroup: false }
  // Each format is a chunk of its own.
  switch (format) {
    case 'cloudformation': {
      const { cloudFormation } = await import('../../export/cloudformation.ts')
      return cloudFormation(templateOf(setup, { ...any, deployedBy: 'cloudformation', anyLogGroup: true }))
    }
    case 'terraform': {
      const { terraform } = await import('../../export/terraform.ts')
      if (account !== undefined) {
        const { decided } = account
        const topics = decided.plan.flatMap(({ resource }) => (resource.kind === 'topic' ? [resource.spec.arn] : []))
        const records = await readRecords(decided.aws, topics)
        return terraform(standingTemplate(decided, records), standingOf(decided))
      }
      return terraform(templateOf(setup, { ...any, deployedBy: 'terraform' }))
    }
    case 'cli': {
      const { shellScript } = await import('../../export/shell-script.ts')
      return shellScript(templateOf(setup, any))
    }
    case 'iam-policy':
      return policy(setup, options, account?.aws)
  }
}

async function policy(setup: Setup, options: ExportOptions, aws: Aws | undefined): Promise<string> {
  const { formatPolicy, iamPolicy, policySite } = await import('../../export/iam-policy.ts')
  const site = aws === undefined ? policySite(options.region) : siteOf(aws)
  const template: Template = templateOf(setup, {
    deployedBy: undefined,
    organization: options.scope === 'organization',
    anyLogGroup: false,
    anyDelivery: true,
    site,
  })
  return formatPolicy(iamPolicy(template, actionsOf(options.command ?? 'init'), options.accounts))
}

/** The setup with the trail that the account turned out to have. */
function chosen({ setup, choice, aws }: Decided): Setup {
  if (choice.how === 'own') {
    const { name, bucket, organization } = choice
    return { ...setup, trail: { how: 'create', name, bucket, organization } }
  }
  return {
    ...setup,
    trail: { how: 'existing', nameOrArn: choice.trail.arn },
    logGroup: eventNames(setup, siteOf(aws), choice).logGroup,
  }
}
