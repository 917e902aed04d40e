import { EventEmitter } from 'node:events'

/**
 * A port in the main process. Its far end is the other port of the channel, or a page that this other port was sent to;
 * messages wait until the port is started, as Electron's do.
 */
export class MessagePortMain extends EventEmitter {
  #peer: MessagePortMain | null = null
  #held: unknown[] = []
  #isStarted = false
  #isClosed = false
  /** Set on a port that was sent to a page: where its messages go instead of to listeners here. */
  #page: PortInPage | null = null

  static entangle(one: MessagePortMain, other: MessagePortMain): void {
    one.#peer = other
    other.#peer = one
  }

  postMessage(message: unknown): void {
    if (this.#isClosed) return
    const copy: unknown = structuredClone(message)
    queueMicrotask(() => this.#peer?.deliver(copy))
  }

  start(): void {
    this.#isStarted = true
    for (const message of this.#held.splice(0)) this.#emitMessage(message)
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#page?.close()
    queueMicrotask(() => {
      this.emit('close')
      this.#peer?.close()
    })
  }

  /** Takes a message from the far end. */
  deliver(message: unknown): void {
    if (this.#isClosed) return
    if (this.#page) this.#page.deliver(message)
    else if (this.#isStarted) this.#emitMessage(message)
    else this.#held.push(message)
  }

  /** Hands this port to a page: from now on it is only the page's stand-in here. */
  moveToPage(page: PortInPage): void {
    this.#page = page
    for (const message of this.#held.splice(0)) page.deliver(message)
  }

  #emitMessage(data: unknown): void {
    this.emit('message', { data, ports: [] })
  }
}

export interface PortInPage {
  deliver(message: unknown): void
  close(): void
}

export class MessageChannelMain {
  readonly port1 = new MessagePortMain()
  readonly port2 = new MessagePortMain()

  constructor() {
    MessagePortMain.entangle(this.port1, this.port2)
  }
}
