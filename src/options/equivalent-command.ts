/** The shell line that says the same as the answers of a run: what a wizard teaches, flags can repeat. */

import { flagOf, type InitOptions, OPTIONS, type OptionName, optionsOf, type Row, variableOf } from './options.ts'

/** Steers one run, or comes with its answers already read. */
const LEFT_OUT: readonly OptionName[] = [
  'yes',
  'dryRun',
  'exitCode',
  'config',
  'save',
  'json',
  'color',
  'plain',
  'verbose',
]

/**
 * `npx cloudtrail-pd init …`: parsed again, with the secret in its variable, it gives the same options but for those
 * that only steer a run. A secret is never part of it: its variable stands in front, for the person to fill.
 */
export function equivalentCommand(options: InitOptions): string {
  const said = options as Readonly<Record<string, unknown>>
  const names = optionsOf('init').filter((name) => said[name] !== undefined && !LEFT_OUT.includes(name))
  const words = names.filter((name) => !OPTIONS[name].secret).flatMap((name) => wordsOf(name, said[name]))
  return [...secretWords(options), 'npx', 'cloudtrail-pd', 'init', ...words].join(' ')
}

/** Which account and which chain in it. */
const WHERE: readonly OptionName[] = ['profile', 'region', 'endpointUrl', 'sandbox', 'name']

/**
 * `npx cloudtrail-pd destroy …` on the same chain: without these options it would look into another account.
 * `alarm` is the one that a drill is to be run on, where it has to be named.
 */
export function commandOnSameChain(
  command: 'doctor' | 'destroy' | 'test',
  options: InitOptions,
  alarm?: string,
): string {
  const said = options as Readonly<Record<string, unknown>>
  const words = WHERE.filter((name) => said[name] !== undefined).flatMap((name) => wordsOf(name, said[name]))
  const drilled = alarm === undefined ? [] : wordsOf('alarm', alarm)
  return ['npx', 'cloudtrail-pd', command, ...drilled, ...words].join(' ')
}

/** A file says it already, and the sandbox brings its own key and token. */
function secretWords(options: InitOptions): readonly string[] {
  if (options.sandbox) return []
  const { integrationKeyFile, pagerdutyTokenFile, lowUrgencyIntegrationUrl } = options
  const { integrationKey, integrationUrl, pagerdutyService, pagerdutyOrchestration, createService } = options
  const asksPagerDuty = (pagerdutyService ?? pagerdutyOrchestration ?? createService) !== undefined
  const key =
    integrationUrl !== undefined ? 'integrationUrl' : integrationKey !== undefined ? 'integrationKey' : undefined
  return [
    ...(asksPagerDuty && pagerdutyTokenFile === undefined ? ['PAGERDUTY_TOKEN=…'] : []),
    ...(key === undefined || integrationKeyFile !== undefined ? [] : [`${variableOf(key)}=…`]),
    ...(lowUrgencyIntegrationUrl === undefined ? [] : [`${variableOf('lowUrgencyIntegrationUrl')}=…`]),
  ]
}

function wordsOf(name: OptionName, value: unknown): readonly string[] {
  const row = OPTIONS[name] as Row
  const flag = flagOf(name)
  if (row.value.placeholder === undefined) {
    // Only its variable can take back what a switch says.
    return value === !row.negated ? [flag] : []
  }
  return row.value.write(value).flatMap((text) => [flag, quoted(text)])
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
