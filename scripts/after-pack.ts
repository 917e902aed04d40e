// Called by electron-builder when a package's files are in place, before they are signed.
import { cpSync } from 'node:fs'
import { basename, join } from 'node:path'
import { type AfterPackContext, Arch } from 'electron-builder'

/** Puts the terminal face, the store's worker, the counter of tokens and the samples beside the archive, laid out as in the checkout. */
export default function afterPack({ appOutDir, arch, electronPlatformName, packager }: AfterPackContext): void {
  const project = packager.projectDir
  const terminal = join(packager.getResourcesDir(appOutDir), 'terminal')
  const desktopOnly = new Set(['desktop.mjs', 'preload.cjs'])
  cpSync(join(project, 'dist'), join(terminal, 'dist'), {
    recursive: true,
    filter: (path) => !path.endsWith('.map') && !desktopOnly.has(basename(path)),
  })
  cpSync(join(project, 'package.json'), join(terminal, 'package.json'))
  const [from, to] = [project, terminal].map((folder) => join(folder, 'node_modules', 'better-sqlite3')) as [
    string,
    string,
  ]
  const prebuilt = join('prebuilds', `${electronPlatformName}-${Arch[arch]}.node`)
  for (const part of ['package.json', 'LICENSE', 'lib', prebuilt]) {
    cpSync(join(from, part), join(to, part), { recursive: true })
  }
}
