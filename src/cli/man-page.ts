/** The manual page, made from the same tables as the command line when the package is built. */

import type { CommandName, OptionName } from '../options/command-options.ts'
import {
  COMMON,
  denialOf,
  flagOf,
  headingOf,
  helpOf,
  OPTION_NAMES,
  OPTIONS,
  type OptionSpec,
  optionsOf,
} from '../options/table.ts'
import { COMMANDS } from './commands.ts'
import { TOPICS } from './topics.ts'

/** In the man macros, which every man reads. */
export function manPage(version: string): string {
  const names = Object.keys(COMMANDS) as readonly CommandName[]
  return `${[
    `.TH CLOUDTRAIL\\-PD 1 "" ${quoted(`cloudtrail-pd ${version}`)} "User Commands"`,
    '.SH NAME',
    'cloudtrail\\-pd \\- routes AWS CloudTrail events to PagerDuty, and tests the whole path',
    '.SH SYNOPSIS',
    '.B cloudtrail\\-pd',
    '.I command',
    '.RI [ options ]',
    '.br',
    '.B cloudtrail\\-pd help',
    '.RI [ command | topic ]',
    '.SH DESCRIPTION',
    text(DESCRIPTION),
    '.SH COMMANDS',
    ...names.flatMap((name) => item(usage(name), COMMANDS[name].summary)),
    ...item('\\fBcloudtrail\\-pd help\\fR [\\fIcommand\\fR|\\fItopic\\fR]', 'show help for a command or topic'),
    ...item('.B cloudtrail\\-pd version', 'show the version'),
    '.SH OPTIONS',
    'What an option means to one command is said under that command.',
    ...OPTION_NAMES.filter(isCommon).flatMap((option) => optionItem(option, meaningOf(option, names))),
    ...item('.BR \\-h ", " \\-\\-help', 'show the page of the command'),
    ...item('.BR \\-v ", " \\-\\-version', 'show the version'),
    ...names.flatMap(commandSection),
    '.SH EXIT STATUS',
    ...EXITS.flatMap(([code, meaning]) => item(`.B ${code}`, meaning)),
    '.SH ENVIRONMENT',
    ...item(
      '.BI CLOUDTRAIL_PD_ OPTION',
      'every option except those that approve changes, in capitals and with _ for -, such as CLOUDTRAIL_PD_REGION or CLOUDTRAIL_PD_JSON=1',
    ),
    ...item('.B PAGERDUTY_TOKEN', 'a PagerDuty REST API token, as --pagerduty-token-file has one'),
    ...item('.BR AWS_PROFILE ", " AWS_REGION ", ..."', 'as in the AWS CLI'),
    ...item('.BR NO_COLOR ", " FORCE_COLOR', 'without colors, or with colors also in a pipe'),
    '.SH HELP TOPICS',
    ...Object.entries(TOPICS).flatMap(([topic, says]) => item(`.B cloudtrail\\-pd help ${topic}`, says)),
    '.SH SEE ALSO',
    '.BR aws (1)',
  ].join('\n')}\n`
}

const DESCRIPTION =
  'Sets up and keeps healthy the chain from a CloudTrail trail to a PagerDuty incident: trail, log group, metric filters, alarms, topic, subscription. Commands that change something show a plan and ask first.'

const EXITS = [
  [0, 'done, or healthy'],
  [1, 'failed: an AWS or PagerDuty error, a blocked plan, or a plan answered with no'],
  [2, 'usage: an option, file or pattern is wrong or missing; nothing was changed'],
  [3, 'credentials, region or permissions; nothing was changed'],
  [4, 'doctor or pattern lint found a failure'],
  [5, 'applied, but not verified'],
  [6, 'changes are pending (init --dry-run --exit-code)'],
  [130, 'interrupted'],
] as const

function commandSection(name: CommandName): readonly string[] {
  const own = optionsOf(name).filter((option) => !isCommon(option))
  const headings = [...new Set(own.map((option) => headingOf(option, name)))]
  return [
    `.SH ${quoted(name.toUpperCase())}`,
    usage(name),
    '.PP',
    text(`${COMMANDS[name].summary.charAt(0).toUpperCase()}${COMMANDS[name].summary.slice(1)}.`),
    ...headings.flatMap((heading) => [
      `.SS ${quoted(heading === COMMON ? 'Options' : heading.replace(/:$/, ''))}`,
      ...own
        .filter((option) => headingOf(option, name) === heading)
        .flatMap((option) => optionItem(option, helpOf(option, name) ?? '')),
    ]),
    '.SS Examples',
    ...COMMANDS[name].examples.flatMap(([line, does]) => item(`\\fB${escaped(line)}\\fR`, does)),
  ]
}

function usage(name: CommandName): string {
  const { operands } = COMMANDS[name]
  const words = operands === undefined ? '' : ` ${escaped(operands).replaceAll(/[\w.]+/g, '\\fI$&\\fR')}`
  return `\\fBcloudtrail\\-pd ${name}\\fR${words}`
}

/** It means the same to several commands; others stand with each command. */
function isCommon(name: OptionName): boolean {
  const { group, help } = OPTIONS[name] as OptionSpec
  return group === undefined && Object.keys(help).length > 1
}

/** What it means, and to which commands, where not to all. */
function meaningOf(option: OptionName, commands: readonly CommandName[]): string {
  const knows = (command: CommandName) => helpOf(option, command) !== undefined
  const knowing = commands.filter(knows)
  const says = Object.values(OPTIONS[option].help)[0] ?? ''
  if (knowing.length === commands.length) return says
  const words = (names: readonly CommandName[]) => [...new Set(names.map((name) => name.split(' ')[0]))].join(', ')
  const unknowing = commands.filter((command) => !knows(command))
  return `${says} (${knowing.length > unknowing.length ? `not ${words(unknowing)}` : words(knowing)})`
}

function optionItem(name: OptionName, says: string): readonly string[] {
  const { value, short } = OPTIONS[name] as OptionSpec
  const flags = [
    ...(short === undefined ? [] : [`-${short}`]),
    flagOf(name),
    ...(value.preset === undefined ? [] : [denialOf(name)]),
  ]
  const written = flags.map((flag) => `\\fB${escaped(flag)}\\fR`)
  const last = value.placeholder === undefined ? '' : ` \\fI${escaped(value.placeholder)}\\fR`
  return item(`${written.join(', ')}${last}`, says)
}

/** `head` is roff already. */
function item(head: string, says: string): readonly string[] {
  return ['.TP', head, text(says)]
}

/** A paragraph: a line that begins with a dot or a quote would be a request. */
function text(words: string): string {
  return escaped(words).replaceAll(/^(?=[.'])/gm, '\\&')
}

/** A hyphen is one that can be copied; a backslash is itself. */
function escaped(words: string): string {
  return words.replaceAll('\\', '\\e').replaceAll('-', '\\-')
}

function quoted(words: string): string {
  return `"${escaped(words).replaceAll('"', '""')}"`
}
