// Parts of Electron that a page in Chromium cannot stand for: each only remembers what it was asked, for tests to read.
import { EventEmitter } from 'node:events'
import type { MenuItemConstructorOptions } from 'electron'

type RecordedItem = Omit<MenuItemConstructorOptions, 'submenu'> & {
  submenu?: RecordedMenu
}

class RecordedMenu {
  readonly items: RecordedItem[]

  constructor(items: RecordedItem[]) {
    this.items = items
  }

  popup(): void {}
}

export class Notification extends EventEmitter {
  /** Those that are shown in this process, oldest first. */
  static readonly recorded: Notification[] = []
  readonly title: string
  readonly body: string

  static isSupported(): boolean {
    return true
  }

  constructor({ title = '', body = '' }: { title?: string; body?: string }) {
    super()
    this.title = title
    this.body = body
  }

  show(): void {
    Notification.recorded.push(this)
  }

  close(): void {
    const at = Notification.recorded.indexOf(this)
    if (at !== -1) Notification.recorded.splice(at, 1)
  }
}

let applicationMenu: RecordedMenu | null = null

export const Menu = {
  buildFromTemplate(template: MenuItemConstructorOptions[]): RecordedMenu {
    const items = template.map((item) =>
      Array.isArray(item.submenu) ? { ...item, submenu: Menu.buildFromTemplate(item.submenu) } : (item as RecordedItem),
    )
    return new RecordedMenu(items)
  },
  setApplicationMenu(menu: RecordedMenu | null): void {
    applicationMenu = menu
  },
  getApplicationMenu: (): RecordedMenu | null => applicationMenu,
}

export class Tray extends EventEmitter {
  /** The trays of this process, oldest first. */
  static readonly recorded: Tray[] = []
  image: unknown
  menu: RecordedMenu | null = null
  toolTip = ''

  constructor(image: unknown) {
    super()
    this.image = image
    Tray.recorded.push(this)
  }

  setImage(image: unknown): void {
    this.image = image
  }

  setContextMenu(menu: RecordedMenu | null): void {
    this.menu = menu
  }

  setToolTip(text: string): void {
    this.toolTip = text
  }

  destroy(): void {
    Tray.recorded.splice(Tray.recorded.indexOf(this), 1)
  }
}

const image = {
  isEmpty: () => false,
  isTemplateImage: () => true,
  setTemplateImage(): void {},
  addRepresentation(): void {},
}
export const nativeImage = {
  createFromPath: () => image,
  createFromBuffer: () => image,
  createFromDataURL: () => image,
  createEmpty: () => image,
}

/** `answers` are given in turn to the message boxes to come; without one, a box answers its own cancel or first button. */
export const dialog = {
  shown: [] as { message: string; detail?: string; buttons?: string[] }[],
  answers: [] as number[],
  async showMessageBox(...args: unknown[]): Promise<{ response: number; checkboxChecked: boolean }> {
    const options = args.at(-1) as { message: string; cancelId?: number }
    dialog.shown.push(options)
    return { response: dialog.answers.shift() ?? options.cancelId ?? 0, checkboxChecked: false }
  },
  showErrorBox(title: string, content: string): void {
    dialog.shown.push({ message: title, detail: content })
    process.stderr.write(`${title}\n${content}\n`)
  },
}

export const shell = {
  opened: [] as string[],
  async openExternal(url: string): Promise<void> {
    shell.opened.push(url)
  },
  async openPath(path: string): Promise<string> {
    shell.opened.push(path)
    return ''
  },
}

/** A machine without a key store: what fails closed must fail here. */
export const safeStorage = {
  isEncryptionAvailable: () => false,
  isAsyncEncryptionAvailable: async () => false,
  getSelectedStorageBackend: () => 'basic_text',
}

type PermissionRequestHandler = (contents: unknown, permission: string, callback: (granted: boolean) => void) => void
type PermissionCheckHandler = (contents: unknown, permission: string) => boolean

class Session extends EventEmitter {
  permissionRequestHandler: PermissionRequestHandler | null = null
  permissionCheckHandler: PermissionCheckHandler | null = null

  setPermissionRequestHandler(handler: PermissionRequestHandler | null): void {
    this.permissionRequestHandler = handler
  }

  setPermissionCheckHandler(handler: PermissionCheckHandler | null): void {
    this.permissionCheckHandler = handler
  }

  setDevicePermissionHandler(): void {}
}

export const session = { defaultSession: new Session() }

const workArea = { x: 0, y: 0, width: 1920, height: 1040 }
const display = { id: 1, bounds: { ...workArea, height: 1080 }, workArea, scaleFactor: 1 }
export const screen = Object.assign(new EventEmitter(), {
  getAllDisplays: () => [display],
  getPrimaryDisplay: () => display,
})

export const nativeTheme = Object.assign(new EventEmitter(), { themeSource: 'system', shouldUseDarkColors: false })

/** Tells of sleep; a test says what the system would. */
export const powerMonitor = new EventEmitter()
