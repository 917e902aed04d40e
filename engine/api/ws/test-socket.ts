import { once } from 'node:events'
import { WebSocket } from 'ws'
import { type ClientMessage, type ServerMessage, serverMessageSchema } from '../../../shared/ws-messages.ts'

type Of<T extends ServerMessage['type']> = Extract<ServerMessage, { type: T }>

/** A client of `/ws/{client_id}` for tests; every message that comes is held against the schema. */
export class TestSocket implements AsyncDisposable {
  readonly socket: WebSocket
  readonly closed: Promise<number>
  readonly #came: ServerMessage[] = []
  #wake = Promise.withResolvers<void>()

  private constructor(url: string, headers: Record<string, string>) {
    this.socket = new WebSocket(url, { headers })
    this.closed = new Promise((resolve) => this.socket.once('close', resolve))
    this.socket.on('message', (data) => {
      this.#came.push(serverMessageSchema.parse(JSON.parse(String(data))))
      this.#rouse()
    })
    this.socket.on('close', () => this.#rouse())
  }

  /** `face`: the address of the HTTP face. */
  static async open(face: string, token: string, path = '/ws/test'): Promise<TestSocket> {
    return TestSocket.openWith(face, { authorization: `Bearer ${token}` }, path)
  }

  static async openWith(face: string, headers: Record<string, string>, path = '/ws/test'): Promise<TestSocket> {
    const opened = new TestSocket(`${face.replace('http', 'ws')}${path}`, headers)
    await once(opened.socket, 'open')
    return opened
  }

  send(message: ClientMessage): void {
    this.sendText(JSON.stringify(message))
  }

  sendText(text: string): void {
    this.socket.send(text)
  }

  /** The first message of this type that was not taken yet; the others stay. */
  async next<T extends ServerMessage['type']>(type: T, fits: (message: Of<T>) => boolean = () => true): Promise<Of<T>> {
    return (await this.first((message) => message.type === type && fits(message as Of<T>))) as Of<T>
  }

  any(): Promise<ServerMessage> {
    return this.first(() => true)
  }

  /** As `next`, of any type. */
  async first(fits: (message: ServerMessage) => boolean): Promise<ServerMessage> {
    for (let seen = 0; ; ) {
      const found = this.#came.findIndex((message, index) => index >= seen && fits(message))
      if (found >= 0) return this.#came.splice(found, 1)[0]!
      seen = this.#came.length
      if (this.socket.readyState === WebSocket.CLOSED) throw new Error('The socket was closed.')
      await this.#wake.promise
    }
  }

  /** Subscribes and waits until that holds. */
  async follow(topic: string): Promise<Of<'subscribed'>> {
    this.send({ type: 'subscribe', topic })
    return this.next('subscribed', (message) => message.topic === topic)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.socket.terminate()
    await this.closed
  }

  #rouse(): void {
    this.#wake.resolve()
    this.#wake = Promise.withResolvers()
  }
}
