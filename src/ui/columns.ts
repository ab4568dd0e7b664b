/** How many columns of a terminal a text takes; nearly every text is seen at a glance to take one a character. */

import stringWidth from 'string-width'

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours and the addresses of links take no column.
const COLOUR = /\u001b\[[0-9;]*m|\u001b\]8;;[!-~]*?\u001b\\/g

/** Latin letters, the marks and lines that we draw with, dashes, quotes and arrows: one column each, whatever stands beside them. */
const NARROW = /^[ -~¡-¬®-˿‐-‧←-⇿─-╿○◉◌◐✓-✘❯]*$/

/**
 * Columns of a text on one line. What is not narrow for certain is measured by the Unicode tables, which take longer to
 * load than a page of help takes to print.
 */
export function columns(text: string): number {
  const bare = text.replaceAll(COLOUR, '')
  return isNarrow(bare) ? bare.length : stringWidth(bare)
}

/** Whether every character is seen at a glance to take one column; a text with colours is not. */
export function isNarrow(text: string): boolean {
  return NARROW.test(text)
}
