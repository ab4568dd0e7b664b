/** A command that a person can paste, as a value; text is made of it last. */

export interface NextCommand {
  readonly tool: 'cloudtrail-pd' | 'aws'
  /** Such as `pattern`, `lint` or `sns`, `unsubscribe`; none for the tool itself. */
  readonly words: readonly string[]
  readonly operands: readonly string[]
  /** In the order in which they are written. */
  readonly flags: readonly Flag[]
  /** Environment variables with a secret that it needs. They are no part of the line: a placeholder would hide what is set. */
  readonly secrets: readonly string[]
}

/** A switch has no value. */
export type Flag = readonly [name: string, value?: string]

/** A command of the AWS CLI: its words by spaces, and its options by name; `true` is a switch. */
export function awsCommand(words: string, options: Readonly<Record<string, string>> = {}): NextCommand {
  const flags = Object.entries(options).map(([name, value]): Flag => [`--${name}`, value])
  return { tool: 'aws', words: words.split(' '), operands: [], flags, secrets: [] }
}

/** The command on one line of a POSIX shell. */
export function commandLine(command: NextCommand): string {
  return commandParts(command).join(' ')
}

/** The same in parts that belong together: the command itself, then each option with its value. */
export function commandParts({ tool, words, operands, flags }: NextCommand): readonly string[] {
  // An operand that looks like an option comes after the dashes that end the options.
  const last = operands.some((operand) => operand.startsWith('-'))
  const shown = operands.map(quoted)
  const head = [...(tool === 'cloudtrail-pd' ? ['npx', tool] : [tool]), ...words, ...(last ? [] : shown)]
  return [
    head.join(' '),
    ...flags.map(([name, value]) => (value === undefined ? name : `${name} ${quoted(value)}`)),
    ...(last ? [['--', ...shown].join(' ')] : []),
  ]
}

/** What has to be in the environment, such as `needs PAGERDUTY_TOKEN in the environment`; undefined where nothing has. */
export function neededText({ secrets }: NextCommand): string | undefined {
  return secrets.length === 0 ? undefined : `needs ${secrets.join(' and ')} in the environment`
}

/** A hint: the command on a line of its own, so that it can be pasted, below what it needs. */
export function commandHint(command: NextCommand): string {
  const needed = neededText(command)
  return needed === undefined ? commandLine(command) : `run again; it ${needed}:\n${commandLine(command)}`
}

/** The text as one word of a POSIX shell. */
export function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
