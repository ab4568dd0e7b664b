import { describe, expect, it } from 'vitest'
import { createProgress, elapsed } from '../../src/ui/progress.ts'
import { plainTheme } from '../../src/ui/theme.ts'
import { paper, seen } from './terminal.ts'

async function progressOn(
  shape: { isTTY?: boolean; columns?: number },
  options: { plain?: boolean; verbose?: boolean; width?: number } = {},
) {
  const stream = paper(shape)
  let now = 0
  const progress = await createProgress({
    stream,
    theme: plainTheme(),
    clock: { now: () => new Date(now), sleep: async () => {} },
    width: options.width ?? 80,
    plain: options.plain ?? false,
    verbose: options.verbose ?? false,
    print: (text) => stream.write(`${text}\n`),
  })
  return { stream, progress, pass: (milliseconds: number) => (now += milliseconds) }
}

describe('progress on a terminal without a size, as some runners give', () => {
  it('is lines, because nobody knows how many of them a moving one would take', async () => {
    const { stream, progress } = await progressOn({ isTTY: true, columns: 0 })
    progress.working('topic', 'pages')
    progress.done('topic', 'good', 'pages created')
    progress.rest()
    expect(stream.text()).toMatch(/^ {2}… topic {10}pages\n {2}✔ topic {10}pages created .*\n$/)
  })
})

describe('an answer', () => {
  it('keeps an address whole where its line has room for it without its indent', async () => {
    const address = 'https://events.eu.pagerduty.com/integration/…cdef/enqueue'
    const { stream, progress } = await progressOn({}, { width: 58 })
    progress.answered('Where should alerts go?', `${address} (EU)`)
    expect(stream.text()).toBe(`✔ Where should alerts go?\n${address}\n  (EU)\n`)
  })
})

describe('C68 progress in a pipe', () => {
  it('is one line at the start and one at the end of each link', async () => {
    const { stream, progress, pass } = await progressOn({})
    progress.working('topic', 'pages')
    progress.working('metric filter', '1 of 26')
    pass(400)
    progress.working('metric filter', '2 of 26')
    progress.done('topic', 'good', 'pages created')
    pass(130_000)
    progress.done('metric filter', 'bad', 'stopped')
    progress.rest()
    expect(stream.text().split('\n')).toEqual([
      '  … topic          pages',
      '  … metric filter  1 of 26',
      '  ✔ topic          pages created                                  0.4 s',
      '  ✖ metric filter  stopped                                        2 min 10 s',
      '',
    ])
  })

  it('cuts nothing of what was found, and puts it below where it has no room', async () => {
    const found = 'not checked: only an API call tests the trail, the log group and the metric filter'
    for (const width of [40, 60, 80]) {
      const { stream, progress } = await progressOn({}, { width })
      progress.working('log group', found)
      progress.done('log group', 'skip', found)
      const lines = stream.text().trimEnd().split('\n').slice(1)
      const [head = '', ...below] = lines
      expect(head).toMatch(/^ {2}◌ log group /)
      expect(head).toContain('0.0 s')
      const words = [head.replace(/^ {2}◌ log group|0\.0 s/g, ''), ...below].join(' ')
      expect(words.split(/ +/).filter(Boolean).join(' ')).toBe(found)
      expect(lines.filter((line) => line.length > width)).toEqual([])
    }
  })

  it('takes control characters out of what AWS says', async () => {
    const { stream, progress } = await progressOn({})
    progress.note('a\u001b[2Jb')
    progress.working('topic', 'x\r\ny')
    expect(stream.text()).toBe('ab\n  … topic          x y\n')
  })

  it('traces calls only when asked', async () => {
    const quiet = await progressOn({})
    quiet.progress.trace('SNS:CreateTopic 12 ms')
    const verbose = await progressOn({}, { verbose: true })
    verbose.progress.trace('SNS:CreateTopic 12 ms')
    expect([quiet.stream.text(), verbose.stream.text()]).toEqual(['', 'SNS:CreateTopic 12 ms\n'])
  })
})

describe('progress on a terminal', () => {
  it('leaves the finished lines alone behind', async () => {
    const { stream, progress } = await progressOn({ isTTY: true })
    progress.working('topic', 'pages')
    progress.done('topic', 'good', 'pages created')
    progress.rest()
    expect(seen(stream.text())).toContain('  ✔ topic          pages created')
  })

  it('moves no cursor with --plain', async () => {
    const { stream, progress } = await progressOn({ isTTY: true }, { plain: true })
    progress.working('topic', 'pages')
    progress.done('topic', 'good', 'pages created')
    expect(stream.text().includes('\u001b') || stream.text().includes('\r')).toBe(false)
  })
})

describe('elapsed time', () => {
  it.each([
    [0, '0.0 s'],
    [2_149, '2.1 s'],
    [83_000, '83 s'],
    [341_000, '5 min 41 s'],
    [119_700, '2 min 0 s'],
    [-5, '0.0 s'],
  ])('%d ms are %s', (milliseconds, text) => {
    expect(elapsed(milliseconds)).toBe(text)
  })
})
