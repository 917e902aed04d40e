import { Menu, type MenuItemConstructorOptions } from 'electron'

/** The places of the page that the menu leads to, in the order of its navigation. */
const places = [
  { label: 'Home', path: '/' },
  { label: 'Servers', path: '/servers' },
  { label: 'Runner', path: '/runner' },
  { label: 'Tasks', path: '/tasks' },
  { label: 'Logs', path: '/logs' },
] as const

interface MenuOptions {
  readonly platform: NodeJS.Platform
  readonly isPackaged: boolean
  open(path: string): void
}

/** The native menu: the system's own entries by role, and the pages. */
export function applicationMenu(options: MenuOptions): Menu {
  return Menu.buildFromTemplate(menuTemplate(options))
}

/** Pure. */
export function menuTemplate({ platform, isPackaged, open }: MenuOptions): MenuItemConstructorOptions[] {
  const isMac = platform === 'darwin'
  const go = places.map(({ label, path }, index) => ({
    label,
    accelerator: `CmdOrCtrl+${index + 1}`,
    click: () => open(path),
  }))
  return [
    isMac ? { role: 'appMenu' } : { label: 'File', submenu: [{ role: 'close' }, { role: 'quit' }] },
    { role: 'editMenu' },
    { label: 'Go', submenu: go },
    {
      label: 'View',
      submenu: [
        { role: 'reload' },
        ...(isPackaged ? [] : [{ role: 'toggleDevTools' as const }]),
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
  ]
}
