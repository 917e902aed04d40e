import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, test as base, type ElectronApplication, expect, type Page } from '@playwright/test'

const double = import.meta.dirname
const main = join(double, 'sample', 'main.ts')

interface Sample {
  app: ElectronApplication
  page: Page
  userData: string
  /** Waits until the app has printed a line. */
  printed(line: string): Promise<void>
}

const test = base.extend<{ sample: Sample }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of fixtures from the pattern
  sample: async ({}, use) => {
    const userData = mkdtempSync(join(tmpdir(), 'double-spec-'))
    const app = await _electron.launch({ args: [main], env: { ...environment(), SAMPLE_USER_DATA: userData } })
    let output = ''
    app.process().stdout?.on('data', (chunk) => {
      output += chunk
    })
    const page = await app.firstWindow()
    await expect(page.getByRole('status')).toHaveText('doubled 42')
    const printed = (line: string): Promise<void> => expect.poll(() => output).toContain(line)
    await use({ app, page, userData, printed })
    await app.close()
    rmSync(userData, { recursive: true })
  },
})

function environment(): Record<string, string> {
  const set = Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined)
  return { ...Object.fromEntries(set), SIGNALBOX_DOUBLE_NODE: process.execPath }
}

test('serves app:// from main, with its headers, and hands a port to the page', async ({ sample }) => {
  const page = await sample.page.evaluate(async () => ({
    exposed: Reflect.get(window, 'sample'),
    isFrozen: Object.isFrozen(Reflect.get(window, 'sample').deep),
    leaked: Reflect.get(window, 'secretOfThePreload'),
    missing: (await fetch('missing.png')).status,
    evalRefused: await new Promise((resolve) => {
      document.addEventListener('securitypolicyviolation', (event) => resolve(event.blockedURI))
      document.body.append(Object.assign(document.createElement('script'), { textContent: '1' }))
    }),
  }))
  expect(page).toEqual({
    exposed: { face: 'desktop', deep: { platform: process.platform } },
    isFrozen: true,
    leaked: undefined,
    missing: 404,
    evalRefused: 'inline',
  })
  const url = await sample.app.evaluate(({ webContents }) => webContents.getAllWebContents()[0]?.getURL())
  expect(url).toBe('app://sample/index.html')
})

test('answers invoke, and carries a throw over as an error', async ({ sample }) => {
  const greet = (name: string): Promise<unknown> =>
    sample.page.evaluate((asked) => {
      const { promise, resolve } = Promise.withResolvers<unknown>()
      window.addEventListener('message', (event) => event.data.greeting && resolve(event.data.greeting))
      window.postMessage({ greet: asked }, '*')
      return promise
    }, name)
  expect(await greet('Ada')).toEqual({ text: 'Hello, Ada', from: 'app://sample/index.html' })
  expect(await greet('')).toBe("Error invoking remote method 'greet': TypeError: no name")
})

test('asks main before the page goes elsewhere or opens a window', async ({ sample }) => {
  await sample.page.evaluate(() => void window.open('https://example.invalid/popup'))
  await sample.printed('window refused: https://example.invalid/popup')
  await sample.page.evaluate(() => {
    location.href = 'https://example.com/away'
  })
  await sample.printed('navigation refused: https://example.com/away')
  await expect(sample.page).toHaveTitle('Sample')
})

test('closes the port of a page that reloads, and hands out a new one', async ({ sample }) => {
  await sample.page.reload()
  await sample.printed('port closed')
  await expect(sample.page.getByRole('status')).toHaveText('doubled 42')
})

test('tells a second start to the first', async ({ sample }) => {
  const env = { ...environment(), SAMPLE_USER_DATA: sample.userData }
  const second = spawn(join(double, 'electron'), [main], { env, stdio: 'ignore' })
  const [code] = await once(second, 'exit')
  expect(code).toBe(0)
  await sample.printed('second start')
})

test('leaves neither a browser nor a profile behind when it is killed', async ({ sample }) => {
  const child = sample.app.process()
  const profile = profileOf(child.pid as number)
  expect(existsSync(profile)).toBe(true)
  child.kill('SIGKILL')
  await expect.poll(() => existsSync(profile)).toBe(false)
})

/** The profile of the Chromium that a process started, from the kernel's list of processes. */
function profileOf(pid: number): string {
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const [args, status] = [readProcess(entry, 'cmdline'), readProcess(entry, 'status')]
    const profile = /--user-data-dir=([^\0]+)/.exec(args)?.[1]
    if (profile && status.includes(`PPid:\t${pid}\n`)) return profile
  }
  throw new Error(`No Chromium under process ${pid}`)
}

function readProcess(pid: string, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    // The process ended between the listing and this read.
    return ''
  }
}
