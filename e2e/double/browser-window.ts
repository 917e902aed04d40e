import { EventEmitter } from 'node:events'
import type { BrowserWindowConstructorOptions, Rectangle } from 'electron'
import { WebContents } from './web-contents.ts'

const all = new Set<BrowserWindow>()
const watchers = new EventEmitter()

/** Calls back when the last window has closed. */
export function onLastWindowClosed(listener: () => void): void {
  watchers.on('last-closed', listener)
}

export function onWindowCreated(listener: (window: BrowserWindow) => void): void {
  watchers.on('created', listener)
}

/** A window: Chromium draws its page; position, visibility and focus are only remembered. */
export class BrowserWindow extends EventEmitter {
  static #lastId = 0
  readonly id = ++BrowserWindow.#lastId
  readonly webContents: WebContents
  #bounds: Rectangle
  #title: string
  #isVisible: boolean
  #isMaximized = false
  #isMinimized = false
  #isFocused = false
  #isDestroyed = false

  static getAllWindows(): BrowserWindow[] {
    return [...all]
  }

  static fromWebContents(contents: WebContents | undefined): BrowserWindow | null {
    return [...all].find((window) => window.webContents === contents) ?? null
  }

  static getFocusedWindow(): BrowserWindow | null {
    return [...all].find((window) => window.isFocused()) ?? null
  }

  constructor(options: BrowserWindowConstructorOptions = {}) {
    super()
    const { x = 0, y = 0, width = 800, height = 600 } = options
    this.#bounds = { x, y, width, height }
    this.#title = options.title ?? ''
    this.#isVisible = options.show ?? true
    this.webContents = new WebContents(options.webPreferences ?? {}, { width, height })
    this.webContents.once('did-finish-load', () => this.emit('ready-to-show'))
    this.webContents.once('destroyed', () => this.#gone())
    all.add(this)
    watchers.emit('created', this)
  }

  loadURL(url: string): Promise<void> {
    return this.webContents.loadURL(url)
  }

  /** Asks listeners of `close` first, any of which may refuse. */
  close(): void {
    let mayClose = true
    const preventDefault = (): void => {
      mayClose = false
    }
    this.emit('close', { preventDefault })
    if (mayClose) this.webContents.close()
  }

  destroy(): void {
    this.webContents.close()
  }

  show(): void {
    this.#isVisible = true
    this.emit('show')
    this.focus()
  }

  hide(): void {
    this.#isVisible = false
    this.emit('hide')
  }

  focus(): void {
    this.#isFocused = true
    this.emit('focus')
  }

  minimize(): void {
    this.#isMinimized = true
    this.emit('minimize')
  }

  restore(): void {
    this.#isMinimized = false
    this.emit('restore')
  }

  maximize(): void {
    this.#isMaximized = true
    this.emit('maximize')
  }

  setBounds(bounds: Partial<Rectangle>): void {
    this.#bounds = { ...this.#bounds, ...bounds }
    this.emit('resize')
    this.emit('move')
  }

  getBounds(): Rectangle {
    return { ...this.#bounds }
  }

  getNormalBounds(): Rectangle {
    return { ...this.#bounds }
  }

  getTitle(): string {
    return this.#title
  }

  isVisible(): boolean {
    return this.#isVisible
  }

  isFocused(): boolean {
    return this.#isFocused
  }

  isMinimized(): boolean {
    return this.#isMinimized
  }

  isMaximized(): boolean {
    return this.#isMaximized
  }

  isDestroyed(): boolean {
    return this.#isDestroyed
  }

  #gone(): void {
    this.#isDestroyed = true
    all.delete(this)
    this.emit('closed')
    if (all.size === 0) watchers.emit('last-closed')
  }
}
