import { defineConfig } from '@playwright/test'
import { chooseElectron, electronName } from './e2e/electron-binary.ts'
import { findBrowser } from './scripts/find-browser.ts'

chooseElectron()
// Once, not in every worker.
if (process.env.TEST_WORKER_INDEX === undefined) process.stderr.write(`Desktop specs run on ${electronName}.\n`)

// Playwright's own browser is used where none is installed.
const executablePath = findBrowser()

// Pictures are made when they are wanted: SIGNALBOX_SCREENSHOTS=1 npm run e2e -- --project=browser --grep @screenshots
const unasked = process.env.SIGNALBOX_SCREENSHOTS ? [] : [/@screenshots/]

// What the system shows can be read back from the double alone.
const untold = electronName === 'Electron' ? [/@double/] : []

// Windows runs no script of the shell.
const unrunnable = process.platform === 'win32' ? [/@posix/] : []

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/e2e',
  timeout: 120_000,
  expect: { timeout: 30_000 },
  fullyParallel: true,
  workers: 2,
  forbidOnly: process.env.CI !== undefined,
  reporter: process.env.CI ? 'line' : 'list',
  use: {
    actionTimeout: 30_000,
    trace: 'retain-on-failure',
    launchOptions: executablePath === null ? {} : { executablePath },
  },
  projects: [
    ...(electronName === 'the double' ? [{ name: 'double', testDir: 'e2e/double' }] : []),
    { name: 'browser', testDir: 'e2e/specs', grepInvert: [/@desktop/, ...unrunnable, ...unasked] },
    {
      name: 'desktop',
      testDir: 'e2e/specs',
      grepInvert: [/@browser/, ...unrunnable, ...untold, ...unasked],
      metadata: { electron: electronName },
    },
  ],
})
