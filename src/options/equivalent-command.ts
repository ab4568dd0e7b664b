/** The shell line that says the same as the answers of a run: what a wizard teaches, flags can repeat. */

import { destinationOptions, lookedUp } from '../domain/destination.ts'
import { quoted } from '../shell.ts'
import type { InitOptions, OptionName } from './command-options.ts'
import { flagOf, isCommand, OPTIONS, type OptionSpec, optionsOf, variableOf } from './table.ts'

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
  const provided = options as Readonly<Record<string, unknown>>
  const names = optionsOf('init').filter((name) => provided[name] !== undefined && !LEFT_OUT.includes(name))
  const words = names.filter((name) => !OPTIONS[name].secret).flatMap((name) => wordsOf(name, provided[name]))
  return [...secretWords(options), 'npx', 'cloudtrail-pd', 'init', ...words].join(' ')
}

/** Which account and which chain in it. */
const WHERE: readonly OptionName[] = ['profile', 'region', 'endpointUrl', 'sandbox', 'name', 'pagerdutyTokenFile']

/** Those of them that the AWS CLI knows, under the same names. */
const AWS_WHERE: readonly OptionName[] = ['profile', 'region', 'endpointUrl']

/**
 * The command with the options that say which account and chain this run is about: without them it would look into
 * another one. A command of the AWS CLI is led in the same way. `more` are further options to repeat. What the command
 * does not know or says already is left out, and a command that reaches no account stays as it is.
 */
export function onSameChain(
  command: string,
  options: Readonly<Record<string, unknown>>,
  more: readonly OptionName[] = [],
): string {
  const [, name = ''] = /npx cloudtrail-pd ([a-z]+)/.exec(command) ?? []
  const known = isCommand(name) ? optionsOf(name) : command.startsWith('aws ') ? AWS_WHERE : []
  const words = [...WHERE, ...more]
    .filter((option) => known.includes(option) && !command.split(' ').includes(flagOf(option)))
    .flatMap((option) => (options[option] === undefined ? [] : wordsOf(option, options[option])))
  return [command, ...words].join(' ')
}

/** Who did it: what is behind an alarm. */
export function eventsOf(alarm: string): string {
  return `npx cloudtrail-pd events ${quoted(alarm)}`
}

/** A drill on this alarm; on that of the chain's own drill, which needs no name, where none is given. */
export function drillOn(alarm: string | undefined): string {
  return ['npx cloudtrail-pd test', ...(alarm === undefined ? [] : wordsOf('alarm', alarm))].join(' ')
}

/** A file says it already, and the sandbox brings its own key and token. */
function secretWords(options: InitOptions): readonly string[] {
  if (options.sandbox) return []
  const { integrationKeyFile, pagerdutyTokenFile, lowUrgencyIntegrationUrl } = options
  const key = destinationOptions(options).find((name) => OPTIONS[name].secret)
  return [
    ...(lookedUp(options) !== undefined && pagerdutyTokenFile === undefined ? ['PAGERDUTY_TOKEN=…'] : []),
    ...(key === undefined || integrationKeyFile !== undefined ? [] : [`${variableOf(key)}=…`]),
    ...(lowUrgencyIntegrationUrl === undefined ? [] : [`${variableOf('lowUrgencyIntegrationUrl')}=…`]),
  ]
}

function wordsOf(name: OptionName, value: unknown): readonly string[] {
  const row = OPTIONS[name] as OptionSpec
  const flag = flagOf(name)
  if (row.value.placeholder === undefined) {
    // Only its variable can take back what a switch says.
    return value === !row.negated ? [flag] : []
  }
  return row.value.write(value).flatMap((text) => [flag, quoted(text)])
}
