// All that the page gets from the desktop: a word on where it is, and the port to the engine.
import { contextBridge, type IpcRendererEvent, ipcRenderer } from 'electron'

/** The page's window as far as it is needed here; this folder is typed for Node. */
declare const window: { postMessage(message: string, origin: string, transfer: IpcRendererEvent['ports']): void }

contextBridge.exposeInMainWorld('signalbox', Object.freeze({ face: 'desktop', platform: process.platform }))

// To the page's own window, which only our page can be in: no other is ever loaded.
ipcRenderer.on('engine-port', (event) => window.postMessage('signalbox:port', '*', event.ports))
