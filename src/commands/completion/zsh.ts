/** Completion for zsh, by _arguments. */

import { type CompletedCommand, type CompletedOption, PROFILES, type Tree, type Values, type Word } from './tree.ts'

export function zshScript(tree: Tree): string {
  return `#compdef cloudtrail-pd
# zsh completion for cloudtrail-pd

_cloudtrail_pd_ids() {
  local -a ids=(${described(tree.detections)})
  _describe -t detections detection ids
}

_cloudtrail_pd_ids_and_packs() {
  local -a words=(${listed([...tree.packs, ...tree.detections])})
  _values -s , 'detections and packs' $words
}

_cloudtrail_pd_profiles() {
  local -a profiles=(\${(f)"$({
    ${PROFILES[0]} "\${AWS_CONFIG_FILE:-$HOME/.aws/config}"
    ${PROFILES[1]} "\${AWS_SHARED_CREDENTIALS_FILE:-$HOME/.aws/credentials}"
  } 2>/dev/null)"})
  compadd -a profiles
}

${Object.entries(tree.below)
  .map(([group, members]) => groupFunction(group, members, tree.commands))
  .join('\n\n')}

_cloudtrail-pd() {
  local curcontext="$curcontext" state line ret=1
  local -a commands=(${described(tree.first)})
  typeset -A opt_args
  _arguments -C \\
    '(- *)'{-h,--help}'[show this page]' \\
    '(- *)'{-v,--version}'[show the version]' \\
    '1: :{ _describe -t commands command commands }' \\
    '*:: :->rest' && ret=0
  if [[ $state == rest ]]; then
    case $line[1] in
${tree.commands
  .filter(({ name }) => !name.includes(' ') && name !== 'help')
  .map((command) => commandCase(command, command.name))
  .join('\n')}
${Object.keys(tree.below)
  .map((group) => `      ${group}) _cloudtrail_pd_${group} && ret=0 ;;`)
  .join('\n')}
    esac
  fi
  return ret
}

# Read as a file of fpath, it is the body of the function; read by source, it names the function.
if [[ $funcstack[1] == _cloudtrail-pd ]]; then
  _cloudtrail-pd "$@"
else
  compdef _cloudtrail-pd cloudtrail-pd
fi`
}

function groupFunction(group: string, members: readonly Word[], commands: readonly CompletedCommand[]): string {
  const own = commands.filter(({ name }) => name.startsWith(`${group} `))
  return `_cloudtrail_pd_${group}() {
  local curcontext="$curcontext" state line ret=1
  local -a commands=(${described(members)})
  typeset -A opt_args
  _arguments -C \\
    '(- *)'{-h,--help}'[show this page]' \\
    '1: :{ _describe -t commands command commands }' \\
    '*:: :->rest' && ret=0
  if [[ $state == rest ]]; then
    case $line[1] in
${own.map((command) => commandCase(command, command.name.slice(group.length + 1))).join('\n')}
      *) ;;
    esac
  fi
  return ret
}`
}

function commandCase({ options, operands, lastRepeats }: CompletedCommand, word: string): string {
  const specs = [
    ...options.map(optionSpec),
    ...operands.map((values, at) => operandSpec(values, at + 1, lastRepeats && at === operands.length - 1)),
  ]
  return `      ${word}) _arguments -S \\
${specs.map((spec) => `        ${spec}`).join(' \\\n')} && ret=0 ;;`
}

function optionSpec({ flag, short, says, repeats, value }: CompletedOption): string {
  const help = `[${escaped(says)}]`
  const taken =
    value === undefined ? '' : `${value.optional ? '::' : ':'}${escaped(value.name)}:${actionOf(value.values)}`
  const long = value === undefined ? flag : `${flag}=`
  if (short === undefined) return text(`${repeats ? '*' : ''}${long}${help}${taken}`)
  return `${text(`(${short} ${flag})`)}{${short},${long}}${text(`${help}${taken}`)}`
}

function operandSpec(values: Values, at: number, repeats: boolean): string {
  return text(`${repeats ? '*' : at}: :${actionOf(values)}`)
}

function actionOf(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `(${values.words.map(({ word }) => word).join(' ')})`
    case 'detections':
      return '_cloudtrail_pd_ids'
    case 'packs':
      return '_cloudtrail_pd_ids_and_packs'
    case 'profiles':
      return '_cloudtrail_pd_profiles'
    case 'files':
      return '_files'
    case 'any':
      // No action, so that only the name of the value is shown.
      return ' '
  }
}

/** For _describe: the word and its meaning with a colon between. */
function described(words: readonly Word[]): string {
  return words.map(({ word, says = '' }) => text(`${word.replaceAll(':', '\\:')}:${says}`)).join(' ')
}

/** For _values: the meaning in square brackets. */
function listed(words: readonly Word[]): string {
  return words.map(({ word, says = '' }) => text(`${word}[${escaped(says)}]`)).join(' ')
}

/** As _arguments and _values want brackets, colons and backslashes. */
function escaped(says: string): string {
  return says.replaceAll(/[\\[\]:]/g, '\\$&')
}

function text(words: string): string {
  return `'${words.replaceAll("'", "'\\''")}'`
}
