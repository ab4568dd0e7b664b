import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { include: ['test/faults/*.faults.ts'], env: { NO_COLOR: '1', TZ: 'UTC' }, maxWorkers: '100%' },
})
