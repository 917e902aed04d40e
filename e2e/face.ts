import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { _electron, type Browser, type ElectronApplication, expect, type Page } from '@playwright/test'
import type { Person } from './person.ts'

/** A running Signalbox and its page. */
export interface Face extends AsyncDisposable {
  readonly page: Page
  /** Electron's main process; null in the browser. */
  readonly desktop: ElectronApplication | null
  /** Asks the running program over REST, as a script of the person would. */
  api(path: string): Promise<unknown>
}

const program = (name: string): string => resolve('dist', 'node', name)

/** Starts `signalbox serve` and opens its page through a one-time link, as a person with a browser does. */
export async function startInBrowser(person: Person, browser: Browser): Promise<Face> {
  const args = [program('cli.mjs'), 'serve', '--home', person.home, '--port', '0', '--no-open']
  const child = spawn(process.execPath, args, { env: person.env, stdio: ['ignore', 'pipe', 'pipe'] })
  const output = gather(child.stdout, child.stderr)
  const ended = once(child, 'exit')
  await Promise.race([expect.poll(() => addressOf(person), { timeout: 30_000 }).not.toBe(null), ended])
  if (child.exitCode !== null) throw new Error(`serve ended with ${child.exitCode}:\n${output()}`)
  const context = await browser.newContext()
  const page = await context.newPage()
  await page.goto(await pageLink(person))
  return {
    page,
    desktop: null,
    api: (path) => get(person, path),
    async [Symbol.asyncDispose]() {
      await context.close()
      child.kill('SIGTERM')
      await ended
      expect(child.exitCode, output()).toBe(0)
    },
  }
}

/** Starts the desktop: in Electron where it is installed, else on the double. */
export async function startOnDesktop(person: Person): Promise<Face> {
  const app = await _electron.launch({ args: desktopArgs(person), env: person.env })
  const { stdout, stderr } = app.process()
  const output = gather(stdout, stderr)
  const page = await app.firstWindow()
  await expect.poll(() => addressOf(person), { timeout: 30_000, message: output() }).not.toBe(null)
  return {
    page,
    desktop: app,
    api: (path) => get(person, path),
    [Symbol.asyncDispose]: () => app.close(),
  }
}

/** What Electron is started with. */
export function desktopArgs({ home }: Person): string[] {
  return [program('desktop.mjs'), '--home', home, '--port', '0']
}

function gather(...streams: (NodeJS.ReadableStream | null)[]): () => string {
  let text = ''
  for (const stream of streams) {
    stream?.on('data', (chunk) => {
      text += chunk
    })
  }
  return () => text
}

/** The address in `<home>/runtime.json`; null while no program runs. */
function addressOf({ home }: Person): string | null {
  try {
    return (JSON.parse(readFileSync(join(home, 'runtime.json'), 'utf8')) as { url: string }).url
  } catch {
    // Not written yet.
    return null
  }
}

async function pageLink(person: Person): Promise<string> {
  const answer = await request(person, '/page-links', 'POST')
  return (answer as { url: string }).url
}

function get(person: Person, path: string): Promise<unknown> {
  return request(person, path, 'GET')
}

async function request(person: Person, path: string, method: string): Promise<unknown> {
  const token = readFileSync(join(person.home, 'token'), 'utf8')
  const headers = { authorization: `Bearer ${token}` }
  const response = await fetch(`${addressOf(person)}/api/v1${path}`, { method, headers })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return response.json()
}
