/** Commands of this tool as values: built from typed options, so that one that does not exist does not compile. */

import { destinationOptions, lookedUp } from '../domain/destination.ts'
import type { Flag, NextCommand } from '../next-command.ts'
import type { CommandName, InitOptions, OptionName, OptionsOf } from './command-options.ts'
import { flagOf, isCommand, OPTIONS, type OptionSpec, optionsOf, variableOf } from './table.ts'

/** The command with these options, in the order given. */
export function toolCommand<C extends CommandName>(
  command: C,
  options: OptionsOf[C] = {},
  operands: readonly string[] = [],
): NextCommand {
  const flags = Object.entries(options).flatMap(([name, value]) => flagsOf(name as OptionName, value))
  return { tool: 'cloudtrail-pd', words: command.split(' '), operands, flags, secrets: [] }
}

/** A page of help about one topic. */
export function helpCommand(topic: string): NextCommand {
  return { tool: 'cloudtrail-pd', words: ['help', topic], operands: [], flags: [], secrets: [] }
}

/** Steers one run, or comes with its answers already read. */
const LEFT_OUT: readonly OptionName[] = [
  'yes',
  'dryRun',
  'exitCode',
  'detail',
  'markdown',
  'config',
  'save',
  'json',
  'color',
  'plain',
  'verbose',
]

/**
 * The `init` that says the same as the answers of a run: what a wizard teaches, flags can repeat. Parsed again, with the
 * secret in its variable, it gives the same options but for those that only steer a run.
 */
export function equivalentCommand(options: InitOptions): NextCommand {
  const provided = options as Readonly<Record<string, unknown>>
  const names = optionsOf('init').filter((name) => provided[name] !== undefined && isRepeated(name))
  const flags = names.filter((name) => !OPTIONS[name].secret).flatMap((name) => flagsOf(name, provided[name]))
  return { ...toolCommand('init'), flags, secrets: secretsOf(options) }
}

/** Whether a command that says the same as a run says this option. */
export function isRepeated(name: OptionName): boolean {
  return !LEFT_OUT.includes(name)
}

/** The `init` that reads a setup file that these answers were saved to. Standard input is not there to be read again. */
export function savedCommand(path: string, options: InitOptions): NextCommand {
  const named = Object.entries(options).filter(([name, value]) => !(isSecretFile(name) && value === '-'))
  const secrets = secretsOf(Object.fromEntries(named) as InitOptions)
  return { ...toolCommand('init', { config: path, sandbox: options.sandbox }), secrets }
}

function isSecretFile(name: string): boolean {
  return name === 'integrationKeyFile' || name === 'pagerdutyTokenFile'
}

/** Which account and which chain in it. */
const WHERE: readonly OptionName[] = [
  'profile',
  'region',
  'endpointUrl',
  'insecureEndpoint',
  'sandbox',
  'name',
  'pagerdutyTokenFile',
]

/** Those of them that the AWS CLI knows, under the same names. */
const AWS_WHERE: readonly OptionName[] = ['profile', 'region', 'endpointUrl']

/**
 * The command with the options that say which account and chain this run is about: without them it would look into
 * another one. A command of the AWS CLI is led in the same way. `more` are further options to repeat. What the command
 * does not know or says already is left out, and a command that reaches no account stays as it is.
 */
export function onSameChain(
  command: NextCommand,
  options: Readonly<Record<string, unknown>>,
  more: readonly OptionName[] = [],
): NextCommand {
  const known = knownTo(command)
  const added = [...WHERE, ...more]
    .filter((name) => known.includes(name) && !command.flags.some(([flag]) => flag === flagOf(name)))
    .flatMap((name) => (options[name] === undefined ? [] : flagsOf(name, options[name])))
  return { ...command, flags: [...command.flags, ...added] }
}

/** A drill on this alarm; on that of the chain's own drill, which needs no name, where none is given. */
export function drillOn(alarm: string | undefined): NextCommand {
  return toolCommand('test', { alarm })
}

function knownTo({ tool, words }: NextCommand): readonly OptionName[] {
  if (tool === 'aws') return AWS_WHERE
  const name = words.join(' ')
  return isCommand(name) ? optionsOf(name) : []
}

export const TOKEN_VARIABLE = 'PAGERDUTY_TOKEN'

/** A file says it already, and the sandbox brings its own key and token, but no low-urgency URL. */
function secretsOf(options: InitOptions): readonly string[] {
  const { integrationKeyFile, pagerdutyTokenFile, sandbox = false } = options
  const key = destinationOptions(options).find((name) => OPTIONS[name].secret)
  const variables = [
    sandbox || lookedUp(options) === undefined || pagerdutyTokenFile !== undefined ? undefined : TOKEN_VARIABLE,
    sandbox || key === undefined || integrationKeyFile !== undefined ? undefined : variableOf(key),
    options.lowUrgencyIntegrationUrl === undefined ? undefined : variableOf('lowUrgencyIntegrationUrl'),
  ]
  return variables.filter((name) => name !== undefined)
}

function flagsOf(name: OptionName, value: unknown): readonly Flag[] {
  if (value === undefined) return []
  const { value: type, negated } = OPTIONS[name] as OptionSpec
  const flag = flagOf(name)
  if (type.placeholder !== undefined) return type.write(value).map((text): Flag => [flag, text])
  // Only its variable can take back what a switch says.
  return value === !negated ? [[flag]] : []
}
