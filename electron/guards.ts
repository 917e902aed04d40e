import { dialog, type Session, shell, type WebContents } from 'electron'
import { pageUrl } from './page-protocol.ts'

/** Whether an address is our page, whatever part of it. */
export function isOwnPage(url: string): boolean {
  return url.startsWith(pageUrl)
}

/**
 * An address that may be shown in the person's browser, with the host to name when asking; null for all but https, and
 * http of this very machine.
 */
export function outsideTarget(url: string): { url: string; host: string } | null {
  if (!URL.canParse(url)) return null
  const { protocol, host, hostname, href, username, password } = new URL(url)
  const isOwn = protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname)
  // A name before the host is how one host is made to look like another.
  return (protocol === 'https:' || isOwn) && username === '' && password === '' ? { url: href, host } : null
}

/** Keeps a page where it is: no navigation, no window, no embedded page. A link leads to the browser, after a question. */
export function guardContents(contents: WebContents): void {
  contents.on('will-navigate', (event) => {
    if (!isOwnPage(event.url)) event.preventDefault()
  })
  contents.on('will-frame-navigate', (event) => {
    if (!isOwnPage(event.url)) event.preventDefault()
  })
  contents.on('will-redirect', (event) => event.preventDefault())
  contents.on('will-attach-webview', (event) => event.preventDefault())
  contents.setWindowOpenHandler(({ url }) => {
    askAndOpen(url).catch((error: unknown) => console.error(`${url} could not be opened:`, error))
    return { action: 'deny' }
  })
}

/** Refuses every permission but one: what a press of Copy puts on the clipboard. Refuses downloads and devices. */
export function guardSession(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer) => {
    answer(mayUse(permission, contents.getURL()))
  })
  session.setPermissionCheckHandler((contents, permission) => mayUse(permission, contents?.getURL() ?? ''))
  session.setDevicePermissionHandler(() => false)
  session.on('will-download', (event) => event.preventDefault())
}

/** Writing plain text to the clipboard is all that our page ever needs. */
export function mayUse(permission: string, url: string): boolean {
  return permission === 'clipboard-sanitized-write' && isOwnPage(url)
}

async function askAndOpen(url: string): Promise<void> {
  const target = outsideTarget(url)
  if (target === null) return
  const { response } = await dialog.showMessageBox({
    type: 'question',
    message: `Open ${target.host} in the browser?`,
    detail: target.url,
    buttons: ['Open', 'Cancel'],
    defaultId: 0,
    cancelId: 1,
  })
  if (response === 0) await shell.openExternal(target.url)
}
