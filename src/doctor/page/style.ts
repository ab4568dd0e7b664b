/** The looks of the page beside those that all pages share, and its filter. */

export const STYLE = `
.defs { position: absolute; }
.eyebrow { color: var(--soft); font-size: .9rem; margin: 0 0 .25rem; }
h1 { display: flex; gap: .6rem; align-items: baseline; }
h1 .mark { width: 1.5rem; height: 1.5rem; flex: none; position: relative; top: .2rem; }
h2 { font-size: 1.3rem; margin: 2rem 0 .6rem; }
section.panel > h2:first-child, section.panel > h3:first-child { margin-top: 0; }
h3 { font-size: 1.05rem; margin: 1rem 0 .4rem; overflow-wrap: anywhere; }
.facts { grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr)); }
.facts dd { font-size: .95rem; overflow-wrap: anywhere; }
summary h2, summary h3 { display: inline; font-size: 1.05rem; }
.mark { width: 1.1rem; height: 1.1rem; vertical-align: -.2rem; flex: none; }
.good, .warn, .bad { stroke: var(--card); stroke-width: 4; paint-order: stroke; }
.good { fill: var(--good); }
.warn { fill: var(--warn); }
.bad { fill: var(--alarm); }
.sign { fill: none; stroke: var(--card); stroke-width: 2.4; stroke-linecap: round; stroke-linejoin: round; }
.none { fill: var(--card); stroke: var(--soft); stroke-width: 2; stroke-dasharray: 3.2 2.4; }
.dot { fill: var(--soft); }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; list-style: none; margin: .6rem 0; padding: 0; font-size: .9rem; }
.place, .strip { display: block; width: 100%; overflow: visible; }
.place.wide { height: 92px; }
.place.tall { display: none; height: 396px; }
.strip { height: 28px; }
.strip.named { height: 44px; }
.strip.head { height: 24px; }
.columns { position: sticky; top: 0; z-index: 1; padding: 0 1rem; background: var(--ground); }
.panel .columns { background: var(--card); }
.columns, details.chain > summary { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 2fr); gap: .2rem 1rem; align-items: center; }
.place text, .strip text { fill: var(--soft); font: 13px system-ui, sans-serif; text-anchor: middle; }
.strip text { font-size: 12px; }
.place .name { fill: var(--ink); font-weight: 600; }
.place .works, .strip .works { fill: var(--good); }
.place .look, .strip .look { fill: var(--warn); }
.place .broken, .strip .broken { fill: var(--alarm); font-weight: 600; }
.place line, .strip line { stroke: var(--soft); stroke-width: 2; }
.place line.lost, .strip line.lost { stroke-dasharray: 2 6; }
.short { display: none; }
.panel > :last-child, .next > :last-child { margin-bottom: 0; }
.panel, details.chain, .next { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; margin: 0 0 .75rem; }
details.chain { padding: .6rem 1rem; margin: 0 0 .4rem; }
summary { cursor: pointer; overflow-wrap: anywhere; }
details.chain > summary { list-style: none; }
details.chain > summary::-webkit-details-marker { display: none; }
.head { min-width: 0; }
.head .verdict { display: block; font-size: .85rem; color: var(--soft); }
.chain .verdict::after { content: " \\25B8" / ""; }
.chain[open] .verdict::after { content: " \\25BE" / ""; }
.broken > summary .verdict { color: var(--alarm); font-weight: 600; }
.links { list-style: none; margin: .6rem 0 .2rem; padding: .6rem 0 0; border-top: 1px solid var(--line); }
.links li { display: grid; grid-template-columns: 1.2rem 7rem 6.5rem minmax(0, 1fr); gap: 0 .6rem; align-items: start; padding: .15rem 0; font-size: .9rem; }
.links .mark { margin-top: .2rem; }
.links li span:nth-of-type(2) { color: var(--soft); }
.names { columns: 18rem; padding-left: 1.2rem; font-size: .9rem; }
.fault { border-left: 5px solid var(--warn); }
.fault.fail { border-left-color: var(--alarm); }
.fault h3 { margin: 0; display: flex; gap: .5rem; align-items: baseline; }
.fault h3 .mark { position: relative; top: .2rem; }
.finding { margin: .6rem 0 0; }
.finding > div { display: grid; grid-template-columns: 9rem minmax(0, 1fr); gap: .25rem 1rem; padding: .5rem 0; border-top: 1px solid var(--line); }
.finding dt { color: var(--soft); font-size: .9rem; }
.finding dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
.finding dd > :first-child { margin-top: 0; }
.finding ul { margin: 0; padding-left: 1.1rem; }
.finding li:has(> .arn) { list-style: none; margin-left: -1.1rem; }
.arn { display: inline-block; vertical-align: top; max-width: 100%; }
pre { margin: .4rem 0; padding: .5rem .7rem; background: var(--empty); border-radius: .4rem; white-space: pre-wrap; overflow-wrap: anywhere; }
pre code span { display: inline-block; max-width: 100%; vertical-align: top; }
pre code { display: block; line-height: 1.5; user-select: all; -webkit-user-select: all; }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline-offset: 0; }
.places th, .places td { padding: .35rem .7rem .35rem 0; border-top: 1px solid var(--line); }
.places thead th { border-top: 0; color: var(--soft); font-weight: 400; white-space: nowrap; }
@media (min-width: 40.01rem) { .places .state, .places th, .places .region, .checks th { white-space: nowrap; } }
.brief > summary { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: .2rem 1rem; align-items: center; }
.brief h3 { margin: 0; }
.places .number, .checks .number { width: auto; padding-right: .9rem; text-align: right; }
.checks td, .checks th { padding: .3rem .7rem .3rem 0; border-top: 1px solid var(--line); }
.checks thead th { border-top: 0; color: var(--soft); font-weight: 400; }
.unseen { list-style: none; padding: 0; margin: .5rem 0 0; }
.unseen li { margin: .2rem 0; overflow-wrap: anywhere; }
@media (max-width: 48rem) {
  .place.wide { display: none; }
  .place.tall { display: block; }
  .place text { text-anchor: start; }
  .columns, details.chain > summary, .brief > summary { grid-template-columns: minmax(0, 1fr); }
}
@media (max-width: 56rem) {
  .long { display: none; }
  .short { display: inline; }
}
@media (max-width: 40rem) {
  .strip text { font-size: 11px; }
  .finding > div { grid-template-columns: minmax(0, 1fr); }
  .links li { grid-template-columns: 1.2rem 6.5rem minmax(0, 1fr); }
  .links li span:last-child { grid-column: 2 / -1; }
  .links li span:last-child:empty { display: none; }
  .panel, article { padding: .8rem; }
  .facts { display: block; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .3rem .8rem; }
  .facts div { display: flex; justify-content: space-between; gap: 1rem; border: 0; padding: .2rem 0; }
  .facts dt { font-size: .9rem; }
  .facts dd { text-align: right; }
  .places, .places tbody, .checks, .checks tbody { display: block; }
  .places thead, .checks thead { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  .places tr, .checks tr { display: flex; flex-wrap: wrap; gap: .1rem .8rem; padding: .6rem 0; border-top: 1px solid var(--line); }
  .places tr:first-child, .checks tr:first-child { border-top: 0; }
  .places th, .places td, .places .number, .checks th, .checks td, .checks .number { border: 0; padding: 0; }
  .places .state, .places .covered, .checks th, .checks .said { flex-basis: 100%; }
  .places .number, .checks .number { color: var(--soft); }
  .number.zero { display: none; }
  .number::before { content: attr(data-name) " "; }
}
@media print {
  details::details-content { content-visibility: visible; block-size: auto; opacity: 1; }
  details > summary { list-style: none; }
  details.chain, .panel { break-inside: avoid; }
  .fault { break-inside: auto; }
  .chain .verdict::after, .chain[open] .verdict::after { content: none; }
  .columns { position: static; }
  .links { columns: 2; }
  .links li { break-inside: avoid; font-size: .75rem; grid-template-columns: 1.1rem 5.2rem 4.8rem minmax(0, 1fr); }
  h2, h3 { break-after: avoid; }
  .place.wide { display: block; }
  .place.tall { display: none; }
  .place text { text-anchor: middle; }
}
`

/** Filters chains and findings by what is typed; without scripts everything is shown. Where a browser keeps details shut on paper, it opens them. */
export const SCRIPT = `
const search = document.querySelector('#search'), none = document.querySelector('#none')
const show = () => {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean)
  let left = 0
  for (const one of document.querySelectorAll('[data-words]')) {
    const fits = words.every((word) => one.dataset.words.includes(word))
    one.hidden = !fits
    if (fits) left += 1
  }
  none.hidden = left > 0
}
search.addEventListener('input', show)
document.querySelector('.filter').hidden = false
addEventListener('beforeprint', () => {
  for (const one of document.querySelectorAll('details:not([open])')) one.open = true
})
`
