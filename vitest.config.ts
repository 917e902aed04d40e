import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{shared,engine,cli,electron,renderer,samples,scripts,test-servers}/**/*.test.{ts,tsx}'],
    globalSetup: 'scripts/test/bundle-program.ts',
    pool: 'forks',
    maxWorkers: 2,
    // Patience for a busy machine; no test measures time.
    testTimeout: 90_000,
    hookTimeout: 90_000,
  },
})
