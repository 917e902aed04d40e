import { EventEmitter } from 'node:events'
import type { Readable, Writable } from 'node:stream'
// The package has these types and does not export them.
import type { Protocol } from '../../node_modules/playwright-core/types/protocol.d.ts'

export type { Protocol }

type Method = keyof Protocol.CommandParameters
type Parameters<M extends Method> = Protocol.CommandParameters[M]
type Result<M extends Method> = Protocol.CommandReturnValues[M]

interface Waiting {
  resolve: (result: never) => void
  reject: (error: Error) => void
}

interface Message {
  id?: number
  method?: string
  params?: unknown
  sessionId?: string
  result?: unknown
  error?: { message: string; data?: string }
}

/** The DevTools protocol over the pipe that Chromium opens with `--remote-debugging-pipe`: JSON ended by a zero byte. */
export class Cdp {
  readonly #input: Writable
  readonly #waiting = new Map<number, Waiting>()
  readonly #events = new EventEmitter()
  #lastId = 0
  #partial = ''

  constructor(input: Writable, output: Readable) {
    this.#input = input
    this.#events.setMaxListeners(0)
    output.setEncoding('utf8')
    output.on('data', (chunk: string) => this.#receive(chunk))
    output.on('close', () => this.#close())
    // Chromium may end while a command is on its way; the command is then refused by #close.
    input.on('error', () => this.#close())
  }

  /** Calls back on an event of one page, or of the browser itself where no session is named. */
  on<E extends keyof Protocol.Events>(
    event: E,
    sessionId: string | undefined,
    listener: (params: Protocol.Events[E]) => void,
  ): void {
    this.#events.on(`${sessionId ?? ''} ${event}`, listener)
  }

  /** Drops every listener of a page that is gone. */
  forget(sessionId: string): void {
    for (const name of this.#events.eventNames()) {
      if (String(name).startsWith(`${sessionId} `)) this.#events.removeAllListeners(name)
    }
  }

  send<M extends Method>(method: M, params?: Parameters<M>, sessionId?: string): Promise<Result<M>> {
    const id = ++this.#lastId
    const { promise, resolve, reject } = Promise.withResolvers<Result<M>>()
    this.#waiting.set(id, { resolve, reject })
    this.#input.write(`${JSON.stringify({ id, method, params: params ?? {}, sessionId })}\0`)
    return promise
  }

  #receive(chunk: string): void {
    const messages = (this.#partial + chunk).split('\0')
    this.#partial = messages.pop() ?? ''
    for (const message of messages) this.#dispatch(JSON.parse(message) as Message)
  }

  #dispatch(message: Message): void {
    if (message.id === undefined) {
      this.#events.emit(`${message.sessionId ?? ''} ${message.method}`, message.params)
      return
    }
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if (message.error) waiting?.reject(new Error(`${message.error.message} ${message.error.data ?? ''}`.trim()))
    else waiting?.resolve(message.result as never)
  }

  #close(): void {
    for (const waiting of this.#waiting.values()) waiting.reject(new Error('Chromium has ended'))
    this.#waiting.clear()
  }
}
