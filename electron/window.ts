import { join } from 'node:path'
import { BrowserWindow, screen, type WebContents } from 'electron'
import { guardContents } from './guards.ts'
import { pageUrl } from './page-protocol.ts'
import { fittingPlace, keepPlace, readPlace, smallest } from './window-place.ts'

/** Colour behind the page until its first paint: surface-1 of the design's two themes. */
const background = { light: '#f1f3ef', dark: '#121716' }

export interface WindowOptions {
  readonly home: string
  readonly isDark: boolean
  /** Hash path of the page to open at, for example `/servers/echo`. */
  readonly path: string
}

/**
 * Opens the window on our page: sandboxed, isolated, without Node, at the place where it was left, shown once it has
 * something to show. `onContents` is told of the page before it loads.
 */
export function openWindow(
  { home, isDark, path }: WindowOptions,
  onContents: (contents: WebContents) => void,
): BrowserWindow {
  const primary = screen.getPrimaryDisplay()
  const others = screen.getAllDisplays().filter((display) => display.id !== primary.id)
  const place = fittingPlace(
    readPlace(home),
    [primary, ...others].map((display) => display.workArea),
  )
  const window = new BrowserWindow({
    ...place.bounds,
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    title: 'Signalbox',
    backgroundColor: isDark ? background.dark : background.light,
    titleBarStyle: process.platform === 'darwin' ? 'hiddenInset' : 'default',
    webPreferences: {
      preload: join(import.meta.dirname, 'preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
      spellcheck: false,
    },
  })
  if (place.isMaximized) window.maximize()
  guardContents(window.webContents)
  onContents(window.webContents)
  window.once('ready-to-show', () => window.show())
  window.on('close', () => {
    const kept = { bounds: window.getNormalBounds(), isMaximized: window.isMaximized() }
    try {
      keepPlace(home, kept)
    } catch (error) {
      console.error('The place of the window could not be kept:', error)
    }
  })
  reviveAfterCrash(window)
  show(window, path)
  return window
}

/** Leads the page to a path of its own, and the person to the window. */
export function bringForward(window: BrowserWindow, path: string | null): void {
  if (window.isMinimized()) window.restore()
  window.show()
  window.focus()
  if (path !== null) show(window, path)
}

function show(window: BrowserWindow, path: string): void {
  const target = path === '/' ? pageUrl : `${pageUrl}#${path}`
  window.loadURL(target).catch((error: unknown) => {
    // A load that another one overtakes is refused with ERR_ABORTED; any other failure leaves the window empty.
    if (!window.isDestroyed()) console.error(`${target} could not be loaded:`, error)
  })
}

/** A page that dies is loaded again; the engine and its servers did not notice. One that dies at once, stays dead. */
function reviveAfterCrash(window: BrowserWindow): void {
  const soonMs = 10_000
  let lastCrash = Number.NEGATIVE_INFINITY
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit' || window.isDestroyed()) return
    console.error(`The page ended: ${reason}, exit code ${exitCode}.`)
    const now = performance.now()
    if (now - lastCrash > soonMs) window.webContents.reload()
    lastCrash = now
  })
}
