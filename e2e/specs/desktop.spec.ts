import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { type ElectronApplication, expect } from '@playwright/test'
import { desktopArgs } from '../face.ts'
import { type Signalbox, test } from '../fixtures.ts'

function main(signalbox: Signalbox): ElectronApplication {
  const { desktop } = signalbox.face
  if (desktop === null) throw new Error('These specs are for the desktop')
  return desktop
}

test.describe('the desktop shell @desktop', () => {
  test('shows its page sandboxed, isolated and without Node', async ({ app, signalbox }) => {
    const contents = await main(signalbox).evaluate(({ webContents }) =>
      webContents.getAllWebContents().map((each) => ({
        origin: each.getURL().slice(0, 16),
        preferences: (each as unknown as { getLastWebPreferences(): object }).getLastWebPreferences(),
      })),
    )
    const safe = { sandbox: true, contextIsolation: true, nodeIntegration: false, webSecurity: true, webviewTag: false }
    expect(contents).toEqual([{ origin: 'app://signalbox/', preferences: expect.objectContaining(safe) }])
    const inPage = await app.page.evaluate(() => ({
      bridge: { ...Reflect.get(window, 'signalbox') },
      isFrozen: Object.isFrozen(Reflect.get(window, 'signalbox')),
      node: [typeof Reflect.get(window, 'require'), typeof Reflect.get(window, 'process')],
    }))
    expect(inPage).toEqual({
      bridge: { face: 'desktop', platform: process.platform },
      isFrozen: true,
      node: ['undefined', 'undefined'],
    })
  })

  test('stays where it is, and asks before it opens a link in the browser', async ({ app, signalbox }) => {
    await main(signalbox).evaluate(({ dialog, shell }) => {
      const asked: string[] = []
      Object.assign(globalThis, { asked })
      dialog.showMessageBox = async (options: object) => {
        asked.push((options as { message: string }).message)
        return { response: asked.length === 1 ? 1 : 0, checkboxChecked: false }
      }
      shell.openExternal = async (url: string) => void asked.push(`opened ${url}`)
    })
    await app.page.evaluate(() => {
      location.href = 'https://example.com/away'
    })
    await app.page.evaluate(() => {
      for (const url of ['https://example.com/a', 'http://example.com/', 'https://example.com/b']) window.open(url)
    })
    const question = 'Open example.com in the browser?'
    await expect
      .poll(() => main(signalbox).evaluate(() => Reflect.get(globalThis, 'asked')))
      .toEqual([question, question, 'opened https://example.com/b'])
    await expect(app.title).toHaveText('Home')
  })

  test('is one program a home: a second start brings the first window forward', async ({ app, signalbox, person }) => {
    const shown = () => main(signalbox).evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())
    await main(signalbox).evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.hide())
    expect(await shown()).toBe(false)
    const electron = createRequire(import.meta.url)('electron') as unknown as string
    const isRoot = process.getuid?.() === 0
    const args = [...(isRoot ? ['--no-sandbox'] : []), ...desktopArgs(person)]
    const [code] = await once(spawn(electron, args, { env: person.env, stdio: 'ignore' }), 'exit')
    expect(code).toBe(0)
    await expect.poll(shown).toBe(true)
    await expect(app.title).toHaveText('Home')
  })

  test('loads the page again when it has crashed', async ({ app, signalbox }) => {
    await app.goTo('Servers')
    await app.servers.start('memory')
    const url = await main(signalbox).evaluate(({ BrowserWindow }) => {
      const contents = BrowserWindow.getAllWindows()[0]?.webContents
      return new Promise((resolve) => {
        contents?.once('did-finish-load', () => resolve(contents.getURL()))
        contents?.forcefullyCrashRenderer()
      })
    })
    expect(url).toBe('app://signalbox/#/servers')
    expect(await signalbox.face.api('/servers/memory')).toMatchObject({ state: 'ready' })
  })

  test('opens where it was closed', async ({ signalbox }) => {
    const bounds = { x: 40, y: 60, width: 1000, height: 700 }
    await signalbox.start()
    await main(signalbox).evaluate(({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.setBounds(to), bounds)
    await signalbox.stop()
    await signalbox.start()
    const kept = await main(signalbox).evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())
    expect(kept).toEqual(bounds)
  })

  // Electron does not tell a tray's menu.
  test('throws levers from the tray @double', async ({ app, signalbox }) => {
    type Recorded = { recorded: { toolTip: string; menu: { items: { label?: string; click?: () => void }[] } }[] }
    const labels = () =>
      main(signalbox).evaluate(({ Tray }) =>
        (Tray as unknown as Recorded).recorded[0]?.menu.items.map((item) => item.label ?? '-'),
      )
    const servers = ['everything', 'filesystem', 'memory', 'sequential-thinking']
    await expect
      .poll(labels)
      .toEqual([...servers.map((id, index) => `${index + 1}  ${id} – stopped`), '-', 'Open Signalbox', 'Quit'])
    await main(signalbox).evaluate(({ Tray }) =>
      (Tray as unknown as Recorded).recorded[0]?.menu.items.find((item) => item.label?.includes('memory'))?.click?.(),
    )
    await app.servers.is('memory', 'ready')
    await expect.poll(labels).toContain('Quit and stop 1 server')
  })
})
