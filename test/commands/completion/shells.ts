/** Asks real shells what they would offer at the end of a line, with the tool's script loaded. */

import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { runTool } from '../../support/tool.ts'

const run = promisify(execFile)

export type Shell = 'bash' | 'zsh' | 'fish'

/** True where this machine has the program. */
export function has(program: string): boolean {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** A folder with the script, two files to complete, and the AWS profiles `default`, `prod` and `keys`. */
export class Desk {
  readonly folder = mkdtempSync(join(tmpdir(), 'cloudtrail-pd-shell-'))

  constructor() {
    writeFileSync(join(this.folder, 'setup.yaml'), '')
    writeFileSync(join(this.folder, 'set up.yaml'), '')
    writeFileSync(join(this.folder, 'config'), '[default]\n[profile prod]\n[sso-session one]\nregion = us-east-1\n')
    writeFileSync(join(this.folder, 'credentials'), '[keys]\n')
  }

  /** What each line is completed with, without what the words mean; the line is cut into words at blanks. */
  async offered(shell: Shell, lines: readonly string[]): Promise<readonly (readonly string[])[]> {
    const { exit, stdout } = await runTool(['completion', shell], {})
    if (exit !== 0) throw new Error('there is no script')
    writeFileSync(join(this.folder, '_cloudtrail-pd'), stdout)
    writeFileSync(join(this.folder, 'ask'), ASK[shell](lines))
    const env = {
      PATH: process.env.PATH,
      HOME: this.folder,
      LC_ALL: 'C.UTF-8',
      TERM: 'xterm',
      AWS_CONFIG_FILE: join(this.folder, 'config'),
      AWS_SHARED_CREDENTIALS_FILE: join(this.folder, 'credentials'),
    }
    const args = { bash: ['--norc', 'ask'], zsh: ['-f', 'ask'], fish: ['--no-config', 'ask'] }[shell]
    const answer = await run(shell, args, { cwd: this.folder, env, timeout: 60_000 })
    if (answer.stderr !== '') throw new Error(answer.stderr)
    const blocks = answer.stdout.split('=\n').slice(0, -1)
    return blocks.map((block) => [...new Set(block.split('\n').filter((word) => word !== ''))].sort())
  }

  /** What fish shows for each line: words, and behind a tab what they mean. */
  async saidByFish(lines: readonly string[]): Promise<readonly string[]> {
    await this.offered('fish', [])
    const ask = `source ./_cloudtrail-pd\n${lines.map((line) => `complete -C ${quoted(line)}\necho =`).join('\n')}`
    const { stdout } = await run('fish', ['--no-config', '-c', ask], { cwd: this.folder, timeout: 60_000 })
    return stdout
      .split('=\n')
      .slice(0, -1)
      .map((block) => block.trimEnd().replaceAll(/\t$/gm, ''))
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

const ASK: Readonly<Record<Shell, (lines: readonly string[]) => string>> = {
  bash: (lines) => `source ./_cloudtrail-pd
ask() {
  COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
  _cloudtrail_pd
  printf '%s\\n' "\${COMPREPLY[@]}" =
}
${lines.map((line) => `ask ${words(line).map(quoted).join(' ')}`).join('\n')}`,

  fish: (lines) => `source ./_cloudtrail-pd
${lines.map((line) => `complete -C ${quoted(line)} | string replace -r '\\t.*' ''\necho =`).join('\n')}`,

  // Only a terminal completes, and only inside of a completion can the matches be seen.
  zsh: (lines) => `zmodload zsh/zpty zsh/zselect
rm -f found
zpty shell zsh -f -i
zpty -w shell 'autoload -Uz compinit; fpath=($PWD $fpath); compinit -u -D; LISTMAX=9999; stty rows 500 columns 200
compadd() {
  [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]] && { builtin compadd "$@"; return }
  local -a hits; builtin compadd -A hits "$@"; print -rl -- $hits >> found
  builtin compadd "$@"
}
probe() { zle list-choices; print = >> found }
zle-line-init() { print = >> found }
zle -N probe; zle -N zle-line-init; bindkey "^T" probe'
await() {
  local -i tries=0
  until [[ -s found && $(tail -n 1 found) == = ]] || (( tries++ > 1000 )); do
    while zpty -r -t shell said; do :; done
    zselect -t 1
  done
}
ask() {
  rm -f found
  zpty -w -n shell $'\\C-u'"$1"$'\\C-t'
  await
  cat found
}
await
${lines.map((line) => `ask ${quoted(line)}`).join('\n')}
zpty -d shell`,
}

function words(line: string): readonly string[] {
  return line.split(' ')
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
