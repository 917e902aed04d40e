import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chromium } from '@playwright/test'
import { AppError } from '../shared/app-error.ts'
import { findBrowser } from './find-browser.ts'

/**
 * Path of a browser for the end-to-end specs: one that is installed, else Playwright's own, fetched now, else the
 * distribution's, installed now where that is allowed. Throws `browser_missing`.
 */
export function ensureBrowser(): string {
  return findBrowser() ?? playwrightBrowser() ?? debianBrowser() ?? giveUp()
}

function playwrightBrowser(): string | null {
  if (!existsSync(chromium.executablePath())) {
    console.log('No Chromium, Chrome or Edge is installed; fetching the one of Playwright.')
    run('npx', ['playwright', 'install', 'chromium'])
  }
  // Fetched is not enough: on a bare system it may lack libraries.
  const path = chromium.executablePath()
  return existsSync(path) && run(path, ['--version']) ? path : null
}

function debianBrowser(): string | null {
  const isRoot = process.getuid?.() === 0
  if (!isRoot || !existsSync('/etc/debian_version')) return null
  console.log("Playwright's browser cannot be had; installing the package chromium.")
  const quiet = { DEBIAN_FRONTEND: 'noninteractive' }
  run('apt-get', ['update', '-qq'], quiet)
  run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'], quiet)
  return findBrowser()
}

function giveUp(): never {
  throw new AppError(
    'browser_missing',
    'The end-to-end specs need Chromium, Chrome or Edge, and none could be found or fetched.',
    {
      hint: 'Install one of them, or name one: SIGNALBOX_BROWSER=/path/to/chrome npm test',
    },
  )
}

function run(program: string, args: string[], env: Record<string, string> = {}): boolean {
  const shell = process.platform === 'win32'
  const { status } = spawnSync(program, args, { stdio: 'inherit', env: { ...process.env, ...env }, shell })
  return status === 0
}
