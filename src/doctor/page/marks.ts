/** The four marks as shapes that differ without color. */

import type { FindingStatus } from '../check.ts'
import type { HopState } from '../verdict.ts'

export const STATUS_MARKS: Readonly<Record<FindingStatus, HopState>> = {
  fail: 'broken',
  warn: 'look',
  skip: 'unchecked',
  pass: 'works',
}

/** Drawn once for the page, each around its own center: a disc with a tick, an octagon with a cross, a triangle with an exclamation mark, a dashed ring. */
export const MARK_SHAPES = `<g id="works"><circle class="good" r="9"/><path class="sign" d="M-4.5 .5l3 3 6-7"/></g>
<g id="look"><path class="warn" d="M0-9.5 10 8.5H-10Z"/><path class="sign" d="M0-4.5V2.5M0 5.6v.2"/></g>
<g id="broken"><path class="bad" d="M-3.8-9.2h7.6l5.4 5.4v7.6l-5.4 5.4h-7.6l-5.4-5.4v-7.6Z"/><path class="sign" d="M-3.5-3.5l7 7m0-7-7 7"/></g>
<g id="unchecked"><circle class="none" r="8"/><circle class="dot" r="2"/></g>`

/** A mark in a line of text, which says the same in words. */
export function mark(state: HopState): string {
  return `<svg class="mark" viewBox="-10 -10 20 20" aria-hidden="true"><use href="#${state}"/></svg>`
}
