import { EventEmitter } from 'node:events'
import type { WebPreferences } from 'electron'
import { browser } from './browser.ts'
import type { Cdp } from './cdp.ts'
import { ipcMain } from './ipc.ts'
import { PageLink } from './page-link.ts'
import type { MessagePortMain } from './ports.ts'
import type { FromPage } from './preload-world.ts'
import { fromChromium, interceptRequests, toChromium } from './protocol.ts'
import { session } from './recorded.ts'

type WindowOpenHandler = (details: { url: string }) => { action: 'allow' | 'deny' }

interface Page {
  cdp: Cdp
  targetId: string
  sessionId: string
  link: PageLink
}

const all = new Set<WebContents>()

/** One page in Chromium, seen from the main process. */
export class WebContents extends EventEmitter {
  static #lastId = 0
  readonly id = ++WebContents.#lastId
  readonly session = session.defaultSession
  readonly #preferences: WebPreferences
  readonly #page: Promise<Page>
  #targetId: string | null = null
  #link: PageLink | null = null
  #url = ''
  /** The address that main itself asked for: that one is no navigation by the page. */
  #asked: string | null = null
  #onOpen: WindowOpenHandler = () => ({ action: 'deny' })
  #isGone = false

  constructor(preferences: WebPreferences, size: { width: number; height: number }) {
    super()
    refuseInsecure(preferences)
    this.#preferences = preferences
    all.add(this)
    this.#page = this.#create(size)
    // A failure is told by the first call that waits for the page.
    this.#page.catch(() => {})
  }

  async loadURL(url: string): Promise<void> {
    const { cdp, sessionId } = await this.#page
    this.#asked = url
    const loaded = Promise.withResolvers<void>()
    this.once('did-finish-load', () => loaded.resolve())
    const { errorText } = await cdp.send('Page.navigate', { url: toChromium(url) }, sessionId)
    if (errorText !== undefined) {
      this.emit('did-fail-load', {}, -2, errorText, url, true)
      throw new Error(`${errorText} loading '${url}'`)
    }
    await loaded.promise
  }

  reload(): void {
    this.loadURL(this.#url).catch((error: Error) => process.stderr.write(`double: ${error.message}\n`))
  }

  getURL(): string {
    return this.#url
  }

  send(channel: string, ...args: unknown[]): void {
    this.#link?.send(channel, args)
  }

  postMessage(channel: string, message: unknown, transfer: readonly MessagePortMain[] = []): void {
    this.#link?.send(channel, [message], transfer)
  }

  setWindowOpenHandler(handler: WindowOpenHandler): void {
    this.#onOpen = handler
  }

  getLastWebPreferences(): WebPreferences {
    return this.#preferences
  }

  forcefullyCrashRenderer(): void {
    void this.#page.then(({ cdp, sessionId }) => {
      // Never answered: the page that should answer is what crashes.
      cdp.send('Page.crash', {}, sessionId).catch(() => {})
    })
  }

  close(): void {
    void this.#page.then(({ cdp, targetId }) => cdp.send('Target.closeTarget', { targetId })).catch(() => {})
  }

  isDestroyed(): boolean {
    return this.#isGone
  }

  openDevTools(): void {}

  isTarget(targetId: string): boolean {
    return this.#targetId === targetId
  }

  async #create(size: { width: number; height: number }): Promise<Page> {
    const { cdp } = await browser
    const { targetId } = await cdp.send('Target.createTarget', { url: 'about:blank', newWindow: true, ...size })
    this.#targetId = targetId
    const { sessionId } = await cdp.send('Target.attachToTarget', { targetId, flatten: true })
    const link = new PageLink(cdp, sessionId)
    this.#link = link
    this.#listen(cdp, sessionId, targetId)
    await cdp.send('Page.enable', {}, sessionId)
    await cdp.send('Inspector.enable', {}, sessionId)
    await interceptRequests(cdp, sessionId, (url) => this.#mayNavigate(url))
    await link.install(this.#preferences.preload, (message) => this.#receive(message))
    return { cdp, targetId, sessionId, link }
  }

  #listen(cdp: Cdp, sessionId: string, targetId: string): void {
    cdp.on('Page.frameNavigated', sessionId, ({ frame }) => {
      if (frame.parentId === undefined) this.#url = fromChromium(frame.url) + (frame.urlFragment ?? '')
    })
    cdp.on('Page.navigatedWithinDocument', sessionId, ({ url }) => {
      this.#url = fromChromium(url)
    })
    cdp.on('Page.domContentEventFired', sessionId, () => this.#url !== 'about:blank' && this.emit('dom-ready'))
    cdp.on('Page.loadEventFired', sessionId, () => this.#url !== 'about:blank' && this.emit('did-finish-load'))
    cdp.on('Inspector.targetCrashed', sessionId, () => {
      this.#link?.close()
      this.emit('render-process-gone', {}, { reason: 'crashed', exitCode: 5 })
    })
    cdp.on('Target.targetDestroyed', undefined, (gone) => {
      if (gone.targetId !== targetId || this.#isGone) return
      this.#isGone = true
      all.delete(this)
      this.#link?.close()
      cdp.forget(sessionId)
      this.emit('destroyed')
    })
    cdp.on('Page.windowOpen', sessionId, ({ url }) => {
      const { action } = this.#onOpen({ url: fromChromium(url) })
      if (action === 'allow') process.stderr.write('double: windows opened by a page are not emulated\n')
    })
  }

  #mayNavigate(url: string): boolean {
    const isOurs = url === this.#asked?.split('#')[0]
    const isReload = url === this.#url.split('#')[0]
    this.#asked = null
    if (isOurs || isReload) return true
    let mayGo = true
    const preventDefault = (): void => {
      mayGo = false
    }
    this.emit('will-navigate', { url, isMainFrame: true, preventDefault }, url)
    return mayGo
  }

  #receive(message: Exclude<FromPage, { kind: 'port' | 'port-closed' }>): void {
    const { protocol, host } = new URL(this.#url)
    const senderFrame = { url: this.#url, origin: `${protocol}//${host}` }
    const event = { sender: this, senderFrame }
    if (message.kind === 'send') {
      ipcMain.emit(message.channel, event, ...message.args)
      return
    }
    const { id, channel, args } = message
    ipcMain.answer(channel, event, args).then(
      (value) => this.#link?.tell({ kind: 'reply', id, value }),
      (error) => this.#link?.tell({ kind: 'reply', id, error: `Error invoking remote method '${channel}': ${error}` }),
    )
  }
}

export const webContents = {
  getAllWebContents: (): WebContents[] => [...all],
  fromDevToolsTargetId: (targetId: string): WebContents | undefined =>
    [...all].find((contents) => contents.isTarget(targetId)),
}

/** The double's pages are always sandboxed and isolated; one that asks for less would be tested as what it is not. */
function refuseInsecure(preferences: WebPreferences): void {
  const { nodeIntegration, contextIsolation, sandbox, webSecurity } = preferences
  if (nodeIntegration || contextIsolation === false || sandbox === false || webSecurity === false) {
    throw new Error('The double has no insecure pages')
  }
}
