import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import type { ElectronApplication, Page } from '@playwright/test'
import { parse } from 'yaml'
import { chooseElectron, electronName } from '../e2e/electron-binary.ts'
import { startOnDesktop } from '../e2e/face.ts'
import { newPerson } from '../e2e/person.ts'
import { ensureBrowser } from '../scripts/ensure-browser.ts'
import { Figure } from './figure.ts'

/** What electron-builder.yml must burn into the binary. */
const fuses: Record<string, boolean> = {
  runAsNode: false,
  enableCookieEncryption: true,
  enableNodeOptionsEnvironmentVariable: false,
  enableNodeCliInspectArguments: false,
  enableEmbeddedAsarIntegrityValidation: true,
  onlyLoadAppFromAsar: true,
  loadBrowserProcessSpecificV8Snapshot: false,
  grantFileProtocolExtraPrivileges: false,
}

/** The twenty points of Electron's security checklist on the built shell, and its eight fuses. */
export async function electronChecklist(): Promise<Figure> {
  const figure = new Figure('electron-checklist')
  process.env.SIGNALBOX_BROWSER ??= ensureBrowser()
  chooseElectron()
  await builtCode(figure)
  using person = newPerson('nothing')
  await using face = await startOnDesktop(person)
  await face.page.getByRole('main').first().waitFor()
  await preferences(figure, face.desktop!)
  await guards(figure, face.desktop!, face.page)
  await declaredFuses(figure)
  const reason = 'needs a package around a real Electron binary, which is fetched when one is made'
  for (const name of ['fuses of the package', 'integrity of the archive', 'sandbox of the real renderer']) {
    if (electronName === 'the double' || name !== 'sandbox of the real renderer') figure.notRun(name, reason)
  }
  return figure
}

async function preferences(figure: Figure, desktop: ElectronApplication): Promise<void> {
  const contents = await desktop.evaluate(({ webContents }) =>
    webContents.getAllWebContents().map((each) => ({
      url: each.getURL(),
      preferences: (each as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences(),
    })),
  )
  const page = contents[0]!
  const set = async (name: string, key: string, value: unknown, otherwise?: unknown): Promise<void> =>
    figure.check(name, () => assert.equal(page.preferences[key] ?? otherwise, value))

  await figure.check('1 only secure content is loaded: one page, under app://', () => {
    assert.deepEqual([contents.length, page.url.startsWith('app://signalbox/')], [1, true])
  })
  await set('2 the page has no Node', 'nodeIntegration', false)
  await set('3 the preload has a world of its own', 'contextIsolation', true)
  await set('4 the page is sandboxed', 'sandbox', true)
  await set('6 web security is on', 'webSecurity', true)
  await set('8 no insecure content', 'allowRunningInsecureContent', false, false)
  await set('9 no experimental features', 'experimentalFeatures', false, false)
  await set('10 no Blink features', 'enableBlinkFeatures', undefined)
  await set('11 no webview, so none with popups', 'webviewTag', false)
}

async function guards(figure: Figure, desktop: ElectronApplication, page: Page): Promise<void> {
  await figure.check('5 permissions are refused, but writing text to the clipboard', async () => {
    const answers = await page.evaluate(async () => {
      const asked = ['notifications', 'geolocation', 'camera', 'microphone'] as const
      return Promise.all(asked.map(async (name) => (await navigator.permissions.query({ name } as never)).state))
    })
    const code = readFileSync('electron/guards.ts', 'utf8')
    assert.ok(/setPermissionRequestHandler/.test(code) && /setPermissionCheckHandler/.test(code))
    assert.ok(!answers.includes('granted'), String(answers))
  })
  await figure.check('7 the content security policy holds against eval and inline scripts', async () => {
    const refused = await page.evaluate(() => {
      const reports: string[] = []
      const { promise, resolve } = Promise.withResolvers<string[]>()
      document.addEventListener('securitypolicyviolation', ({ blockedURI }) => {
        if (reports.push(blockedURI) === 2) resolve(reports.sort())
      })
      document.body.append(Object.assign(document.createElement('script'), { textContent: '1' }))
      // A text for a timer is what eval is; eval itself is let through here by the debugger.
      Reflect.apply(setTimeout, window, ['1', 0])
      return promise
    })
    assert.deepEqual(refused, ['eval', 'inline'])
  })
  await figure.check('12 a webview would be refused', () =>
    holds('electron/guards.ts', /will-attach-webview.*preventDefault/),
  )
  await desktop.evaluate(({ dialog, shell }) => {
    const opened: string[] = []
    Object.assign(globalThis, { opened })
    dialog.showMessageBox = async () => ({ response: 1, checkboxChecked: false })
    shell.openExternal = async (url: string) => void opened.push(url)
  })
  await figure.check('13 the page stays where it is', async () => {
    const before = page.url()
    await page.evaluate(() => {
      location.href = 'https://example.invalid/away'
    })
    // The page answers only while it is still there.
    await page.evaluate(() => document.title)
    assert.equal(page.url().split('#')[0], before.split('#')[0])
  })
  await figure.check('14 no window can be opened', async () => {
    await page.evaluate(() => void window.open('https://example.invalid/popup'))
    const windows = await desktop.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
    // What is refused may be there for a moment, without a window of Electron's.
    for (let look = 0; look < 20 && page.context().pages().length > 1; look++) await delay(100)
    assert.deepEqual([windows, page.context().pages().length], [1, 1])
  })
  await figure.check('15 nothing is opened outside without a yes', async () => {
    await page.evaluate(() => {
      for (const url of ['https://example.invalid/', 'file:///etc/passwd', 'smb://x/', 'javascript:1']) window.open(url)
    })
    assert.deepEqual(await desktop.evaluate(() => Reflect.get(globalThis, 'opened')), [])
  })
  await figure.check('20 the page gets a word and no interface of Electron', async () => {
    const bridge = await page.evaluate(() => {
      const { signalbox } = window as unknown as { signalbox: object }
      const names = ['require', 'process', 'module', 'ipcRenderer', 'electron', 'Buffer']
      return { ...signalbox, isFrozen: Object.isFrozen(signalbox), found: names.filter((name) => name in window) }
    })
    assert.deepEqual(bridge, { face: 'desktop', platform: process.platform, isFrozen: true, found: [] })
  })
}

async function builtCode(figure: Figure): Promise<void> {
  await figure.check('16 Electron is pinned to one version, the one of the lock file', () => {
    const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
    const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'))
    assert.match(devDependencies.electron, /^\d+\.\d+\.\d+$/)
    assert.equal(packages['node_modules/electron'].version, devDependencies.electron)
  })
  await figure.check('17 the main process hears no message of a page but over the port that it hands out', () => {
    const main = readFileSync('dist/node/desktop.mjs', 'utf8')
    assert.ok(!/ipcMain\s*\.\s*(on|handle|once)|\bipcMain\b/.test(main), 'ipcMain is used: its senders must be checked')
  })
  await figure.check('18 nothing is loaded from file://', () => {
    const main = readFileSync('dist/node/desktop.mjs', 'utf8')
    assert.ok(!/loadFile\(|loadURL\(["'`]file:/.test(main))
  })
}

async function declaredFuses(figure: Figure): Promise<void> {
  const { electronFuses = {}, asar } = parse(readFileSync('electron-builder.yml', 'utf8')) as {
    electronFuses?: Record<string, boolean>
    asar?: boolean
  }
  await figure.check('19 fuses are set, and the code lies in an archive', () => {
    assert.equal(asar, true)
    assert.ok(
      Object.keys(electronFuses).every((name) => name in fuses),
      'a fuse stands there that nobody decided on',
    )
  })
  for (const [name, value] of Object.entries(fuses)) {
    // Electron's own value of the one that is not named is off.
    await figure.check(`fuse ${name} is ${value ? 'on' : 'off'}`, () =>
      assert.equal(electronFuses[name] ?? false, value),
    )
  }
}

function holds(file: string, pattern: RegExp): void {
  assert.match(readFileSync(file, 'utf8'), pattern)
}
