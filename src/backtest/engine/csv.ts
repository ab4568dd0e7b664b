/**
 * CSV as RFC 4180 has it, and nothing else: what is left of a file that was cut would be counted as all of it. It says
 * where a quote that does not end begins; csv-parse names the last line of the file.
 */

export interface CsvRow {
  /** Where it begins, from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

/** All rows, the header among them, without empty lines. Throws what `refuse` makes of a fault. */
export function readCsv(text: string, refuse: (fault: string) => Error): readonly CsvRow[] {
  const rows: CsvRow[] = []
  // A row whose quoted cell goes on in the next line.
  let open: { readonly line: number; readonly text: string } | undefined
  for (const [at, one] of text.split(/\r\n?|\n/).entries()) {
    const row = open === undefined ? { line: at + 1, text: one } : { line: open.line, text: `${open.text}\n${one}` }
    const closes = one.split('"').length % 2 === (open === undefined ? 1 : 0)
    open = closes ? undefined : row
    if (!closes || row.text === '') continue
    rows.push({ line: row.line, cells: cellsOf(row.text, (fault) => refuse(`line ${row.line} has ${fault}`)) })
  }
  if (open !== undefined) throw refuse(`line ${open.line} has a quote that does not end`)
  return rows
}

function cellsOf(row: string, refuse: (fault: string) => Error): readonly string[] {
  const cells: string[] = []
  for (let at = 0; at <= row.length; ) {
    const isQuoted = row[at] === '"'
    const comma = row.indexOf(',', at)
    const end = isQuoted ? closingQuote(row, at + 1) + 1 : comma === -1 ? row.length : comma
    const cell = row.slice(at, end)
    if (end < row.length && row[end] !== ',') throw refuse('text after a closing quote')
    if (!isQuoted && cell.includes('"')) throw refuse('a quote in a cell that does not begin with one')
    cells.push(isQuoted ? cell.slice(1, -1).replaceAll('""', '"') : cell)
    at = end + 1
  }
  return cells
}

/** There is one: the quotes of a row are even in number. */
function closingQuote(row: string, from: number): number {
  let at = row.indexOf('"', from)
  while (row[at + 1] === '"') at = row.indexOf('"', at + 2)
  return at
}
