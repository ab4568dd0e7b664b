/** The looks of the page beside those that all pages share, and its filter. */

export const STYLE = `
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
th { white-space: nowrap; width: 1%; }
td.number { width: 1%; padding-left: .6rem; }
::placeholder { color: var(--soft); opacity: 1; }
.id { white-space: nowrap; }
.quieter { border-left: 4px solid var(--good); padding: .35rem .75rem; margin: .75rem 0 0; }
@media (max-width: 40rem) {
  .charts { grid-template-columns: minmax(0, 1fr); }
  .pages { margin-left: 0; flex-basis: 100%; }
  svg text { font-size: 14px; }
  svg.days text { font-size: 22px; }
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
