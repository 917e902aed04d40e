import { readFileSync } from 'node:fs'
import type { Cdp } from './cdp.ts'
import type { MessagePortMain } from './ports.ts'
import { bindingName, type FromPage, mainWorld, preloadWorld, type ToPage, worldName } from './preload-world.ts'
import { onTheWire } from './wire.ts'

/** Talks with the preload of one page, across its reloads: messages both ways, and the ports that were sent to it. */
export class PageLink {
  readonly #cdp: Cdp
  readonly #sessionId: string
  readonly #ports = new Map<number, MessagePortMain>()
  #lastPort = 0
  #contextId: number | null = null

  constructor(cdp: Cdp, sessionId: string) {
    this.#cdp = cdp
    this.#sessionId = sessionId
  }

  /** Puts the preload in place for every document to come; `onMessage` gets what it sends, ports aside. */
  async install(
    preload: string | undefined,
    onMessage: (message: Exclude<FromPage, { kind: 'port' | 'port-closed' }>) => void,
  ): Promise<void> {
    const cdp = this.#cdp
    const sessionId = this.#sessionId
    cdp.on('Runtime.executionContextCreated', sessionId, ({ context }) => {
      const isTop = (context.auxData as { frameId?: string } | undefined)?.frameId !== undefined
      if (context.name === worldName && isTop) this.#contextId = context.id
    })
    cdp.on('Runtime.executionContextsCleared', sessionId, () => this.#leaveDocument())
    cdp.on('Runtime.bindingCalled', sessionId, ({ name, payload }) => {
      if (name !== bindingName) return
      const message = JSON.parse(payload) as FromPage
      if (message.kind === 'port') this.#ports.get(message.id)?.postMessage(message.data)
      else if (message.kind === 'port-closed') this.#closePort(message.id)
      else onMessage(message)
    })
    await cdp.send('Runtime.enable', {}, sessionId)
    if (preload === undefined) return

    const eventName = `double-${crypto.randomUUID()}`
    await cdp.send('Runtime.addBinding', { name: bindingName, executionContextName: worldName }, sessionId)
    const main = `(${mainWorld})(${JSON.stringify(eventName)})`
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: main }, sessionId)
    const args = [eventName, bindingName, process.platform].map((arg) => JSON.stringify(arg)).join(', ')
    const body = `function (require, process, module, exports) {${readFileSync(preload, 'utf8')}\n}`
    const source = `(${preloadWorld})(${args}, ${body})\n//# sourceURL=${preload}`
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source, worldName }, sessionId)
  }

  /** Sends to the preload, as `webContents.send` and `postMessage` do; lost when no document is there, as theirs are. */
  send(channel: string, args: unknown[], transfer: readonly MessagePortMain[] = []): void {
    const ports = transfer.map((port) => this.#movePort(port))
    this.tell({ kind: 'message', channel, args, ports })
  }

  tell(message: ToPage): void {
    if (this.#contextId === null) return
    const expression = `${bindingName}Receive(${onTheWire(message)})`
    const evaluated = this.#cdp.send('Runtime.evaluate', { expression, contextId: this.#contextId }, this.#sessionId)
    // The document went away in between: what was for it is lost with it.
    evaluated.catch(() => {})
  }

  /** Ends every port of the document that was there. */
  #leaveDocument(): void {
    this.#contextId = null
    for (const id of [...this.#ports.keys()]) this.#closePort(id)
  }

  close(): void {
    this.#leaveDocument()
  }

  #movePort(port: MessagePortMain): number {
    const id = ++this.#lastPort
    this.#ports.set(id, port)
    port.moveToPage({
      deliver: (data) => this.tell({ kind: 'port', id, data }),
      close: () => this.tell({ kind: 'port-closed', id }),
    })
    return id
  }

  #closePort(id: number): void {
    const port = this.#ports.get(id)
    this.#ports.delete(id)
    port?.close()
  }
}
