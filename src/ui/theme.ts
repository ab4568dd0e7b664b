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
  return createTheme(wantsColour(options), wantsUnicode(options), wantsLinks(options))
}

/** For pipes, tests and screen readers. */
export function plainTheme(): Theme {
  return createTheme(false, true, false)
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

/** OSC 8, "Hyperlinks in terminal emulators": the address, the text, and the same without an address. */
const LINK = '\u001b]8;;'
const LINK_END = '\u001b\\'

/** Terminals that say of themselves that they are one of those which open links; a pipe never gets one. */
function wantsLinks({ tty, env, plain, color }: ThemeOptions): boolean {
  if (!tty || plain || color === false || env.TERM === 'dumb' || env.CI !== undefined) return false
  if (env.FORCE_HYPERLINK !== undefined && env.FORCE_HYPERLINK !== '') return env.FORCE_HYPERLINK !== '0'
  // GNOME Terminal and its kin since 0.50; 0.50.0 itself fails at them.
  if (Number(env.VTE_VERSION) > 5000) return true
  const programs = ['iTerm.app', 'WezTerm', 'vscode', 'ghostty', 'Hyper', 'zed', 'rio']
  if (programs.includes(env.TERM_PROGRAM ?? '')) return true
  if (/^(?:xterm-kitty|xterm-ghostty|alacritty|foot)/.test(env.TERM ?? '')) return true
  return [env.WT_SESSION, env.KONSOLE_VERSION, env.KITTY_WINDOW_ID].some((value) => value !== undefined && value !== '')
}

function createTheme(coloured: boolean, unicode: boolean, links: boolean): Theme {
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
    links,
    link: (text, url) => (links ? `${LINK}${url}${LINK_END}${text}${LINK}${LINK_END}` : text),
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
