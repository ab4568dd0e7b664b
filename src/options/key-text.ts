/** An integration key or URL as people save and paste it: its wrapping is taken off, and what cannot be meant is refused with the cause. */

import { usage } from '../errors.ts'

/** What a text holds once unwrapped: a bare key, or a URL. */
export type KeyText = { readonly integrationKey: string } | { readonly integrationUrl: string }

/**
 * Reads what a key file or a prompt holds: comment lines (`#`), quotes, angle brackets, a Markdown link and `NAME=value`
 * are taken off; a URL that was broken over lines is joined. `source` names the text in errors, which never repeat it.
 * Throws usage errors (exit 2).
 */
export function readKeyText(text: string, source: string): KeyText {
  const lines = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
  if (lines.length === 0) throw usage('key-file-empty', `${source} is empty`)
  const [first = '', ...rest] = lines
  if (rest.length > 0 && !continues(first, rest)) {
    throw usage('key-text', `${source} has ${lines.length} lines`, 'keep one key or one URL in it')
  }
  const value = unwrapped(lines.join(''))
  if (/^https?:\/\/[^/]*@/i.test(value)) {
    throw usage(
      'key-text',
      `the URL in ${source} contains a user name or password`,
      'copy the URL from PagerDuty again',
    )
  }
  return value.includes('://') ? { integrationUrl: value } : { integrationKey: value }
}

/** A URL that an editor or a mail program wrapped: further lines are pieces of a path. */
function continues(first: string, rest: readonly string[]): boolean {
  return /^https?:\/\//i.test(first) && !first.endsWith('/enqueue') && rest.every((line) => /^[\w/]+$/.test(line))
}

function unwrapped(text: string): string {
  const link = /^\[[^\]]*\]\(([^)]+)\)$/.exec(text)?.[1]
  const assigned = /^(?:export\s+)?[A-Za-z_]\w*\s*=\s*(.+)$/.exec(link ?? text)?.[1]
  const bare = (assigned ?? link ?? text).trim()
  return /^(["'`<])(.*)(["'`>])$/.exec(bare)?.[2]?.trim() ?? bare
}
