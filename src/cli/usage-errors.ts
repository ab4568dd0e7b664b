/** What is wrong with a command line, in our words, with what was probably meant. */

import type { Command, CommanderError } from 'commander'
import { type AppError, usage } from '../errors.ts'
import { flagOf, isCommand, optionsOf } from '../options/table.ts'
import { didYouMean } from '../spelling.ts'
import { commandNameOf, isDangerous } from './commands.ts'

/** The usage error (exit 2) for what commander complains of. */
export function usageErrorOf(error: CommanderError, program: Command, argv: readonly string[]): AppError {
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? ''
  const command = commandOf(program, argv)
  const page = `see npx cloudtrail-pd ${commandPath(command)}--help`
  switch (error.code) {
    case 'commander.unknownOption': {
      const [flag = ''] = quoted.split('=')
      const short = argv.find((word) => /^-[a-z]=/.test(word))?.slice(0, 2)
      if (flag === '-' && short !== undefined)
        return usage('option-value', `${short} takes no value`, `write ${short} alone`)
      const flags = longFlags(argv, command)
      // A switch with a value is taken for an option that there is not.
      if (flags.includes(flag)) return usage('option-value', `${flag} takes no value`, `write ${flag} alone`)
      const instead = takesPattern(command) ? BEHIND_DASHES : page
      return usage('unknown-option', `there is no option ${flag}`, didYouMean(flag, flags) ?? instead)
    }
    case 'commander.unknownCommand':
      return unknownCommand(
        quoted,
        command.commands.map((one) => one.name()),
        commandPath(command),
      )
    case 'commander.optionMissingArgument':
      return usage('option-value', `${quoted.replace(/^-\w, /, '').split(' ')[0]} needs a value`, `write ${quoted}`)
    case 'commander.missingArgument':
      return usage('missing-argument', `<${quoted}> is missing`, WHERE_TO_FIND[quoted] ?? page)
    case 'commander.excessArguments':
      return usage('excess-arguments', excessText(command), page)
    default:
      return usage('command-line', error.message.replace(/^error: /, ''), page)
  }
}

function excessText({ args, registeredArguments }: Command): string {
  const [first] = args.slice(registeredArguments.length)
  return first === undefined ? 'too many arguments for this command' : `this command takes no argument "${first}"`
}

/** The usage error (exit 2) for a name that is not `known` after `path`. What is proposed instead neither pages nor deletes. */
export function unknownCommand(word: string, known: readonly string[], path: string, kind = 'command'): AppError {
  const harmless = known.filter((name) => !isDangerous(`${path}${name}`))
  const instead = didYouMean(word, harmless) ?? `see npx cloudtrail-pd ${path}--help`
  return usage('unknown-command', `there is no ${kind} "${word}"`, instead)
}

/** What shows the names that an argument may have; for any other the page of help says what it is. */
const WHERE_TO_FIND: Readonly<Record<string, string>> = {
  alarm: 'see all alarms that page: npx cloudtrail-pd doctor',
  id: 'see all ids: npx cloudtrail-pd detections list',
}

/** What was taken for an option may have been a pattern: in this language a word with - in front is an excluded one. */
const BEHIND_DASHES = 'put a pattern that starts with - after --'

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
