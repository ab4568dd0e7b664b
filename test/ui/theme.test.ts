import { describe, expect, it } from 'vitest'
import { plainTheme, themeFor } from '../../src/ui/theme.ts'

const terminal = { tty: true, env: { TERM: 'xterm' }, color: undefined, plain: undefined }

describe('C68 colour', () => {
  it.each([
    ['on a terminal', {}, true],
    ['in a pipe', { tty: false }, false],
    ['with --no-color', { color: false }, false],
    ['with NO_COLOR', { env: { NO_COLOR: '1' } }, false],
    ['with an empty NO_COLOR', { env: { NO_COLOR: '' } }, true],
    ['on a dumb terminal', { env: { TERM: 'dumb' } }, false],
    ['with FORCE_COLOR in a pipe', { tty: false, env: { FORCE_COLOR: '1' } }, true],
    ['with FORCE_COLOR=0', { env: { FORCE_COLOR: '0' } }, false],
    ['with FORCE_COLOR and --no-color', { env: { FORCE_COLOR: '1' }, color: false }, false],
  ])('%s', (_, options, coloured) => {
    const theme = themeFor({ ...terminal, ...options })
    expect(theme.coloured).toBe(coloured)
    expect(theme.bad('x') !== 'x').toBe(coloured)
  })
})

describe('links', () => {
  const kitty = { TERM: 'xterm-kitty' }
  it.each([
    ['on a terminal that opens them', { env: kitty }, true],
    ['on another', {}, false],
    ['in a pipe', { tty: false, env: kitty }, false],
    ['in a pipe, with FORCE_COLOR', { tty: false, env: { ...kitty, FORCE_COLOR: '1' } }, false],
    ['with --plain', { plain: true, env: kitty }, false],
    ['with --no-color', { color: false, env: kitty }, false],
    ['with NO_COLOR, which speaks of colour alone', { env: { ...kitty, NO_COLOR: '1' } }, true],
    ['where a build runs', { env: { ...kitty, CI: 'true' } }, false],
    ['with FORCE_HYPERLINK', { env: { TERM: 'xterm', FORCE_HYPERLINK: '1' } }, true],
    ['with FORCE_HYPERLINK=0', { env: { ...kitty, FORCE_HYPERLINK: '0' } }, false],
    ['in GNOME Terminal', { env: { VTE_VERSION: '6800' } }, true],
    ['in Windows Terminal', { env: { WT_SESSION: 'a' } }, true],
  ])('%s', (_, options, links) => {
    const theme = themeFor({ ...terminal, ...options })
    expect(theme.links).toBe(links)
    expect(theme.link('text', 'https://x.pagerduty.com/')).toBe(
      links ? '\u001b]8;;https://x.pagerduty.com/\u001b\\text\u001b]8;;\u001b\\' : 'text',
    )
  })
})

describe('marks', () => {
  it.each([
    [{}, '✔'],
    [{ env: { LANG: 'en_US.UTF-8' } }, '✔'],
    [{ env: { LANG: 'C' } }, 'ok'],
    [{ env: { LANG: 'en_US.UTF-8', LC_ALL: 'POSIX' } }, 'ok'],
    [{ env: { TERM: 'linux' } }, 'ok'],
    [{ env: { TERM: 'dumb' } }, 'ok'],
    [{ plain: true }, 'ok'],
  ])('with %j are like %s', (options, mark) => {
    expect(themeFor({ ...terminal, ...options, color: false }).mark('good')).toBe(mark)
  })

  it('in ASCII need no character beyond it', () => {
    const theme = themeFor({ ...terminal, plain: true, color: false })
    const shown = [theme.mark('good'), theme.mark('bad'), theme.mark('skip'), theme.ellipsis, theme.dot, theme.arrow]
    expect(shown.join('')).toMatch(/^[ -~]+$/)
  })

  it('mean one thing each', () => {
    const theme = plainTheme()
    const marks = (['good', 'bad', 'warn', 'skip', 'working', 'create', 'update', 'delete', 'keep'] as const).map(
      theme.mark,
    )
    expect(new Set(marks).size).toBe(marks.length)
  })
})
