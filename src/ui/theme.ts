/** Themes: how the stream at hand can show what a text means. */

import { Chalk } from 'chalk'
import type { Env, Mark, Theme } from '../ports.ts'

export type { Mark, Theme }

export interface ThemeOptions {
  readonly tty: boolean
  readonly env: Env
  /** False: `--no-color`. */
  readonly color: boolean | undefined
  readonly plain: boolean | undefined
}

const UNICODE: Readonly<Record<Mark, string>> = {
  good: '✔',
  bad: '✖',
  warn: '!',
  skip: '◌',
  working: '…',
  create: '+',
  update: '~',
  delete: '-',
  keep: '=',
}

const ASCII: Readonly<Record<Mark, string>> = {
  ...UNICODE,
  good: 'ok',
  bad: 'XX',
  warn: '!!',
  skip: '--',
  working: '..',
}

/** The theme for one stream. */
export function themeFor(options: ThemeOptions): Theme {
  return createTheme(wantsColour(options), wantsUnicode(options))
}

/** For pipes, tests and screen readers. */
export function plainTheme(): Theme {
  return createTheme(false, true)
}

/** `--no-color` is the last word, then FORCE_COLOR, NO_COLOR (no-color.org) and what the terminal says of itself. */
function wantsColour({ tty, env, color }: ThemeOptions): boolean {
  if (color === false) return false
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '') return !['0', 'false'].includes(env.FORCE_COLOR)
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false
  return tty && env.TERM !== 'dumb'
}

/** The Linux console has no glyphs for our marks; a locale that is set and is not UTF-8 cannot carry them. */
function wantsUnicode({ env, plain }: ThemeOptions): boolean {
  if (plain || env.TERM === 'dumb' || env.TERM === 'linux') return false
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((value) => value !== undefined && value !== '')
  return locale === undefined || /utf-?8/i.test(locale)
}

function createTheme(coloured: boolean, unicode: boolean): Theme {
  // Whether colour is wanted is settled already; the sixteen colours of any terminal are enough.
  const chalk = coloured ? new Chalk({ level: 1 }) : undefined
  const paint = (style: Style) => (text: string) => chalk?.[style](text) ?? text
  const [good, bad, warn, quiet, command] = [paint('green'), paint('red'), paint('yellow'), paint('dim'), paint('cyan')]
  const signs = unicode ? UNICODE : ASCII
  const tint: Readonly<Record<Mark, (text: string) => string>> = {
    good,
    bad,
    warn,
    skip: quiet,
    working: command,
    create: good,
    update: warn,
    delete: bad,
    keep: quiet,
  }
  return {
    coloured,
    unicode,
    heading: paint('bold'),
    good,
    bad,
    warn,
    quiet,
    command,
    mark: (mark) => tint[mark](signs[mark]),
    ellipsis: unicode ? '…' : '...',
    dot: unicode ? ' · ' : ' - ',
    arrow: unicode ? '→' : '->',
  }
}

type Style = 'bold' | 'green' | 'red' | 'yellow' | 'dim' | 'cyan'
