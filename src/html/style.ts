/** The looks that all pages share: light and dark as the reader's system, black on white on paper. Every color of text has a contrast of at least 4.5 (WCAG 2.2, AA). */

export const BASE_STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #545e69; --line: #d9dee3; --ground: #f6f7f9; --card: #fff;
  --bar: #2f6fb3; --alarm: #b42a21; --good: #24703f; --warn: #8a5300; --empty: #eceff2; --link: #1f5f9f; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e7eaee; --soft: #a9b3bd; --line: #3a424c; --ground: #14171b; --card: #1d2127; --bar: #6aa7e8;
    --alarm: #ff8b80; --good: #6fcf97; --warn: #f0b25a; --empty: #272d35; --link: #8ec1f5; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 64rem; margin: 0 auto; padding: 1.25rem 1rem 3rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .25rem; overflow-wrap: anywhere; }
h2 { font-size: 1.1rem; margin: 0; overflow-wrap: anywhere; }
p { margin: .35rem 0; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--bar); outline-offset: 2px; border-radius: 2px; }
.soft { color: var(--soft); font-size: .9rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; margin: 1rem 0; padding: 0; }
.facts div { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: .6rem .8rem; }
.facts dt { color: var(--soft); font-size: .8rem; }
.facts dd { margin: 0; font-size: 1.35rem; font-variant-numeric: tabular-nums; }
.filter { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; align-items: center; margin: 1.25rem 0 .75rem; }
.filter input[type=search] { flex: 1 1 14rem; min-width: 0; padding: .5rem .7rem; font: inherit; color: inherit;
  background: var(--card); border: 1px solid var(--soft); border-radius: .4rem; }
article { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: 1rem; margin: 0 0 1rem; }
article header { display: flex; flex-wrap: wrap; gap: .25rem .9rem; align-items: baseline; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
td, th { text-align: left; padding: .2rem .6rem .2rem 0; vertical-align: top; overflow-wrap: anywhere; }
td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; width: 5rem; padding-right: 0; }
code { font: .85rem ui-monospace, monospace; overflow-wrap: anywhere; unicode-bidi: isolate; }
[hidden] { display: none; }
@media (max-width: 40rem) {
  h1 { font-size: 1.35rem; }
}
@media print {
  :root { color-scheme: light; --ink: #000; --soft: #444; --line: #bbb; --ground: #fff; --card: #fff; --bar: #2f6fb3;
    --alarm: #a00; --good: #24703f; --warn: #7a4900; --empty: #eee; --link: #000; }
  body { font-size: 11pt; }
  main { max-width: none; padding: 0; }
  .filter { display: none; }
  article { break-inside: avoid; border-radius: 0; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`
