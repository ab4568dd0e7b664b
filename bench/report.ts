/** What a bench says: a table and the words around it, for the terminal and for `docs/benchmarks.md`. */

import { spawnSync } from 'node:child_process'
import { arch, cpus, release, totalmem, type } from 'node:os'
import manifest from '../package.json' with { type: 'json' }
import { installed } from '../test/emulators/servers.ts'

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

/** What was measured, and what it was measured with, as far as it is installed. */
export function versions(): string {
  const asked: readonly (readonly [string, readonly string[], (said: string) => string])[] = [
    [installed('aws'), ['--version'], (said) => said.split(' ')[0] ?? said],
    [installed('python'), ['-c', 'import moto; print(moto.__version__)'], (said) => `moto/${said}`],
  ]
  const others = asked.flatMap(([program, args, shown]) => {
    const { status, stdout } = spawnSync(program, args, { encoding: 'utf8' })
    return status === 0 ? [shown(stdout.trim())] : []
  })
  return [`cloudtrail-pd/${manifest.version}`, ...others].join(', ')
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
