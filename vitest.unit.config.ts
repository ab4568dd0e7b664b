/** The contributor's loop: what runs in this process alone. Emulators, the built package and pseudo-terminals are left to `npm test`. */

import { defineConfig, mergeConfig } from 'vitest/config'
import whole from './vitest.config.ts'

export default mergeConfig(
  whole,
  defineConfig({
    test: {
      exclude: [
        'node_modules/**',
        'test/emulators/**',
        'test/invariants/**',
        'test/package/**',
        '**/*pty*.test.ts',
        'test/cli/process.test.ts',
        'test/pagerduty/exit.test.ts',
      ],
    },
  }),
)
