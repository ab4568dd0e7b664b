/** Completion for fish. */

import { type CompletedCommand, type CompletedOption, PROFILES, type Tree, type Values, type Word } from './tree.ts'

export function fishScript(tree: Tree): string {
  return `# fish completion for cloudtrail-pd

# True where the line is about this command, or about none yet.
function __cloudtrail_pd_on
    set -l words (commandline -opc)
    set -e words[1]
    test (count $argv) -eq 0; and test (count $words) -gt 0; and return 1
    test (count $words) -ge (count $argv); or return 1
    for at in (seq (count $argv))
        test "$words[$at]" = "$argv[$at]"; or return 1
    end
end

# True where the next word is the one behind these.
function __cloudtrail_pd_behind
    __cloudtrail_pd_on $argv; and test (count (commandline -opc)) -eq (math (count $argv) + 1)
end

# The words with what stands before the last comma in front of each.
function __cloudtrail_pd_list
    set -l before (commandline -ct | string replace -r '^--[^=]*=' '' | string replace -r '[^,]*$' '')
    printf "$before%s\\n" $argv
end

function __cloudtrail_pd_detections
    printf '%s\\t%s\\n' ${tree.detections.map(pair).join(' ')}
end

function __cloudtrail_pd_packs
    printf '%s\\t%s\\n' ${tree.packs.map(pair).join(' ')}
    __cloudtrail_pd_detections
end

function __cloudtrail_pd_profiles
    set -l config ~/.aws/config
    set -l credentials ~/.aws/credentials
    set -q AWS_CONFIG_FILE; and set config $AWS_CONFIG_FILE
    set -q AWS_SHARED_CREDENTIALS_FILE; and set credentials $AWS_SHARED_CREDENTIALS_FILE
    begin
        ${inFish(PROFILES[0])} $config
        ${inFish(PROFILES[1])} $credentials
    end 2>/dev/null | sort -u
end

complete -c cloudtrail-pd -f
complete -c cloudtrail-pd -n __cloudtrail_pd_on -s h -l help -d 'show this page'
complete -c cloudtrail-pd -n __cloudtrail_pd_on -s v -l version -d 'show the version'
${tree.first.map((word) => wordLine('__cloudtrail_pd_on', word)).join('\n')}
${Object.entries(tree.below)
  .flatMap(([group, members]) => members.map((word) => wordLine(`__cloudtrail_pd_behind ${group}`, word)))
  .join('\n')}
${tree.commands.flatMap(commandLines).join('\n')}`
}

function wordLine(condition: string, { word, says = '' }: Word): string {
  return `complete -c cloudtrail-pd -n ${text(condition)} -a ${word} -d ${text(says)}`
}

function commandLines({ name, options, operands, lastRepeats }: CompletedCommand): readonly string[] {
  const on = text(`__cloudtrail_pd_on ${name}`)
  const behind = text(`__cloudtrail_pd_behind ${name}`)
  return [
    ...options.map((option) => optionLine(on, option)),
    ...operands.flatMap((values) => {
      const words = wordsOf(values)
      if (values.kind === 'files') return [`complete -c cloudtrail-pd -n ${on} -F`]
      return words === undefined ? [] : [`complete -c cloudtrail-pd -n ${lastRepeats ? on : behind} -a ${words}`]
    }),
  ]
}

function optionLine(on: string, { flag, short, says, value }: CompletedOption): string {
  const names = [...(short === undefined ? [] : [`-s ${short.slice(1)}`]), `-l ${flag.slice(2)}`].join(' ')
  const line = `complete -c cloudtrail-pd -n ${on} ${names}`
  if (value === undefined || value.optional) return `${line} -d ${text(says)}`
  const words = wordsOf(value.values)
  const taken = value.values.kind === 'files' ? '-r -F' : `-x${words === undefined ? '' : ` -a ${words}`}`
  return `${line} ${taken} -d ${text(says)}`
}

function wordsOf(values: Values): string | undefined {
  switch (values.kind) {
    case 'words':
      // Behind a tab stands what a word means; without one, fish shows there what the option is for, at each word.
      return text(values.words.map(({ word }) => `${word}\\t`).join(' '))
    case 'detections':
      return text('(__cloudtrail_pd_detections)')
    case 'packs':
      return text('(__cloudtrail_pd_list (__cloudtrail_pd_packs))')
    case 'profiles':
      return text('(__cloudtrail_pd_profiles)')
    case 'files':
    case 'any':
      return undefined
  }
}

function pair({ word, says = '' }: Word): string {
  return `${word} ${text(says)}`
}

/** One word of fish: in single quotes only a quote and a backslash are more than themselves. */
function text(words: string): string {
  return `'${words.replaceAll(/[\\']/g, '\\$&')}'`
}

/** A command of a POSIX shell whose backslashes stand in single quotes: fish reads \\\\ there as one. */
function inFish(command: string): string {
  return command.replaceAll('\\', '\\\\')
}
