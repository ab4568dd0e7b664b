/** Text of an account inside Markdown: shown as it is, never read as markup, HTML or a link. */

/** One line of text; everything that Markdown or HTML would read is escaped. */
export function markdownText(text: string): string {
  return (
    oneLine(text)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll(/[\\`*_{}[\]()#!|~]/g, '\\$&')
      // GitHub makes a link of a bare address, and a mention of @name.
      .replaceAll(/(https?:|www\.|@)/gi, (start) => `${start.slice(0, -1)}&#${start.charCodeAt(start.length - 1)};`)
  )
}

/** A code span around any text: its fence is longer than every run of backticks inside (CommonMark, code spans). */
export function codeSpan(text: string): string {
  const line = oneLine(text)
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return line.includes('`') ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*[\r\n\u2028\u2029]+\s*/g, ' ')
}
