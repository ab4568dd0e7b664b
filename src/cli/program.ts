/** The commander tree from the option table: a command line becomes an invocation, or the text of a help page. */

import { Command, CommanderError, Option } from 'commander'
import type { CommandName, OptionName } from '../options/command-options.ts'
import type { Given } from '../options/read.ts'
import { COMMON, denialOf, flagOf, headingOf, helpOf, isCommand, OPTIONS, optionsOf } from '../options/table.ts'
import { wrap } from '../ui/clean.ts'
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

/** Reads a command line (without `node` and script). Throws usage errors (exit 2); values are judged later. */
export function parseCommandLine(argv: readonly string[], version: string): CommandLine {
  checkName(argv)
  const written: string[] = []
  let found: CommandLine | undefined
  const program = buildProgram({
    argv,
    version,
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
function helpPage(words: readonly string[], version: string): CommandLine {
  const name = words.join(' ')
  if (isTopic(name)) return { kind: 'page', text: topicPage(name) }
  const check = checkHelp(name)
  if (check !== undefined) return { kind: 'page', text: check }
  if (name !== '' && !helpNames().includes(name)) throw unknownCommand(name, helpNames(), '', 'command or topic')
  return parseCommandLine([...words, '--help'], version)
}

/** The lines that ask for a page and nothing else: their answers depend on nothing. */
export function pageLines(): readonly string[] {
  const helps = [...Object.keys(GROUPS), ...Object.keys(COMMANDS), 'help', 'version'].map((name) => `${name} --help`)
  return ['--version', '--help', ...helps]
}

/** A command line and what it leads to. */
interface Answer {
  readonly argv: readonly string[]
  readonly version: string
  write(text: string): void
  found(line: CommandLine): void
}

/** The command that the line names is built whole; where it names none, all of them, as far as the page of the program shows them. */
function buildProgram(answer: Answer): Command {
  const { argv, version, write } = answer
  const program = new Command('cloudtrail-pd')
    .description('Routes AWS CloudTrail events to PagerDuty, tests the whole path end to end, and keeps it healthy.')
    .version(version, '-v, --version', 'show the version')
  settle(program, write)
  program.addHelpText(
    'after',
    `\n${showExamples(COMMANDS.init.examples.slice(0, 2))}\n\n${wrap(`Help topics: ${Object.keys(TOPICS).join(', ')}`, 80).join('\n')}`,
  )
  const named = commandNameOf(argv)
  const names = isCommand(named) ? [named] : (Object.keys(COMMANDS) as CommandName[])
  for (const name of names) {
    const [first = '', second] = name.split(' ')
    const parent = second === undefined ? program : groupIn(program, first, write)
    parent.addCommand(name === named ? buildCommand(name, second ?? first, answer) : outline(name, second ?? first))
  }
  if (isCommand(named)) return program
  const help = settle(new Command('help').summary('show help for a command or topic'), write).arguments('[name...]')
  help.description(`Show help for a command or topic.\n\n${topicList()}`)
  help.addHelpText('after', `\n${showExamples(HELP_EXAMPLES)}`)
  help.action(() => answer.found(helpPage(help.args, version)))
  const said = settle(new Command('version').summary('show the version').description('Show the version.'), write)
  said.option('--json', 'print one JSON document')
  said.addHelpText('after', `\n${showExamples([['cloudtrail-pd version', 'the same as --version']])}`)
  said.action(() => answer.found({ kind: 'page', text: version, json: { version } }))
  return program.addCommand(help).addCommand(said)
}

const HELP_EXAMPLES = [
  ['cloudtrail-pd help pattern test', 'the same as pattern test --help'],
  ['cloudtrail-pd help permissions', 'a topic'],
] as const

function topicList(): string {
  const longest = Math.max(...Object.keys(TOPICS).map((name) => name.length))
  return ['Topics:', ...Object.entries(TOPICS).map(([name, says]) => `  ${name.padEnd(longest)}  ${says}`)].join('\n')
}

/** The command that only groups others, made when the first of them comes. */
function groupIn(program: Command, group: string, write: (text: string) => void): Command {
  const made = program.commands.find((command) => command.name() === group)
  if (made !== undefined) return made
  const summary = GROUPS[group] ?? ''
  const command = settle(new Command(group).summary(summary).description(sentence(summary)), write)
  program.addCommand(command)
  return command
}

/** As much of a command as the list of commands shows. */
function outline(name: CommandName, word: string): Command {
  const { summary, operands } = COMMANDS[name]
  const command = new Command(word).summary(summary)
  return operands === undefined ? command : command.arguments(operands)
}

function buildCommand(name: CommandName, word: string, { argv, write, found }: Answer): Command {
  const row = COMMANDS[name]
  const command = settle(outline(name, word), write).description(sentence(row.summary))
  const given = new Map<OptionName, readonly string[]>()
  for (const option of commonLast(optionsIn(argv, name), name)) {
    command.addOption(buildOption(name, option, given))
    if (OPTIONS[option].value.preset !== undefined) command.addOption(buildDenial(name, option, given))
  }
  command.addHelpText('after', `\n${showExamples(row.examples)}\n\n${VARIABLES}`)
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

/** The same manners for every command: no process exit, no colours, text to `write`. */
function settle(command: Command, write: (text: string) => void): Command {
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
        helpWidth: 80,
        showGlobalOptions: false,
        // Every command has options, also one of which only the outline was built.
        subcommandTerm: (one) => (one.commands.length > 0 ? one.name() : `${one.name()} ${one.usage()}`),
      })
      .configureOutput({
        writeOut: write,
        writeErr: write,
        // Complaints are told in our own words.
        outputError: () => {},
        getOutHelpWidth: () => 80,
        getOutHasColors: () => false,
      })
  )
}

function showExamples(examples: readonly (readonly [string, string])[]): string {
  return ['Examples:', ...examples.flatMap(([line, does]) => [`  npx ${line}`, `      ${does}`])].join('\n')
}

const VARIABLES = `Every option except those that approve changes can also be set as an environment
variable: CLOUDTRAIL_PD_REGION, CLOUDTRAIL_PD_JSON=1.`

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
