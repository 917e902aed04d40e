import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import { PlainReply } from './plain-reply.ts'
import { longestPlain, type PlainHead, type ReadHead, readPlainRequest } from './plain-request.ts'

/** A connection on which nothing is asked for so long is closed, as Node's own server does. */
const idleMs = 60_000
/** So much later than is told, so that what a client sends in the last moment is not cut off; Node's own server waits as long. */
const graceMs = 1_000
/** A request that has begun and not come whole by then is another reader's, who ends what takes too long. */
const unfinishedMs = 1_000
const sweepMs = 1_000

/** Takes a request and answers it; null where it is not for here, and nothing was done. */
export type ServePlain = (head: PlainHead, socket: Socket) => ((body: Buffer, reply: PlainReply) => void) | null

/**
 * Answers the calls of clients past Node's HTTP server, whose objects cost more than all else of a call. Whatever is not as plain as
 * `readPlainRequest` wants it, or not for the gateway, makes its whole connection Node's from there on.
 */
export class PlainConnections implements Disposable {
  readonly #open = new Set<PlainConnection>()
  readonly #sweep: NodeJS.Timeout

  constructor(server: Server, serve: ServePlain) {
    const [nodes] = server.listeners('connection')
    const handOver = (socket: Socket): void => void Reflect.apply(nodes!, server, [socket])
    server.removeAllListeners('connection')
    server.on('connection', (socket: Socket) => {
      const connection = new PlainConnection(socket, serve, handOver, () => this.#open.delete(connection))
      this.#open.add(connection)
    })
    this.#sweep = setInterval(() => {
      for (const connection of this.#open) connection.sweep()
    }, sweepMs)
    this.#sweep.unref()
  }

  [Symbol.dispose](): void {
    clearInterval(this.#sweep)
    for (const connection of this.#open) connection.destroy()
  }
}

class PlainConnection {
  readonly #socket: Socket
  readonly #serve: ServePlain
  readonly #handOver: (socket: Socket) => void
  readonly #onGone: () => void
  /** Came and is not read yet: a part of a request, or one behind that which is being answered. */
  #held: Buffer | null = null
  #last: ReadHead | null = null
  #reply: PlainReply | null = null
  /** When something was answered, or else when what is held began to come. */
  #movedAt = performance.now()

  constructor(socket: Socket, serve: ServePlain, handOver: (socket: Socket) => void, onGone: () => void) {
    this.#socket = socket
    this.#serve = serve
    this.#handOver = handOver
    this.#onGone = onGone
    socket.on('data', this.#onData)
    socket.on('end', this.#onEnd)
    socket.on('close', this.#onClose)
    socket.on('error', ignore)
  }

  sweep(): void {
    if (this.#reply !== null) return
    const stillMs = performance.now() - this.#movedAt
    if (this.#held !== null && stillMs > unfinishedMs) this.#leave(this.#held)
    else if (stillMs > idleMs + graceMs) this.#socket.destroy()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#held === null) this.#movedAt = performance.now()
    const bytes = this.#held === null ? chunk : Buffer.concat([this.#held, chunk])
    this.#held = null
    if (this.#reply === null) this.#read(bytes)
    else this.#hold(bytes)
  }

  /** A client that closes its side has gone, whatever it waits for. */
  readonly #onEnd = (): void => {
    this.#socket.end()
  }

  readonly #onClose = (): void => {
    this.#onGone()
    this.#reply?.lost()
  }

  #read(bytes: Buffer): void {
    const read = readPlainRequest(bytes, this.#last)
    if (read.kind === 'partial') {
      this.#held = bytes
      return
    }
    const answer = read.kind === 'request' ? this.#serve(read.read.head, this.#socket) : null
    if (read.kind === 'other' || answer === null) {
      this.#leave(bytes)
      return
    }
    this.#last = read.read
    if (read.end < bytes.length) this.#hold(bytes.subarray(read.end))
    this.#reply = new PlainReply(this.#socket, idleMs, (isLast) => this.#answered(isLast))
    answer(bytes.subarray(read.end - read.read.head.bodyBytes, read.end), this.#reply)
  }

  /** Clients do not send ahead; one that does anyway is not let fill our memory. */
  #hold(bytes: Buffer): void {
    this.#held = bytes
    if (bytes.length > longestPlain) this.#socket.pause()
  }

  #answered(isLast: boolean): void {
    this.#reply = null
    this.#movedAt = performance.now()
    if (isLast) this.#socket.end()
    else if (this.#held !== null) process.nextTick(() => this.#goOn())
  }

  #goOn(): void {
    const held = this.#held
    if (held === null || this.#reply !== null || this.#socket.destroyed) return
    this.#held = null
    this.#socket.resume()
    this.#read(held)
  }

  /** Makes the connection Node's, with what came and was not answered. */
  #leave(bytes: Buffer): void {
    const socket = this.#socket
    this.#held = null
    this.#onGone()
    socket.off('data', this.#onData)
    socket.off('end', this.#onEnd)
    socket.off('close', this.#onClose)
    socket.off('error', ignore)
    socket.pause()
    socket.unshift(bytes)
    this.#handOver(socket)
    socket.resume()
  }
}

/** A connection that breaks is closed, which is told. */
function ignore(): void {}
