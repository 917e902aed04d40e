import { fileURLToPath } from 'node:url'
import { createRouterClient } from '@orpc/server'
import { app, type BrowserWindow, dialog, Menu, nativeTheme, powerMonitor, safeStorage, session, shell } from 'electron'
import { openProgram, type Program } from '../engine/api/open-program.ts'
import { newPageLink } from '../engine/api/page-link.ts'
import type { RuntimeInfo } from '../engine/api/runtime-file.ts'
import { ownerToken } from '../engine/api/token-file.ts'
import { tellApprovals } from './approval-notices.ts'
import { connectPage } from './engine-port.ts'
import { guardSession } from './guards.ts'
import { desktopHost, programFiles, type StartOptions } from './host.ts'
import { loginItem } from './login-item.ts'
import { applicationMenu } from './menu.ts'
import { servePage } from './page-protocol.ts'
import { tellNotices } from './rule-notices.ts'
import { openTray } from './tray.ts'
import type { TrayAction } from './tray-menu.ts'
import { systemVault } from './vault.ts'
import { bringForward, openWindow } from './window.ts'

/** Longest that servers may take to stop when the person quits; the watchers of the next start find what is left. */
const quitBudgetMs = 20_000

/** The program on the desktop: one engine, at most one window, a tray. */
export class Desktop {
  readonly #options: StartOptions
  readonly #faces = new DisposableStack()
  /** Null before `open`. Resolves with null where another program has the home. */
  #program: Promise<Program | null> | null = null
  #window: BrowserWindow | null = null

  constructor(options: StartOptions) {
    this.#options = options
  }

  /** Shows the window at once and starts the engine behind it. Rejects when there can be no engine. */
  async open(): Promise<void> {
    const { home, port } = this.#options
    const resources = app.isPackaged ? process.resourcesPath : null
    const files = programFiles(fileURLToPath(import.meta.url), resources, process.platform)
    guardSession(session.defaultSession)
    servePage(files.pageDir)
    Menu.setApplicationMenu(
      applicationMenu({
        platform: process.platform,
        isPackaged: app.isPackaged,
        open: (path) => this.show(path),
      }),
    )
    const host = desktopHost(home, files, { vault: systemVault(home, safeStorage), loginItem: loginItem(app, process) })
    const opening = openProgram({ host, port, pageDir: files.pageDir })
    this.#program = opening.then((opened) => (opened.kind === 'running' ? opened.program : null))
    this.show()

    const opened = await opening
    if (opened.kind === 'held') await this.#pointTo(opened.holder)
    else this.#serve(opened.program)
  }

  /** Brings the window forward, opens it where it was closed, and leads it to a path of the page when one is given. */
  show(path: string | null = null): void {
    if (this.#program === null) return
    if (this.#window !== null) {
      bringForward(this.#window, path)
      return
    }
    const { home } = this.#options
    const router = this.#program.then((program) => program?.engine.router ?? null)
    const options = { home, isDark: nativeTheme.shouldUseDarkColors, path: path ?? '/' }
    this.#window = openWindow(options, (contents) => connectPage(contents, router))
    this.#window.on('closed', () => {
      this.#window = null
    })
  }

  /** Stops every server and closes the stores, within a budget; what is left then ends with this process. */
  async end(): Promise<void> {
    this.#faces.dispose()
    // A failed opening was told where it failed, and left nothing to end.
    const program = await this.#program?.catch(() => null)
    if (!program) return
    const { promise: isOver, resolve: giveUp } = Promise.withResolvers<void>()
    const timer = setTimeout(() => {
      console.error(`Servers took more than ${quitBudgetMs / 1000} s to stop; they are left to end with this process.`)
      giveUp()
    }, quitBudgetMs)
    await Promise.race([program[Symbol.asyncDispose](), isOver])
    clearTimeout(timer)
  }

  #serve(program: Program): void {
    const { engine } = program
    this.#faces.use(openTray(engine.hub, (action) => this.#act(program, action)))
    const notices = {
      hub: engine.hub,
      isWatched: () => this.#window?.isFocused() === true,
      open: (path: string) => this.show(path),
    }
    this.#faces.use(tellApprovals(notices))
    this.#faces.use(tellNotices(notices))
    const onResume = (): void => engine.afterSleep()
    powerMonitor.on('resume', onResume)
    this.#faces.defer(() => powerMonitor.off('resume', onResume))
  }

  #act(program: Program, action: TrayAction): void {
    switch (action.kind) {
      case 'open':
        this.show(action.path)
        return
      case 'quit':
        app.quit()
        return
      case 'throw_lever': {
        const { servers } = createRouterClient(program.engine.router, { context: { origin: 'page' } })
        const thrown = action.on ? servers.start({ id: action.server }) : servers.stop({ id: action.server })
        thrown.catch((error: unknown) => console.error(`The lever of ${action.server} did not move:`, error))
        return
      }
      default:
        action satisfies never
    }
  }

  /** Another face serves this home: says so, offers its page and ends. */
  async #pointTo(holder: RuntimeInfo): Promise<void> {
    const { response } = await dialog.showMessageBox({
      type: 'info',
      message: 'Signalbox is already running for this folder',
      detail: `${holder.url}, process ${holder.pid}. Its page is the same as this window.`,
      buttons: ['Open its page', 'Quit'],
      defaultId: 0,
      cancelId: 1,
    })
    if (response === 0) {
      const token = await ownerToken(this.#options.home)
      await shell.openExternal(await newPageLink(holder.url, token))
    }
    app.exit(0)
  }
}
