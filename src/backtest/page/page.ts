/** The backtest as one page without any outside resource: for whoever approves what pages. */

import { counted, thousands } from '../../counted.ts'
import { htmlDocument } from '../../html/document.ts'
import { escaped } from '../../html/escaped.ts'
import { duration } from '../duration.ts'
import type { BacktestResult, DetectionResult, SourceCount } from '../result.ts'
import { heatMap, timeline } from './charts.ts'
import { SCRIPT, STYLE } from './style.ts'

/** More pages a week than this are called noisy. */
const NOISY = 1

/** The whole HTML document. Everything that came from events is escaped. */
export function backtestPage(result: BacktestResult): string {
  const { from, to, detections } = result
  const loud = detections
    .filter(({ matches, pages }) => matches > 0 || pages > 0)
    .toSorted((a, b) => b.pages - a.pages || b.matches - a.matches)
  const quiet = detections.filter((one) => !loud.includes(one))
  const day = (time: Date) => time.toISOString().slice(0, 10)
  const title = `What would have paged, ${day(from)} to ${day(new Date(to.getTime() - 1))}`
  const body = [
    `<main>
<h1>${title}</h1>
<p class="soft">${basis(result)}</p>
${facts(result, loud)}
${result.notes.map((note) => `<p class="soft">${escaped(sentence(note))}</p>`).join('\n')}
<div class="filter" hidden>
<input id="search" type="search" placeholder="Detection, principal, service or event" aria-label="Filter">
<label><input id="noisy" type="checkbox"> only more than ${NOISY} page a week</label>
</div>
${loud.map((one) => card(one, result)).join('\n')}
<p id="none" class="soft" hidden>No detection fits the filter.</p>
${quiet.length === 0 ? '' : `<h2>No match</h2>\n<p>${quiet.map(({ detection }) => `<span class="id">${escaped(detection.id)}</span>`).join(', ')}</p>`}
${skipped(result)}
</main>
`,
  ]
  return [...htmlDocument({ title, style: STYLE, script: SCRIPT, body })].join('')
}

const SOURCES = {
  files: 'CloudTrail files',
  'log-group': 'the log group',
  lookup: "the account's event history",
  athena: 'an Athena query',
  'logs-insights': 'Logs Insights queries',
} as const

function basis({ source, timeBase }: BacktestResult): string {
  const base =
    timeBase === 'eventTime'
      ? 'by the time of each event; CloudWatch counts it minutes later, when it reaches the log group'
      : 'by the time at which it reached the log group, as CloudWatch does'
  return `From ${SOURCES[source]}, counted ${base}. A page is a change of the alarm into ALARM. All times are UTC.`
}

function facts(
  { events, allEvents, duplicates, weeks, tellsOfWeek }: BacktestResult,
  loud: readonly DetectionResult[],
): string {
  const sum = (of: (one: DetectionResult) => number) => loud.reduce((total, one) => total + of(one), 0)
  const after = sum(({ pagesPerWeek, suggestion }) => suggestion?.pagesPerWeek ?? pagesPerWeek)
  const rows: readonly (readonly [string, string])[] = [
    ...(tellsOfWeek
      ? ([
          ['pages a week', sum(({ pagesPerWeek }) => pagesPerWeek).toFixed(1)],
          ['with every suggestion', after.toFixed(1)],
        ] as const)
      : []),
    ['pages', thousands(sum(({ pages }) => pages))],
    ['days', (weeks * 7).toFixed(weeks < 1 ? 1 : 0)],
    [allEvents ? 'events' : 'matching events', thousands(events)],
    ...(duplicates > 0 ? ([['duplicates left out', thousands(duplicates)]] as const) : []),
  ]
  return `<dl class="facts">${rows.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('')}</dl>`
}

function card(one: DetectionResult, result: BacktestResult): string {
  const { detection, matches, pages, pagesPerWeek, longestAlarmMinutes, topSources, topServices, topEventNames } = one
  const words = [
    detection.id,
    detection.title,
    ...[topSources, topServices, topEventNames].flat().map(({ key }) => key),
  ]
  const longest = longestAlarmMinutes === 0 ? '' : `, longest alarm ${duration(longestAlarmMinutes)}`
  return `<article class="${pagesPerWeek > NOISY ? 'noisy' : 'calm'}" data-words="${escaped(words.join(' ').toLowerCase())}">
<header><h2>${escaped(detection.id)}</h2><span class="soft">${detection.severity}, ${detection.urgency}</span>
<span class="pages">${result.tellsOfWeek ? `${pagesPerWeek.toFixed(1)} pages a week` : counted(pages, 'page')}</span></header>
<p>${escaped(detection.title)}</p>
<p class="soft">${counted(matches, 'match', 'matches')}, ${counted(pages, 'page')}${longest}</p>
<div class="charts">
<figure><figcaption>Matches by day; below, the time in ALARM</figcaption>${timeline(one, result)}</figure>
<figure><figcaption>Matches by hour of the week (UTC)</figcaption>${heatMap(one)}</figure>
</div>
${causes(one)}
${quieter(one, result)}
</article>`
}

function causes({ topSources, topServices, topEventNames }: DetectionResult): string {
  const rows = (name: string, counts: readonly SourceCount[]) =>
    counts.map(
      ({ key, matches }, at) =>
        `<tr>${at === 0 ? `<th scope="row" rowspan="${counts.length}">${name}</th>` : ''}<td>${jointed(key === '' ? 'unknown' : key)}</td><td class="number">${thousands(matches)}</td></tr>`,
    )
  return `<table>${[...rows('who', topSources), ...rows('service', topServices), ...rows('event', topEventNames)].join('')}</table>`
}

/** A name that has no room breaks behind a colon or a slash before it breaks anywhere. */
function jointed(name: string): string {
  return name
    .split(/(?<=[:/])(?![:/])/)
    .map(escaped)
    .join('<wbr>')
}

function quieter({ suggestion }: DetectionResult, { tellsOfWeek }: BacktestResult): string {
  if (suggestion === undefined) return ''
  const { option, pages, pagesPerWeek, matchesLost } = suggestion
  const weekly = tellsOfWeek ? ` (${pagesPerWeek.toFixed(1)} a week)` : ''
  return `<p class="quieter"><code>${escaped(option)}</code><br>leaves ${counted(pages, 'page')}${weekly}, loses ${counted(matchesLost, 'match', 'matches')}</p>`
}

function skipped({ skippedFiles, skippedLines }: BacktestResult): string {
  if (skippedFiles.length === 0 && skippedLines === 0) return ''
  const lines =
    skippedLines === 0
      ? ''
      : `<p>${counted(skippedLines, 'line or record that is', 'lines or records that are')} not from CloudTrail.</p>`
  const files = skippedFiles.map(({ path, reason }) => `<tr><td>${escaped(path)}</td><td>${escaped(reason)}</td></tr>`)
  return `<h2>Not read</h2>\n${lines}<table>${files.join('')}</table>`
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
