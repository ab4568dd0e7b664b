import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: { include: ['test/athena/*.trino.ts'], env: { NO_COLOR: '1', TZ: 'UTC' } },
})
