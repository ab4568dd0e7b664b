/** Completion for bash, from 3.2, which macOS has: no associative arrays, and compopt only where there is one. */

import { quoted } from '../../next-command.ts'
import { type CompletedCommand, PROFILES, type Tree, type Values, type Word } from './tree.ts'

export function bashScript(tree: Tree): string {
  return `# bash completion for cloudtrail-pd

_cloudtrail_pd_words() {
  local IFS=$' \\t\\n'
  COMPREPLY=($(compgen -W "$1" -- "$cur"))
}

_cloudtrail_pd_list() {
  local IFS=$' \\t\\n' last=\${cur##*,}
  COMPREPLY=($(compgen -P "\${cur%"$last"}" -W "$1" -- "$last"))
}

_cloudtrail_pd_files() {
  local IFS=$'\\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen -f -- "$cur"))
}

_cloudtrail_pd_profiles() {
  local IFS=$'\\n'
  COMPREPLY=($(compgen -W "$({
    ${PROFILES[0]} "\${AWS_CONFIG_FILE:-$HOME/.aws/config}"
    ${PROFILES[1]} "\${AWS_SHARED_CREDENTIALS_FILE:-$HOME/.aws/credentials}"
  } 2>/dev/null | sort -u)" -- "$cur"))
}

_cloudtrail_pd() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]}
  local command=\${COMP_WORDS[1]} at=2 options='' ended='' operand=0 word
  local detections=${wordsText(tree.detections)}
  local packs=${wordsText(tree.packs)}
  COMPREPLY=()
  # --option=value comes as three words.
  if [[ $cur == = ]]; then
    cur=''
  elif [[ $prev == = ]]; then
    prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  if [[ $COMP_CWORD -eq 1 ]]; then
    _cloudtrail_pd_words ${wordsText([...tree.first, { word: '--help' }, { word: '--version' }])}
    return
  fi
  case $command in
${Object.entries(tree.below).map(below).join('\n')}
  esac
  for word in "\${COMP_WORDS[@]:at:COMP_CWORD-at}"; do
    [[ $word == -- ]] && ended=1
  done
  [[ $ended ]] && prev=''
  case $command in
${tree.commands.map(commandCase).join('\n')}
  esac
  if [[ $cur == -* || $operand -eq 0 ]] && [[ ! $ended ]]; then
    _cloudtrail_pd_words "$options"
  fi
}

complete -F _cloudtrail_pd cloudtrail-pd`
}

/** The members of a group stand second; so do the names that help knows. */
function below([group, members]: readonly [string, readonly Word[]]): string {
  return `    ${group})
      if [[ $COMP_CWORD -eq 2 ]]; then
        _cloudtrail_pd_words ${wordsText([...members, { word: '--help' }])}
        return
      fi
      ${group === 'help' ? ':' : `command="$command \${COMP_WORDS[2]}" at=3`}
      ;;`
}

function commandCase({ name, options, operands }: CompletedCommand): string {
  const words = options.flatMap(({ flag, short }) => [...(short === undefined ? [] : [short]), flag])
  const withValue = options.filter(({ value }) => value !== undefined && !value.optional)
  const groups = new Map<string, string[]>()
  for (const { flag, value } of withValue) {
    const action = actionOf(value?.values ?? { kind: 'any' })
    groups.set(action, [...(groups.get(action) ?? []), flag])
  }
  const cases = [...groups].map(([action, flags]) => `        ${flags.join('|')}) ${action} ;;`)
  const [operand] = operands.map(actionOf).filter((action) => action !== 'return')
  return `    ${quoted(name)})
      options=${quoted(words.join(' '))}${
        cases.length === 0 ? '' : `\n      case $prev in\n${cases.join('\n')}\n      esac`
      }${operand === undefined ? '' : `\n      operand=1\n      [[ $cur != -* || $ended ]] && ${operand.replace('; return', '')}`}
      ;;`
}

function actionOf(values: Values): string {
  switch (values.kind) {
    case 'words':
      return `_cloudtrail_pd_words ${wordsText(values.words)}; return`
    case 'detections':
      return '_cloudtrail_pd_words "$detections"; return'
    case 'packs':
      return '_cloudtrail_pd_list "$packs $detections"; return'
    case 'files':
      return '_cloudtrail_pd_files; return'
    case 'profiles':
      return '_cloudtrail_pd_profiles; return'
    case 'any':
      return 'return'
  }
}

function wordsText(words: readonly Word[]): string {
  return quoted(words.map(({ word }) => word).join(' '))
}
