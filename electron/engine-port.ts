import { RPCHandler } from '@orpc/server/message-port'
import { MessageChannelMain, type WebContents } from 'electron'
import { wireErrors } from '../engine/api/wire-error.ts'
import type { EngineRouter } from '../engine/router.ts'
import { isOwnPage } from './guards.ts'

/** The channel on which the preload gets its port. */
export const portChannel = 'engine-port'

/**
 * Gives every document that the window loads a port of its own to the engine; the port ends with the document. Where
 * there will be no engine, null, or none could be opened, there is no port.
 */
export function connectPage(contents: WebContents, router: Promise<EngineRouter | null>): void {
  const handler = router.then(
    (found) => found && new RPCHandler(found, { clientInterceptors: [wireErrors(reportDefect)] }),
    () => null,
  )
  contents.on('dom-ready', async () => {
    const ready = await handler
    if (ready === null || contents.isDestroyed() || !isOwnPage(contents.getURL())) return
    const { port1, port2 } = new MessageChannelMain()
    ready.upgrade(port1, { context: { origin: 'page' } })
    port1.start()
    contents.postMessage(portChannel, null, [port2])
  })
}

function reportDefect(error: unknown, procedure: string): void {
  console.error(`A defect in ${procedure}:`, error)
}
