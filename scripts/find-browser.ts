// Finds a browser that Playwright and the double can drive: Chromium, Chrome or Edge, as installed on this machine.
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

const linuxCommands = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge-stable',
  'microsoft-edge',
] as const

const macApplications = ['Google Chrome', 'Chromium', 'Microsoft Edge'] as const

const windowsPrograms = [
  'Google\\Chrome\\Application\\chrome.exe',
  'Chromium\\Application\\chrome.exe',
  'Microsoft\\Edge\\Application\\msedge.exe',
] as const

/**
 * Path of the first installed browser, or null. `SIGNALBOX_BROWSER` names one outright; the snap's Chromium is passed
 * over, because it cannot read the temporary folders that tests use.
 */
export function findBrowser(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string | null {
  if (env.SIGNALBOX_BROWSER) return env.SIGNALBOX_BROWSER
  return candidates(env, platform).find(isExecutable) ?? null
}

/** Every place to look, best first. Pure. */
export function candidates(env: NodeJS.ProcessEnv, platform: NodeJS.Platform): string[] {
  switch (platform) {
    case 'darwin':
      return ['/Applications', `${env.HOME ?? ''}/Applications`].flatMap((folder) =>
        macApplications.map((name) => `${folder}/${name}.app/Contents/MacOS/${name}`),
      )
    case 'win32':
      return [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA]
        .filter((folder) => folder !== undefined)
        .flatMap((folder) => windowsPrograms.map((program) => `${folder}\\${program}`))
    default: {
      const folders = (env.PATH ?? '')
        .split(delimiter)
        .filter((folder) => folder !== '' && !folder.startsWith('/snap/'))
      return linuxCommands.flatMap((name) => folders.map((folder) => join(folder, name)))
    }
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    // Not there, or not ours to run: the next candidate is tried.
    return false
  }
}
