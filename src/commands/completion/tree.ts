/** What can be completed, from the tables of commands, options and detections; each shell has its own way to say it. */

import { catalogue } from '../../detections/catalogue.ts'
import { packs } from '../../detections/select.ts'
import { regionsOf } from '../../domain/regions.ts'
import { type CommandName, type OptionName, SHELLS } from '../../options/command-options.ts'
import { denialOf, flagOf, headingOf, helpOf, OPTIONS, type OptionSpec, optionsOf } from '../../options/table.ts'

/** The commands that there are; `help`, `version` and the groups are no commands of their own. */
export interface Outline {
  readonly commands: readonly CommandOutline[]
  readonly groups: Readonly<Record<string, string>>
  readonly topics: Readonly<Record<string, string>>
}

interface CommandOutline {
  readonly name: CommandName
  readonly summary: string
  readonly operands: string | undefined
}

/** A word with what it means, where that is known. */
export interface Word {
  readonly word: string
  readonly says?: string
}

/** What may stand for a value; `listed` values are joined by commas. */
export type Values =
  | { readonly kind: 'words'; readonly words: readonly Word[]; readonly listed?: boolean }
  /** `detections` and `packs` are long, so a script holds them once. */
  | { readonly kind: 'detections' | 'packs' | 'files' | 'profiles'; readonly listed?: boolean }
  | { readonly kind: 'any' }

export interface CompletedOption {
  readonly flag: string
  readonly short: string | undefined
  readonly says: string
  readonly repeats: boolean
  /** Undefined for a switch. */
  readonly value: { readonly name: string; readonly optional: boolean; readonly values: Values } | undefined
}

export interface CompletedCommand {
  /** Such as `init` or `pattern lint`. */
  readonly name: string
  readonly options: readonly CompletedOption[]
  /** For each operand, in its order; the last may be repeated. */
  readonly operands: readonly Values[]
  readonly lastRepeats: boolean
}

export interface Tree {
  /** The words that may stand first, and behind the name of each group and behind `help`. */
  readonly first: readonly Word[]
  readonly below: Readonly<Record<string, readonly Word[]>>
  readonly commands: readonly CompletedCommand[]
  readonly detections: readonly Word[]
  readonly packs: readonly Word[]
}

export function treeOf({ commands, groups, topics }: Outline): Tree {
  const single = commands.filter(({ name }) => !name.includes(' '))
  const first = [
    ...single.map(({ name, summary }) => ({ word: name, says: summary })),
    ...Object.entries(groups).map(([word, says]) => ({ word, says })),
    { word: 'help', says: 'show help for a command or topic' },
    { word: 'version', says: 'show the version' },
  ]
  const grouped = Object.keys(groups).map((group) => [group, membersOf(group, commands)] as const)
  const help = [...first, ...Object.entries(topics).map(([word, says]) => ({ word, says }))]
  return {
    first,
    below: { ...Object.fromEntries(grouped), help },
    commands: [
      ...commands.map(completed),
      { name: 'version', options: [VERSION_JSON, HELP], operands: [], lastRepeats: false },
      { name: 'help', options: [HELP], operands: [], lastRepeats: false },
    ],
    detections: catalogue.map(({ id, title }) => ({ word: id, says: title })),
    packs: packs.map(({ name, description }) => ({ word: name, says: description })),
  }
}

function membersOf(group: string, commands: readonly CommandOutline[]): readonly Word[] {
  const members = commands.filter(({ name }) => name.startsWith(`${group} `))
  return members.map(({ name, summary }) => ({ word: name.slice(group.length + 1), says: summary }))
}

const HELP: CompletedOption = {
  flag: '--help',
  short: '-h',
  says: 'show this page',
  repeats: false,
  value: undefined,
}

const VERSION_JSON: CompletedOption = {
  flag: '--json',
  short: undefined,
  says: 'print one JSON document',
  repeats: false,
  value: undefined,
}

function completed({ name, operands = '' }: CommandOutline): CompletedCommand {
  const words = operands.split(' ').filter((word) => word !== '')
  return {
    name,
    options: [...optionsOf(name).flatMap((option) => completedOption(option, name)), HELP],
    operands: words.map(operandValues),
    lastRepeats: operands.endsWith('...]'),
  }
}

function completedOption(name: OptionName, command: CommandName): readonly CompletedOption[] {
  const { value, short } = OPTIONS[name] as OptionSpec
  const { placeholder, preset, join } = value
  const option: CompletedOption = {
    flag: flagOf(name),
    short: short === undefined ? undefined : `-${short}`,
    says: helpOf(name, command) ?? headingOf(name, command),
    repeats: join !== undefined,
    value:
      placeholder === undefined
        ? undefined
        : { name: bare(placeholder), optional: preset !== undefined, values: optionValues(name, placeholder) },
  }
  if (preset === undefined) return [option]
  const denial = { flag: denialOf(name), short: undefined, says: `do without ${flagOf(name)}`, repeats: false }
  return [option, { ...denial, value: undefined }]
}

function optionValues(name: OptionName, placeholder: string): Values {
  const { choices } = OPTIONS[name].value
  // A key of PagerDuty has regions of its own, which are choices.
  if (choices !== undefined) return { kind: 'words', words: choices.map((word) => ({ word })) }
  if (name === 'region') return { kind: 'words', words: regionsOf('aws', 'us-east-1').map((word) => ({ word })) }
  if (name === 'profile') return { kind: 'profiles' }
  const listed = placeholder.includes(',...')
  if (/\bid\|pack\b/.test(placeholder)) return { kind: 'packs', listed }
  return /^[<[](?:file|path)\b/.test(placeholder) ? { kind: 'files', listed } : { kind: 'any' }
}

function operandValues(operand: string): Values {
  if (operand === '<id>') return { kind: 'detections' }
  if (operand === '<shell>') return { kind: 'words', words: SHELLS.map((word) => ({ word })) }
  return operand.includes('files') ? { kind: 'files' } : { kind: 'any' }
}

function bare(placeholder: string): string {
  return placeholder.replaceAll(/^[<[]|[>\]]$/g, '')
}

/** The command of sed with which a shell lists the AWS profiles of this machine, as the AWS CLI finds their files. */
export const PROFILES = [
  `sed -n -e 's/^\\[profile  *\\([^]]*\\)\\].*/\\1/p' -e 's/^\\[\\(default\\)\\].*/\\1/p'`,
  `sed -n -e 's/^\\[\\([^]]*\\)\\].*/\\1/p'`,
] as const
