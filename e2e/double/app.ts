import { EventEmitter } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { announceBrowser, browser } from './browser.ts'
import { BrowserWindow, onLastWindowClosed, onWindowCreated } from './browser-window.ts'
import { startChromium } from './chromium.ts'
import { takeSingleInstanceLock } from './single-instance.ts'

/** `app` of Electron: the life of the program. */
class App extends EventEmitter {
  readonly isPackaged = false
  readonly commandLine = { appendSwitch(): void {}, hasSwitch: (): boolean => false }
  readonly #ready = Promise.withResolvers<void>()
  readonly #paths = new Map<string, string>([['userData', join(tmpdir(), `electron-double-data-${process.pid}`)]])
  #isBooted = false
  #isReady = false
  #isQuitting = false
  #name = 'Electron'

  whenReady(): Promise<void> {
    return this.#ready.promise
  }

  isReady(): boolean {
    return this.#isReady
  }

  getName(): string {
    return this.#name
  }

  setName(name: string): void {
    this.#name = name
  }

  getPath(name: string): string {
    return this.#paths.get(name) ?? tmpdir()
  }

  setPath(name: string, path: string): void {
    this.#paths.set(name, path)
  }

  getAppPath(): string {
    return process.cwd()
  }

  setAppUserModelId(): void {}

  requestSingleInstanceLock(data: unknown = null): boolean {
    return takeSingleInstanceLock(this.getPath('userData'), data, (second) =>
      this.emit('second-instance', {}, second.argv, second.workingDirectory, second.data),
    )
  }

  /** As Electron does it: `before-quit`, every window, `will-quit`, the end; each of the three may refuse. */
  quit(): void {
    if (this.#isQuitting || !this.#may('before-quit')) return
    this.#isQuitting = true
    for (const window of BrowserWindow.getAllWindows()) window.close()
    if (BrowserWindow.getAllWindows().length === 0) this.#afterWindows()
  }

  exit(code = 0): void {
    this.emit('quit', {}, code)
    if (!this.#isBooted) process.exit(code)
    void browser.then((chromium) => chromium.close()).finally(() => process.exit(code))
  }

  async boot(): Promise<void> {
    onWindowCreated((window) => this.emit('web-contents-created', {}, window.webContents))
    onLastWindowClosed(() => {
      if (this.#isQuitting) this.#afterWindows()
      else if (!this.emit('window-all-closed')) this.quit()
    })
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => this.quit())
    this.#isBooted = true
    const chromium = await startChromium()
    announceBrowser(chromium)
    await chromium.cdp.send('Target.setDiscoverTargets', { discover: true })
    // Playwright waits for this line, which Chromium prints inside Electron.
    process.stderr.write(`DevTools listening on ${chromium.debuggerUrl}\n`)
    this.#isReady = true
    this.#ready.resolve()
    this.emit('ready', {}, {})
  }

  #afterWindows(): void {
    this.#isQuitting = this.#may('will-quit')
    if (this.#isQuitting) this.exit(0)
  }

  #may(event: 'before-quit' | 'will-quit'): boolean {
    let may = true
    const preventDefault = (): void => {
      may = false
    }
    this.emit(event, { preventDefault })
    return may
  }
}

export const app = new App()
