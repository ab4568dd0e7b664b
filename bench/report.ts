/** What a bench says: a table and the words around it, for the terminal and for `docs/benchmarks.md`. */

import { arch, cpus, release, totalmem, type } from 'node:os'

export interface Section {
  readonly title: string
  /** What was measured, and how. */
  readonly about: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly string[])[]
  /** Sentences below the table. */
  readonly notes?: readonly string[]
}

/** A bench file that is run by itself prints its section. */
export async function printed(bench: () => Promise<Section>): Promise<void> {
  console.log(markdown(await bench()))
}

export function markdown({ title, about, columns, rows, notes = [] }: Section): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const table = [line(columns), line(columns.map((_, at) => (at === 0 ? '---' : '---:'))), ...rows.map(line)]
  return [`## ${title}`, about, table.join('\n'), ...notes].join('\n\n')
}

export function machine(): string {
  const [cpu] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  return `${cpu?.model.trim() ?? 'unknown CPU'}, ${cpus().length} cores, ${memory} GiB, ${type()} ${release()} ${arch()}, Node ${process.version}`
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
}

export function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(2)} s`
}

/** `1.25 ×`. */
export function times(ratio: number): string {
  return `${ratio < 10 ? ratio.toFixed(2) : ratio.toFixed(0)} ×`
}
