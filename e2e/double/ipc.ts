import { EventEmitter } from 'node:events'
import type { WebContents } from './web-contents.ts'

interface IpcEvent {
  sender: WebContents
  senderFrame: { url: string; origin: string }
}
type Handler = (event: IpcEvent, ...args: unknown[]) => unknown

/** `ipcMain` of Electron: `send` from a page comes out as an event, `invoke` is answered by the one handler. */
class IpcMain extends EventEmitter {
  readonly #handlers = new Map<string, Handler>()

  handle(channel: string, handler: Handler): void {
    if (this.#handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`)
    this.#handlers.set(channel, handler)
  }

  removeHandler(channel: string): void {
    this.#handlers.delete(channel)
  }

  async answer(channel: string, event: IpcEvent, args: unknown[]): Promise<unknown> {
    const handler = this.#handlers.get(channel)
    if (!handler) throw new Error(`No handler registered for '${channel}'`)
    return handler(event, ...args)
  }
}

export const ipcMain = new IpcMain()
