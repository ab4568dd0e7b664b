/** What the tests of README and docs read in a page: its links and its anchors. */

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
