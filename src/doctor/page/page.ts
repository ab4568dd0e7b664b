/** A diagnosis as one page without any outside resource: for whoever has to know whether someone is paged. */

import { counted, thousands } from '../../counted.ts'
import { htmlDocument } from '../../html/document.ts'
import { escaped } from '../../html/escaped.ts'
import { accountCoverage, coverageText, type PlaceCoverage } from '../account-coverage.ts'
import type { News } from '../changed-since.ts'
import { type CheckCounts, type Collected, collect, type FaultKind } from '../collect.ts'
import type { Diagnosis } from '../diagnose.ts'
import type { Scope } from '../graph.ts'
import { type NextStep, type NextStepView, nextStepOf } from '../next-step.ts'
import { isTelling, placeName } from '../report.ts'
import type { HopState } from '../verdict.ts'
import { overallVerdict, STATE_WORDS, sentence, stateOf, type Verdict, verdictDetails } from '../wording.ts'
import { chainList } from './chains.ts'
import { commandBlock, faultArticles, faultId } from './faults.ts'
import { MARK_SHAPES, mark, STATUS_MARKS } from './marks.ts'
import { placePicture, strip, worstHops } from './picture.ts'
import { SCRIPT, STYLE } from './style.ts'

/** The path of an earlier report, and what became of its findings and chains. */
interface Since extends Pick<News, 'standing' | 'resolved' | 'worse'> {
  readonly path: string
}

export interface DoctorPageView extends NextStepView {
  readonly now: Date
  /** Of this tool. */
  readonly version: string
  /** Whether the accounts of the organization were examined. */
  readonly accounts: boolean
  readonly scope: Scope
  /** What changed since an earlier report; findings that it has are left out. */
  readonly since: Since | undefined
}

/** Chains over all places from which on equal ones are one line. */
const FOLD_FROM = 150
/** Rows of the table of places. */
const ROWS = 500
/** Reasons why checks were not made that stand open. */
const REASONS = 4
const REASONS_LISTED = 100
/** Chains that are named as worse than in an earlier report. */
const WORSE = 40
/** Places that get a part of their own, the worst first. */
const SECTIONS = 100
/** Places up to which each has the whole picture. */
const DRAWN = 12

/** The whole HTML document, in pieces. Everything that came from an account is escaped. */
export function doctorPage(diagnoses: readonly Diagnosis[], view: DoctorPageView): Iterable<string> {
  const verdict = overallVerdict(diagnoses)
  const body = pageBody(diagnoses, view, verdict)
  return htmlDocument({ title: `CloudTrail to PagerDuty: ${verdict.text}`, style: STYLE, script: SCRIPT, body })
}

function* pageBody(diagnoses: readonly Diagnosis[], view: DoctorPageView, verdict: Verdict): Iterable<string> {
  const found = collect(diagnoses)
  const telling = diagnoses
    .filter((one, at) => at === 0 || isTelling(one))
    .toSorted((a, b) => PLACE_ORDER.indexOf(placeState(a)) - PLACE_ORDER.indexOf(placeState(b)))
  const chains = diagnoses.reduce((sum, one) => sum + one.chains.length, 0)
  const [only] = diagnoses.length === 1 ? diagnoses : []
  yield `<svg class="defs" width="0" height="0" aria-hidden="true"><defs>${MARK_SHAPES}</defs></svg>
<main>
<header>
<p class="eyebrow">CloudTrail to PagerDuty, as <code>cloudtrail-pd doctor</code> found it</p>
<h1>${mark(verdict.state)} <span>${verdict.text}</span></h1>
<p>${escaped(verdictDetails(diagnoses))}</p>
${facts(diagnoses, view)}
${narrowed(view)}
</header>
`
  if (only !== undefined && only.chains.length > 0)
    yield `<section class="panel" aria-label="The chain">
${placePicture(only.chains, 'The chain')}
${legend()}
</section>
`
  yield next(nextStepOf(diagnoses, found.summaries, view))
  yield unseen(found)
  if (only === undefined) yield placesTable(diagnoses, telling, view)
  yield `<div class="filter" hidden>
<input id="search" type="search" placeholder="Alarm, check or verdict" aria-label="Filter findings and chains">
</div>
<p id="none" class="soft" hidden>Nothing fits the filter.</p>
<section aria-labelledby="findings">
<h2 id="findings">Findings</h2>
${found.faults.length === 0 ? `<p>${view.since === undefined ? 'No check failed or warned.' : 'Nothing new failed or warned.'}</p>` : ''}
`
  yield* faultArticles(found.faults, diagnoses)
  yield '</section>\n'
  if (only !== undefined && only.chains.length > 0) {
    yield '<section aria-labelledby="chains">\n<h2 id="chains">Chains</h2>\n'
    yield* chainList(only.chains, false)
    yield '</section>\n'
  }
  if (only === undefined) {
    yield `<h2>Places</h2>\n${legend()}\n`
    const view = { found, all: diagnoses, folded: chains > FOLD_FROM, brief: telling.length > DRAWN }
    for (const [at, one] of telling.slice(0, SECTIONS).entries()) yield* placeSection(one, at, view)
    if (telling.length > SECTIONS)
      yield `<p>And ${counted(telling.length - SECTIONS, 'further place')}, none of them worse: the table has them.</p>\n`
  }
  yield checksTable(found.checks)
  yield '</main>\n'
}

function facts(diagnoses: readonly Diagnosis[], { now, version }: DoctorPageView): string {
  const accounts = [...new Set(diagnoses.map(({ account }) => account))]
  const regions = [...new Set(diagnoses.map(({ region }) => region))]
  const list = (values: readonly string[], noun: string) =>
    values.length <= 3 ? values.join(', ') : counted(values.length, noun)
  const rows = [
    [accounts.length === 1 ? 'account' : 'accounts', list(accounts, 'account')],
    [regions.length === 1 ? 'region' : 'regions', list(regions, 'region')],
    ['checked', `${now.toISOString().slice(0, 16).replace('T', ' ')} UTC`],
    ['cloudtrail-pd', version],
  ]
  return `<dl class="facts">${rows.map(([name = '', value = '']) => `<div><dt>${name}</dt><dd>${escaped(value)}</dd></div>`).join('')}</dl>`
}

/** What the page is not about. */
function narrowed({ scope, since }: DoctorPageView): string {
  const names = { trail: 'trail', logGroup: 'log group', topic: 'topic', alarm: 'alarm' } as const
  const chosen = (Object.keys(names) as (keyof typeof names)[]).flatMap((key) =>
    scope[key] === undefined ? [] : [`${names[key]} ${scope[key]}`],
  )
  return [
    ...(chosen.length === 0 ? [] : [`<p>Only the chains of ${escaped(chosen.join(' and '))} were looked at.</p>`]),
    ...(since === undefined ? [] : [changes(since)]),
  ].join('\n')
}

/** Chains that got worse are named, however many findings stand. */
function changes({ path, standing, resolved, worse }: Since): string {
  const gone = `${counted(resolved.length, 'finding')} of it ${resolved.length === 1 ? 'is' : 'are'} gone`
  const left = `${thousands(standing.length)} still ${standing.length === 1 ? 'stands and is' : 'stand and are'} left out below`
  const items = worse.slice(0, WORSE).map((text) => `<li>${mark('broken')} ${escaped(sentence(text))}</li>`)
  const more = worse.length > WORSE ? `<li>and ${thousands(worse.length - WORSE)} more</li>` : ''
  const list = items.length === 0 ? '' : `\n<ul class="unseen">${items.join('')}${more}</ul>`
  return `<p>Compared with <code>${escaped(path)}</code>: ${gone}, ${left}.</p>${list}`
}

function legend(): string {
  const items = (['works', 'look', 'broken', 'unchecked'] as const).map(
    (state) => `<li>${mark(state)} ${STATE_WORDS[state]}</li>`,
  )
  return `<ul class="legend" aria-label="Marks">${items.join('')}</ul>`
}

function next(step: NextStep | undefined): string {
  const offered = step?.offered
  if (offered === undefined) return ''
  return `<section class="next" aria-label="Next"><p><strong>Next</strong>, a command that ${escaped(offered.why)}:</p>${commandBlock(offered.command)}</section>\n`
}

/** Why checks were not made: what is not known is not well. */
function unseen({ summaries, faults }: Collected): string {
  const reasons = new Map<string, Set<string>>()
  for (const [reason, names] of summaries.flatMap(({ unchecked }) => [...unchecked])) {
    const known = reasons.get(reason) ?? new Set()
    reasons.set(reason, known)
    for (const name of names) known.add(name)
  }
  if (reasons.size === 0) return ''
  const items = [...reasons].map(([reason, names]) => {
    const shown = [...names].slice(0, 12)
    const more = names.size > shown.length ? ` and ${names.size - shown.length} more` : ''
    return `<li>${mark('unchecked')} <code>${shown.map(escaped).join('</code>, <code>')}</code>${more}: ${escaped(sentence(reason))}</li>`
  })
  const rest = items.slice(REASONS, REASONS_LISTED)
  const left = items.length - REASONS - rest.length
  const folded =
    rest.length === 0
      ? ''
      : `<details><summary>${counted(items.length - REASONS, 'further reason')}</summary><ul class="unseen">${rest.join('')}${left > 0 ? `<li>and ${left} more</li>` : ''}</ul></details>`
  return `<details class="panel"${faults.length === 0 ? ' open' : ''}>
<summary><h2 id="unseen">Not checked, and why</h2></summary>
<ul class="unseen">${items.slice(0, REASONS).join('')}</ul>${folded}
</details>
`
}

/** One row a place that has something to tell; the others of an account that have the same answer are one. */
function placesTable(
  diagnoses: readonly Diagnosis[],
  telling: readonly Diagnosis[],
  { accounts }: DoctorPageView,
): string {
  const coverage = accounts ? accountCoverage(diagnoses) : []
  const ids = new Map(telling.slice(0, SECTIONS).map((one, at) => [one, placeId(at)]))
  const rows = new Map<string, PlaceRow>()
  for (const [at, place] of diagnoses.entries()) {
    const covered = coverageOf(coverage[at])
    const state = placeState(place, coverage[at])
    const id = ids.get(place)
    const key = telling.includes(place) ? String(at) : [place.account, state, covered, whyUnseen(place)].join('\n')
    const known = rows.get(key)
    if (known === undefined) rows.set(key, { place, id, state, covered, regions: [place.region] })
    else known.regions.push(place.region)
  }
  const sorted = [...rows.values()].toSorted((a, b) => PLACE_ORDER.indexOf(a.state) - PLACE_ORDER.indexOf(b.state))
  const shown = sorted.slice(0, ROWS)
  const left = sorted.length - shown.length
  const heads = [
    '',
    'account',
    'region',
    ...(accounts ? ['covered by'] : []),
    'chains',
    'not paging',
    'failed',
    'warnings',
  ]
  const numbers = new Set(['chains', 'not paging', 'failed', 'warnings'])
  return `<section aria-labelledby="by-place">
<h2 id="by-place">By account and region</h2>
<div class="scroll panel" tabindex="0" role="region" aria-label="Table of accounts and regions">
<table class="places" role="table"><thead role="rowgroup"><tr role="row">${heads.map((head) => `<th role="columnheader" scope="col"${numbers.has(head) ? ' class="number"' : ''}>${head === '' ? '<span class="soft">state</span>' : head}</th>`).join('')}</tr></thead>
<tbody role="rowgroup">
${shown.map((row) => placeRow(row, accounts)).join('\n')}
</tbody></table>
${left > 0 ? `<p>and ${counted(left, 'further row')}</p>` : ''}
</div>
</section>
`
}

interface PlaceRow {
  readonly place: Diagnosis
  readonly id: string | undefined
  readonly state: HopState
  readonly covered: string
  readonly regions: string[]
}

const PLACE_ORDER: readonly HopState[] = ['broken', 'look', 'unchecked', 'works']

/** Regions named in one row. */
const REGIONS = 4

function placeRow({ place, id, state, covered, regions }: PlaceRow, accounts: boolean): string {
  const { chains, summary, account } = place
  const names = regions.length > REGIONS ? `${regions.length} regions` : regions.join(', ')
  const where = id === undefined ? escaped(names) : `<a href="#${id}">${escaped(names)}</a>`
  const notPaging = chains.filter(({ works }) => works === false).length
  const numbers = [
    ['chains', chains.length],
    ['not paging', notPaging],
    ['failed', summary.fail],
    ['warnings', summary.warn],
  ] as const
  const cells = [
    `<td role="cell" class="state">${mark(state)} ${placeWords(place, state)}</td>`,
    `<th role="rowheader" scope="row">${escaped(account)}</th>`,
    `<td role="cell" class="region"${regions.length > REGIONS ? ` title="${escaped(regions.join(', '))}"` : ''}>${where}</td>`,
    ...(accounts ? [`<td role="cell" class="covered">${escaped(covered)}</td>`] : []),
    ...numbers.map(numberCell),
  ]
  return `<tr role="row">${cells.join('')}</tr>`
}

/** On a phone, where the head of the table has no room, the cell names itself. */
function numberCell([name, n]: readonly [string, number]): string {
  return `<td role="cell" class="number${n === 0 ? ' zero' : ''}" data-name="${name}">${thousands(n)}</td>`
}

function placeState(place: Diagnosis, covered?: PlaceCoverage): HopState {
  const { chains, summary } = place
  if (chains.length === 0 && covered !== undefined) {
    return ({ covered: 'works', broken: 'broken', 'not-covered': 'broken', unknown: 'unchecked' } as const)[
      covered.coverage
    ]
  }
  if (chains.length === 0) return 'unchecked'
  const worst = PLACE_ORDER.find((state) => chains.some((chain) => stateOf(chain) === state)) ?? 'unchecked'
  return worst === 'works' && summary.fail > 0 ? 'look' : worst
}

function placeWords({ chains, summary }: Diagnosis, state: HopState): string {
  if (chains.length > 0) return STATE_WORDS[state]
  if (summary.pass + summary.fail + summary.warn === 0) return 'not looked at'
  return 'no chain here'
}

function coverageOf(place: PlaceCoverage | undefined): string {
  return place === undefined ? '' : coverageText({ account: place.account, regions: [place.region], place })
}

function whyUnseen({ chains, unread }: Diagnosis): string {
  return chains.length === 0 ? (unread ?? '') : ''
}

function placeId(at: number): string {
  return `place-${at + 1}`
}

interface SectionView {
  /** There are so many that each is a line to unfold. */
  readonly brief: boolean
  readonly found: Collected
  readonly all: readonly Diagnosis[]
  readonly folded: boolean
}

function* placeSection(place: Diagnosis, at: number, { found, all, folded, brief }: SectionView): Iterable<string> {
  const { chains } = place
  const id = placeId(at)
  const title = all.some(({ account }) => account !== place.account) ? placeName(place, all) : place.region
  const heading = `<h3 id="${id}-title">${mark(placeState(place))} ${escaped(title)}: ${overallVerdict([place]).text}</h3>`
  if (brief) {
    yield `<details class="panel brief" id="${id}">
<summary>${heading}${chains.length === 0 ? '' : strip(worstHops(chains))}</summary>
${findingsHere(place, found.faults)}
`
    if (chains.length > 0) yield* chainList(chains, folded)
    yield '</details>\n'
    return
  }
  yield `<section class="panel" id="${id}" aria-labelledby="${id}-title">
${heading}
${chains.length === 0 ? '' : placePicture(chains, title)}
${findingsHere(place, found.faults)}
`
  if (chains.length > 0) {
    yield `<details${chains.length <= 20 && all.length <= 4 ? ' open' : ''}><summary>${counted(chains.length, 'chain')}</summary>\n`
    yield* chainList(chains, folded)
    yield '</details>\n'
  }
  yield '</section>\n'
}

function findingsHere(place: Diagnosis, faults: readonly FaultKind[]): string {
  const here = faults.flatMap((fault, at) => {
    const many = fault.places.get(place)
    return many === undefined
      ? []
      : [
          `<li>${mark(STATUS_MARKS[fault.first.status])} <a href="#${faultId(at)}">${escaped(fault.first.check)}</a>${many > 1 ? ` (${many})` : ''}</li>`,
        ]
  })
  return here.length === 0 ? '' : `<ul class="legend" aria-label="Findings here">${here.join('')}</ul>`
}

/** What was asked, and what passed: for whoever has to show that it was looked at. */
function checksTable(checks: readonly CheckCounts[]): string {
  const rows = checks.map((one) => {
    const said = [...one.passed].map(
      ([text, { count, first }]) =>
        `${escaped(sentence(text))}${count > 1 ? ` (${count})` : ` <span class="soft">${escaped(first.evidence)}</span>`}`,
    )
    const worst = (['fail', 'warn', 'skip', 'pass'] as const).find((status) => one[status] > 0) ?? 'pass'
    const numbers = [
      ['passed', one.pass],
      ['warnings', one.warn],
      ['failed', one.fail],
      ['not checked', one.skip],
    ] as const
    const cells = [
      `<th role="rowheader" scope="row">${mark(STATUS_MARKS[worst])} ${escaped(one.check)}</th>`,
      ...numbers.map(numberCell),
      `<td role="cell" class="said">${said.join('<br>')}</td>`,
    ]
    return `<tr role="row">${cells.join('')}</tr>`
  })
  return `<section aria-labelledby="checks">
<h2 id="checks">Checks</h2>
<details class="panel"><summary>${counted(checks.length, 'check')} by name, and what passed</summary>
<div class="scroll" tabindex="0" role="region" aria-label="Each check with its counts">
<table class="checks" role="table"><thead role="rowgroup"><tr role="row"><th role="columnheader" scope="col">check</th><th role="columnheader" scope="col" class="number">passed</th><th role="columnheader" scope="col" class="number">warnings</th><th role="columnheader" scope="col" class="number">failed</th><th role="columnheader" scope="col" class="number">not checked</th><th role="columnheader" scope="col" class="said">what passed</th></tr></thead>
<tbody role="rowgroup">${rows.join('\n')}</tbody></table>
</div>
</details>
</section>
`
}
