/** The whole catalogue over generated archives, beside the simple ways of going through the same files. */

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { cloudTrailMessages } from './events.ts'
import { median, printed, type Section, seconds, times } from './report.ts'

/** Records of one file; about 4 MB. */
const RECORDS = 3_200
const ROUNDS = 3
const SIZES = [
  { name: '200 MB', files: 50 },
  { name: '1 GB', files: 250 },
] as const

const TOOL = join(import.meta.dirname, '..', 'bin', 'cloudtrail-pd.js')
const PYTHON = process.env.DUCKDB_PYTHON || join(homedir(), '.cache', 'cloudtrail-pd', 'duckdb', 'bin', 'python')

/** Written once: a megabyte a second is what gzip takes. */
function archive(files: number): string {
  const folder = join(tmpdir(), `cloudtrail-pd-bench-${files}`)
  if (existsSync(join(folder, 'whole'))) return join(folder, 'logs')
  mkdirSync(join(folder, 'logs'), { recursive: true })
  for (let file = 0; file < files; file += 1) {
    // CloudTrail writes whole seconds; the events of these files share an hour.
    const messages = cloudTrailMessages(RECORDS, file + 1).map((message) =>
      message.replace(/(:\d\d)\.\d{3}Z","eventSource/, '$1Z","eventSource'),
    )
    const name = `111122223333_CloudTrail_us-east-1_20260115T0005Z_${String(file).padStart(16, '0')}.json.gz`
    writeFileSync(join(folder, 'logs', name), gzipSync(`{"Records":[${messages.join(',')}]}`))
  }
  writeFileSync(join(folder, 'whole'), '')
  return join(folder, 'logs')
}

interface Way {
  readonly name: string
  readonly cores: '0' | '0,1'
  readonly program: string
  readonly args: (folder: string) => readonly string[]
  readonly target?: string
}

const SIMPLE = `
const { readFileSync, readdirSync } = require('node:fs')
const { gunzipSync } = require('node:zlib')
let records = 0
for (const name of readdirSync(process.argv[1])) {
  records += JSON.parse(gunzipSync(readFileSync(process.argv[1] + '/' + name)).toString()).Records.length
}
console.log(records)`

const BY_PYTHON = `
import gzip, json, os, sys
found = 0
for name in os.listdir(sys.argv[1]):
    with gzip.open(os.path.join(sys.argv[1], name)) as file:
        found += sum(1 for record in json.load(file)["Records"] if record.get("eventName") == "ConsoleLogin")
print(found)`

const BY_DUCKDB = `
import duckdb, sys
print(duckdb.sql("""SELECT count(*) FROM (SELECT unnest(Records) AS r FROM read_json('%s/*.json.gz',
  columns={Records: 'STRUCT(eventName VARCHAR)[]'}, maximum_object_size=33554432)) WHERE r.eventName = 'ConsoleLogin'""" % sys.argv[1]))`

const tool = (folder: string) => [
  TOOL,
  'backtest',
  folder,
  ...['--since', '2026-01-14', '--until', '2026-01-17', '--detections', 'all', '--json'],
]

const TWO_CORES: Way = {
  name: 'backtest, 47 detections, two cores',
  cores: '0,1',
  program: process.execPath,
  args: tool,
  target: '>= 1.60 x',
}

const WAYS: readonly Way[] = [
  {
    name: 'gunzip and JSON.parse in Node, one core',
    cores: '0',
    program: process.execPath,
    args: (folder) => ['-e', SIMPLE, folder],
  },
  { name: 'backtest, 47 detections, one core', cores: '0', program: process.execPath, args: tool, target: '>= 0.90 x' },
  TWO_CORES,
  {
    name: 'zcat and jq, one pattern',
    cores: '0,1',
    program: 'sh',
    args: (folder) => [
      '-c',
      `zcat '${folder}'/*.gz | exec jq '[.Records[] | select(.eventName == "ConsoleLogin")] | length' > /dev/null`,
    ],
  },
  { name: "Python's json, one pattern", cores: '0', program: 'python3', args: (folder) => ['-c', BY_PYTHON, folder] },
  {
    name: "DuckDB's read_json, one pattern",
    cores: '0,1',
    program: PYTHON,
    args: (folder) => ['-c', BY_DUCKDB, folder],
  },
]

interface Run {
  /** Milliseconds. */
  readonly wall: number
  readonly cpu: number
  /** KiB; the peak of the process itself. */
  readonly memory: number
}

export async function backtestThroughput(): Promise<Section> {
  const rows: string[][] = []
  const bothCores: { readonly files: number; readonly wall: number }[] = []
  for (const { name: size, files } of SIZES) {
    const folder = archive(files)
    const bytes = RECORDS * files * 1_259
    const stored = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
    const runs = new Map<Way, Run[]>()
    for (let round = 0; round < ROUNDS; round += 1) {
      // Side by side in time, so that a busy machine disturbs all of them alike.
      for (const way of WAYS) {
        if (round > 0 && size === '1 GB' && way.target === undefined && way !== WAYS[0]) continue
        const run = await measure(way, folder)
        if (run !== undefined) runs.set(way, [...(runs.get(way) ?? []), run])
      }
    }
    const of = (way: Way, value: (run: Run) => number) => median((runs.get(way) ?? []).map(value))
    const simple = WAYS[0] as Way
    for (const way of WAYS) {
      if (!runs.has(way)) {
        rows.push([`${size} (${Math.round(stored / 1e6)} MB gzip): ${way.name}`, 'not installed', '', '', '', '', ''])
        continue
      }
      const wall = of(way, (run) => run.wall)
      if (way === TWO_CORES) bothCores.push({ files, wall })
      rows.push([
        `${size} (${Math.round(stored / 1e6)} MB gzip): ${way.name}`,
        seconds(wall),
        `${Math.round(bytes / 1e3 / wall)} MB/s`,
        times(of(simple, (run) => run.wall) / wall),
        way.program === 'sh' ? '' : times(of(simple, (run) => run.cpu) / of(way, (run) => run.cpu)),
        way.program === 'sh' ? '' : `${Math.round((of(way, (run) => run.memory) * 1024) / 1e6)} MB`,
        way.target?.replace('>=', '≥').replace('x', '×') ?? '',
      ])
    }
  }
  return {
    title: 'backtest',
    about: `Seeded archives of ${RECORDS.toLocaleString('en-US')} records a file, median of ${ROUNDS} rounds of whole processes, start included. Speed and CPU time are compared with gunzip and JSON.parse of the same files in Node: above 1 is faster. Memory is the peak of the process. \`npm run bench:backtest\``,
    columns: ['', 'wall time', 'of JSON', 'speed', 'CPU time', 'memory', 'target'],
    rows,
    notes: [
      'Wall times depend on what else the machine does; the comparison of CPU times does so less.',
      `With two cores ${seconds(alwaysNeeded(bothCores))} of each run do not grow with the archive.`,
      'With a second core a thread reads, unzips and searches files beside the program, which counts what both find. Records whose text holds nothing that a selected detection asks for are not parsed.',
    ],
  }
}

/** Milliseconds that an archive of no files would take: the line through the least and the largest. */
function alwaysNeeded(runs: readonly { readonly files: number; readonly wall: number }[]): number {
  const [least, largest] = [runs.at(0), runs.at(-1)]
  if (least === undefined || largest === undefined) return 0
  return least.wall - (least.files * (largest.wall - least.wall)) / (largest.files - least.files)
}

/** Undefined where the program is missing. */
async function measure({ cores, program, args }: Way, folder: string): Promise<Run | undefined> {
  if (spawnSync('which', [program]).status !== 0) return undefined
  const started = performance.now()
  const child = spawn('taskset', ['-c', cores, program, ...args(folder)], { stdio: 'ignore' })
  let memory = 0
  let cpu = 0
  const look = () => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
      memory = Math.max(memory, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0))
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
      // utime, stime and those of children that have ended, in hundredths of a second (proc_pid_stat).
      cpu = Math.max(cpu, [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at] ?? 0), 0) * 10)
    } catch {
      // It has just ended.
    }
  }
  const timer = setInterval(look, 10)
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  const wall = performance.now() - started
  clearInterval(timer)
  if (code !== 0) throw new Error(`${program} ended with ${code}`)
  return { wall, cpu, memory }
}

if (process.argv[1] === import.meta.filename) await printed(backtestThroughput)
