import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { HttpReply } from '../gateway/http-reply.ts'

/** The response to a plain request: what Node's own writes, in one write where it is all said at once. */
export class PlainReply implements HttpReply {
  readonly #socket: Socket
  readonly #keepAlive: string
  readonly #onEnd: (isLast: boolean) => void
  readonly #onClose: (() => void)[] = []
  /** The head while it is not sent. */
  #head: string | null = null
  #isChunked = false
  #isLast = false
  #isOver = false

  /** `onEnd`: told when all is written, and whether the connection ends with it. */
  constructor(socket: Socket, keepAliveMs: number, onEnd: (isLast: boolean) => void) {
    this.#socket = socket
    this.#keepAlive = `Connection: keep-alive\r\nKeep-Alive: timeout=${Math.floor(keepAliveMs / 1000)}\r\n`
    this.#onEnd = onEnd
  }

  get writableLength(): number {
    return this.#socket.writableLength
  }

  get writableNeedDrain(): boolean {
    return this.#socket.writableNeedDrain
  }

  on(_event: 'close', listener: () => void): this {
    this.#onClose.push(listener)
    return this
  }

  writeHead(status: number, headers: Record<string, string | number> = {}): this {
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n`
    for (const name in headers) head += `${name}: ${headers[name]}\r\n`
    this.#isLast = headers.connection === 'close'
    this.#isChunked = headers['content-length'] === undefined
    this.#head = `${head}Date: ${dateText()}\r\n${this.#isLast ? '' : this.#keepAlive}`
    return this
  }

  flushHeaders(): void {
    const head = this.#takeHead()
    if (head !== '') this.#socket.write(head)
  }

  write(text: string): boolean {
    return this.#isOver ? false : this.#socket.write(this.#takeHead() + this.#framed(text))
  }

  end(text = ''): void {
    if (this.#isOver) return
    const isAll = this.#head !== null
    if (isAll && this.#isChunked) {
      this.#isChunked = false
      this.#head += `Content-Length: ${Buffer.byteLength(text)}\r\n`
    }
    const rest = this.#isChunked ? `${text === '' ? '' : this.#framed(text)}0\r\n\r\n` : text
    this.#socket.write(this.#takeHead() + rest)
    this.#close()
    this.#onEnd(this.#isLast)
  }

  /** The other side is gone: whatever is written from here on goes nowhere. */
  lost(): void {
    if (!this.#isOver) this.#close()
  }

  #close(): void {
    this.#isOver = true
    for (const listener of this.#onClose) listener()
  }

  #takeHead(): string {
    if (this.#head === null) return ''
    const head = this.#isChunked ? `${this.#head}Transfer-Encoding: chunked\r\n\r\n` : `${this.#head}\r\n`
    this.#head = null
    return head
  }

  #framed(text: string): string {
    return this.#isChunked ? `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n` : text
  }
}

let dateMs = 0
let date = ''

/** The time as HTTP spells it, made once a second. */
function dateText(): string {
  const now = Date.now()
  if (now - dateMs >= 1000 || now < dateMs) {
    dateMs = now - (now % 1000)
    date = new Date(now).toUTCString()
  }
  return date
}
