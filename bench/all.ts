/** Runs every bench and writes `docs/benchmarks.md`. */

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { doctorOfOrganization } from './accounts.ts'
import { backtestThroughput } from './backtest.ts'
import { doctorAtScale } from './doctor.ts'
import { initAgainstTheLimit } from './init.ts'
import { patternThroughput } from './patterns.ts'
import { machine, markdown, type Section, versions } from './report.ts'
import { startup } from './startup.ts'

const BENCHES: readonly (() => Promise<Section>)[] = [
  startup,
  initAgainstTheLimit,
  doctorAtScale,
  doctorOfOrganization,
  patternThroughput,
  backtestThroughput,
]

const sections: string[] = []
// One after another: each would disturb the others.
for (const bench of BENCHES) {
  const text = markdown(await bench())
  console.log(`${text}\n`)
  sections.push(text)
}
const head = `# Benchmarks

Written by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}: ${machine()}; ${versions()}.

The figures are those of one machine on one day; the ratios are what carries over.`
await writeFile(join(import.meta.dirname, '..', 'docs', 'benchmarks.md'), `${[head, ...sections].join('\n\n')}\n`)
