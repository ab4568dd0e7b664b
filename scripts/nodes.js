/** Runs the tests of the installed package under each Node that is supported; the npm package `node` brings the programs. */

import { spawnSync } from 'node:child_process'

for (const version of ['20', '22', '24']) {
  const line = ['--yes', '-p', `node@${version}`, 'node', 'node_modules/vitest/vitest.mjs', 'run', 'test/package']
  console.log(`node ${version}`)
  const { status } = spawnSync('npx', line, { stdio: 'inherit' })
  if (status !== 0) process.exit(status ?? 1)
}
