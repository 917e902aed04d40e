import { RPCHandler } from '@orpc/server/message-port'
import { MessageChannelMain, type WebContents } from 'electron'
import { wireErrors } from '../engine/api/wire-error.ts'
import type { EngineRouter } from '../engine/router.ts'
import { isOwnPage } from './guards.ts'

/** The channel on which the preload gets its port. */
export const portChannel = 'engine-port'

/** Gives every document that the window loads a port of its own to the engine; the port ends with the document. */
export function connectPage(contents: WebContents, router: Promise<EngineRouter>): void {
  contents.on('dom-ready', async () => {
    const handler = new RPCHandler(await router, {
      clientInterceptors: [wireErrors((error, procedure) => console.error(`${procedure} failed:`, error))],
    })
    if (contents.isDestroyed() || !isOwnPage(contents.getURL())) return
    const { port1, port2 } = new MessageChannelMain()
    handler.upgrade(port1, { context: { origin: 'page' } })
    port1.start()
    contents.postMessage(portChannel, null, [port2])
  })
}
