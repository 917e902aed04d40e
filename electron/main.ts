// The desktop face: hosts the engine in Electron's main process and shows its page in a window.
import { accessSync, constants, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { app, dialog } from 'electron'
import { failureOf } from '../shared/app-error.ts'
import { Desktop } from './desktop.ts'
import { startOptions } from './host.ts'
import { declarePageScheme } from './page-protocol.ts'

const options = startOptions(process.argv.slice(app.isPackaged ? 1 : 2), process.env)

app.setName('Signalbox')
app.setAppUserModelId('dev.signalbox.desktop')
declarePageScheme()

try {
  app.setPath('userData', userDataFolder())
  if (app.requestSingleInstanceLock()) start()
  else app.quit()
} catch (error) {
  giveUp(error)
}

/**
 * Electron keeps one lock a userData folder; below the home it is one a home. A home that can only be read is shown from
 * a folder that goes with this run.
 */
function userDataFolder(): string {
  const folder = join(options.home, 'desktop')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    accessSync(folder, constants.W_OK)
    return folder
  } catch (error) {
    if (!existsSync(join(options.home, 'signalbox.db'))) throw error
    const passing = mkdtempSync(join(tmpdir(), 'signalbox-desktop-'))
    process.on('exit', () => rmSync(passing, { recursive: true, force: true }))
    return passing
  }
}

/** Not awaited at the top: Electron is ready only once this module has been run to its end. */
function start(): void {
  const desktop = new Desktop(options)
  app.on('second-instance', () => desktop.show())
  app.on('activate', () => desktop.show())
  // The program goes on in the tray; Quit, there or in the menu, ends it.
  app.on('window-all-closed', () => {})
  app.on('will-quit', (event) => {
    event.preventDefault()
    desktop.end().then(
      () => app.exit(0),
      (error: unknown) => giveUp(error),
    )
  })
  app
    .whenReady()
    .then(() => desktop.open())
    .catch(giveUp)
}

function giveUp(error: unknown): void {
  const { message, hint } = failureOf(error)
  dialog.showErrorBox('Signalbox cannot start', hint === null ? message : `${message}\n\n${hint}`)
  app.exit(1)
}
