// A small Electron app that uses what the double must have; double.spec.ts drives it.
import { readFileSync } from 'node:fs'
import { app, BrowserWindow, ipcMain, MessageChannelMain, protocol } from 'electron'

const file = (name: string): string => new URL(name, import.meta.url).pathname
const types: Record<string, string> = { html: 'text/html', js: 'text/javascript' }

protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true } }])
if (process.env.SAMPLE_USER_DATA) app.setPath('userData', process.env.SAMPLE_USER_DATA)
if (!app.requestSingleInstanceLock()) app.quit()

ipcMain.handle('greet', (event, name: string) => {
  if (event.senderFrame?.origin !== 'app://sample') throw new Error('bad sender')
  if (name === '') throw new TypeError('no name')
  return { text: `Hello, ${name}`, from: event.senderFrame?.url }
})

app.whenReady().then(() => {
  protocol.handle('app', (request) => {
    const name = new URL(request.url).pathname.slice(1)
    const type = types[name.split('.').at(-1) ?? '']
    if (type === undefined) return new Response('not found', { status: 404 })
    const headers = {
      'content-type': type,
      'content-security-policy': "default-src 'none'; script-src 'self'; connect-src 'self'",
    }
    return new Response(readFileSync(file(name)), { headers })
  })
  const window = new BrowserWindow({ width: 700, height: 500, webPreferences: { preload: file('preload.cjs') } })
  const { webContents } = window
  webContents.setWindowOpenHandler(({ url }) => {
    process.stdout.write(`window refused: ${url}\n`)
    return { action: 'deny' }
  })
  webContents.on('will-navigate', (event, url) => {
    process.stdout.write(`navigation refused: ${url}\n`)
    event.preventDefault()
  })
  webContents.on('dom-ready', () => {
    const { port1, port2 } = new MessageChannelMain()
    port1.on('message', ({ data }) => port1.postMessage({ doubled: data.number * 2 }))
    port1.on('close', () => process.stdout.write('port closed\n'))
    port1.start()
    webContents.postMessage('port', null, [port2])
  })
  webContents.on('render-process-gone', () => {
    process.stdout.write('page crashed\n')
    webContents.reload()
  })
  app.on('second-instance', () => process.stdout.write('second start\n'))
  window.loadURL('app://sample/index.html')
})
