import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Colour is a property of the terminal that runs the tests, never of what a test asserts.
    env: { NO_COLOR: '1', TZ: 'UTC' },
    sequence: { shuffle: { files: true, tests: false } },
    // A busy machine is no fault of what is tested.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Many tests wait for a server or a process; by default a machine of two cores runs one file at a time.
    maxWorkers: '100%',
  },
})
