import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Folder of Electron's binary when it was installed, else null: the double stands in for it then. */
export function installedElectron(): string | null {
  const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'))
  const pathFile = join(folder, 'path.txt')
  if (!existsSync(pathFile)) return null
  const dist = join(folder, 'dist')
  return existsSync(join(dist, readFileSync(pathFile, 'utf8'))) ? dist : null
}

/** Makes `_electron.launch` start the double where there is no Electron. */
export function chooseElectron(): void {
  if (installedElectron() !== null) return
  process.env.ELECTRON_OVERRIDE_DIST_PATH = join(import.meta.dirname, 'double')
}
