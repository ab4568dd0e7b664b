/** Keeps the words that the glossary bans, and phrases that no AWS user guide would use, out of source, help and docs. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

/** Everyday or AWS's own meanings of a banned word, each with its reason. */
const ALLOWED_IN_NAMES: Readonly<Record<string, string>> = {
  pager: 'only ever the first part of PagerDuty',
  host: 'the host of a URL, or the console host of AWS CLI output',
  hop: 'a hop of a drill',
  pages: 'what PagerDuty does: pagesPerWeek, doublePages',
  evidence: 'a part of a finding; only the type is banned',
  digest: 'the digest files of CloudTrail',
  world: 'security-group-open-to-world, an id of the catalogue',
  twin: 'the field `twins` of `detections show --json`, which scripts read',
  facts: 'a class of the HTML report',
}

/** Words of everyday prose too: in sentences only the others are looked for. */
const ALLOWED_IN_PROSE = new Set([
  ...['way', 'side', 'half', 'hop', 'facts', 'evidence', 'course', 'pager', 'pages', 'world', 'stage', 'host', 'twin'],
  ...['digest', 'foreign', 'ours'],
])

const PHRASES =
  /\b(as wished|nobody (?:hears|is paged|was paged)|anew|for ever|set-up|at most so (?:many|long)|hears of|speaks? to|spoke|this way to PagerDuty|on the way to a page|from this alarm on|no way to PagerDuty|recognis\w+|favour)\b|’/i

const TOKEN =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\/(?:[^/\\\n]|\\.)+\/[a-z]*(?=[.),])|[A-Za-z_$][\w$]*/g

/** The last column of the glossary, without what stands in brackets. */
function bannedWords(page: string): readonly string[] {
  const rows = page.split('\n').filter((line) => line.startsWith('| ') && !line.startsWith('| term'))
  const cells = rows.flatMap((row) => (row.split('|')[3] ?? '').replace(/\([^)]*\)/g, '').split(','))
  return [...new Set(cells.map((cell) => cell.trim()).filter((cell) => /^[a-z ]+$/.test(cell)))]
}

function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[ _$]+/)
}

/** Banned words in the names, and banned words and phrases in the sentences, of one source text. */
function faultsOf(source: string, read: { readonly names: boolean; readonly prose: boolean }): readonly string[] {
  return [...source.matchAll(TOKEN)].flatMap(([token]) => {
    if (token.startsWith('/')) return []
    if (/^['"`]/.test(token)) return read.prose && token.includes(' ') ? proseFaults(token) : []
    return read.names &&
      wordsOf(token).some((word) =>
        [word, word.replace(/s$/, ''), word.replace(/es$/, '')].some((form) => IN_NAMES.has(form)),
      )
      ? [token]
      : []
  })
}

function proseFaults(text: string): readonly string[] {
  const words = text
    .replace(/\$\{[^}]*\}/g, '')
    .toLowerCase()
    .split(/[^a-z-]+/)
  const phrase = PHRASES.exec(text)?.[0]
  return [...words.filter((word) => IN_PROSE.has(word)), ...(phrase === undefined ? [] : [phrase])]
}

const BANNED = bannedWords(readFileSync('docs/glossary.md', 'utf8'))
const IN_NAMES = new Set(BANNED.filter((word) => !(word in ALLOWED_IN_NAMES)))
const IN_PROSE = new Set(BANNED.filter((word) => !ALLOWED_IN_PROSE.has(word)))

function filesIn(folder: string, end: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(end))
}

describe('the language of the project', () => {
  it('has a glossary with banned words', () => {
    expect(BANNED).toEqual(expect.arrayContaining(['wish', 'oracle', 'manner', 'obstacles', 'recipe']))
  })

  it('allows a banned word in names only while the glossary bans it', () => {
    expect(Object.keys(ALLOWED_IN_NAMES).filter((word) => !BANNED.includes(word))).toEqual([])
  })

  it.each([
    ['const wishes = sideOf(chain)', ['wishes', 'sideOf']],
    ['function mannerOf() {}', ['mannerOf']],
    ['const AlarmRecipe = 1', ['AlarmRecipe']],
    ["say('no topic, and nobody is paged')", ['nobody is paged']],
    ["say('the chain is as wished')", ['as wished']],
    ['say(`the alarm’s topic`)', ['’']],
    ["say('judged by the oracle')", ['oracle']],
    ['// a wish in a comment', []],
    ["connect(host, pagerDuty, 'no one is paged')", []],
  ])('finds in %s: %j', (source, expected) => {
    expect(faultsOf(source, { names: true, prose: true })).toEqual(expected)
  })

  it('is kept by every name and sentence of the source', () => {
    const found = filesIn('src', '.ts').flatMap((file) =>
      faultsOf(readFileSync(join('src', file), 'utf8'), {
        names: true,
        prose: true,
      }).map((fault) => `${file}: ${fault}`),
    )
    expect(found).toEqual([])
  })

  it('is kept by README and the pages of docs', () => {
    const generated = ['glossary.md']
    const pages = [
      'README.md',
      ...filesIn('docs', '.md')
        .filter((name) => !generated.includes(name))
        .map((name) => join('docs', name)),
    ]
    const found = pages.flatMap((page) => proseFaults(readFileSync(page, 'utf8')).map((fault) => `${page}: ${fault}`))
    expect(found).toEqual([])
  })
})
