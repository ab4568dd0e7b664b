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
