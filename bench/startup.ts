/** What a start costs, beside an empty Node process, which is the limit, and beside the AWS CLI. */

import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { installed } from '../test/emulators/servers.ts'
import { builtTool } from '../test/package/built.ts'
import { median, printed, type Section, times } from './report.ts'

const ROUNDS = 41

/** The AWS CLI beside the emulators, or whichever there is. */
const CLIS = [installed('aws'), 'aws']

export async function startup(): Promise<Section> {
  const tool = await builtTool()
  const node = process.execPath
  const all: readonly Start[] = [
    { name: '`node -e 0`', line: [node, '-e', '0'], target: undefined },
    { name: 'an empty ES module', line: [node, join(import.meta.dirname, 'empty.js')], target: undefined },
    { name: '`cloudtrail-pd --version`', line: [node, tool, '--version'], target: 1.3 },
    { name: '`cloudtrail-pd --help`', line: [node, tool, '--help'], target: 1.3 },
    { name: '`cloudtrail-pd init --help`', line: [node, tool, 'init', '--help'], target: 1.3 },
    { name: 'a mistyped option', line: [node, tool, 'init', '--rote', 'service'], target: 1.3 },
    { name: '`cloudtrail-pd detections list`', line: [node, tool, 'detections', 'list'], target: 1.6 },
    { name: '`aws --version`', line: [CLIS.find(runs) ?? '', '--version'], target: undefined },
  ]
  const starts = all.filter(({ line: [program = ''] }) => runs(program))
  const rounds = Array.from({ length: ROUNDS }, () => starts.map(({ line }) => millisecondsOf(line)))
  const taken = starts.map((_, at) => rounds.map((round) => round[at] ?? 0))
  const [limit = []] = taken
  return {
    title: 'Start-up',
    about: `Wall time of a whole process with pipes for its streams: median and least of ${ROUNDS} rounds, in which every line has its turn, and both as a multiple of \`node -e 0\` of the same run. \`npm run bench:startup\``,
    columns: ['', 'median', 'ratio', 'least', 'ratio', 'target'],
    rows: starts.map(({ name, target }, at) => {
      const times_ = taken[at] ?? []
      return [
        name,
        `${Math.round(median(times_))} ms`,
        times(median(times_) / median(limit)),
        `${Math.round(Math.min(...times_))} ms`,
        times(Math.min(...times_) / Math.min(...limit)),
        target === undefined ? '' : `≤ ${times(target)}`,
      ]
    }),
  }
}

function runs(program: string): boolean {
  return program !== '' && spawnSync(program, ['--version']).error === undefined
}

interface Start {
  readonly name: string
  readonly line: readonly string[]
  readonly target: number | undefined
}

function millisecondsOf([program = '', ...args]: readonly string[]): number {
  const started = performance.now()
  spawnSync(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  return performance.now() - started
}

if (process.argv[1] === import.meta.filename) await printed(startup)
