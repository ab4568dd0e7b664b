import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { packs } from '../../src/detections/select.ts'
import { ROUTES } from '../../src/domain/route.ts'
import { readSetupFile } from '../../src/options/setup-file.ts'
import { detectionsPage } from './detections-page.ts'
import { anchorsOf, blocksOf, linksOf } from './markdown.ts'

const PAGES = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]

/** What is wrong with a link of a page; undefined when it leads somewhere. Addresses on the web are not visited. */
function brokenLink(page: string, link: string): string | undefined {
  if (/^(https?|mailto):/.test(link)) return undefined
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : normalize(join(dirname(page), path))
  if (!existsSync(target)) return `${page}: ${link} is not there`
  if (anchor === undefined || anchorsOf(readFileSync(target, 'utf8')).has(anchor)) return undefined
  return `${page}: ${link} has no such heading or anchor`
}

describe('README and docs', () => {
  it.each(PAGES)('%s links to pages, headings and files that are there', (page) => {
    const broken = linksOf(readFileSync(page, 'utf8')).flatMap((link) => brokenLink(page, link) ?? [])
    expect(broken).toEqual([])
  })

  it('can reach every page of docs from the index in one click, and the index from README', () => {
    const listed = linksOf(readFileSync('docs/README.md', 'utf8'))
    const pages = readdirSync('docs').filter((name) => name.endsWith('.md') && name !== 'README.md')
    expect(pages.filter((name) => !listed.includes(name))).toEqual([])
    expect(linksOf(readFileSync('README.md', 'utf8'))).toContain('docs/README.md')
  })

  it('are read as GitHub reads them', () => {
    const page =
      '# A *first* page\n## `init`, and more!\n## `init`, and more!\n<a id="alarm.ok-action"></a>\n```\n# no\n```\n'
    expect([...anchorsOf(page)]).toEqual(['a-first-page', 'init-and-more', 'init-and-more-1', 'alarm.ok-action'])
    expect(linksOf('[a](b.md#c) `[d](e)` ![f](g.svg "h")\n```\n[i](j)\n```\n<img src="k.svg">')).toEqual([
      'b.md#c',
      'g.svg',
      'k.svg',
    ])
  })
})

describe('a block of YAML in docs', () => {
  const blocks = PAGES.flatMap((page) =>
    blocksOf(readFileSync(page, 'utf8')).flatMap(({ language, text, heading, line }) =>
      language === 'yaml' ? [{ page, heading, line, text }] : [],
    ),
  )

  it.each(blocks)('of $page, line $line, is YAML', ({ text }) => {
    expect(parse(text)).toBeTypeOf('object')
  })

  it('is, as the setup file of docs/scripts.md, one that the tool reads', async () => {
    const { text = '' } = blocks.find(({ heading }) => heading === 'The setup file') ?? {}
    expect(await readSetupFile(text, 'setup.yaml')).toMatchObject({ route: 'service', heartbeat: 60 })
  })
})

describe('docs/getting-started.md', () => {
  it.each(ROUTES)('leads whoever takes the route %s to its key', (route) => {
    const page = readFileSync('docs/getting-started.md', 'utf8')
    const [, anchor = ''] = new RegExp(`^\\| \\[\`${route}\`\\]\\(#([^)]+)\\)`, 'm').exec(page) ?? []
    expect(anchorsOf(page)).toContain(anchor)
  })
})

describe('docs/costs.md', () => {
  const page = readFileSync('docs/costs.md', 'utf8')

  it('multiplies right', () => {
    const rows = [...page.matchAll(/(\d+) × \$([\d.]+) \| \$([\d.]+) \|/g)]
    expect(rows.length).toBeGreaterThan(3)
    for (const [row, count, price, sum] of rows) expect(Number(count) * Number(price), row).toBeCloseTo(Number(sum))
  })

  it.each(['recommended', 'cis-1.4', 'all'])('counts the detections of %s as the catalogue does', (name) => {
    const [, count] = new RegExp(`^\\|[^|]*${name}\`[^|]*\\| (\\d+) × `, 'm').exec(page) ?? []
    expect(Number(count)).toBe(packs.find((pack) => pack.name === name)?.count)
  })
})

describe('docs/troubleshooting.md', () => {
  it('knows every group of checks', () => {
    const named = linksOf(readFileSync('docs/troubleshooting.md', 'utf8')).flatMap(
      (link) => /#([a-z-]+)\./.exec(link)?.[1] ?? [],
    )
    const groups = ['trail', 'delivery', 'metric-filter', 'alarm', 'topic', 'subscription', 'pagerduty']
    expect(groups.filter((group) => !named.includes(group))).toEqual([])
  })
})

describe('docs/detections.md', () => {
  it('says of every detection what the catalogue says', async () => {
    await expect(detectionsPage()).toMatchFileSnapshot('../../docs/detections.md')
  })
})
