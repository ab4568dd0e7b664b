/** Packs the package, installs the tarball in an empty folder without any network, and runs what a stranger would run first. */

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'cloudtrail-pd-smoke-'))
const state = { ...process.env, CLOUDTRAIL_PD_SANDBOX_FILE: join(folder, 'sandbox.json'), NO_COLOR: '1' }

function run(command, args, expected = 0) {
  try {
    const out = execFileSync(command, args, {
      cwd: folder,
      env: state,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    if (expected !== 0) throw new Error(`${args.join(' ')} ended with 0 instead of ${expected}`)
    return out
  } catch (error) {
    if (error.status === expected && expected !== 0) return error.stdout
    throw error
  }
}

try {
  execFileSync('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', folder], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const tarball = readdirSync(folder).find((name) => name.endsWith('.tgz'))
  const megabytes = statSync(join(folder, tarball)).size / 1e6
  run('npm', ['init', '--yes'])
  run('npm', ['install', '--offline', '--no-audit', '--no-fund', `./${tarball}`])
  const tool = join('node_modules', '.bin', 'cloudtrail-pd')
  run(tool, ['--help'])
  run(tool, ['--version'])
  run(tool, ['init', '--nonsense'], 2)
  const first = JSON.parse(run(tool, ['init', '--sandbox', '--yes', '--json']))
  const second = JSON.parse(run(tool, ['init', '--sandbox', '--yes', '--json']))
  if (first.status !== 'applied' || second.status !== 'unchanged') {
    throw new Error(`init --sandbox: first ${first.status}, second ${second.status}`)
  }
  run(tool, ['destroy', '--sandbox', '--yes', '--json'])
  const packages = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'))
  console.log(
    `smoke: ${tarball}, ${megabytes.toFixed(2)} MB packed, installs ${packages.length} package, init applied then unchanged`,
  )
} finally {
  rmSync(folder, { recursive: true, force: true })
}
