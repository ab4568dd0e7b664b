/** The looks of the page: one column on a phone, light and dark as the reader's system, black on white on paper. */

export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #5b6570; --line: #d9dee3; --ground: #f6f7f9; --card: #fff;
  --bar: #2f6fb3; --alarm: #c2352b; --good: #2c7a4b; --empty: #eceff2; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e7eaee; --soft: #a3adb8; --line: #343b44; --ground: #14171b; --card: #1d2127; --bar: #6aa7e8;
    --alarm: #ff7b6e; --good: #6fcf97; --empty: #272d35; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 64rem; margin: 0 auto; padding: 1.25rem 1rem 3rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 0; overflow-wrap: anywhere; }
p { margin: .35rem 0; }
.soft { color: var(--soft); font-size: .9rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; margin: 1rem 0; padding: 0; }
.facts div { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .6rem .8rem; }
.facts dt { color: var(--soft); font-size: .8rem; }
.facts dd { margin: 0; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
.filter { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; align-items: center; margin: 1.25rem 0 .75rem; }
.filter input[type=search] { flex: 1 1 14rem; min-width: 0; padding: .5rem .7rem; font: inherit; color: inherit;
  background: var(--card); border: 1px solid var(--line); border-radius: .4rem; }
article { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; margin: 0 0 1rem; }
article header { display: flex; flex-wrap: wrap; gap: .25rem .9rem; align-items: baseline; }
.pages { margin-left: auto; font-size: 1.1rem; font-variant-numeric: tabular-nums; white-space: nowrap; }
.noisy .pages { color: var(--alarm); font-weight: 600; }
.charts { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 1.25rem; margin: .75rem 0; }
figure { margin: 0; min-width: 0; }
figcaption { color: var(--soft); font-size: .8rem; margin-bottom: .2rem; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--soft); font: 11px system-ui, sans-serif; }
.bar { fill: var(--bar); }
.axis { stroke: var(--line); }
.stay { fill: var(--alarm); }
.cell { fill: var(--empty); }
.heat { fill: var(--bar); }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
td, th { text-align: left; padding: .2rem .6rem .2rem 0; vertical-align: top; overflow-wrap: anywhere; }
th { white-space: nowrap; width: 4.5rem; }
td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; width: 5rem; padding-right: 0; }
.quieter { border-left: 4px solid var(--good); padding: .35rem .75rem; margin: .75rem 0 0; }
code { font: .85rem ui-monospace, monospace; overflow-wrap: anywhere; }
[hidden] { display: none; }
@media (max-width: 40rem) {
  .charts { grid-template-columns: minmax(0, 1fr); }
  .pages { margin-left: 0; flex-basis: 100%; }
  h1 { font-size: 1.35rem; }
  svg text { font-size: 14px; }
  svg.days text { font-size: 22px; }
}
@media print {
  :root { --ink: #000; --soft: #444; --line: #bbb; --ground: #fff; --card: #fff; --bar: #2f6fb3; --alarm: #b00; --empty: #eee; }
  body { font-size: 11pt; }
  .filter { display: none; }
  article { break-inside: avoid; border-radius: 0; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`

/** Filters by what is typed and by noise; without scripts everything is shown. */
export const SCRIPT = `
const search = document.querySelector('#search'), noisy = document.querySelector('#noisy'), none = document.querySelector('#none')
const show = () => {
  const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean)
  let left = 0
  for (const card of document.querySelectorAll('article')) {
    const fits = words.every((word) => card.dataset.words.includes(word)) && (!noisy.checked || card.classList.contains('noisy'))
    card.hidden = !fits
    if (fits) left += 1
  }
  none.hidden = left > 0
}
search.addEventListener('input', show)
noisy.addEventListener('change', show)
document.querySelector('.filter').hidden = false
`
