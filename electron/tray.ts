import { Menu, type MenuItemConstructorOptions, nativeImage, nativeTheme, Tray } from 'electron'
import type { EventHub } from '../engine/events/event-hub.ts'
import type { Snapshot } from '../shared/snapshot.ts'
import icons from './tray-icons.json' with { type: 'json' }
import { type TrayAction, type TrayEntry, trayMenu } from './tray-menu.ts'

/** Shows the tray and keeps its menu equal to the engine's facts, until disposed. */
export function openTray(hub: EventHub, act: (action: TrayAction) => void): Disposable {
  const stop = new AbortController()
  const tray = new Tray(iconOf(false))
  let shown = ''

  const draw = (snapshot: Snapshot): void => {
    const menu = trayMenu(snapshot)
    // A menu that is open closes when it is replaced, so it is replaced only by another one.
    const drawn = JSON.stringify([menu, nativeTheme.shouldUseDarkColors])
    if (drawn === shown) return
    shown = drawn
    tray.setImage(iconOf(menu.needsYou))
    tray.setToolTip(menu.toolTip)
    tray.setContextMenu(Menu.buildFromTemplate(menu.entries.map((entry) => menuItem(entry, act))))
  }
  const redraw = (): void => draw(hub.snapshot)
  const follow = async (): Promise<void> => {
    for await (const _message of hub.follow({}, stop.signal)) redraw()
  }
  follow().catch((error: unknown) => console.error('The tray no longer follows the engine:', error))
  nativeTheme.on('updated', redraw)
  tray.on('click', () => act({ kind: 'open', path: '/' }))

  return {
    [Symbol.dispose]() {
      stop.abort()
      nativeTheme.off('updated', redraw)
      tray.destroy()
    },
  }
}

function menuItem(entry: TrayEntry, act: (action: TrayAction) => void): MenuItemConstructorOptions {
  switch (entry.kind) {
    case 'separator':
      return { type: 'separator' }
    case 'heading':
      return { label: entry.label, enabled: false }
    case 'command':
      return { label: entry.label, click: () => act(entry.action) }
    case 'lever':
      return { label: entry.label, type: 'checkbox', checked: entry.isOn, click: () => act(entry.action) }
    default:
      return entry satisfies never
  }
}

/** The logo in one colour; macOS tints it by itself, elsewhere the theme of the panel decides. */
function iconOf(needsYou: boolean): Electron.NativeImage {
  const isLight = process.platform !== 'darwin' && nativeTheme.shouldUseDarkColors
  const drawing = icons[isLight ? 'light' : 'dark'][needsYou ? 'needsYou' : 'plain']
  const image = nativeImage.createFromDataURL(drawing.small)
  image.addRepresentation({ scaleFactor: 2, dataURL: drawing.large })
  image.setTemplateImage(process.platform === 'darwin')
  return image
}
