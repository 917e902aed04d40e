import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { ServerMessage } from '../../../shared/ws-messages.ts'
import type { FrameSink, Subscription } from './subscription.ts'
import { textFrame } from './text-frame.ts'

/** Above this, what comes of a topic stays in its ring, and nothing more is read of what the peer asks. */
const patientBytes = 256 * 1024
/** Above this, a peer that takes no answers is dropped. */
const mostUnsentBytes = 16 * 1024 * 1024

/**
 * Our end of one socket. Frames are made by us and written as they are, so that one made for many costs each of them
 * a write and no more; pings, pongs and the close are the library's.
 */
export class SocketPeer implements FrameSink {
  readonly #webSocket: WebSocket
  readonly #socket: Duplex
  readonly #behind = new Set<Subscription>()
  readonly #onEnded: (subscription: Subscription) => void
  #isBusy = false
  #isAlive = true

  constructor(webSocket: WebSocket, socket: Duplex, onEnded: (subscription: Subscription) => void) {
    this.#webSocket = webSocket
    this.#socket = socket
    this.#onEnded = onEnded
    socket.on('drain', () => this.#drained())
    webSocket.on('pong', () => {
      this.#isAlive = true
    })
  }

  get isOpen(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN
  }

  get canTake(): boolean {
    return this.#socket.writableLength < patientBytes
  }

  write(frame: Buffer): void {
    if (this.isOpen) this.#socket.write(frame)
  }

  say(message: ServerMessage): void {
    if (!this.isOpen) return
    if (this.#socket.writableLength > mostUnsentBytes) {
      this.close(1013, 'The reader is too slow.')
      return
    }
    this.#socket.write(textFrame(JSON.stringify(message)))
    if (!this.canTake) this.#webSocket.pause()
  }

  /** While a message is being worked on, no more are read. */
  set isBusy(isBusy: boolean) {
    this.#isBusy = isBusy
    if (isBusy) this.#webSocket.pause()
    else this.#readOn()
  }

  fallBehind(subscription: Subscription): void {
    this.#behind.add(subscription)
  }

  /** Nothing more of it is sent. */
  leave(subscription: Subscription): void {
    this.#behind.delete(subscription)
    subscription[Symbol.dispose]()
  }

  ended(subscription: Subscription): void {
    this.leave(subscription)
    this.#onEnded(subscription)
  }

  /** Cuts off who has not answered since the last time, and pings the others. */
  beat(): void {
    if (!this.#isAlive) {
      this.#webSocket.terminate()
      return
    }
    this.#isAlive = false
    this.#webSocket.ping()
  }

  close(code: number, reason: string): void {
    this.#webSocket.close(code, reason)
  }

  #drained(): void {
    const behind = [...this.#behind]
    this.#behind.clear()
    for (const subscription of behind) subscription.pump()
    this.#readOn()
  }

  #readOn(): void {
    if (!this.#isBusy && this.canTake && this.isOpen) this.#webSocket.resume()
  }
}
