import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

interface Launcher {
  readonly command: string
  readonly args: readonly string[]
  readonly name: string
}

const defaultBrowser = 'the default browser'

/** Opens a link in a window of its own, else in the default browser; resolves to what a person is told. */
export async function openPage(link: string): Promise<string> {
  for (const { command, args, name } of launchers(link)) {
    if (await launches(command, args)) return `Opened the page in ${name}.`
  }
  return `Open the page within a minute at ${link}`
}

/** Opens an address of the web in the default browser; false where there is none, or it is another kind of address. */
export async function openAddress(address: string): Promise<boolean> {
  const { protocol } = URL.parse(address) ?? {}
  if (protocol !== 'https:' && protocol !== 'http:') return false
  for (const { command, args } of launchers(address).filter(({ name }) => name === defaultBrowser)) {
    if (await launches(command, args)) return true
  }
  return false
}

/** What can open a link here, best first. */
function launchers(link: string): Launcher[] {
  if (process.platform === 'linux' && !hasScreen()) return []
  const app = (command: string): Launcher => ({ command, args: [`--app=${link}`], name: 'a window of its own' })
  const byDefault = (command: string, args: string[]): Launcher => ({ command, args, name: defaultBrowser })
  const apps = chromiumBrowsers().slice(0, 1).map(app)
  switch (process.platform) {
    case 'darwin':
      return [...apps, byDefault('open', [link])]
    case 'win32':
      return [...apps, byDefault('rundll32', ['url.dll,FileProtocolHandler', link])]
    default:
      return [...apps, ...onPath(['xdg-open']).map((command) => byDefault(command, [link]))]
  }
}

export function hasScreen(): boolean {
  return Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)
}

function chromiumBrowsers(): string[] {
  switch (process.platform) {
    case 'darwin':
      return ['Google Chrome', 'Chromium', 'Microsoft Edge']
        .map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`)
        .filter(existsSync)
    case 'win32':
      return [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA]
        .filter((folder) => folder !== undefined)
        .flatMap((folder) => [
          join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
          join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
        ])
        .filter(existsSync)
    default:
      // Chromium does not run as root without giving up its sandbox.
      if (process.getuid?.() === 0) return []
      return onPath(['google-chrome', 'google-chrome-stable', 'chromium', 'chromium-browser', 'microsoft-edge'])
  }
}

function onPath(names: readonly string[]): string[] {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '')
  return names.flatMap((name) => folders.map((folder) => join(folder, name)).filter(existsSync))
}

/** A launcher that is not there, or that fails at once, has not opened anything. */
async function launches(command: string, args: readonly string[]): Promise<boolean> {
  const child = spawn(command, args, { stdio: 'ignore', detached: true, windowsHide: true })
  const { promise, resolve } = Promise.withResolvers<boolean>()
  child.once('error', () => resolve(false))
  child.once('exit', (code) => resolve(code === 0))
  // A browser that goes on running has taken the link.
  const taken = setTimeout(() => resolve(true), 2000)
  try {
    return await promise
  } finally {
    clearTimeout(taken)
    child.unref()
  }
}
