import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Where the desktop specs run. */
export const electronName: 'Electron' | 'the double' = isElectronInstalled() ? 'Electron' : 'the double'

/** Makes `_electron.launch` start the double where there is no Electron. */
export function chooseElectron(): void {
  if (electronName === 'the double') process.env.ELECTRON_OVERRIDE_DIST_PATH = join(import.meta.dirname, 'double')
}

function isElectronInstalled(): boolean {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  const pathFile = join(folder, 'path.txt')
  return existsSync(pathFile) && existsSync(join(folder, 'dist', readFileSync(pathFile, 'utf8')))
}
