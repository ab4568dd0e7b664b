/** The contributor's loop: pure code and quick runs in this process. What takes longer is left to `npm test`. */

import { defineConfig, mergeConfig } from 'vitest/config'
import whole from './vitest.config.ts'

/** They start servers, processes or terminals, or build the package. */
const OUTSIDE = [
  'test/emulators/**',
  'test/package/**',
  '**/*pty*.test.ts',
  'test/backtest/page.test.ts',
  'test/cli/process.test.ts',
  'test/commands/completion/**',
  'test/pagerduty/exit.test.ts',
  'test/accept/process.test.ts',
  'test/watching/scheduled.test.ts',
]

/** They run whole commands over many accounts, or a law over many patterns. */
const LONG = [
  'test/accept/flow.test.ts',
  'test/invariants/**',
  'test/commands/{backtest,destroy,doctor,init,test}/**',
  'test/docs/commands.test.ts',
  'test/doctor/{cases,fixes,healthy-init,inventories,live}.test.ts',
  'test/doctor/checks/states.test.ts',
  'test/patterns/laws.test.ts',
]

export default mergeConfig(
  whole,
  defineConfig({
    test: {
      exclude: ['node_modules/**', ...OUTSIDE, ...LONG],
      // No test changes what another sees, and a fresh module graph for each file takes longer than the tests.
      isolate: false,
    },
  }),
)
