/** The commander tree from the option table: a command line becomes an invocation, or the text of a help page. */

import { Command, CommanderError, Help, Option } from 'commander'
import type { CommandName, OptionName } from '../options/command-options.ts'
import type { Given } from '../options/read.ts'
import { COMMON, denialOf, flagOf, headingOf, helpOf, isCommand, OPTIONS, optionsOf } from '../options/table.ts'
import { hanging, wrap } from '../ui/clean.ts'
import { COMMANDS, commandNameOf, GROUPS } from './commands.ts'
import { checkHelp, helpNames, topicPage } from './help.ts'
import { isTopic, TOPICS } from './topics.ts'
import { unknownCommand, usageErrorOf } from './usage-errors.ts'

/** What stood on a command line. */
export type CommandLine = Page | CommandCall

export interface Page {
  readonly kind: 'page'
  readonly text: string
  /** What the document of `--json` holds, where there is one. */
  readonly json?: object
}

export interface CommandCall {
  readonly kind: 'command'
  readonly command: CommandName
  readonly given: Given
  readonly operands: readonly string[]
}

/**
 * Reads a command line (without `node` and script). Throws usage errors (exit 2); values are judged later. `columns`
 * says how wide a page may be, and is asked only where there is one.
 */
export function parseCommandLine(
  argv: readonly string[],
  version: string,
  columns: () => number = () => 80,
): CommandLine {
  checkName(argv)
  const written: string[] = []
  let found: CommandLine | undefined
  const program = buildProgram({
    argv,
    version,
    columns,
    write: (text) => written.push(text),
    found: (line) => {
      found = line
    },
  })
  try {
    program.parse(argv.length === 0 ? ['--help'] : [...argv], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    if (error.exitCode !== 0 && error.code !== 'commander.help') throw usageErrorOf(error, program, argv)
  }
  return found ?? { kind: 'page', text: written.join('').trimEnd() }
}

/** An unknown command stays one when its help is asked for; commander would show the page of the program. */
function checkName(argv: readonly string[]): void {
  const [first = '-', second = '-'] = argv
  const isGroup = Object.hasOwn(GROUPS, first)
  const [asked, word, path] = isGroup ? [`${first} ${second}`, second, `${first} `] : [first, first, '']
  const isKnown =
    word.startsWith('-') || isCommand(asked) || [...Object.keys(GROUPS), 'help', 'version'].includes(asked)
  if (isKnown || !(argv.includes('--help') || argv.includes('-h'))) return
  throw unknownCommand(word, commandsIn(path), path)
}

/** The names that may stand after the name of a group and a blank, or first on the line. */
function commandsIn(path: string): readonly string[] {
  const names = Object.keys(COMMANDS)
  if (path !== '') return names.flatMap((name) => (name.startsWith(path) ? name.slice(path.length) : []))
  return [...new Set(names.map((name) => name.split(' ')[0] ?? '')), 'help', 'version']
}

/** The page that `help` was asked for. Throws a usage error for a name that it does not know. */
function helpPage(words: readonly string[], { version, columns }: Answer): CommandLine {
  const name = words.join(' ')
  if (isTopic(name)) return { kind: 'page', text: topicPage(name, columns()) }
  const check = checkHelp(name, columns)
  if (check !== undefined) return { kind: 'page', text: check }
  if (name !== '' && !helpNames().includes(name)) throw unknownCommand(name, helpNames(), '', 'command or topic')
  return parseCommandLine([...words, '--help'], version, columns)
}

/** The lines that ask for a page and nothing else: their answers depend on nothing. */
export function pageLines(): readonly string[] {
  const helps = [...Object.keys(GROUPS), ...Object.keys(COMMANDS), 'help', 'version'].map((name) => `${name} --help`)
  return ['--version', '--help', ...helps]
}

/** Where a page goes, and how wide it may be. */
interface PageSink {
  columns(): number
  write(text: string): void
}

/** A command line and what it leads to. */
interface Answer extends PageSink {
  readonly argv: readonly string[]
  readonly version: string
  found(line: CommandLine): void
}

/** The command that the line names is built whole; where it names none, all of them, as far as the page of the program shows them. */
function buildProgram(answer: Answer): Command {
  const { argv, version } = answer
  const program = new Command('cloudtrail-pd')
    .description('Routes AWS CloudTrail events to PagerDuty, tests the whole path end to end, and keeps it healthy.')
    .version(version, '-v, --version', 'show the version')
  settle(program, answer)
  const below = (lines: (width: number) => readonly string[]) => () => ['', ...lines(answer.columns())].join('\n')
  const topics = `Help topics: ${Object.keys(TOPICS).join(', ')}`
  program.addHelpText(
    'after',
    below((width) => [...exampleLines(COMMANDS.init.examples.slice(0, 2), width), '', ...wrap(topics, width)]),
  )
  const named = commandNameOf(argv)
  const names = isCommand(named) ? [named] : (Object.keys(COMMANDS) as CommandName[])
  for (const name of names) {
    const [first = '', second] = name.split(' ')
    const parent = second === undefined ? program : groupIn(program, first, answer)
    parent.addCommand(name === named ? buildCommand(name, second ?? first, answer) : outline(name, second ?? first))
  }
  if (isCommand(named)) return program
  const help = settle(new Command('help').summary('show help for a command or topic'), answer).arguments('[name...]')
  help.description('Show help for a command or topic.')
  help.addHelpText(
    'after',
    below((width) => [...topicLines(width), '', ...exampleLines(HELP_EXAMPLES, width)]),
  )
  help.action(() => answer.found(helpPage(help.args, answer)))
  const said = settle(new Command('version').summary('show the version').description('Show the version.'), answer)
  said.option('--json', 'print one JSON document')
  said.addHelpText(
    'after',
    below((width) => exampleLines([['cloudtrail-pd version', 'the same as --version']], width)),
  )
  said.action(() => answer.found({ kind: 'page', text: version, json: { version } }))
  return program.addCommand(help).addCommand(said)
}

const HELP_EXAMPLES = [
  ['cloudtrail-pd help pattern test', 'the same as pattern test --help'],
  ['cloudtrail-pd help permissions', 'a topic'],
] as const

function topicLines(width: number): readonly string[] {
  const longest = Math.max(...Object.keys(TOPICS).map((name) => name.length))
  return ['Topics:', ...Object.entries(TOPICS).map(([name, says]) => item(name, longest, says, width))]
}

/** Columns that the description of an option needs beside it; with less it stands below. */
const DESCRIPTION_WIDTH = 32

/** An entry of a list, on a line or more. */
function item(term: string, termWidth: number, description: string, width: number): string {
  if (description === '') return `  ${term}`
  const beside = width - termWidth - 4 >= DESCRIPTION_WIDTH
  const lines = beside
    ? hanging(`  ${term.padEnd(termWidth)}  `, description, width)
    : [`  ${term}`, ...hanging('      ', description, width)]
  return lines.join('\n')
}

/** The command that only groups others, made when the first of them comes. */
function groupIn(program: Command, group: string, page: PageSink): Command {
  const made = program.commands.find((command) => command.name() === group)
  if (made !== undefined) return made
  const summary = GROUPS[group] ?? ''
  const command = settle(new Command(group).summary(summary).description(sentence(summary)), page)
  program.addCommand(command)
  return command
}

/** As much of a command as the list of commands shows. */
function outline(name: CommandName, word: string): Command {
  const { summary, operands } = COMMANDS[name]
  const command = new Command(word).summary(summary)
  return operands === undefined ? command : command.arguments(operands)
}

function buildCommand(name: CommandName, word: string, answer: Answer): Command {
  const { argv, found } = answer
  const row = COMMANDS[name]
  const command = settle(outline(name, word), answer).description(sentence(row.summary))
  const given = new Map<OptionName, readonly string[]>()
  for (const option of commonLast(optionsIn(argv, name), name)) {
    command.addOption(buildOption(name, option, given))
    if (OPTIONS[option].value.preset !== undefined) command.addOption(buildDenial(name, option, given))
  }
  command.addHelpText('after', () => {
    const width = answer.columns()
    return ['', ...exampleLines(row.examples, width), '', ...wrap(VARIABLES, width)].join('\n')
  })
  command.action(() =>
    found({ kind: 'command', command: name, given: Object.fromEntries(given), operands: command.args }),
  )
  return command
}

/** The options that the line may mean, because to build them all takes as long as all the rest; a page of help names all. */
function optionsIn(argv: readonly string[], command: CommandName): readonly OptionName[] {
  const all = optionsOf(command)
  if (argv.includes('--help') || argv.some(isShort)) return all
  const flags = new Set(argv.map((word) => word.split('=')[0]))
  return all.filter((option) => flags.has(flagOf(option)) || flags.has(denialOf(option)))
}

/** A page shows headings in the order of the first option below each. */
function commonLast(options: readonly OptionName[], command: CommandName): readonly OptionName[] {
  const isCommon = (name: OptionName) => headingOf(name, command) === COMMON
  return [...options.filter((name) => !isCommon(name)), ...options.filter(isCommon)]
}

/** One dash, and letters that may be several options. */
function isShort(word: string): boolean {
  return /^-[^-]/.test(word)
}

function buildOption(command: CommandName, name: OptionName, given: Map<OptionName, readonly string[]>): Option {
  const { value, short, negated } = OPTIONS[name]
  const long = flagOf(name)
  const flags = `${short === undefined ? '' : `-${short}, `}${long}${value.placeholder === undefined ? '' : ` ${value.placeholder}`}`
  const option = new Option(flags, helpOf(name, command))
  option.helpGroup(headingOf(name, command))
  const collect = (text: string) => given.set(name, [...(given.get(name) ?? []), text])
  if (value.preset !== undefined) return option.preset(value.preset).argParser((text: string) => collect(text))
  if (value.placeholder !== undefined) return option.argParser((text: string) => collect(text))
  // A switch has no text of its own; commander calls no parser for it, so its preset speaks.
  return option.preset(negated ? 'false' : 'true').argParser((text: string) => collect(text))
}

/** Of an option whose flag needs no value: `--no-…` says 0. */
function buildDenial(command: CommandName, name: OptionName, given: Map<OptionName, readonly string[]>): Option {
  const option = new Option(denialOf(name)).hideHelp()
  option.helpGroup(headingOf(name, command))
  return option.preset('0').argParser((text: string) => given.set(name, [text]))
}

/** The same manners for every command: no process exit, no colours, text to `write`, as wide as it may be. */
function settle(command: Command, { columns, write }: PageSink): Command {
  return (
    command
      .exitOverride()
      .showSuggestionAfterError(false)
      .helpCommand(false)
      // Without it the program itself would take the -- away that ends a command's options.
      .enablePositionalOptions()
      .allowExcessArguments(false)
      .helpOption('-h, --help', 'show this page')
      .configureHelp({
        showGlobalOptions: false,
        // Every command has options, also one of which only the outline was built.
        commandUsage: (one) => wrap(new Help().commandUsage(one), columns() - USAGE.length).join(`\n${USAGE}`),
        formatItem: (term, termWidth, description) => item(term, termWidth, description, columns()),
        // It would leave the description of a narrow page unbroken.
        minWidthToWrap: 20,
        subcommandTerm: (one) => (one.commands.length > 0 ? one.name() : `${one.name()} ${one.usage()}`),
      })
      .configureOutput({
        writeOut: write,
        writeErr: write,
        // Complaints are told in our own words.
        outputError: () => {},
        getOutHelpWidth: columns,
        getErrHelpWidth: columns,
        getOutHasColors: () => false,
      })
  )
}

/** What further lines of the usage begin with. */
const USAGE = ' '.repeat('Usage: '.length)

function exampleLines(examples: readonly (readonly [string, string])[], width: number): readonly string[] {
  return [
    'Examples:',
    ...examples.flatMap(([line, does]) => [
      ...pasted(line.startsWith('aws ') ? line : `npx ${line}`, width),
      ...hanging('      ', does, width),
    ]),
  ]
}

/** Broken before its options and its pipes where it is too long, so that it can be pasted. */
function pasted(line: string, width: number): readonly string[] {
  if (line.length + 2 <= width) return [`  ${line}`]
  const lines: string[] = []
  for (const part of line.split(/ (?=--[a-z]|\| )/)) {
    const last = lines.at(-1)
    if (last !== undefined && `${last} ${part} \\`.length <= width) lines[lines.length - 1] = `${last} ${part}`
    else lines.push(lines.length === 0 ? `  ${part}` : `    ${part}`)
  }
  return lines.map((one, index) => (index === lines.length - 1 ? one : `${one} \\`))
}

const VARIABLES =
  'Every option except those that approve changes can also be set as an environment variable: CLOUDTRAIL_PD_REGION, CLOUDTRAIL_PD_JSON=1.'

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
