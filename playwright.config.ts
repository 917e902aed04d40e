import { defineConfig } from '@playwright/test'
import { chooseElectron } from './e2e/electron-binary.ts'

chooseElectron()

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  timeout: 60_000,
  expect: { timeout: 10_000 },
  fullyParallel: true,
  workers: 2,
  forbidOnly: process.env.CI !== undefined,
  reporter: process.env.CI ? 'line' : 'list',
  use: { trace: 'retain-on-failure' },
  projects: [
    { name: 'double', testDir: 'e2e/double' },
    { name: 'browser', testDir: 'e2e/specs' },
    { name: 'desktop', testDir: 'e2e/specs' },
  ],
})
