/** How a run talks: the few switches that also have to hold when the command line itself is wrong. */

import { createScrubber, Secret } from '../domain/secret.ts'
import { flagOf, OPTION_NAMES, OPTIONS, variableOf } from '../options/table.ts'
import type { Env } from '../ports.ts'
import { createOutput, type Output } from '../ui/output.ts'
import { type Theme, themeFor } from '../ui/theme.ts'
import { commandNameOf } from './commands.ts'
import type { Platform } from './platform.ts'

export interface OutputMode {
  /** As reports and error documents name it. */
  readonly command: string
  readonly json: boolean
  /** No cursor movement. */
  readonly plain: boolean
  readonly verbose: boolean
  readonly outTheme: Theme
  readonly errTheme: Theme
  readonly output: Output
  /** Takes a secret, in whatever form it was given, out of everything that is written from now on. */
  redact(secret: string | Secret): void
}

export function outputModeOf(argv: readonly string[], platform: Platform): OutputMode {
  const { stderr, env } = platform
  const end = argv.indexOf('--')
  const words = end < 0 ? argv : argv.slice(0, end)
  const on = (name: 'json' | 'plain' | 'verbose') => words.includes(flagOf(name)) || isOn(env[variableOf(name) ?? ''])
  const json = on('json')
  const plain = on('plain')
  const color = words.includes(flagOf('color')) || isOff(env[variableOf('color') ?? '']) ? false : undefined
  let known: Theme | undefined
  // Most lines that fail at once say nothing on stdout, and to open it takes as long as to read them.
  const outTheme = () => {
    known ??= themeFor({ tty: platform.stdout.isTTY === true, env, color: json ? false : color, plain })
    return known
  }
  const errTheme = themeFor({ tty: stderr.isTTY === true, env, color, plain })
  const scrubber = createScrubber()
  const redact = (secret: string | Secret) =>
    scrubber.add(typeof secret === 'string' ? new Secret(secret.trim()) : secret)
  for (const secret of secretsIn(argv, env)) redact(secret)
  const output = createOutput({
    get stdout() {
      return platform.stdout
    },
    stderr,
    scrub: scrubber.scrub,
    get stdoutStyles() {
      return outTheme()
    },
    stderrStyles: errTheme,
    get stdoutUnicode() {
      return outTheme().unicode
    },
    stderrUnicode: errTheme.unicode,
  })
  return {
    command: commandNameOf(argv),
    json,
    plain: plain || env.TERM === 'dumb',
    verbose: on('verbose'),
    get outTheme() {
      return outTheme()
    },
    errTheme,
    output,
    redact,
  }
}

/** Every value of a secret option, as it stands on the command line or in a variable, right or wrong. */
function secretsIn(argv: readonly string[], env: Env): readonly string[] {
  const names = OPTION_NAMES.filter((name) => OPTIONS[name].secret)
  const flags = names.map(flagOf)
  const typed = argv.flatMap((word, index) => {
    const flag = flags.find((one) => word === one || word.startsWith(`${one}=`))
    if (flag === undefined) return []
    return [word === flag ? argv[index + 1] : word.slice(flag.length + 1)]
  })
  const variables = [...names.map((name) => env[variableOf(name) ?? '']), env.PAGERDUTY_TOKEN]
  return [...typed, ...variables].filter((secret) => secret !== undefined && secret !== '') as string[]
}

function isOn(text: string | undefined): boolean {
  return text === '1' || text === 'true'
}

function isOff(text: string | undefined): boolean {
  return text === '0' || text === 'false'
}
