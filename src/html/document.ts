/** A page in one file: it loads nothing, runs no script but its own, and sends nothing to where its links lead. */

import { createHash } from 'node:crypto'
import { escaped } from './escaped.ts'
import { BASE_STYLE } from './style.ts'

export interface PageParts {
  /** Plain text. */
  readonly title: string
  /** After the style that all pages share. */
  readonly style: string
  readonly script: string
  /** What stands in the body, as HTML. */
  readonly body: Iterable<string>
}

/** The whole HTML document, in pieces. */
export function* htmlDocument({ title, style, script, body }: PageParts): Iterable<string> {
  const styles = `${BASE_STYLE}${style}`
  // By their hashes: what slipped through escaping would still not run.
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(styles)}'`,
    `script-src '${hashOf(script)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ]
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="${policy.join('; ')}">
<title>${escaped(title)}</title>
<style>${styles}</style>
</head>
<body>
`
  yield* body
  yield `<script>${script}</script>
</body>
</html>
`
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
