/** The commander tree from the option table: a command line becomes an invocation, or the text of a help page. */

import { Command, CommanderError, Option } from 'commander'
import type { Report } from './commands/report.ts'
import type { Deps } from './deps.ts'
import { usage } from './errors.ts'
import type { CommandName, OptionName, OptionsOf } from './options/command-options.ts'
import { flagOf, isCommand, OPTIONS, optionsOf } from './options/options.ts'
import type { Given } from './options/read.ts'
import { nearest } from './spelling.ts'

/** What stood on a command line. */
export type CommandLine = { readonly kind: 'page'; readonly text: string } | CommandCall

export interface CommandCall {
  readonly kind: 'command'
  readonly command: CommandName
  readonly given: Given
  readonly operands: readonly string[]
}

interface CommandRow<C extends CommandName> {
  readonly summary: string
  /** Such as `<id>` or `<pattern> [files...]`. */
  readonly operands?: string
  /** Lines of `--help`: a command and what it does. */
  readonly examples: readonly (readonly [string, string])[]
  /** Loads the command and runs it. */
  run(options: OptionsOf[C], deps: Deps, operands: readonly string[]): Promise<Report>
}

/** The short form of CIS for console sign-ins without MFA: the pattern that people paste most. */
const NO_MFA = '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }'

/** A command exists because it has a row here. */
const COMMANDS: { readonly [C in CommandName]: CommandRow<C> } = {
  init: {
    summary: 'set up the chain from CloudTrail to PagerDuty; safe to run again',
    examples: [
      ['cloudtrail-pd init', 'ask what is needed, show the plan, apply it'],
      ['cloudtrail-pd init --sandbox', 'try it without any account'],
      ['cloudtrail-pd init --dry-run', 'show the plan, change nothing'],
      ['cloudtrail-pd init --config cloudtrail-pd.yaml --yes', 'ask nothing: for scripts'],
      ['cloudtrail-pd init --detections cis-1.4 --exclude vpc-changes', 'choose what pages'],
    ],
    run: async (options, deps) => (await import('./commands/init.ts')).init(options, deps),
  },
  doctor: {
    summary: 'verify every chain in the account and region, whoever made it',
    examples: [
      ['cloudtrail-pd doctor', 'what works, what does not, and what to do'],
      ['cloudtrail-pd doctor --fix', 'show what can be repaired, and ask'],
      ['cloudtrail-pd doctor --all-regions --accounts Audit', 'the whole organization'],
      ['cloudtrail-pd doctor --json --strict', 'for scripts: exit 4 when something is wrong'],
    ],
    run: async (options, deps) => (await import('./commands/doctor.ts')).doctor(options, deps),
  },
  destroy: {
    summary: 'remove what init created, nothing else',
    examples: [
      ['cloudtrail-pd destroy', 'show what would be deleted, and ask'],
      ['cloudtrail-pd destroy --delete-trail --yes', 'the trail too, when it is ours'],
    ],
    run: async (options, deps) => (await import('./commands/destroy.ts')).destroy(options, deps),
  },
  test: {
    summary: 'a fire drill: sends a signal through the chain and watches each hop until the incident resolves',
    examples: [
      ['cloudtrail-pd test', 'a real event through the whole chain; says whom it pages and asks'],
      ['cloudtrail-pd test --alarm NAME', 'from this alarm on'],
      ['cloudtrail-pd test --yes --json', 'for a schedule: exit 0 delivered, 5 sent, 1 failed'],
    ],
    run: async (options, deps) => (await import('./commands/test.ts')).test(options, deps),
  },
  events: {
    summary: "who did it: the log events behind the alarm's last ALARM",
    operands: '<alarm>',
    examples: [
      ['cloudtrail-pd events NAME', 'what made the alarm go off'],
      ['cloudtrail-pd events NAME --since 2h', 'all that its filter matched in two hours'],
    ],
    run: async (options, deps, [alarm = '']) => (await import('./commands/events.ts')).events(alarm, options, deps),
  },
  'detections list': {
    summary: 'the detections there are',
    examples: [['cloudtrail-pd detections list', 'id, severity, urgency, tier and title of each']],
    run: async () => (await import('./commands/detections.ts')).listDetections(),
  },
  'detections show': {
    summary: 'one detection: what it matches, why it matters, which scanners accept it',
    operands: '<id>',
    examples: [['cloudtrail-pd detections show root-account-usage', 'the pattern that pages and the published ones']],
    run: async (_options, _deps, [id = '']) => (await import('./commands/detections.ts')).showDetection(id),
  },
  'pattern test': {
    summary: 'which events or log lines a filter pattern matches, as CloudWatch Logs would say',
    operands: '<pattern> [files...]',
    examples: [
      [`cloudtrail-pd pattern test '${NO_MFA}' events.json.gz`, 'a CloudTrail file, a JSON array, or one a line'],
      ["cloudtrail-pd pattern test --lines '[ip, user, status >= 500]' access.log", 'each line as it stands'],
      ["aws logs tail GROUP --format short | npx cloudtrail-pd pattern test -- '-DEBUG' -", 'standard input; -- first'],
    ],
    run: async (options, deps, [pattern = '', ...files]) =>
      (await import('./commands/pattern-test.ts')).testPattern(pattern, files, options, deps),
  },
  'pattern lint': {
    summary: 'what is wrong with a filter pattern, although CloudWatch Logs may well take it',
    operands: '<pattern>',
    examples: [
      [`cloudtrail-pd pattern lint '${NO_MFA}'`, 'exit 4 when a finding fails, 0 otherwise'],
      ["cloudtrail-pd pattern lint --json -- '-DEBUG ERROR'", 'what begins with - comes after --'],
    ],
    run: async (_options, _deps, [pattern = '']) => (await import('./commands/pattern-lint.ts')).lintPattern(pattern),
  },
  'pattern explain': {
    summary: 'a filter pattern in plain words, and for an event which of its terms decided',
    operands: '<pattern>',
    examples: [
      [`cloudtrail-pd pattern explain '${NO_MFA}'`, 'the CIS pattern for console sign-ins without MFA'],
      [`cloudtrail-pd pattern explain '${NO_MFA}' --event login.json`, 'why it pages for this event, or not'],
    ],
    run: async (options, deps, [pattern = '']) =>
      (await import('./commands/pattern-explain.ts')).explainPattern(pattern, options, deps),
  },
}

/** Commands that only group others. */
const GROUPS: Readonly<Record<string, string>> = {
  detections: 'the catalogue of detections',
  pattern: 'the filter-pattern language of CloudWatch Logs, offline',
}

/** Runs a command. */
export function runCommand<C extends CommandName>(
  command: C,
  options: OptionsOf[C],
  deps: Deps,
  operands: readonly string[],
): Promise<Report> {
  return COMMANDS[command].run(options, deps, operands)
}

/** Reads a command line (without `node` and script). Throws usage errors (exit 2); values are judged later. */
export function parseCommandLine(argv: readonly string[], version: string): CommandLine {
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
    if (error.exitCode !== 0 && error.code !== 'commander.help') throw complaint(error, program, argv)
  }
  return found ?? { kind: 'page', text: written.join('').trimEnd() }
}

/** The lines that ask for a page and nothing else: their answers depend on nothing. */
export function pageLines(): readonly string[] {
  const helps = [...Object.keys(GROUPS), ...Object.keys(COMMANDS)].map((name) => `${name} --help`)
  return ['--version', '--help', ...helps]
}

/** The name of the command that a command line begins with, as reports and error documents carry it. */
export function commandNameOf(argv: readonly string[]): string {
  const names = Object.keys(COMMANDS)
  const two = argv.slice(0, 2).join(' ')
  return (
    names.find((name) => name === two) ??
    names.find((name) => name === argv[0]) ??
    argv[0]?.match(/^[a-z]+$/)?.[0] ??
    'cloudtrail-pd'
  )
}

/** A command line and what it leads to. */
interface Answer {
  readonly argv: readonly string[]
  readonly version: string
  write(text: string): void
  found(line: CommandLine): void
}

/** The commands that the line names are built whole; where it names none, all of them, as far as the page of the program shows them. */
function buildProgram(answer: Answer): Command {
  const { argv, version, write } = answer
  const program = new Command('cloudtrail-pd')
    .description('Wires AWS CloudTrail to PagerDuty, proves that the wire works, and keeps it working.')
    .version(version, '--version', 'show the version')
  settle(program, write)
  program.addHelpText(
    'after',
    `\n${showExamples(COMMANDS.init.examples.slice(0, 2))}\n\ncloudtrail-pd <command> --help says more.`,
  )
  const names = Object.keys(COMMANDS) as CommandName[]
  const named = names.filter((name) => name.split(' ').every((word) => argv.includes(word)))
  for (const name of named.length > 0 ? named : names) {
    const [first = '', second] = name.split(' ')
    const parent = second === undefined ? program : groupIn(program, first, write)
    parent.addCommand(named.length > 0 ? buildCommand(name, second ?? first, answer) : outline(name, second ?? first))
  }
  return program
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
  for (const option of optionsIn(argv, name)) command.addOption(buildOption(name, option, given))
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
  return all.filter((option) => flags.has(flagOf(option)))
}

/** One dash, and letters that may be several options. */
function isShort(word: string): boolean {
  return /^-[^-]/.test(word)
}

function buildOption(command: CommandName, name: OptionName, given: Map<OptionName, readonly string[]>): Option {
  const { value, help, short, negated, group } = OPTIONS[name]
  const long = flagOf(name)
  const flags = `${short === undefined ? '' : `-${short}, `}${long}${value.placeholder === undefined ? '' : ` ${value.placeholder}`}`
  const option = new Option(flags, help[command])
  option.helpGroup(group ?? 'Common options:')
  const hear = (text: string) => given.set(name, [...(given.get(name) ?? []), text])
  if (value.placeholder !== undefined) return option.argParser((text: string) => hear(text))
  // A switch has no text of its own; commander calls no parser for it, so its preset speaks.
  return option.preset(negated ? 'false' : 'true').argParser((text: string) => hear(text))
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

const VARIABLES = `Any option that approves nothing can come from a variable: CLOUDTRAIL_PD_ and
its name in capitals, such as CLOUDTRAIL_PD_REGION or CLOUDTRAIL_PD_JSON=1.`

/** A complaint of commander in our words, with what was probably meant. */
function complaint(error: CommanderError, program: Command, argv: readonly string[]) {
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? ''
  const command = commandOf(program, argv)
  const page = `see npx cloudtrail-pd ${commandPath(command)}--help`
  switch (error.code) {
    case 'commander.unknownOption':
      return usage(
        'unknown-option',
        `there is no option ${quoted.split('=')[0]}`,
        meant(quoted.split('=')[0] ?? '', longFlags(argv, command)) ?? (takesPattern(command) ? BEHIND_DASHES : page),
      )
    case 'commander.unknownCommand':
      return usage(
        'unknown-command',
        `there is no command "${quoted}"`,
        meant(
          quoted,
          command.commands.map((one) => one.name()),
        ) ?? page,
      )
    case 'commander.optionMissingArgument':
      return usage('option-value', `${quoted.replace(/^-\w, /, '').split(' ')[0]} needs a value`, `write ${quoted}`)
    case 'commander.missingArgument':
      return usage('missing-argument', `<${quoted}> is missing`, page)
    case 'commander.excessArguments':
      return usage('excess-arguments', 'there are more arguments than this command takes', page)
    default:
      return usage('command-line', error.message.replace(/^error: /, ''), page)
  }
}

/** What was taken for an option may have been a pattern: in this language a word with - in front is an excluded one. */
const BEHIND_DASHES = 'a pattern that begins with - comes after --'

function takesPattern(command: Command): boolean {
  return command.registeredArguments.some((argument) => argument.name() === 'pattern')
}

function commandOf(program: Command, argv: readonly string[]): Command {
  const [first, second] = argv
  const outer = program.commands.find((command) => command.name() === first)
  return outer?.commands.find((command) => command.name() === second) ?? outer ?? program
}

function commandPath(command: Command): string {
  const { parent } = command
  return parent === null ? '' : `${commandPath(parent)}${command.name()} `
}

function longFlags(argv: readonly string[], command: Command): readonly string[] {
  const name = commandNameOf(argv)
  return isCommand(name)
    ? [...optionsOf(name).map(flagOf), '--help']
    : command.options.flatMap(({ long }) => long ?? [])
}

function meant(word: string, known: readonly string[]): string | undefined {
  const [guess] = nearest(word, known)
  return guess === undefined ? undefined : `did you mean ${guess}?`
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
