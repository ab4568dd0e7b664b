/** What the tests of README and docs read in a page: its links, its anchors and its blocks of code. */

/** The anchors of a page as GitHub makes them: of each heading, a number after the second of a name, and explicit ones. */
export function anchorsOf(page: string): ReadonlySet<string> {
  const anchors = new Set<string>()
  const times = new Map<string, number>()
  for (const [, level, heading = '', id] of withoutBlocks(page).matchAll(/^(#{1,6}) (.+)$|<a id="([^"]+)">/gm)) {
    if (level === undefined) {
      anchors.add(id ?? '')
      continue
    }
    const slug = slugOf(heading)
    const before = times.get(slug) ?? 0
    times.set(slug, before + 1)
    anchors.add(before === 0 ? slug : `${slug}-${before}`)
  }
  return anchors
}

/** The targets of links and pictures, outside of code. */
export function linksOf(page: string): readonly string[] {
  const prose = withoutBlocks(page).replaceAll(/`[^`\n]+`/g, '`')
  return [...prose.matchAll(/\]\(([^)\s]+)[^)]*\)|<(?:img|source)[^>]* src(?:set)?="([^"]+)"/g)].flatMap(
    ([, link, picture]) => link ?? picture ?? [],
  )
}

/** A fenced block: the language that it names, its text, the heading above it, and the line of the page on which it begins. */
export interface Block {
  readonly language: string
  readonly text: string
  readonly heading: string
  readonly line: number
}

export function blocksOf(page: string): readonly Block[] {
  return [...page.matchAll(FENCED)].map(({ 1: indent = '', 2: language = '', 3: text = '', index }) => ({
    language,
    text: text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
    heading: [...withoutBlocks(page.slice(0, index)).matchAll(/^#+ (.+)$/gm)].at(-1)?.[1] ?? '',
    line: page.slice(0, index).split('\n').length + 1,
  }))
}

const FENCED = /^( *)```(\w*)\n([\s\S]*?)^ *```$/gm

function withoutBlocks(page: string): string {
  return page.replaceAll(FENCED, '')
}

function slugOf(heading: string): string {
  return heading
    .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-')
}
